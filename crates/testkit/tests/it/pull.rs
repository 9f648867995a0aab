//! Databases as Prisma schemas, beside what Prisma's engine writes, on real servers.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use driftless_connect::{ConnectUrl, Connection};
use driftless_project::{
    DiffRequest, Environment, Project, PullOptions, Settings, Silent, State, diff, pull,
};
use driftless_testkit::{ServerOptions, TestServer, server_programs};

use crate::fixtures::{faults, fixtures, updates};
use crate::no_drift::session;

/// A database, and the schema that Prisma writes for it.
struct Case {
    name: String,
    /// What makes the database.
    sql: String,
    /// The schema that there is already.
    existing: Option<PathBuf>,
    /// `--schemas`
    schemas: Vec<String>,
    /// What Prisma writes.
    answer: PathBuf,
    /// The first major version of PostgreSQL that has everything in it.
    since: u32,
}

impl Case {
    /// `NAME.sql`, perhaps with `-- schemas: a,b` or `-- since: 15` in its first line, and `NAME.existing.prisma` beside it.
    fn of_file(sql_file: &Path) -> Self {
        let sql = std::fs::read_to_string(sql_file).unwrap();
        let first = sql.lines().next().unwrap_or_default();
        let since = first.strip_prefix("-- since: ");
        let schemas = first.strip_prefix("-- schemas: ");
        let schemas = schemas.map(|it| it.split(',').map(str::to_owned).collect());
        let existing = sql_file.with_extension("existing.prisma");
        Self {
            name: sql_file.file_stem().unwrap().to_str().unwrap().to_owned(),
            schemas: schemas.unwrap_or_default(),
            existing: existing.exists().then_some(existing),
            answer: sql_file.with_extension("prisma"),
            since: since.map_or(0, |it| it.parse().unwrap()),
            sql,
        }
    }

    /// What we write where Prisma loses something or is wrong.
    fn ours(&self) -> PathBuf {
        self.answer.with_extension("ours.prisma")
    }

    /// Without a connection string in its datasource, an existing schema is one of Prisma 7.
    fn line(&self) -> &'static str {
        let text = self
            .existing
            .as_ref()
            .map(|it| std::fs::read_to_string(it).unwrap());
        match text.is_some_and(|it| !it.contains("url ")) {
            true => "7",
            false => "6",
        }
    }
}

/// The folder of databases.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pull")
}

