use driftless_catalog::Other;

use crate::Statement;

/// Follows PostgreSQL, `CREATE LANGUAGE`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    vec![Statement::new(definition(it, "CREATE"))]
}

pub(super) fn alter(to: &Other) -> Vec<Statement> {
    vec![Statement::new(definition(to, "CREATE OR REPLACE"))]
}

fn definition(it: &Other, verb: &str) -> String {
    let trusted = if it.is("trusted") { " TRUSTED" } else { "" };
    let mut sql = format!("{verb}{trusted} LANGUAGE {}", it.id.identity);
    for (word, attribute) in [
        ("HANDLER", "handler"),
        ("INLINE", "inline"),
        ("VALIDATOR", "validator"),
    ] {
        if let Some(function) = it.text(attribute) {
            sql.push_str(&format!(" {word} {function}"));
        }
    }
    sql
}
