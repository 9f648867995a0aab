use driftless_catalog::Other;
use driftless_sql_text::quote_literal;

use crate::Statement;

/// Follows PostgreSQL, `CREATE EVENT TRIGGER`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let (name, text) = (&it.id.identity, |name| it.text(name).unwrap_or_default());
    let mut sql = format!("CREATE EVENT TRIGGER {name} ON {}", text("event"));
    let tags: Vec<String> = it.list("tags").iter().map(|it| quote_literal(it)).collect();
    if !tags.is_empty() {
        sql.push_str(&format!("\n    WHEN TAG IN ({})", tags.join(", ")));
    }
    sql.push_str(&format!("\n    EXECUTE FUNCTION {}()", text("function")));
    let mut statements = vec![Statement::new(sql)];
    if it.text("enabled") != Some("O") {
        statements.extend(alter(it));
    }
    statements
}

/// Only when it fires can change.
pub(super) fn alter(to: &Other) -> Vec<Statement> {
    let state = match to.text("enabled") {
        Some("D") => "DISABLE",
        Some("R") => "ENABLE REPLICA",
        Some("A") => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    let name = &to.id.identity;
    vec![Statement::new(format!(
        "ALTER EVENT TRIGGER {name} {state}"
    ))]
}
