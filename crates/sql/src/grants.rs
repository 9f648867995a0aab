//! `GRANT` and `REVOKE`.

use std::collections::BTreeMap;

use driftless_catalog::{Grantee, Grants, ObjectId, Privilege, QualifiedName};

use crate::name::{grantee, ident};
use crate::script::Context;
use crate::{Label, Statement, other};

pub(crate) fn render(
    object: &ObjectId,
    from: &Grants,
    to: &Grants,
    context: &Context<'_>,
) -> (Label, Vec<Statement>) {
    let options = context.options;
    let known = |grants: &Grants| {
        let mut grants = grants.clone();
        if options.server_major < 17 {
            grants.0.retain(|(_, it), _| *it != Privilege::Maintain);
        }
        grants
    };
    let (from, to) = (known(from), known(to));
    let clauses = match object {
        ObjectId::Column(relation, column) => {
            let table = options.name(relation);
            column_clauses(&from, &to, &ident(column), &table)
        }
        ObjectId::View(it) | ObjectId::MaterializedView(it) => {
            relation_clauses(&from, &to, it, context)
        }
        ObjectId::Enum(_)
        | ObjectId::Domain(_)
        | ObjectId::Schema(_)
        | ObjectId::Sequence(_)
        | ObjectId::Table(_)
        | ObjectId::Function(_) => {
            let target = options.object(object).unwrap_or_default();
            // GRANT knows domains as types.
            let target = target.replacen("DOMAIN ", "TYPE ", 1);
            clauses(&from, &to, &target)
        }
        ObjectId::Other(it) => match other::granted(it) {
            Some(target) => clauses(&from, &to, &target),
            None => Vec::new(),
        },
        ObjectId::Extension(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Constraint(..)
        | ObjectId::Index(_)
        | ObjectId::Trigger(..)
        | ObjectId::Policy(..)
        | ObjectId::DefaultPrivilege(_) => Vec::new(),
    };
    (
        Label::Grant,
        clauses.into_iter().map(Statement::new).collect(),
    )
}

fn relation_clauses(
    from: &Grants,
    to: &Grants,
    name: &QualifiedName,
    context: &Context<'_>,
) -> Vec<String> {
    clauses(from, to, &format!("TABLE {}", context.options.name(name)))
}

/// The clauses that lead `from` one set of privileges `to` another, revoking first.
pub(crate) fn clauses(from: &Grants, to: &Grants, target: &str) -> Vec<String> {
    clauses_with(from, to, |privileges| {
        format!("{} ON {target}", privileges.join(", "))
    })
}

fn column_clauses(from: &Grants, to: &Grants, column: &str, table: &str) -> Vec<String> {
    clauses_with(from, to, |privileges| {
        let with_column: Vec<String> = privileges
            .iter()
            .map(|it| format!("{it} ({column})"))
            .collect();
        format!("{} ON TABLE {table}", with_column.join(", "))
    })
}

fn clauses_with(
    from: &Grants,
    to: &Grants,
    what: impl Fn(&[&'static str]) -> String,
) -> Vec<String> {
    let mut revoked: BTreeMap<&Grantee, Vec<&'static str>> = BTreeMap::new();
    let mut options_revoked: BTreeMap<&Grantee, Vec<&'static str>> = BTreeMap::new();
    let mut granted: BTreeMap<(&Grantee, bool), Vec<&'static str>> = BTreeMap::new();
    for (grantee, privilege, grantable) in from.iter() {
        match to.0.get(&(grantee.clone(), privilege)) {
            None => revoked.entry(grantee).or_default().push(privilege.as_str()),
            Some(false) if grantable => options_revoked
                .entry(grantee)
                .or_default()
                .push(privilege.as_str()),
            Some(_) => {}
        }
    }
    for (grantee, privilege, grantable) in to.iter() {
        let before = from.0.get(&(grantee.clone(), privilege));
        if before.is_none() || (grantable && before == Some(&false)) {
            let privileges = granted.entry((grantee, grantable)).or_default();
            privileges.push(privilege.as_str());
        }
    }
    let mut clauses = Vec::new();
    for (from, privileges) in revoked {
        clauses.push(format!(
            "REVOKE {} FROM {}",
            what(&privileges),
            grantee(from)
        ));
    }
    for (from, privileges) in options_revoked {
        let what = what(&privileges);
        clauses.push(format!(
            "REVOKE GRANT OPTION FOR {what} FROM {}",
            grantee(from)
        ));
    }
    for ((to, grantable), privileges) in granted {
        let option = if grantable { " WITH GRANT OPTION" } else { "" };
        clauses.push(format!(
            "GRANT {} TO {}{option}",
            what(&privileges),
            grantee(to)
        ));
    }
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_catalog::Ident;

    #[test]
    fn only_what_differs_is_granted_and_revoked() {
        let role = |name| Grantee::Role(Ident::new(name).unwrap());
        let (mut from, mut to) = (Grants::default(), Grants::default());
        from.add(Grantee::Public, Privilege::Select, false);
        from.add(role("anon"), Privilege::Insert, true);
        to.add(role("anon"), Privilege::Insert, false);
        to.add(role("anon"), Privilege::Select, false);
        to.add(role("x\"y"), Privilege::Select, true);
        assert_eq!(
            clauses(&from, &to, "TABLE \"t\""),
            [
                "REVOKE SELECT ON TABLE \"t\" FROM PUBLIC",
                "REVOKE GRANT OPTION FOR INSERT ON TABLE \"t\" FROM \"anon\"",
                "GRANT SELECT ON TABLE \"t\" TO \"anon\"",
                "GRANT SELECT ON TABLE \"t\" TO \"x\"\"y\" WITH GRANT OPTION",
            ]
        );
    }
}