/// Databases made for this, and what Prisma's DDL makes of every schema: pulled without and with that schema.
fn cases() -> Vec<Case> {
    let files = std::fs::read_dir(folder())
        .unwrap()
        .map(|it| it.unwrap().path());
    let mut cases: Vec<Case> = files
        .filter(|it| it.extension().is_some_and(|it| it == "sql"))
        .map(|it| Case::of_file(&it))
        .collect();
    assert!(cases.len() >= 60, "only {} databases", cases.len());
    for fixture in fixtures() {
        // Of a database with nothing in it Prisma makes no schema, but an error.
        if fixture.prisma_ddl() == "-- This is an empty migration.\n" {
            continue;
        }
        // Prisma leaves the extension of a native type to whoever writes the migration.
        let before = match fixture.name.as_str() {
            "native_types_text" => "CREATE EXTENSION citext;\n",
            _ => "",
        };
        let lists_schemas = std::fs::read_to_string(&fixture.schema)
            .unwrap()
            .contains("schemas");
        let again = folder()
            .join("ddl")
            .join(format!("{}.again.prisma", fixture.name));
        let fresh = folder()
            .join("ddl")
            .join(format!("{}.prisma", fixture.name));
        let case = |name: String, existing, answer| Case {
            name,
            sql: format!("{before}{}", fixture.prisma_ddl()),
            existing,
            schemas: Vec::new(),
            answer,
            since: fixture.since(),
        };
        if !lists_schemas {
            cases.push(case(format!("ddl_{}", fixture.name), None, fresh));
        }
        let name = format!("ddl_{}_again", fixture.name);
        cases.push(case(name, Some(fixture.schema.clone()), again));
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// `db-introspect db:URL --as prisma`, with `--prisma-compatible` or without.
async fn pulled(case: &Case, url: &str, prisma_compatible: bool) -> String {
    let settings = Settings {
        // Nothing is there, and so nothing is found.
        working_folder: folder().join("ddl"),
        schema: case.existing.clone(),
        ..Settings::default()
    };
    let project = Project::open(&settings, Environment::empty()).unwrap();
    let options = PullOptions {
        schemas: case.schemas.clone(),
        prisma_compatible,
    };
    let state = State::Database(Box::new(ConnectUrl::parse(url).unwrap()));
    let outcome = pull(&project, &state, &options, &Silent).await.unwrap();
    let told =
        |it: &String| !it.starts_with("beyond-prisma") && !it.starts_with("row-security-off");
    let faults: Vec<String> = faults(&outcome.findings).into_iter().filter(told).collect();
    assert_eq!(faults, [""; 0], "{}", case.name);
    outcome.output.unwrap()
}

/// The script from the database to the schema that was pulled from it.
async fn difference(url: &str, schema: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schema.prisma");
    std::fs::write(&path, schema).unwrap();
    let settings = Settings {
        working_folder: folder.path().to_owned(),
        ..Settings::default()
    };
    let project = Project::open(&settings, Environment::empty()).unwrap();
    let request = DiffRequest::new(
        State::Database(Box::new(ConnectUrl::parse(url).unwrap())),
        State::Prisma(path),
    );
    let outcome = diff(&project, &request, &Silent).await.unwrap();
    let errors = outcome
        .findings
        .iter()
        .filter(|it| it.code.severity > driftless_finding::Severity::Warning);
    let errors: Vec<&str> = errors.map(|it| it.message.as_str()).collect();
    match errors.is_empty() {
        true => outcome.output.unwrap_or_default(),
        false => errors.join("\n"),
    }
}

/// What is told about row level security of `again_policies` with the throwaway server of that name.
async fn told_of_row_security(url: &str, shadow: &str) -> Vec<String> {
    let settings = Settings {
        working_folder: folder().join("ddl"),
        schema: Some(folder().join("again_policies.existing.prisma")),
        shadow: Some(shadow.to_owned()),
        ..Settings::default()
    };
    let project = Project::open(&settings, Environment::empty()).unwrap();
    let state = State::Database(Box::new(ConnectUrl::parse(url).unwrap()));
    let pulled = pull(&project, &state, &PullOptions::default(), &Silent).await;
    let outcome = pulled.unwrap();
    let text = outcome.output.unwrap();
    assert_eq!(
        difference(url, &text).await,
        "-- This is an empty migration.\n"
    );
    faults(&outcome.findings)
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_that_lose_their_words_and_row_security_that_is_off_are_told() {
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let admin = session(&server.socket_url("postgres", "postgres")).await;
    let case = Case::of_file(&folder().join("again_policies.sql"));
    let url = make(&admin, &server, &case).await;
    admin.close().await;
    let off = "row-security-off: row level security of public.off is off in the database";
    let told = told_of_row_security(&url, "auto").await;
    assert_eq!(told, [off]);
    let told = told_of_row_security(&url, "postgresql://postgres@127.0.0.1:1/postgres").await;
    let reworded = "policy-reworded: 3 policies are written in the words of the database";
    assert_eq!(told, [reworded, off]);
}

/// Makes a database, and returns its name.
async fn make(admin: &Connection, server: &TestServer, case: &Case) -> String {
    let make = format!("CREATE DATABASE \"{}\"", case.name);
    admin.batch_execute(&make).await.unwrap();
    let url = server.socket_url("postgres", &case.name);
    let connection = session(&url).await;
    let made = connection.batch_execute(&case.sql).await;
    assert!(made.is_ok(), "{}: {made:?}", case.name);
    connection.close().await;
    url
}

/// Prisma 6 has added something to join tables that a schema cannot say that they are still without.
const OLD_JOIN_TABLE: &str = "join_table_by_unique_index";

/// Prisma writes a line that it cannot read, and does not format it. Ours can be read in any case.
const NO_PRISMA: &str = "enum_list_default_mapped";

async fn check_on(programs: &Path) {
    let options = ServerOptions {
        programs: Some(programs),
        ..ServerOptions::default()
    };
    let Some(server) = TestServer::available(&options) else {
        return;
    };
    let admin = session(&server.socket_url("postgres", "postgres")).await;
    let major = admin.server_version().major();
    let mut wrong = Vec::new();
    for case in cases().into_iter().filter(|it| major >= it.since) {
        let url = make(&admin, &server, &case).await;
        let prisma = std::fs::read_to_string(&case.answer).unwrap_or_default();
        let ours = std::fs::read_to_string(case.ours()).unwrap_or_else(|_| prisma.clone());
        let compatible = pulled(&case, &url, true).await;
        if compatible != prisma && case.name != NO_PRISMA {
            wrong.push(format!("{} (compatible)", case.name));
        }
        let found = pulled(&case, &url, false).await;
        if found != ours {
            wrong.push(format!("{}:\n{found}", case.name));
        }
        let script = difference(&url, &found).await;
        let is_empty = script == "-- This is an empty migration.\n";
        if !is_empty && case.name != OLD_JOIN_TABLE {
            wrong.push(format!("{} has drift:\n{script}", case.name));
        }
    }
    admin.close().await;
    assert!(
        wrong.is_empty(),
        "{}: {}",
        programs.display(),
        wrong.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_database_gives_the_schema_that_prisma_pulls() {
    if updates() {
        return update_ours().await;
    }
    let mut running = tokio::task::JoinSet::new();
    for programs in server_programs() {
        running.spawn(async move { check_on(&programs).await });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

/// Writes what we write anew, unless Prisma's engine is there to be asked, too.
async fn update_ours() {
    if std::env::var_os("DRIFTLESS_ORACLE").is_some() {
        return;
    }
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let admin = session(&server.socket_url("postgres", "postgres")).await;
    for case in cases() {
        let url = make(&admin, &server, &case).await;
        let answer = std::fs::read_to_string(&case.answer).unwrap();
        update(&case, &url, &answer).await;
    }
    admin.close().await;
}

/// The committed answers are those of the engine, which `DRIFTLESS_ORACLE` names. With `DRIFTLESS_UPDATE=1` they are
/// written anew, and ours where they differ.
#[tokio::test(flavor = "multi_thread")]
async fn the_pulled_schemas_are_those_of_prismas_engine() {
    let Some(oracle) = std::env::var_os("DRIFTLESS_ORACLE") else {
        println!("skipped: DRIFTLESS_ORACLE names no folder with Prisma's engines");
        return;
    };
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let server = Arc::new(server);
    // The engine takes most of its time to start.
    let cases = Arc::new(Mutex::new(cases()));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (server, cases, oracle) = (server.clone(), cases.clone(), oracle.clone());
        running.spawn(async move {
            let admin = session(&server.socket_url("postgres", "postgres")).await;
            let mut wrong = Vec::new();
            loop {
                let next = cases.lock().unwrap().pop();
                let Some(case) = next else {
                    break;
                };
                let url = make(&admin, &server, &case).await;
                let answer = asked(&oracle, &case, &server.url("postgres", &case.name)).await;
                if updates() {
                    update(&case, &url, &answer).await;
                } else if std::fs::read_to_string(&case.answer).unwrap() != answer {
                    wrong.push(case.name);
                }
            }
            admin.close().await;
            wrong
        });
    }
    let mut wrong = Vec::new();
    while let Some(done) = running.join_next().await {
        wrong.extend(done.unwrap());
    }
    assert_eq!(wrong, [""; 0]);
}

/// What Prisma's engine writes.
async fn asked(oracle: &OsStr, case: &Case, url: &str) -> String {
    let mut command = tokio::process::Command::new("node");
    command.arg(Path::new(oracle).join("oracle.mjs"));
    command.args(["--line", case.line(), "introspect", url]);
    if let Some(existing) = &case.existing {
        command.arg("--existing").arg(existing);
    }
    if !case.schemas.is_empty() {
        command.args(["--schemas", &case.schemas.join(",")]);
    }
    let output = command.output().await.unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!answer.is_empty(), "{}: {errors}", case.name);
    answer
}

/// Writes the answer, and what we write if it is another.
async fn update(case: &Case, url: &str, answer: &str) {
    std::fs::write(&case.answer, answer).unwrap();
    let ours = pulled(case, url, false).await;
    match ours == answer {
        true if case.ours().exists() => std::fs::remove_file(case.ours()).unwrap(),
        true => {}
        false => std::fs::write(case.ours(), ours).unwrap(),
    }
}
