//! A script as data: JSON of a versioned shape.

use std::time::Duration;

use driftless_catalog::QualifiedName;
use driftless_lint::{Lock, Plan, PlanHazard, PlannedStatement, Work, WorkKind};
use serde::Serialize;

/// The version of [`JsonPlan`]. It changes when something that was there goes or means something else.
pub const PLAN_VERSION: u32 = 1;

/// A plan as `db-diff --plan json` prints it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JsonPlan {
    /// The version of this shape.
    version: u32,
    /// What has to be set in the session before the first statement.
    settings: Vec<String>,
    /// The statements, in the order in which they are to be run.
    statements: Vec<JsonStatement>,
    /// The way back, in its order. Data that was deleted does not come back.
    reverse: Vec<JsonStatement>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonStatement {
    /// Without the closing semicolon. A comment where a person has to write the statement.
    sql: String,
    /// What it does: `AddForeignKey`.
    kind: String,
    object: JsonObject,
    /// Which statements share a transaction, counted from 0; null if it has to run outside of one.
    transaction: Option<usize>,
    /// The strongest lock on each relation that was there before; those of mere readers are left out.
    locks: Vec<JsonLock>,
    /// Tables whose rows are all written anew.
    rewrites: Vec<JsonWork>,
    /// Tables whose rows are all read.
    scans: Vec<JsonWork>,
    /// Tables an index of which is built.
    builds_index: Vec<JsonWork>,
    /// Whether all that it does is known. A call or a `DO` block may do anything.
    complete: bool,
    hazards: Vec<JsonHazard>,
    timeouts: JsonTimeouts,
    /// The indexes in `reverse` of the statements about the same object; those of `reverse` itself have none.
    reverse: Vec<usize>,
    /// Whether data that it deletes or changes stays gone.
    loses_data: bool,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonObject {
    /// `table`, `column`, `policy`.
    kind: String,
    /// `public.users.email`
    name: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonRelation {
    schema: String,
    name: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonLock {
    relation: JsonRelation,
    /// As `LOCK TABLE` names it: `ACCESS EXCLUSIVE`.
    mode: String,
    blocks_reads: bool,
    blocks_writes: bool,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonWork {
    relation: JsonRelation,
    /// False if it hangs on what the catalog does not tell.
    certain: bool,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonHazard {
    /// The stable name: `DELETES_DATA`.
    code: String,
    message: String,
    /// False if nobody can tell without the rows.
    certain: bool,
}

/// In milliseconds; null for no bound.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct JsonTimeouts {
    lock_timeout: Option<u64>,
    statement_timeout: Option<u64>,
}

/// The plan as JSON.
pub fn plan_json(plan: &Plan) -> String {
    let json = JsonPlan {
        version: PLAN_VERSION,
        settings: plan.settings.iter().map(|it| (*it).to_owned()).collect(),
        statements: plan.statements.iter().map(statement).collect(),
        reverse: plan.reverse.iter().map(statement).collect(),
    };
    // These types have only string keys and no numbers that JSON lacks.
    let mut text = serde_json::to_string_pretty(&json).unwrap_or_default();
    text.push('\n');
    text
}

fn statement(it: &PlannedStatement) -> JsonStatement {
    let work = |kind: WorkKind| {
        let works = it.effects.work.iter().filter(|it| it.kind == kind);
        works.map(of_work).collect()
    };
    let shown = it.object.to_string();
    let kind = it.object.kind().to_string();
    let name = shown.strip_prefix(&kind).unwrap_or(&shown).trim_start();
    let milliseconds = |it: Duration| u64::try_from(it.as_millis()).unwrap_or(u64::MAX);
    JsonStatement {
        sql: it.sql.clone(),
        kind: it.label.as_str().to_owned(),
        object: JsonObject {
            name: name.to_owned(),
            kind,
        },
        transaction: it.transaction,
        locks: it.effects.locks.iter().map(lock).collect(),
        rewrites: work(WorkKind::Rewrite),
        scans: work(WorkKind::Scan),
        builds_index: work(WorkKind::BuildIndex),
        complete: it.effects.complete,
        hazards: it.hazards.iter().map(hazard).collect(),
        timeouts: JsonTimeouts {
            lock_timeout: it.timeouts.lock.map(milliseconds),
            statement_timeout: it.timeouts.statement.map(milliseconds),
        },
        reverse: it.reverse.clone(),
        loses_data: it.loses_data(),
    }
}

fn relation(it: &QualifiedName) -> JsonRelation {
    JsonRelation {
        schema: it.schema.to_string(),
        name: it.name.to_string(),
    }
}

fn lock(it: &Lock) -> JsonLock {
    JsonLock {
        relation: relation(&it.relation),
        mode: it.mode.as_str().to_owned(),
        blocks_reads: it.mode.blocks_reads(),
        blocks_writes: it.mode.blocks_writes(),
    }
}

fn of_work(it: &Work) -> JsonWork {
    JsonWork {
        relation: relation(&it.relation),
        certain: it.certain,
    }
}

fn hazard(it: &PlanHazard) -> JsonHazard {
    JsonHazard {
        code: it.code.as_str().to_owned(),
        message: it.message.clone(),
        certain: it.certain,
    }
}

/// The JSON Schema of [`JsonPlan`], as text.
#[cfg(feature = "schema")]
pub fn plan_schema() -> String {
    let schema = schemars::schema_for!(JsonPlan);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
