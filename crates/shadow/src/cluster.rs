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
    /// A session with a database that is not ours, which is never written to.
    pub(crate) maintenance: Connection,
    pub(crate) url: ConnectUrl,
    pub(crate) ground: Ground,
    /// What the names of our databases start with.
    pub(crate) prefix: String,
    /// What a database has to be removed from when it is closed.
    pub(crate) home: Home,
    /// What of the prelude the server refused, each a sentence.
    pub(crate) refused: Vec<String>,
    templates: BTreeMap<Prelude, String>,
    made: u32,
}

impl Cluster {
    /// A server that we started, all of which is ours.
    pub(crate) async fn own(url: ConnectUrl) -> Result<Self, ShadowError> {
        let maintenance = connect(&url, &ConnectOptions::default()).await?;
        prelude::make_roles(&maintenance, MIGRATOR, false).await?;
        let ground = Ground {
            migrator: MIGRATOR.to_owned(),
            administrator: url.user().to_owned(),
            database: String::new(),
            version: maintenance.server_version().major(),
            superuser: true,
            extensions: available_extensions(&maintenance).await?,
            foreign_roles: BTreeSet::new(),
            shared: false,
            withheld: false,
        };
        Ok(Self::new(
            maintenance,
            url,
            ground,
            "shadow".to_owned(),
            Home::Server,
        ))
    }

    pub(crate) fn new(
        maintenance: Connection,
        url: ConnectUrl,
        ground: Ground,
        prefix: String,
        home: Home,
    ) -> Self {
        Self {
            maintenance,
            url,
            ground,
            prefix,
            home,
            refused: Vec::new(),
            templates: BTreeMap::new(),
            made: 0,
        }
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
        let database = format!("{}_{}", self.prefix, self.made);
        self.create(&database, &quote_always(&template)).await?;
        let connection = self.enter(&database, options.prelude).await?;
        let ground = Ground {
            database,
            ..self.ground.clone()
        };
        ShadowDatabase::new(connection, ground, options.prelude, self.home.clone()).await
    }

    /// Ends our own session.
    pub(crate) async fn close(self) {
        self.maintenance.close().await;
    }

    async fn make_template(&mut self, prelude: Prelude) -> Result<String, ShadowError> {
        let name = match prelude {
            Prelude::None => format!("{}_empty", self.prefix),
            Prelude::Supabase => format!("{}_supabase", self.prefix),
        };
        // What the server's own template has in it, and its sort order, are not ours to rely on.
        let provider = if self.ground.version >= 15 {
            "LOCALE_PROVIDER libc"
        } else {
            ""
        };
        let blank = format!("template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' {provider}");
        self.create(&name, &blank).await?;
        let connection = self.enter(&name, Prelude::None).await?;
        self.refused = match self.ground.superuser {
            true => prelude::fill(&connection, prelude, &self.ground)
                .await
                .map(|()| Vec::new())?,
            false => prelude::fill_what_can_be(&connection, prelude, &self.ground).await?,
        };
        connection.close().await;
        self.templates.insert(prelude, name.clone());
        Ok(name)
    }

    async fn create(&self, name: &str, template: &str) -> Result<(), ShadowError> {
        let (name, owner) = (quote_always(name), quote_always(&self.ground.migrator));
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}");
        let done = self.maintenance.batch_execute(&sql).await;
        done.map_err(ShadowError::server("making a database"))
    }

    async fn enter(&self, name: &str, prelude: Prelude) -> Result<Connection, ShadowError> {
        let options = ConnectOptions {
            settings: session_settings(prelude, self.ground.superuser),
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
pub(crate) fn session_settings(prelude: Prelude, superuser: bool) -> BTreeMap<String, String> {
    let settings = [
        ("search_path", prelude::search_path(prelude)),
        ("statement_timeout", "0"),
        ("lock_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("default_transaction_read_only", "off"),
    ];
    // The likely cause of a failure is read from English messages; only a superuser may choose the language.
    let language = superuser.then_some(("lc_messages", "C"));
    settings
        .into_iter()
        .chain(language)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
