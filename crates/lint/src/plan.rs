use std::collections::BTreeMap;

use driftless_catalog::{Catalog, Ident, ObjectId};
use driftless_diff::Change;
use driftless_sql::{Effect, Label, Step, settings};
use driftless_sql_text::{TokenKind, string_value, tokens};

use crate::access::widened;
use crate::clients::{broken, parent};
use crate::effects::{Effects, Timeouts, WorkKind};
use crate::hazard::{HazardCode, PlanHazard, StateHazard};
use crate::{Judge, LockMode};

/// A script as data: what each statement does to a database in use, and what undoes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What has to be set in the session before the first statement, each as a statement.
    pub settings: Vec<&'static str>,
    /// In the order in which they are to be run.
    pub statements: Vec<PlannedStatement>,
    /// The way back, in its order.
    pub reverse: Vec<PlannedStatement>,
}

/// A statement of a [`Plan`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStatement {
    /// The text without the closing semicolon; a comment where a person has to write the statement.
    pub sql: String,
    /// What it does.
    pub label: Label,
    /// The object it is about.
    pub object: ObjectId,
    /// The transaction that it shares with its neighbours, counted from 0; `None` if it has to run outside one.
    pub transaction: Option<usize>,
    /// Its locks, and what it does with every row.
    pub effects: Effects,
    /// What can go wrong, by code.
    pub hazards: Vec<PlanHazard>,
    /// How long it should be let wait and run.
    pub timeouts: Timeouts,
    /// Which statements of the way back are about the same object.
    pub reverse: Vec<usize>,
}

impl PlannedStatement {
    /// Whether what it changes can be had back by the way back, rows included.
    pub fn loses_data(&self) -> bool {
        let lost = [HazardCode::DeletesData, HazardCode::ChangesData];
        self.hazards.iter().any(|it| lost.contains(&it.code))
    }
}

/// Two states, and the steps between them.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// The state before, under the names that it was found with.
    pub before: &'a Catalog,
    /// The state before, under the names that the steps give it first.
    pub from: &'a Catalog,
    /// The state after.
    pub to: &'a Catalog,
    /// All differences between them.
    pub changes: &'a [Change<'a>],
    /// The steps that lead there.
    pub steps: &'a [Step],
    /// The steps that lead back.
    pub reverse: &'a [Step],
    /// The schema that names without one are of.
    pub default_schema: &'a Ident,
    /// The schemas that the platform's API exposes.
    pub exposed: &'a [Ident],
    /// The major version of the server, 0 if not known.
    pub server_major: u16,
}

impl Plan {
    /// Judges the steps.
    pub fn new(input: &PlanInput<'_>) -> Self {
        let judge = Judge::new(input.before, input.to, input.default_schema.clone());
        let judge = judge.on_server(input.server_major);
        let mut statements = judged(input.steps, judge);
        let mut hazards = widened(input.changes, input.from, input.to, input.server_major);
        hazards.extend(broken(input.changes, input.from, input.exposed));
        tell(&mut statements, hazards);
        let judge = Judge::new(input.to, input.before, input.default_schema.clone());
        let judge = judge.on_server(input.server_major);
        let reverse = judged(input.reverse, judge);
        link(&mut statements, &reverse);
        Self {
            settings: settings(input.steps),
            statements,
            reverse,
        }
    }

    /// The statements by the transaction that they share; those that run outside one stand alone.
    pub fn transactions(&self) -> impl Iterator<Item = &[PlannedStatement]> {
        self.statements
            .chunk_by(|a, b| a.transaction.is_some() && a.transaction == b.transaction)
    }
}

fn judged(steps: &[Step], mut judge: Judge<'_>) -> Vec<PlannedStatement> {
    let mut found = Vec::new();
    let mut alone = Vec::new();
    for step in steps {
        for statement in &step.statements {
            let mut effects = judge.judge(&statement.sql);
            effects.outside_transaction |= !statement.transactional;
            let mut hazards = hazards_of(&effects, step.label);
            hazards.extend(statement.hazards.iter().map(of_data));
            if attaches(&statement.sql) {
                let message = "fails if a row is outside the bounds of the partition";
                hazards.push(PlanHazard::possible(HazardCode::MayFail, message));
            }
            hazards.sort_by_key(|it| it.code);
            hazards.dedup();
            alone.push(statement.alone);
            found.push(PlannedStatement {
                sql: statement.sql.clone(),
                label: step.label,
                object: step.object.clone(),
                transaction: None,
                timeouts: effects.timeouts(),
                effects,
                hazards,
                reverse: Vec::new(),
            });
        }
    }
    share_transactions(&mut found, &alone);
    found
}

