//! The report as JSON. Types of their own, so that a field inside can be renamed without breaking a
//! consumer.

use driftless_finding::{Finding, Fix, Severity, Sources, Span, hide_secrets};
use serde::Serialize;

use crate::Report;

/// The version of the shape. Fields are added without raising it; what changes the meaning of one raises it.
pub const JSON_VERSION: u32 = 1;

/// A report as JSON.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JsonReport {
    /// The version of this shape.
    version: u32,
    /// The verb that was run: `db-drift`.
    verb: String,
    /// What was looked at.
    facts: Vec<JsonFact>,
    /// What was found, in the order in which it should be read.
    findings: Vec<JsonFinding>,
    /// How many findings there are of each severity.
    summary: JsonSummary,
    /// The SQL that leads from one state to the other, for verbs that compare two; null if there is no
    /// difference.
    script: Option<String>,
    /// Why the verb could not do its work; null if it could. Then the exit code is 2 or 3.
    error: Option<JsonError>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonError {
    message: String,
    /// What to do about it.
    help: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonFact {
    /// What it is about: `desired`, `recorded`, `actual`.
    name: String,
    /// In words.
    text: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonSummary {
    errors: usize,
    warnings: usize,
    infos: usize,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonFinding {
    /// The stable name of this kind of finding.
    code: String,
    severity: JsonSeverity,
    message: String,
    /// The object it is about: `column public.users.email`.
    object: Option<String>,
    /// The place to look at first.
    location: Option<JsonLocation>,
    /// Further places.
    labels: Vec<JsonLabel>,
    notes: Vec<String>,
    /// What to do.
    help: Option<String>,
    /// What would mend it.
    fix: Option<JsonFix>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum JsonSeverity {
    Info,
    Warning,
    Error,
}

/// A range in a file. Lines and columns count from 1, columns in characters; the end is the first place
/// behind.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonLocation {
    path: String,
    start: JsonPosition,
    end: JsonPosition,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonPosition {
    line: u32,
    column: u32,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonLabel {
    text: String,
    location: JsonLocation,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "lowercase")]
enum JsonFix {
    /// SQL to run.
    Sql { sql: String },
    /// Text that should stand at a place in a file.
    Replace {
        location: JsonLocation,
        text: String,
    },
}

pub(crate) fn render(report: &Report<'_>) -> String {
    let sources = report.sources;
    let json = JsonReport {
        version: JSON_VERSION,
        verb: report.verb.to_owned(),
        facts: report
            .facts
            .iter()
            .map(|(name, text)| JsonFact {
                name: name.clone(),
                text: shown(text),
            })
            .collect(),
        findings: report
            .findings
            .iter()
            .map(|it| finding(it, sources))
            .collect(),
        summary: JsonSummary {
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            infos: report.count(Severity::Info),
        },
        script: report.script.map(str::to_owned),
        error: report.error.as_ref().map(|it| JsonError {
            message: shown(&it.message),
            help: it.help.as_deref().map(shown),
        }),
    };
    // These types have only string keys and no numbers that JSON lacks.
    let mut text = serde_json::to_string_pretty(&json).unwrap_or_default();
    text.push('\n');
    text
}

fn finding(it: &Finding, sources: &Sources) -> JsonFinding {
    JsonFinding {
        code: it.code.name.to_owned(),
        severity: match it.severity {
            Severity::Info => JsonSeverity::Info,
            Severity::Warning => JsonSeverity::Warning,
            Severity::Error => JsonSeverity::Error,
        },
        message: shown(&it.message),
        object: it.object.as_deref().map(shown),
        location: it.span.map(|span| location(span, sources)),
        labels: it
            .labels
            .iter()
            .map(|label| JsonLabel {
                text: shown(&label.text),
                location: location(label.span, sources),
            })
            .collect(),
        notes: it.notes.iter().map(|it| shown(it)).collect(),
        help: it.help.as_deref().map(shown),
        fix: it.fix.as_ref().map(|it| match it {
            Fix::Sql(sql) => JsonFix::Sql { sql: sql.clone() },
            Fix::Replace { span, text } => JsonFix::Replace {
                location: location(*span, sources),
                text: text.clone(),
            },
        }),
    }
}

/// What is read by people. What is run, SQL and the text of files, has to stay as it is.
fn shown(text: &str) -> String {
    hide_secrets(text).into_owned()
}

fn location(span: Span, sources: &Sources) -> JsonLocation {
    let place = sources.locate(span);
    let position = |it: driftless_finding::Position| JsonPosition {
        line: it.line,
        column: it.column,
    };
    JsonLocation {
        path: place.path.to_string(),
        start: position(place.start),
        end: position(place.end),
    }
}

/// The JSON Schema of [`JsonReport`], as text.
#[cfg(feature = "schema")]
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(JsonReport);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
