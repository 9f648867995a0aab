//! Findings for people: what, where, the line itself, and what to do.

use std::collections::BTreeMap;

use driftless_finding::{
    Finding, Fix, Secrets, Severity, SourceFile, SourceId, Sources, Span, hide_secrets,
};
use unicode_width::UnicodeWidthStr;

use crate::fix::{ESCAPED, ShownSql};
use crate::style::{Style, harmless};
use crate::{RenderOptions, Report};

/// No line of an excerpt is shown wider than this.
const WIDEST: usize = 160;

pub(crate) fn render(report: &Report<'_>, options: &RenderOptions) -> String {
    let style = Style {
        color: options.color,
    };
    let mut sections: Vec<String> = Vec::new();
    if !options.quiet && !report.facts.is_empty() {
        sections.push(facts(report, style));
    }
    let files = Files::new(report);
    sections.extend(report.findings.iter().map(|it| finding(it, &files, style)));
    sections.extend(last_line(report, options, style));
    sections.extend(report.script.map(script));
    sections.join("\n")
}

fn script(sql: &str) -> String {
    let shown = harmless(sql);
    match shown == sql {
        true => shown,
        false => format!("note: {ESCAPED}\n\n{shown}"),
    }
}

/// What it comes to: how much was found, and the verdict unless that is what matters.
fn last_line(report: &Report<'_>, options: &RenderOptions, style: Style) -> Option<String> {
    let serious = report
        .findings
        .iter()
        .any(|it| it.severity > Severity::Info);
    let verdict = shown(&report.verdict);
    let said = !serious && !options.quiet && !verdict.is_empty();
    // A script that follows is nothing to be glad of.
    let verdict = said.then(|| match report.script {
        Some(_) => verdict,
        None => style.good(&verdict),
    });
    let count = (!report.findings.is_empty()).then(|| summary(report, style));
    let parts: Vec<String> = verdict.into_iter().chain(count).collect();
    (!parts.is_empty()).then(|| format!("{}\n", parts.join(", ")))
}

fn facts(report: &Report<'_>, style: Style) -> String {
    let width = report.facts.iter().map(|(word, _)| word.width()).max();
    let width = width.unwrap_or(0);
    let line = |(word, text): &(String, String)| {
        let padding = " ".repeat(width - word.width());
        format!("{}{padding}  {}\n", style.dim(word), shown(text))
    };
    report.facts.iter().map(line).collect()
}

