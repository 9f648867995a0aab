use driftless_finding::{Finding, Severity, Sources};

use crate::{json, text};

/// What there is to tell.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// The verb: `db-drift`.
    pub verb: &'static str,
    /// What was looked at: a word and what it stands for, shown first and aligned.
    pub facts: Vec<(String, String)>,
    /// What was found, in the order in which it should be read.
    pub findings: &'a [Finding],
    /// The files that the findings point into.
    pub sources: &'a Sources,
    /// What is said if there are no findings: `no drift`.
    pub verdict: String,
    /// The SQL that leads from one state to another, for verbs that compare two.
    pub script: Option<&'a str>,
    /// Why the verb could not do its work, if it could not. Only JSON tells it.
    pub error: Option<ReportError>,
}

/// What kept a verb from its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportError {
    /// What went wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// The output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: [`JsonReport`](crate::JsonReport).
    Json,
}

/// How text looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RenderOptions {
    /// Whether to colour it, for terminals.
    pub color: bool,
    /// Whether to leave out what was looked at, and the verdict if there are no findings.
    pub quiet: bool,
}

/// The report in `format`, with a line break at its end unless it is empty.
pub fn render(report: &Report<'_>, format: Format, options: &RenderOptions) -> String {
    match format {
        Format::Text => text::render(report, options),
        Format::Json => json::render(report),
    }
}

impl Report<'_> {
    /// How many findings have that severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        let same = |it: &&Finding| it.severity == severity;
        self.findings.iter().filter(same).count()
    }
}
