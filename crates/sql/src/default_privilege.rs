use driftless_catalog::{DefaultPrivilege, Grants};
use driftless_diff::Delta;

use crate::grants::clauses;
use crate::name::ident;
use crate::{Label, Statement};

pub(crate) fn render(delta: &Delta<'_, DefaultPrivilege>) -> (Label, Vec<Statement>) {
    let none = Grants::default();
    let (it, from, to) = match delta {
        Delta::Create(it) => (it, &none, &it.grants),
        Delta::Drop(it) => (it, &it.grants, &none),
        Delta::Alter { from, to } => (to, &from.grants, &to.grants),
    };
    let schema = it.id.schema.as_ref();
    let schema = schema.map(|it| format!(" IN SCHEMA {}", ident(it)));
    let head = format!(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {}{}",
        ident(&it.id.role),
        schema.unwrap_or_default()
    );
    let statements = clauses(from, to, it.id.kind.as_str())
        .into_iter()
        .map(|clause| Statement::new(format!("{head} {clause}")))
        .collect();
    (Label::AlterDefaultPrivileges, statements)
}
