//! Prisma schemas and SQL files from disk.

use std::path::{Path, PathBuf};

use driftless_finding::{Finding, Severity, SourceId, Sources};
use driftless_prisma_catalog::{LowerOptions, PrismaCatalog, lower};
use driftless_psl::{Options, parse};

use crate::error::PRISMA_SCHEMA;
use crate::{Project, ProjectError};

/// A Prisma schema, read and understood.
pub(crate) struct PrismaSchema {
    /// What it asks for; `None` if it is not valid.
    pub(crate) catalog: Option<PrismaCatalog>,
    /// What there is to say about it.
    pub(crate) findings: Vec<Finding>,
    /// Whether it declares nothing at all.
    pub(crate) empty: bool,
    /// `packages/db/schema.prisma: 11 models, 5 enums`
    pub(crate) summary: String,
}

/// Reads the Prisma schema at `path`: a file, or a folder with `.prisma` files in it and below.
pub(crate) fn prisma(
    project: &Project,
    path: &Path,
    sources: &mut Sources,
) -> Result<PrismaSchema, ProjectError> {
    let (_, ids) = prisma_files(path, sources)?;
    let parsed = parse(sources, &ids, Options::default());
    let mut findings = parsed.findings.clone();
    let valid = !findings.iter().any(|it| it.severity == Severity::Error);
    let catalog = valid.then(|| {
        let mut options = LowerOptions::default();
        if let Some(schema) = project.default_schema() {
            options.default_schema = schema;
        }
        lower(&parsed.schema, &options)
    });
    findings.extend(catalog.iter().flat_map(|it| it.findings.clone()));
    let count = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    };
    let models = count(parsed.schema.tables().count(), "model", "models");
    let enums = count(parsed.schema.enums.len(), "enum", "enums");
    Ok(PrismaSchema {
        summary: format!("{}: {models}, {enums}", path.display()),
        empty: valid
            && parsed.schema.datasource.is_none()
            && parsed.schema.models.is_empty()
            && parsed.schema.enums.is_empty(),
        catalog,
        findings,
    })
}

/// Reads the files of the Prisma schema at `path`.
pub(crate) fn prisma_files(
    path: &Path,
    sources: &mut Sources,
) -> Result<(Vec<PathBuf>, Vec<SourceId>), ProjectError> {
    let files = files(path, "prisma", PRISMA_SCHEMA)?;
    let ids = add(&files, sources)?;
    Ok((files, ids))
}

impl PrismaSchema {
    /// What there is to say to somebody who has asked about something else: no notes.
    pub(crate) fn problems(&self) -> impl Iterator<Item = Finding> {
        let matters = |it: &&Finding| it.severity > Severity::Info;
        self.findings.iter().filter(matters).cloned()
    }
}

/// Reads SQL files: one, or those in a folder by name.
pub(crate) fn sql(path: &Path, sources: &mut Sources) -> Result<Vec<SourceId>, ProjectError> {
    add(&files(path, "sql", "SQL file or folder")?, sources)
}

fn add(files: &[PathBuf], sources: &mut Sources) -> Result<Vec<SourceId>, ProjectError> {
    files
        .iter()
        .map(|path| {
            let text = driftless_migrate::read_text(path)?;
            Ok(sources.add(path.display().to_string(), text)?)
        })
        .collect()
}

/// `path` if it is a file, else all files below it with that ending, by path.
fn files(path: &Path, ending: &str, what: &'static str) -> Result<Vec<PathBuf>, ProjectError> {
    let shown = || path.display().to_string();
    let metadata = std::fs::metadata(path).map_err(|source| {
        if source.kind() == std::io::ErrorKind::NotFound {
            ProjectError::Missing {
                what,
                path: shown(),
            }
        } else {
            ProjectError::Unreadable {
                path: shown(),
                source,
            }
        }
    })?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    collect(path, ending, &mut found)?;
    found.sort();
    match found.is_empty() {
        true => Err(ProjectError::NothingIn {
            what: if ending == "sql" {
                "SQL files"
            } else {
                "`.prisma` files"
            },
            path: shown(),
        }),
        false => Ok(found),
    }
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) -> Result<(), ProjectError> {
    let failed = |source| ProjectError::Unreadable {
        path: folder.display().to_string(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let modules = entry.file_name() == "node_modules";
        // A link to a folder above would never end.
        let is_folder = entry.file_type().map_err(failed)?.is_dir();
        if is_folder && !hidden && !modules {
            collect(&path, ending, found)?;
        } else if !path.is_dir() && path.extension().is_some_and(|it| it == ending) && !hidden {
            // A pipe among them, or a link to nowhere, is not passed over: reading it says what it is.
            found.push(path);
        }
    }
    Ok(())
}
