use driftless_catalog::{Domain, DomainConstraint, GrantClass, ObjectId, QualifiedName};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Delta, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.domains, &found.to.domains) {
        let differ = |from: &Domain, to: &Domain| !differences(from, to).is_empty();
        if let Some(delta) = delta(from, to, differ) {
            found.changes.push(Change::Domain(delta));
        }
        let Some(to) = to else { continue };
        let id = || ObjectId::Domain(to.name.clone());
        found.common(
            id,
            Some(GrantClass::Type),
            from.map(|it| &it.common),
            &to.common,
        );
        for constraint in &to.constraints {
            let before = from.and_then(|it| it.constraints.get(&constraint.name));
            let id = || ObjectId::DomainConstraint(to.name.clone(), constraint.name.clone());
            found.comment(
                &id,
                before.and_then(|it| it.comment.as_deref()),
                constraint.comment.as_deref(),
            );
        }
    }
}

pub(crate) fn differences(from: &Domain, to: &Domain) -> Vec<Difference> {
    let Domain {
        name: _,
        base,
        not_null,
        default,
        collation,
        constraints,
        common: _,
    } = from;
    let mut found = Differences::default();
    found.value("type", base, &to.base);
    found.value("not null", not_null, &to.not_null);
    found.maybe("default", default, &to.default);
    found.maybe("collation", collation, &to.collation);
    for (from, to) in pair(constraints, &to.constraints) {
        let show = |it: &DomainConstraint| {
            let valid = if it.validated { "" } else { " NOT VALID" };
            format!("{}: {}{valid}", it.name, it.expression)
        };
        found.maybe(CHECK, &from.map(show), &to.map(show));
    }
    found.0
}

const CHECK: &str = "check";
const VALIDATED: &str = "validated";

pub(crate) fn constraint_differences(
    from: &DomainConstraint,
    to: &DomainConstraint,
) -> Vec<Difference> {
    let DomainConstraint {
        name: _,
        expression,
        validated,
        comment: _,
    } = from;
    let mut found = Differences::default();
    found.value(CHECK, expression, &to.expression);
    found.value(VALIDATED, validated, &to.validated);
    found.0
}

/// Whether the server has no statement for it: then the domain is made anew.
pub(crate) fn is_anew(from: &Domain, to: &Domain) -> bool {
    from.base != to.base || from.collation != to.collation
}

/// A check can be validated, and nothing else.
pub(crate) fn constraint_in_place(from: &DomainConstraint, to: &DomainConstraint) -> bool {
    from.expression == to.expression && (to.validated || !from.validated)
}

/// Makes changes of their own of the checks of domains that stay.
pub(crate) fn split(found: &mut Found<'_, '_>) {
    let mut checks = Vec::new();
    found.changes.retain(|change| {
        let Change::Domain(Delta::Alter { from, to }) = change else {
            return true;
        };
        if is_anew(from, to) {
            return true;
        }
        for (before, after) in pair(&from.constraints, &to.constraints) {
            let differ = |from: &_, to: &_| !constraint_differences(from, to).is_empty();
            if let Some(delta) = delta(before, after, differ) {
                let domain = &to.name;
                checks.push(Change::DomainConstraint { domain, delta });
            }
        }
        differences(from, to).iter().any(|it| it.aspect != CHECK)
    });
    found.changes.extend(checks);
}

/// The comment of a check that is made.
pub(crate) fn constraint_comment<'a>(
    found: &mut Found<'a, '_>,
    domain: &'a QualifiedName,
    to: &'a DomainConstraint,
) {
    let id = || ObjectId::DomainConstraint(domain.clone(), to.name.clone());
    found.comment(&id, None, to.comment.as_deref());
}

/// What hangs on a domain that is made anew.
pub(crate) fn hanging_on<'a>(found: &mut Found<'a, '_>, to: &'a Domain) {
    let id = || ObjectId::Domain(to.name.clone());
    found.common(id, Some(GrantClass::Type), None, &to.common);
    for it in &to.constraints {
        constraint_comment(found, &to.name, it);
    }
}
