//! A server with many databases: ours made of templates, each in one quick statement.

use std::collections::BTreeMap;

use driftless_connect::{ConnectOptions, ConnectUrl, Connection, connect};
use driftless_sql_text::quote_always;

use crate::database::{Ground, ShadowDatabase};
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
        Ok(Self {
            maintenance,
            url,
            ground: Ground {
                migrator: MIGRATOR.to_owned(),
            },
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
        let name = format!("shadow_{}", self.made);
        self.create(&name, &template).await?;
        let connection = self.enter(&name, options.prelude).await?;
        ShadowDatabase::new(connection, name, self.ground.clone()).await
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
        prelude::fill(&connection, prelude, &self.ground.migrator).await?;
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
        let settings = [
            ("search_path", prelude::search_path(prelude)),
            ("lc_messages", "C"),
            ("statement_timeout", "0"),
            ("lock_timeout", "0"),
            ("idle_in_transaction_session_timeout", "0"),
            ("default_transaction_read_only", "off"),
        ];
        let options = ConnectOptions {
            settings: settings
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..ConnectOptions::default()
        };
        Ok(connect(&self.url.with_database(name), &options).await?)
    }
}
