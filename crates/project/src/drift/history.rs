//! Which migrations the live database has seen.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{Catalog, ObjectId};
use driftless_finding::{Finding, SourceId};
use driftless_migrate::{History, MigrationFile, read_history};
use driftless_shadow::Prelude;

use super::describe::UNKNOWN_MIGRATION;
use super::place::Places;
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
            pending_by_objects(files, replayed, &live.found.catalog, session)
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

/// Of the last migrations those of which nothing is there: no object that they made, and that later ones
/// have left, is in the live database. A migration that made nothing is judged by its neighbours.
fn pending_by_objects(
    files: &[MigrationFile],
    replayed: &Replayed,
    live: &Catalog,
    session: &Session<'_>,
) -> Vec<bool> {
    let there: BTreeSet<ObjectId> = live.object_ids().into_iter().collect();
    let places = Places::new(None, Some(super::recorded(replayed, session)));
    // For each file that made something, whether any of it is there.
    let mut made: BTreeMap<SourceId, bool> = BTreeMap::new();
    for object in replayed.catalog.object_ids() {
        if let Some(span) = places.introduced(&object) {
            *made.entry(span.source).or_default() |= there.contains(&object);
        }
    }
    let last_seen = files
        .iter()
        .rposition(|it| made.get(&it.source) == Some(&true));
    let first_missing = files
        .iter()
        .enumerate()
        .skip(last_seen.map_or(0, |it| it + 1))
        .find(|(_, it)| made.contains_key(&it.source))
        .map(|(at, _)| at);
    (0..files.len())
        .map(|at| first_missing.is_some_and(|first| at >= first))
        .collect()
}
