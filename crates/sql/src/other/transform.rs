use driftless_catalog::Other;

use super::target;
use crate::Statement;

/// Follows PostgreSQL, `CREATE TRANSFORM`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    definition(it, "CREATE")
}

pub(super) fn alter(to: &Other) -> Vec<Statement> {
    definition(to, "CREATE OR REPLACE")
}

fn definition(it: &Other, verb: &str) -> Vec<Statement> {
    let part = |(word, attribute)| {
        let function = it.text(attribute)?;
        Some(format!("{word} SQL WITH FUNCTION {function}"))
    };
    let parts: Vec<String> = [("FROM", "from_sql"), ("TO", "to_sql")]
        .into_iter()
        .filter_map(part)
        .collect();
    let target = target(&it.id).unwrap_or_default();
    vec![Statement::new(format!(
        "{verb} {target} ({})",
        parts.join(", ")
    ))]
}
