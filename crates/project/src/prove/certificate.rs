use std::collections::BTreeSet;

use driftless_catalog::QualifiedName;
use driftless_lint::Plan;
use driftless_rows::Filled;
use driftless_shadow::ServerInfo;

/// What was tried of a plan, on which server, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The server: `PostgreSQL 15.4 (local, /usr/lib/postgresql/15/bin)`.
    pub server: String,
    /// How many statements there are, and how many of them run outside a transaction.
    pub statements: (usize, usize),
    /// In the order in which they were made.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What: one of the constants of this type.
    pub name: &'static str,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// In words.
    pub detail: String,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// It is as it should be.
    Passed,
    /// It is not.
    Failed,
    /// It could not be looked at.
    Undecided,
}

impl Check {
    /// Both states can be made on the server.
    pub const STATES: &str = "states";
    /// Tables have rows.
    pub const ROWS: &str = "rows";
    /// The script runs.
    pub const RUNS: &str = "runs";
    /// Each statement takes the locks that the plan says, and no stronger ones.
    pub const LOCKS: &str = "locks";
    /// The result equals the state after.
    pub const TARGET: &str = "target";
    /// The same, to the eyes of `pg_dump`.
    pub const TARGET_DUMP: &str = "target, by pg_dump";
    /// Rows and values are there that should be.
    pub const SURVIVAL: &str = "data";
    /// The way back leads to the state before.
    pub const REVERSE: &str = "way back";
    /// The same, to the eyes of `pg_dump`.
    pub const REVERSE_DUMP: &str = "way back, by pg_dump";
}

/// How many of many are named.
const SHOWN: usize = 5;

impl Certificate {
    pub(super) fn new(server: &ServerInfo, plan: &Plan) -> Self {
        let outside = plan.statements.iter();
        let outside = outside.filter(|it| it.transaction.is_none()).count();
        Self {
            server: server.to_string(),
            statements: (plan.statements.len(), outside),
            checks: Vec::new(),
        }
    }

    /// Whether nothing that was looked at is wrong, and all that has to be was looked at.
    pub fn holds(&self) -> bool {
        let passed = |name: &str| {
            let mut checks = self.checks.iter();
            checks.any(|it| it.name == name && it.outcome == CheckOutcome::Passed)
        };
        self.failures().next().is_none() && passed(Check::TARGET)
    }

    /// What is wrong.
    pub fn failures(&self) -> impl Iterator<Item = &Check> {
        let failed = |it: &&Check| it.outcome == CheckOutcome::Failed;
        self.checks.iter().filter(failed)
    }

    fn push(&mut self, name: &'static str, outcome: CheckOutcome, detail: impl Into<String>) {
        self.checks.push(Check {
            name,
            outcome,
            detail: detail.into(),
        });
    }

    pub(super) fn passed(&mut self, name: &'static str, detail: impl Into<String>) {
        self.push(name, CheckOutcome::Passed, detail);
    }

    pub(super) fn failed(&mut self, name: &'static str, detail: impl Into<String>) {
        self.push(name, CheckOutcome::Failed, detail);
    }

    pub(super) fn undecided(&mut self, name: &'static str, detail: impl Into<String>) {
        self.push(name, CheckOutcome::Undecided, detail);
    }

    /// `differing` are the objects that are not as they should be.
    pub(super) fn same(&mut self, name: &'static str, differing: Vec<String>) {
        match &differing[..] {
            [] => self.passed(name, "no difference"),
            some => self.failed(name, format!("differs in {}", listed(some))),
        }
    }

    pub(super) fn dumped(
        &mut self,
        name: &'static str,
        is: Result<Vec<String>, String>,
        should: Result<Vec<String>, String>,
    ) {
        match (is, should) {
            (Ok(is), Ok(should)) => {
                let only = |a: &[String], b: &[String]| -> Vec<String> {
                    let only = a.iter().filter(|it| !b.contains(it));
                    only.map(|it| it.lines().next().unwrap_or_default().to_owned())
                        .collect()
                };
                let mut differing = only(&is, &should);
                differing.extend(only(&should, &is));
                differing.sort_unstable();
                differing.dedup();
                self.same(name, differing);
            }
            (Err(why), _) | (_, Err(why)) => self.undecided(name, why),
        }
    }

    pub(super) fn locks(&mut self, wrong: Vec<String>) {
        match &wrong[..] {
            [] => self.passed(Check::LOCKS, "as the plan says"),
            some => self.failed(Check::LOCKS, listed(some)),
        }
    }

    pub(super) fn rows(&mut self, filled: &Filled, empty: &BTreeSet<QualifiedName>) {
        let with = filled.tables.iter().filter(|it| it.rows > 0).count();
        let mut detail = format!("{} rows in {with} tables", filled.rows());
        let refused = filled.tables.iter().filter(|it| it.rows == 0);
        let none: Vec<String> = refused
            .map(|it| match (&it.refused, empty.contains(&it.name)) {
                (_, true) => format!("{} (rows would stop the script)", it.name),
                (Some(why), _) => format!("{} ({why})", it.name),
                (None, _) => it.name.to_string(),
            })
            .collect();
        if none.is_empty() {
            return self.passed(Check::ROWS, detail);
        }
        detail.push_str(&format!("; none in {}", listed(&none)));
        match with {
            0 => self.undecided(Check::ROWS, detail),
            _ => self.passed(Check::ROWS, detail),
        }
    }
}

/// The first few, and how many more there are.
fn listed(items: &[String]) -> String {
    let shown: Vec<&str> = items.iter().take(SHOWN).map(String::as_str).collect();
    let more = items.len().saturating_sub(SHOWN);
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
