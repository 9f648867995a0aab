//! Files to a database that ran them, and findings for what failed.

mod cause;
mod creation;
mod known;
mod place;
mod rewrite;
mod run;
mod script;
mod treatment;

use driftless_finding::{Finding, SourceId, Sources};

use self::run::Run;
use crate::extension::mentions;
use crate::provenance::Trace;
use crate::{ActingRole, Provenance, ShadowDatabase, ShadowError, remote};

/// A file to be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayFile {
    /// Its text.
    pub source: SourceId,
    /// What orders it among the others: `20240101000000`.
    pub version: String,
    /// What it is called: `create_users`.
    pub name: String,
}

/// What a failing statement does to a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReplayMode {
    /// The replay stops.
    #[default]
    Strict,
    /// Its file is undone, and the replay goes on with the next.
    File,
    /// The statement alone is undone.
    Statement,
}

/// How to replay.
#[derive(Debug, Clone, Default)]
pub struct ReplayOptions {
    /// What a failing statement does.
    pub mode: ReplayMode,
}

/// What came of a replay.
#[derive(Debug, Default)]
pub struct Replay {
    /// What failed and what was passed over, in the order of the files.
    pub findings: Vec<Finding>,
    /// What became of each file, in the given order.
    pub files: Vec<ReplayedFile>,
    /// The stand-ins that were used, in the order of their first use.
    pub stubs: Vec<StubUsed>,
    /// Which statement made which object.
    pub provenance: Provenance,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayedFile {
    /// The file.
    pub source: SourceId,
    /// Its version.
    pub version: String,
    /// What became of it.
    pub outcome: FileOutcome,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileOutcome {
    /// Every statement succeeded.
    Applied,
    /// Some did, and what they did is there.
    Partly,
    /// It failed, and nothing of it is there.
    Undone,
    /// The replay had stopped before it.
    NotReached,
}

/// A stand-in that took the place of an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StubUsed {
    /// The extension's name.
    pub extension: String,
    /// The statement that asked for it.
    pub span: driftless_finding::Span,
}

impl ShadowDatabase {
    /// Runs `files` in the given order, as the role that migrations run as.
    ///
    /// Each file runs in a transaction of its own, unless it opens its own or has statements that run
    /// outside of any. Settings that a file changes are undone before the next. May be called again, to go
    /// on from the state that the last replay led to.
    ///
    /// # Errors
    /// [`ShadowError::Gone`] if the server goes away. A statement that fails is a finding, no error.
    pub async fn replay(
        &mut self,
        sources: &Sources,
        files: &[ReplayFile],
        options: &ReplayOptions,
    ) -> Result<Replay, ShadowError> {
        let first = self.statements.len();
        let roles = match self.home.is_shared() {
            true => remote::foreign_roles(self.client()).await?,
            false => Vec::new(),
        };
        if self.home.is_shared() {
            self.act_as(ActingRole::Administrator).await?;
            remote::remember_theirs(self.client()).await?;
            self.act_as(ActingRole::Migrator).await?;
        }
        let mut run = Run::new(self, sources, files, options.mode);
        let mut replay = Replay::default();
        let mut stopped = false;
        for file in files {
            let outcome = match stopped {
                true => FileOutcome::NotReached,
                false => run.file(file.source).await?,
            };
            stopped |= options.mode == ReplayMode::Strict && outcome != FileOutcome::Applied;
            replay.files.push(ReplayedFile {
                source: file.source,
                version: file.version.clone(),
                outcome,
            });
        }
        replay.findings = run.findings;
        replay.stubs = run.stubs;
        let undone = replay
            .files
            .iter()
            .any(|it| it.outcome != FileOutcome::Applied);
        if self.home.is_shared() {
            self.act_as(ActingRole::Administrator).await?;
            let named = |role: &str| {
                files
                    .iter()
                    .any(|it| mentions(sources.file(it.source).text(), role))
            };
            remote::mark_new_roles(self.client(), &roles, named).await?;
        }
        replay.provenance = self.provenance(first, undone, sources).await?;
        Ok(replay)
    }

    /// Asks the catalog who made what since the statement with number `first`.
    async fn provenance(
        &mut self,
        first: usize,
        undone: bool,
        sources: &Sources,
    ) -> Result<Provenance, ShadowError> {
        self.act_as(ActingRole::Administrator).await?;
        let trace = Trace {
            first,
            statements: &self.statements,
            undone,
            events: self.ground.superuser,
        };
        let provenance = Provenance::read(self.client(), &trace, sources).await;
        let provenance =
            provenance.map_err(ShadowError::server("asking which statement made what"))?;
        self.act_as(ActingRole::Migrator).await?;
        Ok(provenance)
    }
}
