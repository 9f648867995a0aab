//! From what differs to what has to be done: what Postgres cannot alter in place is dropped and made
//! again, with everything that hangs on it.

use std::collections::BTreeSet;

use driftless_catalog::{
    Argument, ArgumentMode, Column, Constraint, ConstraintKind, Domain, EnumType, Function,
    GeneratedKind, GrantClass, ObjectId, Other, Policy, View,
};

use crate::change::Difference;
use crate::{
    Change, Delta, DiffOptions, Found, Manner, circle, column, constraint, dependants, domain,
    enum_type, extension, handed_down, index, inheritance, materialized_view, order, other,
    partition_index, recreate, table_anew, view,
};

/// The changes that have to be applied, and in which order.
pub(crate) fn plan<'a>(mut found: Found<'a, '_>) -> Vec<Change<'a>> {
    if found.options.manner.is_prisma() {
        recreate::recreate(&mut found);
    } else {
        recreate::recreate_foreign_keys(&mut found);
    }
    if found.options.manner != Manner::PrismaWithFaults {
        recreate::recreate_over_types(&mut found);
    }
    domain::split(&mut found);
    if !found.options.manner.is_prisma() {
        table_anew::remake(&mut found);
    }
    let changes = std::mem::take(&mut found.changes);
    let faults = found.options.manner == Manner::PrismaWithFaults;
    let (mut kept, anew): (Vec<_>, Vec<_>) = changes.into_iter().partition(|it| {
        let is_extension = matches!(it, Change::Extension(Delta::Alter { .. }));
        alters_in_place(it, found.options.server_major) && !(faults && is_extension)
    });
    let enums = if faults {
        Vec::new()
    } else {
        enums_anew(&kept)
    };
    let domains = domains_anew(&kept);
    let ranges = ranges_anew(&kept);
    let ids = enums.iter().map(|it| ObjectId::Enum(it.name.clone()));
    let domain_ids = domains.iter().flat_map(|it| with_checks(it));
    let members = anew.iter().flat_map(extension::members_made_again);
    let range_ids = ranges.iter().map(|it| ObjectId::Other(it.id.clone()));
    let ids = ids.chain(domain_ids).chain(range_ids).chain(members);
    let remade: BTreeSet<ObjectId> = anew.iter().map(Change::object).chain(ids).collect();
    kept.retain(|it| !hangs_on(it, &remade) && !goes_with_its_schema(it, &found));
    let kept = kept.into_iter().flat_map(moved_in_two).collect::<Vec<_>>();
    remake_all(&mut found, anew);
    in_full(&mut found, |found| {
        for it in enums {
            let id = || ObjectId::Enum(it.name.clone());
            found.common(id, Some(GrantClass::Type), None, &it.common);
        }
        for it in domains {
            domain::hanging_on(found, it);
        }
        for it in ranges {
            let id = || ObjectId::Other(it.id.clone());
            found.common(id, Some(GrantClass::Type), None, &it.common);
        }
    });
    found.changes.extend(kept);
    partition_index::settle(&mut found);
    dependants::remake(&mut found);
    partition_index::settle(&mut found);
    inheritance::restore(&mut found);
    constraint::restore(&mut found);
    inheritance::detach_referenced(&mut found);
    circle::open(&mut found);
    handed_down::restore(&mut found);
    order::arrange(found)
}

