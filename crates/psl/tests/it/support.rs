//! The one place that knows how fixtures are read and how findings are written down.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use driftless_finding::{Finding, Severity, SourceId, Sources};
use driftless_psl::{Options, Parsed, PrismaVersion, parse};

/// A schema of the fixtures: a file, or a folder of files.
pub(crate) struct Case {
    /// `ok/name`, `err/name` or `folders/name`.
    pub(crate) name: String,
    /// What Prisma is given: a file or folder, relative to the fixtures.
    pub(crate) path: PathBuf,
    /// Name and text of each file, ordered by name.
    pub(crate) files: Vec<(String, String)>,
}

/// A schema that has been read.
pub(crate) struct Checked {
    pub(crate) sources: Sources,
    pub(crate) files: Vec<SourceId>,
    pub(crate) parsed: Parsed,
}

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The fixtures of a kind, ordered by name: `ok`, `err`, or `folders`.
pub(crate) fn cases(kind: &str) -> Vec<Case> {
    let mut names: Vec<_> = fs::read_dir(fixtures().join(kind))
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_dir() || it.extension().is_some_and(|it| it == "prisma"))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no fixtures in {kind}");
    names.iter().map(|it| case(it)).collect()
}

/// The fixtures of every kind.
pub(crate) fn all_cases() -> impl Iterator<Item = Case> {
    ["ok", "err", "folders"].into_iter().flat_map(cases)
}

fn case(path: &Path) -> Case {
    let mut paths = vec![path.to_owned()];
    if path.is_dir() {
        paths = fs::read_dir(path)
            .unwrap()
            .map(|it| it.unwrap().path())
            .collect();
        paths.sort();
    }
    let files = paths.iter().map(|it| {
        let name = it.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(it).unwrap())
    });
    let path = path.strip_prefix(fixtures()).unwrap().to_owned();
    Case {
        name: path.with_extension("").to_str().unwrap().to_owned(),
        path,
        files: files.collect(),
    }
}

/// Reads a schema.
pub(crate) fn check(files: &[(String, String)], prisma: Option<PrismaVersion>) -> Checked {
    let mut sources = Sources::new();
    let ids: Vec<_> = files
        .iter()
        .map(|(name, text)| sources.add(name.as_str(), text.as_str()).unwrap())
        .collect();
    let parsed = parse(&sources, &ids, Options { prisma });
    Checked {
        sources,
        files: ids,
        parsed,
    }
}

/// Reads a schema of one file.
pub(crate) fn check_text(text: &str) -> Checked {
    check(&[("schema.prisma".to_owned(), text.to_owned())], None)
}

impl Checked {
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.parsed.findings.iter();
        findings.filter(|it| it.severity == Severity::Error)
    }

    /// Where the errors are, without repetition: `7`, or `b.prisma:7` if there are several files.
    pub(crate) fn error_lines(&self) -> Vec<String> {
        let mut places: Vec<_> = self
            .errors()
            .map(|it| self.sources.locate(it.span.unwrap()))
            .map(|it| (it.path, it.start.line))
            .collect();
        places.sort();
        places.dedup();
        let several = self.files.len() > 1;
        let place = |(path, line)| match several {
            true => format!("{path}:{line}"),
            false => format!("{line}"),
        };
        places.into_iter().map(place).collect()
    }

    /// A line for each finding, and one for what there is to do.
    ///
    /// That a schema is for one line of Prisma, by having a `url` or not, is information that every schema has some
    /// of. It is left out.
    pub(crate) fn findings(&self) -> String {
        let mut out = String::new();
        for finding in &self.parsed.findings {
            if finding.severity == Severity::Info {
                continue;
            }
            let severity = finding.severity.as_str();
            let (code, message) = (finding.code.name, &finding.message);
            let place = self.place(finding);
            writeln!(out, "{place}{severity} {code}: {message}").unwrap();
            for label in &finding.labels {
                let place = self.sources.locate(label.span);
                let place = match self.files.len() {
                    1 => place.start.to_string(),
                    _ => place.to_string(),
                };
                writeln!(out, "    at {place}: {}", label.text).unwrap();
            }
            for note in &finding.notes {
                writeln!(out, "    note: {note}").unwrap();
            }
            if let Some(help) = &finding.help {
                writeln!(out, "    help: {help}").unwrap();
            }
        }
        out
    }

    /// `line:column-line:column `, behind the name of the file if there are several.
    fn place(&self, finding: &Finding) -> String {
        let Some(span) = finding.span else {
            return String::new();
        };
        let place = self.sources.locate(span);
        match self.files.len() {
            1 => format!("{}-{} ", place.start, place.end),
            _ => format!("{place}-{} ", place.end),
        }
    }
}
