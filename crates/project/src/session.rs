//! One run: its files, its throwaway server, and the states that it has loaded.

use std::path::Path;

use driftless_catalog::{Catalog, Ident, Snapshot};
use driftless_connect::ConnectUrl;
use driftless_diff::{DiffOptions, diff, plan};
use driftless_finding::{Finding, Severity, SourceId, Sources};
use driftless_introspect::{Introspection, Options, introspect};
use driftless_migrate::{MigrationFile, read_folder};
use driftless_shadow::{
    ActingRole, DatabaseOptions, FileOutcome, Prelude, Replay, ReplayFile, ReplayOptions,
    ServerInfo, Shadow, ShadowDatabase, extensions_in,
};
use driftless_sql::{SqlOptions, steps};

use crate::live::{Live, Reading};
use crate::{Progress, Project, ProjectError};

/// One run of a workflow. The throwaway server is started when it is first needed and ends with the run.
pub(crate) struct Session<'a> {
    pub(crate) project: &'a Project,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) sources: Sources,
    /// Schemas that a Prisma schema of this comparison governs: of a live database they are read, even if they are the
    /// platform's.
    pub(crate) governed: Vec<Ident>,
    shadow: Option<Shadow>,
    /// Databases that are being read already.
    ahead: Vec<Reading>,
}

/// SQL that was replayed, and the database that ran it.
pub(crate) struct Replayed {
    pub(crate) database: ShadowDatabase,
    /// Right after the prelude, before any file.
    pub(crate) baseline: Catalog,
    /// After the last file.
    pub(crate) catalog: Catalog,
    pub(crate) major: u16,
    pub(crate) replay: Replay,
    pub(crate) server: ServerInfo,
}

impl Replayed {
    /// Whether every file did what it should: only then is the catalog the state that the files record.
    pub(crate) fn is_whole(&self) -> bool {
        let applied = |it: &FileOutcome| *it == FileOutcome::Applied;
        self.replay.files.iter().all(|it| applied(&it.outcome))
    }
}

impl<'a> Session<'a> {
    pub(crate) fn new(project: &'a Project, progress: &'a dyn Progress) -> Self {
        Self {
            project,
            progress,
            sources: Sources::new(),
            governed: Vec::new(),
            shadow: None,
            ahead: Vec::new(),
        }
    }

    /// The throwaway server.
    pub(crate) async fn shadow(&mut self) -> Result<&mut Shadow, ProjectError> {
        let shadow = match self.shadow.take() {
            Some(shadow) => shadow,
            None => {
                self.progress.step("starting a throwaway Postgres");
                Shadow::start(&self.project.shadow).await?
            }
        };
        Ok(self.shadow.insert(shadow))
    }

    /// The major version of the throwaway server.
    pub(crate) async fn shadow_major(&mut self) -> Result<u16, ProjectError> {
        Ok(self.shadow().await?.server().version.major() as u16)
    }

    /// Ends the throwaway server, if there is one, and hands out the files.
    pub(crate) async fn finish(self) -> Result<Sources, ProjectError> {
        if let Some(shadow) = self.shadow {
            shadow.stop().await?;
        }
        Ok(self.sources)
    }

    /// A fresh database with the prelude, and what is in it.
    pub(crate) async fn fresh(
        &mut self,
        files: &[SourceId],
        prelude: Prelude,
    ) -> Result<(ShadowDatabase, Catalog, u16), ProjectError> {
        let texts = files.iter().map(|it| self.sources.file(*it).text());
        let options = DatabaseOptions {
            prelude,
            extensions: texts.flat_map(extensions_in).collect(),
        };
        let mut database = self.shadow().await?.database(&options).await?;
        let found = self.read_shadow(&mut database).await?;
        Ok((database, found.catalog, found.server_major))
    }

    /// Replays `files` on a fresh database and reads the result.
    pub(crate) async fn replay(
        &mut self,
        files: &[ReplayFile],
        prelude: Prelude,
    ) -> Result<Replayed, ProjectError> {
        let ids: Vec<SourceId> = files.iter().map(|it| it.source).collect();
        let (mut database, baseline, major) = self.fresh(&ids, prelude).await?;
        self.progress
            .step(&format!("replaying {} files", files.len()));
        let options = ReplayOptions {
            mode: self.project.replay,
        };
        let replay = database.replay(&self.sources, files, &options).await?;
        let catalog = self.read_shadow(&mut database).await?.catalog;
        let server = self.shadow().await?.server().clone();
        Ok(Replayed {
            database,
            baseline,
            catalog,
            major,
            replay,
            server,
        })
    }

