//! An order in which the changes can be applied.
//!
//! Each change has a place by its kind, which is Prisma's where Prisma has the kind. On top of that come
//! edges: what is needed is made first and dropped last. Among the changes that nothing holds back, the
//! one with the lowest place is next, so that the places decide wherever the edges leave a choice.

mod inheritance;
mod names;

use std::collections::HashMap;

use driftless_catalog::{
    Catalog, Column, ConstraintKind, DataType, ForeignKey, Ident, Index, IndexTarget, ObjectId,
    ObjectKind, QualifiedName, Table, Trigger,
};

use crate::change::Direction;
use crate::graph::{Graph, Lookup};
use crate::inheritance::parents as inheritance_of;
use crate::recreate::is_over_type;
use crate::{Change, Delta, DiffOptions, Found, Manner, circle, evaluation, other, table_anew};

/// Where a kind of change stands when nothing forces another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    CreateSchema,
    ReplaceExtension,
    CreateExtension,
    DropDependant,
    DetachPartition,
    CreateType,
    AlterType,
    DropForeignKey,
    DropIndex,
    CreateSequence,
    AlterTable,
    DropTable,
    DropRoutine,
    DropType,
    DropExtension,
    DropSchema,
    CreateFunction,
    CreateTable,
    MoveRows,
    SequenceOwner,
    CreateIndex,
    AttachPartition,
    AttachIndex,
    RenameForeignKey,
    AddForeignKey,
    RenameIndex,
    CreateView,
    CreateTrigger,
    // Policies are created before row security is enabled, and dropped after it is disabled: in between,
    // a table with row security and no policy would deny its readers every row.
    DisableRowSecurity,
    Policy,
    EnableRowSecurity,
    Other,
    Owner,
    Grants,
    DefaultPrivilege,
    Comment,
}

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

fn phase(change: &Change<'_>) -> Phase {
    use Direction::{Alter, Create, Drop};
    let by = |create, drop, alter| match change.direction() {
        Create => create,
        Drop => drop,
        Alter => alter,
    };
    match change {
        Change::Schema(_) => by(Phase::CreateSchema, Phase::DropSchema, Phase::CreateSchema),
        Change::Extension(_) => by(
            Phase::CreateExtension,
            Phase::DropExtension,
            Phase::CreateExtension,
        ),
        Change::Enum(_) | Change::Domain(_) => {
            by(Phase::CreateType, Phase::DropType, Phase::AlterType)
        }
        Change::Sequence(_) => by(
            Phase::CreateSequence,
            Phase::DropRoutine,
            Phase::CreateSequence,
        ),
        Change::SequenceOwner { .. } => Phase::SequenceOwner,
        Change::Table(_) => by(Phase::CreateTable, Phase::DropTable, Phase::AlterTable),
        Change::Partition { to: None, .. } => Phase::DetachPartition,
        Change::Partition { to: Some(_), .. } => Phase::AttachPartition,
        Change::DomainConstraint { .. } => by(
            Phase::AddForeignKey,
            Phase::DropDependant,
            Phase::AddForeignKey,
        ),
        Change::Default { .. } => by(Phase::CreateIndex, Phase::DropDependant, Phase::CreateIndex),
        Change::Column { .. } => Phase::AlterTable,
        Change::Rows { .. } => Phase::MoveRows,
        Change::Constraint { delta, .. } => constraint_phase(delta),
        Change::Index { .. } => by(Phase::CreateIndex, Phase::DropIndex, Phase::RenameIndex),
        Change::AttachIndex { .. } => Phase::AttachIndex,
        Change::Trigger { .. } => by(
            Phase::CreateTrigger,
            Phase::DropDependant,
            Phase::CreateTrigger,
        ),
        Change::RowSecurity { to, .. } => match to.enabled {
            true => Phase::EnableRowSecurity,
            false => Phase::DisableRowSecurity,
        },
        Change::Policy { .. } => by(Phase::Policy, Phase::DropDependant, Phase::Policy),
        Change::View(_) | Change::MaterializedView(_) => {
            by(Phase::CreateView, Phase::DropDependant, Phase::CreateView)
        }
        Change::Function(_) => by(
            Phase::CreateFunction,
            Phase::DropRoutine,
            Phase::CreateFunction,
        ),
        Change::DefaultPrivilege(_) => Phase::DefaultPrivilege,
        Change::Other(it) => {
            let (create, drop, alter) = other_phases(it.object().id.kind);
            by(create, drop, alter)
        }
        Change::Owner { .. } => Phase::Owner,
        Change::Grants { .. } => Phase::Grants,
        Change::Comment { .. } => Phase::Comment,
    }
}

