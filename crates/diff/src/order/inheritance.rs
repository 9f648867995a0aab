//! What has to wait where a table has something from another one: a change of the other reaches it.

use std::collections::HashMap;

use driftless_catalog::{Catalog, ConstraintKind, Ident, QualifiedName};

use super::Graph;
use crate::inheritance::{ancestors, parents};
use crate::partition_index::has_twin;
use crate::{Change, Delta, is_complete};

/// The changes of a table's parts.
#[derive(Default)]
struct Parts<'a> {
    whole: Vec<usize>,
    columns: Vec<(usize, &'a Delta<'a, driftless_catalog::Column>)>,
    /// Keys, checks and the like, and indexes.
    others: Vec<usize>,
    foreign_keys: Vec<usize>,
}

impl Parts<'_> {
    fn all(&self) -> impl Iterator<Item = usize> {
        let columns = self.columns.iter().map(|(at, _)| *at);
        let whole = self.whole.iter().copied();
        whole.chain(columns).chain(self.others.iter().copied())
    }

    fn of_column<'a>(&'a self, name: &'a Ident) -> impl Iterator<Item = usize> + 'a {
        let same = self
            .columns
            .iter()
            .filter(move |(_, it)| it.object().name == *name);
        same.map(|(at, _)| *at)
    }
}

fn parts<'a>(changes: &'a [Change<'a>]) -> HashMap<&'a QualifiedName, Parts<'a>> {
    let mut found: HashMap<&QualifiedName, Parts<'_>> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        if let Change::Table(delta) = change {
            let parts = found.entry(&delta.object().name).or_default();
            parts.whole.push(at);
        } else if let Change::Column { table, delta } = change {
            found.entry(table).or_default().columns.push((at, delta));
        } else if let Change::Constraint { table, delta } = change {
            let parts = found.entry(table).or_default();
            match delta.object().kind {
                ConstraintKind::ForeignKey(_) => parts.foreign_keys.push(at),
                ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Check { .. }
                | ConstraintKind::Exclusion { .. }
                | ConstraintKind::NotNull { .. } => parts.others.push(at),
            }
        } else if let Change::Index { relation, .. } = change {
            found.entry(relation).or_default().others.push(at);
        }
    }
    found
}

