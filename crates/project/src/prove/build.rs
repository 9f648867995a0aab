//! Databases in a given state.

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Grantee, Grants, Ident, PolicyRole};
use driftless_diff::{Change, DiffOptions, diff, plan};
use driftless_shadow::{ActingRole, DatabaseOptions, Prelude, ServerKind, ShadowDatabase};
use driftless_sql::{SqlOptions, settings, steps};
use driftless_sql_text::{quote_always, quote_literal};

use super::Claim;
use crate::ProjectError;
use crate::session::Session;

/// Makes the two states of a claim.
pub(super) struct Builder<'a> {
    claim: &'a Claim<'a>,
    /// The roles that the states name.
    roles: BTreeSet<Ident>,
}

/// What came of it.
pub(super) enum Built {
    /// The state before, and the one after.
    Both(Box<ShadowDatabase>, Box<ShadowDatabase>),
    /// They cannot be made here, and why.
    Not(String),
}

impl<'a> Builder<'a> {
    pub(super) fn new(claim: &'a Claim<'a>) -> Self {
        let mut roles = roles_in(claim.from);
        roles.extend(roles_in(claim.to));
        roles.extend(claim.options.role.clone());
        Self { claim, roles }
    }

    /// Both states, on a bare database if they need nothing of the platform, else on one like the platform's.
    pub(super) async fn both(&self, session: &mut Session<'_>) -> Result<Built, ProjectError> {
        let mut why = String::new();
        for prelude in [Prelude::None, Prelude::Supabase] {
            let before = self.state(session, self.claim.from, prelude).await?;
            let before = match before {
                Ok(before) => before,
                Err(refused) => {
                    why = format!("the state before cannot be made: {refused}");
                    continue;
                }
            };
            match self.state(session, self.claim.to, prelude).await? {
                Ok(after) => return Ok(Built::Both(Box::new(before), Box::new(after))),
                Err(refused) => {
                    why = format!("the state after cannot be made: {refused}");
                    before.close().await?;
                }
            }
        }
        Ok(Built::Not(why))
    }

    /// A database with the objects of a state, or what the server refused of it.
    async fn state(
        &self,
        session: &mut Session<'_>,
        catalog: &Catalog,
        prelude: Prelude,
    ) -> Result<Result<ShadowDatabase, String>, ProjectError> {
        let extensions = [self.claim.from, self.claim.to].map(|it| it.extensions.iter());
        let options = DatabaseOptions {
            prelude,
            extensions: extensions
                .into_iter()
                .flatten()
                .map(|it| it.name.to_string())
                .collect(),
        };
        let mut database = session.shadow().await?.database(&options).await?;
        let shared = session.shadow().await?.server().kind == ServerKind::Url;
        if let Err(why) = self.make_roles(&mut database, shared).await? {
            database.close().await?;
            return Ok(Err(why));
        }
        let baseline = session.read_shadow(&mut database).await?;
        let administrator = session.shadow().await?.server().administrator.clone();
        let options = DiffOptions {
            role: Ident::new(&administrator).ok(),
            server_major: baseline.server_major,
            ..DiffOptions::default()
        };
        let changes = diff(&baseline.catalog, catalog, &options);
        // What the prelude has and the state has not is in the way of nobody, but for what new objects get by default.
        let counts = |it: &Change<'_>| !it.is_drop() || matches!(it, Change::DefaultPrivilege(_));
        let changes = changes.into_iter().filter(counts).collect();
        let changes = plan(changes, &baseline.catalog, catalog, &options);
        let sql = SqlOptions {
            server_major: baseline.server_major,
            ..SqlOptions::default()
        };
        let steps = steps(&changes, &baseline.catalog, catalog, &sql);
        let client = database.act_as(ActingRole::Administrator).await?;
        for setting in settings(&steps) {
            let done = client.batch_execute(setting).await;
            done.map_err(|source| ProjectError::Proof { source })?;
        }
        for statement in steps.iter().flat_map(|it| &it.statements) {
            if let Err(error) = client.batch_execute(&statement.sql).await {
                let Some(said) = error.as_db_error() else {
                    return Err(ProjectError::Proof { source: error });
                };
                let first = statement.sql.lines().next().unwrap_or_default();
                let why = format!("{} ({first})", said.message());
                database.close().await?;
                return Ok(Err(why));
            }
        }
        Ok(Ok(database))
    }

    /// Makes the roles that the server lacks; on one that others use, they have to be there.
    async fn make_roles(
        &self,
        database: &mut ShadowDatabase,
        shared: bool,
    ) -> Result<Result<(), String>, ProjectError> {
        let client = database.act_as(ActingRole::Administrator).await?;
        let lost = |source| ProjectError::Proof { source };
        for role in &self.roles {
            let known = format!(
                "SELECT FROM pg_catalog.pg_roles WHERE rolname = {}",
                quote_literal(role.as_str())
            );
            let known = client.query(&known, &[]).await.map_err(lost)?;
            if !known.is_empty() {
                continue;
            }
            if shared {
                return Ok(Err(format!("the server has no role {role}")));
            }
            let make = format!("CREATE ROLE {}", quote_always(role.as_str()));
            client.batch_execute(&make).await.map_err(lost)?;
        }
        Ok(Ok(()))
    }

    /// Lets the session act as the role that the script is for.
    pub(super) async fn act(&self, database: &mut ShadowDatabase) -> Result<(), ProjectError> {
        let Some(role) = &self.claim.options.role else {
            database.act_as(ActingRole::Administrator).await?;
            return Ok(());
        };
        let client = database.act_as(ActingRole::Administrator).await?;
        let role = quote_always(role.as_str());
        // It may do here what it may do there, which nobody knows.
        let raise = format!("ALTER ROLE {role} SUPERUSER");
        // On a server that others use it has to do with what it may.
        let _ = client.batch_execute(&raise).await;
        let become_it = format!("SET SESSION AUTHORIZATION {role}");
        let done = client.batch_execute(&become_it).await;
        done.map_err(|source| ProjectError::Proof { source })
    }
}

/// The roles that own something, may do something, or that policies are for.
fn roles_in(catalog: &Catalog) -> BTreeSet<Ident> {
    let mut found = BTreeSet::new();
    let mut catalog = catalog.clone();
    let grantees = |grants: &Grants, found: &mut BTreeSet<Ident>| {
        for (grantee, _) in grants.0.keys() {
            if let Grantee::Role(role) = grantee {
                found.insert(role.clone());
            }
        }
    };
    catalog.each_common(|_, _, common| {
        found.extend(common.owner.clone());
        if let Some(grants) = &common.grants {
            grantees(grants, &mut found);
        }
    });
    catalog.each_column_grants(|grants| grantees(grants, &mut found));
    let own = catalog.tables.iter().flat_map(|it| &it.policies);
    let managed = catalog.managed_tables.iter().flat_map(|it| &it.policies);
    for role in own.chain(managed).flat_map(|it| &it.roles) {
        if let PolicyRole::Named(role) = role {
            found.insert(role.clone());
        }
    }
    for it in catalog.default_privileges.iter() {
        found.insert(it.id.role.clone());
        grantees(&it.grants, &mut found);
    }
    found
}
