//! Scripts from one schema to another, beside what Prisma's engine prints, and applied.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use driftless_connect::ConnectUrl;
use driftless_project::{
    DiffRequest, Environment, Outcome, Project, Settings, Silent, State, diff,
};
use driftless_testkit::{ServerOptions, TestServer, server_programs};
use tokio::task::JoinSet;

use crate::ddl::our_ddl;
use crate::fixtures::{Change, changes, changes_folder, faults, updates};
use crate::no_drift::session;

/// `db-diff --from prisma:from.prisma --to prisma:to.prisma --script`.
pub(crate) async fn script(change: &Change, prisma_compatible: bool) -> String {
    let outcome = compared(change, prisma_compatible).await;
    outcome.output.unwrap()
}

/// `db-diff --from prisma:from.prisma --to prisma:to.prisma`.
pub(crate) async fn compared(change: &Change, prisma_compatible: bool) -> Outcome {
    let settings = Settings {
        working_folder: changes_folder(),
        ..Settings::default()
    };
    let project = Project::open(&settings, Environment::empty()).unwrap();
    let request = DiffRequest {
        prisma_compatible,
        ..DiffRequest::new(
            State::Prisma(change.schema("from.prisma")),
            State::Prisma(change.schema("to.prisma")),
        )
    };
    let outcome = diff(&project, &request, &Silent).await.unwrap();
    assert_eq!(faults(&outcome.findings), [""; 0], "{}", change.name);
    outcome
}

#[tokio::test]
async fn every_change_gives_the_script_that_prisma_prints() {
    let mut wrong = Vec::new();
    for change in changes() {
        if script(&change, true).await != change.prisma() {
            wrong.push(format!("{} (compatible)", change.name));
        }
        let wanted = change.instead().unwrap_or_else(|| change.prisma());
        if script(&change, false).await != wanted {
            wrong.push(change.name);
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// Where we print something else, a page says why.
#[test]
fn every_other_script_is_explained() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/PRISMA_DIFFERENCES.md");
    let page = std::fs::read_to_string(page).unwrap();
    let others = changes().into_iter().filter(|it| it.instead().is_some());
    let unexplained: Vec<String> = others
        .map(|it| it.name)
        .filter(|it| !page.contains(&format!("`{it}`")))
        .collect();
    assert_eq!(unexplained, [""; 0]);
}

/// The committed scripts are those of the engine, which `DRIFTLESS_ORACLE` names. With `DRIFTLESS_UPDATE=1` they are
/// written.
#[test]
fn the_scripts_are_those_of_prismas_engine() {
    let Some(oracle) = std::env::var_os("DRIFTLESS_ORACLE") else {
        println!("skipped: DRIFTLESS_ORACLE names no folder with Prisma's engines");
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let status = Command::new("node")
        .arg(Path::new(&oracle).join("oracle.mjs"))
        .args(["--line", "7", "ddl-batch"])
        .args([changes_folder().as_path(), out.path()])
        .status()
        .unwrap();
    assert!(status.success());
    for change in changes() {
        let answer = out.path().join(format!("{}.sql", change.name));
        let answer = std::fs::read_to_string(&answer).unwrap();
        if updates() {
            std::fs::write(change.folder.join("prisma.sql"), &answer).unwrap();
        }
        assert_eq!(answer, change.prisma(), "{}", change.name);
    }
}

/// How many databases are made, changed and looked at side by side.
pub(crate) const AT_ONCE: usize = 4;

/// Names versions and schemas of extensions that no server has to have.
const NOT_APPLIED: &[&str] = &["extension_changed"];

/// Applies `before`, then `script`, to a fresh database of that name; says what then differs from the target.
pub(crate) async fn applied(
    server: &TestServer,
    change: &Change,
    name: &str,
    script: &str,
) -> Vec<String> {
    let maintenance = server.socket_url("postgres", "postgres");
    let admin = session(&maintenance).await;
    admin
        .batch_execute(&format!("CREATE DATABASE \"{name}\""))
        .await
        .unwrap();
    let url = server.socket_url("postgres", name);
    let live = session(&url).await;
    // Prisma leaves extensions of native types to whoever writes the migration, and schemas to whoever has them.
    let before = format!(
        "CREATE EXTENSION IF NOT EXISTS citext; CREATE SCHEMA IF NOT EXISTS extensions; {}",
        our_ddl(&change.schema("from.prisma")).await
    );
    live.batch_execute(&before).await.unwrap();
    if let Err(error) = live.batch_execute(script).await {
        let error = error.as_db_error().map(ToString::to_string);
        return vec![format!("{name}: {}", error.unwrap_or_default())];
    }
    live.close().await;
    let settings = Settings {
        working_folder: changes_folder(),
        shadow: Some(maintenance),
        ..Settings::default()
    };
    let project = Project::open(&settings, Environment::empty()).unwrap();
    let request = DiffRequest::new(
        State::Database(Box::new(ConnectUrl::parse(&url).unwrap())),
        State::Prisma(change.schema("to.prisma")),
    );
    let outcome = diff(&project, &request, &Silent).await.unwrap();
    admin.close().await;
    let mut said = faults(&outcome.findings);
    let rest = outcome.output.unwrap();
    if outcome.differs || rest != "-- This is an empty migration.\n" {
        said.push(format!("{name}: {rest}"));
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn every_script_leads_to_its_target_and_so_does_prismas() {
    let mut wrong = Vec::new();
    let mut all = server_programs();
    // That of the machine and the newest: scripts name nothing that came or went in between.
    all.drain(1..all.len().max(2) - 1);
    for programs in &all {
        let options = ServerOptions {
            programs: Some(programs),
            ..ServerOptions::default()
        };
        let Some(server) = TestServer::available(&options) else {
            return;
        };
        let server = Arc::new(server);
        let mut running = JoinSet::new();
        let all = changes().into_iter();
        for change in all.filter(|it| !NOT_APPLIED.contains(&it.name.as_str())) {
            let server = Arc::clone(&server);
            if running.len() == AT_ONCE {
                wrong.extend(running.join_next().await.unwrap().unwrap());
            }
            // Where Prisma's script runs and leads to the target, it is the same.
            running.spawn(async move {
                let ours = script(&change, false).await;
                applied(&server, &change, &change.name, &ours).await
            });
        }
        wrong.extend(running.join_all().await.concat());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
