use std::fs::DirEntry;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use driftless_finding::{Finding, SourceId, Sources};

use crate::codes::{DUPLICATE_VERSION, MIGRATION_NAME, MIGRATION_UNREADABLE, NO_MIGRATIONS};
use crate::text::{TextError, read_text};

/// A folder of migrations.
#[derive(Debug, Clone, Default)]
pub struct Migrations {
    /// In the order in which they are applied: by file name, as the Supabase CLI and Prisma do.
    pub files: Vec<MigrationFile>,
    /// Everything that would surprise.
    pub findings: Vec<Finding>,
}

/// A migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationFile {
    /// The digits in front of its name.
    pub version: String,
    /// What stands behind them, without the ending.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub source: SourceId,
}

/// Why a folder cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// There is no such folder.
    #[error("there is no folder `{path}`")]
    Missing {
        /// The folder.
        path: String,
    },
    /// It is a file.
    #[error("`{path}` is a file, not a folder of migrations")]
    NotAFolder {
        /// The file.
        path: String,
    },
    /// It, or a file in it, cannot be read.
    #[error("cannot read `{path}`")]
    Unreadable {
        /// The folder or file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is too large.
    #[error(transparent)]
    TooLarge(#[from] driftless_finding::SourceTooLarge),
}

/// Reads the migrations in `folder`, adding their texts to `sources`.
///
/// # Errors
/// [`FolderError`] if the folder or a file cannot be read. What is no file, or a file that is no UTF-8 text, is a
/// finding, and not among the files.
pub fn read_folder(folder: &Path, sources: &mut Sources) -> Result<Migrations, FolderError> {
    let mut found = Migrations::default();
    for (stem, path) in candidates(folder)? {
        let shown = path.display().to_string();
        let Some((version, name)) = split(&stem) else {
            let message = format!("`{shown}` is not named like a migration and is left out");
            let help = "rename it to `YYYYMMDDHHMMSS_name.sql`, or move it elsewhere";
            found
                .findings
                .push(Finding::new(&MIGRATION_NAME, message).help(help));
            continue;
        };
        match read_text(&path) {
            Ok(text) => {
                let source = sources.add(shown, text)?;
                found.files.push(MigrationFile {
                    version,
                    name,
                    path,
                    source,
                });
            }
            Err(TextError::Unreadable { path, source }) => {
                return Err(FolderError::Unreadable { path, source });
            }
            Err(error @ TextError::NotText { .. }) => found.findings.push(
                Finding::new(&MIGRATION_UNREADABLE, error.to_string())
                    .help("save it as UTF-8: `iconv -f LATIN1 -t UTF-8`"),
            ),
            Err(error @ (TextError::NotAFile { .. } | TextError::TooLarge { .. })) => {
                let help = "put an SQL file in its place, or move it elsewhere";
                found
                    .findings
                    .push(Finding::new(&MIGRATION_UNREADABLE, error.to_string()).help(help));
            }
        }
    }
    let duplicates = duplicates(&found.files, sources);
    found.findings.extend(duplicates);
    if found.files.is_empty() && found.findings.is_empty() {
        let message = format!("`{}` holds no migrations", folder.display());
        let help = "name the folder in driftless.toml: `[supabase] migrations = \"…\"`";
        found
            .findings
            .push(Finding::new(&NO_MIGRATIONS, message).help(help));
    }
    Ok(found)
}

/// The SQL files, with the part of their names that says version and name, by name.
fn candidates(folder: &Path) -> Result<Vec<(String, PathBuf)>, FolderError> {
    let shown = || folder.display().to_string();
    let entries = std::fs::read_dir(folder).map_err(|source| {
        let path = shown();
        if source.kind() == ErrorKind::NotFound {
            FolderError::Missing { path }
        } else if source.kind() == ErrorKind::NotADirectory {
            FolderError::NotAFolder { path }
        } else {
            FolderError::Unreadable { path, source }
        }
    })?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| FolderError::Unreadable {
            path: shown(),
            source,
        })?;
        found.extend(candidate(&entry));
    }
    found.sort();
    Ok(found)
}

fn candidate(entry: &DirEntry) -> Option<(String, PathBuf)> {
    let path = entry.path();
    let name = entry.file_name().to_string_lossy().into_owned();
    if path.is_dir() {
        let script = path.join("migration.sql");
        return script.symlink_metadata().is_ok().then_some((name, script));
    }
    let stem = name.strip_suffix(".sql")?;
    // Editors leave such files behind.
    (!stem.starts_with('.')).then(|| (stem.to_owned(), path))
}

/// `20240101000000_users` to version and name.
fn split(stem: &str) -> Option<(String, String)> {
    let (version, name) = stem.split_once('_')?;
    let digits = !version.is_empty() && version.bytes().all(|it| it.is_ascii_digit());
    (digits && !name.is_empty()).then(|| (version.to_owned(), name.to_owned()))
}

fn duplicates(files: &[MigrationFile], sources: &Sources) -> Vec<Finding> {
    let start = |file: &MigrationFile| sources.span(file.source, 0..0);
    files
        .windows(2)
        .filter(|pair| pair[0].version == pair[1].version)
        .map(|pair| {
            let message = format!(
                "migrations `{}` and `{}` both have the version {}",
                pair[0].name, pair[1].name, pair[1].version
            );
            Finding::new(&DUPLICATE_VERSION, message)
                .at(start(&pair[1]))
                .label(start(&pair[0]), "the other one")
                .help("give one of them a later version")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Sources, Migrations) {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let mut sources = Sources::new();
        let found = read_folder(dir.path(), &mut sources).unwrap();
        (dir, sources, found)
    }

    fn codes(found: &Migrations) -> Vec<&str> {
        found.findings.iter().map(|it| it.code.name).collect()
    }

    #[test]
    fn files_come_in_the_order_of_their_names() {
        let (_dir, _, found) = folder(&[
            ("20240102000000_b.sql", b""),
            ("20240101000000_a_c.sql", b""),
            ("20240103000000_prisma/migration.sql", b""),
            ("20240103000000_prisma/note.md", b""),
            ("migration_lock.toml", b""),
            (".20240104000000_x.sql", b""),
        ]);
        let names: Vec<&str> = found.files.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["a_c", "b", "prisma"]);
        assert!(codes(&found).is_empty());
    }

    #[test]
    fn what_surprises_is_a_finding() {
        let (_dir, _, found) = folder(&[
            ("1_a.sql", b"select 1"),
            ("1_b.sql", b"select 1"),
            ("2_latin.sql", b"-- \xe9"),
            ("notes.sql", b""),
        ]);
        assert_eq!(
            codes(&found),
            [
                "migration-unreadable",
                "migration-name",
                "duplicate-version"
            ]
        );
        assert_eq!(found.files.len(), 2);
    }

    #[test]
    fn an_empty_folder_is_told() {
        let (_dir, _, found) = folder(&[]);
        assert_eq!(codes(&found), ["no-migrations"]);
    }

    #[test]
    fn a_missing_folder_and_a_file_are_errors() {
        let dir = tempfile::tempdir().unwrap();
        let mut sources = Sources::new();
        let missing = read_folder(&dir.path().join("x"), &mut sources);
        assert!(matches!(missing, Err(FolderError::Missing { .. })));
        let file = dir.path().join("f");
        std::fs::write(&file, "").unwrap();
        let file = read_folder(&file, &mut sources);
        assert!(matches!(file, Err(FolderError::NotAFolder { .. })));
    }
}
