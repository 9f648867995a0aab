use driftless_catalog::{Column, EnumType, ObjectId, QualifiedName, Table};
use driftless_diff::{Delta, Manner};
use driftless_sql_text::quote_literal;

use crate::name::ident;
use crate::retyped::{columns_of, is_exchanged, is_of_type, leaving, meanwhile};
use crate::script::Context;
use crate::{EnumColumn, Hazard, Label, Statement};

pub(crate) fn render(
    delta: &Delta<'_, EnumType>,
    context: &Context<'_>,
) -> (Label, Vec<Statement>) {
    let options = context.options;
    match delta {
        Delta::Create(it) => {
            let sql = create(&options.name(&it.name), &it.labels);
            (Label::CreateEnum, vec![Statement::new(sql)])
        }
        Delta::Drop(it) => {
            let sql = format!("DROP TYPE {}", options.name(&it.name));
            (Label::DropEnum, vec![Statement::new(sql)])
        }
        Delta::Alter { from, to } => {
            let kept = from.labels.iter().all(|it| to.labels.contains(it));
            let usable = options.manner == Manner::PrismaWithFaults
                || !is_default_at_once(from, to, context);
            let statements = match options.manner.is_prisma() {
                true if kept && usable => append_labels(from, to, context),
                false if is_subsequence(&from.labels, &to.labels) => add_labels(from, to, context),
                true | false => rebuild(from, to, context),
            };
            (Label::AlterEnum, statements)
        }
    }
}

/// Whether the same script makes a new label a default, which PostgreSQL refuses before the label is committed.
fn is_default_at_once(from: &EnumType, to: &EnumType, context: &Context<'_>) -> bool {
    let new = to.labels.iter().filter(|it| !from.labels.contains(it));
    let new: Vec<String> = new.map(|it| quote_literal(it)).collect();
    let columns = context.to.tables.iter().flat_map(|it| &it.columns);
    columns
        .filter(|it| is_of_type(it, &to.name))
        .filter_map(|it| it.default.as_ref())
        .any(|default| new.iter().any(|it| default.text.contains(it)))
}

fn create(name: &str, labels: &[String]) -> String {
    let labels: Vec<String> = labels.iter().map(|it| quote_literal(it)).collect();
    format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))
}

/// Whether `few` are among `many` in the same order, so that labels only have to be added.
fn is_subsequence(few: &[String], many: &[String]) -> bool {
    let mut many = many.iter();
    few.iter().all(|wanted| many.any(|it| it == wanted))
}

fn add_labels(from: &EnumType, to: &EnumType, context: &Context<'_>) -> Vec<Statement> {
    let name = context.options.name(&to.name);
    let last = from.labels.last();
    let mut behind_last = last.is_none();
    let mut statements = Vec::new();
    for (at, label) in to.labels.iter().enumerate() {
        if from.labels.contains(label) {
            behind_last |= last == Some(label);
            continue;
        }
        // At the end a label needs no place of its own.
        let place = match (behind_last, at.checked_sub(1)) {
            (true, _) => String::new(),
            (false, Some(before)) => format!(" AFTER {}", quote_literal(&to.labels[before])),
            (false, None) => match from.labels.first() {
                Some(first) => format!(" BEFORE {}", quote_literal(first)),
                None => String::new(),
            },
        };
        let sql = format!(
            "ALTER TYPE {name} ADD VALUE {}{place}",
            quote_literal(label)
        );
        statements.push(Statement::new(sql));
    }
    statements
}

/// Prisma adds labels at the end, and warns of servers of old.
fn append_labels(from: &EnumType, to: &EnumType, context: &Context<'_>) -> Vec<Statement> {
    const WARNING: &str = "-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


";
    let name = context.options.name(&to.name);
    let new: Vec<&String> = to
        .labels
        .iter()
        .filter(|it| !from.labels.contains(it))
        .collect();
    let add = |(at, label): (usize, &&String)| {
        let warning = if at == 0 && new.len() > 1 {
            WARNING
        } else {
            ""
        };
        let label = quote_literal(label);
        Statement::new(format!("{warning}ALTER TYPE {name} ADD VALUE {label}"))
    };
    new.iter().enumerate().map(add).collect()
}

