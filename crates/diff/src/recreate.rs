//! What Prisma makes again when the type of a column changes: the primary key and the foreign keys that the
//! column is part of, and the indexes of a column that is dropped and made again.

use std::collections::BTreeSet;

use driftless_catalog::{Constraint, ConstraintKind, Ident, IndexTarget, QualifiedName, Table};

use crate::{Cast, Change, Delta, Found, Manner, type_change};

/// Adds the drops and creates.
pub(crate) fn recreate(found: &mut Found<'_, '_>) {
    for from in &found.from.tables {
        if let Some(to) = found.to.tables.get(&from.name) {
            table(found, from, to);
        }
    }
}

/// Adds those of foreign keys whose columns, on either side, change their type: they fit each other before and
/// after, and not in between.
pub(crate) fn recreate_foreign_keys(found: &mut Found<'_, '_>) {
    let mut changed: BTreeSet<(&QualifiedName, &Ident)> = BTreeSet::new();
    for change in &found.changes {
        if let Change::Column {
            table,
            delta: Delta::Alter { from, to },
        } = change
            && from.data_type != to.data_type
        {
            changed.insert((*table, &to.name));
        }
    }
    if changed.is_empty() {
        return;
    }
    for from in &found.from.tables {
        let Some(to) = found.to.tables.get(&from.name) else {
            continue;
        };
        for before in &from.constraints {
            let ConstraintKind::ForeignKey(key) = &before.kind else {
                continue;
            };
            let hit = key
                .columns
                .iter()
                .any(|it| changed.contains(&(&from.name, it)))
                || key
                    .referenced_columns
                    .iter()
                    .any(|it| changed.contains(&(&key.references, it)));
            let after = to.constraints.get(&before.name);
            if let Some(after) = after.filter(|_| hit && !before.inherited) {
                constraint(found, &to.name, before, after);
            }
        }
    }
}

fn table<'a>(found: &mut Found<'a, '_>, from: &'a Table, to: &'a Table) {
    let mut changed: BTreeSet<&Ident> = BTreeSet::new();
    let mut anew: BTreeSet<&Ident> = BTreeSet::new();
    for before in &from.columns {
        let Some(after) = to.column(&before.name) else {
            continue;
        };
        let Some(cast) = type_change((before, found.from), (after, found.to)) else {
            continue;
        };
        changed.insert(&before.name);
        if cast == Cast::None {
            anew.insert(&before.name);
        }
    }
    if changed.is_empty() {
        return;
    }
    for before in &from.constraints {
        let columns = match &before.kind {
            ConstraintKind::PrimaryKey(key) => &key.columns,
            ConstraintKind::ForeignKey(key) => &key.columns,
            ConstraintKind::Unique(_)
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::NotNull { .. } => continue,
        };
        if !columns.iter().any(|it| changed.contains(it)) {
            continue;
        }
        match to.constraints.get(&before.name) {
            Some(after) => constraint(found, &to.name, before, after),
            None => renamed(found, &to.name, before),
        }
    }
    for index in &to.indexes {
        let kept = from.indexes.contains(&index.name);
        let hit = index.keys.iter().any(|it| match &it.target {
            IndexTarget::Column(column) => anew.contains(column),
            IndexTarget::Expression(_) => false,
        });
        // Postgres has dropped it together with the column.
        if kept
            && hit
            && !is_changed(
                found,
                |it| matches!(it, Change::Index { delta, .. } if delta.object().name == index.name),
            )
        {
            found.changes.push(Change::Index {
                relation: &to.name,
                delta: Delta::Create(index),
            });
        }
    }
}

/// Drops it and makes it under its new name, if it was to be renamed.
fn renamed<'a>(found: &mut Found<'a, '_>, table: &'a QualifiedName, before: &'a Constraint) {
    let is_rename = |it: &Change<'a>| matches!(it, Change::Constraint { table: of, delta: Delta::Alter { from, .. } } if *of == table && from.name == before.name);
    let Some(at) = found.changes.iter().position(is_rename) else {
        return;
    };
    let rename = found.changes.remove(at);
    if let Change::Constraint {
        delta: Delta::Alter { to, .. },
        ..
    } = rename
    {
        for delta in [Delta::Drop(before), Delta::Create(to)] {
            found.changes.push(Change::Constraint { table, delta });
        }
    }
    // Prisma drops the key, and renames it then.
    let is_key = matches!(before.kind, ConstraintKind::PrimaryKey(_));
    if is_key && found.options.manner == Manner::PrismaWithFaults {
        found.changes.push(rename);
    }
}

/// Drops it and makes it again, if that is not going to happen anyway.
fn constraint<'a>(
    found: &mut Found<'a, '_>,
    table: &'a QualifiedName,
    from: &'a Constraint,
    to: &'a Constraint,
) {
    let same = |it: &Change<'_>| matches!(it, Change::Constraint { table: of, delta } if *of == table && delta.object().name == to.name);
    if !is_changed(found, same) {
        for delta in [Delta::Drop(from), Delta::Create(to)] {
            found.changes.push(Change::Constraint { table, delta });
        }
    }
}

fn is_changed<'a>(found: &Found<'a, '_>, same: impl Fn(&Change<'a>) -> bool) -> bool {
    found.changes.iter().any(same)
}