/// When one of a kind without a type of its own is made, dropped and altered.
fn other_phases(kind: ObjectKind) -> (Phase, Phase, Phase) {
    let early = (Phase::CreateType, Phase::DropType, Phase::AlterType);
    let routine = (
        Phase::CreateFunction,
        Phase::DropRoutine,
        Phase::CreateFunction,
    );
    let table = (Phase::CreateTable, Phase::DropTable, Phase::AlterTable);
    let late = (Phase::Other, Phase::DropDependant, Phase::Other);
    match kind {
        ObjectKind::CompositeType
        | ObjectKind::RangeType
        | ObjectKind::BaseType
        | ObjectKind::Collation
        | ObjectKind::AccessMethod
        | ObjectKind::Language
        | ObjectKind::TextSearchConfiguration
        | ObjectKind::TextSearchDictionary
        | ObjectKind::TextSearchParser
        | ObjectKind::TextSearchTemplate
        | ObjectKind::ForeignDataWrapper
        | ObjectKind::ForeignServer
        | ObjectKind::UserMapping => early,
        ObjectKind::Aggregate
        | ObjectKind::Cast
        | ObjectKind::Conversion
        | ObjectKind::Operator
        | ObjectKind::OperatorClass
        | ObjectKind::OperatorFamily
        | ObjectKind::Transform => routine,
        ObjectKind::ForeignTable => table,
        ObjectKind::Rule
        | ObjectKind::EventTrigger
        | ObjectKind::StatisticsObject
        | ObjectKind::Publication
        | ObjectKind::Subscription
        | ObjectKind::SecurityLabel
        | ObjectKind::StorageBucket
        | ObjectKind::CronJob
        | ObjectKind::Schema
        | ObjectKind::Extension
        | ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::DomainConstraint
        | ObjectKind::Sequence
        | ObjectKind::Table
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Trigger
        | ObjectKind::Policy
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Function
        | ObjectKind::DefaultPrivilege => late,
    }
}

fn constraint_phase(delta: &Delta<'_, driftless_catalog::Constraint>) -> Phase {
    let foreign = matches!(delta.object().kind, ConstraintKind::ForeignKey(_));
    match (foreign, delta) {
        (true, Delta::Create(_)) => Phase::AddForeignKey,
        (true, Delta::Drop(_)) => Phase::DropForeignKey,
        (true, Delta::Alter { .. }) => Phase::RenameForeignKey,
        (false, _) => Phase::AlterTable,
    }
}