/// Whether a change is about something that comes anew with one of `remade`: owner, comment and privileges,
/// triggers of a view, indexes of a materialized view.
pub(crate) fn hangs_on(change: &Change<'_>, remade: &BTreeSet<ObjectId>) -> bool {
    match change {
        Change::Owner { object, .. }
        | Change::Comment { object, .. }
        | Change::Grants { object, .. } => remade.contains(object) || is_column_of(object, remade),
        Change::Trigger { relation, .. } => remade.contains(&ObjectId::View((*relation).clone())),
        Change::Index { relation, .. } => {
            remade.contains(&ObjectId::MaterializedView((*relation).clone()))
        }
        Change::Schema(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Domain(_)
        | Change::DomainConstraint { .. }
        | Change::Default { .. }
        | Change::Rows { .. }
        | Change::Sequence(_)
        | Change::SequenceOwner { .. }
        | Change::Table(_)
        | Change::Partition { .. }
        | Change::AttachIndex { .. }
        | Change::Column { .. }
        | Change::Constraint { .. }
        | Change::RowSecurity { .. }
        | Change::Policy { .. }
        | Change::View(_)
        | Change::MaterializedView(_)
        | Change::Function(_)
        | Change::DefaultPrivilege(_)
        | Change::Other(_) => false,
    }
}

fn is_column_of(object: &ObjectId, remade: &BTreeSet<ObjectId>) -> bool {
    object.parent().is_some_and(|relation| {
        remade.contains(&ObjectId::View(relation.clone()))
            || remade.contains(&ObjectId::MaterializedView(relation.clone()))
    })
}

/// Whether one statement, or several on the object as it is, do it.
fn alters_in_place(change: &Change<'_>, server_major: u16) -> bool {
    match change {
        Change::Column {
            delta: Delta::Alter { from, to },
            ..
        } => column_in_place(from, to, server_major),
        Change::Constraint {
            delta: Delta::Alter { from, to },
            ..
        } => constraint_in_place(from, to),
        Change::Index {
            delta: Delta::Alter { .. },
            ..
        } => only(
            change,
            &[
                "name",
                "storage parameters",
                "tablespace",
                "statistics",
                "clustered",
                index::PARTITION_OF,
            ],
        ),
        Change::Trigger {
            delta: Delta::Alter { .. },
            ..
        } => only(change, &["enabled"]),
        Change::Policy {
            delta: Delta::Alter { from, to },
            ..
        } => policy_in_place(from, to),
        Change::View(Delta::Alter { from, to }) => view_in_place(from, to),
        Change::MaterializedView(Delta::Alter { .. }) => only(
            change,
            &["storage parameters", "tablespace", view::SETTINGS],
        ),
        Change::Function(Delta::Alter { from, to }) => function_in_place(from, to),
        Change::Other(Delta::Alter { from, to }) => other::alters_in_place(from, to),
        Change::Extension(Delta::Alter { from, to }) => extension::alters_in_place(from, to),
        Change::DomainConstraint {
            delta: Delta::Alter { from, to },
            ..
        } => domain::constraint_in_place(from, to),
        Change::Constraint { .. }
        | Change::Index { .. }
        | Change::Trigger { .. }
        | Change::Policy { .. }
        | Change::View(_)
        | Change::MaterializedView(_)
        | Change::Function(_)
        | Change::Schema(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Domain(_)
        | Change::DomainConstraint { .. }
        | Change::Default { .. }
        | Change::Rows { .. }
        | Change::Sequence(_)
        | Change::SequenceOwner { .. }
        | Change::Table(_)
        | Change::Partition { .. }
        | Change::AttachIndex { .. }
        | Change::Column { .. }
        | Change::RowSecurity { .. }
        | Change::DefaultPrivilege(_)
        | Change::Other(_)
        | Change::Owner { .. }
        | Change::Comment { .. }
        | Change::Grants { .. } => true,
    }
}

fn only(change: &Change<'_>, aspects: &[&str]) -> bool {
    all_of(&change.differences(), aspects)
}

fn all_of(differences: &[Difference], aspects: &[&str]) -> bool {
    differences.iter().all(|it| aspects.contains(&it.aspect))
}

/// A constraint can be renamed and validated; of a foreign key the deferral can change.
fn constraint_in_place(from: &Constraint, to: &Constraint) -> bool {
    let differences = constraint::differences(from, to);
    let foreign = matches!(to.kind, ConstraintKind::ForeignKey(_));
    // A valid constraint cannot be made NOT VALID again.
    let becomes_valid = to.validated || !from.validated;
    match foreign {
        true => all_of(&differences, &["name", "validated", "deferral"]) && becomes_valid,
        false => {
            let aspects = ["name", "validated", index::PARTITION_OF];
            all_of(&differences, &aspects) && becomes_valid
        }
    }
}

/// What is generated can become an ordinary column, and from PostgreSQL 17 on be generated in another way. An ordinary
/// column cannot become a generated one.
fn column_in_place(from: &Column, to: &Column, server_major: u16) -> bool {
    match (&from.generated, &to.generated) {
        (None, None) => true,
        (Some(before), None) => before.kind == GeneratedKind::Stored,
        (None, Some(_)) => false,
        (Some(before), Some(after)) => {
            before == after || before.kind == after.kind && server_major >= 17
        }
    }
}

/// `ALTER POLICY` can neither change command and kind nor take an expression away.
fn policy_in_place(from: &Policy, to: &Policy) -> bool {
    from.command == to.command
        && from.permissive == to.permissive
        && (from.using.is_none() || to.using.is_some())
        && (from.with_check.is_none() || to.with_check.is_some())
}

/// `CREATE OR REPLACE VIEW` can only add columns at the end.
fn view_in_place(from: &View, to: &View) -> bool {
    let same = from
        .columns
        .iter()
        .zip(&to.columns)
        .all(|(from, to)| from.name == to.name && from.data_type == to.data_type);
    same && from.columns.len() <= to.columns.len()
}

/// `CREATE OR REPLACE FUNCTION` can change neither the result nor names of arguments, and can take no
/// default away.
fn function_in_place(from: &Function, to: &Function) -> bool {
    let same_argument = |(from, to): (&Argument, &Argument)| {
        from.mode == to.mode
            && from.data_type == to.data_type
            && (from.name == to.name || from.name.is_none() && from.mode == ArgumentMode::In)
            && (from.default.is_none() || to.default.is_some())
    };
    from.kind == to.kind
        && from.returns == to.returns
        && from.arguments.len() == to.arguments.len()
        && from.arguments.iter().zip(&to.arguments).all(same_argument)
}

/// A partition that becomes another part, of that table or another one, is detached and attached.
fn moved_in_two(change: Change<'_>) -> Vec<Change<'_>> {
    if let Change::Partition {
        table,
        from: from @ Some(_),
        to: to @ Some(_),
    } = change
    {
        let step = |from, to| Change::Partition { table, from, to };
        return vec![step(from, None), step(None, to)];
    }
    vec![change]
}

/// The enums that are made under another name and renamed: one change, and a new type.
fn enums_anew<'a>(changes: &[Change<'a>]) -> Vec<&'a EnumType> {
    let anew = changes.iter().filter_map(|it| {
        let Change::Enum(Delta::Alter { from, to }) = it else {
            return None;
        };
        enum_type::is_anew(from, to).then_some(*to)
    });
    anew.collect()
}

