//! What stands in the way: views, policies and triggers that name what is altered or made again. Postgres
//! refuses the statement as long as they are there, so they are dropped before it and made again after it.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{Catalog, ObjectId, Policy, QualifiedName, Trigger};

use crate::plan::{self, hangs_on};
use crate::{Change, Delta, Found, other};

/// Adds the drops and creates of everything that is in both states and stands in the way of a change.
pub(crate) fn remake(found: &mut Found<'_, '_>) {
    let users = users(found.from);
    let mut gone: BTreeSet<ObjectId> = BTreeSet::new();
    for change in &found.changes {
        if change.is_drop() {
            gone.insert(change.object());
        }
    }
    let mut waiting: Vec<ObjectId> = found
        .changes
        .iter()
        .flat_map(|it| moved(it, found.from))
        .collect();
    let mut again: BTreeSet<ObjectId> = BTreeSet::new();
    let mut remade: Vec<Change<'_>> = Vec::new();
    while let Some(needed) = waiting.pop() {
        for user in users.get(&needed).into_iter().flatten() {
            if gone.contains(*user) || again.contains(*user) {
                continue;
            }
            if let Some(change) = in_both(found, user) {
                again.insert((*user).clone());
                remade.push(change);
                waiting.extend(whole(user, found.from));
            }
        }
    }
    found
        .changes
        .retain(|it| !again.contains(&it.object()) && !hangs_on(it, &again));
    // By name, whichever was found first.
    remade.sort_by_key(Change::object);
    plan::remake_all(found, remade);
}

/// Who needs an object, by that object.
fn users(catalog: &Catalog) -> BTreeMap<&ObjectId, Vec<&ObjectId>> {
    let mut users: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (object, needs) in &catalog.dependencies {
        for needed in needs {
            users.entry(needed).or_default().push(object);
        }
    }
    users
}

/// What a change does not leave as it is, so that nothing may use it meanwhile.
fn moved(change: &Change<'_>, catalog: &Catalog) -> Vec<ObjectId> {
    match change {
        Change::Column {
            table,
            delta: Delta::Alter { from, to },
        } if from.data_type != to.data_type || from.generated != to.generated => {
            vec![ObjectId::Column((*table).clone(), to.name.clone())]
        }
        // Only new labels leave the type as it is.
        Change::Enum(Delta::Alter { from, to }) => {
            let mut kept = to.labels.iter().filter(|it| from.labels.contains(it));
            match from.labels.iter().all(|it| kept.next() == Some(it)) {
                true => Vec::new(),
                false => columns_of(catalog, &from.name),
            }
        }
        Change::View(Delta::Drop(it)) => whole(&ObjectId::View(it.name.clone()), catalog),
        Change::MaterializedView(Delta::Drop(it)) => {
            whole(&ObjectId::MaterializedView(it.name.clone()), catalog)
        }
        Change::Function(Delta::Drop(it)) => vec![ObjectId::Function(it.id.clone())],
        Change::Other(Delta::Drop(it)) => vec![ObjectId::Other(it.id.clone())],
        Change::Other(Delta::Alter { from, to }) => {
            let mut found = Vec::new();
            if other::retypes(from, to) || other::loses(from, to) {
                found.push(ObjectId::Other(to.id.clone()));
            }
            if other::retypes(from, to) {
                found.extend(columns_of_composite(catalog, &from.id.identity));
            }
            found
        }
        Change::Column { .. }
        | Change::Enum(_)
        | Change::View(_)
        | Change::MaterializedView(_)
        | Change::Function(_)
        | Change::Schema(_)
        | Change::Extension(_)
        | Change::Domain(_)
        | Change::Sequence(_)
        | Change::SequenceOwner { .. }
        | Change::Table(_)
        | Change::Constraint { .. }
        | Change::Index { .. }
        | Change::Trigger { .. }
        | Change::RowSecurity { .. }
        | Change::Policy { .. }
        | Change::DefaultPrivilege(_)
        | Change::Other(_)
        | Change::Owner { .. }
        | Change::Grants { .. }
        | Change::Comment { .. } => Vec::new(),
    }
}

