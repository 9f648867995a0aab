use driftless_catalog::{
    Constraint, ConstraintKind, Deferral, ForeignKey, KeyColumns, QualifiedName, Table,
};

use super::Laying;
use crate::raise::Types;

/// Brings primary key and foreign keys into the form that the schema wants. Unique constraints are matched
/// with the unique indexes that Prisma makes instead, see `index`.
pub(super) fn merge(laying: &Laying<'_>, base: &Table, wanted: &Table, table: &mut Table) {
    primary_key(base, wanted, table);
    for it in &wanted.constraints {
        if let ConstraintKind::ForeignKey(key) = &it.kind {
            foreign_key(base, it, key, table);
        }
    }
    table.constraints.retain(|it| match &it.kind {
        ConstraintKind::ForeignKey(key) => {
            wanted.constraints.contains(&it.name)
                || !is_prismas(laying, base, it, key)
                || is_another_of_a_wanted(wanted, key)
        }
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => true,
    });
}

fn primary_key(base: &Table, wanted: &Table, table: &mut Table) {
    let before = base.primary_key();
    let after = wanted.primary_key();
    if let Some((it, _)) = before {
        table.constraints.remove(&it.name);
    }
    let Some((constraint, key)) = after else {
        return;
    };
    let kept = before.filter(|(_, it)| it.columns == key.columns);
    let merged = match kept {
        // Options, comment and the like are none of Prisma's business; the name is.
        Some((it, _)) => Constraint {
            name: constraint.name.clone(),
            ..it.clone()
        },
        None => constraint.clone(),
    };
    table.constraints.insert(merged);
}

fn foreign_key(base: &Table, wanted: &Constraint, key: &ForeignKey, table: &mut Table) {
    let of = |it: &Constraint| match &it.kind {
        ConstraintKind::ForeignKey(found) => Some(found.clone()),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => None,
    };
    let same_ends = |found: &ForeignKey| {
        found.columns == key.columns
            && found.references == key.references
            && found.referenced_columns == key.referenced_columns
    };
    let named = base.constraints.get(&wanted.name);
    let candidates = named.into_iter().chain(&base.constraints);
    let found = candidates
        .filter_map(|it| Some((it, of(it)?)))
        .find(|(_, it)| same_ends(it));
    let Some((before, found)) = found else {
        table.constraints.insert(wanted.clone());
        return;
    };
    table.constraints.remove(&before.name);
    // Prisma minds the actions; deferral, match and validation it can neither ask for nor see.
    let same_actions = found.on_delete == key.on_delete && found.on_update == key.on_update;
    let merged = ForeignKey {
        on_delete: key.on_delete,
        on_update: key.on_update,
        on_delete_columns: match same_actions {
            true => found.on_delete_columns.clone(),
            false => Vec::new(),
        },
        ..found
    };
    table.constraints.insert(Constraint {
        name: wanted.name.clone(),
        kind: ConstraintKind::ForeignKey(merged),
        ..before.clone()
    });
}

/// Whether the schema has a relation with the same ends, under another name: `prisma db pull` leaves all but one out.
fn is_another_of_a_wanted(wanted: &Table, key: &ForeignKey) -> bool {
    wanted.constraints.iter().any(|it| match &it.kind {
        ConstraintKind::ForeignKey(other) => {
            other.columns == key.columns
                && other.references == key.references
                && other.referenced_columns == key.referenced_columns
        }
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => false,
    })
}

/// Whether a relation in the schema could make the foreign key: both ends are models' tables, with columns of one type.
fn is_prismas(
    laying: &Laying<'_>,
    table: &Table,
    constraint: &Constraint,
    key: &ForeignKey,
) -> bool {
    let types = Types {
        catalog: laying.base,
        schemas: &laying.prisma.schemas,
        prisma_compatible: false,
    };
    let is_model = |table: &QualifiedName| laying.prisma.catalog.tables.contains(table);
    let gone = |table: &QualifiedName| {
        laying.prisma.governs(&table.schema) && laying.base.tables.contains(table)
    };
    (is_model(&key.references) || gone(&key.references))
        && !constraint.inherited
        && !key.period
        && types.can_relate(table, key)
}

/// Whether `@unique` could have made it: plain, and checked at once.
pub(super) fn is_plain_unique(constraint: &Constraint) -> Option<&KeyColumns> {
    unique_key(constraint).filter(|_| constraint.deferral == Deferral::NotDeferrable)
}

/// The columns of a unique constraint without overlaps.
pub(super) fn unique_key(constraint: &Constraint) -> Option<&KeyColumns> {
    match &constraint.kind {
        ConstraintKind::Unique(key) if !key.without_overlaps => Some(key),
        ConstraintKind::Unique(_)
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => None,
    }
}
