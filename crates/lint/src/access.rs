//! Who may do more in one state than in another.

use std::collections::BTreeSet;

use driftless_catalog::{
    Catalog, Expression, Grants, ObjectId, ObjectKind, Other, Policy, PolicyCommand, PolicyRole,
    QualifiedName, Table,
};
use driftless_diff::{Change, Delta};

use crate::condition::{Compared, compare};
use crate::hazard::{HazardCode, PlanHazard, StateHazard};

/// What lets somebody do more in the state `to` than in the state `from`, by object. `changes` are all differences
/// between the two.
///
/// What a new object lets anybody do is not here: nobody could do more with it before.
pub(crate) fn widened(
    changes: &[Change<'_>],
    from: &Catalog,
    to: &Catalog,
    server_major: u16,
) -> Vec<StateHazard> {
    let mut found = Vec::new();
    for table in to.tables.iter() {
        if let Some(before) = from.tables.get(&table.name) {
            row_security(before, table, &mut found);
        }
    }
    for it in to.managed_tables.iter() {
        if let Some(before) = from.managed_tables.get(&it.name) {
            let (before, after) = (before.policies.iter(), it.policies.iter());
            policies(
                &it.name,
                &before.collect::<Vec<_>>(),
                &after.collect::<Vec<_>>(),
                &mut found,
            );
        }
    }
    for change in changes {
        of_change(change, from, server_major, &mut found);
    }
    found
}

fn push(found: &mut Vec<StateHazard>, object: ObjectId, hazard: PlanHazard) {
    found.push(StateHazard { object, hazard });
}

fn row_security(from: &Table, to: &Table, found: &mut Vec<StateHazard>) {
    let name = &to.name;
    let (before, after) = (from.row_security, to.row_security);
    if before.enabled && !after.enabled {
        let message = format!("whoever has privileges on {name} reaches all its rows");
        let hazard = PlanHazard::certain(HazardCode::RlsDisabled, message);
        return push(found, ObjectId::Table(name.clone()), hazard);
    }
    if before.forced && !after.forced && after.enabled {
        let message = format!("the owner of {name} reaches all its rows");
        let hazard = PlanHazard::certain(HazardCode::RlsWidened, message);
        push(found, ObjectId::Table(name.clone()), hazard);
    }
    // Without row security before, nobody reaches more than all.
    if before.enabled && after.enabled {
        let before: Vec<&Policy> = from.policies.iter().collect();
        let after: Vec<&Policy> = to.policies.iter().collect();
        policies(name, &before, &after, found);
    }
}

fn policies(table: &QualifiedName, from: &[&Policy], to: &[&Policy], found: &mut Vec<StateHazard>) {
    let id = |it: &Policy| ObjectId::Policy(table.clone(), it.name.clone());
    let named = |all: &[&Policy], wanted: &Policy| all.iter().any(|it| it.name == wanted.name);
    for after in to {
        match from.iter().find(|it| it.name == after.name) {
            Some(before) => {
                if let Some(hazard) = widening(before, after) {
                    push(found, id(after), hazard);
                }
            }
            None if after.permissive => {
                let renamed = from.iter().any(|it| !named(to, it) && same_rule(it, after));
                if !renamed {
                    push(found, id(after), new_policy(after));
                }
            }
            None => {}
        }
    }
    for before in from.iter().filter(|it| !it.permissive && !named(to, it)) {
        if !to.iter().any(|it| same_rule(it, before)) {
            let message = format!("{} no longer restricts {}", before.name, table);
            let hazard = PlanHazard::certain(HazardCode::RlsWidened, message);
            push(found, id(before), hazard);
        }
    }
}

fn same_rule(a: &Policy, b: &Policy) -> bool {
    a.permissive == b.permissive
        && a.command == b.command
        && a.roles == b.roles
        && a.using == b.using
        && a.with_check == b.with_check
}

fn new_policy(policy: &Policy) -> PlanHazard {
    let condition = policy.using.as_ref().or(policy.with_check.as_ref());
    let rows = match condition.map(|it| &*it.text) {
        None | Some("true") => "every row".to_owned(),
        Some(text) => format!("rows where {text}"),
    };
    let message = format!(
        "{} may {} {rows}",
        roles(&policy.roles),
        policy.command.as_str()
    );
    PlanHazard::certain(HazardCode::RlsWidened, message)
}

fn roles(roles: &BTreeSet<PolicyRole>) -> String {
    let names: Vec<String> = roles.iter().map(PolicyRole::to_string).collect();
    match &names[..] {
        [] => "PUBLIC".to_owned(),
        names => names.join(", "),
    }
}

/// How a policy lets more rows be reached than it did. A restrictive one does so by keeping less away.
fn widening(from: &Policy, to: &Policy) -> Option<PlanHazard> {
    const CODE: HazardCode = HazardCode::RlsWidened;
    if to.permissive && !from.permissive {
        return Some(PlanHazard::certain(
            CODE,
            format!("{} restricted rows, and now gives them", to.name),
        ));
    }
    if from.permissive && !to.permissive {
        // Rows that it gave are given no more.
        return None;
    }
    let (gives, gave) = match to.permissive {
        true => (to, from),
        false => (from, to),
    };
    let more: Vec<&PolicyRole> = gives
        .roles
        .iter()
        .filter(|it| !gave.roles.contains(it) && !gave.roles.contains(&PolicyRole::Public))
        .collect();
    if !more.is_empty() {
        let more: Vec<String> = more.iter().map(|it| it.to_string()).collect();
        return Some(PlanHazard::certain(
            CODE,
            match to.permissive {
                true => format!("{} counts for {}, too", to.name, more.join(", ")),
                false => format!("{} no longer restricts {}", to.name, more.join(", ")),
            },
        ));
    }
    if gives.command != gave.command && gave.command != PolicyCommand::All {
        let message = format!(
            "{} counts for {} instead of {}",
            to.name,
            to.command.as_str(),
            from.command.as_str()
        );
        return Some(PlanHazard::certain(CODE, message));
    }
    let of = |it: &Policy| {
        let using = it.using.clone();
        let check = it.with_check.clone().or_else(|| using.clone());
        (using, check)
    };
    let ((using_from, check_from), (using_to, check_to)) = (of(gave), of(gives));
    let both = [
        ("USING", using_from, using_to),
        ("WITH CHECK", check_from, check_to),
    ];
    both.into_iter().find_map(|(clause, from, to)| {
        let text = |it: &Option<Expression>| it.as_ref().map(|it| it.text.to_string());
        match compare(text(&from).as_deref(), text(&to).as_deref()) {
            Compared::Same | Compared::Narrower => None,
            Compared::Wider => Some(PlanHazard::certain(
                CODE,
                format!("{clause} of {} lets more rows through", gives.name),
            )),
            Compared::Unknown => Some(PlanHazard::possible(
                CODE,
                format!("{clause} of {} may let more rows through", gives.name),
            )),
        }
    })
}

fn of_change(
    change: &Change<'_>,
    catalog: &Catalog,
    server_major: u16,
    found: &mut Vec<StateHazard>,
) {
    match change {
        Change::Grants { object, from, to } => {
            let more = more_grants(from, to);
            if !more.is_empty() && exists(object, catalog) {
                let message = format!("{object}: {}", more.join("; "));
                let hazard = PlanHazard::certain(HazardCode::GrantWidened, message);
                push(found, object.clone(), hazard);
            }
        }
        Change::View(Delta::Alter { from, to }) => {
            if from.security_invoker && !to.security_invoker {
                let message = format!("view {} reads with the rights of its owner", to.name);
                let hazard = PlanHazard::certain(HazardCode::SecurityInvokerLost, message);
                push(found, ObjectId::View(to.name.clone()), hazard);
            }
        }
        Change::Function(Delta::Alter { from, to }) => {
            if !from.security_definer && to.security_definer {
                let message = format!("{} runs with the rights of its owner", to.id);
                let hazard = PlanHazard::certain(HazardCode::SecurityDefinerGained, message);
                push(found, ObjectId::Function(to.id.clone()), hazard);
            }
        }
        Change::DefaultPrivilege(delta) => {
            let unset = delta.object().id.unset(server_major);
            let (from, to) = match delta {
                Delta::Create(it) => (&unset, &it.grants),
                Delta::Drop(it) => (&it.grants, &unset),
                Delta::Alter { from, to } => (&from.grants, &to.grants),
            };
            let more = more_grants(from, to);
            if !more.is_empty() {
                let message = format!("of objects made later: {}", more.join("; "));
                let hazard = PlanHazard::certain(HazardCode::GrantWidened, message);
                push(found, change.object(), hazard);
            }
        }
        Change::Other(Delta::Alter { from, to }) if to.id.kind == ObjectKind::Publication => {
            realtime(from, Some(to), found);
        }
        Change::Other(Delta::Drop(it)) if it.id.kind == ObjectKind::Publication => {
            realtime(it, None, found);
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
        | Change::Index { .. }
        | Change::Trigger { .. }
        | Change::RowSecurity { .. }
        | Change::Policy { .. }
        | Change::View(_)
        | Change::MaterializedView(_)
        | Change::Function(_)
        | Change::Other(_)
        | Change::Owner { .. }
        | Change::Comment { .. } => {}
    }
}

/// The publication that the platform's realtime service reads.
const REALTIME: &str = "supabase_realtime";

fn realtime(from: &Other, to: Option<&Other>, found: &mut Vec<StateHazard>) {
    if driftless_sql_text::ident_value(&from.id.identity) != REALTIME {
        return;
    }
    let tables = |it: &Other| -> Vec<String> {
        let rows = it.rows("tables").iter();
        rows.filter_map(|it| it.get("name").cloned()).collect()
    };
    let after = to.map(tables).unwrap_or_default();
    if to.is_some_and(|it| it.is("all_tables")) {
        return;
    }
    let gone: Vec<String> = tables(from)
        .into_iter()
        .filter(|it| !after.contains(it))
        .collect();
    if !gone.is_empty() || to.is_none() {
        let what = match &gone[..] {
            [] => "any table".to_owned(),
            gone => gone.join(", "),
        };
        let message = format!("subscribers hear no more of {what}");
        let hazard = PlanHazard::certain(HazardCode::RealtimeStopped, message);
        push(found, ObjectId::Other(from.id.clone()), hazard);
    }
}

/// What is granted in `to` and not in `from`, in words.
fn more_grants(from: &Grants, to: &Grants) -> Vec<String> {
    let more = to.0.iter().filter_map(|((grantee, privilege), option)| {
        match from.0.get(&(grantee.clone(), *privilege)) {
            None => Some(format!("{grantee} gets {privilege}")),
            Some(false) if *option => Some(format!("{grantee} may grant {privilege} on")),
            Some(_) => None,
        }
    });
    more.collect()
}

/// Whether it was there before, so that somebody could do less with it.
fn exists(object: &ObjectId, catalog: &Catalog) -> bool {
    match object {
        ObjectId::Schema(it) => catalog.schemas.contains(it),
        ObjectId::Enum(it) => catalog.enums.contains(it),
        ObjectId::Domain(it) => catalog.domains.contains(it),
        ObjectId::Sequence(it) => catalog.sequences.contains(it),
        ObjectId::Table(it) => catalog.tables.contains(it) || catalog.managed_tables.contains(it),
        ObjectId::Column(table, it) => {
            let table = catalog.tables.get(table);
            table.is_some_and(|table| table.column(it).is_some())
        }
        ObjectId::View(it) => catalog.views.contains(it),
        ObjectId::MaterializedView(it) => catalog.materialized_views.contains(it),
        ObjectId::Function(it) => catalog.functions.contains(it),
        ObjectId::Other(it) => catalog.others.contains(it),
        ObjectId::Extension(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Constraint(..)
        | ObjectId::Index(_)
        | ObjectId::Trigger(..)
        | ObjectId::Policy(..)
        | ObjectId::DefaultPrivilege(_) => true,
    }
}
