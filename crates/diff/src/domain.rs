use driftless_catalog::{Domain, DomainConstraint, GrantClass, ObjectId};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Found};

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
        found.maybe("check", &from.map(show), &to.map(show));
    }
    found.0
}
