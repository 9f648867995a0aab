//! A server that runs already, and that others use too.
//!
//! Ours on it are databases named `driftless_shadow_…`, and the roles that the server lacked, which a comment
//! marks. As long as a run lives, its session holds an advisory lock whose number is part of the names of its
//! databases: what has no such lock any more was left behind, and is removed. Nothing else is touched: no role of
//! ours is a member of one of others, before PostgreSQL 16 none but the keeper may make roles where there are some of
//! others, and a guard undoes what changes theirs all the same (`prelude/guard.sql`, `prelude/keeper.sql`).

use std::collections::BTreeSet;

use driftless_connect::{ConnectOptions, ConnectUrl, Connection, connect};
use driftless_sql_text::{quote_always, quote_literal};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::cluster::{Cluster, available_extensions};
use crate::database::{Ground, Home};
use crate::options::{MIGRATOR, ServerKind};
use crate::prelude::ROLE_MARK;
use crate::{ShadowError, folder, prelude};

/// What the names of our databases start with; the number of the run's lock follows.
const PREFIX: &str = "driftless_shadow";

/// The first number of every advisory lock of ours; the second is the run's, or 0 to make and remove roles.
const LOCK: i32 = 0x6472_6674;

/// What stands for `postgres` where the server has a superuser of that name.
const OTHER_MIGRATOR: &str = "driftless_postgres";

/// What stands for `postgres` where it must not be able to change roles. It has a name of its own, because
/// other runs may use the roles of the other names at the same time.
const LIMITED_MIGRATOR: &str = "driftless_migrator";

/// Our part of a server that runs already.
#[derive(Debug)]
pub(crate) struct RemoteServer {
    pub(crate) cluster: Cluster,
    /// Cleared once everything has been removed.
    left: bool,
}

impl RemoteServer {
    pub(crate) async fn start(url: ConnectUrl) -> Result<Self, ShadowError> {
        let maintenance = connect(&url, &ConnectOptions::default()).await?;
        let login = Login::read(&maintenance).await?;
        if !login.superuser && !login.creates_databases {
            return Err(unusable(format!(
                "role `{}` may not create databases",
                url.user()
            )));
        }
        let run = claim(&maintenance).await?;
        remove_abandoned(&maintenance).await?;
        let version = maintenance.server_version().major();
        // From PostgreSQL 16 on, a role that may make roles can change only those that it has made.
        let withheld = login.superuser && version < 16 && login.others_in_reach;
        let migrator = match (login.superuser, login.postgres) {
            (false, _) => url.user().to_owned(),
            (true, _) if withheld => LIMITED_MIGRATOR.to_owned(),
            (true, Postgres::Theirs) => OTHER_MIGRATOR.to_owned(),
            (true, Postgres::Missing | Postgres::Ours) => MIGRATOR.to_owned(),
        };
        if login.superuser {
            let roles = prelude::make_roles(&maintenance, &migrator, withheld);
            with_roles_locked(&maintenance, roles).await?;
        }
        // In the SQL to come `postgres` is the role of migrations, whatever it is called here.
        let mut others: BTreeSet<String> = foreign_roles(&maintenance).await?.into_iter().collect();
        others.retain(|it| it != MIGRATOR && *it != migrator);
        let ground = Ground {
            administrator: url.user().to_owned(),
            database: String::new(),
            version,
            superuser: login.superuser,
            extensions: available_extensions(&maintenance).await?,
            foreign_roles: others,
            shared: true,
            withheld,
            migrator,
        };
        let home = Home::Remote(Box::new(url.clone()));
        let prefix = format!("{PREFIX}_{:08x}", run as u32);
        Ok(Self {
            cluster: Cluster::new(maintenance, url, ground, prefix, home),
            left: true,
        })
    }

    /// What this server cannot do as a Supabase project does.
    pub(crate) fn limits(&self) -> Vec<String> {
        match self.cluster.ground.superuser {
            true if self.cluster.ground.withheld => vec![
                "it is older than PostgreSQL 16 and has roles of others: migrations make and change roles by \
                 statements that name them, not in functions and not by SQL that is put together as it runs"
                    .to_owned(),
            ],
            true => Vec::new(),
            false => vec![format!(
                "role `{}` is no superuser: migrations run as the owner of everything, so that statements which the \
                 platform refuses succeed here, and extensions that need a superuser cannot be created",
                self.cluster.url.user()
            )],
        }
    }

    /// Removes all that is ours.
    pub(crate) async fn stop(mut self) -> Result<(), ShadowError> {
        let removed = remove(&self.cluster.maintenance, &self.cluster.prefix).await;
        self.left = removed.is_err();
        removed
    }
}

