//! What Prisma makes again when the type of a column changes: the primary key and the foreign keys that the
//! column is part of, and the indexes of a column that is dropped and made again.

use std::collections::BTreeSet;

use driftless_catalog::{
    Catalog, Constraint, ConstraintKind, Ident, Index, IndexTarget, ObjectId, QualifiedName, Table,
};

use crate::constraint::comment;
use crate::{Cast, Change, Delta, Found, Manner, domain, type_change};

/// Adds the drops and creates.
pub(crate) fn recreate(found: &mut Found<'_, '_>) {
    for from in &found.from.tables {
        if let Some(to) = found.to.tables.get(&from.name) {
            table(found, from, to);
        }
    }
}

/// Adds those of foreign keys over columns of an enum that loses labels, or of a domain over another type: such a type
/// is made anew column by column.
pub(crate) fn recreate_over_types(found: &mut Found<'_, '_>) {
    let anew = found.changes.iter().filter_map(|it| {
        if let Change::Enum(Delta::Alter { from, to }) = it {
            let kept = from.labels.iter().all(|it| to.labels.contains(it));
            (!kept).then_some(&to.name)
        } else if let Change::Domain(Delta::Alter { from, to }) = it {
            domain::is_anew(from, to).then_some(&to.name)
        } else {
            None
        }
    });
    let anew: Vec<&QualifiedName> = anew.collect();
    for from in &found.from.tables {
        let Some(to) = found.to.tables.get(&from.name) else {
            continue;
        };
        for before in &from.constraints {
            let hit = |name: &&&QualifiedName| is_over_type(found.from, &from.name, before, name);
            if anew.iter().any(|it| hit(&it))
                && let Some(after) = successor(found, to, before)
            {
                constraint(found, &to.name, before, after);
            }
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
            let after = successor(found, to, before);
            if let Some(after) = after.filter(|_| hit && !before.inherited) {
                constraint(found, &to.name, before, after);
            }
        }
    }
}

/// Whether a foreign key of `table` is over a column of that type.
pub(crate) fn is_over_type(
    catalog: &Catalog,
    table: &QualifiedName,
    constraint: &Constraint,
    name: &QualifiedName,
) -> bool {
    let ConstraintKind::ForeignKey(key) = &constraint.kind else {
        return false;
    };
    let columns = catalog.tables.get(table).into_iter();
    let columns = columns.flat_map(|it| key.columns.iter().filter_map(|name| it.column(name)));
    columns
        .filter_map(|it| it.data_type.name.user_defined())
        .any(|it| it == *name)
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
        let after = successor(found, to, before);
        if let Some(after) = after.filter(|_| columns.iter().any(|it| changed.contains(it))) {
            constraint(found, &to.name, before, after);
        }
    }
    for it in &to.indexes {
        let hit = it.keys.iter().any(|it| match &it.target {
            IndexTarget::Column(column) => anew.contains(column),
            IndexTarget::Expression(_) => false,
        });
        if hit {
            index(found, from, &to.name, it);
        }
    }
}

/// The constraint that takes the place of `before`: the one of its name, or the one that it is renamed to.
fn successor<'a>(
    found: &Found<'a, '_>,
    to: &'a Table,
    before: &Constraint,
) -> Option<&'a Constraint> {
    let renamed = |change: &Change<'a>| {
        let Change::Constraint {
            table,
            delta: Delta::Alter { from, to: after },
        } = change
        else {
            return None;
        };
        (**table == to.name && from.name == before.name).then_some(*after)
    };
    let named = to.constraints.get(&before.name);
    named.or_else(|| found.changes.iter().find_map(renamed))
}

/// Makes an index again that Postgres has dropped together with a column, if that is not going to happen anyway.
fn index<'a>(found: &mut Found<'a, '_>, from: &Table, table: &'a QualifiedName, to: &'a Index) {
    let faults = found.options.manner == Manner::PrismaWithFaults;
    let targets = |it: &Index| {
        it.keys
            .iter()
            .map(|it| it.target.clone())
            .collect::<Vec<_>>()
    };
    let twin = |it: &&Index| it.unique == to.unique && targets(it) == targets(to);
    // Prisma forgets those that are on the same columns as others.
    if faults && from.indexes.iter().filter(twin).count() > 1 {
        return;
    }
    let is_same = |it: &Change<'_>| matches!(it, Change::Index { relation, delta } if *relation == table && delta.object().name == to.name);
    let change = found.changes.iter().position(is_same);
    let renamed = change.is_some_and(|it| is_renamed(&found.changes[it]));
    match change {
        // There is nothing left to rename.
        Some(at) if renamed => {
            if !faults {
                found.changes.remove(at);
            }
        }
        Some(_) => return,
        None if from.indexes.contains(&to.name) => {}
        None => return,
    }
    found.changes.push(Change::Index {
        relation: table,
        delta: Delta::Create(to),
    });
}

/// Drops it and makes it again, if that is not going to happen anyway.
pub(crate) fn constraint<'a>(
    found: &mut Found<'a, '_>,
    table: &'a QualifiedName,
    from: &'a Constraint,
    to: &'a Constraint,
) {
    let same = |it: &Change<'_>| matches!(it, Change::Constraint { table: of, delta } if *of == table && delta.object().name == to.name);
    match found.changes.iter().position(same) {
        // It gets its new name when it is made again.
        Some(at) if is_renamed(&found.changes[at]) => {
            found.changes.remove(at);
        }
        Some(_) => return,
        None => {}
    }
    for delta in [Delta::Drop(from), Delta::Create(to)] {
        found.changes.push(Change::Constraint { table, delta });
    }
    if found.options.comments && to.comment.is_some() {
        let id = ObjectId::Constraint(table.clone(), to.name.clone());
        let is_same =
            |it: &Change<'_>| matches!(it, Change::Comment { object, .. } if *object == id);
        found.changes.retain(|it| !is_same(it));
        comment(found, table, None, to);
    }
}

/// Whether nothing but the name changes.
fn is_renamed(change: &Change<'_>) -> bool {
    matches!(&change.differences()[..], [one] if one.aspect == "name")
}
