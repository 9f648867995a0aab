//! A name is free when what has it is gone: tables, views, sequences, indexes and keys of a schema share theirs, and
//! tables and views are types, too.

use std::collections::HashMap;

use driftless_catalog::{Catalog, ObjectId, ObjectKind, QualifiedName, Table};

use super::Graph;
use crate::{Change, Delta, parts_of};

/// Adds the edges.
pub(super) fn edges(graph: &mut Graph, from: &Catalog, changes: &[Change<'_>]) {
    let mut freed: HashMap<String, usize> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        for name in frees(from, change) {
            freed.entry(name).or_insert(at);
        }
    }
    if freed.is_empty() {
        return;
    }
    for (at, change) in changes.iter().enumerate() {
        for name in takes(change) {
            if let Some(first) = freed.get(&name) {
                graph.add(*first, at);
            }
        }
    }
}

/// The names that a change gives up.
fn frees(from: &Catalog, change: &Change<'_>) -> Vec<String> {
    if let Change::Index { relation, delta } = change {
        return match delta {
            Delta::Create(_) => Vec::new(),
            Delta::Drop(it) => with_parts(from, relation.sibling(it.name.clone())),
            Delta::Alter { from, to } if from.name != to.name => {
                vec![relation.sibling(from.name.clone()).to_string()]
            }
            Delta::Alter { .. } => Vec::new(),
        };
    }
    if let Change::Constraint { table, delta } = change {
        return match delta {
            Delta::Drop(it) if it.has_index() => with_parts(from, table.sibling(it.name.clone())),
            Delta::Alter { from, to } if from.has_index() && from.name != to.name => {
                vec![table.sibling(from.name.clone()).to_string()]
            }
            Delta::Create(_) | Delta::Drop(_) | Delta::Alter { .. } => Vec::new(),
        };
    }
    if let Change::Table(Delta::Drop(it)) = change {
        return of_table(it);
    }
    if let Change::MaterializedView(Delta::Drop(it)) = change {
        let indexes = it.indexes.iter().map(|index| &index.name);
        let names = indexes.map(|index| it.name.sibling(index.clone()));
        return names
            .chain([it.name.clone()])
            .map(|it| it.to_string())
            .collect();
    }
    let object = change.is_drop().then(|| change.object());
    object
        .as_ref()
        .and_then(relation_or_type)
        .into_iter()
        .collect()
}

/// The names that a change needs.
fn takes(change: &Change<'_>) -> Vec<String> {
    if let Change::Index {
        relation,
        delta: Delta::Create(it) | Delta::Alter { to: it, .. },
    } = change
    {
        return vec![relation.sibling(it.name.clone()).to_string()];
    }
    if let Change::Constraint {
        table,
        delta: Delta::Create(it) | Delta::Alter { to: it, .. },
    } = change
    {
        let name = table.sibling(it.name.clone()).to_string();
        return it.has_index().then_some(name).into_iter().collect();
    }
    if let Change::Table(Delta::Create(it)) = change {
        return of_table(it);
    }
    let object = change.is_create().then(|| change.object());
    object
        .as_ref()
        .and_then(relation_or_type)
        .into_iter()
        .collect()
}

/// The table's own name, and those of its indexes, keys and identities.
fn of_table(table: &Table) -> Vec<String> {
    let indexes = table.indexes.iter().map(|it| &it.name);
    let keys = table.constraints.iter().filter(|it| it.has_index());
    let names = indexes.chain(keys.map(|it| &it.name));
    let names = names.map(|it| table.name.sibling(it.clone()));
    let identities = table.columns.iter().filter_map(|it| it.identity.as_ref());
    let sequences = identities.map(|it| it.sequence.clone());
    names
        .chain(sequences)
        .chain([table.name.clone()])
        .map(|it| it.to_string())
        .collect()
}

/// An index and its parts, which go with it.
fn with_parts(from: &Catalog, index: QualifiedName) -> Vec<String> {
    let parts = parts_of(from, &index);
    let mut found = vec![index.to_string()];
    for part in parts {
        if let ObjectId::Constraint(table, name) = part {
            found.push(table.sibling(name).to_string());
        } else {
            found.extend(relation_or_type(&part));
        }
    }
    found
}

/// The name, if the object is a relation or a type.
fn relation_or_type(object: &ObjectId) -> Option<String> {
    match object {
        ObjectId::Table(name)
        | ObjectId::View(name)
        | ObjectId::MaterializedView(name)
        | ObjectId::Sequence(name)
        | ObjectId::Enum(name)
        | ObjectId::Domain(name)
        | ObjectId::Index(name) => Some(name.to_string()),
        ObjectId::Other(id) => {
            let kinds = [
                ObjectKind::ForeignTable,
                ObjectKind::CompositeType,
                ObjectKind::RangeType,
                ObjectKind::BaseType,
            ];
            kinds.contains(&id.kind).then(|| id.identity.clone())
        }
        ObjectId::Schema(_)
        | ObjectId::Extension(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Column(..)
        | ObjectId::Constraint(..)
        | ObjectId::Trigger(..)
        | ObjectId::Policy(..)
        | ObjectId::Function(_)
        | ObjectId::DefaultPrivilege(_) => None,
    }
}
