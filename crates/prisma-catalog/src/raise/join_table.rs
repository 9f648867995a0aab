//! Tables that stand for implicit many-to-many relations.

use super::seen::{KeyKind, SeenKey, SeenTable};

/// Whether Prisma takes a table for the join table of a many-to-many relation: called `_…`, with a key of the columns
/// `A` and `B`, an index on `B`, and a foreign key each, to the table with the lesser name by `A`.
///
/// Prisma does not mind further columns, and forgets them. Else a table with some becomes a model of its own.
///
/// Follows the Prisma documentation, "Many-to-many relations", Conventions for relation tables.
pub(super) fn is_join_table(
    table: &SeenTable<'_>,
    tables: &[SeenTable<'_>],
    prisma_compatible: bool,
) -> bool {
    let name = |at: usize| table.columns[at].name.as_str();
    let is_a = |at: usize| name(at).eq_ignore_ascii_case("a");
    let is_b = |at: usize| name(at).eq_ignore_ascii_case("b");
    let is_key_of_both = |it: &SeenKey<'_>| {
        it.kind != KeyKind::Normal
            && matches!(&it.columns[..], [a, b] if is_a(a.column) && is_b(b.column))
    };
    let is_index_on_b = |it: &SeenKey<'_>| {
        it.kind == KeyKind::Normal && matches!(&it.columns[..], [b] if is_b(b.column))
    };
    let [first, second] = &table.foreign_keys[..] else {
        return false;
    };
    let (&[one], &[other]) = (&first.columns[..], &second.columns[..]) else {
        return false;
    };
    let referenced = |at: usize| &tables[at].table.name.name;
    let (left, right) = (referenced(first.references), referenced(second.references));
    table.table.name.name.as_str().starts_with('_')
        && (table.columns.len() == 2 || prisma_compatible)
        && table.keys.iter().any(is_key_of_both)
        && table.keys.iter().any(is_index_on_b)
        && (left <= right && is_a(one) && is_b(other) || right <= left && is_b(one) && is_a(other))
}
