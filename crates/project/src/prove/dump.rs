//! What `pg_dump`, which shares no code with us, sees in a database.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use driftless_connect::Host;
use driftless_shadow::{ServerKind, ShadowDatabase};

use crate::ProjectError;
use crate::session::Session;

/// A `pg_dump` that reads the throwaway server, or why there is none.
pub(super) struct Dumps {
    program: Result<(PathBuf, Vec<OsString>), String>,
}

impl Dumps {
    pub(super) async fn find(session: &mut Session<'_>) -> Result<Self, ProjectError> {
        let shadow = session.shadow().await?;
        let server = shadow.server().clone();
        let program = match shadow.maintenance_url() {
            None => {
                Err("the embedded server has one session, which pg_dump cannot share".to_owned())
            }
            Some(url) => match program(&server.kind, &server.place, server.version.major()) {
                Some(program) => Ok((program, options(url.hosts(), url.user()))),
                None => Err(format!(
                    "no pg_dump of version {} or later is here",
                    server.version.major()
                )),
            },
        };
        Ok(Self { program })
    }

    /// The objects of a database, each as `pg_dump` writes it, in an order of their own; or why they could not be seen.
    pub(super) fn of(&self, database: &ShadowDatabase) -> Result<Vec<String>, String> {
        let (program, options) = self.program.as_ref().map_err(Clone::clone)?;
        let output = Command::new(program)
            .args(options)
            .args(["--schema-only", "--no-password", "--dbname"])
            .arg(database.name())
            .output()
            .map_err(|it| format!("{}: {it}", program.display()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(said.lines().next().unwrap_or("pg_dump failed").to_owned());
        }
        Ok(objects(&String::from_utf8_lossy(&output.stdout)))
    }
}

fn options(hosts: &[Host], user: &str) -> Vec<OsString> {
    let mut options: Vec<OsString> = vec!["--username".into(), user.into()];
    let (host, port): (OsString, u16) = match hosts.first() {
        Some(Host::Tcp { name, port, .. }) => (name.into(), *port),
        Some(Host::Unix { folder, port }) => (folder.into(), *port),
        None => return options,
    };
    options.extend([
        "--host".into(),
        host,
        "--port".into(),
        port.to_string().into(),
    ]);
    options
}

/// The `pg_dump` beside the server's programs, or else one of the `PATH`, that is not older than the server.
fn program(kind: &ServerKind, place: &str, major: u32) -> Option<PathBuf> {
    let beside = (*kind == ServerKind::Local).then(|| PathBuf::from(place));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = beside.into_iter().chain(std::env::split_paths(&path));
    let mut programs = folders.map(|it| it.join("pg_dump"));
    programs.find(|it| it.is_file() && version(it).is_some_and(|it| it >= major))
}

fn version(program: &Path) -> Option<u32> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let number = text.split_whitespace().nth(2)?;
    let digits = number.split(|it: char| !it.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The objects of a dump. Columns of a table are sorted, because no statement moves one; so are privileges.
fn objects(dump: &str) -> Vec<String> {
    let counts = |it: &&str| {
        !it.is_empty() && !it.starts_with("SET ") && !it.starts_with("--") && !it.starts_with('\\')
    };
    let object = |text: &str| {
        let (head, body) = text.split_once('\n').unwrap_or((text, ""));
        let mut lines: Vec<&str> = body.lines().filter(counts).collect();
        let end = lines.iter().position(|it| it.starts_with(')'));
        if let (true, Some(end)) = (head.contains("; Type: TABLE;"), end)
            && let Some(columns) = lines.get_mut(1..end)
        {
            for it in columns.iter_mut() {
                *it = it.trim_end_matches(',');
            }
            columns.sort_unstable();
        }
        if head.contains("ACL;") {
            lines.sort_unstable();
        }
        format!("{head}\n{}", lines.join("\n"))
    };
    let mut found: Vec<String> = dump.split("\n--\n-- Name: ").skip(1).map(object).collect();
    found.sort_unstable();
    found
}
