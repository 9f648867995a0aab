use driftless_catalog::Other;
use driftless_sql_text::{quote_always, quote_literal};

use super::options;
use crate::Statement;

/// Follows PostgreSQL, `CREATE SERVER`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let mut sql = format!("CREATE SERVER {}", it.id.identity);
    for (word, attribute) in [("TYPE", "type"), ("VERSION", "version")] {
        if let Some(text) = it.text(attribute) {
            sql.push_str(&format!(" {word} {}", quote_literal(text)));
        }
    }
    let wrapper = quote_always(it.text("wrapper").unwrap_or_default());
    sql.push_str(&format!(" FOREIGN DATA WRAPPER {wrapper}"));
    sql.push_str(&options::clause(it.list("options")));
    vec![Statement::new(sql)]
}

/// Version and options can change.
pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let mut clauses: Vec<String> = Vec::new();
    if from.text("version") != to.text("version") {
        let version = to
            .text("version")
            .map_or_else(|| "NULL".to_owned(), quote_literal);
        clauses.push(format!("VERSION {version}"));
    }
    clauses.extend(options::change(from.list("options"), to.list("options")));
    let (name, clauses) = (&to.id.identity, clauses.join(" "));
    vec![Statement::new(format!("ALTER SERVER {name} {clauses}"))]
}
