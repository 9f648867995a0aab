//! Row level security that models declare.

pub(crate) mod needs;

use driftless_catalog::{
    Catalog, Expression, Ident, ObjectId, ObjectKind, Policy, PolicyCommand, PolicyRole,
    QualifiedName, RowSecurity, Table,
};
use driftless_psl as psl;
use driftless_sql_text::{Token, TokenKind, same_tokens, tokens};

use crate::PrismaCatalog;
use crate::name::ident;

impl PrismaCatalog {
    /// Whether the model of `table` says anything about row level security. Only then are its policies compared.
    pub fn declares_row_security(&self, table: &QualifiedName) -> bool {
        self.row_security.contains(table)
    }

    /// The same without row level security, of which Prisma's engine knows nothing.
    #[must_use]
    pub fn without_row_security(mut self) -> Self {
        for name in std::mem::take(&mut self.row_security) {
            if let Some(table) = self.catalog.tables.get_mut(&name) {
                table.row_security = RowSecurity::default();
                table.policies.retain(|_| false);
            }
        }
        let is_policy = |it: &ObjectId| it.kind() == ObjectKind::Policy;
        self.catalog.dependencies.retain(|it, _| !is_policy(it));
        self.policy_blocks.clear();
        self
    }

    /// Calls policies of `policy_*` blocks as they are called in `base`.
    ///
    /// Prisma 8 puts an underscore and eight hexadecimal digits behind the name that a block has; a policy of that name
    /// on the block's table is the one that the block declares, unless there are several.
    ///
    /// Follows Prisma Next, *Content-addressed wire names for Postgres-normalized objects*.
    pub fn adopt_names(&mut self, base: &Catalog) {
        for block in std::mem::take(&mut self.policy_blocks) {
            let ObjectId::Policy(table, prefix) = &block else {
                continue;
            };
            let (Some(old), Some(wanted)) =
                (base.tables.get(table), self.catalog.tables.get_mut(table))
            else {
                continue;
            };
            let names = old.policies.iter().map(|it| &it.name);
            let mut names = names.filter(|it| is_wire_name(it.as_str(), prefix.as_str()));
            let (Some(name), None) = (names.next(), names.next()) else {
                continue;
            };
            if old.policies.contains(prefix) || wanted.policies.contains(name) {
                continue;
            }
            let object = ObjectId::Policy(table.clone(), name.clone());
            if let Some(policy) = wanted.policies.remove(prefix) {
                wanted.policies.insert(Policy {
                    name: name.clone(),
                    ..policy
                });
            }
            if let Some(declaration) = self.declarations.remove(&block) {
                self.declarations.insert(object.clone(), declaration);
            }
            if let Some(needs) = self.catalog.dependencies.remove(&block) {
                self.catalog.dependencies.insert(object.clone(), needs);
            }
            for it in self.order.iter_mut().filter(|it| **it == block) {
                *it = object.clone();
            }
        }
    }

    /// The row level security that stands in `before` for what no model says anything about, and in place of
    /// policies that mean the same for certain.
    pub(crate) fn keep_row_security(&self, table: &mut Table, before: &Table) {
        if !self.declares_row_security(&table.name) {
            table.row_security = before.row_security;
            table.policies = before.policies.clone();
            return;
        }
        for policy in table.policies.iter_mut() {
            let Some(old) = before.policies.get(&policy.name) else {
                continue;
            };
            for (new, old) in [
                (&mut policy.using, &old.using),
                (&mut policy.with_check, &old.with_check),
            ] {
                if let (Some(new), Some(old)) = (new, old)
                    && same_expression(new, old)
                {
                    new.clone_from(old);
                }
            }
        }
    }
}

/// The policy as the database has it, under `name`.
pub(crate) fn policy(it: &psl::Policy, name: Ident) -> Policy {
    let roles = it.roles.iter().map(|role| match &role.value {
        psl::PolicyRole::Public => PolicyRole::Public,
        psl::PolicyRole::Named(name) => PolicyRole::Named(ident(name)),
    });
    let mut roles: std::collections::BTreeSet<_> = roles.collect();
    // Every role is every other one, too; and who names none means all.
    if roles.is_empty() || roles.contains(&PolicyRole::Public) {
        roles = [PolicyRole::Public].into();
    }
    Policy {
        name,
        permissive: it.permissive,
        command: match it.command {
            psl::PolicyCommand::All => PolicyCommand::All,
            psl::PolicyCommand::Select => PolicyCommand::Select,
            psl::PolicyCommand::Insert => PolicyCommand::Insert,
            psl::PolicyCommand::Update => PolicyCommand::Update,
            psl::PolicyCommand::Delete => PolicyCommand::Delete,
        },
        roles,
        using: it.using.as_ref().map(|it| expression(&it.value)),
        with_check: it.check.as_ref().map(|it| expression(&it.value)),
        comment: None,
    }
}

