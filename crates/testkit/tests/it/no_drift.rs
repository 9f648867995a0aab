//! Our DDL, applied: the schema and the database agree, whichever server it is.

use std::path::Path;

use driftless_connect::{ConnectOptions, ConnectUrl, Connection, connect};
use driftless_project::{
    DiffRequest, DriftOptions, Environment, Outcome, Project, Settings, Silent, State, diff, drift,
};
use driftless_testkit::{ServerOptions, TestServer, server_programs};

use crate::ddl::our_ddl;
use crate::fixtures::{Fixture, faults, fixtures};

/// A project whose one migration is the DDL of its schema.
struct Sample {
    folder: tempfile::TempDir,
    fixture: Fixture,
    ddl: String,
}

impl Sample {
    async fn new(fixture: Fixture) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let migrations = folder.path().join("supabase/migrations");
        std::fs::create_dir_all(&migrations).unwrap();
        // Prisma leaves the extension of a native type to whoever writes the migration.
        let before = match fixture.name.as_str() {
            "native_types_text" => "CREATE EXTENSION citext;\n",
            _ => "",
        };
        let ddl = format!("{before}{}", our_ddl(&fixture.schema).await);
        std::fs::write(migrations.join("20240101000000_all.sql"), &ddl).unwrap();
        Self {
            folder,
            fixture,
            ddl,
        }
    }

    fn project(&self, shadow: &str, live: Option<&str>) -> Project {
        let settings = Settings {
            working_folder: self.folder.path().to_owned(),
            schema: Some(self.fixture.schema.clone()),
            database_url: live.map(str::to_owned),
            shadow: Some(shadow.to_owned()),
            ..Settings::default()
        };
        Project::open(&settings, Environment::empty()).unwrap()
    }

    async fn drift(&self, shadow: &str, live: Option<&str>) -> Vec<String> {
        let project = self.project(shadow, live);
        let outcome = drift(&project, &DriftOptions::default(), &Silent)
            .await
            .unwrap();
        self.said(&outcome, "drift")
    }

    /// The differences between `from` and `to`.
    async fn diff(&self, shadow: &str, from: State, to: State) -> Vec<String> {
        let outcome = diff(
            &self.project(shadow, None),
            &DiffRequest::new(from, to),
            &Silent,
        )
        .await;
        let outcome = outcome.unwrap();
        let mut said = self.said(&outcome, "diff");
        let script = outcome.output.unwrap_or_default();
        if outcome.differs || script != "-- This is an empty migration.\n" {
            said.push(format!("{}: {script}", self.fixture.name));
        }
        said
    }

    fn said(&self, outcome: &Outcome, verb: &str) -> Vec<String> {
        let faults = faults(&outcome.findings).into_iter();
        faults
            .map(|it| format!("{} ({verb}): {it}", self.fixture.name))
            .collect()
    }
}

pub(crate) async fn session(url: &str) -> Connection {
    connect(&ConnectUrl::parse(url).unwrap(), &ConnectOptions::default())
        .await
        .unwrap()
}

/// Applies every fixture to a database of its own and compares that in every direction.
async fn check_on(programs: &Path) {
    let options = ServerOptions {
        programs: Some(programs),
        ..ServerOptions::default()
    };
    let Some(server) = TestServer::available(&options) else {
        return;
    };
    let maintenance = server.socket_url("postgres", "postgres");
    let admin = session(&maintenance).await;
    let mut wrong = Vec::new();
    let major = admin.server_version().major();
    for fixture in fixtures().into_iter().filter(|it| major >= it.since()) {
        let sample = Sample::new(fixture).await;
        let name = &sample.fixture.name;
        admin
            .batch_execute(&format!("CREATE DATABASE \"{name}\""))
            .await
            .unwrap();
        let url = server.socket_url("postgres", name);
        let live = session(&url).await;
        live.batch_execute(&sample.ddl).await.unwrap();
        live.close().await;
        let database = State::Database(Box::new(ConnectUrl::parse(&url).unwrap()));
        let prisma = State::Prisma(sample.fixture.schema.clone());
        wrong.extend(
            sample
                .diff(&maintenance, database.clone(), prisma.clone())
                .await,
        );
        wrong.extend(sample.diff(&maintenance, prisma, database).await);
        wrong.extend(sample.drift(&maintenance, Some(&url)).await);
    }
    admin.close().await;
    assert!(wrong.is_empty(), "{}: {wrong:#?}", programs.display());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_applied_has_no_drift_on_any_server() {
    let all = server_programs();
    let mut running = tokio::task::JoinSet::new();
    for programs in all {
        running.spawn(async move { check_on(&programs).await });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

#[cfg(feature = "embedded")]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_applied_has_no_drift_on_the_embedded_server() {
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let sample = Sample::new(fixture).await;
        wrong.extend(sample.drift("embedded", None).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
