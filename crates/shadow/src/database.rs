//! A fresh database, and who acts in it.

use driftless_connect::Connection;
use driftless_finding::Span;
use driftless_sql_text::quote_always;
use tokio_postgres::Client;

use crate::ShadowError;

/// A fresh database on a shadow, and one session with it.
///
/// The session acts as the role that migrations run as until [`act_as`](Self::act_as) says otherwise.
#[derive(Debug)]
pub struct ShadowDatabase {
    pub(crate) connection: Connection,
    name: String,
    pub(crate) ground: Ground,
    /// The statements that were run so far; the number of each is its index.
    pub(crate) statements: Vec<Span>,
}

/// What is the same for all databases of a server.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    pub(crate) migrator: String,
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
        name: String,
        ground: Ground,
    ) -> Result<Self, ShadowError> {
        let mut database = Self {
            connection,
            name,
            ground,
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
        &self.name
    }

    /// Lets the session act as `role` from now on, with no transaction open.
    ///
    /// # Errors
    /// [`ShadowError::Server`] or [`ShadowError::Gone`].
    pub async fn act_as(&mut self, role: ActingRole) -> Result<&mut Client, ShadowError> {
        let sql = match role {
            ActingRole::Migrator => self.become_migrator(),
            ActingRole::Administrator => "RESET SESSION AUTHORIZATION; RESET ALL".to_owned(),
        };
        let done = self.connection.batch_execute(&sql).await;
        done.map_err(ShadowError::server("changing the role of the session"))?;
        Ok(&mut self.connection)
    }

    /// SQL that brings the session into the state in which every migration finds it.
    pub(crate) fn become_migrator(&self) -> String {
        let migrator = quote_always(&self.ground.migrator);
        format!("RESET SESSION AUTHORIZATION; RESET ALL; SET SESSION AUTHORIZATION {migrator}")
    }

    /// Ends the session.
    ///
    /// # Errors
    /// None on a server of our own, whose databases go with it.
    pub async fn close(self) -> Result<(), ShadowError> {
        self.connection.close().await;
        Ok(())
    }
}
