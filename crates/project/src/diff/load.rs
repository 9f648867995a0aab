//! Sources to states.

use driftless_catalog::{Catalog, Ident};
use driftless_connect::ConnectUrl;
use driftless_finding::{Finding, Sources};
use driftless_introspect::Introspection;
use driftless_prisma_catalog::PrismaCatalog;
use driftless_shadow::{Prelude, ReplayFile, ReplayMode, ShadowDatabase};

use super::STATE_INCOMPLETE;
use crate::live::Live;
use crate::session::{Session, has_errors, read_snapshot, replay_files, sql_files};
use crate::{Outcome, Project, ProjectError, State};

/// A state that was loaded.
pub(super) enum Loaded {
    /// What a Prisma schema asks for.
    Prisma(Box<PrismaCatalog>),
    /// What a server holds, or nothing.
    Real(Box<Real>),
}

impl Loaded {
    /// Without the row level security that a schema declares: Prisma's engine does not know of it.
    pub(super) fn known_to_prisma(self) -> Self {
        match self {
            Self::Prisma(it) => Self::Prisma(Box::new(it.without_row_security())),
            Self::Real(_) => self,
        }
    }
}

/// What a server holds, or nothing.
pub(super) struct Real {
    pub(super) catalog: Catalog,
    /// The major version of the server that printed it; 0 if none did.
    pub(super) major: u16,
    pub(super) origin: Origin,
    /// The role that read it, which will run the script.
    pub(super) role: Option<Ident>,
    /// The throwaway database before the SQL was replayed.
    pub(super) baseline: Option<Catalog>,
    /// The throwaway database with its objects.
    pub(super) database: Option<ShadowDatabase>,
    /// What else was read of a live database; its catalog is `catalog`.
    pub(super) live: Option<Introspection>,
}

/// Where a state comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Nowhere: it is empty.
    Nothing,
    /// SQL that was replayed.
    Replay,
    /// A server, now or earlier.
    Server,
}

impl Real {
    pub(super) fn empty() -> Self {
        Self {
            catalog: Catalog::default(),
            major: 0,
            origin: Origin::Nothing,
            role: None,
            baseline: None,
            database: None,
            live: None,
        }
    }

    /// What the state was made in: the platform's part of it, or nothing.
    pub(super) fn before(&self) -> Self {
        let baseline = self.baseline.clone();
        let Some(catalog) = baseline.clone() else {
            return Self::empty();
        };
        Self {
            catalog,
            major: self.major,
            origin: self.origin,
            role: self.role.clone(),
            baseline,
            ..Self::empty()
        }
    }
}

/// The database, if the state is that of a live one.
pub(super) fn live<'a>(project: &'a Project, state: &'a State) -> Option<&'a ConnectUrl> {
    match state {
        State::Database(url) => Some(url),
        State::Actual => project.database.as_ref(),
        State::Empty
        | State::Prisma(_)
        | State::Desired
        | State::Migrations(_)
        | State::Recorded
        | State::Sql(_)
        | State::Snapshot(_) => None,
    }
}

/// What a database that is compared is called.
const A_DATABASE: &str = "a database";

/// Starts to read what is a live database of `states`, so that all are read at once.
pub(super) fn read_ahead(session: &mut Session<'_>, states: [&State; 2]) {
    for url in states
        .into_iter()
        .filter_map(|it| live(session.project, it))
    {
        session.read_ahead(url, A_DATABASE);
    }
}

/// Loads a state; `None` if it cannot be known, and then findings say why.
pub(super) async fn load(
    session: &mut Session<'_>,
    state: &State,
    word: &str,
    outcome: &mut Outcome,
) -> Result<Option<Loaded>, ProjectError> {
    let project = session.project;
    match state {
        State::Empty => {
            outcome.fact(word, "an empty database");
            Ok(Some(Loaded::Real(Box::new(Real::empty()))))
        }
        State::Prisma(path) => prisma(session, path, word, outcome),
        State::Desired => prisma(session, &project.schema, word, outcome),
        State::Migrations(folder) => migrations(session, folder, word, outcome).await,
        State::Recorded => {
            let folder = project.path(&project.config.supabase.migrations);
            migrations(session, &folder, word, outcome).await
        }
        State::Sql(path) => {
            let ids = crate::load::sql(path, &mut session.sources)?;
            let files = sql_files(&ids, &session.sources);
            replay(session, &files, &path.display().to_string(), word, outcome).await
        }
        State::Database(url) => database(session, url, word, outcome).await,
        State::Actual => match &project.database {
            Some(url) => database(session, url, word, outcome).await,
            None => Err(ProjectError::NoDatabase),
        },
        State::Snapshot(path) => {
            let (catalog, major) = read_snapshot(path)?;
            outcome.fact(word, format!("snapshot {}", path.display()));
            Ok(Some(Loaded::Real(Box::new(Real {
                catalog,
                major,
                origin: Origin::Server,
                ..Real::empty()
            }))))
        }
    }
}

