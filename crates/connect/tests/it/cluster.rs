//! A server for tests, with settings of the test's own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running server. It ends with this, or with the process.
pub(crate) struct TestCluster {
    pub(crate) folder: TempDir,
    pub(crate) port: u16,
    script: Child,
}

/// What the server is to be like.
#[derive(Default)]
pub(crate) struct Wanted<'a> {
    /// The folder of the server's programs; the first that is found if there is none.
    pub(crate) programs: Option<&'a Path>,
    /// The superuser; `postgres` if it is empty.
    pub(crate) superuser: &'a str,
    /// The lines of `pg_hba.conf`; everybody is trusted if there are none.
    pub(crate) access: &'a [&'a str],
    /// Lines of `postgresql.conf`.
    pub(crate) settings: &'a [&'a str],
    /// Files to put into the folder of the data, readable by the server alone.
    pub(crate) files: &'a [(&'a str, String)],
}

/// Makes a cluster, waits until a file appears beside it, runs its server, and stops that when its input ends.
const SCRIPT: &str = r#"
    "$2/initdb" -D "$1/data" -U "$3" -A trust --no-sync --encoding=UTF8 --locale=C >"$1/log" 2>&1 || exit 1
    touch "$1/made"
    read -r _
    "$2/postgres" -D "$1/data" >>"$1/log" 2>&1 </dev/null &
    server=$!
    read -r _
    kill -QUIT $server
    wait $server
"#;

impl TestCluster {
    /// Starts one, or says that the test is skipped.
    pub(crate) fn start(wanted: &Wanted<'_>) -> Option<Self> {
        let Some(programs) = wanted.programs.map(Path::to_path_buf).or_else(programs) else {
            let required = std::env::var("DRIFTLESS_REQUIRE_POSTGRES").is_ok_and(|it| it == "1");
            assert!(!required, "there are no server programs on this machine");
            println!("skipped: there are no server programs on this machine");
            return None;
        };
        // In memory, where there is some: making a cluster is making files.
        let parent = if Path::new("/dev/shm").is_dir() {
            "/dev/shm"
        } else {
            "/tmp"
        };
        let folder = tempfile::tempdir_in(parent).unwrap();
        let superuser = if wanted.superuser.is_empty() {
            "postgres"
        } else {
            wanted.superuser
        };
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SCRIPT, "sh"])
            .args([folder.path(), programs.as_path(), Path::new(superuser)])
            .current_dir(folder.path())
            .stdin(Stdio::piped());
        unprivileged(&mut command, folder.path());
        let mut script = command.spawn().unwrap();
        wait_for(|| folder.path().join("made").exists());
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut settings = vec![
            "fsync=off".to_owned(),
            "listen_addresses='127.0.0.1'".to_owned(),
            format!("port={port}"),
            format!("unix_socket_directories='{}'", folder.path().display()),
        ];
        settings.extend(wanted.settings.iter().map(|it| (*it).to_owned()));
        append(
            &folder.path().join("data/postgresql.conf"),
            &settings.join("\n"),
        );
        if !wanted.access.is_empty() {
            std::fs::write(
                folder.path().join("data/pg_hba.conf"),
                wanted.access.join("\n"),
            )
            .unwrap();
        }
        for (name, text) in wanted.files {
            let path = folder.path().join("data").join(name);
            std::fs::write(&path, text).unwrap();
            make_private(&path, folder.path());
        }
        script.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        let socket = folder.path().join(format!(".s.PGSQL.{port}"));
        wait_for(|| socket.exists());
        let cluster = Self {
            folder,
            port,
            script,
        };
        wait_for(|| cluster.log().contains("ready to accept connections"));
        Some(cluster)
    }

    /// A URL through the socket, as `user` to `database`.
    pub(crate) fn socket_url(&self, user: &str, database: &str) -> String {
        let folder = self.folder.path().display();
        format!(
            "postgresql://{user}@/{database}?host={folder}&port={}",
            self.port
        )
    }

    /// What the server wrote.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for TestCluster {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}

fn wait_for(done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "a server does not start"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn append(path: &Path, text: &str) {
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    writeln!(file, "\n{text}").unwrap();
}

/// The newest server on this machine.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut found: Vec<PathBuf> = debian
        .filter_map(|it| Some(it.ok()?.path().join("bin")))
        .collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let real = |folder: PathBuf| {
        Some(
            folder
                .join("initdb")
                .canonicalize()
                .ok()?
                .parent()?
                .to_path_buf(),
        )
    };
    std::env::split_paths(&path)
        .chain(found.into_iter().rev())
        .find_map(real)
}

/// PostgreSQL refuses to run as root.
fn unprivileged(command: &mut Command, folder: &Path) {
    use std::os::unix::fs::{MetadataExt, chown};
    use std::os::unix::process::CommandExt;
    if std::fs::metadata(folder).unwrap().uid() != 0 {
        return;
    }
    let (uid, gid) = postgres_user();
    chown(folder, Some(uid), Some(gid)).unwrap();
    command.uid(uid).gid(gid);
}

fn make_private(path: &Path, folder: &Path) {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let owner = std::fs::metadata(folder).unwrap();
    chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
}

fn postgres_user() -> (u32, u32) {
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let line = users
        .lines()
        .find(|it| it.starts_with("postgres:"))
        .or(users.lines().find(|it| it.starts_with("nobody:")));
    let fields: Vec<&str> = line.unwrap().split(':').collect();
    (fields[2].parse().unwrap(), fields[3].parse().unwrap())
}
