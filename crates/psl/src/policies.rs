//! What must hold of policies, however they are written.

use std::collections::HashMap;

use driftless_finding::{Code, Finding, Severity, Span};
use driftless_sql_text::{TokenKind, tokens};

use crate::attributes::given::MISSING_ARGUMENT;
use crate::constraint_names::MAX_NAME_LEN;
use crate::findings::Findings;
use crate::rules::names::CONSTRAINT_NAME_TOO_LONG;
use crate::schema::{Model, Policy, PolicyForm, PolicyRole, Schema};

/// A policy whose table has no row level security.
pub(crate) static POLICY_WITHOUT_RLS: Code = Code {
    name: "policy-without-rls",
    severity: Severity::Error,
    summary: "a model has policies and does not say `@@rls`",
    explanation: "PostgreSQL lets a policy be created on a table without row level security, and then does not look at it: \
        everybody with a privilege on the table sees all of its rows. A model with policies therefore says `@@rls`, in a \
        `///` line of its own; in a schema of Prisma 8, as an attribute of the block.",
};

/// Two policies of one name.
pub(crate) static DUPLICATE_POLICY: Code = Code {
    name: "duplicate-policy",
    severity: Severity::Error,
    summary: "a model has two policies of the same name",
    explanation: "The name of a policy is unique on its table. A policy has one home: either an annotation or a block.",
};

/// `check` of a policy that only reads, or `using` of one that only adds.
pub(crate) static WRONG_POLICY_EXPRESSION: Code = Code {
    name: "wrong-policy-expression",
    severity: Severity::Error,
    summary: "a policy has an expression that its command does not look at",
    explanation: "`using` decides which rows there are for the command, `check` which rows may be written. `select` and \
        `delete` look at rows that are there, and have no `check`. `insert` adds rows, and has no `using`. `update` and \
        `all` may have both; without a `check`, `using` counts for what is written, too.",
};

/// SQL that is more or less than an expression.
pub(crate) static MALFORMED_POLICY_EXPRESSION: Code = Code {
    name: "malformed-policy-expression",
    severity: Severity::Error,
    summary: "the SQL of a policy is not one expression",
    explanation: "`using` and `check` are put in parentheses as they are written. A parenthesis too few or too many, a string \
        or comment without an end or a semicolon would make something else of `CREATE POLICY`: `true) or (false` is no \
        expression, and `id = 1; DROP TABLE docs` is two statements.",
};

/// A role that no policy can be for.
pub(crate) static INVALID_POLICY_ROLE: Code = Code {
    name: "invalid-policy-role",
    severity: Severity::Error,
    summary: "a policy is for something that is no role",
    explanation: "A policy is for `public`, which is every role, or for roles by their names. A name that is not made of \
        letters, digits and underscores has quotes: `to: [\"app-user\"]`. PostgreSQL reads `current_user`, \
        `current_role` and `session_user` as the role that happens to run the migration, so they are not accepted here.",
};

/// Why something is no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotARole {
    /// It needs quotes.
    NoName,
    /// It is whoever runs the statement.
    WhoeverRuns,
    /// PostgreSQL does not let a role have the name.
    Reserved,
}

/// The role of that name.
pub(crate) fn role(name: &str, quoted: bool) -> Result<PolicyRole, NotARole> {
    let lower = name.to_ascii_lowercase();
    if name == "public" || !quoted && lower == "public" {
        return Ok(PolicyRole::Public);
    }
    if !quoted && ["current_user", "current_role", "session_user", "user"].contains(&&*lower) {
        return Err(NotARole::WhoeverRuns);
    }
    if name == "none" || !quoted && lower == "none" {
        return Err(NotARole::Reserved);
    }
    let plain = name.chars().all(|it| it == '_' || it.is_alphanumeric());
    let digit = name.starts_with(|it: char| it.is_ascii_digit());
    if name.is_empty() || name.contains('\0') || !quoted && (!plain || digit) {
        return Err(NotARole::NoName);
    }
    Ok(PolicyRole::Named(name.to_owned()))
}

impl NotARole {
    /// Says so.
    pub(crate) fn finding(&self, name: &str, span: Span) -> Finding {
        let (message, help) = match self {
            Self::NoName if name.is_empty() => (
                "the name of a role is empty".to_owned(),
                "name a role, or leave the list out for every role".to_owned(),
            ),
            Self::NoName => (
                format!("`{name}` is no name of a role that can stand without quotes"),
                format!("write `\"{name}\"` if that is its name"),
            ),
            Self::WhoeverRuns => (
                format!("`{name}` would be the role that happens to run the migration"),
                "name the role".to_owned(),
            ),
            Self::Reserved => (
                format!("no role can be called `{name}`"),
                "name a role, or leave the list out for every role".to_owned(),
            ),
        };
        Finding::new(&INVALID_POLICY_ROLE, message)
            .at(span)
            .help(help)
    }
}