/// The columns of a type that lose it for a moment.
fn columns_of(catalog: &Catalog, ty: &QualifiedName) -> Vec<ObjectId> {
    let of_table = |table: &driftless_catalog::Table| {
        let columns = table
            .columns
            .iter()
            .filter(|it| it.data_type.name.user_defined().as_ref() == Some(ty));
        let columns = columns.map(|it| ObjectId::Column(table.name.clone(), it.name.clone()));
        columns.collect::<Vec<_>>()
    };
    let mut found: Vec<ObjectId> = catalog.tables.iter().flat_map(of_table).collect();
    found.push(ObjectId::Enum(ty.clone()));
    found
}

/// The columns of a composite type, by the name that the server prints.
fn columns_of_composite(catalog: &Catalog, name: &str) -> Vec<ObjectId> {
    let of_table = |table: &driftless_catalog::Table| {
        let is_of_type = |it: &&driftless_catalog::Column| {
            let ty = it.data_type.name.user_defined();
            ty.is_some_and(|it| it.to_string() == name)
        };
        let columns = table.columns.iter().filter(is_of_type);
        let columns = columns.map(|it| ObjectId::Column(table.name.clone(), it.name.clone()));
        columns.collect::<Vec<_>>()
    };
    catalog.tables.iter().flat_map(of_table).collect()
}

/// An object and its columns.
fn whole(object: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
    let mut found = vec![object.clone()];
    let columns = if let ObjectId::View(name) = object {
        catalog.views.get(name).map(|it| (&it.name, &it.columns))
    } else if let ObjectId::MaterializedView(name) = object {
        let view = catalog.materialized_views.get(name);
        view.map(|it| (&it.name, &it.columns))
    } else {
        None
    };
    if let Some((name, columns)) = columns {
        let columns = columns
            .iter()
            .map(|it| ObjectId::Column(name.clone(), it.name.clone()));
        found.extend(columns);
    }
    found
}

/// The object before and after, if it is in both states and of a kind that is dropped and made again without loss.
fn in_both<'a>(found: &Found<'a, '_>, object: &ObjectId) -> Option<Change<'a>> {
    let (from, to) = (found.from, found.to);
    match object {
        ObjectId::View(name) => Some(Change::View(Delta::Alter {
            from: from.views.get(name)?,
            to: to.views.get(name)?,
        })),
        ObjectId::MaterializedView(name) => Some(Change::MaterializedView(Delta::Alter {
            from: from.materialized_views.get(name)?,
            to: to.materialized_views.get(name)?,
        })),
        ObjectId::Policy(table, name) => {
            let ((_, from), (table, to)) = (policy(from, table, name)?, policy(to, table, name)?);
            let delta = Delta::Alter { from, to };
            Some(Change::Policy { table, delta })
        }
        ObjectId::Trigger(table, name) => {
            let ((_, from), (relation, to)) =
                (trigger(from, table, name)?, trigger(to, table, name)?);
            let delta = Delta::Alter { from, to };
            Some(Change::Trigger { relation, delta })
        }
        ObjectId::Other(id) if other::is_free_to_go(id.kind) => Some(Change::Other(Delta::Alter {
            from: from.others.get(id)?,
            to: to.others.get(id)?,
        })),
        ObjectId::Schema(_)
        | ObjectId::Extension(_)
        | ObjectId::Enum(_)
        | ObjectId::Domain(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Sequence(_)
        | ObjectId::Table(_)
        | ObjectId::Column(..)
        | ObjectId::Constraint(..)
        | ObjectId::Index(_)
        | ObjectId::Function(_)
        | ObjectId::DefaultPrivilege(_)
        | ObjectId::Other(_) => None,
    }
}

fn policy<'a>(
    catalog: &'a Catalog,
    table: &QualifiedName,
    name: &driftless_catalog::Ident,
) -> Option<(&'a QualifiedName, &'a Policy)> {
    let own = catalog.tables.get(table).map(|it| (&it.name, &it.policies));
    let (table, policies) = own.or_else(|| {
        catalog
            .managed_tables
            .get(table)
            .map(|it| (&it.name, &it.policies))
    })?;
    Some((table, policies.get(name)?))
}

fn trigger<'a>(
    catalog: &'a Catalog,
    relation: &QualifiedName,
    name: &driftless_catalog::Ident,
) -> Option<(&'a QualifiedName, &'a Trigger)> {
    let own = catalog
        .tables
        .get(relation)
        .map(|it| (&it.name, &it.triggers));
    let (relation, triggers) = own.or_else(|| {
        catalog
            .managed_tables
            .get(relation)
            .map(|it| (&it.name, &it.triggers))
    })?;
    Some((relation, triggers.get(name)?))
}
