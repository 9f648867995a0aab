use driftless_catalog::{
    ConstraintKind, GrantClass, ManagedTable, ObjectId, Partition, PartitionBy, RowSecurity, Table,
};

use crate::change::{Difference, Differences};
use crate::common::pair;
use crate::{Change, Delta, Found, column, constraint, index, policy, trigger};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.tables, &found.to.tables) {
        match (from, to) {
            (None, None) => {}
            (None, Some(to)) => create(found, to),
            (Some(from), None) => drop(found, from),
            (Some(from), Some(to)) => alter(found, from, to),
        }
        if let Some(to) = to {
            let id = || ObjectId::Table(to.name.clone());
            found.common(
                id,
                Some(GrantClass::Relation),
                from.map(|it| &it.common),
                &to.common,
            );
        }
    }
    for (from, to) in pair(&found.from.managed_tables, &found.to.managed_tables) {
        managed(found, from, to);
    }
}

/// A new table comes with its columns and constraints, but without foreign keys, indexes, triggers,
/// policies and row security: these are changes of their own.
pub(crate) fn create<'a>(found: &mut Found<'a, '_>, to: &'a Table) {
    found.changes.push(Change::Table(Delta::Create(to)));
    for it in &to.constraints {
        // A partition gets those of its table.
        if matches!(it.kind, ConstraintKind::ForeignKey(_)) && !it.inherited {
            found.changes.push(Change::Constraint {
                table: &to.name,
                delta: Delta::Create(it),
            });
        }
        constraint::comment(found, &to.name, None, it);
    }
    for it in &to.columns {
        column::common(found, &to.name, None, it);
    }
    index::diff(found, &to.name, None, Some(&to.indexes));
    trigger::diff(found, &to.name, None, Some(&to.triggers));
    row_security(found, to, RowSecurity::default());
    policy::diff(found, &to.name, None, Some(&to.policies));
}

/// What is a part of the table goes with it. Foreign keys go first, on their own, so that two tables
/// that refer to each other can go.
fn drop<'a>(found: &mut Found<'a, '_>, from: &'a Table) {
    for it in &from.constraints {
        if matches!(it.kind, ConstraintKind::ForeignKey(_)) && !it.inherited {
            found.changes.push(Change::Constraint {
                table: &from.name,
                delta: Delta::Drop(it),
            });
        }
    }
    found.changes.push(Change::Table(Delta::Drop(from)));
}

fn alter<'a>(found: &mut Found<'a, '_>, from: &'a Table, to: &'a Table) {
    if !differences(from, to).is_empty() {
        found.changes.push(Change::Table(Delta::Alter { from, to }));
    }
    if from.partition != to.partition {
        found.changes.push(Change::Partition {
            table: &to.name,
            from: from.partition.as_ref(),
            to: to.partition.as_ref(),
        });
    }
    column::diff(found, from, to);
    constraint::diff(found, from, to);
    index::diff(found, &to.name, Some(&from.indexes), Some(&to.indexes));
    trigger::diff(found, &to.name, Some(&from.triggers), Some(&to.triggers));
    row_security(found, to, from.row_security);
    policy::diff(found, &to.name, Some(&from.policies), Some(&to.policies));
}

fn row_security<'a>(found: &mut Found<'a, '_>, to: &'a Table, from: RowSecurity) {
    if from != to.row_security {
        found.changes.push(Change::RowSecurity {
            table: &to.name,
            from,
            to: to.row_security,
        });
    }
}

fn managed<'a>(
    found: &mut Found<'a, '_>,
    from: Option<&'a ManagedTable>,
    to: Option<&'a ManagedTable>,
) {
    let Some(name) = to.or(from).map(|it| &it.name) else {
        return;
    };
    trigger::diff(
        found,
        name,
        from.map(|it| &it.triggers),
        to.map(|it| &it.triggers),
    );
    policy::diff(
        found,
        name,
        from.map(|it| &it.policies),
        to.map(|it| &it.policies),
    );
    // Policies of the project mean nothing where row security is off.
    let flags = from
        .and_then(|it| it.row_security)
        .zip(to.and_then(|it| it.row_security));
    if let Some((from, to)) = flags.filter(|(from, to)| from != to) {
        found.changes.push(Change::RowSecurity {
            table: name,
            from,
            to,
        });
    }
}

pub(crate) fn differences(from: &Table, to: &Table) -> Vec<Difference> {
    let Table {
        name: _,
        columns: _,
        constraints: _,
        indexes: _,
        triggers: _,
        policies: _,
        row_security: _,
        persistence,
        partition_by,
        // That is a change of its own.
        partition: _,
        inherits,
        options,
        replica_identity,
        access_method,
        tablespace,
        of_type,
        common: _,
    } = from;
    let mut found = Differences::default();
    found.shown("persistence", persistence, &to.persistence, |it| {
        format!("{it:?}").to_lowercase()
    });
    let by = |it: &PartitionBy| format!("{:?} ({})", it.strategy, it.key).to_lowercase();
    found.maybe(
        "partition by",
        &partition_by.as_ref().map(by),
        &to.partition_by.as_ref().map(by),
    );
    found.list("inherits", inherits, &to.inherits);
    found.set("storage parameters", options, &to.options);
    found.shown(
        "replica identity",
        replica_identity,
        &to.replica_identity,
        |it| format!("{it:?}").to_lowercase(),
    );
    found.maybe("access method", access_method, &to.access_method);
    found.maybe("tablespace", tablespace, &to.tablespace);
    found.maybe("type", of_type, &to.of_type);
    found.0
}

pub(crate) fn partition_differences(
    from: Option<&Partition>,
    to: Option<&Partition>,
) -> Vec<Difference> {
    let show = |it: &Partition| format!("of {} {}", it.of, it.bound);
    let mut found = Differences::default();
    found.maybe("partition", &from.map(show), &to.map(show));
    found.0
}

pub(crate) fn row_security_differences(from: RowSecurity, to: RowSecurity) -> Vec<Difference> {
    let show = |it: &bool| if *it { "on" } else { "off" }.to_owned();
    let mut found = Differences::default();
    found.shown("row level security", &from.enabled, &to.enabled, show);
    found.shown("forced row level security", &from.forced, &to.forced, show);
    found.0
}
