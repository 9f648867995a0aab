use driftless_catalog::Other;
use driftless_sql_text::quote_always;

use crate::Statement;

/// Follows PostgreSQL, `CREATE RULE`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let mut statements = vec![Statement::new(definition(it))];
    if it.text("enabled") != Some("O") {
        statements.push(enable(it));
    }
    statements
}

pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let mut statements = Vec::new();
    if from.text("definition") != to.text("definition") {
        let sql = definition(to).replacen("CREATE RULE", "CREATE OR REPLACE RULE", 1);
        statements.push(Statement::new(sql));
    }
    if from.text("enabled") != to.text("enabled") {
        statements.push(enable(to));
    }
    statements
}

/// As the server prints it, without the semicolon.
fn definition(it: &Other) -> String {
    let text = it.text("definition").unwrap_or_default();
    text.trim_end_matches(';').to_owned()
}

fn enable(it: &Other) -> Statement {
    let state = match it.text("enabled") {
        Some("D") => "DISABLE",
        Some("R") => "ENABLE REPLICA",
        Some("A") => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    let relation = it.text("relation").unwrap_or_default();
    let name = quote_always(it.text("name").unwrap_or_default());
    Statement::new(format!("ALTER TABLE {relation} {state} RULE {name}"))
}
