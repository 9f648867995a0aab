//! A server of a test's own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::account::{make_private, run_unprivileged};
use crate::{TestServerError, programs};

/// What the server is to be like.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServerOptions<'a> {
    /// The folder of the server's programs; the newest of this machine if there is none.
    pub programs: Option<&'a Path>,
    /// The superuser; `postgres` if it is empty.
    pub superuser: &'a str,
    /// The lines of `pg_hba.conf`; everybody is trusted if there are none.
    pub access: &'a [&'a str],
    /// Lines of `postgresql.conf`.
    pub settings: &'a [&'a str],
    /// Names and texts of files to put into the folder of the data, readable by the server alone.
    pub files: &'a [(&'a str, String)],
}

/// A running server, on a port of the loopback interface and a Unix-domain socket. It ends with this value,
/// or with the process.
#[derive(Debug)]
pub struct TestServer {
    folder: TempDir,
    port: u16,
    programs: PathBuf,
    script: Child,
}

/// Makes a cluster, waits for a line, runs its server, and stops that when its input ends.
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

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

impl TestServer {
    /// Makes a cluster in memory, where there is some, and starts its server.
    ///
    /// # Errors
    /// [`TestServerError`].
    pub fn start(options: &ServerOptions<'_>) -> Result<Self, TestServerError> {
        // Another process may take the port between its choice and the start.
        let mut left = 5;
        loop {
            match Self::try_start(options) {
                Err(TestServerError::DoesNotStart { log, .. })
                    if left > 0 && log.contains("Address already in use") =>
                {
                    left -= 1;
                }
                result => return result,
            }
        }
    }

    fn try_start(options: &ServerOptions<'_>) -> Result<Self, TestServerError> {
        let programs = options.programs.map(Path::to_path_buf);
        let programs = programs
            .or_else(programs::newest)
            .ok_or(TestServerError::NoPrograms)?;
        let parent = if Path::new("/dev/shm").is_dir() {
            "/dev/shm"
        } else {
            "/tmp"
        };
        let folder = tempfile::tempdir_in(parent).map_err(io(parent.as_ref()))?;
        let superuser = if options.superuser.is_empty() {
            "postgres"
        } else {
            options.superuser
        };
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SCRIPT, "sh"])
            .args([folder.path(), programs.as_path(), Path::new(superuser)])
            .current_dir(folder.path())
            .stdin(Stdio::piped());
        run_unprivileged(&mut command, folder.path()).map_err(io(folder.path()))?;
        let script = command.spawn().map_err(io("/bin/sh".as_ref()))?;
        let port = free_port().map_err(io("a socket".as_ref()))?;
        let mut server = Self {
            folder,
            port,
            programs,
            script,
        };
        server.wait_for(|it| it.folder().join("made").exists())?;
        server.configure(options)?;
        if let Some(stdin) = &mut server.script.stdin {
            stdin.write_all(b"\n").map_err(io("/bin/sh".as_ref()))?;
        }
        server.wait_for(|it| it.log().contains("ready to accept connections"))?;
        Ok(server)
    }

    /// Starts one, or says that the test is skipped because there are no server programs.
    ///
    /// # Panics
    /// If a server does not start, or if there is none and `DRIFTLESS_REQUIRE_POSTGRES` is `1`.
    #[expect(clippy::panic, reason = "it fails for the test")]
    pub fn available(options: &ServerOptions<'_>) -> Option<Self> {
        match Self::start(options) {
            Ok(server) => Some(server),
            Err(TestServerError::NoPrograms) => {
                programs::skip();
                None
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn configure(&self, options: &ServerOptions<'_>) -> Result<(), TestServerError> {
        let data = self.folder().join("data");
        let mut settings = vec![
            "fsync=off".to_owned(),
            "listen_addresses='127.0.0.1'".to_owned(),
            format!("port={}", self.port),
            format!("unix_socket_directories='{}'", self.folder().display()),
        ];
        settings.extend(options.settings.iter().map(|it| (*it).to_owned()));
        let path = data.join("postgresql.conf");
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .map_err(io(&path))?;
        writeln!(file, "\n{}", settings.join("\n")).map_err(io(&path))?;
        if !options.access.is_empty() {
            let path = data.join("pg_hba.conf");
            std::fs::write(&path, options.access.join("\n")).map_err(io(&path))?;
        }
        for (name, text) in options.files {
            let path = data.join(name);
            std::fs::write(&path, text).map_err(io(&path))?;
            make_private(&path, self.folder()).map_err(io(&path))?;
        }
        Ok(())
    }

    fn wait_for(&mut self, done: impl Fn(&Self) -> bool) -> Result<(), TestServerError> {
        let begun = Instant::now();
        while !done(self) {
            let ended = matches!(self.script.try_wait(), Ok(Some(_)) | Err(_))
                || self.log().contains("could not create any TCP/IP sockets");
            if ended || begun.elapsed() > PATIENCE {
                let programs = self.programs.clone();
                return Err(TestServerError::DoesNotStart {
                    programs,
                    log: self.log(),
                });
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// The folder of the socket, of the log, and in `data` of the cluster.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the server's programs.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// The port, on `127.0.0.1` and in the name of the socket.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A URL through the socket, as `user` to `database`.
    pub fn socket_url(&self, user: &str, database: &str) -> String {
        let folder = self.folder().display();
        format!(
            "postgresql://{user}@/{database}?host={folder}&port={}",
            self.port
        )
    }

    /// A URL through the loopback interface, with `login` (`user` or `user:password`) to `database`.
    pub fn url(&self, login: &str, database: &str) -> String {
        format!("postgresql://{login}@127.0.0.1:{}/{database}", self.port)
    }

    /// What the server wrote so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder().join("log")).unwrap_or_default()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        // There is nobody to tell if it cannot be waited for.
        let _ = self.script.wait();
    }
}

/// A port that nobody listens on.
fn free_port() -> std::io::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> TestServerError {
    let path = path.to_path_buf();
    move |source| TestServerError::Io { path, source }
}