/// Numbers the transactions: a new one begins behind a statement that has to run outside or wants one of its own, and
/// where a label of an enum is used that was added before.
fn share_transactions(statements: &mut [PlannedStatement], alone: &[bool]) {
    let mut current = 0;
    let mut is_open = false;
    let mut added: Vec<String> = Vec::new();
    for (it, &alone) in statements.iter_mut().zip(alone) {
        let outside = it.effects.outside_transaction;
        if outside || alone {
            current += usize::from(is_open);
            is_open = false;
            added.clear();
        }
        if outside {
            continue;
        }
        if alone {
            it.transaction = Some(current);
            current += 1;
            continue;
        }
        if is_open && uses(&it.sql, &added) {
            current += 1;
            added.clear();
        }
        added.extend(added_label(&it.sql));
        it.transaction = Some(current);
        is_open = true;
    }
}

/// Whether a table becomes a partition, with the rows that it has.
fn attaches(sql: &str) -> bool {
    let words: Vec<_> = tokens(sql)
        .filter(|it| it.kind == TokenKind::Word)
        .collect();
    words.windows(2).any(|pair| match pair {
        [verb, what] => verb.is_word(sql, "ATTACH") && what.is_word(sql, "PARTITION"),
        _ => false,
    })
}

/// The label that `ALTER TYPE … ADD VALUE` adds.
fn added_label(sql: &str) -> Option<String> {
    let mut words = tokens(sql).filter(|it| it.kind != TokenKind::Comment);
    let starts = ["ALTER", "TYPE"];
    if !starts
        .iter()
        .all(|it| words.next().is_some_and(|word| word.is_word(sql, it)))
    {
        return None;
    }
    let mut behind = words.skip_while(|it| !it.is_word(sql, "VALUE"));
    let label = behind.find(|it| is_string(it.kind))?;
    string_value(label.text(sql)).map(|it| it.into_owned())
}

fn is_string(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::String | TokenKind::EscapeString)
}

fn uses(sql: &str, labels: &[String]) -> bool {
    if labels.is_empty() || added_label(sql).is_some() {
        return false;
    }
    let strings = tokens(sql).filter(|it| is_string(it.kind));
    let mut values = strings.filter_map(|it| string_value(it.text(sql)));
    values.any(|it| labels.iter().any(|label| it.contains(label.as_str())))
}

fn hazards_of(effects: &Effects, label: Label) -> Vec<PlanHazard> {
    let mut found = Vec::new();
    for lock in &effects.locks {
        let code = match lock.mode {
            LockMode::AccessExclusive => HazardCode::AccessExclusiveLock,
            LockMode::Exclusive => HazardCode::ExclusiveLock,
            LockMode::ShareRowExclusive => HazardCode::ShareRowExclusiveLock,
            LockMode::Share => HazardCode::ShareLock,
            LockMode::ShareUpdateExclusive
            | LockMode::RowExclusive
            | LockMode::RowShare
            | LockMode::AccessShare => continue,
        };
        found.push(PlanHazard::certain(code, lock.to_string()));
    }
    for work in &effects.work {
        let (code, verb) = match work.kind {
            WorkKind::Rewrite => (HazardCode::RewritesTable, "writes all rows of"),
            WorkKind::Scan => (HazardCode::ScansTable, "reads all rows of"),
            WorkKind::BuildIndex => (HazardCode::IndexBuild, "builds an index of"),
        };
        let hazard = PlanHazard::certain(code, format!("{verb} {}", work.relation));
        found.push(PlanHazard {
            certain: work.certain,
            ..hazard
        });
    }
    if effects.outside_transaction {
        let message = "cannot be undone together with its neighbours";
        found.push(PlanHazard::certain(HazardCode::NonTransactional, message));
    }
    if !effects.complete && label != Label::Unmodelled {
        let message = "may do more than can be told from its text";
        found.push(PlanHazard::possible(HazardCode::UnknownEffects, message));
    }
    found.extend(of_label(label));
    found
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most of the hundred labels bring nothing of their own"
)]
fn of_label(label: Label) -> Option<PlanHazard> {
    use HazardCode as Code;
    let (code, message) = match label {
        Label::DropIndex => (Code::IndexDropped, "queries that use it become slower"),
        Label::AlterExtension => (Code::UpgradingExtension, "runs the extension's script"),
        Label::Grant
        | Label::AlterDefaultPrivileges
        | Label::AlterOwner
        | Label::CreatePolicy
        | Label::DropPolicy
        | Label::AlterPolicy
        | Label::EnableRowLevelSecurity
        | Label::DisableRowLevelSecurity
        | Label::ForceRowLevelSecurity => (Code::AuthzUpdate, "changes who may do what"),
        Label::DropFunction | Label::AlterFunction => (
            Code::UntrackableDependencies,
            "bodies of functions may call it, which nobody keeps a record of",
        ),
        _ => return None,
    };
    Some(PlanHazard::certain(code, message))
}

