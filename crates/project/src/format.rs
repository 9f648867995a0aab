use std::io::Write;
use std::path::{Path, PathBuf};

use driftless_finding::{Code, Finding, Severity, SourceId, Sources};
use tempfile::NamedTempFile;

use crate::{Outcome, Project, ProjectError, load};

/// What to do with a schema that is not formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FormatOptions {
    /// Whether to say so only, and leave the files as they are.
    pub check: bool,
}

/// The codes of this verb's findings.
pub(crate) const CODES: &[&Code] = &[&NOT_FORMATTED];

static NOT_FORMATTED: Code = Code {
    name: "not-formatted",
    severity: Severity::Error,
    summary: "a schema file is not formatted as Prisma formats it",
    explanation: "Prisma's formatter aligns the columns of a block, orders attributes and puts block attributes at its end. \
The finding points at the first line that it would change.\n\n\
`driftless db-format` writes the file as `prisma format` would.",
};

/// Writes the files of the Prisma schema as Prisma's formatter does, all of them or none.
///
/// Files that have lines which are no Prisma are left alone, and so is every other: those lines are the
/// findings. With [`FormatOptions::check`] each file that would change is a finding, and nothing is written.
///
/// # Errors
/// [`ProjectError`] if a file cannot be read or written.
pub fn format(project: &Project, options: &FormatOptions) -> Result<Outcome, ProjectError> {
    let mut sources = Sources::new();
    let (paths, ids) = load::prisma_files(&project.schema, &mut sources)?;
    let mut outcome = Outcome::default();
    let texts = match driftless_psl::format(&sources, &ids) {
        Ok(texts) => texts,
        Err(findings) => {
            outcome.findings = findings;
            outcome.sources = sources;
            return Ok(outcome);
        }
    };
    let changed: Vec<Formatted<'_>> = paths
        .iter()
        .zip(ids)
        .zip(&texts)
        .map(|((path, source), text)| Formatted { path, source, text })
        .filter(|it| sources.file(it.source).text() != it.text)
        .collect();
    let count = paths.len();
    outcome.fact("schema", summary(&project.schema, count));
    outcome.verdict = "the schema is formatted".to_owned();
    match options.check {
        true => outcome.findings = changed.iter().map(|it| it.finding(&sources)).collect(),
        false => {
            write(&changed)?;
            for it in &changed {
                outcome.fact("formatted", it.path.display().to_string());
            }
        }
    }
    outcome.differs = !changed.is_empty();
    outcome.sources = sources;
    Ok(outcome)
}

fn summary(schema: &Path, count: usize) -> String {
    match count {
        1 => schema.display().to_string(),
        _ => format!("{}: {count} files", schema.display()),
    }
}

/// A file that is to have another text.
struct Formatted<'a> {
    path: &'a PathBuf,
    source: SourceId,
    text: &'a str,
}

impl Formatted<'_> {
    fn finding(&self, sources: &Sources) -> Finding {
        let before = sources.file(self.source).text();
        let mut start = 0;
        let mut new = self.text.split_inclusive('\n');
        for line in before.split_inclusive('\n') {
            if new.next() != Some(line) {
                break;
            }
            start += line.len();
        }
        let line = before[start..].lines().next().unwrap_or_default();
        let span = sources.span(self.source, start..start + line.len());
        Finding::new(
            &NOT_FORMATTED,
            "this line is not as Prisma's formatter writes it",
        )
        .at(span)
        .help("write the file anew: driftless db-format")
    }
}

/// Writes every text beside its file first, and then puts them in the place of the files.
fn write(files: &[Formatted<'_>]) -> Result<(), ProjectError> {
    let failed = |path: &Path, source| ProjectError::Unwritable {
        path: path.display().to_string(),
        source,
    };
    let mut written = Vec::new();
    for file in files {
        let error = |source| failed(file.path, source);
        // Behind a link is the file that is meant.
        let path = file.path.canonicalize().map_err(error)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut new = NamedTempFile::new_in(folder).map_err(error)?;
        new.write_all(file.text.as_bytes()).map_err(error)?;
        let permissions = std::fs::metadata(&path).map_err(error)?.permissions();
        new.as_file().set_permissions(permissions).map_err(error)?;
        new.as_file().sync_all().map_err(error)?;
        written.push((path, new));
    }
    for (path, new) in written {
        new.persist(&path).map_err(|it| failed(&path, it.error))?;
    }
    Ok(())
}
