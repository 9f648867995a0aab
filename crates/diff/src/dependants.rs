//! What stands in the way: views, policies and triggers that name what is altered or made again. Postgres
//! refuses the statement as long as they are there, so they are dropped before it and made again after it.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{
    Catalog, Column, Constraint, ConstraintKind, Ident, Index, IndexTarget, ObjectId, Policy,
    QualifiedName, Table, Trigger,
};

use crate::inheritance::family;
use crate::plan::{self, hangs_on};
use crate::{
    Change, Delta, Found, Manner, column, domain, enum_type, other, parts_of, taken_indexes,
};

/// What a change does not leave as it is, so that nothing may use it meanwhile.
enum Moved {
    /// It stays, as something else: a column of another type.
    Changed(ObjectId),
    /// It is not there for a moment.
    Gone(ObjectId),
}

/// Adds the drops and creates of everything that is in both states and stands in the way of a change.
pub(crate) fn remake(found: &mut Found<'_, '_>) {
    let faults = found.options.manner == Manner::PrismaWithFaults;
    let users = users(found.from);
    let gone: BTreeSet<ObjectId> = found
        .changes
        .iter()
        .filter(|it| it.is_drop())
        .map(Change::object)
        .collect();
    let taken: BTreeSet<ObjectId> = taken_indexes(&found.changes, found.from, found.to)
        .into_iter()
        .filter_map(|(key, index)| Some(ObjectId::Index(key.parent()?.sibling(index.name.clone()))))
        .collect();
    let changes = found.changes.iter();
    let changes = changes.filter(|it| !taken.contains(&it.object()));
    let mut waiting: Vec<Moved> = changes.flat_map(|it| moved(it, found)).collect();
    let mut again: BTreeSet<ObjectId> = BTreeSet::new();
    let mut remade: Vec<Change<'_>> = Vec::new();
    let mut defaults: BTreeSet<(QualifiedName, Ident)> = BTreeSet::new();
    let tables_anew: BTreeSet<&QualifiedName> = found
        .changes
        .iter()
        .filter_map(|it| {
            let Change::Table(Delta::Drop(table)) = it else {
                return None;
            };
            found.to.tables.contains(&table.name).then_some(&table.name)
        })
        .collect();
    while let Some(moved) = waiting.pop() {
        let (needed, is_gone) = match &moved {
            Moved::Changed(it) => (it, false),
            Moved::Gone(it) => (it, true),
        };
        let mut in_the_way: Vec<ObjectId> = users
            .get(needed)
            .map_or_else(Vec::new, |it| it.iter().map(|it| (*it).clone()).collect());
        if is_gone && let ObjectId::Column(table, column) = needed {
            in_the_way.extend(parts(found.from, table, column));
        }
        for user in in_the_way {
            // What is on a table that is made anew comes with that.
            if user.parent().is_some_and(|it| tables_anew.contains(it)) {
                continue;
            }
            // Prisma's engine knows of none of these.
            if gone.contains(&user) || again.contains(&user) || faults && is_part(&user) {
                continue;
            }
            // The server takes keys, checks and indexes along where a column only changes.
            if !is_gone && matches!(user, ObjectId::Constraint(..) | ObjectId::Index(_)) {
                continue;
            }
            if let ObjectId::Function(_) | ObjectId::Extension(_) = needed
                && let ObjectId::Column(table, column) = &user
                && !takes_other_default(found, table, column, needed)
            {
                defaults.insert((table.clone(), column.clone()));
            }
            if let Some(change) = in_both(found, &user) {
                waiting.extend(whole(&user, found.from).into_iter().map(Moved::Gone));
                again.insert(user);
                remade.push(change);
            }
        }
    }
    found
        .changes
        .retain(|it| !again.contains(&it.object()) && !hangs_on(it, &again));
    // By name, whichever was found first.
    remade.sort_by_key(Change::object);
    plan::remake_all(found, remade);
    for (table, column) in defaults {
        column::free_default(found, &table, &column);
    }
}

/// Whether the column gets a default that cannot mean a function in the place of the one that goes: it is free of that
/// once it has it.
fn takes_other_default(
    found: &Found<'_, '_>,
    table: &QualifiedName,
    column: &Ident,
    gone: &ObjectId,
) -> bool {
    let default = |catalog: &'_ Catalog| {
        let column = catalog.tables.get(table)?.column(column)?;
        column
            .default
            .clone()
            .filter(|_| column.generated.is_none())
    };
    let (before, after) = (default(found.from), default(found.to));
    if let ObjectId::Function(id) = gone {
        let mut others = found.to.functions.iter();
        return after.is_some() && before != after && !others.any(|it| it.id.name == id.name);
    }
    false
}

