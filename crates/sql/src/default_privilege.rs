use driftless_catalog::DefaultPrivilege;
use driftless_diff::Delta;

use crate::grants::clauses;
use crate::name::ident;
use crate::{Label, SqlOptions, Statement};

pub(crate) fn render(
    delta: &Delta<'_, DefaultPrivilege>,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let it = delta.object();
    let unset = it.id.unset(options.server_major);
    let (from, to) = match delta {
        Delta::Create(it) => (&unset, &it.grants),
        Delta::Drop(it) => (&it.grants, &unset),
        Delta::Alter { from, to } => (&from.grants, &to.grants),
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
