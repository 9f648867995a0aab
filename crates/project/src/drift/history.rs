//! Which migrations the live database has seen.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{Catalog, ObjectId};
use driftless_finding::{Finding, SourceId};
use driftless_migrate::{History, HistoryError, MigrationFile, read_history};
use driftless_shadow::Prelude;

use super::describe::UNKNOWN_MIGRATION;
use super::pending::{name, none_recorded, not_recorded};
use super::place::Places;
use crate::ProjectError;
use crate::live::Live;
use crate::session::{Replayed, Session, replay_files};

/// What the live database has seen, and what not.
#[derive(Default)]
pub(super) struct Split<'a> {
    /// The migrations that it has not seen.
    pub(super) pending: Vec<&'a MigrationFile>,
    /// The state that the others lead to; `None` if that is all of them, or if it cannot be known.
    pub(super) applied: Option<Catalog>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) findings: Vec<Finding>,
}

/// Tells the migrations that the live database has seen from those that it has not.
pub(super) async fn split<'a>(
    session: &mut Session<'_>,
    files: &'a [MigrationFile],
    replayed: &mut Replayed,
    live: &Live,
) -> Result<Split<'a>, ProjectError> {
    let mut split = Split::default();
    let history = match read_history(&live.connection).await {
        Err(HistoryError::Forbidden { table }) => Err(format!("the role may not read {table}")),
        Err(HistoryError::OtherShape { table, column }) => {
            Err(format!("its {table} has no column `{column}`"))
        }
        other => Ok(other?),
    };
    let made = Made::new(files, replayed, &live.found.catalog, session);
    let is_empty = matches!(&history, Ok(Some(it)) if it.versions.is_empty());
    let judged = match history {
        Ok(Some(history)) if !history.versions.is_empty() => {
            split.findings = unknown(&history, files, live);
            for (file, made) in files.iter().zip(&made.0) {
                if history.versions.contains(&file.version) {
                    continue;
                }
                match made.is_complete() {
                    true => split.findings.push(not_recorded(file, &session.sources)),
                    false => split.pending.push(file),
                }
            }
            None
        }
        Ok(Some(_)) => Some("its history of migrations is empty".to_owned()),
        Ok(None) => Some("it has no supabase_migrations.schema_migrations".to_owned()),
        Err(reason) => Some(reason),
    };
    if let Some(reason) = judged {
        let note = format!("{reason}: what is pending is judged by what is there");
        split.facts.push((String::new(), note));
        split.pending = made.missing(files);
    }
    if is_empty && split.pending.len() < files.len() {
        split.findings.push(none_recorded());
    }
    if split.pending.is_empty() {
        return Ok(split);
    }
    let names: Vec<String> = split.pending.iter().map(|it| name(it)).collect();
    split.facts.push(("pending".to_owned(), names.join(", ")));
    let pending = |it: &MigrationFile| {
        split
            .pending
            .iter()
            .any(|pending| pending.source == it.source)
    };
    let applied: Vec<MigrationFile> = files.iter().filter(|it| !pending(it)).cloned().collect();
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

/// What each migration made that later ones have left: how much of it there is, and how much of that is in
/// the live database.
struct Made(Vec<Count>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    all: usize,
    there: usize,
}

impl Count {
    fn is_complete(self) -> bool {
        self.all > 0 && self.all == self.there
    }
}

impl Made {
    fn new(
        files: &[MigrationFile],
        replayed: &Replayed,
        live: &Catalog,
        session: &Session<'_>,
    ) -> Self {
        let there: BTreeSet<ObjectId> = live.object_ids().into_iter().collect();
        let places = Places::new(None, Some(super::recorded(replayed, session)));
        let mut made: BTreeMap<SourceId, Count> = BTreeMap::new();
        for object in replayed.catalog.object_ids() {
            if let Some(span) = places.introduced(&object) {
                let count = made.entry(span.source).or_default();
                count.all += 1;
                count.there += usize::from(there.contains(&object));
            }
        }
        let of = |it: &MigrationFile| made.get(&it.source).copied().unwrap_or_default();
        Self(files.iter().map(of).collect())
    }

    /// The last migrations, of which nothing is there. One that made nothing is judged by its neighbours.
    fn missing<'a>(&self, files: &'a [MigrationFile]) -> Vec<&'a MigrationFile> {
        let behind = self
            .0
            .iter()
            .rposition(|it| it.there > 0)
            .map_or(0, |it| it + 1);
        let first = self.0.iter().skip(behind).position(|it| it.all > 0);
        match first {
            Some(first) => files.iter().skip(behind + first).collect(),
            None => Vec::new(),
        }
    }
}