    /// A fresh database with the objects of `catalog`, as far as this server can make them: to try
    /// expressions on.
    pub(crate) async fn materialize(
        &mut self,
        catalog: &Catalog,
    ) -> Result<ShadowDatabase, ProjectError> {
        self.progress
            .step("making the objects on a throwaway Postgres");
        let (mut database, baseline, major) = self.fresh(&[], Prelude::Supabase).await?;
        let options = DiffOptions {
            owners: false,
            grants: false,
            comments: false,
            server_major: major,
            ..DiffOptions::default()
        };
        let changes = diff(&baseline, catalog, &options);
        let missing = changes.into_iter().filter(|it| !it.is_drop()).collect();
        let changes = plan(missing, &baseline, catalog, &options);
        let steps = steps(&changes, &baseline, catalog, &SqlOptions::default());
        let client = database.act_as(ActingRole::Administrator).await?;
        let off = "SET check_function_bodies = off; SET client_min_messages = error";
        // What this server cannot make, expressions that name it cannot be tried on; they stay undecided.
        let _ = client.batch_execute(off).await;
        for statement in steps.iter().flat_map(|it| &it.statements) {
            let _ = client.batch_execute(&statement.sql).await;
        }
        Ok(database)
    }

    /// Reads a shadow database, with its migrating role under the name that it stands for.
    pub(crate) async fn read_shadow(
        &mut self,
        database: &mut ShadowDatabase,
    ) -> Result<Introspection, ProjectError> {
        let options = Options {
            schemas: None,
            managed_schemas: self.project.managed_schemas(),
        };
        let client = database.act_as(ActingRole::Administrator).await?;
        let result = introspect(client, &options).await;
        let mut found = result.map_err(|source| ProjectError::Introspect {
            what: "the throwaway database".to_owned(),
            source,
        })?;
        let migrator = self.shadow().await?.server().migrator.clone();
        if let (Ok(migrator), Ok(postgres)) = (Ident::new(&migrator), Ident::new("postgres"))
            && migrator != postgres
        {
            found.catalog.rename_role(&migrator, &postgres);
        }
        database.act_as(ActingRole::Migrator).await?;
        Ok(found)
    }

    /// The migrations of a folder, and what there is to say about them.
    pub(crate) fn migrations(
        &mut self,
        folder: &Path,
    ) -> Result<(Vec<MigrationFile>, Vec<Finding>), ProjectError> {
        let found = read_folder(folder, &mut self.sources)?;
        Ok((found.files, found.findings))
    }

    /// Starts to read a database that will be asked for.
    pub(crate) fn read_ahead(&mut self, url: &ConnectUrl, what: &str) {
        let reading = self.reading(url, what);
        self.ahead.push(reading);
    }

    /// Connects to a database and reads it, unless that was started before.
    pub(crate) async fn live(
        &mut self,
        url: &ConnectUrl,
        what: &str,
    ) -> Result<Live, ProjectError> {
        self.progress.step(&format!("reading {what}"));
        let started = self.ahead.iter().position(|it| it.is_of(url));
        let reading = match started {
            Some(at) => self.ahead.remove(at),
            None => self.reading(url, what),
        };
        reading.finish().await
    }

    fn reading(&self, url: &ConnectUrl, what: &str) -> Reading {
        let mut managed_schemas = self.project.managed_schemas();
        managed_schemas.retain(|it| !self.governed.contains(it));
        let options = Options {
            schemas: None,
            managed_schemas,
        };
        Reading::start(url, what, options)
    }
}

/// Migrations as the replay takes them.
pub(crate) fn replay_files(files: &[MigrationFile]) -> Vec<ReplayFile> {
    let file = |it: &MigrationFile| ReplayFile {
        source: it.source,
        version: it.version.clone(),
        name: it.name.clone(),
    };
    files.iter().map(file).collect()
}

/// SQL files as the replay takes them.
pub(crate) fn sql_files(ids: &[SourceId], sources: &Sources) -> Vec<ReplayFile> {
    let file = |id: &SourceId| ReplayFile {
        source: *id,
        version: String::new(),
        name: sources.file(*id).path().to_owned(),
    };
    ids.iter().map(file).collect()
}

/// Whether anything is wrong enough for a state to be in doubt.
pub(crate) fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|it| it.severity == Severity::Error)
}

/// Reads a snapshot.
pub(crate) fn read_snapshot(path: &Path) -> Result<(Catalog, u16), ProjectError> {
    if path.symlink_metadata().is_err() {
        return Err(ProjectError::Missing {
            what: "snapshot",
            path: path.display().to_string(),
        });
    }
    let text = driftless_migrate::read_text(path)?;
    let bad = |message: String| ProjectError::Snapshot {
        path: path.display().to_string(),
        message,
    };
    let snapshot: Snapshot = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
    let major = snapshot.server_major;
    let catalog = snapshot
        .into_catalog()
        .map_err(|error| bad(error.to_string()))?;
    Ok((catalog, major))
}
