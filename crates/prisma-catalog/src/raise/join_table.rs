//! Tables that stand for implicit many-to-many relations.

use driftless_catalog::ReferentialAction;
use driftless_psl::{Arity, IndexAlgorithm};

use super::seen::{KeyKind, SeenColumn, SeenForeignKey, SeenKey, SeenKeyColumn, SeenTable};

/// Whether a table becomes an implicit many-to-many relation.
///
/// Prisma takes one for that if it looks like it, and forgets what is different about it. Here it has to be what such a
/// relation asks for, but for names of keys; else the table becomes a model of its own.
pub(super) fn is_join_table(
    table: &SeenTable<'_>,
    tables: &[SeenTable<'_>],
    prisma_compatible: bool,
) -> bool {
    looks_like_one(table, tables) && (prisma_compatible || is_as_prisma_makes_it(table, tables))
}

/// Whether a table is called `_…`, and has a key of the columns `A` and `B`, an index on `B`, and a foreign key each, to
/// the table with the lesser name by `A`.
///
/// Follows the Prisma documentation, "Many-to-many relations", Conventions for relation tables.
fn looks_like_one(table: &SeenTable<'_>, tables: &[SeenTable<'_>]) -> bool {
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
        && table.keys.iter().any(is_key_of_both)
        && table.keys.iter().any(is_index_on_b)
        && (left <= right && is_a(one) && is_b(other) || right <= left && is_b(one) && is_a(other))
}

/// Whether a table that looks like a join table has nothing that a schema would have to say of it: no other columns and
/// keys, no defaults, columns of the types of the primary keys that they reference, and rows that go with those.
fn is_as_prisma_makes_it(table: &SeenTable<'_>, tables: &[SeenTable<'_>]) -> bool {
    let is_plain_column = |it: &SeenColumn<'_>| {
        matches!(it.name.as_str(), "A" | "B") && it.arity == Arity::Required && it.default.is_none()
    };
    let is_plain_key = |it: &SeenKey<'_>| {
        let is_plain = |it: &SeenKeyColumn<'_>| !it.is_descending && it.opclass.is_none();
        it.predicate.is_none()
            && it.algorithm == IndexAlgorithm::BTree
            && it.columns.iter().all(is_plain)
    };
    let cascades = |it: &SeenForeignKey<'_>| {
        it.key.on_delete == ReferentialAction::Cascade
            && it.key.on_update == ReferentialAction::Cascade
    };
    let is_to_key = |it: &SeenForeignKey<'_>| {
        let other = &tables[it.references];
        let (&[own], &[referenced]) = (&it.columns[..], &it.referenced_columns[..]) else {
            return false;
        };
        let key = other.primary_key().map(|it| &it.columns[..]);
        matches!(key, Some([it]) if it.column == referenced)
            && table.columns[own].ty == other.columns[referenced].ty
    };
    table.columns.len() == 2
        && table.columns.iter().all(is_plain_column)
        && table.keys.len() == 2
        && table.keys.iter().all(is_plain_key)
        && table
            .foreign_keys
            .iter()
            .all(|it| cascades(it) && is_to_key(it))
}
