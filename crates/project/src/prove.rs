//! A plan, proved: applied to a throwaway database in the state before, with rows in it, and looked at.
//!
//! Two databases are made on the same server by the same means, one in each state. The plan is run on the first; it has
//! to become like the second, to our own eyes and to those of `pg_dump`. Then the way back is run, and it has to become
//! as it was.

mod apply;
mod build;
mod certificate;
mod dump;
mod rows;

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, ConstraintKind, QualifiedName, Renames};
use driftless_diff::{DiffOptions, diff};
use driftless_lint::{HazardCode, Plan, PlannedStatement};
use driftless_rows::{FillOptions, Filled, fill};
use driftless_shadow::{ActingRole, ShadowDatabase};

use self::apply::Applied;
use self::build::{Builder, Built};
pub use self::certificate::{Certificate, Check, CheckOutcome};
use self::dump::Dumps;
use self::rows::Survey;
use crate::ProjectError;
use crate::session::Session;

/// What is proved.
pub(crate) struct Claim<'a> {
    pub(crate) from: &'a Catalog,
    pub(crate) to: &'a Catalog,
    pub(crate) options: &'a DiffOptions,
    pub(crate) plan: &'a Plan,
    /// What the plan makes of the names of the state before.
    pub(crate) names: &'a Renames,
}

/// Tries the plan. What could not be tried is said in the certificate.
///
/// # Errors
/// [`ProjectError`] if there is no throwaway server, or it is lost.
pub(crate) async fn prove(
    session: &mut Session<'_>,
    claim: &Claim<'_>,
) -> Result<Certificate, ProjectError> {
    let server = session.shadow().await?.server().clone();
    let mut certificate = Certificate::new(&server, claim.plan);
    let mut empty: BTreeSet<QualifiedName> = BTreeSet::new();
    loop {
        let tried = attempt(session, claim, &empty, &mut certificate).await?;
        let Some(refused) = tried else {
            return Ok(certificate);
        };
        // A statement that says it fails over rows is tried again without those of its tables, and then without any:
        // the rows of a materialized view are those of others.
        let all = claim.from.tables.iter().map(|it| it.name.clone());
        let Some(tables) = blamed(&refused, claim.plan) else {
            return Ok(certificate);
        };
        let before = empty.len();
        if before >= claim.from.tables.len() {
            return Ok(certificate);
        }
        let known = |it: &QualifiedName| claim.from.tables.contains(it);
        empty.extend(tables.into_iter().filter(known));
        if empty.len() == before {
            empty.extend(all);
        }
        certificate = Certificate::new(&server, claim.plan);
    }
}

/// The tables whose rows a statement may have been refused for, if it says that it may be: the hazard may be told with
/// another statement about the same object, or about the same tables.
fn blamed(refused: &PlannedStatement, plan: &Plan) -> Option<BTreeSet<QualifiedName>> {
    let own = relations(refused);
    let mut related = plan.statements.iter().filter(|it| {
        it.object == refused.object || relations(it).iter().any(|it| own.contains(it))
    });
    related.any(hangs_on_rows).then_some(own)
}

/// Whether a statement says that it hangs on the rows.
fn hangs_on_rows(statement: &PlannedStatement) -> bool {
    let codes = [HazardCode::MayFail, HazardCode::ChangesData];
    statement.hazards.iter().any(|it| codes.contains(&it.code))
}

/// The tables that have to be empty for a statement to be sure of its way.
fn tables_of(statement: &PlannedStatement) -> BTreeSet<QualifiedName> {
    match hangs_on_rows(statement) {
        true => relations(statement),
        false => BTreeSet::new(),
    }
}

/// The relations whose rows a statement goes over; of one that goes over none, those that it locks.
fn relations(statement: &PlannedStatement) -> BTreeSet<QualifiedName> {
    let work = statement.effects.work.iter();
    let work: BTreeSet<QualifiedName> = work.map(|it| it.relation.clone()).collect();
    if !work.is_empty() {
        return work;
    }
    let locks = statement.effects.locks.iter();
    locks.map(|it| it.relation.clone()).collect()
}

/// The tables of the state before, with what the state after asks of the columns that stay, so that rows that obey it
/// obey both.
fn asked_of_rows(from: &Catalog, to: &Catalog) -> Catalog {
    let mut asked = from.clone();
    for it in asked.enums.iter_mut() {
        if let Some(after) = to.enums.get(&it.name) {
            it.labels.retain(|label| after.labels.contains(label));
        }
    }
    for table in asked.tables.iter_mut() {
        let Some(after) = to.tables.get(&table.name) else {
            continue;
        };
        let mut kept = BTreeSet::new();
        for column in &mut table.columns {
            let same = after.column(&column.name);
            if let Some(after) = same.filter(|it| it.data_type == column.data_type) {
                column.not_null |= after.not_null;
                kept.insert(column.name.clone());
            }
        }
        for constraint in after.constraints.iter() {
            let ConstraintKind::ForeignKey(key) = &constraint.kind else {
                // Checks name values that are worth trying.
                if let ConstraintKind::Check { .. } = constraint.kind {
                    table
                        .constraints
                        .get_or_insert_with(&constraint.name, || constraint.clone());
                }
                continue;
            };
            let target = from.tables.get(&key.references);
            let mut referenced = key.referenced_columns.iter();
            let is_there =
                target.is_some_and(|it| referenced.all(|name| it.column(name).is_some()));
            if is_there && key.columns.iter().all(|it| kept.contains(it)) {
                table
                    .constraints
                    .get_or_insert_with(&constraint.name, || constraint.clone());
            }
        }
    }
    asked
}

