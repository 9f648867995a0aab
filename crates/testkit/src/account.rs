//! The account that a server runs as: PostgreSQL refuses to run as root.

use std::io::{Error, ErrorKind};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Lets `command` run as the owner that it gives to `folder`: somebody without privileges, if this is root.
pub(crate) fn run_unprivileged(command: &mut Command, folder: &Path) -> std::io::Result<()> {
    if std::fs::metadata(folder)?.uid() != 0 {
        return Ok(());
    }
    let (uid, gid) = unprivileged()?;
    chown(folder, Some(uid), Some(gid))?;
    command.uid(uid).gid(gid);
    Ok(())
}

/// Makes a file readable by the owner of `folder` alone.
pub(crate) fn make_private(path: &Path, folder: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    let owner = std::fs::metadata(folder)?;
    chown(path, Some(owner.uid()), Some(owner.gid()))
}

/// `postgres`, or else `nobody`.
fn unprivileged() -> std::io::Result<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd")?;
    let account = |name: &str| {
        let line = users
            .lines()
            .find(|it| it.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let found = account("postgres").or_else(|| account("nobody"));
    found.ok_or_else(|| Error::new(ErrorKind::NotFound, "no account without privileges"))
}
