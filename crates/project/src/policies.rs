//! Policies that a Prisma schema declares, as a server understands them.
//!
//! Each expression is tried on the throwaway database that has what the migrations record, brought into the state that
//! the schema desires: a policy may name a column that no migration has made yet. All of that is rolled back.

mod refusal;
mod trial;

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Expression, ObjectId, Policy, PolicyRole, Table};
use driftless_finding::{Code, Finding, Severity, Sources, Span, closest};
use driftless_prisma_catalog::{Declaration, PrismaCatalog, Question};
use tokio_postgres::error::DbError;

use self::refusal::{Place, refusal};
use self::trial::{Printed, Trial};
use crate::judge::Judge;

/// The codes of findings about declared policies.
pub(crate) const CODES: &[&Code] = &[
    &POLICY_REFUSED,
    &UNKNOWN_ROLE,
    &POLICY_UNDECIDED,
    &POLICY_REWORDED,
];

pub(crate) static POLICY_REFUSED: Code = Code {
    name: "policy-refused",
    severity: Severity::Error,
    summary: "PostgreSQL does not understand an expression of a policy",
    explanation: "The `using` and `check` of policies in the Prisma schema are SQL. Each was tried on a throwaway database with the \
tables that the schema desires and the functions that the migrations make, and the server refused this one: it names a column \
or function that is not there, or is no SQL of type boolean.\n\n\
The finding points at the place inside of the string. Names are those of the database, not those of fields: a column in mixed \
case has quotes, `\\\"ownerId\\\"`. Functions are written with their schema, `private.get_user_id()`.",
};

static UNKNOWN_ROLE: Code = Code {
    name: "unknown-role",
    severity: Severity::Warning,
    summary: "a policy in the Prisma schema is for a role that is not there",
    explanation: "After the migrations were replayed, there was no such role, so `CREATE POLICY` would fail. Supabase has `anon`, \
`authenticated` and `service_role`; other roles are made by a migration.\n\n\
Correct the name, or make the role in a migration.",
};

static POLICY_UNDECIDED: Code = Code {
    name: "policy-undecided",
    severity: Severity::Warning,
    summary: "whether PostgreSQL understands an expression of a policy could not be tried",
    explanation: "The tables that the schema desires could not be made on the throwaway database, so the expression was tried on those \
that the migrations record, and refused there. It may be right once the tables are migrated.\n\n\
Bring tables and migrations together first; then the policy is looked at again.",
};

static POLICY_REWORDED: Code = Code {
    name: "policy-reworded",
    severity: Severity::Info,
    summary: "policies are written as the database prints them, and may have meant the same before",
    explanation: "`db-introspect --as prisma` keeps the words of a policy that the existing schema declares where they mean what the \
database has. That is asked of a throwaway server, and there was none, so these policies are written in the words of the \
database.\n\n\
Give it one with `--shadow URL`, or install the programs of a PostgreSQL server; `driftless db-doctor` says what is found.",
};

/// Says that policies lose their words because no server could compare them.
pub(crate) fn reworded(questions: &[Question]) -> Finding {
    let policies: BTreeSet<String> = questions.iter().map(|it| it.object.to_string()).collect();
    let message = match policies.len() {
        1 => "1 policy is written in the words of the database".to_owned(),
        count => format!("{count} policies are written in the words of the database"),
    };
    let finding = Finding::new(&POLICY_REWORDED, message);
    let finding = policies.into_iter().fold(finding, Finding::note);
    finding.help("with a throwaway server, those that mean the same keep their own: `--shadow URL`")
}

/// Puts the expressions of declared policies as the server prints them in the place of those that are written, and
/// returns what it refuses. What means the same as in `recorded` is written as it is there; a policy that is refused is
/// left as it is in `recorded`, so that nothing else is said of it.
pub(crate) async fn settle(
    judge: &Judge<'_>,
    prisma: &mut PrismaCatalog,
    recorded: &Catalog,
    sources: &Sources,
) -> Vec<Finding> {
    let declared = prisma.row_security.iter();
    let declared = declared.filter_map(|it| prisma.catalog.tables.get(it));
    let mut tables: Vec<Table> = declared.cloned().collect();
    tables.retain(|it| !it.policies.is_empty());
    if tables.is_empty() {
        return Vec::new();
    }
    let trial = Trial::as_desired(judge, prisma, recorded).await;
    let mut settling = Settling {
        known_roles: trial.roles().await,
        trial,
        recorded,
        sources,
        findings: Vec::new(),
    };
    for table in &mut tables {
        let policies: Vec<Policy> = table.policies.iter().cloned().collect();
        for policy in policies {
            let object = ObjectId::Policy(table.name.clone(), policy.name.clone());
            let Some(declaration) = prisma.declarations.get(&object) else {
                continue;
            };
            settling.roles(&object, &policy, declaration);
            let name = policy.name.clone();
            match settling.policy(&object, policy, table, declaration).await {
                Some(settled) => table.policies.insert(settled),
                None => table.policies.remove(&name),
            };
        }
    }
    settling.trial.end().await;
    prisma.catalog.tables.extend(tables);
    // As one reads the file.
    settling.findings.sort_by_key(|it| it.span);
    settling.findings
}

