//! A server with two states of a database on it, and our plans between them, which `pg_dump` judges: it shares no code
//! with us.

use std::path::{Path, PathBuf};
use std::process::Command;

use driftless_connect::{ConnectUrl, Connection};
use driftless_lint::Plan;
use driftless_project::{
    DiffRequest, Environment, Project, RenameMode, RenameOptions, Settings, Silent, State, diff,
};
use driftless_testkit::{ServerOptions, TestServer, on_path};

use crate::fixtures::faults;
use crate::no_drift::session;

/// Roles that the states name.
const ROLES: &str = r#"
    CREATE ROLE app_owner; CREATE ROLE app_reader; CREATE ROLE app_writer; CREATE ROLE "Odd ""role";
    CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE service_role BYPASSRLS;
"#;

/// The plan where nothing is to be done.
pub(crate) const NOTHING: &str = "-- This is an empty migration.\n";

/// What a test needs of a server.
pub(crate) struct Bench {
    pub(crate) server: TestServer,
    pub(crate) major: u32,
    /// `pg_dump`, if there is one that reads this server.
    dump: Option<PathBuf>,
    project: Project,
}

impl Bench {
    pub(crate) async fn new(programs: &Path) -> Option<Self> {
        let server = TestServer::available(&ServerOptions {
            programs: Some(programs),
            settings: &["max_connections=60", "wal_level=logical"],
            ..ServerOptions::default()
        })?;
        let maintenance = server.socket_url("postgres", "postgres");
        let admin = session(&maintenance).await;
        admin.batch_execute(ROLES).await.unwrap();
        let major = admin.server_version().major();
        let settings = Settings {
            working_folder: server.folder().to_owned(),
            shadow: Some(maintenance),
            ..Settings::default()
        };
        Some(Self {
            dump: on_path("pg_dump").filter(|it| major <= major_of(it)),
            project: Project::open(&settings, Environment::empty()).unwrap(),
            major,
            server,
        })
    }

    pub(crate) async fn database(&self, name: &str, sql: &[String]) -> Result<Connection, String> {
        let admin = session(&self.server.socket_url("postgres", "postgres")).await;
        let make = format!("CREATE DATABASE \"{name}\"");
        admin.batch_execute(&make).await.unwrap();
        let made = session(&self.server.socket_url("postgres", name)).await;
        for it in sql {
            run(&made, it)
                .await
                .map_err(|it| format!("does not load: {it}"))?;
        }
        Ok(made)
    }

    pub(crate) async fn drop_database(&self, name: &str) -> Result<(), String> {
        let admin = session(&self.server.socket_url("postgres", "postgres")).await;
        let drop = format!("DROP DATABASE \"{name}\" WITH (FORCE)");
        let dropped = admin.batch_execute(&drop).await;
        dropped.map_err(|it| it.to_string())
    }

    pub(crate) fn state(&self, name: &str) -> State {
        let url = self.server.socket_url("postgres", name);
        State::Database(Box::new(ConnectUrl::parse(&url).unwrap()))
    }

    /// The plan between two states, as a script and as data; what is found but its cost is a fault.
    pub(crate) async fn plan(
        &self,
        from: State,
        to: State,
        renames: Vec<String>,
    ) -> Result<(String, Plan), String> {
        self.planned(DiffRequest::new(from, to), renames).await
    }

    pub(crate) async fn planned(
        &self,
        request: DiffRequest,
        renames: Vec<String>,
    ) -> Result<(String, Plan), String> {
        let request = DiffRequest {
            plan: true,
            renames: RenameOptions {
                given: renames,
                mode: RenameMode::Off,
            },
            ..request
        };
        let outcome = diff(&self.project, &request, &Silent).await;
        let outcome = outcome.map_err(|it| it.to_string())?;
        if let Some(it) = &outcome.certificate
            && !it.holds()
        {
            let failures: Vec<_> = it.failures().collect();
            return Err(format!("not proved: {failures:#?}"));
        }
        match &faults(&outcome.findings)[..] {
            [] => Ok((outcome.output.unwrap_or_default(), outcome.plan.unwrap())),
            faults => Err(faults.join("; ")),
        }
    }

    /// The objects of a database as `pg_dump` writes them.
    pub(crate) fn dumped(&self, name: &str) -> Option<Vec<String>> {
        let output = Command::new(self.dump.as_ref()?)
            .args(["--schema-only", "--dbname"])
            .arg(self.server.socket_url("postgres", name))
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Some(objects(&String::from_utf8(output.stdout).unwrap()))
    }
}

/// Runs a script statement by statement, as `psql` does: some statements have to be alone.
pub(crate) async fn run(database: &Connection, sql: &str) -> Result<(), String> {
    for it in driftless_sql_text::statements(sql) {
        let text = it.text(sql);
        if let Err(error) = database.batch_execute(text).await {
            let said = error.as_db_error().map(ToString::to_string);
            return Err(format!(
                "{}: {text}",
                said.unwrap_or_else(|| error.to_string())
            ));
        }
    }
    Ok(())
}

fn major_of(dump: &Path) -> u32 {
    let output = Command::new(dump).arg("--version").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let version = text.split_whitespace().nth(2).unwrap_or_default();
    version
        .split('.')
        .next()
        .and_then(|it| it.parse().ok())
        .unwrap_or(0)
}

/// The objects of a dump, in an order of their own. The columns of a table are sorted, too: no statement moves one.
fn objects(dump: &str) -> Vec<String> {
    let noise = |it: &&str| {
        !it.is_empty() && !it.starts_with("SET ") && !it.starts_with("--") && !it.starts_with('\\')
    };
    let mut found: Vec<String> = dump
        .split("\n--\n-- Name: ")
        .skip(1)
        .map(|it| {
            let (head, body) = it.split_once('\n').unwrap_or((it, ""));
            let mut lines: Vec<&str> = body.lines().filter(noise).collect();
            if head.contains("; Type: TABLE;")
                && let Some(end) = lines.iter().position(|it| it.starts_with(')'))
                && let Some(columns) = lines.get_mut(1..end)
            {
                columns
                    .iter_mut()
                    .for_each(|it| *it = it.trim_end_matches(','));
                columns.sort_unstable();
            }
            if head.contains("ACL;") {
                lines.sort_unstable();
            }
            format!("{head}\n{}", lines.join("\n"))
        })
        .collect();
    found.sort_unstable();
    found
}

pub(crate) fn difference(is: &Option<Vec<String>>, should: &Option<Vec<String>>) -> String {
    let (Some(is), Some(should)) = (is, should) else {
        return String::new();
    };
    let only = |a: &[String], b: &[String]| {
        let only = a.iter().filter(|it| !b.contains(it)).cloned();
        only.collect::<Vec<_>>().join("\n")
    };
    format!(
        "pg_dump has\n{}\ninstead of\n{}",
        only(is, should),
        only(should, is)
    )
}