/// One try. Returns the statement that was refused, if that may be for its rows.
async fn attempt(
    session: &mut Session<'_>,
    claim: &Claim<'_>,
    empty: &BTreeSet<QualifiedName>,
    certificate: &mut Certificate,
) -> Result<Option<PlannedStatement>, ProjectError> {
    let builder = Builder::new(claim);
    session
        .progress
        .step("making both states on a throwaway Postgres");
    let (mut before, mut target) = match builder.both(session).await? {
        Built::Both(before, target) => (*before, *target),
        Built::Not(why) => {
            certificate.undecided(Check::STATES, why);
            return Ok(None);
        }
    };
    certificate.passed(Check::STATES, "both made on the same server");
    let dumps = Dumps::find(session).await?;
    let was = state(session, &mut before).await?;
    let goal = state(session, &mut target).await?;
    let was_dumped = dumps.of(&before);
    let goal_dumped = dumps.of(&target);

    session.progress.step("filling tables with rows");
    let to = claim.to.renamed(&claim.names.inverse());
    let asked = asked_of_rows(claim.from, &to);
    let filled = filled(&mut before, &asked, empty).await?;
    certificate.rows(&filled, empty);
    let client = before.act_as(ActingRole::Administrator).await?;
    let survey = Survey::take(client, claim).await;

    session.progress.step("trying the script");
    builder.act(&mut before).await?;
    let applied = apply::run(
        before.client(),
        &claim.plan.settings,
        &claim.plan.statements,
    )
    .await;
    before.act_as(ActingRole::Administrator).await?;
    match applied {
        Applied::All { locks } => {
            certificate.passed(
                Check::RUNS,
                "every statement, in the transactions of the plan",
            );
            certificate.locks(locks);
        }
        Applied::Refused { at, why } => {
            let statement = claim.plan.statements.get(at);
            certificate.failed(Check::RUNS, why);
            before.close().await?;
            target.close().await?;
            return Ok(statement.cloned());
        }
    }
    let is = state(session, &mut before).await?;
    certificate.same(Check::TARGET, differences(&is, &goal, claim.options));
    certificate.dumped(Check::TARGET_DUMP, dumps.of(&before), goal_dumped);
    let client = before.act_as(ActingRole::Administrator).await?;
    survey.check(client, certificate).await;

    session.progress.step("trying the way back");
    let reverse = &claim.plan.reverse;
    let client = before.act_as(ActingRole::Administrator).await?;
    for table in reverse.iter().flat_map(tables_of) {
        rows::remove(client, &table).await;
    }
    builder.act(&mut before).await?;
    let applied = apply::run(before.client(), &claim.plan.settings, reverse).await;
    before.act_as(ActingRole::Administrator).await?;
    match applied {
        Applied::All { .. } => {
            let is = state(session, &mut before).await?;
            certificate.same(Check::REVERSE, differences(&is, &was, claim.options));
            certificate.dumped(Check::REVERSE_DUMP, dumps.of(&before), was_dumped);
        }
        Applied::Refused { why, .. } => certificate.failed(Check::REVERSE, why),
    }
    before.close().await?;
    target.close().await?;
    Ok(None)
}

async fn filled(
    database: &mut ShadowDatabase,
    catalog: &Catalog,
    empty: &BTreeSet<QualifiedName>,
) -> Result<Filled, ProjectError> {
    let options = FillOptions {
        empty: empty.iter().cloned().collect(),
        ..FillOptions::default()
    };
    let client = database.act_as(ActingRole::Administrator).await?;
    fill(client, catalog, &options)
        .await
        .map_err(|source| ProjectError::Proof { source })
}

/// What is in a database.
async fn state(
    session: &mut Session<'_>,
    database: &mut ShadowDatabase,
) -> Result<Catalog, ProjectError> {
    Ok(session.read_shadow(database).await?.catalog)
}

/// In what two states of databases that were made alike differ, in words.
fn differences(is: &Catalog, should: &Catalog, options: &DiffOptions) -> Vec<String> {
    let options = DiffOptions {
        role: None,
        server_major: options.server_major,
        ..DiffOptions::default()
    };
    let changes = diff(is, should, &options);
    changes.iter().map(|it| it.object().to_string()).collect()
}
