//! DDL from empty, beside what Prisma's engine prints.

use std::path::Path;
use std::process::Command;

use driftless_project::{DiffRequest, Environment, Project, Settings, Silent, State, diff};

use crate::fixtures::{faults, fixtures, folder};

/// `db-diff --from empty --to prisma:SCHEMA --script`.
pub(crate) async fn our_ddl(schema: &Path) -> String {
    let settings = Settings {
        working_folder: folder(),
        ..Settings::default()
    };
    let project = Project::open(&settings, Environment::empty()).unwrap();
    let request = DiffRequest::new(State::Empty, State::Prisma(schema.to_owned()));
    let outcome = diff(&project, &request, &Silent).await.unwrap();
    assert_eq!(faults(&outcome.findings), [""; 0], "{}", schema.display());
    outcome.output.unwrap()
}

#[tokio::test]
async fn every_schema_gives_the_ddl_that_prisma_prints() {
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        if our_ddl(&fixture.schema).await != fixture.prisma_ddl() {
            wrong.push(fixture.name);
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// The committed answers are those of the engine, which `DRIFTLESS_ORACLE` names.
#[test]
fn the_answers_are_those_of_prismas_engine() {
    let Some(oracle) = std::env::var_os("DRIFTLESS_ORACLE") else {
        println!("skipped: DRIFTLESS_ORACLE names no folder with Prisma's engines");
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let status = Command::new("node")
        .arg(Path::new(&oracle).join("oracle.mjs"))
        .args(["--line", "7", "ddl-batch"])
        .args([folder().as_path(), out.path()])
        .status()
        .unwrap();
    assert!(status.success());
    for fixture in fixtures() {
        let answer = out.path().join(format!("{}.sql", fixture.name));
        let answer = std::fs::read_to_string(&answer).unwrap();
        assert_eq!(answer, fixture.prisma_ddl(), "{}", fixture.name);
    }
}
