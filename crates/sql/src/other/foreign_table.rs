use driftless_catalog::{Fields, Other};
use driftless_sql_text::{quote_always, quote_literal};

use super::options;
use crate::Statement;
use crate::comment::by_hand;

/// Follows PostgreSQL, `CREATE FOREIGN TABLE`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let name = &it.id.identity;
    let (inherited, own): (Vec<&Fields>, Vec<&Fields>) =
        it.rows("columns").iter().partition(|it| is_inherited(it));
    let mut items: Vec<String> = own.into_iter().map(column).collect();
    items.extend(it.rows("checks").iter().map(check));
    let list = match items.is_empty() {
        true => String::new(),
        false => format!("\n    {}\n", items.join(",\n    ")),
    };
    let mut sql = format!("CREATE FOREIGN TABLE {name}");
    match (it.text("partition_of"), it.text("bound")) {
        (Some(parent), Some(bound)) => {
            let list = if list.is_empty() {
                list
            } else {
                format!(" ({list})")
            };
            sql.push_str(&format!(" PARTITION OF {parent}{list} {bound}"));
        }
        _ => sql.push_str(&format!(" ({list})")),
    }
    let parents = it.list("inherits");
    if !parents.is_empty() {
        sql.push_str(&format!(" INHERITS ({})", parents.join(", ")));
    }
    sql.push_str(&format!(
        " SERVER {}",
        quote_always(it.text("server").unwrap_or_default())
    ));
    sql.push_str(&options::clause(it.list("options")));
    let mut statements = vec![Statement::new(sql)];
    for it in inherited {
        let change = options::change(&[], &list_of(it, "options"));
        let clause = |change| format!("ALTER COLUMN {} {change}", quoted(it));
        statements.extend(change.map(|it| altered(name, clause(it))));
    }
    statements.extend(comments(name, "COLUMN", &[], it.rows("columns")));
    statements.extend(comments(name, "CONSTRAINT", &[], it.rows("checks")));
    for trigger in it.rows("triggers") {
        statements.extend(make_trigger(name, trigger));
    }
    statements.extend(privileges(name, &[], it.rows("columns")));
    statements
}

/// Everything but server and partition bound can change. There are no rows to keep, so what a column cannot become it
/// is made anew as.
///
/// Follows PostgreSQL, `ALTER FOREIGN TABLE`.
pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let name = &to.id.identity;
    let mut clauses: Vec<String> = Vec::new();
    let (parents_before, parents) = (from.list("inherits"), to.list("inherits"));
    let gone = parents_before.iter().filter(|it| !parents.contains(it));
    clauses.extend(gone.map(|it| format!("NO INHERIT {it}")));
    let (before, after) = (from.rows("checks"), to.rows("checks"));
    let same = |a: &Fields, b: &Fields| check(a) == check(b);
    let gone = before
        .iter()
        .filter(|it| !after.iter().any(|row| same(row, it)));
    clauses.extend(gone.map(|it| format!("DROP CONSTRAINT {}", quoted(it))));
    clauses.extend(columns(from.rows("columns"), to.rows("columns")));
    let new = after
        .iter()
        .filter(|it| !before.iter().any(|row| same(row, it)));
    clauses.extend(new.map(|it| format!("ADD {}", check(it))));
    let new = parents.iter().filter(|it| !parents_before.contains(it));
    clauses.extend(new.map(|it| format!("INHERIT {it}")));
    clauses.extend(options::change(from.list("options"), to.list("options")));
    let triggers = (from.rows("triggers"), to.rows("triggers"));
    let mut statements: Vec<Statement> = Vec::new();
    for it in triggers.0.iter().filter(|it| !triggers.1.contains(it)) {
        let sql = format!("DROP TRIGGER {} ON {name}", quoted(it));
        statements.push(Statement::new(sql));
    }
    statements.extend(clauses.into_iter().map(|it| altered(name, it)));
    statements.extend(comments(
        name,
        "COLUMN",
        from.rows("columns"),
        to.rows("columns"),
    ));
    statements.extend(comments(
        name,
        "CONSTRAINT",
        from.rows("checks"),
        to.rows("checks"),
    ));
    for it in triggers.1.iter().filter(|it| !triggers.0.contains(it)) {
        statements.extend(make_trigger(name, it));
    }
    statements.extend(privileges(name, from.rows("columns"), to.rows("columns")));
    statements
}

fn columns(before: &[Fields], after: &[Fields]) -> Vec<String> {
    let find = |rows: &'_ [Fields], it: &Fields| -> Option<Fields> {
        rows.iter()
            .find(|row| row.get("name") == it.get("name"))
            .cloned()
    };
    let anew = |from: &Fields, to: &Fields| {
        from.get("generated") != to.get("generated")
            || from.get("generated_kind") != to.get("generated_kind")
    };
    let mut clauses: Vec<String> = Vec::new();
    for it in before.iter().filter(|it| !is_inherited(it)) {
        let next = find(after, it);
        if next.is_none_or(|next| anew(it, &next) && !is_inherited(&next)) {
            clauses.push(format!("DROP COLUMN {}", quoted(it)));
        }
    }
    for it in after {
        match find(before, it) {
            Some(from) if is_inherited(it) || !anew(&from, it) => clauses.extend(change(&from, it)),
            _ if is_inherited(it) => {}
            _ => clauses.push(format!("ADD COLUMN {}", column(it))),
        }
    }
    clauses
}

