use std::collections::HashMap;

use driftless_catalog::{
    Catalog, Column, GrantClass, ObjectId, QualifiedName, Sequence, SequenceOptions, SequenceOwner,
    Table,
};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Delta, Found, Manner};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    let serial = serial_sequences(found.from, found.to);
    for (from, to) in pair(&found.from.sequences, &found.to.sequences) {
        let differ = |from: &Sequence, to: &Sequence| !differences(from, to).is_empty();
        let delta = delta(from, to, differ);
        let comes_along = match &delta {
            Some(Delta::Create(it)) => {
                with_default(found, &it.name, found.to)
                    || serial
                        .get(&it.name)
                        .is_some_and(|usual| it.options == *usual)
            }
            Some(Delta::Drop(it)) => {
                goes_with_column(it, found.to) || with_default(found, &it.name, found.from)
            }
            // Prisma forgets that the sequence of a `serial` column has a type.
            Some(Delta::Alter { to, .. }) => {
                found.options.manner == Manner::PrismaWithFaults && to.owned_by.is_some()
            }
            None => false,
        };
        if let Some(delta) = delta.filter(|_| !comes_along) {
            found.changes.push(Change::Sequence(delta));
        }
        let Some(to) = to else { continue };
        let before = from.and_then(|it| it.owned_by.as_ref());
        if before != to.owned_by.as_ref() && !comes_along {
            owner(found, &to.name, before, to.owned_by.as_ref());
        }
        let id = || ObjectId::Sequence(to.name.clone());
        let class = Some(GrantClass::Sequence);
        let common = from.map(|it| &it.common);
        match to.owned_by {
            // The owner of the table owns it too, and nobody else can.
            Some(_) => found.besides_owner(id, class, common, &to.common),
            None => found.common(id, class, common, &to.common),
        }
    }
}

/// A sequence that goes with a column which is dropped has to let go of it first, or it would be dropped along.
fn owner<'a>(
    found: &mut Found<'a, '_>,
    sequence: &'a QualifiedName,
    from: Option<&'a SequenceOwner>,
    to: Option<&'a SequenceOwner>,
) {
    let is_left = |it: &SequenceOwner| {
        let table = found.to.tables.get(&it.table);
        table.is_some_and(|table| table.column(&it.column).is_some())
    };
    let steps = match (from, to) {
        (Some(before), Some(_)) if !is_left(before) => vec![(from, None), (None, to)],
        _ => vec![(from, to)],
    };
    let change = |(from, to)| Change::SequenceOwner { sequence, from, to };
    found.changes.extend(steps.into_iter().map(change));
}

/// Whether the statement that alters the default of its column makes or drops it too.
fn with_default(found: &Found<'_, '_>, name: &QualifiedName, catalog: &Catalog) -> bool {
    let owner = catalog
        .sequences
        .get(name)
        .and_then(|it| it.owned_by.as_ref());
    owner.is_some_and(|owner| {
        let column = |it: &Catalog| {
            let table = it.tables.get(&owner.table)?;
            Some(table.column(&owner.column)?.serial.as_ref() == Some(name))
        };
        matches!(
            (column(found.from), column(found.to)),
            (Some(a), Some(b)) if a != b
        )
    })
}

/// The sequences that new `serial` columns bring along, with the options they will have.
fn serial_sequences<'a>(
    from: &Catalog,
    to: &'a Catalog,
) -> HashMap<&'a QualifiedName, SequenceOptions> {
    let is_new = |table: &Table, column: &Column| {
        let before = from.tables.get(&table.name);
        before.is_none_or(|it| it.column(&column.name).is_none())
    };
    let mut found = HashMap::new();
    for table in &to.tables {
        for column in table.columns.iter().filter(|it| is_new(table, it)) {
            if let Some(name) = &column.serial
                && *name == column.serial_name(&table.name)
            {
                found.insert(name, SequenceOptions::of(column.data_type.clone()));
            }
        }
    }
    found
}

/// Whether the column that owns it is not there any more.
fn goes_with_column(sequence: &Sequence, to: &Catalog) -> bool {
    let Some(SequenceOwner { table, column }) = &sequence.owned_by else {
        return false;
    };
    let table = to.tables.get(table);
    table.is_none_or(|it| it.column(column).is_none())
}

pub(crate) fn differences(from: &Sequence, to: &Sequence) -> Vec<Difference> {
    let Sequence {
        name: _,
        options,
        owned_by: _,
        persistence,
        common: _,
    } = from;
    let mut found = Differences(option_differences(options, &to.options));
    found.shown("persistence", persistence, &to.persistence, |it| {
        format!("{it:?}").to_lowercase()
    });
    found.0
}

/// In what two sequences count differently.
pub(crate) fn option_differences(from: &SequenceOptions, to: &SequenceOptions) -> Vec<Difference> {
    let SequenceOptions {
        data_type,
        start,
        increment,
        min,
        max,
        cache,
        cycle,
    } = from;
    let mut found = Differences::default();
    found.value("type", data_type, &to.data_type);
    found.value("start", start, &to.start);
    found.value("increment", increment, &to.increment);
    found.value("minimum", min, &to.min);
    found.value("maximum", max, &to.max);
    found.value("cache", cache, &to.cache);
    found.value("cycle", cycle, &to.cycle);
    found.0
}

/// The column that a sequence goes with.
pub(crate) fn owner_differences(
    from: Option<&SequenceOwner>,
    to: Option<&SequenceOwner>,
) -> Vec<Difference> {
    let show = |it: &SequenceOwner| format!("{}.{}", it.table, it.column);
    let mut found = Differences::default();
    found.maybe("owned by", &from.map(show), &to.map(show));
    found.0
}
