//! A live database of 2,000 tables: reading it, and the whole check, beside `pg_dump --schema-only` and, if
//! `DRIFTLESS_ORACLE` names its folder, Prisma's own engine.
//!
//! `cargo bench --package driftless-testkit --no-default-features [-- TABLES]`. Needs server programs and
//! `pg_dump`. Everything runs in turn in each round; the least time counts, and the ratio to `pg_dump`'s.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use driftless_connect::{ConnectOptions, ConnectUrl, connect};
use driftless_introspect::{Options, introspect};
use driftless_project::{
    DiffRequest, DriftOptions, Environment, Project, PullOptions, Settings, Silent, State, diff,
    drift, pull,
};
use driftless_testkit::{ServerOptions, TestServer, on_path, related_models};

const ROUNDS: usize = 5;

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?}");
}

/// The least time of each of `tasks`, which are run in turn.
async fn race(tasks: &[(&str, &dyn AsyncTask)]) -> Vec<Duration> {
    let mut least = vec![Duration::MAX; tasks.len()];
    for _ in 0..ROUNDS {
        for ((_, task), least) in tasks.iter().zip(&mut least) {
            let begun = Instant::now();
            task.run().await;
            *least = begun.elapsed().min(*least);
        }
    }
    least
}

/// Something that takes time.
trait AsyncTask {
    fn run(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + '_>>;
}

impl<F: AsyncFn()> AsyncTask for F {
    fn run(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(self())
    }
}

#[tokio::main]
async fn main() {
    // A script of thousands of tables is one transaction.
    let options = ServerOptions {
        settings: &["max_locks_per_transaction=2048"],
        ..ServerOptions::default()
    };
    let tables = std::env::args()
        .skip(1)
        .find_map(|it| it.parse().ok())
        .unwrap_or(2000);
    let Some(server) = TestServer::available(&options) else {
        return;
    };
    let Some(pg_dump) = on_path("pg_dump") else {
        println!("skipped: there is no pg_dump");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let url = server.socket_url("postgres", "postgres");
    let project = prepare(folder.path(), &url, tables).await;
    let prisma = folder.path().join("schema.prisma");
    let parsed = ConnectUrl::parse(&url).unwrap();
    let oracle = std::env::var_os("DRIFTLESS_ORACLE");

    let dump = async || run(Command::new(&pg_dump).args(["--schema-only", "--dbname", &url]));
    let read = async || {
        let session = connect(&parsed, &ConnectOptions::default()).await.unwrap();
        let found = introspect(&session, &Options::default()).await.unwrap();
        assert_eq!(found.catalog.tables.len(), tables);
    };
    let against_prisma = async || {
        let request = DiffRequest::new(State::Actual, State::Prisma(prisma.clone()));
        assert!(!diff(&project, &request, &Silent).await.unwrap().differs);
    };
    let write = async || {
        let options = PullOptions::default();
        let pulled = pull(&project, &State::Actual, &options, &Silent);
        let text = pulled.await.unwrap().output.unwrap();
        assert_eq!(text.matches("\nmodel ").count(), tables);
    };
    let check = async || {
        let outcome = drift(&project, &DriftOptions::default(), &Silent)
            .await
            .unwrap();
        assert!(
            outcome
                .findings
                .iter()
                .all(|it| it.code.name != "drift-changed-by-hand")
        );
    };
    let engine = async || {
        let script = Path::new(oracle.as_ref().unwrap()).join("oracle.mjs");
        let address = server.url("postgres", "postgres");
        let mut command = Command::new("node");
        command
            .arg(script)
            .args(["--line", "7", "diff-db", &address]);
        let status = command.arg(&prisma).stdout(Stdio::null()).status();
        // 2: it sees a difference.
        assert!(matches!(status.unwrap().code(), Some(0 | 2)));
    };
    let mut tasks: Vec<(&str, &dyn AsyncTask)> = vec![
        ("pg_dump --schema-only", &dump),
        ("introspection", &read),
        ("db-diff --from actual --to prisma:", &against_prisma),
        ("db-introspect actual --as prisma", &write),
        ("db-drift, with the replay on a server of its own", &check),
    ];
    if oracle.is_some() {
        tasks.push(("Prisma's engine, migrate diff, Node", &engine));
    }
    let times = race(&tasks).await;
    println!(
        "{tables} tables, PostgreSQL of {}",
        server.programs().display()
    );
    for ((name, _), time) in tasks.iter().zip(&times) {
        let ratio = time.as_secs_f64() / times[0].as_secs_f64();
        println!(
            "{name:50} {:8.3} s   {ratio:6.2} × pg_dump",
            time.as_secs_f64()
        );
    }
}

/// Makes the schema, its migration, and the live database that has run it.
async fn prepare(folder: &Path, url: &str, tables: usize) -> Project {
    std::fs::write(folder.join("schema.prisma"), related_models(tables)).unwrap();
    std::fs::create_dir_all(folder.join("supabase/migrations")).unwrap();
    let settings = Settings {
        working_folder: folder.to_owned(),
        schema: Some(folder.join("schema.prisma")),
        database_url: Some(url.to_owned()),
        shadow: Some("local".to_owned()),
        ..Settings::default()
    };
    let project = Project::open(&settings, Environment::empty()).unwrap();
    let request = DiffRequest::new(State::Empty, State::Desired);
    let ddl = diff(&project, &request, &Silent)
        .await
        .unwrap()
        .output
        .unwrap();
    let session = connect(&ConnectUrl::parse(url).unwrap(), &ConnectOptions::default()).await;
    session.unwrap().batch_execute(&ddl).await.unwrap();
    let migration = folder.join("supabase/migrations/20240101000000_all.sql");
    std::fs::write(migration, ddl).unwrap();
    project
}
