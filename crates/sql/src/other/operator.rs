use driftless_catalog::Other;

use super::properties::Properties;
use crate::Statement;

/// Follows PostgreSQL, `CREATE OPERATOR`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let properties = Properties::new(it)
        .sql("FUNCTION", "function")
        .sql("LEFTARG", "left")
        .sql("RIGHTARG", "right")
        .sql("COMMUTATOR", "commutator")
        .sql("NEGATOR", "negator")
        .sql("RESTRICT", "restrict")
        .sql("JOIN", "join")
        .flag("HASHES", "hashes")
        .flag("MERGES", "merges");
    let name = it.text("name").unwrap_or_default();
    let sql = format!("CREATE OPERATOR {name} ({})", properties.join());
    vec![Statement::new(sql)]
}

/// Only the estimators can change. A commutator or negator comes with the other operator, which names this one.
pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let clause = |(word, attribute)| {
        let function = to.text(attribute).unwrap_or("NONE");
        let differs = from.text(attribute) != to.text(attribute);
        differs.then(|| format!("{word} = {function}"))
    };
    let clauses: Vec<String> = [("RESTRICT", "restrict"), ("JOIN", "join")]
        .into_iter()
        .filter_map(clause)
        .collect();
    if clauses.is_empty() {
        return Vec::new();
    }
    let (operator, clauses) = (&to.id.identity, clauses.join(", "));
    vec![Statement::new(format!(
        "ALTER OPERATOR {operator} SET ({clauses})"
    ))]
}
