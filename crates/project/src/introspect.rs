use driftless_catalog::Snapshot;

use crate::diff::load_state;
use crate::session::Session;
use crate::{Outcome, Progress, Project, ProjectError, State};

/// How a state is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntrospectFormat {
    /// As the SQL that makes it: for SQL that was replayed on a database like a new project of Supabase, else in
    /// an empty database.
    Sql,
    /// As the snapshot that the source `snapshot:` reads.
    Json,
}

/// Prints a state. The outcome's text is the SQL or the snapshot.
///
/// # Errors
/// [`ProjectError`] if the state cannot be read, reached or replayed.
pub async fn introspect(
    project: &Project,
    state: &State,
    format: IntrospectFormat,
    progress: &dyn Progress,
) -> Result<Outcome, ProjectError> {
    let mut session = Session::new(project, progress);
    let mut outcome = Outcome::default();
    let result = load_state(&mut session, state, &mut outcome).await;
    let sources = session.finish().await;
    let loaded = result?;
    outcome.sources = sources?;
    outcome.output = loaded.map(|(catalog, major, sql)| match format {
        IntrospectFormat::Sql => sql,
        IntrospectFormat::Json => {
            let snapshot = Snapshot::new(catalog, major);
            // A snapshot has only string keys and no numbers that JSON lacks.
            let mut text = serde_json::to_string_pretty(&snapshot).unwrap_or_default();
            text.push('\n');
            text
        }
    });
    Ok(outcome)
}
