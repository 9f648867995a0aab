use driftless_catalog::Other;
use driftless_sql_text::quote_literal;

use super::properties::Properties;
use crate::Statement;

/// Follows PostgreSQL, `CREATE COLLATION`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let provider = match it.text("provider") {
        Some("i") => "icu",
        Some("b") => "builtin",
        _ => "libc",
    };
    let locales = Properties::new(it);
    let locales = match it.text("ctype") {
        Some(_) if provider == "libc" => locales
            .literal("LC_COLLATE", "locale")
            .literal("LC_CTYPE", "ctype"),
        _ => locales.literal("LOCALE", "locale"),
    };
    let deterministic = it.text("deterministic") == Some("false");
    let rules = it
        .text("rules")
        .map(|it| format!("RULES = {}", quote_literal(it)));
    let properties = locales
        .maybe(deterministic.then(|| "DETERMINISTIC = false".to_owned()))
        .maybe(rules);
    let name = &it.id.identity;
    let sql = format!(
        "CREATE COLLATION {name} (PROVIDER = {provider}, {})",
        properties.join()
    );
    vec![Statement::new(sql)]
}
