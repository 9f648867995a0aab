//! What a table has from those that it inherits from, or is a partition of: a change of theirs reaches it, too.

use std::collections::HashSet;

use driftless_catalog::{
    Catalog, Column, ConstraintKind, Expression, Ident, ObjectId, QualifiedName, Table,
};

use crate::{Change, Delta, Found, column};

/// The tables that a table inherits from, or is a partition of.
pub(crate) fn parents(table: &Table) -> impl Iterator<Item = &QualifiedName> {
    let partitioned = table.partition.as_ref().map(|it| &it.of);
    table.inherits.iter().chain(partitioned)
}

/// The names of the tables that inherit from a table or are its partitions, however deep, and its own.
pub(crate) fn family<'a>(catalog: &'a Catalog, table: &'a QualifiedName) -> Vec<&'a QualifiedName> {
    let mut found = vec![table];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        let is_child = |it: &&Table| parents(it).any(|it| it == parent);
        for it in catalog.tables.iter().filter(is_child) {
            if !found.contains(&&it.name) {
                found.push(&it.name);
            }
        }
        next += 1;
    }
    found
}

/// Whether a table is below a parent all the time: a partition that gets other bounds is detached meanwhile.
fn keeps_parent(before: &Table, after: &Table, parent: &QualifiedName) -> bool {
    let attached_anew = before.partition.is_some() && before.partition != after.partition;
    !attached_anew && parents(after).any(|it| it == parent)
}

/// The tables that a table inherits from, or is a partition of, both before and after: each as it is and as it will be.
pub(crate) fn lasting_parents<'a>(
    from: &'a Catalog,
    to: &'a Catalog,
    table: &QualifiedName,
) -> Vec<(&'a Table, &'a Table)> {
    let pair = from.tables.get(table).zip(to.tables.get(table));
    let Some((before, after)) = pair else {
        return Vec::new();
    };
    parents(before)
        .filter(|it| keeps_parent(before, after, it))
        .filter_map(|it| Some((from.tables.get(it)?, to.tables.get(it)?)))
        .collect()
}

/// Whether a column changes its type with the tables above its own, and only with them: with those that are above before
/// and after, or before it goes.
pub fn is_retyped_from_above(
    from: &Catalog,
    to: &Catalog,
    table: &QualifiedName,
    column: &Ident,
) -> bool {
    let Some(before) = from.tables.get(table) else {
        return false;
    };
    let after = to.tables.get(table);
    let mut above = parents(before)
        .filter(|it| after.is_none_or(|after| keeps_parent(before, after, it)))
        .filter_map(|it| from.tables.get(it));
    above.any(|it| it.column(column).is_some())
}

/// The column of a table of both states, or of a new one, as the tables above it leave it: their changes reach it before
/// its own are made. `None` if it is not there then.
///
/// Follows PostgreSQL, `ALTER TABLE`: which actions recurse.
pub fn inherited_column(
    from: &Catalog,
    to: &Catalog,
    table: &QualifiedName,
    name: &Ident,
) -> Option<Column> {
    let Some(before) = from.tables.get(table) else {
        let after = to.tables.get(table)?;
        let parent = parents(after).filter_map(|it| to.tables.get(it));
        let mut columns = parent.filter_map(|it| it.column(name));
        return columns.next().map(|it| {
            let drawn = drawn_default(to, table, it);
            let key = after.primary_key();
            let own = after.column(name);
            Column {
                not_null: it.not_null || key.is_some_and(|(_, key)| key.columns.contains(name)),
                // From PostgreSQL 17 on a partition shares it.
                identity: own.and_then(|it| it.identity.clone()),
                statistics: None,
                options: Vec::new(),
                ..copied(it, drawn)
            }
        });
    };
    let parents = lasting_parents(from, to, table);
    let Some(own) = before.column(name) else {
        let mut added = parents.iter().filter_map(|(before, after)| {
            let is_new = before.column(name).is_none();
            after.column(name).filter(|_| is_new)
        });
        let own = to.tables.get(table).and_then(|it| it.column(name));
        return added.next().map(|it| {
            let drawn = drawn_default(to, table, it);
            Column {
                identity: own.and_then(|it| it.identity.clone()),
                compression: None,
                options: Vec::new(),
                ..copied(it, drawn)
            }
        });
    };
    let mut column = own.clone();
    for (before, after) in parents {
        match (before.column(name), after.column(name)) {
            (Some(_), Some(to_parent)) => {
                let touched = touched(from, to, &after.name, name);
                let drawn = drawn_default(to, table, to_parent);
                touched.apply(to_parent, drawn, &mut column);
            }
            (Some(_), None) if own.inherited && !leaves_alone(from, to, &after.name, name) => {
                return None;
            }
            (Some(_) | None, _) => {}
        }
    }
    Some(column)
}

