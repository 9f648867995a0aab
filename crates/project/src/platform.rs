//! What differs between a live database and a throwaway one because they are different servers, and not
//! because anybody changed anything.

use std::collections::BTreeMap;

use driftless_catalog::{
    Catalog, Extension, GrantClass, Grantee, Grants, Ident, ObjectId, ObjectKind, Other, Privilege,
};
use driftless_introspect::Introspection;

/// The role that owns what the migrations made, by the name that it has in the live database, if that is not
/// `postgres`: the owner of most tables and functions.
pub(crate) fn migrating_role(live: &mut Catalog) -> Option<Ident> {
    let mut owners: BTreeMap<Ident, usize> = BTreeMap::new();
    live.each_common(|object, _, common| {
        let counts = matches!(
            object.kind(),
            ObjectKind::Table | ObjectKind::Function | ObjectKind::View | ObjectKind::Enum
        );
        if let Some(owner) = common.owner.clone().filter(|_| counts) {
            *owners.entry(owner).or_default() += 1;
        }
    });
    let (role, _) = owners.into_iter().max_by_key(|(_, count)| *count)?;
    (role != "postgres").then_some(role)
}

/// The recorded state as it would be on the server of the live database.
///
/// `baseline` is the throwaway database before the migrations: what is as it was there comes from the
/// platform. Where the live server is not that platform, it is left out.
pub(crate) fn in_environment(
    recorded: &Catalog,
    baseline: &Catalog,
    live: &Introspection,
) -> Catalog {
    let mut expected = recorded.clone();
    let unread = |it: &Other| live.unread.iter().any(|unread| unread.kind == it.id.kind);
    expected.others.retain(|it| !unread(it));
    extensions(&mut expected, baseline, &live.catalog);
    others(&mut expected, baseline, &live.catalog);
    default_privileges(&mut expected, baseline, &live.catalog);
    grants(&mut expected, recorded, live);
    schemas(&mut expected, baseline, live);
    expected
}

/// A replayed state without what was there before.
pub(crate) fn beyond(recorded: &Catalog, baseline: &Catalog) -> Catalog {
    let mut catalog = recorded.clone();
    catalog
        .extensions
        .retain(|it| baseline.extensions.get(&it.name) != Some(it));
    catalog
        .others
        .retain(|it| baseline.others.get(&it.id) != Some(it));
    catalog
        .default_privileges
        .retain(|it| baseline.default_privileges.get(&it.id) != Some(it));
    catalog
}

/// The live state without what the platform brings along and no migration touches.
pub(crate) fn without_platform(live: &Catalog, recorded: &Catalog) -> Catalog {
    let mut catalog = live.clone();
    // Installed in every project of the platform, in versions and schemas of its own.
    const PLATFORM_EXTENSIONS: &[&str] = &[
        "pg_graphql",
        "pg_stat_statements",
        "pgcrypto",
        "pgjwt",
        "pgsodium",
        "plpgsql",
        "supabase_vault",
        "uuid-ossp",
    ];
    catalog.extensions.retain(|it| {
        recorded.extensions.contains(&it.name) || !PLATFORM_EXTENSIONS.contains(&it.name.as_str())
    });
    catalog
        .others
        .retain(|it| recorded.others.contains(&it.id) || !is_platforms(it));
    // What other roles will grant on what they will make is theirs.
    catalog
        .default_privileges
        .retain(|it| it.id.role == "postgres" || recorded.default_privileges.contains(&it.id));
    drop_redundant(&mut catalog);
    catalog
}

fn is_platforms(it: &Other) -> bool {
    let owner = it.common.owner.as_ref();
    let is = |kind| it.id.kind == kind;
    is(ObjectKind::Publication) && it.id.identity.starts_with("supabase_realtime")
        || is(ObjectKind::EventTrigger) && owner.is_some_and(|it| *it == "supabase_admin")
}

/// An extension that the platform has installed need not be on another server.
fn extensions(expected: &mut Catalog, baseline: &Catalog, live: &Catalog) {
    expected.extensions.retain(|it| {
        live.extensions.contains(&it.name) || baseline.extensions.get(&it.name) != Some(it)
    });
    // Where the platform has put it does not matter, as long as no migration has moved it.
    let moved = |it: &Extension| baseline.extensions.get(&it.name) != Some(it);
    for it in expected.extensions.iter_mut() {
        if let Some(found) = live.extensions.get(&it.name)
            && !moved(it)
        {
            it.schema.clone_from(&found.schema);
        }
    }
}

fn others(expected: &mut Catalog, baseline: &Catalog, live: &Catalog) {
    expected
        .others
        .retain(|it| live.others.contains(&it.id) || baseline.others.get(&it.id) != Some(it));
}

/// What the platform has set counts only where the live server has set anything for the same objects; what
/// a migration has added counts everywhere.
fn default_privileges(expected: &mut Catalog, baseline: &Catalog, live: &Catalog) {
    for it in expected.default_privileges.iter_mut() {
        if let Some(before) = baseline.default_privileges.get(&it.id)
            && !live.default_privileges.contains(&it.id)
        {
            it.grants
                .0
                .retain(|key, _| !before.grants.0.contains_key(key));
        }
    }
    drop_redundant(expected);
}