/// The policies among those asked about of which the server prints what the schema has written as it prints what the
/// database has. The judge's database has the objects of that; what it refuses is not the same.
pub(crate) async fn same(judge: &Judge<'_>, questions: &[Question]) -> BTreeSet<ObjectId> {
    let mut found: BTreeSet<ObjectId> = questions.iter().map(|it| it.object.clone()).collect();
    let trial = Trial::begin(judge, "").await;
    for question in questions {
        let ObjectId::Policy(table, _) = &question.object else {
            continue;
        };
        let written = Expression::written(&*question.written);
        let printed = Expression::written(&*question.printed);
        let is_same = match trial.print(table, &written, Some(&printed)).await {
            Printed::As(text) => text.text == printed.text,
            Printed::Refused { .. } | Printed::NotAtAll => false,
        };
        if !is_same {
            found.remove(&question.object);
        }
    }
    trial.end().await;
    found
}

struct Settling<'a> {
    trial: Trial<'a>,
    known_roles: Vec<String>,
    recorded: &'a Catalog,
    sources: &'a Sources,
    findings: Vec<Finding>,
}

impl Settling<'_> {
    /// The policy as the server prints it, or as it is recorded if the server refuses it.
    async fn policy(
        &mut self,
        object: &ObjectId,
        mut policy: Policy,
        table: &Table,
        declaration: &Declaration,
    ) -> Option<Policy> {
        let recorded = self.recorded.tables.get(&table.name);
        let recorded = recorded.and_then(|it| it.policies.get(&policy.name));
        let mut refused = false;
        for (text, old, literal) in [
            (
                &mut policy.using,
                recorded.and_then(|it| it.using.as_ref()),
                declaration.expressions[0],
            ),
            (
                &mut policy.with_check,
                recorded.and_then(|it| it.with_check.as_ref()),
                declaration.expressions[1],
            ),
        ] {
            let (Some(text), Some(literal)) = (text, literal) else {
                continue;
            };
            match self.trial.print(&table.name, text, old).await {
                Printed::As(printed) => *text = printed,
                Printed::Refused { error, before } => {
                    refused = true;
                    let finding = self.refused(object, table, literal, &error, before);
                    self.findings.push(finding);
                }
                // The next question to the server fails as well, and is told.
                Printed::NotAtAll => {}
            }
        }
        match refused {
            true => recorded.cloned(),
            false => Some(policy),
        }
    }

    fn refused(
        &self,
        object: &ObjectId,
        table: &Table,
        literal: Span,
        error: &DbError,
        before: usize,
    ) -> Finding {
        let text = self.sources.file(literal.source).text();
        let place = Place::new(text, literal, before);
        let finding = refusal(error, &place, table, self.recorded).object(object.to_string());
        match self.trial.is_as_desired() {
            true => finding,
            false => Finding {
                code: &POLICY_UNDECIDED,
                severity: Severity::Warning,
                ..finding
            }
            .note("the tables that the schema desires could not be made to try it on them"),
        }
    }

    /// Roles that are not there.
    fn roles(&mut self, object: &ObjectId, policy: &Policy, declaration: &Declaration) {
        for role in &policy.roles {
            let PolicyRole::Named(role) = role else {
                continue;
            };
            let known = || self.known_roles.iter().map(String::as_str);
            if self.known_roles.is_empty() || known().any(|it| *role == *it) {
                continue;
            }
            let message = format!(
                "there is no role `{}` once the migrations have run",
                role.as_str()
            );
            let finding = Finding::new(&UNKNOWN_ROLE, message)
                .object(object.to_string())
                .at(declaration.roles.unwrap_or(declaration.span));
            let meant = closest(role.as_str(), known().filter(|it| !it.starts_with("pg_")));
            self.findings.push(finding.help(match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "make it in a migration, or correct its name".to_owned(),
            }));
        }
    }
}
