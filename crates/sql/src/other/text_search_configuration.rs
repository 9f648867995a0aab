use driftless_catalog::{Fields, Other};
use driftless_sql_text::quote_always;

use crate::Statement;

/// Follows PostgreSQL, `CREATE TEXT SEARCH CONFIGURATION`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let (name, parser) = (&it.id.identity, it.text("parser").unwrap_or_default());
    let sql = format!("CREATE TEXT SEARCH CONFIGURATION {name} (PARSER = {parser})");
    let mut statements = vec![Statement::new(sql)];
    statements.extend(mappings(it, "ADD", it.rows("mappings").iter()));
    statements
}

/// Follows PostgreSQL, `ALTER TEXT SEARCH CONFIGURATION`.
pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let (before, after) = (from.rows("mappings"), to.rows("mappings"));
    let known = |rows: &[Fields], it: &Fields| rows.iter().any(|row| token(row) == token(it));
    let gone: Vec<String> = before
        .iter()
        .filter(|it| !known(after, it))
        .map(token)
        .collect();
    let mut statements = Vec::new();
    if !gone.is_empty() {
        statements.push(clause(to, format!("DROP MAPPING FOR {}", gone.join(", "))));
    }
    let changed = after
        .iter()
        .filter(|it| known(before, it) && !before.contains(it));
    statements.extend(mappings(to, "ALTER", changed));
    let new = after.iter().filter(|it| !known(before, it));
    statements.extend(mappings(to, "ADD", new));
    statements
}

/// One statement for all tokens that go to the same dictionaries.
fn mappings<'a>(of: &Other, verb: &str, rows: impl Iterator<Item = &'a Fields>) -> Vec<Statement> {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for row in rows {
        let dictionaries = row.get("dictionaries").map_or("", String::as_str);
        match groups.iter_mut().find(|it| it.0 == dictionaries) {
            Some((_, tokens)) => tokens.push(token(row)),
            None => groups.push((dictionaries, vec![token(row)])),
        }
    }
    let statement = |(dictionaries, tokens): (&str, Vec<String>)| {
        let tokens = tokens.join(", ");
        clause(
            of,
            format!("{verb} MAPPING FOR {tokens} WITH {dictionaries}"),
        )
    };
    groups.into_iter().map(statement).collect()
}

fn token(row: &Fields) -> String {
    quote_always(row.get("token").map_or("", String::as_str))
}

fn clause(of: &Other, clause: String) -> Statement {
    let name = &of.id.identity;
    Statement::new(format!("ALTER TEXT SEARCH CONFIGURATION {name} {clause}"))
}