/// Whether two expressions mean the same for certain: they differ in spelling, and in parentheses around all of it, which
/// a server adds. Others may mean the same, too.
pub(crate) fn same_expression(a: &Expression, b: &Expression) -> bool {
    a == b || same_tokens(without_parentheses(&a.text), without_parentheses(&b.text))
}

fn without_parentheses(sql: &str) -> &str {
    let mut all: Vec<Token> = tokens(sql).collect();
    all.retain(|it| it.kind != TokenKind::Comment);
    let mut open = Vec::new();
    let mut closed_by = vec![None; all.len()];
    for (at, token) in all.iter().enumerate() {
        if token.is(sql, "(") {
            open.push(at);
        } else if token.is(sql, ")")
            && let Some(opened) = open.pop()
        {
            closed_by[opened] = Some(at);
        }
    }
    let mut inside = 0..all.len();
    while inside.len() > 2 && closed_by[inside.start] == Some(inside.end - 1) {
        inside = inside.start + 1..inside.end - 1;
    }
    let inside = &all[inside];
    match (inside.first(), inside.last()) {
        (Some(first), Some(last)) => &sql[first.start..last.end],
        _ => sql,
    }
}

/// Whether an annotation can say what a policy does. One without an expression gives nobody a row, and takes none away.
pub(crate) fn can_be_declared(policy: &Policy) -> bool {
    policy.using.is_some() || policy.with_check.is_some()
}

/// Whether `name` is `prefix`, an underscore and eight hexadecimal digits.
fn is_wire_name(name: &str, prefix: &str) -> bool {
    let digits = name
        .strip_prefix(prefix)
        .and_then(|it| it.strip_prefix('_'));
    let is_digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    digits.is_some_and(|it| it.len() == 8 && it.bytes().all(is_digit))
}

/// SQL that may stand in parentheses: a comment at its end does not swallow the closing one.
fn expression(sql: &str) -> Expression {
    let sql = sql.trim();
    let last = tokens(sql).last();
    match last.is_some_and(|it| it.kind == TokenKind::Comment) {
        true => Expression::written(format!("{sql}\n")),
        false => Expression::written(sql),
    }
}

#[cfg(test)]
mod tests {
    use driftless_finding::{Severity, Sources};

    use super::*;
    use crate::{Answers, LowerOptions, lower};