/// `2 errors, 1 warning`
fn summary(report: &Report<'_>, style: Style) -> String {
    let part = |severity: Severity, one: &str, many: &str| {
        let count = report.count(severity);
        let word = if count == 1 { one } else { many };
        (count > 0).then(|| style.severity(severity, &format!("{count} {word}")))
    };
    let parts = [
        part(Severity::Error, "error", "errors"),
        part(Severity::Warning, "warning", "warnings"),
        part(Severity::Info, "note", "notes"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn finding(finding: &Finding, files: &Files<'_>, style: Style) -> String {
    let head = format!("{}[{}]", finding.severity, finding.code);
    let mut out = format!(
        "{}{}\n",
        style.severity(finding.severity, &head),
        style.bold(&format!(": {}", shown(&finding.message)))
    );
    let sources = files.sources;
    let gutter = gutter(finding, sources);
    if let Some(span) = finding.span {
        let arrow = style.frame(&format!("{}-->", " ".repeat(gutter)));
        out.push_str(&format!("{arrow} {}\n", sources.locate(span)));
        out.push_str(&excerpt(files, span, gutter, finding.severity, style));
    }
    for label in &finding.labels {
        let arrow = style.frame(&format!("{}:::", " ".repeat(gutter)));
        let place = sources.locate(label.span);
        out.push_str(&format!("{arrow} {place}: {}\n", shown(&label.text)));
        out.push_str(&excerpt(files, label.span, gutter, Severity::Info, style));
    }
    let mut fact = |word: &str, text: &str| {
        let lead = format!("{} {} {word}: ", " ".repeat(gutter), style.frame("="));
        let indent = " ".repeat(gutter + word.width() + 5);
        out.push_str(&lead);
        for (at, line) in harmless(text).trim_end().lines().enumerate() {
            if at > 0 && !line.is_empty() {
                out.push_str(&indent);
            }
            out.push_str(line);
            out.push('\n');
        }
    };
    for note in &finding.notes {
        fact("note", &hide_secrets(note));
    }
    if let Some(help) = &finding.help {
        fact("help", &hide_secrets(help));
    }
    match &finding.fix {
        Some(Fix::Sql(sql)) => {
            let shown = ShownSql::new(sql);
            if shown.escaped {
                fact("note", ESCAPED);
            }
            match shown.verbatim {
                true => {
                    let lead = format!("{} {} fix:", " ".repeat(gutter), style.frame("="));
                    out.push_str(&format!("{lead}\n{}\n", shown.text));
                }
                false => fact("fix", &shown.text),
            }
        }
        Some(Fix::Replace { span, text }) => {
            let place = sources.locate(*span);
            fact("fix", &format!("at {place} write `{}`", hide_secrets(text)));
        }
        None => {}
    }
    out
}

/// How many columns the line numbers of a finding take.
fn gutter(finding: &Finding, sources: &Sources) -> usize {
    let spans = finding.labels.iter().map(|it| it.span).chain(finding.span);
    let lines = spans.map(|it| sources.locate(it).start.line);
    lines.max().unwrap_or(1).to_string().len().max(1)
}

/// The files that findings point into.
struct Files<'a> {
    sources: &'a Sources,
    secrets: BTreeMap<SourceId, Secrets>,
}

impl<'a> Files<'a> {
    fn new(report: &Report<'a>) -> Self {
        let sources = report.sources;
        let mut secrets = BTreeMap::new();
        for finding in report.findings {
            let labels = finding.labels.iter().map(|it| it.span);
            for span in labels.chain(finding.span) {
                let of = || Secrets::of(sources.file(span.source).text());
                secrets.entry(span.source).or_insert_with(of);
            }
        }
        Self { sources, secrets }
    }
}

/// What is said, without passwords and without harm.
fn shown(text: &str) -> String {
    harmless(&hide_secrets(text))
}

fn excerpt(
    files: &Files<'_>,
    span: Span,
    gutter: usize,
    severity: Severity,
    style: Style,
) -> String {
    let file = files.sources.file(span.source);
    let window = files.secrets.get(&span.source);
    let Some(window) = window.and_then(|secrets| Window::new(file, secrets, span)) else {
        return String::new();
    };
    let bar = style.frame(&format!("{} |", " ".repeat(gutter)));
    let number = style.frame(&format!("{:>gutter$} |", window.line));
    let marks = format!("{}{}", " ".repeat(window.before), "^".repeat(window.marked));
    format!(
        "{bar}\n{number} {}\n{bar} {}\n",
        window.text,
        style.severity(severity, &marks)
    )
}

/// The part of a line that is shown, and where the marks under it go, in columns of a terminal.
struct Window {
    line: u32,
    text: String,
    before: usize,
    marked: usize,
}

impl Window {
    fn new(file: &SourceFile, secrets: &Secrets, span: Span) -> Option<Self> {
        let position = file.position(span.start);
        let line = file.line(position.line)?;
        let first = line.as_ptr() as usize - file.text().as_ptr() as usize;
        let last = first + line.len();
        let start = (span.start as usize).min(last);
        let end = (span.end as usize).clamp(start, last);
        let show = |part| harmless(&secrets.hide(file.text(), part)).replace('\t', "    ");
        let (before, marked, behind) = (show(first..start), show(start..end), show(end..last));
        // Of a line that is very long the part around the marks is shown.
        let lead = shorten_front(&before, WIDEST / 2);
        let middle = shorten_end(&marked, WIDEST / 2);
        let tail = shorten_end(&behind, WIDEST / 4);
        Some(Self {
            line: position.line,
            before: lead.width(),
            marked: middle.width().max(1),
            text: format!("{lead}{middle}{tail}").trim_end().to_owned(),
        })
    }
}

fn shorten_end(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text.chars().take(most).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

fn shorten_front(text: &str, most: usize) -> String {
    let count = text.chars().count();
    match count > most {
        true => std::iter::once('…')
            .chain(text.chars().skip(count - most))
            .collect(),
        false => text.to_owned(),
    }
}