/// Whether a column that a table loses has to leave those that inherit it, because one of them keeps it, with what is
/// in it, as its own.
pub fn leaves_alone(from: &Catalog, to: &Catalog, table: &QualifiedName, column: &Ident) -> bool {
    let has = |it: &Catalog, table: &QualifiedName| {
        let table = it.tables.get(table);
        table.is_some_and(|it| it.column(column).is_some())
    };
    if !has(from, table) || has(to, table) {
        return false;
    }
    let keeps = |child: &Table| {
        let before = from.tables.get(&child.name);
        let before =
            before.filter(|it| it.inherits.contains(table) && child.inherits.contains(table));
        let inherited = before
            .and_then(|it| it.column(column))
            .is_some_and(|it| it.inherited);
        let other = || parents(child).any(|it| has(from, it) && has(to, it));
        inherited && child.column(column).is_some() && !other()
    };
    to.tables.iter().any(keeps)
}

/// Adds what has to be done to columns because they do not stay, or come, as their table has them: a parent's default
/// that changes takes the place of a partition's own, and a new partition's columns are like those of its parent.
pub(crate) fn restore(found: &mut Found<'_, '_>) {
    let changed: HashSet<ObjectId> = {
        let columns = found.changes.iter();
        let columns = columns.filter(|it| matches!(it, Change::Column { .. }));
        columns.map(Change::object).collect()
    };
    let id =
        |table: &QualifiedName, column: &Ident| ObjectId::Column(table.clone(), column.clone());
    let made = made_as_parts(found);
    let mut again = Vec::new();
    for after in &found.to.tables {
        let before = found.from.tables.get(&after.name);
        for column in &after.columns {
            let parents = parents(after).filter_map(|it| found.to.tables.get(it));
            let mut parents = parents.filter_map(|it| Some((&it.name, it.column(&column.name)?)));
            let Some((parent, model)) = parents.next() else {
                continue;
            };
            let is_reached = match before {
                Some(_) => {
                    let mut above = ancestors(found.to, parent).into_iter();
                    above.any(|it| changed.contains(&id(it, &column.name)))
                }
                None => column.inherited && made.contains(&after.name),
            };
            if !is_reached || changed.contains(&id(&after.name, &column.name)) {
                continue;
            }
            let reached = inherited_column(found.from, found.to, &after.name, &column.name);
            if reached.is_some_and(|it| !column::differences(&it, column).is_empty()) {
                let start = before.and_then(|it| it.column(&column.name));
                let delta = Delta::Alter {
                    from: start.unwrap_or(model),
                    to: column,
                };
                let table = &after.name;
                again.push(Change::Column { table, delta });
            }
        }
    }
    found.changes.extend(again);
}

/// A partition of a table that foreign keys lead to is detached before it is dropped.
pub(crate) fn detach_referenced(found: &mut Found<'_, '_>) {
    let mut referenced: HashSet<&QualifiedName> = HashSet::new();
    for table in &found.from.tables {
        for it in &table.constraints {
            if let ConstraintKind::ForeignKey(key) = &it.kind {
                referenced.insert(&key.references);
            }
        }
    }
    let mut detached = Vec::new();
    for change in &found.changes {
        if let Change::Table(Delta::Drop(table)) = change
            && let Some(partition) = &table.partition
            && found.to.tables.contains(&partition.of)
            && ancestors(found.from, &partition.of)
                .iter()
                .any(|it| referenced.contains(it))
        {
            detached.push(Change::Partition {
                table: &table.name,
                from: Some(partition),
                to: None,
            });
        }
    }
    found.changes.extend(detached);
}