/// The domains that are made under the name of another one, which is renamed and goes.
fn domains_anew<'a>(changes: &[Change<'a>]) -> Vec<&'a Domain> {
    let anew = changes.iter().filter_map(|it| {
        let Change::Domain(Delta::Alter { from, to }) = it else {
            return None;
        };
        domain::is_anew(from, to).then_some(*to)
    });
    anew.collect()
}

/// The range types that are dropped and made again.
fn ranges_anew<'a>(changes: &[Change<'a>]) -> Vec<&'a Other> {
    let anew = changes.iter().filter_map(|it| {
        let Change::Other(Delta::Alter { from, to }) = it else {
            return None;
        };
        other::is_range_anew(from, to).then_some(*to)
    });
    anew.collect()
}

fn with_checks(domain: &Domain) -> Vec<ObjectId> {
    let checks = domain.constraints.iter();
    let checks = checks.map(|it| ObjectId::DomainConstraint(domain.name.clone(), it.name.clone()));
    checks
        .chain([ObjectId::Domain(domain.name.clone())])
        .collect()
}

/// Default privileges of a schema that is dropped.
fn goes_with_its_schema(change: &Change<'_>, found: &Found<'_, '_>) -> bool {
    let Change::DefaultPrivilege(delta) = change else {
        return false;
    };
    let schema = delta.object().id.schema.as_ref();
    schema.is_some_and(|it| found.from.schemas.contains(it) && !found.to.schemas.contains(it))
}

/// Drops objects and makes them again, with what hangs on them.
pub(crate) fn remake_all<'a>(found: &mut Found<'a, '_>, changes: Vec<Change<'a>>) {
    if !changes.is_empty() {
        in_full(found, |found| {
            changes.into_iter().for_each(|it| remake(found, it));
        });
    }
}

/// Adds changes with what is not compared, too: what is made again would lose it.
pub(crate) fn in_full<'a>(found: &mut Found<'a, '_>, add: impl FnOnce(&mut Found<'a, '_>)) {
    let everything = DiffOptions {
        owners: true,
        grants: true,
        comments: true,
        ..found.options.clone()
    };
    let mut anew = Found {
        from: found.from,
        to: found.to,
        options: &everything,
        changes: Vec::new(),
    };
    add(&mut anew);
    found.changes.extend(anew.changes);
}

