use crate::load;
use crate::{Outcome, Project, ProjectError};
use driftless_finding::Sources;

/// Reads and validates the Prisma schema.
///
/// # Errors
/// [`ProjectError`] if it cannot be read.
pub fn validate(project: &Project) -> Result<Outcome, ProjectError> {
    let mut sources = Sources::new();
    let schema = load::prisma(project, &project.schema, &mut sources)?;
    let mut outcome = Outcome {
        findings: schema.findings,
        sources,
        verdict: "the schema is valid".to_owned(),
        ..Outcome::default()
    };
    outcome.fact("schema", schema.summary);
    Ok(outcome)
}
