//! A table that is made anew, because no statement brings it into its new form: it gives away its name, a new one takes
//! its rows, and it goes.

use driftless_catalog::{Catalog, Column, Ident, QualifiedName, Table};
use driftless_sql_text::quote_literal;

use crate::column::{behind_rows, moved};
use crate::name::{ident, idents};
use crate::online::with_suffix;
use crate::script::Context;
use crate::{Hazard, Label, Statement};

/// The table, its indexes and its sequences give away those names that the new ones want.
pub(crate) fn render_retired(it: &Table, context: &Context<'_>) -> (Label, Vec<Statement>) {
    let options = context.options;
    let mut sql: Vec<String> = Vec::new();
    if let Some(partition) = &it.partition
        && !goes_with_parent(it, context)
    {
        let (parent, name) = (options.name(&partition.of), options.name(&it.name));
        sql.push(format!("ALTER TABLE {parent} DETACH PARTITION {name}"));
    }
    for name in index_names(it).filter(|name| is_index(context.to, &it.name, name)) {
        let index = it.name.sibling(name.clone());
        let new = ident(&retired(&index, context).name);
        sql.push(format!(
            "ALTER INDEX {} RENAME TO {new}",
            options.name(&index)
        ));
    }
    for name in sequences(it).filter(|name| is_wanted(name, context)) {
        let new = ident(&retired(name, context).name);
        sql.push(format!(
            "ALTER SEQUENCE {} RENAME TO {new}",
            options.name(name)
        ));
    }
    let new = ident(&retired(&it.name, context).name);
    sql.push(format!(
        "ALTER TABLE {} RENAME TO {new}",
        options.name(&it.name)
    ));
    (
        Label::RenameTable,
        sql.into_iter().map(Statement::new).collect(),
    )
}

/// Whether the rows of a partition move with those of a table above it, which is partitioned otherwise.
fn goes_with_parent(table: &Table, context: &Context<'_>) -> bool {
    let mut next = table.partition.as_ref();
    while let Some(it) = next {
        if context.is_made_anew(&it.of) {
            return true;
        }
        let parent = context.from.tables.get(&it.of);
        next = parent.and_then(|it| it.partition.as_ref());
    }
    false
}

/// The rows move, sequences count on, and the old table goes.
pub(crate) fn render_rows(
    from: &Table,
    to: &Table,
    context: &Context<'_>,
) -> (Label, Vec<Statement>) {
    let options = context.options;
    let (table, old) = (options.name(&to.name), retired(&to.name, context));
    let old = options.name(&old);
    let mut statements = Vec::new();
    if from.row_security.forced {
        // Else its owner would only move the rows that policies show.
        let sql = format!("ALTER TABLE {old} NO FORCE ROW LEVEL SECURITY");
        statements.push(Statement::new(sql));
    }
    statements.push(insert(from, to, &old, context));
    for sequence in &context.to.sequences {
        let before = context.from.sequences.get(&sequence.name);
        let owner = before.and_then(|it| it.owned_by.as_ref());
        if let Some(owner) = owner.filter(|it| it.table == to.name)
            && sequence.owned_by.as_ref() == Some(owner)
        {
            let (name, column) = (options.name(&sequence.name), ident(&owner.column));
            let sql = format!("ALTER SEQUENCE {name} OWNED BY {table}.{column}");
            statements.push(Statement::new(sql));
        }
    }
    for column in &to.columns {
        let new = column.serial.as_ref();
        let new = new.filter(|it| !context.from.sequences.contains(it));
        if let Some(sequence) = new.and_then(|it| context.to.sequences.get(it)) {
            let name = ident(&column.name);
            let sql = behind_rows(&to.name, &name, &sequence.name, &sequence.options, context);
            statements.push(Statement::new(sql));
        }
        let before = from
            .column(&column.name)
            .and_then(|it| it.identity.as_ref());
        let sql = match (before, &column.identity) {
            (_, None) => continue,
            (Some(before), Some(after)) => {
                let counted = match is_wanted(&before.sequence, context) {
                    true => retired(&before.sequence, context),
                    false => before.sequence.clone(),
                };
                let name = quote_literal(&options.name(&after.sequence));
                let counted = options.name(&counted);
                format!("SELECT setval({name}, last_value, is_called) FROM {counted}")
            }
            (None, Some(after)) => {
                let name = ident(&column.name);
                behind_rows(&to.name, &name, &after.sequence, &after.options, context)
            }
        };
        statements.push(Statement::new(sql));
    }
    statements.push(Statement::new(format!("DROP TABLE {old}")));
    (Label::MoveRows, statements)
}