/// Adds the edges.
pub(super) fn edges(graph: &mut Graph, from: &Catalog, to: &Catalog, changes: &[Change<'_>]) {
    let (found, indexes) = (parts(changes), indexes(changes));
    let constraints = constraints(changes);
    let state = to;
    let of = |table: &QualifiedName| found.get(table).into_iter();
    for (at, change) in changes.iter().enumerate() {
        if let Change::Partition { table, from, to } = change {
            for part in from.iter().flat_map(|it| of(&it.of)).chain(of(table)) {
                if to.is_none() {
                    let keys = part.foreign_keys.iter().copied();
                    part.all().chain(keys).for_each(|it| graph.add(at, it));
                }
            }
            for part in to.iter().flat_map(|it| of(&it.of)).chain(of(table)) {
                if to.is_some() {
                    part.all()
                        .for_each(|it| join(graph, state, &changes[it], (it, at)));
                }
            }
        } else if let Change::Table(Delta::Alter { from, to }) = change {
            // Who no longer inherits does so before its former parent changes, and who begins to, afterwards.
            let gone = from.inherits.iter().filter(|it| !to.inherits.contains(it));
            let new = to.inherits.iter().filter(|it| !from.inherits.contains(it));
            for part in gone.flat_map(of) {
                part.all().for_each(|it| graph.add(at, it));
            }
            for part in new.flat_map(of) {
                part.all().for_each(|it| graph.add(it, at));
            }
        } else if let Change::Table(Delta::Create(table)) = change {
            let parent = table.partition.iter().flat_map(|it| of(&it.of));
            let others = parent.flat_map(|it| &it.others);
            for it in others.filter(|it| lacks_parts(state, &changes[**it])) {
                graph.add(at, *it);
            }
        } else if let Change::AttachIndex { table, index, to } = change {
            let parts = [table.sibling((*index).clone()), (*to).clone()];
            for it in parts.iter().flat_map(|it| indexes.get(it)).flatten() {
                graph.add(*it, at);
            }
            of(table)
                .flat_map(|it| &it.whole)
                .for_each(|it| graph.add(*it, at));
        } else if let Change::Column { table, delta } = change {
            let name = &delta.object().name;
            for above in above(from, to, table).into_iter().flat_map(of) {
                above.of_column(name).for_each(|it| graph.add(it, at));
            }
        } else if let Change::Constraint { table, delta } = change {
            for above in above(from, to, table) {
                let same = (above, &delta.object().name);
                for (other, made) in constraints.get(&same).into_iter().flatten() {
                    // What is to be the parent's goes before the parent has it.
                    match matches!(delta, Delta::Drop(_)) {
                        true if *made => graph.add(at, *other),
                        true => {}
                        false => graph.add(*other, at),
                    }
                }
            }
            part(
                graph,
                at,
                matches!(delta, Delta::Drop(_)),
                above(from, to, table).into_iter().flat_map(of),
            );
        } else if let Change::Index { relation, delta } = change {
            part(
                graph,
                at,
                matches!(delta, Delta::Drop(_)),
                above(from, to, relation).into_iter().flat_map(of),
            );
        }
    }
}

/// A table joins another one when both are as they should be. Only an index that not all partitions have a part of comes
/// later, since the table would get a part, too, and one of its own that would be taken for a part.
fn join(graph: &mut Graph, state: &Catalog, change: &Change<'_>, (it, joins): (usize, usize)) {
    match lacks_parts(state, change) {
        true => graph.add(joins, it),
        false => graph.add(it, joins),
    }
}

/// Whether the change makes an index that not all partitions have a part of, or that would be taken for a part.
fn lacks_parts(state: &Catalog, change: &Change<'_>) -> bool {
    made_index(change).is_some_and(|(table, name)| {
        let has_twin = || {
            let table = state.tables.get(table);
            table.is_some_and(|it| has_twin(it, name))
        };
        !is_complete(state, table, name) || has_twin()
    })
}

/// The index that a change makes, as its own or as that of a key.
fn made_index<'a>(change: &Change<'a>) -> Option<(&'a QualifiedName, &'a Ident)> {
    if let Change::Index {
        relation,
        delta: Delta::Create(it),
    } = change
    {
        return Some((relation, &it.name));
    }
    if let Change::Constraint {
        table,
        delta: Delta::Create(it),
    } = change
    {
        return Some((table, &it.name));
    }
    None
}

/// The changes of constraints by table and name, and whether they make them.
fn constraints<'a>(
    changes: &[Change<'a>],
) -> HashMap<(&'a QualifiedName, &'a Ident), Vec<(usize, bool)>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        if let Change::Constraint { table, delta } = change {
            let of_name = found.entry((*table, &delta.object().name)).or_default();
            of_name.push((at, change.is_create()));
        }
    }
    found
}

/// The changes that make indexes, by the index.
fn indexes(changes: &[Change<'_>]) -> HashMap<QualifiedName, Vec<usize>> {
    let mut found: HashMap<QualifiedName, Vec<usize>> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        if let Some((table, name)) = made_index(change) {
            found
                .entry(table.sibling(name.clone()))
                .or_default()
                .push(at);
        }
    }
    found
}

/// What is over a column goes before a parent changes that, and comes afterwards.
fn part<'a>(graph: &mut Graph, at: usize, drops: bool, above: impl Iterator<Item = &'a Parts<'a>>) {
    for (column, _) in above.flat_map(|it| &it.columns) {
        match drops {
            true => graph.add(at, *column),
            false => graph.add(*column, at),
        }
    }
}

/// The tables that a table has something from, before or after.
fn above<'a>(from: &'a Catalog, to: &'a Catalog, table: &QualifiedName) -> Vec<&'a QualifiedName> {
    let mut found: Vec<&QualifiedName> = [from, to]
        .into_iter()
        .flat_map(|it| it.tables.get(table).into_iter().map(move |of| (it, of)))
        .flat_map(|(catalog, of)| parents(of).map(move |it| (catalog, it)))
        .flat_map(|(catalog, it)| ancestors(catalog, it))
        .collect();
    found.sort();
    found.dedup();
    found
}
