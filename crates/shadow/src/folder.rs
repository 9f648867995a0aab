//! Temporary folders that are cleaned up whatever happens to the process.

use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use crate::ShadowError;

const PREFIX: &str = "driftless-shadow-";
/// A folder on its way to its name and lock, which nobody may take for an abandoned one.
const UNFINISHED: &str = ".driftless-shadow-";

/// A folder of our own, readable by us alone, and locked as long as this lives.
///
/// The lock goes away with the process, however it ends, and so tells the next run what was left behind.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes one below `parent`.
    pub(crate) fn create(parent: &Path) -> Result<Self, ShadowError> {
        let name = format!("{:08x}", random());
        let hidden = parent.join(format!("{UNFINISHED}{name}"));
        let path = parent.join(format!("{PREFIX}{name}"));
        let failed = |source| ShadowError::Folder {
            path: path.clone(),
            source,
        };
        make_private(&hidden).map_err(failed)?;
        let made = File::create(hidden.join("lock")).and_then(|lock| {
            lock.lock()?;
            std::fs::rename(&hidden, &path)?;
            Ok(lock)
        });
        match made {
            Ok(lock) => Ok(Self { path, _lock: lock }),
            Err(error) => {
                let _ = std::fs::remove_dir_all(&hidden);
                Err(failed(error))
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir(path)
}

/// A number that another process will not come upon; nothing of it is ever shown in a report.
pub(crate) fn random() -> u32 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    hasher.finish() as u32
}

/// Where temporary folders go: into memory if there is room, since making tables is mostly making files.
///
/// A socket's path may have 103 bytes at most, and a server that runs as another user has to be able to
/// get there; where the system's folder fails one of these, `/tmp` is used.
pub(crate) fn parent(for_another_user: bool) -> PathBuf {
    let memory = Path::new(MEMORY);
    // Whoever sets TMPDIR has a reason.
    if std::env::var_os("TMPDIR").is_none() && free_bytes(memory).is_some_and(|it| it >= ROOM_BYTES)
    {
        return memory.to_path_buf();
    }
    let preferred = std::env::temp_dir();
    let short = preferred.as_os_str().len() <= 60;
    match short && (!for_another_user || is_open(&preferred)) {
        true => preferred,
        false => PathBuf::from("/tmp"),
    }
}

/// Every folder that [`parent`] may ever have answered.
pub(crate) fn parents() -> Vec<PathBuf> {
    let mut all = vec![
        std::env::temp_dir(),
        PathBuf::from("/tmp"),
        PathBuf::from(MEMORY),
    ];
    all.sort();
    all.dedup();
    all
}

/// What Linux keeps in memory and everybody may write to.
const MEMORY: &str = "/dev/shm";

/// A cluster takes about 100 MB; the rest is for what a replay puts into it.
const ROOM_BYTES: u64 = 2 << 30;

/// The free space of the file system of `path`, as `df` tells it.
fn free_bytes(path: &Path) -> Option<u64> {
    let output = path.is_dir().then(|| {
        Command::new("df")
            .arg("-Pk")
            .arg(path)
            .stderr(Stdio::null())
            .output()
            .ok()
    })??;
    let text = String::from_utf8(output.stdout).ok()?;
    let kilobytes: u64 = text
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()?;
    Some(kilobytes * 1024)
}

#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.ancestors()
        .all(|it| std::fs::metadata(it).is_ok_and(|it| it.permissions().mode() & 0o001 != 0))
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    true
}

/// Removes what runs left behind that ended without cleaning up: first `stop` is called for each such
/// folder, then the folder goes.
pub(crate) fn remove_abandoned(parents: &[PathBuf], stop: impl Fn(&Path)) {
    let entries = parents.iter().flat_map(std::fs::read_dir).flatten();
    for path in entries.filter_map(|it| Some(it.ok()?.path())) {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let abandoned = match (name.starts_with(PREFIX), name.starts_with(UNFINISHED)) {
            (true, _) => !is_locked(&path),
            (false, true) => is_old(&path),
            (false, false) => false,
        };
        if abandoned {
            stop(&path);
            let _ = std::fs::remove_dir_all(&path);
        }
    }
}

/// A folder whose lock may not be opened is somebody else's: it counts as locked. One without a lock is
/// about to be removed, or was left half removed.
fn is_locked(folder: &Path) -> bool {
    match File::open(folder.join("lock")) {
        Ok(lock) => lock.try_lock().is_err(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => !is_old(folder),
        Err(_) => true,
    }
}

fn is_old(path: &Path) -> bool {
    let age = || {
        SystemTime::now()
            .duration_since(path.metadata().ok()?.modified().ok()?)
            .ok()
    };
    age().is_some_and(|it| it > Duration::from_secs(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_its_owner() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::create(parent.path()).unwrap();
        let path = folder.path().to_path_buf();
        assert!(path.is_dir());
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn what_is_in_use_is_kept_and_what_is_abandoned_is_stopped_and_removed() {
        let parent = tempfile::tempdir().unwrap();
        let used = Folder::create(parent.path()).unwrap();
        let abandoned = parent.path().join("driftless-shadow-0");
        std::fs::create_dir(&abandoned).unwrap();
        std::fs::write(abandoned.join("lock"), "").unwrap();
        let foreign = parent.path().join("something-else");
        std::fs::create_dir(&foreign).unwrap();
        let stopped = std::cell::RefCell::new(Vec::new());
        remove_abandoned(&[parent.path().to_path_buf()], |path| {
            stopped.borrow_mut().push(path.to_path_buf())
        });
        assert_eq!(*stopped.borrow(), std::slice::from_ref(&abandoned));
        assert!(used.path().exists() && foreign.exists() && !abandoned.exists());
    }
}
