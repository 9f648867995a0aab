//! The columns of a type that is made anew: it is exchanged column by column.

use driftless_catalog::{Catalog, Column, ObjectId, ObjectKind, OtherId, QualifiedName, Table};
use driftless_diff::{Manner, is_retyped_from_above};

use crate::script::Context;

/// Whether a column holds values of that type, or lists of them.
pub(crate) fn is_of_type(column: &Column, name: &QualifiedName) -> bool {
    column.data_type.name.user_defined().as_ref() == Some(name)
}

/// A name for a type while another one takes its place: that of the type and `label`, and a number if something has
/// that name before or after, which Prisma does not look at.
pub(crate) fn meanwhile(name: &QualifiedName, label: &str, context: &Context<'_>) -> QualifiedName {
    let numbers = std::iter::once(String::new()).chain((2..).map(|it: usize| it.to_string()));
    let names = numbers.map(|it| name.sibling(name.name.joined(None, &format!("{label}{it}"))));
    let faults = context.options.manner == Manner::PrismaWithFaults;
    let states = [context.from, context.to];
    let is_free = |it: &QualifiedName| faults || !states.iter().any(|state| has_type(state, it));
    let mut free = names.filter(is_free);
    // There is always one more number.
    free.next().unwrap_or_else(|| name.clone())
}

/// Whether there is a type of that name; relations are types, too.
fn has_type(catalog: &Catalog, name: &QualifiedName) -> bool {
    let kinds = [ObjectKind::CompositeType, ObjectKind::RangeType];
    let mut others = kinds.into_iter().map(|kind| OtherId {
        kind,
        identity: name.to_string(),
    });
    catalog.has_relation(name)
        || catalog.enums.contains(name)
        || catalog.domains.contains(name)
        || catalog.sequences.contains(name)
        || others.any(|it| catalog.others.contains(&it))
}

/// Whether a column is exchanged by a statement of its own: not one that a table above its own has.
pub(crate) fn is_exchanged(table: &Table, column: &Column, context: &Context<'_>) -> bool {
    let (from, to) = (context.from, context.to);
    !is_retyped_from_above(from, to, &table.name, &column.name)
}

/// The columns that have the type before and after, in the target's order.
pub(crate) fn columns_of<'a>(
    name: &QualifiedName,
    context: &'a Context<'_>,
) -> Vec<(&'a Table, &'a Column)> {
    let mut tables: Vec<&Table> = context.to.tables.iter().collect();
    tables.sort_by_key(|it| {
        context
            .options
            .order
            .place(&ObjectId::Table(it.name.clone()))
    });
    let before = |table: &Table, column: &Column| {
        let table = context.from.tables.get(&table.name)?;
        table.column(&column.name)
    };
    let faults = context.options.manner == Manner::PrismaWithFaults;
    let mut found = Vec::new();
    for table in tables {
        for column in table.columns.iter().filter(|it| is_of_type(it, name)) {
            // Prisma alters columns too that are only made later.
            if faults || before(table, column).is_some_and(|it| is_of_type(it, name)) {
                found.push((table, column));
            }
        }
    }
    found
}

/// The columns of the type that get another one later, or whose table is dropped later.
pub(crate) fn leaving<'a>(
    name: &QualifiedName,
    context: &'a Context<'_>,
) -> Vec<(&'a Table, &'a Column)> {
    let stays = |table: &Table, column: &Column| {
        let Some(table) = context.to.tables.get(&table.name) else {
            return false;
        };
        // Those that are dropped alone are gone by then.
        table
            .column(&column.name)
            .is_none_or(|it| is_of_type(it, name))
    };
    let columns = context.from.tables.iter().flat_map(|table| {
        let of_type = table.columns.iter().filter(|it| is_of_type(it, name));
        of_type.map(move |column| (table, column))
    });
    columns
        .filter(|(table, column)| !stays(table, column) && is_exchanged(table, column, context))
        .collect()
}
