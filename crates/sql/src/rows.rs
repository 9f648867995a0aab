//! What is known of the rows of a table without looking at them.

use driftless_catalog::{
    Catalog, Column, Constraint, ConstraintKind, ForeignKey, Ident, Index, QualifiedName, Table,
};
use driftless_diff::{Cast, loses_quietly, type_change};

use crate::Alike;
use crate::script::Context;

/// Whether two rows may have the same values in `columns` once the columns are as they should be.
///
/// They may not in a table that is only made, where the rows that are there have NULL or a number of their own
/// in one of them, and where a key of the state before keeps them apart already.
pub(crate) fn may_be_alike(
    table: &QualifiedName,
    columns: &[&Ident],
    context: &Context<'_>,
) -> bool {
    let (Some(from), Some(to)) = (context.from.tables.get(table), context.to.tables.get(table))
    else {
        return false;
    };
    let differs_in_each_row = |column: &Ident| {
        let new = is_new(from, to, column, context);
        new && to
            .column(column)
            .is_some_and(|it| !has_same_value_in_each_row(it))
    };
    let untouched = |column: &Ident| {
        columns.contains(&column)
            && match (from.column(column), to.column(column)) {
                (Some(from), Some(to)) => keeps_values(from, to, context),
                _ => false,
            }
    };
    let kept_apart = keys(from).any(|key| key.into_iter().all(untouched));
    !kept_apart && !columns.iter().any(|it| differs_in_each_row(it))
}

/// How to ask which rows a key over `columns` takes for alike: `nulls` says whether it does so with NULL.
pub(crate) fn alike(
    table: &QualifiedName,
    columns: &[&Ident],
    nulls: bool,
    context: &Context<'_>,
) -> Alike {
    let stays = |column: &Ident| {
        let in_table = |it: &Catalog| it.tables.get(table)?.column(column).cloned();
        match (in_table(context.from), in_table(context.to)) {
            (Some(from), Some(to)) => {
                from.data_type == to.data_type && from.collation == to.collation
            }
            _ => false,
        }
    };
    let there: Vec<Ident> = columns
        .iter()
        .filter(|it| stays(it))
        .map(|it| (*it).clone())
        .collect();
    Alike {
        certain: !there.is_empty() && there.len() == columns.len(),
        columns: there,
        nulls,
    }
}

/// Whether rows that are there may break a constraint.
pub(crate) fn may_break(
    table: &QualifiedName,
    constraint: &Constraint,
    context: &Context<'_>,
) -> bool {
    let (Some(from), Some(to)) = (context.from.tables.get(table), context.to.tables.get(table))
    else {
        return false;
    };
    let ConstraintKind::ForeignKey(key) = &constraint.kind else {
        return true;
    };
    let is_null = |column: &Ident| {
        let new = is_new(from, to, column, context);
        new && to.column(column).is_some_and(is_null_by_default)
    };
    let obeyed = from.constraints.iter().any(|it| match &it.kind {
        ConstraintKind::ForeignKey(before) => it.validated && refers_to_same(before, key),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => false,
    });
    let stays = |table: &QualifiedName, column: &Ident| {
        let column_of = |catalog: &Catalog| {
            let table = catalog.tables.get(table)?;
            table.column(column).cloned()
        };
        match (column_of(context.from), column_of(context.to)) {
            (Some(from), Some(to)) => keeps_values(&from, &to, context),
            _ => false,
        }
    };
    let all_stay = key.columns.iter().all(|it| stays(table, it))
        && key
            .referenced_columns
            .iter()
            .all(|it| stays(&key.references, it));
    let cannot_break = key.columns.iter().any(is_null) || obeyed && all_stay;
    !cannot_break
}

/// Whether a column of another type holds every value of the old one as it is.
pub(crate) fn keeps_values(from: &Column, to: &Column, context: &Context<'_>) -> bool {
    match type_change((from, context.from), (to, context.to)) {
        None => true,
        Some(Cast::Safe) => !loses_quietly(&from.data_type, &to.data_type),
        Some(Cast::Risky | Cast::None) => false,
    }
}

/// Whether the column is made for rows that are there.
fn is_new(from: &Table, to: &Table, column: &Ident, context: &Context<'_>) -> bool {
    match (from.column(column), to.column(column)) {
        (None, _) => true,
        (Some(from), Some(to)) => {
            let change = type_change((from, context.from), (to, context.to));
            context.options.manner.is_prisma() && change == Some(Cast::None)
        }
        (Some(_), None) => false,
    }
}

/// Whether a column that is added gets one value in all rows that are there.
fn has_same_value_in_each_row(column: &Column) -> bool {
    column.default.is_some() || column.generated.is_some()
}

/// Whether a column that is added is NULL in all rows that are there.
fn is_null_by_default(column: &Column) -> bool {
    column.default.is_none()
        && column.serial.is_none()
        && column.identity.is_none()
        && column.generated.is_none()
}

fn refers_to_same(before: &ForeignKey, after: &ForeignKey) -> bool {
    before.columns == after.columns
        && before.references == after.references
        && before.referenced_columns == after.referenced_columns
        && before.match_kind == after.match_kind
}

/// The columns of each key of a table: no two rows have the same values there.
fn keys(table: &Table) -> impl Iterator<Item = Vec<&Ident>> {
    let constraints = table.constraints.iter().filter_map(|it| match &it.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            Some(key.columns.iter().collect())
        }
        ConstraintKind::ForeignKey(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => None,
    });
    let whole = |it: &&Index| it.unique && it.valid && it.predicate.is_none();
    let indexes = table
        .indexes
        .iter()
        .filter(whole)
        .filter_map(Index::columns);
    constraints.chain(indexes)
}
