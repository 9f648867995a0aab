//! A private cluster of the server programs on this machine.
//!
//! It listens on a socket in a folder that nobody else may enter. A shell script stands between it and this
//! process and waits for the end of a pipe that this process holds: so the server ends, and its folder
//! goes, when this is dropped, when a panic unwinds, on Ctrl-C, and when the process is killed. The script
//! is in a process group of its own, so that a Ctrl-C reaches this process and not the server.

mod account;
mod binaries;

use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use driftless_connect::{ConnectError, ConnectOptions, ConnectUrl, ServerVersion, connect};

use self::account::Account;
use self::binaries::Binaries;
use crate::folder::{self, Folder};
use crate::options::{Candidate, ServerKind};
use crate::{ShadowError, options};

/// A running cluster.
#[derive(Debug)]
pub(crate) struct LocalServer {
    programs: PathBuf,
    version: ServerVersion,
    /// Keeps the server alive as long as it is open.
    pipe: Option<ChildStdin>,
    script: Child,
    folder: Folder,
}

/// A port is part of a socket's name; no port is opened.
const PORT: u16 = 5432;

/// The longest that a cluster may take to be made and started; usually it is less than a second.
const PATIENCE: Duration = Duration::from_secs(60);

/// Every place that may have a server, and whether it has one that can be used.
pub(crate) fn candidates(bin_dir: Option<&Path>) -> Vec<Candidate> {
    let account = account_for(&folder::parent(true));
    search(bin_dir, account.as_ref())
        .into_iter()
        .map(|(folder, found)| Candidate {
            kind: ServerKind::Local,
            place: folder.display().to_string(),
            outcome: found.map(|it| it.version),
        })
        .collect()
}

fn search(
    bin_dir: Option<&Path>,
    account: Option<&Account>,
) -> Vec<(PathBuf, Result<Binaries, String>)> {
    let folders = match bin_dir {
        Some(folder) => vec![folder.to_path_buf()],
        None => binaries::folders(std::env::var_os("PATH").as_deref()),
    };
    let inspect = |folder: PathBuf| {
        let found = binaries::inspect(&folder, account);
        (folder, found)
    };
    folders.into_iter().map(inspect).collect()
}

/// As whom to run, if this process is root's.
fn account_for(parent: &Path) -> Option<Account> {
    use std::os::unix::fs::MetadataExt;
    // There is no safe way to ask who one is; the owner of a file just made is the answer.
    let probe = parent.join(format!(".driftless-shadow-{:08x}", folder::random()));
    let owner = std::fs::create_dir(&probe)
        .and_then(|()| std::fs::metadata(&probe))
        .map(|it| it.uid());
    let _ = std::fs::remove_dir(&probe);
    match owner {
        Ok(0) => Account::unprivileged(&std::fs::read_to_string("/etc/passwd").unwrap_or_default()),
        Ok(_) | Err(_) => None,
    }
}

impl LocalServer {
    /// Starts the first server that can be used. What could not be is added to `tried`.
    pub(crate) async fn start(
        bin_dir: Option<&Path>,
        tried: &mut Vec<Candidate>,
    ) -> Result<Option<Self>, ShadowError> {
        let parent = folder::parent(true);
        let account = account_for(&parent);
        folder::remove_abandoned(&folder::parents(), stop_abandoned);
        for (folder, found) in search(bin_dir, account.as_ref()) {
            let failed = match found {
                Err(reason) => reason,
                Ok(binaries) => match Self::launch(&binaries, account.as_ref(), &parent).await? {
                    Ok(server) => return Ok(Some(server)),
                    Err(reason) => reason,
                },
            };
            tried.push(Candidate {
                kind: ServerKind::Local,
                place: folder.display().to_string(),
                outcome: Err(failed),
            });
        }
        Ok(None)
    }

    async fn launch(
        binaries: &Binaries,
        account: Option<&Account>,
        parent: &Path,
    ) -> Result<Result<Self, String>, ShadowError> {
        let folder = Folder::create(parent)?;
        let spawned = spawn(binaries, account, folder.path());
        let (mut script, gone) = spawned.map_err(|source| ShadowError::Folder {
            path: folder.path().to_path_buf(),
            source,
        })?;
        let server = Self {
            programs: binaries.folder.clone(),
            version: binaries.version.clone(),
            pipe: script.stdin.take(),
            script,
            folder,
        };
        Ok(server.wait_until_ready(&gone).await.map(|()| server))
    }

