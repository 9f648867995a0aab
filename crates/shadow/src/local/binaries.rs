//! Server programs on this machine.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use driftless_connect::ServerVersion;

use super::account::Account;

/// A folder with the programs of a server that can be used.
#[derive(Debug, Clone)]
pub(crate) struct Binaries {
    pub(crate) folder: PathBuf,
    pub(crate) version: ServerVersion,
}

/// Where servers may be, in the order in which they are tried: `PATH`, what `pg_config` says, and the
/// usual folders, newest version first. Each folder is there once, by its real name.
pub(crate) fn folders(path: Option<&OsStr>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut add = |folder: &Path| {
        // What is on the PATH is often a link to one program; its neighbours are where the program really is.
        let Ok(program) = folder.join("postgres").canonicalize() else {
            return;
        };
        let real = program.parent().map(Path::to_path_buf);
        found.extend(real.filter(|it| !found.contains(it)));
    };
    for folder in path.iter().flat_map(std::env::split_paths) {
        add(&folder);
    }
    if let Some(folder) = output(Command::new("pg_config").arg("--bindir")) {
        add(Path::new(folder.trim()));
    }
    for (parent, below) in USUAL {
        let mut versions: Vec<PathBuf> = std::fs::read_dir(parent)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join(below)))
            .filter(|it| it.join("initdb").is_file())
            .collect();
        versions.sort_by_key(|it| std::cmp::Reverse((number_in(it), it.clone())));
        versions.iter().for_each(|it| add(it));
    }
    [
        "/usr/local/pgsql/bin",
        "/usr/local/bin",
        "/opt/homebrew/bin",
        "/usr/bin",
    ]
    .iter()
    .for_each(|it| add(Path::new(it)));
    found
}

/// Parents of versioned installations, and where the programs are below one: Debian, Red Hat,
/// Homebrew on both architectures, Postgres.app, EnterpriseDB's installer.
const USUAL: [(&str, &str); 7] = [
    ("/usr/lib/postgresql", "bin"),
    ("/usr", "bin"),
    ("/opt/homebrew/opt", "bin"),
    ("/usr/local/opt", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "bin"),
    ("/Library/PostgreSQL", "bin"),
    ("/opt/postgresql", "bin"),
];

/// The first number in the last part but one of a path: 15 of `/usr/lib/postgresql/15/bin`.
fn number_in(path: &Path) -> u32 {
    let name = path
        .parent()
        .and_then(Path::file_name)
        .map(OsStr::to_string_lossy);
    let digits: String = name
        .iter()
        .flat_map(|it| it.chars())
        .skip_while(|it| !it.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap_or(0)
}

/// Whether the programs in `folder` make a server, and of which version.
///
/// # Errors
/// What is missing, for people.
pub(crate) fn inspect(folder: &Path, account: Option<&Account>) -> Result<Binaries, String> {
    for program in ["postgres", "initdb"] {
        if !folder.join(program).is_file() {
            return Err(format!("there is no `{program}` in it"));
        }
    }
    let mut ask = Command::new(folder.join("postgres"));
    let answer = output_as(ask.arg("--version"), account)?;
    let version = answer
        .rsplit_once(") ")
        .and_then(|(_, version)| ServerVersion::parse(version.trim()))
        .ok_or_else(|| format!("`postgres --version` says {:?}", answer.trim()))?;
    if version.major() < 13 {
        return Err(format!(
            "it is PostgreSQL {version}; 13 is the oldest that is supported"
        ));
    }
    // Programs without their share files start and then fail: a half-removed or moved installation.
    let mut show = Command::new(folder.join("initdb"));
    let settings = output_as(
        show.args(["--show", "--pgdata=/nonexistent", "--username=x"]),
        account,
    )?;
    let share = settings
        .lines()
        .find_map(|line| line.trim().strip_prefix("share_path="))
        .ok_or("`initdb --show` does not say where its files are")?;
    if !Path::new(share).join("postgres.bki").is_file() {
        return Err(format!("its files are missing from {share}"));
    }
    Ok(Binaries {
        folder: folder.to_path_buf(),
        version,
    })
}

fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Both streams: `initdb --show` writes to the one or the other, depending on its version.
fn output_as(command: &mut Command, account: Option<&Account>) -> Result<String, String> {
    if let Some(account) = account {
        account.apply(command);
    }
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .current_dir("/")
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    match output.status.success() {
        true => Ok(text),
        false => Err(format!("{program} fails: {}", text.trim())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(number_in(Path::new("/usr/lib/postgresql/9/bin")), 9);
        assert_eq!(
            number_in(Path::new("/opt/homebrew/opt/postgresql@17/bin")),
            17
        );
        assert_eq!(number_in(Path::new("/usr/local/bin")), 0);
    }

    #[test]
    fn a_folder_without_programs_says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let error = inspect(folder.path(), None).unwrap_err();
        assert_eq!(error, "there is no `postgres` in it");
        std::fs::write(folder.path().join("postgres"), "").unwrap();
        let error = inspect(folder.path(), None).unwrap_err();
        assert_eq!(error, "there is no `initdb` in it");
    }
}
