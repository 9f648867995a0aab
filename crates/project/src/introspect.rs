use driftless_catalog::Snapshot;

use crate::diff::{load_catalog, load_script};
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
    let result = print(&mut session, state, format, &mut outcome).await;
    let sources = session.finish().await;
    outcome.output = result?;
    outcome.sources = sources?;
    Ok(outcome)
}

async fn print(
    session: &mut Session<'_>,
    state: &State,
    format: IntrospectFormat,
    outcome: &mut Outcome,
) -> Result<Option<String>, ProjectError> {
    match format {
        IntrospectFormat::Sql => load_script(session, state, outcome).await,
        IntrospectFormat::Json => {
            let loaded = load_catalog(session, state, outcome).await?;
            Ok(loaded.map(|(catalog, major)| {
                let snapshot = Snapshot::new(catalog, major);
                // A snapshot has only string keys and no numbers that JSON lacks.
                let mut text = serde_json::to_string_pretty(&snapshot).unwrap_or_default();
                text.push('\n');
                text
            }))
        }
    }
}