/// The schemas that a Prisma schema governs which is compared with a live database. What is wrong with it is told where
/// it is loaded.
pub(super) fn governed(project: &Project, states: [&State; 2]) -> Vec<Ident> {
    let is_live = |it: &&State| matches!(it, State::Actual | State::Database(_));
    if !states.iter().any(is_live) {
        return Vec::new();
    }
    let paths = states.into_iter().filter_map(|it| match it {
        State::Prisma(path) => Some(path),
        State::Desired => Some(&project.schema),
        State::Empty
        | State::Actual
        | State::Database(_)
        | State::Migrations(_)
        | State::Recorded
        | State::Sql(_)
        | State::Snapshot(_) => None,
    });
    let schemas = paths.filter_map(|it| {
        let schema = crate::load::prisma(project, it, &mut Sources::new()).ok()?;
        Some(schema.catalog?.schemas)
    });
    schemas.flatten().collect()
}

fn prisma(
    session: &mut Session<'_>,
    path: &std::path::Path,
    word: &str,
    outcome: &mut Outcome,
) -> Result<Option<Loaded>, ProjectError> {
    let schema = crate::load::prisma(session.project, path, &mut session.sources)?;
    outcome.findings.extend(schema.problems());
    outcome.fact(word, schema.summary);
    Ok(schema.catalog.map(|it| Loaded::Prisma(Box::new(it))))
}

async fn migrations(
    session: &mut Session<'_>,
    folder: &std::path::Path,
    word: &str,
    outcome: &mut Outcome,
) -> Result<Option<Loaded>, ProjectError> {
    let (files, findings) = session.migrations(folder)?;
    let wrong = has_errors(&findings);
    outcome.findings.extend(findings);
    let name = folder.display().to_string();
    if wrong {
        outcome.findings.push(incomplete(&name));
        return Ok(None);
    }
    replay(session, &replay_files(&files), &name, word, outcome).await
}

async fn replay(
    session: &mut Session<'_>,
    files: &[ReplayFile],
    name: &str,
    word: &str,
    outcome: &mut Outcome,
) -> Result<Option<Loaded>, ProjectError> {
    let replayed = session.replay(files, Prelude::Supabase).await?;
    let count = match files.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    outcome.fact(
        word,
        format!("{name}: {count}, replayed on {}", replayed.server),
    );
    let whole = replayed.is_whole() || session.project.replay != ReplayMode::Strict;
    outcome.findings.extend(replayed.replay.findings);
    if !whole {
        outcome.findings.push(incomplete(name));
        return Ok(None);
    }
    Ok(Some(Loaded::Real(Box::new(Real {
        catalog: replayed.catalog,
        major: replayed.major,
        origin: Origin::Replay,
        role: Ident::new("postgres").ok(),
        baseline: Some(replayed.baseline),
        database: Some(replayed.database),
        live: None,
    }))))
}

async fn database(
    session: &mut Session<'_>,
    url: &ConnectUrl,
    word: &str,
    outcome: &mut Outcome,
) -> Result<Option<Loaded>, ProjectError> {
    let Live {
        connection,
        mut found,
        place,
    } = session.live(url, A_DATABASE).await?;
    connection.close().await;
    let version = &found.server_version;
    outcome.fact(word, format!("{place}: PostgreSQL {version}"));
    for unread in &found.unread {
        outcome.fact("", format!("not compared: {unread}"));
    }
    Ok(Some(Loaded::Real(Box::new(Real {
        catalog: std::mem::take(&mut found.catalog),
        major: found.server_major,
        origin: Origin::Server,
        role: Some(found.role.clone()),
        baseline: None,
        database: None,
        live: Some(found),
    }))))
}

fn incomplete(name: &str) -> Finding {
    let message = format!("`{name}` did not run to its end, so nothing is compared with it");
    Finding::new(&STATE_INCOMPLETE, message)
}
