//! Row level security that models declare.

use driftless_catalog::{
    Expression, Ident, Policy, PolicyCommand, PolicyRole, QualifiedName, RowSecurity, Table,
};
use driftless_psl as psl;
use driftless_sql_text::{TokenKind, same_tokens, tokens};

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
        self
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
                    && same_tokens(&new.text, &old.text)
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

/// SQL that may stand in parentheses: a comment at its end does not swallow the closing one.
fn expression(sql: &str) -> Expression {
    let sql = sql.trim();
    let last = tokens(sql).last();
    match last.is_some_and(|it| it.kind == TokenKind::Comment) {
        true => Expression::written(format!("{sql}\n")),
        false => Expression::written(sql),
    }
}