/// What changes of one column.
fn change(from: &Fields, to: &Fields) -> Vec<String> {
    let mut changes: Vec<String> = Vec::new();
    let differs = |name| from.get(name) != to.get(name);
    if differs("type") || differs("collation") {
        changes.push(format!("TYPE {}", of_type(to)));
    }
    if differs("not_null") {
        let verb = if to.contains_key("not_null") {
            "SET"
        } else {
            "DROP"
        };
        changes.push(format!("{verb} NOT NULL"));
    }
    if differs("default") {
        changes.push(match to.get("default") {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        });
    }
    changes.extend(options::change(
        &list_of(from, "options"),
        &list_of(to, "options"),
    ));
    let clause = |it| format!("ALTER COLUMN {} {it}", quoted(to));
    changes.into_iter().map(clause).collect()
}

/// As `CREATE FOREIGN TABLE` and `ADD COLUMN` have it.
fn column(it: &Fields) -> String {
    let ty = it.get("type").map_or("", String::as_str);
    let mut sql = format!("{} {ty}", quoted(it));
    sql.push_str(&options::clause(&list_of(it, "options")));
    if let Some(collation) = it.get("collation") {
        sql.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = it.get("default") {
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(generated) = it.get("generated") {
        let kind = match it.get("generated_kind").map(String::as_str) {
            Some("v") => "VIRTUAL",
            _ => "STORED",
        };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({generated}) {kind}"));
    }
    if it.contains_key("not_null") {
        sql.push_str(" NOT NULL");
    }
    sql
}

fn check(it: &Fields) -> String {
    let definition = it.get("definition").map_or("", String::as_str);
    format!("CONSTRAINT {} {definition}", quoted(it))
}

fn make_trigger(table: &str, it: &Fields) -> Vec<Statement> {
    let field = |name| it.get(name).map_or("", String::as_str);
    let mut statements = vec![Statement::new(field("definition"))];
    let state = match field("enabled") {
        "D" => Some("DISABLE"),
        "R" => Some("ENABLE REPLICA"),
        "A" => Some("ENABLE ALWAYS"),
        _ => None,
    };
    let clause = |state| altered(table, format!("{state} TRIGGER {}", quoted(it)));
    statements.extend(state.map(clause));
    let none: &[Fields] = &[];
    statements.extend(comments(table, "TRIGGER", none, std::slice::from_ref(it)));
    statements
}

/// Comments on parts that are not as before.
fn comments(table: &str, part: &str, before: &[Fields], after: &[Fields]) -> Vec<Statement> {
    let mut statements = Vec::new();
    for it in after {
        let old = before.iter().find(|row| row.get("name") == it.get("name"));
        if old.and_then(|it| it.get("comment")) != it.get("comment") {
            let text = it
                .get("comment")
                .map_or_else(|| "NULL".to_owned(), |it| quote_literal(it));
            let name = match part {
                "COLUMN" => format!("{table}.{}", quoted(it)),
                _ => format!("{} ON {table}", quoted(it)),
            };
            statements.push(Statement::new(format!(
                "COMMENT ON {part} {name} IS {text}"
            )));
        }
    }
    statements
}

/// Privileges on single columns are only told.
fn privileges(table: &str, before: &[Fields], after: &[Fields]) -> Option<Statement> {
    let acl = |rows: &[Fields], it: &Fields| {
        let mut rows = rows.iter().filter(|row| row.get("name") == it.get("name"));
        rows.next().and_then(|it| it.get("acl")).cloned()
    };
    let differs = |it: &&Fields| acl(before, it).as_ref() != it.get("acl");
    let columns: Vec<String> = after.iter().filter(differs).map(quoted).collect();
    let what = format!(
        "foreign table {table} has other privileges on columns, to be granted by hand: {}",
        columns.join(", ")
    );
    (!columns.is_empty()).then(|| by_hand(what))
}

fn altered(table: &str, clause: String) -> Statement {
    Statement::new(format!("ALTER FOREIGN TABLE {table} {clause}"))
}

/// Whether it comes with a parent table alone.
fn is_inherited(it: &Fields) -> bool {
    it.contains_key("inherited")
}

fn quoted(it: &Fields) -> String {
    quote_always(it.get("name").map_or("", String::as_str))
}

fn of_type(it: &Fields) -> String {
    let ty = it.get("type").map_or("", String::as_str);
    let collation = it.get("collation").map(|it| format!(" COLLATE {it}"));
    format!("{ty}{}", collation.unwrap_or_default())
}

/// A list inside a field, which is JSON.
fn list_of(it: &Fields, name: &str) -> Vec<String> {
    let list = it.get(name).map(|it| serde_json::from_str(it));
    list.and_then(Result::ok).unwrap_or_default()
}
