//! A live database that has run the migrations, as a project on Supabase has.

use driftless_connect::{ConnectOptions, ConnectUrl, connect};
use driftless_finding::Sources;
use driftless_shadow::{
    ActingRole, DatabaseOptions, ReplayFile, ReplayOptions, Shadow, ShadowDatabase, ShadowOptions,
    ShadowSource, extensions_in,
};
use driftless_testkit::{ServerOptions, TestServer};
use tokio::runtime::Runtime;

use crate::app::App;

/// A server with the platform's roles and schemas, where a project's migrations were run and recorded.
pub(crate) struct Live {
    pub(crate) server: TestServer,
    database: ShadowDatabase,
    // Ends behind its database.
    _shadow: Shadow,
    runtime: Runtime,
}

impl Live {
    /// Runs the migrations of `app`, or says that the test is skipped.
    pub(crate) fn new(app: &App) -> Option<Self> {
        Self::on(app, ServerOptions::default())
    }

    pub(crate) fn on(app: &App, options: ServerOptions<'_>) -> Option<Self> {
        let superuser = "supabase_admin";
        let options = ServerOptions {
            superuser,
            ..options
        };
        let server = TestServer::available(&options)?;
        let url = ConnectUrl::parse(&server.socket_url(superuser, "postgres")).expect("a URL");
        let runtime = Runtime::new().expect("a runtime");
        let (shadow, database) = runtime.block_on(migrated(app, url));
        Some(Self {
            server,
            database,
            _shadow: shadow,
            runtime,
        })
    }

    /// Its URL, for the administrator of the platform.
    pub(crate) fn url(&self) -> String {
        self.server
            .socket_url("supabase_admin", self.database.name())
    }

    /// Its URL for a role that logs in without a password.
    pub(crate) fn url_of(&self, login: &str) -> String {
        self.server.url(login, self.database.name())
    }

    /// Changes it by hand.
    pub(crate) fn change(&mut self, sql: &str) {
        let changed = async {
            let client = self.database.act_as(ActingRole::Administrator).await?;
            client.batch_execute(sql).await.expect(sql);
            Ok::<(), driftless_shadow::ShadowError>(())
        };
        self.runtime.block_on(changed).expect("the session lives");
    }
}

/// Runs SQL in a database.
pub(crate) fn run_sql(url: &str, sql: &str) {
    let url = ConnectUrl::parse(url).expect("a URL");
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let session = connect(&url, &ConnectOptions::default()).await;
        let session = session.expect("a server");
        session.batch_execute(sql).await.expect(sql);
        session.close().await;
    });
}

async fn migrated(app: &App, url: ConnectUrl) -> (Shadow, ShadowDatabase) {
    let mut sources = Sources::new();
    let mut files = Vec::new();
    let mut extensions = std::collections::BTreeSet::new();
    let folder = app.path("supabase/migrations");
    let entries = std::fs::read_dir(folder).expect("there are migrations");
    let mut names: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
    names.sort();
    for path in names {
        let text = std::fs::read_to_string(&path).expect("a migration");
        let stem = path.file_stem().and_then(|it| it.to_str()).expect("a name");
        let (version, name) = stem.split_once('_').expect("VERSION_name.sql");
        extensions.extend(extensions_in(&text));
        let source = sources.add(stem, text).expect("a small file");
        files.push(ReplayFile {
            source,
            version: version.to_owned(),
            name: name.to_owned(),
        });
    }
    let source = ShadowSource::Url(Box::new(url));
    let mut shadow = Shadow::start(&ShadowOptions { source })
        .await
        .expect("a server");
    let options = DatabaseOptions {
        extensions,
        ..DatabaseOptions::default()
    };
    let mut database = shadow.database(&options).await.expect("a database");
    let replay = database
        .replay(&sources, &files, &ReplayOptions::default())
        .await;
    assert_eq!(replay.expect("a replay").findings, []);
    let client = database
        .act_as(ActingRole::Administrator)
        .await
        .expect("a session");
    for file in &files {
        let sql = format!(
            "INSERT INTO supabase_migrations.schema_migrations (version, name) VALUES ('{}', '{}') ON CONFLICT DO NOTHING",
            file.version, file.name
        );
        client.batch_execute(&sql).await.expect("a history");
    }
    (shadow, database)
}
