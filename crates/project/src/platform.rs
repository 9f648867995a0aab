//! What differs between a live database and a throwaway one because they are different servers, and not
//! because anybody changed anything.

use std::collections::{BTreeMap, BTreeSet};

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
    // Of subscriptions and user mappings only an attribute is not read, which no comparison looks at then.
    let partly = [ObjectKind::Subscription, ObjectKind::UserMapping];
    let unread = |it: &Other| {
        let kind = it.id.kind;
        !partly.contains(&kind) && live.unread.iter().any(|unread| unread.kind == kind)
    };
    expected.others.retain(|it| !unread(it));
    extensions(&mut expected, baseline, &live.catalog);
    others(&mut expected, baseline, &live.catalog);
    let given = Given::new(baseline, live);
    default_privileges(&mut expected, &given);
    grants(&mut expected, &given);
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
    // Prisma keeps its history there, and no migration makes that.
    catalog
        .tables
        .retain(|it| it.name.name != PRISMA_HISTORY || recorded.tables.contains(&it.name));
    drop_redundant(&mut catalog);
    catalog
}

/// Prisma's own table.
const PRISMA_HISTORY: &str = "_prisma_migrations";

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

/// What the platform grants by default, and how much of it another server has.
struct Given<'a> {
    /// The throwaway database before the migrations.
    baseline: &'a Catalog,
    live: &'a Introspection,
    /// Whether the live server is a project of the platform, or one that was made like it.
    is_platform: bool,
}

impl<'a> Given<'a> {
    fn new(baseline: &'a Catalog, live: &'a Introspection) -> Self {
        let grantees: BTreeSet<&Grantee> = baseline
            .default_privileges
            .iter()
            .flat_map(|it| it.grants.0.keys().map(|(grantee, _)| grantee))
            .filter(|it| !is_maker(it))
            .collect();
        let default_grantees = live
            .catalog
            .default_privileges
            .iter()
            .flat_map(|it| it.grants.0.keys());
        let is_platform = live.roles.iter().any(|it| *it == "supabase_admin")
            || default_grantees
                .map(|(it, _)| it)
                .any(|it| grantees.contains(it));
        Self {
            baseline,
            live,
            is_platform,
        }
    }

    fn exists(&self, grantee: &Grantee) -> bool {
        match grantee {
            Grantee::Public => true,
            // The role that made everything may have another name there.
            Grantee::Role(role) => *role == "postgres" || self.live.roles.contains(role),
        }
    }

    /// Whether a privilege that only the platform has given by default is expected on the live server.
    fn expected(&self, grantee: &Grantee) -> bool {
        self.is_platform && self.exists(grantee)
    }
}

fn is_maker(grantee: &Grantee) -> bool {
    matches!(grantee, Grantee::Role(role) if *role == "postgres" || *role == "supabase_admin")
}

/// What the platform has set is expected where the live server is of the platform; what a migration has added
/// is expected everywhere.
fn default_privileges(expected: &mut Catalog, given: &Given<'_>) {
    // What other roles of the platform grant on what they make is theirs, unless a migration says otherwise.
    expected.default_privileges.retain(|it| {
        let live = &given.live.catalog.default_privileges;
        it.id.role == "postgres"
            || live.contains(&it.id)
            || given.baseline.default_privileges.get(&it.id) != Some(it)
    });
    for it in expected.default_privileges.iter_mut() {
        let Some(before) = given.baseline.default_privileges.get(&it.id) else {
            continue;
        };
        let live = given.live.catalog.default_privileges.get(&it.id);
        let has = |key: &(Grantee, Privilege)| live.is_some_and(|it| it.grants.0.contains_key(key));
        it.grants.0.retain(|key, _| {
            !before.grants.0.contains_key(key) || has(key) || given.expected(&key.0)
        });
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

/// Privileges that objects have because the platform grants them by default are expected where the live server
/// is of the platform, and elsewhere only if it has them.
fn grants(expected: &mut Catalog, given: &Given<'_>) {
    let Ok(role) = Ident::new("postgres") else {
        return;
    };
    let major = given.live.server_major;
    let actual = commons(&given.live.catalog);
    expected.each_common(|object, class, common| {
        let Some(grants) = &mut common.grants else {
            return;
        };
        let found = actual.get(&object);
        if object.kind() == ObjectKind::Schema || found == Some(grants) {
            return;
        }
        let by_default = given
            .baseline
            .grants_of_new(class, object.schema(), &role, major);
        let built_in = Grants::built_in(class, Some(&role), major);
        let is_given = |key: &(Grantee, Privilege)| {
            by_default.0.contains_key(key) && !built_in.0.contains_key(key)
        };
        grants.0.retain(|key, _| {
            let has = found.is_some_and(|it| it.0.contains_key(key));
            has || !is_given(key) || given.expected(&key.0)
        });
    });
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
    use driftless_catalog::{DefaultPrivilege, DefaultPrivilegeId, DefaultPrivilegeKind};

    use super::*;

    fn grants(items: &[(&str, Privilege)]) -> Grants {
        let mut out = Grants::default();
        for (role, privilege) in items {
            out.add(Grantee::Role(Ident::new(role).unwrap()), *privilege, false);
        }
        out
    }

    fn with_default(grants: Grants) -> Catalog {
        let mut catalog = Catalog::default();
        let id = DefaultPrivilegeId {
            role: Ident::new("postgres").unwrap(),
            schema: Ident::new("public").ok(),
            kind: DefaultPrivilegeKind::Tables,
        };
        catalog
            .default_privileges
            .insert(DefaultPrivilege { id, grants });
        catalog
    }

    fn server(roles: &[&str], catalog: Catalog) -> Introspection {
        Introspection {
            catalog,
            server_major: 15,
            server_version: "15.0".to_owned(),
            database: "app".to_owned(),
            role: Ident::new("postgres").unwrap(),
            roles: roles.iter().map(|it| Ident::new(it).unwrap()).collect(),
            schemas: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// The defaults that are expected of tables, where the platform gives `anon` SELECT and a migration `reader`.
    fn expected(roles: &[&str], live: &[(&str, Privilege)]) -> Option<Grants> {
        use Privilege::Select;
        let baseline = with_default(grants(&[("anon", Select)]));
        let recorded = with_default(grants(&[("anon", Select), ("reader", Select)]));
        let live = server(roles, with_default(grants(live)));
        let expected = in_environment(&recorded, &baseline, &live);
        expected
            .default_privileges
            .iter()
            .next()
            .map(|it| it.grants.clone())
    }

    #[test]
    fn what_the_platform_gives_by_default_is_expected_of_the_platform_alone() {
        use Privilege::Select;
        let both = grants(&[("anon", Select), ("reader", Select)]);
        let added = grants(&[("reader", Select)]);
        // A plain server, with or without such a role.
        assert_eq!(expected(&["postgres", "reader"], &[]), Some(added.clone()));
        assert_eq!(expected(&["postgres", "anon", "reader"], &[]), Some(added));
        // A project of the platform, and a server that was made like one.
        let platform = ["postgres", "anon", "reader", "supabase_admin"];
        assert_eq!(expected(&platform, &[]), Some(both.clone()));
        let like = ["postgres", "anon", "reader"];
        assert_eq!(expected(&like, &[("anon", Select)]), Some(both));
    }
}
