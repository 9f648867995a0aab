//! What goes before and behind a type that is altered, column by column.

use driftless_catalog::{Catalog, Column, ObjectKind, QualifiedName};

use crate::graph::Graph;
use crate::recreate::is_over_type;
use crate::{Change, Delta, other};

/// What has to be done before and after a type is altered, which may mean that it is made anew and exchanged column by
/// column. A foreign key goes before: one side would have the new type while the other still has the old one. A column
/// that is dropped alone need not be exchanged. One that gets another type does so afterwards, and a table goes
/// afterwards.
pub(super) fn around_types(graph: &mut Graph, from: &Catalog, changes: &[Change<'_>]) {
    for (at, change) in changes.iter().enumerate() {
        if let Change::Other(Delta::Alter { to, .. }) = change
            && matches!(
                to.id.kind,
                ObjectKind::CompositeType | ObjectKind::RangeType
            )
        {
            before_attributes(graph, at, &to.id.identity, changes);
        }
        if let Change::Other(Delta::Alter { from: before, to }) = change
            && other::is_range_anew(before, to)
        {
            keys_of_ranges(graph, at, &to.id.identity, from, changes);
        }
        let name = if let Change::Enum(Delta::Alter { to, .. }) = change {
            &to.name
        } else if let Change::Domain(Delta::Alter { to, .. }) = change {
            &to.name
        } else {
            continue;
        };
        let is_of_type = |it: &Column| it.data_type.name.user_defined().as_ref() == Some(name);
        for (other, change) in changes.iter().enumerate() {
            if let Change::Constraint {
                table,
                delta: Delta::Drop(constraint),
            } = change
                && is_over_type(from, table, constraint, name)
            {
                graph.add(other, at);
            } else if let Change::Table(Delta::Drop(table)) = change {
                if table.columns.iter().any(is_of_type) {
                    graph.add(at, other);
                }
            } else if let Change::Column { delta, .. } = change {
                match delta {
                    Delta::Drop(it) if is_of_type(it) => graph.add(other, at),
                    Delta::Alter { from, .. } if is_of_type(from) => graph.add(at, other),
                    Delta::Create(_) | Delta::Drop(_) | Delta::Alter { .. } => {}
                }
            }
        }
    }
}

/// What is over columns of a range type that is made again waits for that.
fn keys_of_ranges(
    graph: &mut Graph,
    at: usize,
    name: &str,
    from: &Catalog,
    changes: &[Change<'_>],
) {
    let is_of_type = |it: &Column| it.is_of_type(name);
    let has_one = |table: &QualifiedName| {
        let table = from.tables.get(table);
        table.is_some_and(|it| it.columns.iter().any(is_of_type))
    };
    for (other, change) in changes.iter().enumerate() {
        let is_over = matches!(change, Change::Constraint { .. } | Change::Index { .. })
            && change.relation().is_some_and(has_one);
        if is_over && change.is_create() {
            graph.add(at, other);
        }
    }
}

/// No column that leaves a composite or range type may have it when that changes.
fn before_attributes(graph: &mut Graph, at: usize, name: &str, changes: &[Change<'_>]) {
    let is_of_type = |it: &Column| it.is_of_type(name);
    for (other, change) in changes.iter().enumerate() {
        let leaves = if let Change::Table(Delta::Drop(table)) = change {
            table.columns.iter().any(is_of_type)
        } else if let Change::Column { delta, .. } = change {
            match delta {
                Delta::Drop(it) => is_of_type(it),
                Delta::Alter { from, to } => is_of_type(from) && !is_of_type(to),
                Delta::Create(_) => false,
            }
        } else {
            false
        };
        if leaves {
            graph.add(other, at);
        }
    }
}
