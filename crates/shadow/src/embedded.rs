//! PostgreSQL inside this process: the crate `pglite-oxide`.
//!
//! It serves one client at a time, so each database is an instance of its own, with its own folder. The
//! first use unpacks the engine into the user's cache folder.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

use driftless_connect::{ConnectOptions, ConnectUrl, Connection, ServerVersion, connect};
use pglite_oxide::{PgliteServer, extensions};

use crate::cluster::{available_extensions, session_settings};
use crate::database::{Ground, Home};
use crate::folder::{self, Folder};
use crate::options::{ADMINISTRATOR, Candidate, DatabaseOptions, MIGRATOR, ServerKind};
use crate::{ShadowDatabase, ShadowError, prelude};

/// What the engine is called in reports.
pub(crate) const ENGINE: &str = "pglite";

/// The database that an instance comes with.
const DATABASE: &str = "postgres";

/// The embedded server, as a candidate.
pub(crate) fn candidate() -> Candidate {
    Candidate {
        kind: ServerKind::Embedded,
        place: ENGINE.to_owned(),
        outcome: Ok(version()),
    }
}

/// The version of PostgreSQL that the engine is.
pub(crate) fn version() -> ServerVersion {
    ServerVersion::of(17, 5)
}

/// Makes instances.
#[derive(Debug)]
pub(crate) struct EmbeddedServer {
    /// An instance without extensions, made to see that it can be.
    spare: Option<Instance>,
}

/// A running instance and its folder.
#[derive(Debug)]
pub(crate) struct Instance {
    extensions: BTreeSet<String>,
    url: ConnectUrl,
    /// There until this is dropped.
    parts: Option<Parts>,
}

/// Dropped in this order: a folder that goes before its server would come back.
#[derive(Debug)]
struct Parts {
    _server: PgliteServer,
    _folder: Folder,
    _remover: Option<Remover>,
}

impl EmbeddedServer {
    pub(crate) async fn start() -> Result<Self, ShadowError> {
        folder::remove_abandoned(&folder::parents(), |_| {});
        let spare = Instance::start(BTreeSet::new()).await?;
        Ok(Self { spare: Some(spare) })
    }

    /// A fresh database and the only session with it.
    pub(crate) async fn database(
        &mut self,
        options: &DatabaseOptions,
    ) -> Result<ShadowDatabase, ShadowError> {
        let known = |it: &&String| extensions::by_sql_name(it).is_some();
        let wanted: BTreeSet<String> = options.extensions.iter().filter(known).cloned().collect();
        let instance = match self.spare.take_if(|it| it.extensions == wanted) {
            Some(spare) => spare,
            None => Instance::start(wanted).await?,
        };
        let connection = instance.enter(options).await?;
        let ground = instance.prepare(&connection, options).await?;
        ShadowDatabase::new(
            connection,
            ground,
            options.prelude,
            Home::Instance(Arc::new(instance)),
        )
        .await
    }
}

impl EmbeddedServer {
    pub(crate) async fn stop(self) {
        if let Some(spare) = self.spare {
            spare.stop().await;
        }
    }
}

impl Instance {
    async fn start(extensions: BTreeSet<String>) -> Result<Self, ShadowError> {
        let folder = Folder::create(&folder::parent(false))?;
        let remover = Remover::start(folder.path());
        let builder = PgliteServer::builder()
            .path(folder.path().join("data"))
            .username(MIGRATOR)
            .database(DATABASE)
            .extensions(
                extensions
                    .iter()
                    .filter_map(|it| extensions::by_sql_name(it)),
            )
            .postgres_config("lc_messages", "C")
            .postgres_config("TimeZone", "UTC");
        #[cfg(unix)]
        let builder = builder.unix(folder.path().join(".s.PGSQL.5432"));
        let started = tokio::task::spawn_blocking(move || builder.start()).await;
        let failed = |reason: String| ShadowError::Unusable {
            kind: ServerKind::Embedded,
            reason,
        };
        let server = started
            .map_err(|error| failed(error.to_string()))?
            .map_err(|error| failed(format!("{error:#}")))?;
        let url = match cfg!(unix) {
            true => ConnectUrl::socket(folder.path(), 5432, MIGRATOR, DATABASE),
            false => ConnectUrl::parse(&server.connection_uri())?,
        };
        Ok(Self {
            extensions,
            url,
            parts: Some(Parts {
                _server: server,
                _folder: folder,
                _remover: remover,
            }),
        })
    }

