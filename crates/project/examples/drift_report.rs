//! A service that checks its own database: `cargo run --package driftless-project --example drift_report`.
//!
//! Takes the project in the working folder and `DATABASE_URL`, as the command line does, and prints a line
//! for each drift. The exit code is 1 if there is any.

use std::process::ExitCode;

use driftless_finding::Severity;
use driftless_project::{
    DriftOptions, Environment, Project, ProjectError, Settings, Silent, drift,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, ProjectError> {
    let project = Project::open(&Settings::default(), Environment::of_process())?;
    let outcome = drift(&project, &DriftOptions::default(), &Silent).await?;
    for finding in &outcome.findings {
        let place = finding
            .span
            .map(|it| outcome.sources.locate(it).to_string());
        let place = place.unwrap_or_default();
        writeln(&format!("{place} {}: {}", finding.code, finding.message));
    }
    let found = outcome
        .findings
        .iter()
        .any(|it| it.severity == Severity::Error);
    Ok(ExitCode::from(u8::from(found)))
}

#[expect(clippy::print_stdout, reason = "an example may print")]
fn writeln(line: &str) {
    println!("{line}");
}
