//! Running a plan, with an eye on what its statements lock.

use std::collections::BTreeMap;

use driftless_lint::{LockMode, PlannedStatement};
use tokio_postgres::Client;

/// What came of running a plan.
pub(super) enum Applied {
    /// Every statement ran. What the locks of one were that the plan does not say.
    All {
        /// In words.
        locks: Vec<String>,
    },
    /// The server refused one.
    Refused {
        /// Which.
        at: usize,
        /// What it said.
        why: String,
    },
}

/// The relations that were there before, but for the server's own and our instruments, by OID: all names are those
/// from before.
type Names = BTreeMap<u32, String>;

const RELATIONS: &str = "SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) \
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname <> $1 AND n.nspname !~ '^pg_'";

/// Those of the transaction that is open, on relations of this database.
const LOCKS: &str = "SELECT l.relation, l.mode FROM pg_catalog.pg_locks l \
    WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.database <> 0";

/// Runs the statements in the transactions that the plan says.
///
/// Locks are looked at after each statement, and only of those that it adds to its transaction.
pub(super) async fn run(
    client: &Client,
    settings: &[&'static str],
    statements: &[PlannedStatement],
) -> Applied {
    match tried(client, settings, statements).await {
        Ok(locks) => Applied::All { locks },
        Err((at, error)) => {
            // What is left of the transaction is of no use.
            let _ = client.batch_execute("ROLLBACK").await;
            let said = error.as_db_error().map(|it| it.message().to_owned());
            let said = said.unwrap_or_else(|| error.to_string());
            let sql = statements.get(at).map(|it| it.sql.as_str());
            let first = sql.and_then(|it| it.lines().next()).unwrap_or_default();
            let why = format!("{said} ({first})");
            Applied::Refused { at, why }
        }
    }
}

async fn tried(
    client: &Client,
    settings: &[&'static str],
    statements: &[PlannedStatement],
) -> Result<Vec<String>, (usize, tokio_postgres::Error)> {
    let at_start = |error| (0, error);
    for setting in settings {
        client.batch_execute(setting).await.map_err(at_start)?;
    }
    // Where the throwaway server keeps its notes of what is made, it locks for itself.
    let own = driftless_shadow::HIDDEN_SCHEMA;
    let rows = client.query(RELATIONS, &[&own]).await.map_err(at_start)?;
    let names: Names = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut wrong = Vec::new();
    let mut open = None;
    let mut held: BTreeMap<String, LockMode> = BTreeMap::new();
    for (at, it) in statements.iter().enumerate() {
        let failed = |error| (at, error);
        if open != it.transaction {
            if open.is_some() {
                client.batch_execute("COMMIT").await.map_err(failed)?;
            }
            if it.transaction.is_some() {
                client.batch_execute("BEGIN").await.map_err(failed)?;
            }
            open = it.transaction;
            held.clear();
        }
        client.batch_execute(&it.sql).await.map_err(failed)?;
        if open.is_some() {
            let now = locks(client, &names).await.map_err(failed)?;
            wrong.extend(compare(it, &held, &now));
            held = now;
        }
    }
    if open.is_some() {
        let last = statements.len().saturating_sub(1);
        client
            .batch_execute("COMMIT")
            .await
            .map_err(|it| (last, it))?;
    }
    Ok(wrong)
}

async fn locks(
    client: &Client,
    names: &Names,
) -> Result<BTreeMap<String, LockMode>, tokio_postgres::Error> {
    let mut found: BTreeMap<String, LockMode> = BTreeMap::new();
    for row in client.query(LOCKS, &[]).await? {
        let mode: String = row.get(1);
        if let (Some(name), Some(mode)) = (names.get(&row.get(0)), LockMode::parse(&mode)) {
            let held = found.entry(name.clone()).or_insert(mode);
            *held = mode.max(*held);
        }
    }
    Ok(found)
}

/// Locks that the statement has added and that the plan does not say, or says weaker.
fn compare(
    it: &PlannedStatement,
    before: &BTreeMap<String, LockMode>,
    now: &BTreeMap<String, LockMode>,
) -> Vec<String> {
    let claimed: BTreeMap<String, LockMode> = it
        .effects
        .locks
        .iter()
        .map(|it| (it.relation.to_string(), it.mode))
        .collect();
    let new = now.iter().filter(|(name, mode)| {
        **mode > LockMode::AccessShare && before.get(*name).is_none_or(|it| it < mode)
    });
    let unsaid = new.filter(|(name, mode)| claimed.get(*name).is_none_or(|it| it < mode));
    let first = it.sql.lines().next().unwrap_or_default();
    // Of a statement that may do anything nothing is said.
    let told = unsaid.map(|(name, mode)| format!("{mode} on {name} ({first})"));
    told.filter(|_| it.effects.complete).collect()
}