/// Takes out of default privileges for one schema what the maker of an object has anyway.
fn drop_redundant(catalog: &mut Catalog) {
    for it in catalog.default_privileges.iter_mut() {
        let maker = Grantee::Role(it.id.role.clone());
        if it.id.schema.is_some() {
            it.grants
                .0
                .retain(|(grantee, _), grantable| *grantee != maker || *grantable);
        }
    }
    catalog
        .default_privileges
        .retain(|it| it.id.schema.is_none() || !it.grants.0.is_empty());
}

/// Privileges that objects have because the platform grants them by default are expected only where the
/// live server grants them by default, too; what migrations granted and revoked is expected everywhere.
fn grants(expected: &mut Catalog, recorded: &Catalog, live: &Introspection) {
    let Ok(role) = Ident::new("postgres") else {
        return;
    };
    let actual = commons(&live.catalog);
    expected.each_common(|object, class, common| {
        let Some(grants) = &mut common.grants else {
            return;
        };
        let found = actual.get(&object);
        if object.kind() == ObjectKind::Schema || found == Some(grants) {
            return;
        }
        let schema = object.schema();
        let here = recorded.grants_of_new(class, schema, &role, live.server_major);
        let there = live
            .catalog
            .grants_of_new(class, schema, &role, live.server_major);
        *grants = transplanted(grants, &here, &there);
    });
}

/// `there` with what leads from `here` to `grants`: what was granted on top, and without what was revoked.
fn transplanted(grants: &Grants, here: &Grants, there: &Grants) -> Grants {
    let mut out = Grants::default();
    for (grantee, privilege, grantable) in there.iter() {
        let key = (grantee.clone(), privilege);
        let revoked = here.0.contains_key(&key) && !grants.0.contains_key(&key);
        if !revoked {
            out.add(grantee.clone(), privilege, grantable);
        }
    }
    for (grantee, privilege, grantable) in grants.iter() {
        let key = (grantee.clone(), privilege);
        if here.0.get(&key) != Some(&grantable) || there.0.contains_key(&key) {
            out.add(grantee.clone(), privilege, grantable);
        }
    }
    out
}

/// The owner of `public` and what every role may do in it are the server's choice, which has changed with
/// PostgreSQL 15. What matters is what somebody may do beyond the recorded state.
fn schemas(expected: &mut Catalog, baseline: &Catalog, live: &Introspection) {
    for it in expected.schemas.iter_mut() {
        let Some(before) = baseline.schemas.get(&it.name) else {
            continue;
        };
        let Some(found) = live.catalog.schemas.get(&it.name) else {
            continue;
        };
        it.common.owner.clone_from(&found.common.owner);
        it.common.comment.clone_from(&found.common.comment);
        let (Some(recorded), Some(start), Some(actual)) = (
            &it.common.grants,
            &before.common.grants,
            &found.common.grants,
        ) else {
            continue;
        };
        let usual = |grantee: &Grantee, privilege: Privilege| match grantee {
            // Up to PostgreSQL 14 every role may create in `public`.
            Grantee::Public => privilege == Privilege::Usage || live.server_major < 15,
            Grantee::Role(role) => found.common.owner.as_ref() == Some(role) || is_servers(role),
        };
        it.common.grants = Some(schema_grants(recorded, start, actual, usual));
    }
}

fn schema_grants(
    recorded: &Grants,
    baseline: &Grants,
    actual: &Grants,
    usual: impl Fn(&Grantee, Privilege) -> bool,
) -> Grants {
    let mut out = Grants::default();
    for (grantee, privilege, grantable) in actual.iter() {
        let key = (grantee.clone(), privilege);
        let revoked = baseline.0.contains_key(&key) && !recorded.0.contains_key(&key);
        if !revoked && (usual(grantee, privilege) || recorded.0.contains_key(&key)) {
            out.add(grantee.clone(), privilege, grantable);
        }
    }
    for (grantee, privilege, grantable) in recorded.iter() {
        if !baseline.0.contains_key(&(grantee.clone(), privilege)) {
            out.add(grantee.clone(), privilege, grantable);
        }
    }
    out
}

fn is_servers(role: &Ident) -> bool {
    role.as_str().starts_with("pg_")
        || *role == "postgres"
        || role.as_str().starts_with("supabase_")
}

/// The privileges of everything that has any.
fn commons(catalog: &Catalog) -> BTreeMap<ObjectId, Grants> {
    let mut found = BTreeMap::new();
    let mut catalog = catalog.clone();
    catalog.each_common(|object, _: GrantClass, common| {
        if let Some(grants) = common.grants.take() {
            found.insert(object, grants);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(items: &[(&str, Privilege)]) -> Grants {
        let mut out = Grants::default();
        for (role, privilege) in items {
            out.add(Grantee::Role(Ident::new(role).unwrap()), *privilege, false);
        }
        out
    }

    #[test]
    fn what_the_platform_grants_by_default_is_not_expected_elsewhere() {
        use Privilege::{Insert, Select};
        let here = grants(&[("postgres", Select), ("anon", Select), ("anon", Insert)]);
        let there = grants(&[("postgres", Select)]);
        // The migration has revoked INSERT from anon and granted SELECT to reader.
        let recorded = grants(&[("postgres", Select), ("anon", Select), ("reader", Select)]);
        assert_eq!(
            transplanted(&recorded, &here, &there),
            grants(&[("postgres", Select), ("reader", Select)])
        );
        assert_eq!(transplanted(&recorded, &here, &here), recorded);
    }
}
