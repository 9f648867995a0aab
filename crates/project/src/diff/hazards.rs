//! What a script may cost, as findings. Of a live database it is asked whether it does.

use std::collections::BTreeMap;

use driftless_catalog::{ObjectId, Renames};
use driftless_connect::{ConnectOptions, ConnectUrl, Connection, connect};
use driftless_finding::{Finding, Severity};
use driftless_prisma_catalog::Declaration;
use driftless_sql::{Effect, Hazard, Step};
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::error::SqlState;

use super::hazard_codes::{code, help};
use crate::ProjectError;

/// Where Prisma schemas declare objects.
pub(super) type Declarations = BTreeMap<ObjectId, Declaration>;

/// What is known of the rows that a hazard is about.
#[derive(Debug, PartialEq, Eq)]
enum Rows {
    /// Nobody looked, or what there is to see decides nothing.
    Unknown,
    /// They make it come true.
    Hurt,
    /// Somebody looked and was refused.
    Refused(String),
}

/// A finding for each hazard of `steps`, in their order. Those that `live`, the database to run them on, has no data
/// for are left out. There, things still have the names that `names` give.
///
/// # Errors
/// [`ProjectError::Connect`] if the database cannot be reached.
pub(super) async fn findings(
    steps: &[Step],
    declarations: &Declarations,
    live: Option<&ConnectUrl>,
    names: &Renames,
) -> Result<Vec<Finding>, ProjectError> {
    let statements = steps.iter().flat_map(|it| &it.statements);
    let mut hazards: Vec<&Hazard> = statements.flat_map(|it| &it.hazards).collect();
    hazards.dedup();
    let mut database = match live {
        Some(url) if !hazards.is_empty() => Some(Database::open(url).await?),
        Some(_) | None => None,
    };
    let mut found = Vec::new();
    for hazard in hazards {
        let rows = match &mut database {
            Some(database) => database.look(&hazard.under(names)).await,
            None => Some(Rows::Unknown),
        };
        if let Some(rows) = rows {
            found.extend(finding(hazard, &rows, declarations));
        }
    }
    if let Some(database) = database {
        database.connection.close().await;
    }
    Ok(found)
}

fn finding(hazard: &Hazard, rows: &Rows, declarations: &Declarations) -> Option<Finding> {
    let mut finding = Finding::new(code(hazard)?, message(hazard, rows));
    if let Some(object) = hazard.object() {
        let declaration = declarations.get(&object);
        finding = finding
            .object(object.to_string())
            .at_maybe(declaration.map(|it| it.span));
    }
    match (rows, hazard.effect()) {
        (Rows::Hurt, Effect::DeletesData) => finding = finding.note("the database has some"),
        // Nothing is gained by trying.
        (Rows::Hurt, Effect::Fails) => finding.severity = Severity::Error,
        (Rows::Hurt | Rows::Unknown | Rows::Refused(_), _) => {}
    }
    if let Rows::Refused(why) = rows {
        finding = finding.note(format!(
            "whether there are such rows could not be seen: {why}"
        ));
    }
    match help(hazard) {
        Some(help) => Some(finding.help(help)),
        None => Some(finding),
    }
}

fn message(hazard: &Hazard, rows: &Rows) -> String {
    let what = hazard.what();
    match (hazard.effect(), rows) {
        (Effect::DeletesData, _) => format!("the script deletes {what}"),
        (Effect::ChangesData, Rows::Hurt) => {
            format!("the script fails or changes values: {what}")
        }
        (Effect::ChangesData, Rows::Unknown | Rows::Refused(_)) => {
            format!("the script fails or changes values if {what}")
        }
        (Effect::Fails, Rows::Hurt) => format!("the script fails: {what}"),
        (Effect::Fails, Rows::Unknown | Rows::Refused(_)) => format!("the script fails if {what}"),
        (Effect::Refused, _) => format!("PostgreSQL refuses the script: {what}"),
        (Effect::LosesKey, _) => format!("with the script {what}"),
        (Effect::BreaksClients, _) => format!("clients that say the old name fail: {what}"),
        (Effect::ByHand, _) => format!("a part of the script has to be written by hand: {what}"),
    }
}

/// The database that the script is for.
struct Database {
    connection: Connection,
}

impl Database {
    async fn open(url: &ConnectUrl) -> Result<Self, ProjectError> {
        let connection = connect(url, &ConnectOptions::default()).await;
        let connection = connection.map_err(|source| ProjectError::Connect {
            what: "cannot connect to a database".to_owned(),
            source,
        })?;
        Ok(Self { connection })
    }

    /// What is known of the rows; `None` if they make the hazard harmless.
    ///
    /// A row that a policy hides would hurt all the same, so a role that does not see every row is refused.
    async fn look(&mut self, hazard: &Hazard) -> Option<Rows> {
        let Some(probe) = hazard.probe() else {
            return Some(Rows::Unknown);
        };
        let sql = format!(
            "BEGIN READ ONLY; SET LOCAL row_security = off; SET LOCAL statement_timeout = '5s'; {}",
            probe.sql
        );
        let answer = self.connection.simple_query(&sql).await;
        // If the way back fails, the next question fails, too, and is told as refused.
        let _ = self.connection.batch_execute("ROLLBACK").await;
        let messages = match answer {
            Ok(messages) => messages,
            Err(error) if probe.casts && is_refused_value(&error) => return Some(Rows::Hurt),
            Err(error) => {
                let refused = error.as_db_error().map(|it| it.message().to_owned());
                return Some(Rows::Refused(refused.unwrap_or_else(|| error.to_string())));
            }
        };
        let hurts = messages
            .iter()
            .any(|it| matches!(it, SimpleQueryMessage::Row(row) if row.get(0) == Some("t")));
        match (hurts, probe.proves) {
            (false, _) => None,
            (true, true) => Some(Rows::Hurt),
            (true, false) => Some(Rows::Unknown),
        }
    }
}

/// Whether a cast has failed for a value: it is out of range, too long, or no text of the type.
///
/// Follows PostgreSQL, *Error Codes*, class 22. That a number is none (`NaN`) is an error of another class.
fn is_refused_value(error: &tokio_postgres::Error) -> bool {
    error
        .code()
        .is_some_and(|it| it.code().starts_with("22") || *it == SqlState::FEATURE_NOT_SUPPORTED)
}