/// A table and those that it inherits from, directly or not.
pub(crate) fn ancestors<'a>(
    catalog: &'a Catalog,
    table: &'a QualifiedName,
) -> Vec<&'a QualifiedName> {
    let mut found = vec![table];
    let above = catalog.tables.get(table).into_iter().flat_map(parents);
    found.extend(above.flat_map(|it| ancestors(catalog, it)));
    found
}

/// The tables that the plan makes as parts or children of others, and does not attach later.
fn made_as_parts<'a>(found: &Found<'a, '_>) -> HashSet<&'a QualifiedName> {
    let mut made = HashSet::new();
    for change in &found.changes {
        if let Change::Table(Delta::Create(it)) = change {
            made.insert(&it.name);
        }
    }
    for change in &found.changes {
        if let Change::Partition { table, .. } = change {
            made.remove(table);
        }
    }
    made
}

/// What a table gets together with a parent's column.
fn copied(parent: &Column, default: Option<Expression>) -> Column {
    Column {
        default,
        serial: None,
        inherited: true,
        comment: None,
        grants: None,
        ..parent.clone()
    }
}

/// The default that a parent's column hands down: that of a `serial` one draws from the parent's sequence.
fn drawn_default(to: &Catalog, table: &QualifiedName, parent: &Column) -> Option<Expression> {
    let Some(sequence) = &parent.serial else {
        return parent.default.clone();
    };
    let id = ObjectId::Column(table.clone(), parent.name.clone());
    let draws = to
        .dependencies_of(&id)
        .any(|it| *it == ObjectId::Sequence(sequence.clone()));
    let own = to.tables.get(table).and_then(|it| it.column(&parent.name));
    own.filter(|_| draws).and_then(|it| it.default.clone())
}

/// Which properties of a column the statements about it set, those about the tables above included.
#[derive(Default)]
struct Touched {
    data_type: bool,
    not_null: bool,
    default: bool,
    generated: bool,
    storage: bool,
    statistics: bool,
}

impl Touched {
    fn apply(&self, parent: &Column, default: Option<Expression>, column: &mut Column) {
        if self.data_type {
            column.data_type = parent.data_type.clone();
            column.collation = parent.collation.clone();
        }
        if self.not_null {
            column.not_null = parent.not_null;
        }
        if self.default {
            column.default = default;
        }
        if self.generated {
            column.generated = parent.generated.clone();
        }
        if self.storage {
            column.storage = parent.storage.clone();
        }
        if self.statistics {
            column.statistics = parent.statistics;
        }
    }
}

fn touched(from: &Catalog, to: &Catalog, table: &QualifiedName, name: &Ident) -> Touched {
    let column = |it: &'_ Table| it.column(name).cloned();
    let pair = from.tables.get(table).and_then(column);
    let Some((before, after)) = pair.zip(to.tables.get(table).and_then(column)) else {
        return Touched::default();
    };
    let mut touched = Touched {
        data_type: before.data_type != after.data_type || before.collation != after.collation,
        not_null: before.not_null != after.not_null,
        default: before.default != after.default || before.serial != after.serial,
        generated: before.generated != after.generated,
        storage: before.storage != after.storage,
        statistics: before.statistics != after.statistics,
    };
    for (above, _) in lasting_parents(from, to, table) {
        if above.column(name).is_some() {
            let more = self::touched(from, to, &above.name, name);
            touched.data_type |= more.data_type;
            touched.not_null |= more.not_null;
            touched.default |= more.default;
            touched.generated |= more.generated;
            touched.storage |= more.storage;
            touched.statistics |= more.statistics;
        }
    }
    touched
}
