//! Processes that end without a word.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use driftless_shadow::{DatabaseOptions, ShadowSource};

use crate::servers::start;

/// Tells [`holds_a_shadow`] which shadow to hold; without it that test does nothing.
const HOLD: &str = "DRIFTLESS_TEST_HOLD";

/// Not a test of its own: another process that the tests below end.
#[tokio::test(flavor = "multi_thread")]
async fn holds_a_shadow() {
    let source = match std::env::var(HOLD).as_deref() {
        Ok("local") => ShadowSource::Local { bin_dir: None },
        Ok("embedded") => ShadowSource::Embedded,
        Ok(_) | Err(_) => return,
    };
    let Some(mut shadow) = start(source).await else {
        println!("no shadow");
        return;
    };
    let database = shadow.database(&DatabaseOptions::default()).await.unwrap();
    println!("ready");
    std::future::pending::<()>().await;
    drop(database);
}

/// Another process with a running shadow, and the shadow's folder.
struct Holder {
    process: Child,
    folder: PathBuf,
}

impl Holder {
    #[expect(clippy::zombie_processes, reason = "`end` waits for it")]
    fn start(kind: &str) -> Option<Self> {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::holds_a_shadow", "--nocapture"])
            .env(HOLD, kind)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let word = lines
            .map_while(Result::ok)
            .find(|it| it == "ready" || it == "no shadow")?;
        let files = std::fs::read_dir(format!("/proc/{}/fd", process.id())).unwrap();
        let links = files.filter_map(|it| std::fs::read_link(it.ok()?.path()).ok());
        let lock = links
            .into_iter()
            .find(|it| it.ends_with("lock") && it.to_string_lossy().contains("driftless-shadow-"));
        match word.as_str() {
            "ready" => Some(Self {
                process,
                folder: lock.unwrap().parent().unwrap().to_path_buf(),
            }),
            _ => {
                process.wait().unwrap();
                None
            }
        }
    }

    fn end(&mut self, signal: &str) {
        send(signal, &self.process.id().to_string());
        self.process.wait().unwrap();
    }
}

fn send(signal: &str, process: &str) {
    Command::new("kill")
        .args([signal, process])
        .status()
        .unwrap();
}

/// The processes whose arguments name `folder`, as `pid args`.
fn processes_of(folder: &Path) -> Vec<String> {
    let output = Command::new("ps")
        .args(["-eo", "pid=,args="])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let folder = folder.to_string_lossy();
    text.lines()
        .filter(|it| it.contains(&*folder))
        .map(|it| it.trim().to_owned())
        .collect()
}

fn is_gone(folder: &Path) -> bool {
    !folder.exists() && processes_of(folder).is_empty()
}

fn assert_gone(folder: &Path) {
    let begun = Instant::now();
    while !is_gone(folder) {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "left: {:?}",
            processes_of(folder)
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_killed_process_leaves_no_server_and_no_folder() {
    for signal in ["-KILL", "-INT", "-TERM"] {
        let Some(mut holder) = Holder::start("local") else {
            return;
        };
        assert!(processes_of(&holder.folder).len() > 1);
        holder.end(signal);
        assert_gone(&holder.folder);
    }
}

#[cfg(feature = "embedded")]
#[test]
fn a_killed_process_with_an_embedded_server_leaves_no_folder() {
    let Some(mut holder) = Holder::start("embedded") else {
        return;
    };
    holder.end("-KILL");
    assert_gone(&holder.folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_even_the_script_could_not_end_is_ended_by_the_next_run() {
    let Some(mut holder) = Holder::start("local") else {
        return;
    };
    let processes = processes_of(&holder.folder);
    let script = processes.iter().find(|it| it.contains("/bin/sh")).unwrap();
    send("-KILL", script.split(' ').next().unwrap());
    holder.end("-KILL");
    std::thread::sleep(Duration::from_millis(50));
    assert!(!processes_of(&holder.folder).is_empty());
    let shadow = start(ShadowSource::Local { bin_dir: None }).await.unwrap();
    assert_gone(&holder.folder);
    shadow.stop().await.unwrap();
}
