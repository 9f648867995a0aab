//! Keys, `NOT NULL`, defaults and sequences: what is on columns, and has to come and go in turn.

use std::collections::HashMap;

use driftless_catalog::{
    Catalog, ConstraintKind, Ident, IndexTarget, ObjectId, QualifiedName, Table,
};

use crate::graph::{Graph, Lookup};
use crate::inheritance::parents;
use crate::{Change, Delta};

/// A unique index that stands in for a primary key goes when the key has come, so that the table is never
/// without one.
pub(super) fn key_before_index(graph: &mut Graph, from: &Catalog, changes: &[Change<'_>]) {
    for (dropped, change) in changes.iter().enumerate() {
        let Change::Index {
            relation,
            delta: Delta::Drop(index),
        } = change
        else {
            continue;
        };
        let has_key = |it: &Table| {
            let mut kinds = it.constraints.iter().map(|it| &it.kind);
            kinds.any(|it| matches!(it, ConstraintKind::PrimaryKey(_)))
        };
        if !index.unique || from.tables.get(relation).is_none_or(has_key) {
            continue;
        }
        let covers = |it: &Change<'_>| {
            let Change::Constraint {
                table,
                delta: Delta::Create(key),
            } = it
            else {
                return false;
            };
            let ConstraintKind::PrimaryKey(key) = &key.kind else {
                return false;
            };
            let columns = key.columns.iter().map(|it| IndexTarget::Column(it.clone()));
            *table == *relation && index.keys.iter().map(|it| it.target.clone()).eq(columns)
        };
        let made = changes.iter().position(covers);
        let has_name = |it: &Change<'_>| matches!(it, Change::Constraint { delta, .. } if delta.object().name == index.name);
        // Two of one name are never there together.
        if let Some(made) = made.filter(|it| !has_name(&changes[*it])) {
            graph.add(made, dropped);
        }
    }
}

/// A column may have NULL when it is in no primary key any more; and where a key is made without the partitions, the
/// columns of all of them have to be NOT NULL before.
pub(super) fn key_and_not_null(graph: &mut Graph, from: &Catalog, changes: &[Change<'_>]) {
    let mut loosened: HashMap<(&QualifiedName, &Ident), usize> = HashMap::new();
    let mut tightened: HashMap<(&QualifiedName, &Ident), usize> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        if let Change::Column {
            table,
            delta: Delta::Alter { from, to },
        } = change
        {
            match (from.not_null, to.not_null) {
                (true, false) => drop(loosened.insert((table, &to.name), at)),
                (false, true) => drop(tightened.insert((table, &to.name), at)),
                (true, true) | (false, false) => {}
            }
        }
    }
    for (at, change) in changes.iter().enumerate() {
        let Change::Constraint { table, delta } = change else {
            continue;
        };
        if let Delta::Drop(it) = delta
            && let ConstraintKind::NotNull { column, .. } = &it.kind
            && let Some(table) = from.tables.get(table)
        {
            // What a parent has, too, it has to lose first.
            let first = parents(table).filter_map(|it| loosened.get(&(it, column)));
            first.for_each(|first| graph.add(*first, at));
        }
        let ConstraintKind::PrimaryKey(key) = &delta.object().kind else {
            continue;
        };
        for column in &key.columns {
            match delta {
                Delta::Drop(_) => {
                    let then = loosened.get(&(table, column)).into_iter();
                    then.for_each(|then| graph.add(at, *then));
                }
                Delta::Create(_) => {
                    let first = tightened.get(&(table, column)).into_iter();
                    first.for_each(|first| graph.add(*first, at));
                }
                Delta::Alter { .. } => {}
            }
        }
    }
}

/// A default is dropped before its column is altered, and comes back when all that is over.
pub(super) fn around_defaults(
    graph: &mut Graph,
    lookup: &Lookup,
    from: &Catalog,
    changes: &[Change<'_>],
) {
    let mut dropped: HashMap<ObjectId, usize> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        let Change::Default { delta, .. } = change else {
            continue;
        };
        let column = change.object();
        match delta {
            Delta::Drop(_) => {
                if let Some(then) = lookup.altered.get(&column) {
                    graph.add(at, *then);
                }
                dropped.insert(column, at);
            }
            Delta::Create(_) | Delta::Alter { .. } => {
                let needs = from.dependencies_of(&column);
                let gone = needs.filter(|it| lookup.frees(&column, it));
                let gone = gone.filter_map(|it| lookup.dropper(it));
                for first in dropped.get(&column).copied().into_iter().chain(gone) {
                    graph.add(first, at);
                }
            }
        }
    }
}

/// A sequence lets go of a column before that is dropped, and takes another one afterwards.
pub(super) fn owners_of_sequences(graph: &mut Graph, lookup: &Lookup, changes: &[Change<'_>]) {
    let mut released: HashMap<ObjectId, usize> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        let Change::SequenceOwner { from, to, .. } = change else {
            continue;
        };
        if let Some(owner) = from {
            let column = ObjectId::Column(owner.table.clone(), owner.column.clone());
            if let Some(then) = lookup.dropper(&column) {
                graph.add(at, then);
            }
        }
        match to {
            None => drop(released.insert(change.object(), at)),
            Some(owner) => {
                let column = ObjectId::Column(owner.table.clone(), owner.column.clone());
                let first = released.get(&change.object()).copied();
                for first in first.into_iter().chain(lookup.maker(&column)) {
                    graph.add(first, at);
                }
            }
        }
    }
}