impl Drop for RemoteServer {
    /// Does what [`stop`](Self::stop) does, on a thread of its own: whoever drops this may be on the way out of
    /// a runtime.
    fn drop(&mut self) {
        if !std::mem::take(&mut self.left) {
            return;
        }
        let (url, prefix) = (self.cluster.url.clone(), self.cluster.prefix.clone());
        let remover = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                if let Ok(connection) = connect(&url, &ConnectOptions::default()).await {
                    // What cannot be removed now is removed by the next run.
                    let _ = remove(&connection, &prefix).await;
                    connection.close().await;
                }
            });
        });
        let _ = remover.join();
    }
}

/// What the login may do, and whether `postgres` is what it is on the platform.
struct Login {
    superuser: bool,
    creates_databases: bool,
    postgres: Postgres,
    /// Whether there are roles, not ours, that one that may make roles could change before PostgreSQL 16.
    others_in_reach: bool,
}

/// The role `postgres` of the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Postgres {
    Missing,
    /// One that we made.
    Ours,
    /// A superuser, or somebody's role that may change what is somebody's.
    Theirs,
}

impl Login {
    async fn read(client: &Client) -> Result<Self, ShadowError> {
        let sql = "
            SELECT rolsuper, rolcreatedb,
                (SELECT pg_catalog.shobj_description(oid, 'pg_authid') IS NOT DISTINCT FROM $2
                 FROM pg_catalog.pg_roles WHERE rolname = $1),
                EXISTS (
                    SELECT FROM pg_catalog.pg_roles
                    WHERE NOT rolsuper AND NOT pg_catalog.starts_with(rolname, 'pg_')
                      AND pg_catalog.shobj_description(oid, 'pg_authid') IS DISTINCT FROM $2
                )
            FROM pg_catalog.pg_roles WHERE rolname = session_user";
        let row = client
            .query_typed(sql, &[(&MIGRATOR, Type::TEXT), (&ROLE_MARK, Type::TEXT)])
            .await;
        let row = row.map_err(ShadowError::server("asking what the login may do"))?;
        let Some(row) = row.first() else {
            return Err(unusable("the login has no role of its own".to_owned()));
        };
        Ok(Self {
            superuser: row.get(0),
            creates_databases: row.get(1),
            postgres: match row.get(2) {
                None => Postgres::Missing,
                Some(true) => Postgres::Ours,
                Some(false) => Postgres::Theirs,
            },
            others_in_reach: row.get(3),
        })
    }
}

fn unusable(reason: String) -> ShadowError {
    ShadowError::Unusable {
        kind: ServerKind::Url,
        reason,
    }
}

/// Takes a number for this run and holds its lock as long as the session lasts.
async fn claim(session: &Connection) -> Result<i32, ShadowError> {
    let run = folder::random() as i32;
    let failed = || ShadowError::server("claiming a part of the server");
    let sql = "SELECT pg_catalog.pg_try_advisory_lock($1, $2)";
    let taken = session
        .query_typed(sql, &[(&LOCK, Type::INT4), (&run, Type::INT4)])
        .await;
    taken.map_err(failed())?;
    // A pooler gives the next statement another session, which holds no lock.
    let sql =
        "SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND classid = $1::bigint::oid
                   AND objid = $2::bigint::oid AND pid = pg_catalog.pg_backend_pid()";
    let (class, object) = (i64::from(LOCK), i64::from(run as u32));
    let held = session
        .query_typed(sql, &[(&class, Type::INT8), (&object, Type::INT8)])
        .await;
    match held.map_err(failed())?.is_empty() {
        true => Err(unusable(
            "it is behind a pooler that shares sessions".to_owned(),
        )),
        false => Ok(run),
    }
}

/// Removes the databases of runs that hold no lock any more.
async fn remove_abandoned(client: &Client) -> Result<(), ShadowError> {
    let sql = "
        SELECT datname::text
        FROM pg_catalog.pg_database
        WHERE datname ~ '^driftless_shadow_[0-9a-f]{8}_[a-z0-9]+$'
          AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_locks
              WHERE locktype = 'advisory' AND classid = $1::bigint::oid
                AND pg_catalog.lpad(pg_catalog.to_hex(objid::bigint), 8, '0') = pg_catalog.substr(datname, 18, 8)
          )
          AND pg_catalog.pg_has_role(datdba, 'MEMBER')";
    let rows = client
        .query_typed(sql, &[(&i64::from(LOCK), Type::INT8)])
        .await;
    let rows = rows.map_err(ShadowError::server("looking for what earlier runs left"))?;
    for row in rows {
        let name: String = row.get(0);
        // Another run may be removing it at this moment.
        let _ = drop_database(client, &name).await;
    }
    Ok(())
}