/// What has to be done before and after a type is altered, which may mean that it is made anew and exchanged column by
/// column. A foreign key goes before: one side would have the new type while the other still has the old one. A column
/// that is dropped alone need not be exchanged. One that gets another type does so afterwards, and a table goes
/// afterwards.
fn around_types(graph: &mut Graph, from: &Catalog, changes: &[Change<'_>]) {
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
    let is_of_type = |it: &Column| {
        let ty = it.data_type.name.user_defined();
        ty.is_some_and(|it| it.to_string() == name)
    };
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
    let is_of_type = |it: &Column| {
        let ty = it.data_type.name.user_defined();
        ty.is_some_and(|it| it.to_string() == name)
    };
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

/// A unique index that stands in for a primary key goes when the key has come, so that the table is never
/// without one.
fn key_before_index(graph: &mut Graph, from: &Catalog, changes: &[Change<'_>]) {
    for (dropped, change) in changes.iter().enumerate() {
        let Change::Index {
            relation,
            delta: Delta::Drop(index),
        } = change
        else {
            continue;
        };
        let has_key = |it: &Table| {
            let mut kinds = it.constraints.iter().map(|it| &it.kind);
            kinds.any(|it| matches!(it, ConstraintKind::PrimaryKey(_)))
        };
        if !index.unique || from.tables.get(relation).is_none_or(has_key) {
            continue;
        }
        let covers = |it: &Change<'_>| {
            let Change::Constraint {
                table,
                delta: Delta::Create(key),
            } = it
            else {
                return false;
            };
            let ConstraintKind::PrimaryKey(key) = &key.kind else {
                return false;
            };
            let columns = key.columns.iter().map(|it| IndexTarget::Column(it.clone()));
            *table == *relation && index.keys.iter().map(|it| it.target.clone()).eq(columns)
        };
        let made = changes.iter().position(covers);
        let has_name = |it: &Change<'_>| matches!(it, Change::Constraint { delta, .. } if delta.object().name == index.name);
        // Two of one name are never there together.
        if let Some(made) = made.filter(|it| !has_name(&changes[*it])) {
            graph.add(made, dropped);
        }
    }
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

/// A column may have NULL when it is in no primary key any more; and where a key is made without the partitions, the
/// columns of all of them have to be NOT NULL before.
fn key_and_not_null(graph: &mut Graph, from: &Catalog, changes: &[Change<'_>]) {
    let mut loosened: HashMap<(&QualifiedName, &Ident), usize> = HashMap::new();
    let mut tightened: HashMap<(&QualifiedName, &Ident), usize> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        if let Change::Column {
            table,
            delta: Delta::Alter { from, to },
        } = change
        {
            match (from.not_null, to.not_null) {
                (true, false) => drop(loosened.insert((table, &to.name), at)),
                (false, true) => drop(tightened.insert((table, &to.name), at)),
                (true, true) | (false, false) => {}
            }
        }
    }
    for (at, change) in changes.iter().enumerate() {
        let Change::Constraint { table, delta } = change else {
            continue;
        };
        if let Delta::Drop(it) = delta
            && let ConstraintKind::NotNull { column, .. } = &it.kind
            && let Some(table) = from.tables.get(table)
        {
            // What a parent has, too, it has to lose first.
            let first = inheritance_of(table).filter_map(|it| loosened.get(&(it, column)));
            first.for_each(|first| graph.add(*first, at));
        }
        let ConstraintKind::PrimaryKey(key) = &delta.object().kind else {
            continue;
        };
        for column in &key.columns {
            match delta {
                Delta::Drop(_) => {
                    let then = loosened.get(&(table, column)).into_iter();
                    then.for_each(|then| graph.add(at, *then));
                }
                Delta::Create(_) => {
                    let first = tightened.get(&(table, column)).into_iter();
                    first.for_each(|first| graph.add(*first, at));
                }
                Delta::Alter { .. } => {}
            }
        }
    }
}

/// A default is dropped before its column is altered, and comes back when all that is over.
fn around_defaults(graph: &mut Graph, lookup: &Lookup, from: &Catalog, changes: &[Change<'_>]) {
    let mut dropped: HashMap<ObjectId, usize> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        let Change::Default { delta, .. } = change else {
            continue;
        };
        let column = change.object();
        match delta {
            Delta::Drop(_) => {
                if let Some(then) = lookup.altered.get(&column) {
                    graph.add(at, *then);
                }
                dropped.insert(column, at);
            }
            Delta::Create(_) | Delta::Alter { .. } => {
                let needs = from.dependencies_of(&column);
                let gone = needs.filter(|it| lookup.frees(&column, it));
                let gone = gone.filter_map(|it| lookup.dropper(it));
                for first in dropped.get(&column).copied().into_iter().chain(gone) {
                    graph.add(first, at);
                }
            }
        }
    }
}

/// A sequence lets go of a column before that is dropped, and takes another one afterwards.
fn owners_of_sequences(graph: &mut Graph, lookup: &Lookup, changes: &[Change<'_>]) {
    let mut released: HashMap<ObjectId, usize> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        let Change::SequenceOwner { from, to, .. } = change else {
            continue;
        };
        if let Some(owner) = from {
            let column = ObjectId::Column(owner.table.clone(), owner.column.clone());
            if let Some(then) = lookup.dropper(&column) {
                graph.add(at, then);
            }
        }
        match to {
            None => drop(released.insert(change.object(), at)),
            Some(owner) => {
                let column = ObjectId::Column(owner.table.clone(), owner.column.clone());
                let first = released.get(&change.object()).copied();
                for first in first.into_iter().chain(lookup.maker(&column)) {
                    graph.add(first, at);
                }
            }
        }
    }
}

/// What the parts of a table or view need, which go with it: those that do not go before.
fn parts_need(catalog: &Catalog, object: &ObjectId, lookup: &Lookup) -> Vec<ObjectId> {
    let (ObjectId::Table(name) | ObjectId::View(name) | ObjectId::MaterializedView(name)) = object
    else {
        return Vec::new();
    };
    parts(catalog, name)
        .iter()
        .filter(|it| !lookup.dropped.contains_key(it))
        .flat_map(|it| catalog.dependencies_of(it).cloned())
        .collect()
}

/// What goes with a table or view when it is dropped.
fn parts(catalog: &Catalog, relation: &QualifiedName) -> Vec<ObjectId> {
    let trigger = |it: &Trigger| ObjectId::Trigger(relation.clone(), it.name.clone());
    let index = |it: &Index| ObjectId::Index(relation.sibling(it.name.clone()));
    let mut found = Vec::new();
    if let Some(table) = catalog.tables.get(relation) {
        let columns = table.columns.iter().map(|it| &it.name);
        found.extend(columns.map(|it| ObjectId::Column(relation.clone(), it.clone())));
        let constraints = table.constraints.iter().map(|it| &it.name);
        found.extend(constraints.map(|it| ObjectId::Constraint(relation.clone(), it.clone())));
        let policies = table.policies.iter().map(|it| &it.name);
        found.extend(policies.map(|it| ObjectId::Policy(relation.clone(), it.clone())));
        found.extend(table.triggers.iter().map(trigger));
        found.extend(table.indexes.iter().map(index));
    }
    if let Some(view) = catalog.views.get(relation) {
        found.extend(view.triggers.iter().map(trigger));
    }
    if let Some(view) = catalog.materialized_views.get(relation) {
        found.extend(view.indexes.iter().map(index));
    }
    found
}

/// What `object` needs in the state of `catalog`: as recorded, and as its own fields say.
fn needs(catalog: &Catalog, object: &ObjectId, change: &Change<'_>) -> Vec<ObjectId> {
    let mut found: Vec<ObjectId> = catalog.dependencies_of(object).cloned().collect();
    if let Some(parent) = object.parent() {
        found.push(ObjectId::Table(parent.clone()));
    }
    if let Some(relation) = change.relation() {
        found.push(ObjectId::Table(relation.clone()));
        found.push(ObjectId::MaterializedView(relation.clone()));
        found.push(ObjectId::View(relation.clone()));
    }
    match object {
        ObjectId::Table(name) => {
            if let (Change::Table(_), Some(table)) = (change, catalog.tables.get(name)) {
                table_needs(catalog, table, &mut found);
            }
        }
        ObjectId::Column(table, column) => {
            let column = catalog.tables.get(table).and_then(|it| it.column(column));
            if let Some(column) = column {
                column_needs(catalog, column, &mut found);
            }
        }
        ObjectId::Constraint(table, name) => {
            let constraint = catalog
                .tables
                .get(table)
                .and_then(|it| it.constraints.get(name));
            if let Some(ConstraintKind::ForeignKey(key)) = constraint.map(|it| &it.kind) {
                foreign_key_needs(catalog, key, &mut found);
            }
        }
        ObjectId::Trigger(relation, name) => {
            let triggers = catalog
                .tables
                .get(relation)
                .map(|it| &it.triggers)
                .or_else(|| catalog.views.get(relation).map(|it| &it.triggers))
                .or_else(|| catalog.managed_tables.get(relation).map(|it| &it.triggers));
            if let Some(trigger) = triggers.and_then(|it| it.get(name)) {
                found.push(ObjectId::Function(driftless_catalog::FunctionId {
                    name: trigger.function.clone(),
                    arguments: Vec::new(),
                }));
            }
        }
        ObjectId::Function(id) => {
            if let Some(function) = catalog.functions.get(id) {
                for it in &function.arguments {
                    type_needs(catalog, &it.data_type, &mut found);
                }
                if let Some(it) = &function.returns {
                    type_needs(catalog, &it.data_type, &mut found);
                }
            }
        }
        ObjectId::Sequence(name) => {
            // That of a `serial` column is made with its table.
            let owner = catalog
                .sequences
                .get(name)
                .and_then(|it| it.owned_by.as_ref());
            if let Some(owner) = owner.filter(|_| change.is_about()) {
                found.push(ObjectId::Table(owner.table.clone()));
                found.push(ObjectId::Column(owner.table.clone(), owner.column.clone()));
            }
        }
        ObjectId::Domain(name) => {
            if let Some(domain) = catalog.domains.get(name) {
                type_needs(catalog, &domain.base, &mut found);
                for it in &domain.constraints {
                    let id = ObjectId::DomainConstraint(name.clone(), it.name.clone());
                    found.extend(catalog.dependencies_of(&id).cloned());
                }
            }
        }
        ObjectId::Schema(_)
        | ObjectId::Extension(_)
        | ObjectId::Enum(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Index(_)
        | ObjectId::Policy(..)
        | ObjectId::View(_)
        | ObjectId::MaterializedView(_)
        | ObjectId::DefaultPrivilege(_)
        | ObjectId::Other(_) => {}
    }
    found.extend(object.schema().cloned().map(ObjectId::Schema));
    found
}

fn table_needs(catalog: &Catalog, table: &Table, found: &mut Vec<ObjectId>) {
    for column in &table.columns {
        column_needs(catalog, column, found);
        // What a column's default needs, the whole table needs.
        let id = ObjectId::Column(table.name.clone(), column.name.clone());
        found.extend(catalog.dependencies_of(&id).cloned());
    }
    for constraint in &table.constraints {
        // Foreign keys come on their own, behind the tables they refer to.
        if !matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
            let id = ObjectId::Constraint(table.name.clone(), constraint.name.clone());
            found.extend(catalog.dependencies_of(&id).cloned());
        }
    }
    let parent = table.partition.as_ref().map(|it| &it.of);
    found.extend(
        parent
            .into_iter()
            .chain(&table.inherits)
            .cloned()
            .map(ObjectId::Table),
    );
}

fn column_needs(catalog: &Catalog, column: &Column, found: &mut Vec<ObjectId>) {
    type_needs(catalog, &column.data_type, found);
    found.extend(column.serial.clone().map(ObjectId::Sequence));
}

fn type_needs(catalog: &Catalog, ty: &DataType, found: &mut Vec<ObjectId>) {
    let Some(name) = ty.name.user_defined() else {
        return;
    };
    if catalog.enums.contains(&name) {
        found.push(ObjectId::Enum(name));
    } else if catalog.domains.contains(&name) {
        found.push(ObjectId::Domain(name));
    } else if catalog.tables.contains(&name) {
        found.push(ObjectId::Table(name));
    }
}

/// The referenced table, and whatever makes the referenced columns unique.
fn foreign_key_needs(catalog: &Catalog, key: &ForeignKey, found: &mut Vec<ObjectId>) {
    found.push(ObjectId::Table(key.references.clone()));
    let Some(table) = catalog.tables.get(&key.references) else {
        return;
    };
    for column in &key.referenced_columns {
        found.push(ObjectId::Column(table.name.clone(), column.clone()));
    }
    for it in &table.constraints {
        if matches!(
            it.kind,
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_)
        ) {
            found.push(ObjectId::Constraint(table.name.clone(), it.name.clone()));
        }
    }
    for it in table.indexes.iter().filter(|it| it.unique) {
        found.push(ObjectId::Index(table.name.sibling(it.name.clone())));
    }
}
