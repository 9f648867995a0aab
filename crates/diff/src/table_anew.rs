//! Tables that no statement brings into their new form: a plain one that is to be partitioned, or one that is to be
//! partitioned otherwise. Such a table gives away its name, a new one is made with all that is on it, and the rows move.

use std::collections::BTreeSet;

use driftless_catalog::{
    Catalog, Column, ConstraintKind, GrantClass, ObjectId, PartitionBy, QualifiedName, Table,
};
use driftless_sql_text::{ident_value, tokens};

use crate::graph::{Graph, Lookup};
use crate::plan::in_full;
use crate::{Change, Delta, Found, recreate, table};

/// Takes the place of the changes of such tables, and of their partitions, which come and go with them.
pub(crate) fn remake(found: &mut Found<'_, '_>) {
    let anew = anew(found);
    if anew.is_empty() {
        return;
    }
    let from = found.from;
    let goes_along = |it: &Change<'_>| {
        if let Change::Table(Delta::Drop(table)) = it {
            return has_parent(&table.name, from, &anew);
        }
        table_of(it).is_some_and(|it| anew.contains(&it))
    };
    found.changes.retain(|it| !goes_along(it));
    for name in &anew {
        let (Some(from), Some(to)) = (found.from.tables.get(name), found.to.tables.get(name))
        else {
            continue;
        };
        // Those that give away their names go one by one, and may lead to each other.
        for it in from.constraints.iter().filter(|it| !it.inherited) {
            if matches!(&it.kind, ConstraintKind::ForeignKey(key) if anew.contains(&key.references))
            {
                let (table, delta) = (&from.name, Delta::Drop(it));
                found.changes.push(Change::Constraint { table, delta });
            }
        }
        found.changes.push(Change::Table(Delta::Drop(from)));
        in_full(found, |found| {
            table::create(found, to);
            let id = || ObjectId::Table(to.name.clone());
            found.common(id, Some(GrantClass::Relation), None, &to.common);
        });
        // Those of partitions move with their parent's.
        if !has_parent(name, found.from, &anew) {
            found.changes.push(Change::Rows { from, to });
        }
    }
    foreign_keys(found, &anew);
}

/// The names of the tables: those that are partitioned otherwise, and the partitions below them that stay below them.
fn anew(found: &Found<'_, '_>) -> BTreeSet<QualifiedName> {
    let changed = found.changes.iter().filter_map(|it| {
        if let Change::Table(Delta::Alter { to, .. }) = it {
            return Some(&to.name);
        }
        if let Change::Column {
            table,
            delta: Delta::Alter { .. },
        } = it
        {
            return Some(*table);
        }
        None
    });
    let changed = changed.filter(|it| {
        let pair = found.from.tables.get(*it).zip(found.to.tables.get(*it));
        pair.is_some_and(|(from, to)| is_partitioned_anew(from, to))
    });
    let changed = changed.cloned();
    let mut anew: BTreeSet<QualifiedName> = changed.collect();
    let roots = anew.clone();
    if roots.is_empty() {
        return anew;
    }
    for table in &found.from.tables {
        let stays = || has_parent(&table.name, found.to, &roots);
        if has_parent(&table.name, found.from, &roots) && stays() {
            anew.insert(table.name.clone());
        }
    }
    anew
}

/// Whether no statement leads from one table to the other: it is partitioned otherwise, or by a column that gets another
/// type.
pub fn is_partitioned_anew(from: &Table, to: &Table) -> bool {
    let retyped = |key: &PartitionBy, column: &Column| {
        let after = to.column(&column.name);
        let differs = after
            .is_some_and(|it| it.data_type != column.data_type || it.collation != column.collation);
        let text = &*key.key.text;
        let mut words = tokens(text);
        differs && words.any(|it| ident_value(it.text(text)) == column.name.as_str())
    };
    let key = from.partition_by.as_ref();
    let by_column = || key.is_some_and(|key| from.columns.iter().any(|it| retyped(key, it)));
    from.partition_by != to.partition_by || by_column()
}

/// Whether a table is, directly or not, a partition of one of `tables`.
fn has_parent(name: &QualifiedName, catalog: &Catalog, tables: &BTreeSet<QualifiedName>) -> bool {
    let mut next = parent(name, catalog);
    while let Some(it) = next {
        if tables.contains(it) {
            return true;
        }
        next = parent(it, catalog);
    }
    false
}

fn parent<'a>(name: &QualifiedName, catalog: &'a Catalog) -> Option<&'a QualifiedName> {
    let table = catalog.tables.get(name)?;
    table.partition.as_ref().map(|it| &it.of)
}

/// The table that a change is about, or is on.
fn table_of(change: &Change<'_>) -> Option<QualifiedName> {
    if let Some(relation) = change.relation() {
        return Some(relation.clone());
    }
    let object = change.object();
    if let ObjectId::Table(name) = object {
        return Some(name);
    }
    object.parent().cloned()
}

/// Foreign keys of other tables need the new table.
fn foreign_keys(found: &mut Found<'_, '_>, anew: &BTreeSet<QualifiedName>) {
    for from in found
        .from
        .tables
        .iter()
        .filter(|it| !anew.contains(&it.name))
    {
        let Some(to) = found.to.tables.get(&from.name) else {
            continue;
        };
        for before in from.constraints.iter().filter(|it| !it.inherited) {
            let ConstraintKind::ForeignKey(key) = &before.kind else {
                continue;
            };
            if anew.contains(&key.references)
                && let Some(after) = to.constraints.get(&before.name)
            {
                recreate::constraint(found, &to.name, before, after);
            }
        }
    }
}

/// Rows move when all that takes them is there, and before what looks at them or runs for each.
pub(crate) fn order(graph: &mut Graph, lookup: &Lookup, to: &Catalog, changes: &[Change<'_>]) {
    for (rows, change) in changes.iter().enumerate() {
        let Change::Rows { to: table, .. } = change else {
            continue;
        };
        let moved = ObjectId::Table(table.name.clone());
        let below = BTreeSet::from([table.name.clone()]);
        let takes_rows = |it: &QualifiedName| *it == table.name || has_parent(it, to, &below);
        for it in to.tables.iter().filter(|it| takes_rows(&it.name)) {
            if let Some(first) = lookup.maker(&ObjectId::Table(it.name.clone())) {
                graph.add(first, rows);
            }
        }
        for (at, change) in changes.iter().enumerate() {
            let on_it = change.relation().is_some_and(takes_rows);
            let refers = |it: &ConstraintKind| matches!(it, ConstraintKind::ForeignKey(key) if takes_rows(&key.references));
            let looks = if let Change::Constraint { delta, .. } = change {
                matches!(delta, Delta::Create(it) if refers(&it.kind))
            } else {
                let reacts = matches!(change, Change::Trigger { .. } | Change::Index { .. });
                reacts && change.is_create() && on_it
            };
            if looks {
                graph.add(rows, at);
            }
            // A sequence can only go with a table of the same owner, and nobody may see the rows who is not to.
            let guards =
                if let Change::Owner { object, .. } | Change::Grants { object, .. } = change {
                    *object == moved
                } else if let Change::RowSecurity { to, .. } = change {
                    // Policies that count for the owner would stop rows that are there.
                    on_it && !to.forced
                } else {
                    on_it && matches!(change, Change::Policy { .. }) && change.is_create()
                };
            if guards {
                graph.add(at, rows);
            }
        }
    }
}
