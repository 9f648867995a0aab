use driftless_catalog::Other;
use driftless_sql_text::tokens;

use crate::Statement;

/// Follows PostgreSQL, `CREATE TEXT SEARCH DICTIONARY`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let template = it.text("template").unwrap_or_default();
    let options = it.text("options").map(|it| format!(", {it}"));
    let (name, options) = (&it.id.identity, options.unwrap_or_default());
    let sql = format!("CREATE TEXT SEARCH DICTIONARY {name} (TEMPLATE = {template}{options})");
    vec![Statement::new(sql)]
}

/// Only options can change: one without a value goes.
pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let (before, after) = (options(from), options(to));
    let gone = before
        .iter()
        .filter(|(name, _)| after.iter().all(|it| it.0 != *name));
    let mut clauses: Vec<String> = gone.map(|(name, _)| (*name).to_owned()).collect();
    let new = after.iter().filter(|it| !before.contains(it));
    clauses.extend(new.map(|(name, value)| format!("{name} = {value}")));
    let (name, clauses) = (&to.id.identity, clauses.join(", "));
    vec![Statement::new(format!(
        "ALTER TEXT SEARCH DICTIONARY {name} ({clauses})"
    ))]
}

/// From the server's `name = 'value', other = 1`.
fn options(it: &Other) -> Vec<(&str, &str)> {
    let text = it.text("options").unwrap_or_default();
    let commas = tokens(text)
        .filter(|it| it.is(text, ","))
        .map(|it| it.range());
    let mut start = 0;
    let mut items = Vec::new();
    for comma in commas {
        items.push(&text[start..comma.start]);
        start = comma.end;
    }
    items.push(&text[start..]);
    let pair = |it: &'_ str| {
        let equals = tokens(it).find(|token| token.is(it, "="))?;
        Some(equals.range())
    };
    items
        .into_iter()
        .filter_map(|it| pair(it).map(|at| (it[..at.start].trim(), it[at.end..].trim())))
        .collect()
}
