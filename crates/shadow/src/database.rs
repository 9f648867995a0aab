//! A fresh database, and who acts in it.

use std::collections::BTreeSet;
#[cfg(feature = "embedded")]
use std::sync::Arc;

use driftless_connect::{ConnectOptions, ConnectUrl, Connection, connect};
use driftless_finding::Span;
use driftless_sql_text::quote_always;
use tokio_postgres::Client;

use crate::options::Prelude;
use crate::{ShadowError, prelude, remote};

/// A fresh database on a shadow, and one session with it.
///
/// The session acts as the role that migrations run as until [`act_as`](Self::act_as) says otherwise.
#[derive(Debug)]
pub struct ShadowDatabase {
    pub(crate) connection: Connection,
    pub(crate) ground: Ground,
    prelude: Prelude,
    /// What the database lives in; it ends behind the session.
    pub(crate) home: Home,
    /// The statements that were run so far; the number of each is its index.
    pub(crate) statements: Vec<Span>,
}

/// What SQL that is replayed finds.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// The role that migrations run as.
    pub(crate) migrator: String,
    /// The role that the session logged in as.
    pub(crate) administrator: String,
    /// The name of the database.
    pub(crate) database: String,
    /// The major version of the server.
    pub(crate) version: u32,
    /// Whether the session can be a superuser's, and the database has its instruments.
    pub(crate) superuser: bool,
    /// The extensions that the server can create.
    pub(crate) extensions: BTreeSet<String>,
    /// The roles of a server that others use, none of which may be changed.
    pub(crate) foreign_roles: BTreeSet<String>,
    /// Whether others use the server too.
    pub(crate) shared: bool,
    /// Whether the role of migrations may not make roles itself, because it could change those of others.
    pub(crate) withheld: bool,
}

impl Ground {
    /// SQL that makes the session act as the role of migrations.
    pub(crate) fn become_migrator(&self) -> String {
        format!("SET SESSION AUTHORIZATION {}", quote_always(&self.migrator))
    }

    /// SQL that makes the session act as its own role again. The embedded server does not know `RESET` here.
    pub(crate) fn become_administrator(&self) -> String {
        format!(
            "SET SESSION AUTHORIZATION {}",
            quote_always(&self.administrator)
        )
    }
}

/// Whom the session of a [`ShadowDatabase`] acts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActingRole {
    /// The role of migrations: no superuser, owner of the database.
    Migrator,
    /// A superuser, who sees everything.
    Administrator,
}

impl ShadowDatabase {
    pub(crate) async fn new(
        connection: Connection,
        ground: Ground,
        prelude: Prelude,
        home: Home,
    ) -> Result<Self, ShadowError> {
        let mut database = Self {
            connection,
            ground,
            prelude,
            home,
            statements: Vec::new(),
        };
        database.act_as(ActingRole::Migrator).await?;
        Ok(database)
    }

    /// The session.
    pub fn client(&self) -> &Client {
        &self.connection
    }

    /// The session, for transactions.
    pub fn client_mut(&mut self) -> &mut Client {
        &mut self.connection
    }

    /// The database's name on its server.
    pub fn name(&self) -> &str {
        &self.ground.database
    }

    /// The extensions of the prelude that are stood in for, because the server lacks them. Those that
    /// migrations create are told by the replay.
    pub fn stand_ins(&self) -> Vec<&'static str> {
        prelude::stand_ins(self.prelude, &self.ground)
    }

    /// Lets the session act as `role` from now on, with no transaction open.
    ///
    /// # Errors
    /// [`ShadowError::Server`] or [`ShadowError::Gone`].
    pub async fn act_as(&mut self, role: ActingRole) -> Result<&mut Client, ShadowError> {
        let sql = match role {
            ActingRole::Migrator => self.become_migrator(),
            ActingRole::Administrator => {
                format!("{}; RESET ALL", self.ground.become_administrator())
            }
        };
        let done = self.connection.batch_execute(&sql).await;
        done.map_err(ShadowError::server("changing the role of the session"))?;
        Ok(&mut self.connection)
    }

    /// SQL that brings the session into the state in which every migration finds it.
    pub(crate) fn become_migrator(&self) -> String {
        format!(
            "{}; RESET ALL; {}",
            self.ground.become_administrator(),
            self.ground.become_migrator()
        )
    }

    /// Ends the session and removes the database.
    ///
    /// # Errors
    /// [`ShadowError::Server`] if the server refuses to remove it.
    pub async fn close(self) -> Result<(), ShadowError> {
        self.connection.close().await;
        match self.home {
            Home::Server => Ok(()),
            Home::Remote(url) => {
                let maintenance = connect(&url, &ConnectOptions::default()).await?;
                let dropped = remote::drop_database(&maintenance, &self.ground.database).await;
                maintenance.close().await;
                dropped
            }
            #[cfg(feature = "embedded")]
            Home::Instance(instance) => {
                // Nobody else has it, for it has one session.
                if let Some(instance) = Arc::into_inner(instance) {
                    instance.stop().await;
                }
                Ok(())
            }
        }
    }
}

/// What a database lives in.
#[derive(Debug, Clone)]
pub(crate) enum Home {
    /// A server of our own, which takes its databases along when it ends.
    Server,
    /// A server that others use; the database has to be removed.
    Remote(Box<ConnectUrl>),
    /// A server with this one database.
    #[cfg(feature = "embedded")]
    Instance(Arc<crate::embedded::Instance>),
}

impl Home {
    /// Whether others use the server too.
    pub(crate) fn is_shared(&self) -> bool {
        match self {
            Self::Remote(_) => true,
            Self::Server => false,
            #[cfg(feature = "embedded")]
            Self::Instance(_) => false,
        }
    }
}