/// Checks the policies of all models, each and together.
pub(crate) fn check(schema: &Schema, findings: &mut Findings) {
    for model in &schema.models {
        check_model(model, findings);
    }
}

fn check_model(model: &Model, findings: &mut Findings) {
    if let (Some(policy), None) = (model.policies.first(), &model.row_security) {
        let message = format!("`{}` has policies, but not `@@rls`", model.name);
        let attribute = match policy.form {
            PolicyForm::Annotation => "/// @@rls",
            PolicyForm::Block => "@@rls",
        };
        let finding = Finding::new(&POLICY_WITHOUT_RLS, message).at(policy.span);
        findings.push(finding.help(format!(
            "write `{attribute}` in the model; without it the policy does nothing"
        )));
    }
    let mut names: HashMap<&str, &Policy> = HashMap::with_capacity(model.policies.len());
    for policy in &model.policies {
        if let Some(first) = names.get(&policy.name.value[..]) {
            let message = format!("`{}` has a second policy `{}`", model.name, policy.name);
            let finding = Finding::new(&DUPLICATE_POLICY, message).at(policy.name.span);
            let finding = finding.label(first.name.span, "the first");
            findings.push(finding.help("give it another name, or remove one of them"));
        } else {
            names.insert(&policy.name, policy);
        }
        if policy.name.len() > MAX_NAME_LEN {
            let message = format!(
                "the name of policy `{}` is longer than 63 bytes",
                policy.name
            );
            let finding = Finding::new(&CONSTRAINT_NAME_TOO_LONG, message).at(policy.name.span);
            findings.push(finding.help("shorten it"));
        }
        expressions(policy, findings);
    }
}

/// What stands in a policy goes with its command.
fn expressions(policy: &Policy, findings: &mut Findings) {
    let command = policy.command;
    let check_word = match policy.form {
        PolicyForm::Annotation => "check",
        PolicyForm::Block => "withCheck",
    };
    let both = command.reads() && command.writes();
    for (word, other, it, fits) in [
        ("using", check_word, &policy.using, command.reads()),
        (check_word, "using", &policy.check, command.writes()),
    ] {
        if let (Some(it), false) = (it, fits) {
            let message = format!("a policy for `{}` has no `{word}`", command.as_str());
            let finding = Finding::new(&WRONG_POLICY_EXPRESSION, message).at(it.span);
            findings.push(finding.help(match command.reads() {
                true => {
                    format!("remove it: nothing is written; `{other}` decides which rows there are")
                }
                false => format!("write it as `{other}`: there are no rows yet to look at"),
            }));
        } else if let Some((it, problem)) = it.as_ref().and_then(|it| Some((it, malformed(it)?))) {
            findings.push(Finding::new(&MALFORMED_POLICY_EXPRESSION, problem).at(it.span));
        } else if it.is_none() && fits && !both {
            let message = format!("a policy for `{}` needs `{word}`", command.as_str());
            let finding = Finding::new(&MISSING_ARGUMENT, message).at(policy.name.span);
            findings.push(finding.help(format!(
                "write `{word}` with an SQL expression; `\"true\"` is every row"
            )));
        }
    }
    if both && policy.using.is_none() && policy.check.is_none() {
        let message = format!("a policy for `{}` needs `using`", command.as_str());
        let finding = Finding::new(&MISSING_ARGUMENT, message).at(policy.name.span);
        findings
            .push(finding.help("write `using` with an SQL expression; `\"true\"` is every row"));
    }
}

/// Why SQL is not one expression, as far as its tokens tell.
fn malformed(sql: &str) -> Option<&'static str> {
    let mut open = Vec::new();
    let mut is_empty = true;
    for token in tokens(sql) {
        match token.kind {
            TokenKind::Comment => continue,
            TokenKind::Unterminated => return Some("a string, name or comment in it has no end"),
            TokenKind::Punctuation => match token.text(sql) {
                ";" => return Some("it has a semicolon, which ends a statement"),
                "(" => open.push(")"),
                "[" => open.push("]"),
                it @ (")" | "]") if open.pop() != Some(it) => {
                    return Some("it closes a parenthesis that it has not opened");
                }
                _ => {}
            },
            TokenKind::Word
            | TokenKind::QuotedIdent
            | TokenKind::String
            | TokenKind::EscapeString
            | TokenKind::BitString
            | TokenKind::DollarString
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Operator
            | TokenKind::Other => {}
        }
        is_empty = false;
    }
    match (is_empty, open.is_empty()) {
        (true, _) => Some("there is no expression in it"),
        (false, false) => Some("it opens a parenthesis that it does not close"),
        (false, true) => None,
    }
}