    async fn enter(&self, options: &DatabaseOptions) -> Result<Connection, ShadowError> {
        let options = ConnectOptions {
            settings: session_settings(options.prelude, true),
            // The first session boots the engine, and its extensions.
            timeout: std::time::Duration::from_secs(60),
            ..ConnectOptions::default()
        };
        Ok(connect(&self.url, &options).await?)
    }

    /// Gives the roles their names, and fills the database.
    async fn prepare(
        &self,
        connection: &Connection,
        options: &DatabaseOptions,
    ) -> Result<Ground, ShadowError> {
        // The one role there is has the name that migrations know, and is a superuser. Nobody can rename
        // himself, so another does it.
        let roles = format!(
            "CREATE ROLE driftless_rename SUPERUSER; SET SESSION AUTHORIZATION driftless_rename; \
             ALTER ROLE {MIGRATOR} RENAME TO {ADMINISTRATOR}; SET SESSION AUTHORIZATION {ADMINISTRATOR}; \
             DROP ROLE driftless_rename"
        );
        // What the engine is asked to bring along it creates too; here migrations do that.
        let drop: Vec<String> = self
            .extensions
            .iter()
            .map(|it| format!("DROP EXTENSION IF EXISTS \"{it}\" CASCADE;"))
            .collect();
        let run = async |sql: &str| {
            let done = connection.batch_execute(sql).await;
            done.map_err(ShadowError::server("preparing the embedded server"))
        };
        run(&roles).await?;
        run(&drop.concat()).await?;
        prelude::make_roles(connection, MIGRATOR, false).await?;
        run(&format!("ALTER DATABASE {DATABASE} OWNER TO {MIGRATOR}")).await?;
        let ground = Ground {
            migrator: MIGRATOR.to_owned(),
            administrator: ADMINISTRATOR.to_owned(),
            database: DATABASE.to_owned(),
            version: connection.server_version().major(),
            superuser: true,
            extensions: available_extensions(connection).await?,
            foreign_roles: BTreeSet::new(),
            shared: false,
            withheld: false,
        };
        prelude::fill(connection, options.prelude, &ground).await?;
        Ok(ground)
    }
}

impl Drop for Instance {
    /// Ends the instance in the background: it ends with its session, and whoever drops this may be the one
    /// who has to let the session end.
    fn drop(&mut self) {
        if let Some(parts) = self.parts.take() {
            std::thread::spawn(move || drop(parts));
        }
    }
}

impl Instance {
    /// Ends the instance and waits until it has. Its session has to have ended before.
    pub(crate) async fn stop(mut self) {
        if let Some(parts) = self.parts.take() {
            // An engine that does not end in good order ends with this process.
            let _ = tokio::task::spawn_blocking(move || drop(parts)).await;
        }
    }
}

/// Removes a folder when this process has ended, in whatever way: a shell that waits for the end of a pipe.
#[derive(Debug)]
struct Remover {
    pipe: Option<ChildStdin>,
    shell: Child,
}

impl Remover {
    /// `None` where there is no shell; the next run then removes what is left.
    fn start(folder: &Path) -> Option<Self> {
        let script = "trap '' INT TERM HUP; while read -r _; do :; done; rm -rf \"$1\"";
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", script, "sh"])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut shell = command.spawn().ok()?;
        Some(Self {
            pipe: shell.stdin.take(),
            shell,
        })
    }
}

impl Drop for Remover {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.shell.wait();
    }
}
