use driftless_catalog::Other;
use driftless_sql_text::{quote_always, quote_literal};

use crate::Statement;

/// Follows PostgreSQL, `SECURITY LABEL`.
pub(super) fn set(it: &Other) -> Vec<Statement> {
    let label = quote_literal(it.text("label").unwrap_or_default());
    vec![statement(it, &label)]
}

pub(super) fn drop(it: &Other) -> Vec<Statement> {
    vec![statement(it, "NULL")]
}

fn statement(it: &Other, label: &str) -> Statement {
    let text = |name| it.text(name).unwrap_or_default();
    let provider = quote_always(text("provider"));
    let (kind, object) = (text("kind").to_uppercase(), text("object"));
    Statement::new(format!(
        "SECURITY LABEL FOR {provider} ON {kind} {object} IS {label}"
    ))
}
