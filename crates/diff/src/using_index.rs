//! A key over the columns of a unique index that is there already takes that index over, instead of building another.

use std::collections::HashMap;

use driftless_catalog::{
    Catalog, Constraint, ConstraintKind, Ident, Index, IndexTarget, KeyColumns, ObjectId,
    QualifiedName, Table,
};

use crate::{Change, Delta};

/// The indexes that new keys take over, by the key: of each, its table's drop and the key's creation are in `changes`.
///
/// Follows PostgreSQL, `ALTER TABLE`, `ADD table_constraint_using_index`.
pub fn taken_indexes<'a>(
    changes: &[Change<'a>],
    from: &'a Catalog,
    to: &'a Catalog,
) -> HashMap<ObjectId, &'a Index> {
    let mut dropped: HashMap<&QualifiedName, Vec<&'a Index>> = HashMap::new();
    for change in changes {
        if let Change::Index {
            relation,
            delta: Delta::Drop(index),
        } = change
        {
            dropped.entry(relation).or_default().push(index);
        }
    }
    let mut taken = HashMap::new();
    for change in changes {
        if let Change::Constraint {
            table,
            delta: Delta::Create(key),
        } = change
            && let Some(indexes) = dropped.get_mut(table)
            && let Some((before, after)) = from.tables.get(table).zip(to.tables.get(table))
            && let Some(at) = taken_by(key, indexes, before, after)
        {
            taken.insert(change.object(), indexes.remove(at));
        }
    }
    taken
}

/// Which of the indexes of a table the key takes: the one of its name rather than another.
pub(crate) fn taken_by(
    key: &Constraint,
    indexes: &[&Index],
    before: &Table,
    after: &Table,
) -> Option<usize> {
    let fits = |it: &&Index| fits(it, key, before, after);
    let named = |it: &&Index| it.name == key.name && fits(it);
    let same = indexes.iter().position(named);
    same.or_else(|| indexes.iter().position(fits))
}

fn fits(index: &Index, key: &Constraint, before: &Table, after: &Table) -> bool {
    let (columns, is_primary) = match &key.kind {
        ConstraintKind::PrimaryKey(columns) => (columns, true),
        ConstraintKind::Unique(columns) => (columns, false),
        ConstraintKind::ForeignKey(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => return false,
    };
    let KeyColumns {
        columns,
        include,
        nulls_not_distinct,
        without_overlaps,
        options,
        tablespace,
        clustered,
    } = columns;
    let plain: Option<Vec<&Ident>> = index.keys.iter().map(plain_column).collect();
    let same = plain.is_some_and(|it| it.into_iter().eq(columns))
        && index.include == *include
        && index.nulls_not_distinct == *nulls_not_distinct
        && index.options == *options
        && index.tablespace == *tablespace
        && index.clustered == *clustered;
    // A column that is dropped and made again takes its indexes along.
    let stays = |it: &Ident| {
        let pair = before.column(it).zip(after.column(it));
        pair.is_some_and(|(before, after)| {
            before.data_type == after.data_type
                && before.collation == after.collation
                && before.generated == after.generated
        })
    };
    same && index.unique
        && index.valid
        && index.method == "btree"
        && index.predicate.is_none()
        && index.comment.is_none()
        && !without_overlaps
        && !(is_primary && *nulls_not_distinct)
        && before.partition_by.is_none()
        && columns.iter().chain(include).all(stays)
}

/// The column that an index is ordered by as a key would be.
fn plain_column(key: &driftless_catalog::IndexKey) -> Option<&Ident> {
    let IndexTarget::Column(name) = &key.target else {
        return None;
    };
    let usual = key.collation.is_none() && key.opclass.is_none() && key.nulls.is_none();
    (usual && !key.is_descending()).then_some(name)
}