/// A label cannot be taken away: a new type takes the place of the old one, column by column.
fn rebuild(from: &EnumType, to: &EnumType, context: &Context<'_>) -> Vec<Statement> {
    let options = context.options;
    let (new, old) = (
        meanwhile(&to.name, "new", context),
        meanwhile(&to.name, "old", context),
    );
    let (name, new_name) = (options.name(&to.name), options.name(&new));
    let defaults = defaults_of(&to.name, context);
    // A migration is a transaction of its own; only Prisma opens another one in it.
    let prisma = options.manner.is_prisma();
    let mut sql: Vec<String> = prisma.then(|| "BEGIN".to_owned()).into_iter().collect();
    sql.push(create(&new_name, &to.labels));
    for it in &defaults {
        let (table, column) = (&it.table, &it.column);
        sql.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT"
        ));
    }
    let held = columns_of(&to.name, context).into_iter();
    let faults = options.manner == Manner::PrismaWithFaults;
    for (table, column) in held.filter(|(table, it)| faults || is_exchanged(table, it, context)) {
        let array = if column.data_type.is_array() {
            "[]"
        } else {
            ""
        };
        let (table, column) = (options.name(&table.name), ident(&column.name));
        sql.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} TYPE {new_name}{array} USING ({column}::text::{new_name}{array})"
        ));
    }
    if !faults {
        // They go later, and until then the old type could not be dropped.
        for (table, column) in leaving(&to.name, context) {
            let array = if column.data_type.is_array() {
                "[]"
            } else {
                ""
            };
            let (table, column) = (options.name(&table.name), ident(&column.name));
            sql.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {column} TYPE TEXT{array}"
            ));
        }
    }
    sql.push(format!("ALTER TYPE {name} RENAME TO {}", ident(&old.name)));
    sql.push(format!(
        "ALTER TYPE {new_name} RENAME TO {}",
        ident(&to.name.name)
    ));
    sql.push(format!("DROP TYPE {}", options.name(&old)));
    for it in &defaults {
        if let Some(default) = &it.after {
            let (table, column) = (&it.table, &it.column);
            sql.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default}"
            ));
        }
    }
    sql.extend(prisma.then(|| "COMMIT".to_owned()));
    let mut statements: Vec<Statement> = sql.into_iter().map(Statement::new).collect();
    if let Some(first) = statements.first_mut() {
        first.hazards.extend(hazard(from, to, context));
    }
    statements
}

/// When labels cannot go.
fn hazard(from: &EnumType, to: &EnumType, context: &Context<'_>) -> Option<Hazard> {
    let gone = |it: &&String| !to.labels.contains(it);
    let labels: Vec<String> = from.labels.iter().filter(gone).cloned().collect();
    let held = |(table, column): (&Table, &Column)| EnumColumn {
        table: table.name.clone(),
        column: column.name.clone(),
        is_list: column.data_type.is_array(),
    };
    let columns = columns_of(&to.name, context).into_iter();
    (!labels.is_empty()).then(|| Hazard::RemovesLabels {
        name: to.name.clone(),
        labels,
        held_by: columns.map(held).collect(),
    })
}

/// A default that keeps the type from being exchanged.
struct EnumDefault {
    table: String,
    column: String,
    /// What it is to be afterwards.
    after: Option<String>,
}

/// The defaults of columns that have the type before: those of tables that go first, as Prisma has it.
fn defaults_of(name: &QualifiedName, context: &Context<'_>) -> Vec<EnumDefault> {
    let mut found = Vec::new();
    let mut tables: Vec<&Table> = context.from.tables.iter().collect();
    let id = |it: &Table| ObjectId::Table(it.name.clone());
    tables.sort_by_key(|it| context.options.order_before.place(&id(it)));
    for gone in [true, false] {
        for table in &tables {
            let after = context.to.tables.get(&table.name);
            if after.is_none() != gone {
                continue;
            }
            let next = |it: &Column| after.and_then(|table| table.column(&it.name));
            let faults = context.options.manner == Manner::PrismaWithFaults;
            // A column that is dropped alone is gone by then.
            let is_there = |it: &Column| faults || gone || next(it).is_some();
            let has_default =
                |it: &&Column| is_of_type(it, name) && it.default.is_some() && is_there(it);
            let mut columns: Vec<&Column> = table.columns.iter().filter(has_default).collect();
            columns.sort_by_key(|it| (next(it).is_some(), &it.name));
            for column in columns {
                let next = next(column).filter(|it| is_of_type(it, name));
                let default = next.and_then(|it| it.default.as_ref());
                found.push(EnumDefault {
                    table: context.options.name(&table.name),
                    column: ident(&column.name),
                    after: default.map(|it| it.text.to_string()),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_only_have_to_be_added_if_the_old_ones_keep_their_order() {
        let list = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert!(is_subsequence(&list(&["a", "c"]), &list(&["a", "b", "c"])));
        assert!(is_subsequence(&list(&[]), &list(&["a"])));
        assert!(!is_subsequence(&list(&["c", "a"]), &list(&["a", "b", "c"])));
        assert!(!is_subsequence(&list(&["a", "x"]), &list(&["a"])));
    }
}