/// Drops the object and makes it again, with what hangs on it.
fn remake<'a>(found: &mut Found<'a, '_>, change: Change<'a>) {
    match change {
        Change::Column {
            table,
            delta: Delta::Alter { from, to },
        } => {
            for delta in [Delta::Drop(from), Delta::Create(to)] {
                found.changes.push(Change::Column { table, delta });
            }
            column::common(found, table, None, to);
        }
        Change::Constraint {
            table,
            delta: Delta::Alter { from, to },
        } => {
            for delta in [Delta::Drop(from), Delta::Create(to)] {
                found.changes.push(Change::Constraint { table, delta });
            }
            constraint::comment(found, table, None, to);
        }
        Change::Index {
            relation,
            delta: Delta::Alter { from, to },
        } => {
            for delta in [Delta::Drop(from), Delta::Create(to)] {
                found.changes.push(Change::Index { relation, delta });
            }
            index::comment(found, relation, None, to);
        }
        Change::Trigger {
            relation,
            delta: Delta::Alter { from, to },
        } => {
            for delta in [Delta::Drop(from), Delta::Create(to)] {
                found.changes.push(Change::Trigger { relation, delta });
            }
            let id = || ObjectId::Trigger(relation.clone(), to.name.clone());
            found.comment(&id, None, to.comment.as_deref());
        }
        Change::Policy {
            table,
            delta: Delta::Alter { from, to },
        } => {
            for delta in [Delta::Drop(from), Delta::Create(to)] {
                found.changes.push(Change::Policy { table, delta });
            }
            let id = || ObjectId::Policy(table.clone(), to.name.clone());
            found.comment(&id, None, to.comment.as_deref());
        }
        Change::View(Delta::Alter { from, to }) => {
            found.changes.push(Change::View(Delta::Drop(from)));
            found.changes.push(Change::View(Delta::Create(to)));
            view::hanging_on(found, None, to);
        }
        Change::MaterializedView(Delta::Alter { from, to }) => {
            found
                .changes
                .push(Change::MaterializedView(Delta::Drop(from)));
            found
                .changes
                .push(Change::MaterializedView(Delta::Create(to)));
            materialized_view::hanging_on(found, None, to);
        }
        Change::Function(Delta::Alter { from, to }) => {
            found.changes.push(Change::Function(Delta::Drop(from)));
            found.changes.push(Change::Function(Delta::Create(to)));
            let id = || ObjectId::Function(to.id.clone());
            found.common(id, Some(GrantClass::Function), None, &to.common);
        }
        Change::DomainConstraint {
            domain,
            delta: Delta::Alter { from, to },
        } => {
            for delta in [Delta::Drop(from), Delta::Create(to)] {
                found
                    .changes
                    .push(Change::DomainConstraint { domain, delta });
            }
            domain::constraint_comment(found, domain, to);
        }
        Change::Extension(Delta::Alter { from, to }) => {
            found.changes.push(Change::Extension(Delta::Drop(from)));
            found.changes.push(Change::Extension(Delta::Create(to)));
            extension::member_grants(found, None, to);
        }
        Change::Other(Delta::Alter { from, to }) => {
            found.changes.push(Change::Other(Delta::Drop(from)));
            found.changes.push(Change::Other(Delta::Create(to)));
            other::hanging_on(found, None, to);
        }
        other @ (Change::Constraint { .. }
        | Change::Index { .. }
        | Change::Trigger { .. }
        | Change::Policy { .. }
        | Change::View(_)
        | Change::MaterializedView(_)
        | Change::Function(_)
        | Change::Schema(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Domain(_)
        | Change::DomainConstraint { .. }
        | Change::Default { .. }
        | Change::Rows { .. }
        | Change::Sequence(_)
        | Change::SequenceOwner { .. }
        | Change::Table(_)
        | Change::Partition { .. }
        | Change::AttachIndex { .. }
        | Change::Column { .. }
        | Change::RowSecurity { .. }
        | Change::DefaultPrivilege(_)
        | Change::Other(_)
        | Change::Owner { .. }
        | Change::Comment { .. }
        | Change::Grants { .. }) => found.changes.push(other),
    }
}
