//! An order in which the changes can be applied.
//!
//! Each change has a place by its kind, which is Prisma's where Prisma has the kind. On top of that come
//! edges: what is needed is made first and dropped last. Among the changes that nothing holds back, the
//! one with the lowest place is next, so that the places decide wherever the edges leave a choice.

mod columns;
mod inheritance;
mod names;
mod needs;
mod phase;
mod types;

use driftless_catalog::{Catalog, Ident, ObjectId};

use self::columns::{around_defaults, key_and_not_null, key_before_index, owners_of_sequences};
use self::needs::{needs, parts_need};
use self::phase::{Phase, phase};
use self::types::around_types;
use crate::change::Direction;
use crate::graph::{Graph, Lookup};
use crate::{Change, Delta, DiffOptions, Found, Manner, circle, evaluation, other, table_anew};

/// The changes of `found` in an order that can be applied.
pub(crate) fn arrange<'a>(found: Found<'a, '_>) -> Vec<Change<'a>> {
    let Found {
        from,
        to,
        options,
        changes,
    } = found;
    let place = |change: &Change<'_>| {
        let object = change.object();
        let relation = change.relation().cloned().map(ObjectId::Table);
        // What is altered or dropped comes in the order of the source.
        let phase = match (options.manner, phase(change)) {
            (Manner::PrismaWithFaults, Phase::DropExtension) => Phase::ReplaceExtension,
            (_, phase) => phase,
        };
        let made = change.direction() == Direction::Create && phase != Phase::AlterTable;
        let wanted = match made {
            true => &options.order,
            false => &options.order_before,
        };
        let table = relation.as_ref().unwrap_or(&object);
        let outer = wanted.place(table);
        // Indexes of new tables come first, then those of others as the source has its tables.
        let sorted = phase == Phase::CreateIndex && options.manner.is_prisma();
        let existing = if sorted {
            existing_place(table, from, options)
        } else {
            None
        };
        let name = relation.as_ref().unwrap_or(&object).name();
        (
            phase,
            existing,
            outer,
            name,
            column_name(change)
                .filter(|_| options.manner.is_prisma())
                .cloned(),
            wanted.place(&name_before(change).unwrap_or(object)),
        )
    };
    let places: Vec<_> = changes.iter().map(place).collect();
    let mut graph = Graph::new(changes.len());
    edges(&mut graph, from, to, &changes);
    if options.manner != Manner::PrismaWithFaults {
        around_types(&mut graph, from, &changes);
    }
    evaluation::edges(&mut graph, to, &changes);
    let order = graph.sort(&places);
    let mut slots: Vec<Option<Change<'a>>> = changes.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|at| slots[at].take())
        .collect()
}

/// The place of a table that is there already.
fn existing_place(table: &ObjectId, from: &Catalog, options: &DiffOptions) -> Option<u32> {
    let ObjectId::Table(name) = table else {
        return None;
    };
    from.tables
        .contains(name)
        .then(|| options.order_before.place(table))
}

/// The name of a column that is added or dropped, which Prisma sorts by.
fn column_name<'a>(change: &Change<'a>) -> Option<&'a Ident> {
    if let Change::Column { delta, .. } = change {
        return Some(&delta.object().name);
    }
    None
}

/// The object under the name that it has in the source, if it is renamed.
fn name_before(change: &Change<'_>) -> Option<ObjectId> {
    if let Change::Index {
        relation,
        delta: Delta::Alter { from, .. },
    } = change
    {
        return Some(ObjectId::Index(relation.sibling(from.name.clone())));
    }
    if let Change::Constraint {
        table,
        delta: Delta::Alter { from, .. },
    } = change
    {
        return Some(ObjectId::Constraint((*table).clone(), from.name.clone()));
    }
    None
}

fn edges(graph: &mut Graph, from: &Catalog, to: &Catalog, changes: &[Change<'_>]) {
    key_before_index(graph, from, changes);
    inheritance::edges(graph, from, to, changes);
    names::edges(graph, from, changes);
    let lookup = Lookup::new(changes);
    owners_of_sequences(graph, &lookup, changes);
    around_defaults(graph, &lookup, from, changes);
    key_and_not_null(graph, from, changes);
    table_anew::order(graph, &lookup, to, changes);
    for (at, change) in changes.iter().enumerate() {
        let object = change.object();
        match change.direction() {
            Direction::Drop => {
                let with_it = parts_need(from, &object, &lookup);
                for needed in needs(from, &object, change).into_iter().chain(with_it) {
                    // The one that needs it goes first. A dropped column's type may go after the column.
                    if let Some(then) = lookup.dropper(&needed)
                        && !circle::is_open(from, change, &needed)
                    {
                        graph.add(at, then);
                    }
                }
                // What stands in the way of a change goes before it.
                for needed in from.dependencies_of(&object) {
                    if let Some(then) = lookup.altered.get(needed) {
                        graph.add(at, *then);
                    }
                }
            }
            Direction::Create | Direction::Alter => {
                for needed in needs(to, &object, change) {
                    if let Some(first) = lookup.maker(&needed)
                        && name_before(&changes[first]).is_none()
                        && !circle::is_open(to, change, &needed)
                    {
                        graph.add(first, at);
                    }
                }
                // What is said of an object waits for the object, and what is made again for its end.
                if let Some(maker) = lookup.maker(&object) {
                    match other::takes_no_grants(to, change) {
                        true => graph.add(at, maker),
                        false => graph.add(maker, at),
                    }
                }
                if change.direction() == Direction::Create
                    && let Some(first) = lookup.dropped.get(&object)
                {
                    graph.add(*first, at);
                }
                if change.direction() == Direction::Alter && !change.is_about() {
                    for needed in needs(from, &object, change) {
                        match lookup.dropper(&needed) {
                            // Its default is gone, and the new one may mean a function of the same name.
                            Some(first) if lookup.frees(&object, &needed) => graph.add(first, at),
                            Some(then) => graph.add(at, then),
                            None => {}
                        }
                    }
                }
            }
        }
    }
}