    fn catalog(text: &str) -> PrismaCatalog {
        let mut sources = Sources::new();
        let file = sources.add("schema.prisma", text).unwrap();
        let parsed = psl::parse(&sources, &[file], psl::Options::default());
        let errors = parsed.findings.iter();
        let errors: Vec<_> = errors.filter(|it| it.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        lower(&parsed.schema, &LowerOptions::default())
    }

    const DATASOURCE: &str = "datasource db {\n  provider = \"postgresql\"\n}\n";

    const ANNOTATED: &str = r#"
/// @@rls
/// @@policy("own", for: select, to: [service_role, authenticated], using: "\"ownerId\" = auth.uid()")
/// @@policy("touch", for: update, using: "true", check: "title <> ''")
model Doc {
  id      Int    @id
  ownerId String @db.Uuid
  title   String
}

model Silent {
  id Int @id
}
"#;

    const BLOCKS: &str = r#"
types {
  Owner = String @db.Uuid
}

namespace public {
  model Doc {
    id      Int @id
    ownerId Owner
    title   String

    @@rls
    @@map("Doc")
  }

  model Silent {
    id Int @id

    @@map("Silent")
  }

  policy_select own {
    target = Doc
    roles  = [authenticated, service_role]
    using  = "\"ownerId\" = auth.uid()"
  }

  policy_update touch {
    target    = Doc
    using     = "true"
    withCheck = "title <> ''"
  }
}
"#;

    fn annotated() -> PrismaCatalog {
        catalog(&format!("{DATASOURCE}{ANNOTATED}"))
    }

    #[test]
    fn annotations_and_blocks_ask_for_the_same() {
        let blocks = catalog(BLOCKS);
        assert_eq!(blocks.catalog, annotated().catalog);
        assert_eq!(blocks.order, annotated().order);
        let mixed = BLOCKS
            .replace("namespace public {", "")
            .replace("  }\n}\n", "  }\n");
        let mixed = catalog(&format!("{DATASOURCE}{mixed}"));
        assert_eq!(mixed.catalog, annotated().catalog);
    }

    #[test]
    fn policies_are_declared_where_they_are_written() {
        let prisma = annotated();
        let declared = prisma.declarations.iter();
        let policies = declared.filter(|(object, _)| object.kind() == ObjectKind::Policy);
        let text = format!("{DATASOURCE}{ANNOTATED}");
        let places: Vec<_> = policies
            .flat_map(|(_, it)| {
                [
                    Some(it.span),
                    it.roles,
                    it.expressions[0],
                    it.expressions[1],
                ]
            })
            .map(|it| it.map_or("", |it| &text[it.range()]))
            .map(|it| it.get(..12).unwrap_or(it))
            .collect();
        assert_eq!(
            places,
            [
                "@@policy(\"ow",
                "service_role",
                "\"\\\"ownerId\\\"",
                "",
                "@@policy(\"to",
                "",
                "\"true\"",
                "\"title <> ''",
            ]
        );
    }

    #[test]
    fn a_model_that_says_nothing_keeps_the_policies_that_are_there() {
        let prisma = annotated();
        let mut base = prisma.catalog.clone();
        let ident = |it: &str| Ident::new(it).unwrap();
        for table in base.tables.iter_mut() {
            table.row_security.forced = true;
            let policy = prisma
                .catalog
                .tables
                .iter()
                .flat_map(|it| &it.policies)
                .next();
            let name = ident("by_hand");
            table.policies.insert(Policy {
                name,
                ..policy.unwrap().clone()
            });
        }
        let wanted = prisma.onto(&base, &Answers::default()).catalog;
        let names = |catalog: &Catalog, table: &str| {
            let table = catalog
                .tables
                .iter()
                .find(|it| it.name.name == *table)
                .unwrap();
            let names: Vec<_> = table
                .policies
                .iter()
                .map(|it| it.name.to_string())
                .collect();
            (table.row_security.forced, names.join(" "))
        };
        assert_eq!(names(&wanted, "Doc"), (false, "own touch".to_owned()));
        assert_eq!(names(&wanted, "Silent"), (true, "by_hand".to_owned()));
        let before = PrismaCatalog {
            catalog: base.clone(),
            ..prisma.clone()
        };
        let settled = prisma.settled(&before);
        assert_eq!(names(&settled, "Doc"), (false, "own touch".to_owned()));
        assert_eq!(names(&settled, "Silent"), (true, "by_hand".to_owned()));
        let bare = prisma.without_row_security();
        assert_eq!(names(&bare.catalog, "Doc"), (false, String::new()));
        assert_eq!(bare.onto(&base, &Answers::default()).catalog, base);
    }

    #[test]
    fn an_expression_that_a_server_has_to_compare_is_asked_about() {
        let prisma = annotated();
        let mut base = prisma.catalog.clone();
        for policy in base.tables.iter_mut().flat_map(|it| it.policies.iter_mut()) {
            policy.using = Some(Expression::printed("(NOT false)", 15));
        }
        let laid = prisma.onto(&base, &Answers::default());
        let asked: Vec<_> = laid
            .questions
            .iter()
            .map(|it| it.written.as_str())
            .collect();
        assert_eq!(asked, ["\"ownerId\" = auth.uid()", "true"]);
        assert_eq!(laid.catalog, base);
    }

    #[test]
    fn a_block_is_the_policy_that_prisma_8_made_of_it() {
        let mut prisma = catalog(BLOCKS);
        let mut base = prisma.catalog.clone();
        let ident = |it: &str| Ident::new(it).unwrap();
        let doc = QualifiedName::new(ident("public"), ident("Doc"));
        let table = base.tables.get_mut(&doc).unwrap();
        let own = table.policies.remove(&ident("own")).unwrap();
        for name in ["own_0123abcd", "touch_0123abcd", "own_0123ABCD"] {
            let name = ident(name);
            table.policies.insert(Policy {
                name,
                ..own.clone()
            });
        }
        prisma.adopt_names(&base);
        let names = prisma.catalog.tables.get(&doc).unwrap().policies.iter();
        let names: Vec<_> = names.map(|it| it.name.as_str()).collect();
        // `touch` is there under its own name.
        assert_eq!(names, ["own_0123abcd", "touch"]);
        let object = ObjectId::Policy(doc, ident("own_0123abcd"));
        assert!(prisma.declarations.contains_key(&object) && prisma.order.contains(&object));
    }

    #[test]
    fn a_comment_at_the_end_does_not_swallow_the_parenthesis() {
        assert_eq!(&*expression(" a -- b ").text, "a -- b\n");
        assert_eq!(&*expression("'-- b'").text, "'-- b'");
    }

    #[test]
    fn parentheses_around_all_of_an_expression_mean_nothing() {
        let same =
            |a: &str, b: &str| same_expression(&Expression::written(a), &Expression::written(b));
        assert!(same("(a = 1)", "a=1 -- one"));
        assert!(same("((a))", "a"));
        assert!(!same("(a) OR (b)", "a) OR (b"));
        assert!(!same("(a) AND (b)", "a AND b"));
        assert!(!same("f(a)", "f a"));
        assert!(!same("((a)", "a"));
    }

    #[test]
    fn a_policy_without_an_expression_stays_where_no_annotation_can_declare_it() {
        let prisma = annotated();
        let mut base = prisma.catalog.clone();
        let doc = QualifiedName::new(ident("public"), ident("Doc"));
        let table = base.tables.get_mut(&doc).unwrap();
        let empty = Policy {
            name: ident("empty"),
            using: None,
            with_check: None,
            ..table.policies.iter().next().unwrap().clone()
        };
        table.policies.insert(empty);
        assert_eq!(prisma.onto(&base, &Answers::default()).catalog, base);
    }
}