fn of_data(hazard: &driftless_sql::Hazard) -> PlanHazard {
    let what = hazard.what();
    match hazard.effect() {
        Effect::DeletesData => PlanHazard::possible(HazardCode::DeletesData, what),
        Effect::ChangesData => PlanHazard::possible(
            HazardCode::ChangesData,
            format!("fails or changes values if {what}"),
        ),
        Effect::Fails => PlanHazard::possible(HazardCode::MayFail, format!("fails if {what}")),
        Effect::Refused => PlanHazard::certain(HazardCode::Refused, what),
        Effect::LosesKey => PlanHazard::certain(HazardCode::Correctness, what),
        Effect::ByHand => PlanHazard::certain(HazardCode::UnmodeledKind, what),
        Effect::BreaksClients => PlanHazard::certain(HazardCode::RenamesObject, what),
    }
}

/// Has each hazard told by the last statement about its object: from there on it holds. One that no statement is
/// about is told by a statement about its table.
fn tell(statements: &mut [PlannedStatement], hazards: Vec<StateHazard>) {
    for StateHazard { object, hazard } in hazards {
        let about = |wanted: &ObjectId| {
            let fits =
                |it: &PlannedStatement| it.object == *wanted && brings(it.label, hazard.code);
            statements.iter().rposition(fits)
        };
        let own = about(&object);
        let place = own.or_else(|| parent(&object).as_ref().and_then(about));
        if let Some(it) = place.and_then(|it| statements.get_mut(it)) {
            it.hazards.push(hazard);
            it.hazards.sort_by_key(|it| it.code);
        }
    }
}

/// Whether a statement gives another name and leaves all else as it is.
fn is_rename(label: Label) -> bool {
    let renames = [
        Label::RenameSchema,
        Label::RenameTable,
        Label::RenameColumn,
        Label::RenameView,
        Label::RenameFunction,
    ];
    renames.contains(&label)
}

/// Whether a statement of that label can be what brings a hazard: privileges come by grants, and nothing else does.
fn brings(label: Label, code: HazardCode) -> bool {
    let about_access = matches!(
        label,
        Label::Comment | Label::AlterOwner | Label::Grant | Label::AlterDefaultPrivileges
    );
    if code == HazardCode::GrantWidened {
        return matches!(label, Label::Grant | Label::AlterDefaultPrivileges);
    }
    if code == HazardCode::RlsDisabled {
        return label == Label::DisableRowLevelSecurity;
    }
    !about_access && !is_rename(label)
}

/// Links each statement with those of the way back that are about the same object.
fn link(statements: &mut [PlannedStatement], reverse: &[PlannedStatement]) {
    let mut by_object: BTreeMap<ObjectId, Vec<usize>> = BTreeMap::new();
    for (at, it) in reverse.iter().enumerate() {
        by_object.entry(root(it)).or_default().push(at);
    }
    for it in statements {
        it.reverse = by_object.get(&root(it)).cloned().unwrap_or_default();
    }
}

/// The object that statements are about together: several columns and keys of a table change in one.
fn root(it: &PlannedStatement) -> ObjectId {
    match (&it.object, it.label) {
        (object @ (ObjectId::Column(..) | ObjectId::Constraint(..)), _) => {
            parent(object).unwrap_or_else(|| object.clone())
        }
        (object, _) => object.clone(),
    }
}
