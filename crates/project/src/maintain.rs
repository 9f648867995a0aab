//! The one privilege that not every server knows.

use std::collections::BTreeMap;

use driftless_catalog::{
    Catalog, DefaultPrivilegeKind, GrantClass, Grantee, Grants, ObjectId, Privilege,
};

/// Follows PostgreSQL 17, Release Notes: `MAINTAIN` is new, and part of `ALL`.
const SINCE: u16 = 17;

/// All that a table grants on a server that does not know `MAINTAIN`.
const ALL: [Privilege; 7] = [
    Privilege::Select,
    Privilege::Insert,
    Privilege::Update,
    Privilege::Delete,
    Privilege::Truncate,
    Privilege::References,
    Privilege::Trigger,
];

/// Changes what a server of version `major` has printed into what one of version `wanted` would print.
///
/// Whoever has all other privileges may have been granted each of them or `ALL`; the older server does not
/// tell. The state `there` of the newer server then does, if it has the object.
pub(crate) fn as_on(catalog: &mut Catalog, major: u16, there: &Catalog, wanted: u16) {
    if (major < SINCE) == (wanted < SINCE) {
        return;
    }
    let found = match wanted < SINCE {
        true => BTreeMap::new(),
        false => relations(there),
    };
    let convert = |grants: &mut Grants, found: Option<&Grants>| match wanted < SINCE {
        true => grants.0.retain(|(_, it), _| *it != Privilege::Maintain),
        false => add(grants, found),
    };
    catalog.each_common(|object, class, common| {
        if let (GrantClass::Relation, Some(grants)) = (class, &mut common.grants) {
            convert(grants, found.get(&object));
        }
    });
    for it in catalog.default_privileges.iter_mut() {
        if it.id.kind == DefaultPrivilegeKind::Tables {
            let found = there.default_privileges.get(&it.id).map(|it| &it.grants);
            convert(&mut it.grants, found);
        }
    }
}

/// Adds the privilege for those who have all others, unless `found` shows that they lack it.
fn add(grants: &mut Grants, found: Option<&Grants>) {
    let grantees: Vec<(Grantee, bool)> = grants
        .iter()
        .filter(|(_, privilege, _)| *privilege == Privilege::Select)
        .map(|(grantee, _, grantable)| (grantee.clone(), grantable))
        .collect();
    for (grantee, grantable) in grantees {
        let has = |it: Privilege| grants.0.contains_key(&(grantee.clone(), it));
        let key = (grantee.clone(), Privilege::Maintain);
        let lacks = found.is_some_and(|it| !it.0.contains_key(&key));
        if ALL.into_iter().all(has) && !lacks {
            grants.add(grantee, Privilege::Maintain, grantable);
        }
    }
}

/// The privileges of all tables, views and the like.
fn relations(catalog: &Catalog) -> BTreeMap<ObjectId, Grants> {
    let mut found = BTreeMap::new();
    catalog.clone().each_common(|object, class, common| {
        if let (GrantClass::Relation, Some(grants)) = (class, common.grants.take()) {
            found.insert(object, grants);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use driftless_catalog::Ident;

    use super::*;

    fn grants(privileges: &[Privilege]) -> Grants {
        let mut out = Grants::default();
        for it in privileges {
            out.add(Grantee::Role(Ident::new("app").unwrap()), *it, false);
        }
        out
    }

    #[test]
    fn all_of_an_older_server_is_all_of_a_newer_one() {
        let mut all = grants(&ALL);
        add(&mut all, None);
        assert_eq!(all.0.len(), 8);
    }

    #[test]
    fn whoever_was_granted_each_by_name_lacks_the_new_one() {
        let mut all = grants(&ALL);
        add(&mut all, Some(&grants(&ALL)));
        assert_eq!(all.0.len(), 7);
    }

    #[test]
    fn whoever_has_not_all_does_not_get_another() {
        let mut some = grants(&ALL[1..]);
        add(&mut some, Some(&grants(&[Privilege::Maintain])));
        assert_eq!(some.0.len(), 6);
    }
}