/// The statement that moves the rows, with what may become of them.
fn insert(from: &Table, to: &Table, old: &str, context: &Context<'_>) -> Statement {
    let mut hazards: Vec<Hazard> = Vec::new();
    let (mut names, mut values): (Vec<&Ident>, Vec<String>) = (Vec::new(), Vec::new());
    for column in to.columns.iter().filter(|it| it.generated.is_none()) {
        if let Some(before) = from.column(&column.name) {
            let (value, hazard) = moved(&to.name, before, column, context);
            names.push(&column.name);
            values.push(value);
            hazards.extend(hazard);
        } else if needs_value(column) {
            hazards.push(Hazard::AddsRequiredColumn {
                table: to.name.clone(),
                column: column.name.clone(),
            });
        }
    }
    let gone = from
        .columns
        .iter()
        .filter(|it| to.column(&it.name).is_none());
    hazards.extend(gone.map(|it| Hazard::DropsColumn {
        table: to.name.clone(),
        column: it.name.clone(),
    }));
    if to.partition_by.is_some() && !has_default_partition(to, context.to) {
        hazards.push(Hazard::FitsNoPartition {
            table: to.name.clone(),
        });
    }
    let identity = to.columns.iter().any(|it| it.identity.is_some());
    let overriding = if identity {
        " OVERRIDING SYSTEM VALUE"
    } else {
        ""
    };
    let (table, names, values) = (
        context.options.name(&to.name),
        idents(names),
        values.join(", "),
    );
    let sql = format!("INSERT INTO {table} ({names}){overriding} SELECT {values} FROM {old}");
    let mut statement = Statement::new(sql);
    statement.hazards = hazards;
    statement
}

fn needs_value(it: &Column) -> bool {
    let filled = it.default.is_some() || it.serial.is_some() || it.identity.is_some();
    it.not_null && !filled
}

fn has_default_partition(table: &Table, catalog: &Catalog) -> bool {
    let partitions = catalog.tables.iter().filter_map(|it| it.partition.as_ref());
    let mut own = partitions.filter(|it| it.of == table.name);
    own.any(|it| it.bound.text.eq_ignore_ascii_case("DEFAULT"))
}

/// The names of a table's indexes, those of its keys included.
fn index_names(table: &Table) -> impl Iterator<Item = &Ident> {
    let keys = table.constraints.iter().filter(|it| it.has_index());
    keys.map(|it| &it.name)
        .chain(table.indexes.iter().map(|it| &it.name))
}

fn is_index(catalog: &Catalog, beside: &QualifiedName, name: &Ident) -> bool {
    let mut tables = catalog
        .tables
        .iter()
        .filter(|it| it.name.schema == beside.schema);
    tables.any(|it| index_names(it).any(|it| it == name))
}

/// The sequences of a table's identities, and those that it draws from.
fn sequences(table: &Table) -> impl Iterator<Item = &QualifiedName> {
    let identity = |it: &'_ Column| it.identity.is_some();
    table
        .columns
        .iter()
        .filter_map(move |it| match identity(it) {
            true => it.identity.as_ref().map(|it| &it.sequence),
            false => it.serial.as_ref(),
        })
}

/// Whether the state after has another sequence of that name, be it that of an identity or one that a column makes.
fn is_wanted(name: &QualifiedName, context: &Context<'_>) -> bool {
    let is_after = context.to.sequences.contains(name);
    let kept = context.from.sequences.contains(name) && is_after;
    let mut tables = context.to.tables.iter();
    !kept && (is_after || tables.any(|it| sequences(it).any(|it| it == name)))
}

/// The name that a relation has until it goes: one that nothing else has.
fn retired(name: &QualifiedName, context: &Context<'_>) -> QualifiedName {
    let taken = |it: &QualifiedName| {
        [context.from, context.to].into_iter().any(|catalog| {
            catalog.tables.contains(it)
                || catalog.views.contains(it)
                || catalog.materialized_views.contains(it)
                || catalog.sequences.contains(it)
                || is_index(catalog, it, &it.name)
        })
    };
    let names = (0_u32..).map(|count| match count {
        0 => name.sibling(with_suffix(&name.name, "_old")),
        count => name.sibling(with_suffix(&name.name, &format!("_old{count}"))),
    });
    let mut free = names.filter(|it| !taken(it));
    free.next().unwrap_or_else(|| name.clone())
}
