//! A file to its statements, and how they belong together.

use std::ops::Range;

use driftless_finding::{SourceId, Sources, Span};
use driftless_sql_text::{Statement, StatementKind, statements};

use super::treatment::{self, Plan, Sql};
use crate::database::Ground;

/// The statements of a file in order, and the parts that they form. The parts cover all statements.
pub(super) struct Script {
    pub(super) steps: Vec<Step>,
    pub(super) parts: Vec<Part>,
}

/// A statement with its place.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) span: Span,
    pub(super) kind: StatementKind,
    /// How it has to be run here.
    pub(super) plan: Plan,
    /// Its first word.
    verb: String,
}

/// Statements that succeed or fail together, or do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// They run in one transaction, which the replay opens and closes.
    Together(Range<usize>),
    /// They open and close their transaction themselves.
    Block(Range<usize>),
    /// Each runs in a transaction of its own.
    Apart(Range<usize>),
    /// It runs outside of any transaction.
    Outside(usize),
    /// No server understands it.
    Psql(usize),
}

impl Script {
    pub(super) fn read(sources: &Sources, source: SourceId, ground: &Ground) -> Self {
        let text = sources.file(source).text();
        // A byte order mark is no part of the first statement.
        let start = text.len() - text.trim_start_matches('\u{feff}').len();
        let steps: Vec<Step> = statements(&text[start..])
            .into_iter()
            .map(|it| moved(it, start))
            .map(|Statement { range, kind, words }| Step {
                plan: treatment::plan(&text[range.clone()], &words, ground),
                span: sources.span(source, range),
                kind,
                verb: words.into_iter().next().unwrap_or_default(),
            })
            .collect();
        let parts = parts(steps.iter().map(|it| &it.kind));
        Self { steps, parts }
    }

    /// The statement that begins a transaction which nothing ends.
    pub(super) fn left_open(&self) -> Option<Span> {
        let Some(Part::Block(range)) = self.parts.last() else {
            return None;
        };
        let ended = match self.steps[range.end - 1].kind {
            StatementKind::Commit | StatementKind::Rollback => true,
            StatementKind::Plain
            | StatementKind::Begin
            | StatementKind::OutsideTransaction
            | StatementKind::CopyFromStdin { .. }
            | StatementKind::PsqlCommand => false,
        };
        (!ended).then(|| self.steps[range.start].span)
    }
}

/// A statement whose script begins `by` bytes into the text.
fn moved(mut statement: Statement, by: usize) -> Statement {
    let shift = |range: Range<usize>| range.start + by..range.end + by;
    statement.range = shift(statement.range);
    if let StatementKind::CopyFromStdin { rows } = &mut statement.kind {
        *rows = shift(rows.clone());
    }
    statement
}

impl Step {
    /// Whether the statement may write to a catalog. Settings and transaction control do not, and some of
    /// them have to be the first statement of their transaction.
    pub(super) fn may_write(&self) -> bool {
        !matches!(
            self.verb.as_str(),
            "set"
                | "reset"
                | "show"
                | "begin"
                | "start"
                | "commit"
                | "end"
                | "rollback"
                | "abort"
                | "savepoint"
                | "release"
                | "lock"
                | "discard"
        )
    }

    /// What to send, unless it is passed over.
    pub(super) fn sql<'a>(&'a self, sources: &'a Sources) -> Option<&'a str> {
        match &self.plan.sql {
            Sql::Original => Some(sources.text(self.span)),
            Sql::Rewritten(new) => Some(&new.text),
            Sql::Instead(sql) => Some(sql),
            Sql::PassOver(_) => None,
        }
    }
}

/// A file that leaves transactions alone runs in one. Any other file runs as psql would run it.
fn parts<'a>(kinds: impl Iterator<Item = &'a StatementKind> + Clone) -> Vec<Part> {
    let own = kinds.clone().any(|it| match it {
        StatementKind::Begin
        | StatementKind::Commit
        | StatementKind::Rollback
        | StatementKind::OutsideTransaction => true,
        StatementKind::Plain | StatementKind::CopyFromStdin { .. } | StatementKind::PsqlCommand => {
            false
        }
    });
    let mut parts: Vec<Part> = Vec::new();
    let mut open = false;
    for (index, kind) in kinds.enumerate() {
        let single = index..index + 1;
        let part = match kind {
            StatementKind::PsqlCommand => Part::Psql(index),
            StatementKind::OutsideTransaction if !open => Part::Outside(index),
            StatementKind::Begin => Part::Block(single),
            StatementKind::Plain
            | StatementKind::Commit
            | StatementKind::Rollback
            | StatementKind::OutsideTransaction
            | StatementKind::CopyFromStdin { .. } => match (open, own) {
                (true, _) => Part::Block(single),
                (false, true) => Part::Apart(single),
                (false, false) => Part::Together(single),
            },
        };
        let begins = *kind == StatementKind::Begin && !open;
        match (parts.last_mut(), &part) {
            (Some(Part::Together(last)), Part::Together(_))
            | (Some(Part::Apart(last)), Part::Apart(_)) => {
                last.end = index + 1;
            }
            (Some(Part::Block(last)), Part::Block(_)) if !begins => last.end = index + 1,
            _ => parts.push(part),
        }
        open = match kind {
            StatementKind::Begin => true,
            StatementKind::Commit | StatementKind::Rollback => false,
            StatementKind::Plain
            | StatementKind::OutsideTransaction
            | StatementKind::CopyFromStdin { .. }
            | StatementKind::PsqlCommand => open,
        };
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts_of(sql: &str) -> Vec<Part> {
        let found = statements(sql);
        parts(found.iter().map(|it| &it.kind))
    }

    #[test]
    fn a_file_without_transactions_runs_in_one() {
        assert_eq!(parts_of("select 1; select 2"), [Part::Together(0..2)]);
        assert_eq!(parts_of(""), []);
    }

    #[test]
    fn a_file_with_its_own_transactions_runs_as_they_say() {
        assert_eq!(
            parts_of("select 1; select 2; begin; select 3; commit; begin; rollback; select 4"),
            [
                Part::Apart(0..2),
                Part::Block(2..5),
                Part::Block(5..7),
                Part::Apart(7..8)
            ]
        );
    }

    #[test]
    fn what_cannot_run_in_a_transaction_parts_its_neighbours() {
        assert_eq!(
            parts_of("create table t (a int); create index concurrently i on t (a); select 1"),
            [Part::Apart(0..1), Part::Outside(1), Part::Apart(2..3)]
        );
    }

    #[test]
    fn a_line_for_psql_parts_nothing_from_its_transaction() {
        assert_eq!(
            parts_of("\\restrict x\nselect 1;\n\\unrestrict x\nselect 2;"),
            [
                Part::Psql(0),
                Part::Together(1..2),
                Part::Psql(2),
                Part::Together(3..4)
            ]
        );
    }
}
