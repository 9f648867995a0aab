//! Which servers there are to test on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::TestServerError;

/// Every folder of server programs to test on: the newest that this machine has, then those that
/// `DRIFTLESS_TEST_PG_BINDIRS` names, separated by colons, each once. Where there is none, says that the
/// test is skipped.
///
/// # Panics
/// If there is none and `DRIFTLESS_REQUIRE_POSTGRES` is `1`.
pub fn server_programs() -> Vec<PathBuf> {
    let named = std::env::var_os("DRIFTLESS_TEST_PG_BINDIRS").unwrap_or_default();
    let named = std::env::split_paths(&named).filter(|it| !it.as_os_str().is_empty());
    let mut seen = BTreeSet::new();
    let found: Vec<PathBuf> = newest()
        .into_iter()
        .chain(named)
        .filter(|it| seen.insert(it.clone()))
        .collect();
    if found.is_empty() {
        skip();
    }
    found
}

/// Says that a test is skipped, unless it must not be.
#[expect(clippy::print_stdout, reason = "it speaks for the test")]
pub(crate) fn skip() {
    let required = std::env::var("DRIFTLESS_REQUIRE_POSTGRES").is_ok_and(|it| it == "1");
    assert!(!required, "{}", TestServerError::NoPrograms);
    println!("skipped: {}", TestServerError::NoPrograms);
}

/// The folder of the newest server programs of this machine: first what `PATH` has, then Debian's folders.
pub(crate) fn newest() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut found: Vec<(u32, PathBuf)> = debian
        .filter_map(|it| {
            let folder = it.ok()?.path();
            let major = folder.file_name()?.to_str()?.parse().ok()?;
            Some((major, folder.join("bin")))
        })
        .collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(found.into_iter().rev().map(|(_, folder)| folder))
        .find_map(|it| real(&it))
}

/// Behind the links of a folder, if server programs are there.
fn real(folder: &Path) -> Option<PathBuf> {
    let initdb = folder.join("initdb").canonicalize().ok()?;
    let folder = initdb.parent()?.to_path_buf();
    folder.join("postgres").exists().then_some(folder)
}

/// A program of this machine, such as `pg_dump`: an eye that shares no code with ours.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(newest())
        .map(|it| it.join(name))
        .find(|it| it.is_file())
}
