//! Which table is filled before which.

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Constraint, ConstraintKind, ForeignKey, QualifiedName, Table};

/// The tables that rows are put into: all but partitions, which get theirs by the partitioned table; those that foreign
/// keys lead to first, else by name.
pub(crate) fn in_order(catalog: &Catalog) -> Vec<&Table> {
    let mut waiting: Vec<&Table> = catalog
        .tables
        .iter()
        .filter(|it| it.partition.is_none())
        .collect();
    let mut done: BTreeSet<&QualifiedName> = BTreeSet::new();
    let mut found = Vec::new();
    while !waiting.is_empty() {
        let ready = |it: &&Table| {
            let keys = foreign_keys(it).map(|key| root(catalog, &key.references));
            let mut keys = keys.filter(|name| **name != it.name);
            keys.all(|name| done.contains(name) || !catalog.tables.contains(name))
        };
        let (mut next, rest): (Vec<&Table>, Vec<&Table>) = waiting.iter().copied().partition(ready);
        waiting = rest;
        // Of a circle, the first by name goes first.
        if next.is_empty() {
            next.push(waiting.remove(0));
        }
        for it in next {
            done.insert(&it.name);
            found.push(it);
        }
    }
    found
}

/// The partitioned table at the top.
fn root<'a>(catalog: &'a Catalog, name: &'a QualifiedName) -> &'a QualifiedName {
    let mut name = name;
    while let Some(partition) = catalog
        .tables
        .get(name)
        .and_then(|it| it.partition.as_ref())
    {
        name = &partition.of;
    }
    name
}

pub(crate) fn foreign_keys(table: &Table) -> impl Iterator<Item = &ForeignKey> {
    table
        .constraints
        .iter()
        .filter_map(|it: &Constraint| match &it.kind {
            ConstraintKind::ForeignKey(key) => Some(key),
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::NotNull { .. } => None,
        })
}
