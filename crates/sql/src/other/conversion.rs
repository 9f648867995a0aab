use driftless_catalog::Other;
use driftless_sql_text::quote_literal;

use crate::Statement;

/// Follows PostgreSQL, `CREATE CONVERSION`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let default = if it.is("default") { "DEFAULT " } else { "" };
    let text = |name| it.text(name).unwrap_or_default();
    let (source, target) = (quote_literal(text("for")), quote_literal(text("to")));
    let (name, function) = (&it.id.identity, text("function"));
    let sql = format!("CREATE {default}CONVERSION {name} FOR {source} TO {target} FROM {function}");
    vec![Statement::new(sql)]
}