fn is_part(object: &ObjectId) -> bool {
    matches!(
        object,
        ObjectId::Constraint(..)
            | ObjectId::Index(_)
            | ObjectId::Column(..)
            | ObjectId::Function(_)
    )
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

fn moved(change: &Change<'_>, found: &Found<'_, '_>) -> Vec<Moved> {
    match change {
        Change::Column {
            table,
            delta: Delta::Alter { from, to },
        } if from.data_type != to.data_type || from.collation != to.collation => {
            let column = |table: &QualifiedName| ObjectId::Column(table.clone(), to.name.clone());
            let family = family(found.from, table).into_iter();
            family.map(|it| Moved::Changed(column(it))).collect()
        }
        // It is made again at once.
        Change::Column {
            table,
            delta: Delta::Drop(it),
        } if found
            .to
            .tables
            .get(table)
            .is_some_and(|table| table.column(&it.name).is_some()) =>
        {
            let column = ObjectId::Column((*table).clone(), it.name.clone());
            vec![Moved::Gone(column)]
        }
        Change::Enum(Delta::Alter { from, to }) if enum_type::is_anew(from, to) => {
            let columns = columns_of(found.from, &from.name).into_iter();
            let mut all: Vec<Moved> = columns.map(Moved::Changed).collect();
            all.push(Moved::Gone(ObjectId::Enum(from.name.clone())));
            all
        }
        // What names it would name the other relation of that name.
        Change::Table(Delta::Drop(it)) if found.to.has_relation(&it.name) => {
            let all = whole(&change.object(), found.from).into_iter();
            all.map(Moved::Gone).collect()
        }
        Change::Index {
            relation,
            delta: Delta::Drop(it),
        } => with_parts(found, change, relation, &it.name),
        Change::Constraint {
            table,
            delta: Delta::Drop(it),
        } => with_parts(found, change, table, &it.name),
        Change::View(Delta::Drop(_))
        | Change::MaterializedView(Delta::Drop(_))
        | Change::Function(Delta::Drop(_)) => {
            let all = whole(&change.object(), found.from).into_iter();
            all.map(Moved::Gone).collect()
        }
        Change::Other(Delta::Drop(_)) | Change::Extension(Delta::Drop(_)) => {
            vec![Moved::Gone(change.object())]
        }
        Change::Other(Delta::Alter { from, to }) => {
            let mut all = Vec::new();
            if other::retypes(from, to) || other::loses(from, to) {
                all.push(Moved::Gone(change.object()));
            }
            if other::retypes(from, to) {
                let columns = columns_of_composite(found.from, &from.id.identity).into_iter();
                // Those are text meanwhile, which no index of ranges is over.
                all.extend(columns.map(|it| match other::is_range_anew(from, to) {
                    true => Moved::Gone(it),
                    false => Moved::Changed(it),
                }));
            }
            all
        }
        Change::DomainConstraint {
            delta: Delta::Drop(_),
            ..
        } => vec![Moved::Gone(change.object())],
        Change::Domain(Delta::Alter { from, to }) if domain::is_anew(from, to) => {
            let columns = columns_of(found.from, &from.name).into_iter();
            let mut all: Vec<Moved> = columns.map(Moved::Changed).collect();
            all.push(Moved::Gone(ObjectId::Domain(from.name.clone())));
            all
        }
        Change::Column { .. }
        | Change::Default { .. }
        | Change::Rows { .. }
        | Change::DomainConstraint { .. }
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
        | Change::Partition { .. }
        | Change::AttachIndex { .. }
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

/// An index or constraint that is dropped, and what goes with it: the parts that partitions have.
fn with_parts(
    found: &Found<'_, '_>,
    change: &Change<'_>,
    table: &QualifiedName,
    name: &Ident,
) -> Vec<Moved> {
    let is_whole = |it: &Table| it.partition_by.is_some();
    let parts = match found.from.tables.get(table).is_some_and(is_whole) {
        true => parts_of(found.from, &table.sibling(name.clone())),
        false => Vec::new(),
    };
    let all = parts.into_iter().chain([change.object()]);
    all.map(Moved::Gone).collect()
}

/// The constraints and indexes that go with a column. What an expression names is not read: each that has one counts.
fn parts(catalog: &Catalog, table: &QualifiedName, column: &Ident) -> Vec<ObjectId> {
    let Some(table) = catalog.tables.get(table) else {
        return Vec::new();
    };
    let constraints = table.constraints.iter().filter(|it| constrains(it, column));
    let indexes = table.indexes.iter().filter(|it| covers(it, column));
    constraints
        .map(|it| ObjectId::Constraint(table.name.clone(), it.name.clone()))
        .chain(indexes.map(|it| ObjectId::Index(table.name.sibling(it.name.clone()))))
        .collect()
}

pub(crate) fn constrains(it: &Constraint, column: &Ident) -> bool {
    match &it.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            key.columns.contains(column) || key.include.contains(column)
        }
        ConstraintKind::ForeignKey(key) => key.columns.contains(column),
        ConstraintKind::Check { .. } | ConstraintKind::Exclusion { .. } => true,
        ConstraintKind::NotNull { column: of, .. } => of == column,
    }
}

pub(crate) fn covers(it: &Index, column: &Ident) -> bool {
    let mut targets = it.keys.iter().map(|it| &it.target);
    it.include.contains(column)
        || it.predicate.is_some()
        || targets.any(|it| match it {
            IndexTarget::Column(name) => name == column,
            IndexTarget::Expression(_) => true,
        })
}

/// The columns of a type that lose it for a moment.
fn columns_of(catalog: &Catalog, ty: &QualifiedName) -> Vec<ObjectId> {
    let of_table = |table: &Table| {
        let columns = table
            .columns
            .iter()
            .filter(|it| it.data_type.name.user_defined().as_ref() == Some(ty));
        let columns = columns.map(|it| ObjectId::Column(table.name.clone(), it.name.clone()));
        columns.collect::<Vec<_>>()
    };
    catalog.tables.iter().flat_map(of_table).collect()
}

/// The columns of a composite type, by the name that the server prints.
fn columns_of_composite(catalog: &Catalog, name: &str) -> Vec<ObjectId> {
    let of_table = |table: &Table| {
        let is_of_type = |it: &&Column| it.is_of_type(name);
        let columns = table.columns.iter().filter(is_of_type);
        let columns = columns.map(|it| ObjectId::Column(table.name.clone(), it.name.clone()));
        columns.collect::<Vec<_>>()
    };
    catalog.tables.iter().flat_map(of_table).collect()
}

/// An object and its columns.
fn whole(object: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
    let mut found = vec![object.clone()];
    let mut add = |name: &QualifiedName, column: &Ident| {
        found.push(ObjectId::Column(name.clone(), column.clone()));
    };
    if let ObjectId::Table(name) = object {
        let columns = catalog.tables.get(name).map(|it| &it.columns);
        columns
            .into_iter()
            .flatten()
            .for_each(|it| add(name, &it.name));
    } else if let ObjectId::View(name) = object {
        let columns = catalog.views.get(name).map(|it| &it.columns);
        columns
            .into_iter()
            .flatten()
            .for_each(|it| add(name, &it.name));
    } else if let ObjectId::MaterializedView(name) = object {
        let columns = catalog.materialized_views.get(name).map(|it| &it.columns);
        columns
            .into_iter()
            .flatten()
            .for_each(|it| add(name, &it.name));
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
        ObjectId::Function(id) => Some(Change::Function(Delta::Alter {
            from: from.functions.get(id)?,
            to: to.functions.get(id)?,
        })),
        // The values of a generated column are computed again; those of another one would be lost.
        ObjectId::Column(table, name) => {
            let (from, to) = (from.tables.get(table)?, to.tables.get(table)?);
            let (table, from, to) = (&to.name, from.column(name)?, to.column(name)?);
            let generated = from.generated.is_some() && to.generated.is_some() && !from.inherited;
            generated.then_some(Change::Column {
                table,
                delta: Delta::Alter { from, to },
            })
        }
        ObjectId::Constraint(table, name) => {
            let (from, to) = (from.tables.get(table)?, to.tables.get(table)?);
            let table = &to.name;
            let (from, to) = (from.constraints.get(name)?, to.constraints.get(name)?);
            (!from.inherited).then_some(Change::Constraint {
                table,
                delta: Delta::Alter { from, to },
            })
        }
        ObjectId::Index(name) => {
            let has =
                |it: &&Table| it.name.schema == name.schema && it.indexes.contains(&name.name);
            let (from, to) = (from.tables.iter().find(has)?, to.tables.iter().find(has)?);
            let relation = &to.name;
            let (from, to) = (from.indexes.get(&name.name)?, to.indexes.get(&name.name)?);
            let delta = Delta::Alter { from, to };
            (from.partition_of.is_none()).then_some(Change::Index { relation, delta })
        }
        ObjectId::DomainConstraint(name, check) => {
            let (from, to) = (from.domains.get(name)?, to.domains.get(name)?);
            let (domain, comes_with_it) = (&to.name, domain::is_anew(from, to));
            let (from, to) = (from.constraints.get(check)?, to.constraints.get(check)?);
            let delta = Delta::Alter { from, to };
            (!comes_with_it).then_some(Change::DomainConstraint { domain, delta })
        }
        ObjectId::Other(id) if other::is_free_to_go(id.kind) => Some(Change::Other(Delta::Alter {
            from: from.others.get(id)?,
            to: to.others.get(id)?,
        })),
        ObjectId::Schema(_)
        | ObjectId::Extension(_)
        | ObjectId::Enum(_)
        | ObjectId::Domain(_)
        | ObjectId::Sequence(_)
        | ObjectId::Table(_)
        | ObjectId::DefaultPrivilege(_)
        | ObjectId::Other(_) => None,
    }
}

fn policy<'a>(
    catalog: &'a Catalog,
    table: &QualifiedName,
    name: &Ident,
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
    name: &Ident,
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