/// Removes a database, whoever is still connected to it.
pub(crate) async fn drop_database(client: &Client, name: &str) -> Result<(), ShadowError> {
    let sql = format!(
        "DROP DATABASE IF EXISTS {} WITH (FORCE)",
        quote_always(name)
    );
    let done = client.batch_execute(&sql).await;
    done.map_err(ShadowError::server("removing a database"))
}

/// Removes the databases of a run, and the roles if no other run is there to need them.
async fn remove(client: &Client, prefix: &str) -> Result<(), ShadowError> {
    let sql = "SELECT datname::text FROM pg_catalog.pg_database WHERE pg_catalog.starts_with(datname, $1)";
    let rows = client
        .query_typed(sql, &[(&format!("{prefix}_"), Type::TEXT)])
        .await;
    for row in rows.map_err(ShadowError::server("looking for our databases"))? {
        drop_database(client, row.get(0)).await?;
    }
    with_roles_locked(client, remove_roles(client, prefix)).await
}

async fn remove_roles(client: &Client, prefix: &str) -> Result<(), ShadowError> {
    let failed = || ShadowError::server("removing roles");
    let sql = "
        SELECT rolname::text
        FROM pg_catalog.pg_roles
        WHERE pg_catalog.shobj_description(oid, 'pg_authid') = $1
          AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_locks
              WHERE locktype = 'advisory' AND classid = $2::bigint::oid AND objid <> 0
                AND pg_catalog.lpad(pg_catalog.to_hex(objid::bigint), 8, '0') <> $3
          )
        ORDER BY rolname";
    let run = prefix.rsplit('_').next().unwrap_or_default();
    let parameters: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] = &[
        (&ROLE_MARK, Type::TEXT),
        (&i64::from(LOCK), Type::INT8),
        (&run, Type::TEXT),
    ];
    let rows = client
        .query_typed(sql, parameters)
        .await
        .map_err(failed())?;
    let names: Vec<String> = rows.iter().map(|it| quote_always(it.get(0))).collect();
    for name in names {
        // A role that something still depends on is none of ours to remove by force.
        let _ = client
            .batch_execute(&format!("DROP OWNED BY {name}; DROP ROLE {name}"))
            .await;
    }
    Ok(())
}

/// Does `work` while no other run makes or removes roles.
async fn with_roles_locked<T>(
    client: &Client,
    work: impl Future<Output = Result<T, ShadowError>>,
) -> Result<T, ShadowError> {
    let failed = || ShadowError::server("waiting for other runs");
    let lock = format!("SELECT pg_catalog.pg_advisory_lock({LOCK}, 0)");
    client.batch_execute(&lock).await.map_err(failed())?;
    let outcome = work.await;
    let unlock = format!("SELECT pg_catalog.pg_advisory_unlock({LOCK}, 0)");
    client.batch_execute(&unlock).await.map_err(failed())?;
    outcome
}

/// The roles of the server that are not ours.
pub(crate) async fn foreign_roles(client: &Client) -> Result<Vec<String>, ShadowError> {
    let sql = "SELECT rolname::text FROM pg_catalog.pg_roles
               WHERE pg_catalog.shobj_description(oid, 'pg_authid') IS DISTINCT FROM $1 ORDER BY rolname";
    let rows = client.query_typed(sql, &[(&ROLE_MARK, Type::TEXT)]).await;
    let rows = rows.map_err(ShadowError::server("asking for roles"))?;
    Ok(rows.iter().map(|it| it.get(0)).collect())
}

/// Notes what belongs to others on the server, as it is now: a replay that changes any of it fails.
pub(crate) async fn remember_theirs(client: &Client) -> Result<(), ShadowError> {
    let sql = format!(
        "SELECT driftless_shadow.remember_theirs({})",
        quote_literal(ROLE_MARK)
    );
    let done = client.batch_execute(&sql).await;
    done.map_err(ShadowError::server("noting what belongs to others"))
}

/// Marks the roles that a replay has made as ours, so that they go when it ends.
///
/// They are those that were not there before, and that the replayed SQL names.
pub(crate) async fn mark_new_roles(
    client: &Client,
    before: &[String],
    named: impl Fn(&str) -> bool,
) -> Result<(), ShadowError> {
    for role in foreign_roles(client).await? {
        if !before.contains(&role) && named(&role) {
            let sql = format!(
                "COMMENT ON ROLE {} IS {}",
                quote_always(&role),
                quote_literal(ROLE_MARK)
            );
            let done = client.batch_execute(&sql).await;
            done.map_err(ShadowError::server("marking a role"))?;
        }
    }
    Ok(())
}
