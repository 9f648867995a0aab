use driftless_catalog::{Column, Fields, Other, Table};
use driftless_sql_text::{quote_always, quote_literal};

use crate::name::ident;
use crate::retyped::is_exchanged;
use crate::script::Context;
use crate::{Hazard, Statement};

/// Follows PostgreSQL, `CREATE TYPE`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let attributes: Vec<String> = it.rows("attributes").iter().map(attribute).collect();
    let (name, attributes) = (&it.id.identity, attributes.join(",\n    "));
    let body = match attributes.is_empty() {
        true => String::new(),
        false => format!("\n    {attributes}\n"),
    };
    let mut statements = vec![Statement::new(format!("CREATE TYPE {name} AS ({body})"))];
    statements.extend(comments(name, &[], it.rows("attributes")));
    statements
}

/// Attributes come at the end, so those that would stand in front of a kept one go and come again.
///
/// Follows PostgreSQL, `ALTER TYPE`.
pub(super) fn alter(from: &Other, to: &Other, context: &Context<'_>) -> Vec<Statement> {
    let name = &to.id.identity;
    let (before, after) = (from.rows("attributes"), to.rows("attributes"));
    let kept = kept(before, after);
    let (stay, new) = after.split_at(kept);
    let is_kept = |it: &Fields| stay.iter().any(|row| row.get("name") == it.get("name"));
    // The type of typed tables is theirs, too.
    let typed = |it: &Table| {
        it.of_type
            .as_ref()
            .is_some_and(|it| it.to_string() == *name)
    };
    let cascade = if context.from.tables.iter().any(typed) {
        " CASCADE"
    } else {
        ""
    };
    let mut clauses: Vec<String> = Vec::new();
    for it in before.iter().filter(|it| !is_kept(it)) {
        clauses.push(format!("DROP ATTRIBUTE {}{cascade}", quoted(it)));
    }
    for it in new {
        clauses.push(format!("ADD ATTRIBUTE {}{cascade}", attribute(it)));
    }
    let mut retyped: Vec<String> = Vec::new();
    for it in stay {
        let same = |row: &&Fields| row.get("name") == it.get("name");
        let differs = |row: &Fields| of_type(row) != of_type(it);
        if before.iter().find(same).is_some_and(differs) {
            let (name, ty) = (quoted(it), of_type(it));
            retyped.push(format!("ALTER ATTRIBUTE {name} TYPE {ty}{cascade}"));
        }
    }
    let statement = |clauses: Vec<String>| {
        let clauses = clauses.join(", ");
        (!clauses.is_empty()).then(|| format!("ALTER TYPE {name} {clauses}"))
    };
    let mut sql: Vec<String> = Vec::new();
    let held = columns(to, context);
    let casts = held.iter().filter(|_| !retyped.is_empty());
    let casts: Vec<Hazard> = casts.map(|it| cast(it.0, it.1)).collect();
    match retyped.is_empty() || held.is_empty() {
        true => sql.extend(statement([clauses, retyped].concat())),
        false => {
            sql.extend(statement(clauses));
            sql.extend(through_text(&held, statement(retyped), context));
        }
    }
    let mut statements: Vec<Statement> = sql.into_iter().map(Statement::new).collect();
    let gone = before.iter().filter(|it| !is_kept(it) && !held.is_empty());
    let gone = gone.map(|it| Hazard::Deletes {
        what: format!("attribute {} of what has type {name}", quoted(it)),
    });
    if let Some(first) = statements.first_mut() {
        first.hazards.extend(gone.chain(casts));
    }
    let stayed: Vec<Fields> = before.iter().filter(|it| is_kept(it)).cloned().collect();
    statements.extend(comments(name, &stayed, after));
    statements
}

/// The values of a column may not be ones of the type as it will be.
pub(super) fn cast(table: &Table, column: &Column) -> Hazard {
    Hazard::CastsValues {
        table: table.name.clone(),
        column: column.name.clone(),
        from: column.data_type.clone(),
        to: column.data_type.clone(),
    }
}

