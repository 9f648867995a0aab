//! Answers questions about schemas, one JSON object on a line each: for comparing with another reader of schemas.
//!
//! `{"files": [["schema.prisma", "…"]], "prisma": 6}` is answered by what is found,
//! `{"errors": [["schema.prisma", 3, "unknown-type", "…"]], "others": […]}`. Without `prisma`, the schema is read as any
//! Prisma reads it. With `"format": true` the answer is `{"texts": ["…"]}`, or what is found instead.

#![expect(clippy::print_stdout, reason = "this is a program")]

use std::error::Error;

use driftless_finding::{Finding, Severity, SourceId, Sources};
use driftless_psl::{Options, PrismaVersion, format, parse};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    for line in std::io::stdin().lines() {
        let question: Value = serde_json::from_str(&line?)?;
        println!("{}", answer(&question)?);
    }
    Ok(())
}

fn answer(question: &Value) -> Result<Value, Box<dyn Error>> {
    let mut sources = Sources::new();
    let mut files: Vec<SourceId> = Vec::new();
    for file in question["files"].as_array().ok_or("no files")? {
        let name = file[0].as_str().ok_or("a file without a name")?;
        let text = file[1].as_str().ok_or("a file without a text")?;
        files.push(sources.add(name, text)?);
    }
    let prisma = match question["prisma"].as_u64() {
        Some(6) => Some(PrismaVersion::V6),
        Some(7) => Some(PrismaVersion::V7),
        _ => None,
    };
    let findings = if question["format"] == true {
        match format(&sources, &files) {
            Ok(texts) => return Ok(json!({ "texts": texts })),
            Err(findings) => findings,
        }
    } else {
        parse(&sources, &files, Options { prisma }).findings
    };
    let (errors, others): (Vec<_>, Vec<_>) = findings
        .iter()
        .map(|it| (it.severity == Severity::Error, listed(&sources, it)))
        .partition(|(is_error, _)| *is_error);
    let listed = |list: Vec<(bool, Value)>| list.into_iter().map(|it| it.1).collect::<Value>();
    Ok(json!({ "errors": listed(errors), "others": listed(others) }))
}

fn listed(sources: &Sources, finding: &Finding) -> Value {
    let (file, line) = match finding.span.map(|it| sources.locate(it)) {
        Some(place) => (place.path.to_string(), place.start.line),
        None => (String::new(), 0),
    };
    let severity = finding.severity.as_str();
    json!([file, line, finding.code.name, finding.message, severity])
}
