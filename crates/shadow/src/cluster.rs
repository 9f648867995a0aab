//! A server with many databases: ours made of templates, each in one quick statement.

use std::collections::{BTreeMap, BTreeSet};

use driftless_connect::{ConnectOptions, ConnectUrl, Connection, connect};
use driftless_sql_text::quote_always;
use tokio_postgres::Client;

use crate::database::{Ground, Home, ShadowDatabase};
use crate::options::{DatabaseOptions, MIGRATOR, Prelude};
use crate::{ShadowError, prelude};

/// Our part of a server.
#[derive(Debug)]
pub(crate) struct Cluster {
    /// A login to the server's own database, which is never written to.
    maintenance: Connection,
    url: ConnectUrl,
    ground: Ground,
    templates: BTreeMap<Prelude, String>,
    made: u32,
}

impl Cluster {
    /// A server that we started, all of which is ours.
    pub(crate) async fn own(url: ConnectUrl) -> Result<Self, ShadowError> {
        let maintenance = connect(&url, &ConnectOptions::default()).await?;
        prelude::make_roles(&maintenance, MIGRATOR).await?;
        let ground = Ground {
            migrator: MIGRATOR.to_owned(),
            administrator: url.user().to_owned(),
            database: String::new(),
            version: maintenance.server_version().major(),
            superuser: true,
            extensions: available_extensions(&maintenance).await?,
        };
        Ok(Self {
            maintenance,
            url,
            ground,
            templates: BTreeMap::new(),
            made: 0,
        })
    }

    /// A fresh database and a session with it.
    pub(crate) async fn database(
        &mut self,
        options: &DatabaseOptions,
    ) -> Result<ShadowDatabase, ShadowError> {
        let template = match self.templates.get(&options.prelude) {
            Some(template) => template.clone(),
            None => self.make_template(options.prelude).await?,
        };
        self.made += 1;
        let database = format!("shadow_{}", self.made);
        self.create(&database, &template).await?;
        let connection = self.enter(&database, options.prelude).await?;
        let ground = Ground {
            database,
            ..self.ground.clone()
        };
        ShadowDatabase::new(connection, ground, options.prelude, Home::Server).await
    }

    /// Ends our own session.
    pub(crate) async fn close(self) {
        self.maintenance.close().await;
    }

    async fn make_template(&mut self, prelude: Prelude) -> Result<String, ShadowError> {
        let name = match prelude {
            Prelude::None => "template_none",
            Prelude::Supabase => "template_supabase",
        };
        self.create(name, "template0").await?;
        let connection = self.enter(name, Prelude::None).await?;
        prelude::fill(&connection, prelude, &self.ground).await?;
        connection.close().await;
        self.templates.insert(prelude, name.to_owned());
        Ok(name.to_owned())
    }

    async fn create(&self, name: &str, template: &str) -> Result<(), ShadowError> {
        let sql = format!(
            "CREATE DATABASE {} TEMPLATE {} OWNER {}",
            quote_always(name),
            quote_always(template),
            quote_always(&self.ground.migrator),
        );
        let done = self.maintenance.batch_execute(&sql).await;
        done.map_err(ShadowError::server("making a database"))
    }

    async fn enter(&self, name: &str, prelude: Prelude) -> Result<Connection, ShadowError> {
        let options = ConnectOptions {
            settings: session_settings(prelude),
            ..ConnectOptions::default()
        };
        Ok(connect(&self.url.with_database(name), &options).await?)
    }
}

/// The names of the extensions that the server can create.
pub(crate) async fn available_extensions(client: &Client) -> Result<BTreeSet<String>, ShadowError> {
    let sql = "SELECT name::text FROM pg_catalog.pg_available_extensions";
    let rows = client.query_typed(sql, &[]).await;
    let rows = rows.map_err(ShadowError::server("asking for extensions"))?;
    Ok(rows.iter().map(|it| it.get(0)).collect())
}

/// What a session with a database starts with, whatever the server's own settings are.
pub(crate) fn session_settings(prelude: Prelude) -> BTreeMap<String, String> {
    [
        ("search_path", prelude::search_path(prelude)),
        ("lc_messages", "C"),
        ("statement_timeout", "0"),
        ("lock_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("default_transaction_read_only", "off"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
