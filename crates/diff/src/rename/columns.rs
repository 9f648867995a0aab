//! Columns that may have got another name.

use driftless_catalog::{Catalog, Column, ConstraintKind, Ident, IndexTarget, ObjectId, Table};

use super::{Candidate, Evidence, objects};
use crate::column;

/// The columns of tables that are in both states.
pub(super) fn columns(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut found = Vec::new();
    for before in &from.tables {
        if let Some(after) = to.tables.get(&before.name) {
            of_table(before, after, &mut found);
        }
    }
    found
}

fn of_table(before: &Table, after: &Table, found: &mut Vec<Candidate>) {
    // The columns of a child are renamed with those of its parent.
    let gone = |it: &&Column| after.column(&it.name).is_none() && !it.inherited;
    let new = |it: &&Column| before.column(&it.name).is_none() && !it.inherited;
    for old in before.columns.iter().filter(gone) {
        for column in after.columns.iter().filter(new) {
            let of = || before.name.clone();
            let rename = objects(
                ObjectId::Column(of(), old.name.clone()),
                ObjectId::Column(of(), column.name.clone()),
            );
            let evidence = evidence((before, old), (after, column));
            found.push(Candidate::new(rename).with(evidence));
        }
    }
}

/// Columns of different types may be one whose type has changed, too; but nothing of the columns themselves says so.
fn evidence(from: (&Table, &Column), to: (&Table, &Column)) -> Vec<Evidence> {
    let ((before, old), (after, column)) = (from, to);
    if old.data_type != column.data_type {
        return Vec::new();
    }
    let mut found = vec![Evidence::SameType(column.data_type.to_string())];
    if let Some(place) = same_place(from, to) {
        found.push(Evidence::SamePlace(place));
    }
    if column::differences(old, column).is_empty() {
        found.push(Evidence::SameProperties);
    }
    let keys = same_keys(before, after, &old.name, &column.name);
    if !keys.is_empty() {
        found.push(Evidence::SameKeys(keys));
    }
    found
}

/// The place in the second table, if it is the same in both, counted from the start or between the columns that both
/// tables have.
fn same_place(from: (&Table, &Column), to: (&Table, &Column)) -> Option<usize> {
    let ((before, old), (after, column)) = (from, to);
    let place = |table: &Table, name: &Ident| table.columns.iter().position(|it| it.name == *name);
    let (was, is) = (place(before, &old.name)?, place(after, &column.name)?);
    let neighbours = |table: &Table, other: &Table, at: usize| {
        let in_both = |it: &&Column| other.column(&it.name).is_some();
        let left = table.columns[..at].iter().rev().find(in_both);
        let right = table.columns[at + 1..].iter().find(in_both);
        (
            left.map(|it| it.name.clone()),
            right.map(|it| it.name.clone()),
        )
    };
    let between = neighbours(before, after, was) == neighbours(after, before, is);
    // At the end of both there may be any number of them.
    let last = neighbours(after, before, is).1.is_none();
    (was == is || between && !last).then_some(is + 1)
}

/// The keys and indexes of the second table that the first has over the old name.
fn same_keys(before: &Table, after: &Table, old: &Ident, new: &Ident) -> Vec<String> {
    let renamed = |columns: &[Ident]| -> Vec<Ident> {
        let columns = columns.iter();
        columns
            .map(|it| if it == old { new.clone() } else { it.clone() })
            .collect()
    };
    let mut names = Vec::new();
    for it in &after.constraints {
        let Some(columns) = key_columns(&it.kind).filter(|it| it.contains(new)) else {
            continue;
        };
        let alike = |other: &ConstraintKind| {
            std::mem::discriminant(other) == std::mem::discriminant(&it.kind)
                && key_columns(other).is_some_and(|it| renamed(it) == columns)
        };
        if before.constraints.iter().any(|it| alike(&it.kind)) {
            names.push(it.name.to_string());
        }
    }
    for it in after.indexes.iter() {
        let targets = |index: &driftless_catalog::Index| {
            let keys = index.keys.iter().map(|it| it.target.clone());
            keys.collect::<Vec<_>>()
        };
        let wanted = targets(it);
        let has = wanted.contains(&IndexTarget::Column(new.clone()));
        let alike = |other: &driftless_catalog::Index| {
            let mut keys = targets(other);
            for key in &mut keys {
                if *key == IndexTarget::Column(old.clone()) {
                    *key = IndexTarget::Column(new.clone());
                }
            }
            other.unique == it.unique && other.method == it.method && keys == wanted
        };
        if has && before.indexes.iter().any(alike) {
            names.push(it.name.to_string());
        }
    }
    names
}

fn key_columns(kind: &ConstraintKind) -> Option<&[Ident]> {
    match kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => Some(&key.columns),
        ConstraintKind::ForeignKey(key) => Some(&key.columns),
        ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => None,
    }
}