    async fn wait_until_ready(&self, gone: &AtomicBool) -> Result<(), String> {
        let (url, options) = (self.url("postgres"), ConnectOptions::default());
        let begun = Instant::now();
        loop {
            let ended = gone.load(Ordering::Acquire);
            match connect(&url, &options).await {
                Ok(connection) => {
                    connection.close().await;
                    return Ok(());
                }
                Err(_) if ended => return Err(self.last_words()),
                Err(
                    ConnectError::Unreachable { .. }
                    | ConnectError::NotReady { .. }
                    | ConnectError::HungUp { .. },
                ) if begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// The end of what initdb and the server wrote.
    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log
            .lines()
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .collect();
        match lines[..] {
            [] => "it ended without a word".to_owned(),
            [.., before, last] => format!("{before}; {last}"),
            [only] => only.to_owned(),
        }
    }

    /// A login as the administrator.
    pub(crate) fn url(&self, database: &str) -> ConnectUrl {
        ConnectUrl::socket(self.folder.path(), PORT, options::ADMINISTRATOR, database)
    }

    /// Where its programs are.
    pub(crate) fn place(&self) -> String {
        self.programs.display().to_string()
    }

    pub(crate) fn version(&self) -> &ServerVersion {
        &self.version
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        drop(self.pipe.take());
        // The script stops the server at once and removes the folder; this takes some milliseconds.
        let _ = self.script.wait();
    }
}

fn spawn(
    binaries: &Binaries,
    account: Option<&Account>,
    folder: &Path,
) -> io::Result<(Child, Arc<AtomicBool>)> {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", include_str!("local/cluster.sh"), "sh"])
        .args([folder, &binaries.folder])
        .args(settings(folder, &binaries.version))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .current_dir(folder)
        .process_group(0)
        .env("LC_ALL", "C")
        .env("TZ", "UTC");
    for (name, _) in std::env::vars_os() {
        // PGDATA, PGOPTIONS and their kin are meant for other servers.
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    if let Some(account) = account {
        std::os::unix::fs::chown(folder, Some(account.uid), Some(account.gid))?;
        account.apply(&mut command);
    }
    let mut script = command.spawn()?;
    let gone = Arc::new(AtomicBool::new(false));
    if let Some(mut output) = script.stdout.take() {
        let gone = Arc::clone(&gone);
        std::thread::spawn(move || {
            let _ = io::copy(&mut output, &mut io::sink());
            gone.store(true, Ordering::Release);
        });
    }
    Ok((script, gone))
}

/// Nothing here has to survive a crash, and hardly anything happens at once.
fn settings(folder: &Path, version: &ServerVersion) -> Vec<String> {
    let quoted = folder.display().to_string().replace('"', "\"\"");
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        format!("unix_socket_directories=\"{quoted}\""),
        "unix_socket_permissions=0700".to_owned(),
        format!("port={PORT}"),
    ];
    settings.extend(
        [
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "autovacuum=off",
            // What the platform has: publications and replication slots are created without a warning.
            "wal_level=logical",
            "max_wal_size=256MB",
            "checkpoint_timeout=1h",
            "bgwriter_lru_maxpages=0",
            "shared_buffers=64MB",
            "huge_pages=off",
            "max_connections=30",
            // One file may create thousands of tables in one transaction.
            "max_locks_per_transaction=4096",
            "max_logical_replication_workers=0",
            "max_parallel_workers=0",
            "max_parallel_workers_per_gather=0",
            "jit=off",
            "lc_messages=C",
            "timezone=UTC",
        ]
        .map(str::to_owned),
    );
    if version.major() >= 18 {
        settings.push("io_method=sync".to_owned());
    }
    settings
        .into_iter()
        .flat_map(|it| ["-c".to_owned(), it])
        .collect()
}

/// Ends the server of a run whose script was killed along with it.
fn stop_abandoned(folder: &Path) {
    let text = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
    let Some(pid) = text.lines().next().filter(|it| it.parse::<u32>().is_ok()) else {
        return;
    };
    let is_ours = || {
        let command = Command::new("ps").args(["-o", "args=", "-p", pid]).output();
        command.is_ok_and(|it| {
            String::from_utf8_lossy(&it.stdout).contains(&*folder.to_string_lossy())
        })
    };
    for _ in 0..100 {
        if !is_ours() {
            return;
        }
        let _ = Command::new("kill")
            .args(["-QUIT", pid])
            .stderr(Stdio::null())
            .status();
        std::thread::sleep(Duration::from_millis(20));
    }
}
