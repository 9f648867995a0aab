use driftless_catalog::Other;

use super::options;
use crate::Statement;

/// Follows PostgreSQL, `CREATE FOREIGN DATA WRAPPER`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let mut sql = format!("CREATE FOREIGN DATA WRAPPER {}", it.id.identity);
    for (word, attribute) in [("HANDLER", "handler"), ("VALIDATOR", "validator")] {
        if let Some(function) = it.text(attribute) {
            sql.push_str(&format!(" {word} {function}"));
        }
    }
    sql.push_str(&options::clause(it.list("options")));
    vec![Statement::new(sql)]
}

pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let mut clauses: Vec<String> = Vec::new();
    for (word, attribute) in [("HANDLER", "handler"), ("VALIDATOR", "validator")] {
        if from.text(attribute) != to.text(attribute) {
            clauses.push(match to.text(attribute) {
                Some(function) => format!("{word} {function}"),
                None => format!("NO {word}"),
            });
        }
    }
    clauses.extend(options::change(from.list("options"), to.list("options")));
    let (name, clauses) = (&to.id.identity, clauses.join(" "));
    vec![Statement::new(format!(
        "ALTER FOREIGN DATA WRAPPER {name} {clauses}"
    ))]
}
