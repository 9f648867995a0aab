//! Runs that are ended from outside leave nothing behind.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::app::App;
use crate::command::command;

/// The folder of the throwaway server that a process holds a lock in.
fn server_of(process: u32) -> Option<PathBuf> {
    let files = std::fs::read_dir(format!("/proc/{process}/fd")).ok()?;
    let mut links = files.filter_map(|it| std::fs::read_link(it.ok()?.path()).ok());
    let lock = links
        .find(|it| it.ends_with("lock") && it.to_string_lossy().contains("driftless-shadow-"))?;
    Some(lock.parent()?.to_path_buf())
}

fn ends_clean(shadow: &str, signal: &str, code: Option<i32>) {
    let app = App::new();
    let mut process = command(
        &app.path(""),
        &["db-drift", "--verbose", "--shadow", shadow],
    )
    .stdout(Stdio::null())
    .stderr(Stdio::piped())
    .spawn()
    .expect("the program starts");
    let mut lines = BufReader::new(process.stderr.take().expect("it is piped"))
        .lines()
        .map_while(Result::ok);
    let reached = lines.any(|it| it.starts_with("replaying"));
    let folder = server_of(process.id());
    let sent = Command::new("kill")
        .args([signal, &process.id().to_string()])
        .status()
        .expect("kill is there");
    assert!(sent.success());
    // What it still says must not block it.
    let rest: Vec<String> = lines.collect();
    let status = process.wait().expect("it can be waited for");
    assert!(reached, "{shadow}: {rest:?}");
    let folder = folder.expect("a server was started");
    assert_eq!(status.code(), code, "{shadow}: {rest:?}");
    let begun = Instant::now();
    while folder.exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{} stays",
            folder.display()
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_local_server_and_its_folder_are_gone() {
    if driftless_testkit::server_programs().is_empty() {
        return;
    }
    ends_clean("local", "-INT", Some(130));
    ends_clean("local", "-TERM", Some(130));
    // Whoever watches over the server notices that the process is no more.
    ends_clean("local", "-KILL", None);
}

#[cfg(feature = "embedded")]
#[test]
fn the_folder_of_the_embedded_server_is_gone() {
    ends_clean("embedded", "-INT", Some(130));
    ends_clean("embedded", "-TERM", Some(130));
}
