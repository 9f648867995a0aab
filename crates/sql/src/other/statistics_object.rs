use driftless_catalog::Other;

use crate::Statement;

/// Follows PostgreSQL, `CREATE STATISTICS`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let definition = it.text("definition").unwrap_or_default();
    let mut statements = vec![Statement::new(definition)];
    if it.text("target").is_some() {
        statements.extend(alter(it));
    }
    statements
}

/// Only how much is collected can change.
pub(super) fn alter(to: &Other) -> Vec<Statement> {
    let (name, target) = (&to.id.identity, to.text("target").unwrap_or("-1"));
    vec![Statement::new(format!(
        "ALTER STATISTICS {name} SET STATISTICS {target}"
    ))]
}