/// How many attributes at the head of `after` are in `before` in the same order.
fn kept(before: &[Fields], after: &[Fields]) -> usize {
    let mut before = before.iter();
    let found = |it: &&Fields| before.any(|row| row.get("name") == it.get("name"));
    after.iter().take_while(found).count()
}

/// A type cannot change while columns hold values of it, so these are text meanwhile.
pub(super) fn through_text(
    held: &[(&Table, &Column)],
    change: impl IntoIterator<Item = String>,
    context: &Context<'_>,
) -> Vec<String> {
    let clause = |(table, column): &(&Table, &Column), clause: String| {
        let (table, column) = (context.options.name(&table.name), ident(&column.name));
        format!("ALTER TABLE {table} ALTER COLUMN {column} {clause}")
    };
    let mut sql: Vec<String> = Vec::new();
    for held in held.iter().filter(|it| it.1.default.is_some()) {
        sql.push(clause(held, "DROP DEFAULT".to_owned()));
    }
    for held in held {
        let array = "[]".repeat(usize::from(held.1.data_type.dimensions));
        if is_exchanged(held.0, held.1, context) {
            sql.push(clause(held, format!("TYPE TEXT{array}")));
        }
    }
    sql.extend(change);
    for held in held {
        let (ty, column) = (
            context.options.data_type(&held.1.data_type),
            ident(&held.1.name),
        );
        if is_exchanged(held.0, held.1, context) {
            sql.push(clause(held, format!("TYPE {ty} USING ({column}::{ty})")));
        }
    }
    for held in held {
        if let Some(default) = &held.1.default {
            sql.push(clause(held, format!("SET DEFAULT {default}")));
        }
    }
    sql
}

/// The columns that have the type before and after.
pub(super) fn columns<'a>(of: &Other, context: &Context<'a>) -> Vec<(&'a Table, &'a Column)> {
    let is_of_type = |it: &Column| it.is_of_type(&of.id.identity);
    let columns = context.to.tables.iter().flat_map(|table| {
        let columns = table.columns.iter();
        columns.map(move |column| (table, column))
    });
    columns
        .filter(|(table, column)| {
            let before = context.from.tables.get(&table.name);
            let before = before.and_then(|it| it.column(&column.name));
            is_of_type(column) && before.is_some_and(is_of_type)
        })
        .collect()
}

/// The comments that differ, of what is there before as well.
fn comments(name: &str, before: &[Fields], after: &[Fields]) -> Vec<Statement> {
    let mut statements = Vec::new();
    for it in after {
        let same = |row: &&Fields| row.get("name") == it.get("name");
        let old = before.iter().find(same).and_then(|it| it.get("comment"));
        let new = it.get("comment");
        if old != new {
            let text = new.map_or_else(|| "NULL".to_owned(), |it| quote_literal(it));
            let sql = format!("COMMENT ON COLUMN {name}.{} IS {text}", quoted(it));
            statements.push(Statement::new(sql));
        }
    }
    statements
}

fn attribute(it: &Fields) -> String {
    format!("{} {}", quoted(it), of_type(it))
}

fn quoted(it: &Fields) -> String {
    quote_always(it.get("name").map_or("", String::as_str))
}

fn of_type(it: &Fields) -> String {
    let ty = it.get("type").map_or("", String::as_str);
    let collation = it.get("collation").map(|it| format!(" COLLATE {it}"));
    format!("{ty}{}", collation.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_stay_as_long_as_they_stand_in_order() {
        let rows = |names: &[&str]| {
            let row = |it: &&str| Fields::from([("name".to_owned(), (*it).to_owned())]);
            names.iter().map(row).collect::<Vec<_>>()
        };
        assert_eq!(kept(&rows(&["a", "b"]), &rows(&["a", "b", "c"])), 2);
        assert_eq!(kept(&rows(&["a", "b", "c"]), &rows(&["a", "c"])), 2);
        assert_eq!(kept(&rows(&["a", "b"]), &rows(&["b", "a"])), 1);
        assert_eq!(kept(&rows(&["a"]), &rows(&["x", "a"])), 0);
    }
}
