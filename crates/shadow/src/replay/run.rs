//! Statements to the server: many at a time as long as all is well, one by one where something fails.

use std::io::Cursor;
use std::ops::Range;

use driftless_finding::{Finding, SourceId, Sources};
use driftless_sql_text::StatementKind;
use futures_util::SinkExt;
use tokio_postgres::Error;

use super::cause::{self, Around};
use super::creation::{self, Creation};
use super::place;
use super::script::{Part, Script, Step};
use super::treatment::Sql;
use super::{FileOutcome, ReplayFile, ReplayMode, StubUsed};
use crate::codes::{
    EXTENSION_STOOD_IN, FILE_SKIPPED, PSQL_COMMAND, STATEMENT_PASSED_OVER, SYNTAX,
    TRANSACTION_LEFT_OPEN,
};
use crate::extension::mentions;
use crate::prelude::HIDDEN_SCHEMA;
use crate::{ShadowDatabase, ShadowError};

/// A replay under way.
pub(super) struct Run<'a> {
    database: &'a mut ShadowDatabase,
    sources: &'a Sources,
    files: Vec<SourceId>,
    mode: ReplayMode,
    /// What the history makes, once a failure has asked for it.
    creations: Option<Vec<Creation>>,
    pub(super) findings: Vec<Finding>,
    pub(super) stubs: Vec<StubUsed>,
}

/// How much SQL goes in one message. Larger messages save nothing; the server keeps all of one in memory.
const MESSAGE_BYTES: usize = 256 * 1024;

/// What became of a part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Everything succeeded.
    Whole,
    /// Some statements failed and were left out.
    WithGaps,
    /// A statement failed, what it belongs to was undone, and the file is over.
    Over,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        database: &'a mut ShadowDatabase,
        sources: &'a Sources,
        files: &[ReplayFile],
        mode: ReplayMode,
    ) -> Self {
        Self {
            database,
            sources,
            files: files.iter().map(|it| it.source).collect(),
            mode,
            creations: None,
            findings: Vec::new(),
            stubs: Vec::new(),
        }
    }

    /// Runs one file.
    pub(super) async fn file(&mut self, source: SourceId) -> Result<FileOutcome, ShadowError> {
        let script = Script::read(self.sources, source, &self.database.ground);
        let start = self.database.become_migrator();
        self.own(&start).await?;
        let first = self.database.statements.len();
        self.database
            .statements
            .extend(script.steps.iter().map(|it| it.span));
        let (mut kept, mut gaps) = (false, false);
        for part in &script.parts {
            match self.part(&script.steps, part, first).await? {
                Progress::Whole => kept = true,
                Progress::WithGaps => (kept, gaps) = (true, true),
                Progress::Over => {
                    if self.mode == ReplayMode::File {
                        let message = match kept {
                            true => "the rest of this file was left out of the replay",
                            false => "this file was left out of the replay",
                        };
                        let span = self.findings.last().and_then(|it| it.span);
                        self.findings
                            .push(Finding::new(&FILE_SKIPPED, message).at_maybe(span));
                    }
                    return Ok(if kept {
                        FileOutcome::Partly
                    } else {
                        FileOutcome::Undone
                    });
                }
            }
        }
        if let Some(span) = script.left_open() {
            let message = "this transaction is not ended, and comes to nothing";
            self.findings
                .push(Finding::new(&TRANSACTION_LEFT_OPEN, message).at(span));
            self.own("ROLLBACK").await?;
        }
        Ok(if gaps {
            FileOutcome::Partly
        } else {
            FileOutcome::Applied
        })
    }

    async fn part(
        &mut self,
        steps: &[Step],
        part: &Part,
        first: usize,
    ) -> Result<Progress, ShadowError> {
        match part {
            Part::Psql(index) => {
                let message = "a line for psql was passed over";
                self.findings
                    .push(Finding::new(&PSQL_COMMAND, message).at(steps[*index].span));
                Ok(Progress::Whole)
            }
            Part::Outside(index) => {
                self.one_by_one(steps, *index..index + 1, first, Frame::None)
                    .await
            }
            Part::Together(range) => self.quickly(steps, range, first, Frame::Ours).await,
            Part::Block(range) => self.quickly(steps, range, first, Frame::Theirs).await,
            Part::Apart(range) => self.quickly(steps, range, first, Frame::None).await,
        }
    }

    /// Tries everything at once, and where that fails, once more to see what fails.
    async fn quickly(
        &mut self,
        steps: &[Step],
        range: &Range<usize>,
        first: usize,
        frame: Frame,
    ) -> Result<Progress, ShadowError> {
        if self
            .at_once(&steps[range.clone()], first + range.start, frame)
            .await?
        {
            return Ok(Progress::Whole);
        }
        self.own("ROLLBACK").await?;
        self.one_by_one(steps, range.clone(), first, frame).await
    }

    /// Whether all of `steps` succeed in as few messages as possible.
    ///
    /// Statements that stand apart run in one transaction here as well. Where that makes a difference it
    /// makes them fail, and they get a second chance.
    async fn at_once(
        &mut self,
        steps: &[Step],
        first: usize,
        frame: Frame,
    ) -> Result<bool, ShadowError> {
        if steps
            .iter()
            .any(|it| it.sql(self.sources).is_some_and(|sql| sql.contains('\0')))
        {
            return Ok(false);
        }
        let (open, close) = match frame {
            Frame::Ours | Frame::None => ("BEGIN;\n", "COMMIT"),
            Frame::Theirs => ("", ""),
        };
        let guard = self.guard(steps, true);
        let mut message = String::from(open);
        for (index, step) in steps.iter().enumerate() {
            let Some(sql) = step.sql(self.sources) else {
                continue;
            };
            if step.kind == StatementKind::Commit {
                message.push_str(&guard);
            }
            if step.may_write() {
                message.push_str(&mark(first + index));
            }
            if let StatementKind::CopyFromStdin { rows } = &step.kind {
                if !self.send(&message).await? || self.copy(step, rows).await.is_err() {
                    return Ok(false);
                }
                message.clear();
                continue;
            }
            let (before, after) = lending(step);
            message.push_str(before);
            message.push_str(sql);
            message.push_str(";\n");
            message.push_str(after);
            if let Some(after) = &step.plan.after {
                message.push_str(after);
                message.push_str(";\n");
            }
            if message.len() > MESSAGE_BYTES {
                if !self.send(&message).await? {
                    return Ok(false);
                }
                message.clear();
            }
        }
        if !close.is_empty() {
            message.push_str(&guard);
        }
        message.push_str(close);
        let sent = self.send(&message).await?;
        if sent {
            steps.iter().for_each(|it| self.report(it));
        }
        Ok(sent)
    }

    /// Tells what became of a statement that did not fail.
    fn report(&mut self, step: &Step) {
        if let Sql::PassOver(reason) = step.plan.sql {
            let message = format!("this statement was passed over: {reason}");
            self.findings
                .push(Finding::new(&STATEMENT_PASSED_OVER, message).at(step.span));
        }
        for stub in &step.plan.stubs {
            if self.stubs.iter().any(|it| it.extension == stub.extension) {
                continue;
            }
            let message = format!(
                "extension `{}` is stood in for on this server",
                stub.extension
            );
            self.findings
                .push(Finding::new(&EXTENSION_STOOD_IN, message).at(step.span));
            self.stubs.push(StubUsed {
                extension: stub.extension.to_owned(),
                span: step.span,
            });
        }
    }

    /// Runs statement after statement and tells of each that fails.
    async fn one_by_one(
        &mut self,
        steps: &[Step],
        range: Range<usize>,
        first: usize,
        frame: Frame,
    ) -> Result<Progress, ShadowError> {
        let mut progress = Progress::Whole;
        let mut in_transaction = frame == Frame::Ours;
        if in_transaction {
            self.own("BEGIN").await?;
        }
        let mut begun = range.start;
        for index in range.clone() {
            let step = &steps[index];
            let guarded = in_transaction
                && self.mode == ReplayMode::Statement
                && !step.controls_transaction();
            if guarded {
                self.own("SAVEPOINT driftless").await?;
            }
            if step.may_write() {
                // Where even this is refused, the statement itself will say why.
                let _ = self.send(&mark(first + index)).await?;
            }
            let (before, after) = lending(step);
            if step.plan.lend {
                self.own(before).await?;
            }
            if step.kind == StatementKind::Begin {
                begun = index;
            }
            let since = if in_transaction { begun } else { index };
            let guard = match step.may_write() {
                true => self.guard(&steps[since..=index], !in_transaction),
                false => String::new(),
            };
            let outcome = self.step(step, &guard, in_transaction).await;
            if step.plan.lend && outcome.is_ok() {
                self.own(after).await?;
            }
            match outcome {
                Ok(()) => {
                    self.report(step);
                    if guarded {
                        self.own("RELEASE SAVEPOINT driftless").await?;
                    }
                }
                Err(error) => {
                    self.tell(error, step)?;
                    match (self.mode, guarded) {
                        (ReplayMode::Statement, true) => {
                            self.own(
                                "ROLLBACK TO SAVEPOINT driftless; RELEASE SAVEPOINT driftless",
                            )
                            .await?;
                        }
                        (ReplayMode::Statement, false) => self.own(after).await?,
                        (ReplayMode::Strict | ReplayMode::File, _) => {
                            self.own("ROLLBACK").await?;
                            return Ok(Progress::Over);
                        }
                    }
                    progress = Progress::WithGaps;
                }
            }
            in_transaction = step.leaves_transaction_open(in_transaction);
        }
        if frame == Frame::Ours {
            // Constraints that were put off are checked here.
            let end = self.guard(&steps[range.clone()], true) + "COMMIT";
            if let Err(error) = self.database.client().batch_execute(&end).await {
                if let Some(step) = steps[range].last() {
                    self.tell(Failure::Server(error), step)?;
                }
                self.own("ROLLBACK").await?;
                return Ok(Progress::Over);
            }
        }
        Ok(progress)
    }

    /// Runs a statement, and `guard` in the same transaction.
    async fn step(&self, step: &Step, guard: &str, in_transaction: bool) -> Result<(), Failure> {
        let Some(sql) = step.sql(self.sources) else {
            return Ok(());
        };
        if let Some(at) = sql.find('\0') {
            return Err(Failure::ZeroByte(at));
        }
        let client = self.database.client();
        match &step.kind {
            StatementKind::CopyFromStdin { rows } => {
                self.copy(step, rows).await?;
                client.batch_execute(guard).await?;
            }
            StatementKind::Plain if !guard.is_empty() && !in_transaction => {
                let guarded = client.batch_execute(&format!("{sql};\n{guard}")).await;
                match guarded {
                    // A procedure ends transactions itself, which it may do only alone in its message.
                    Err(error) if self.is_about_ends(&error) => client.batch_execute(sql).await?,
                    other => other?,
                }
            }
            StatementKind::Plain => {
                client.batch_execute(sql).await?;
                client.batch_execute(guard).await?;
            }
            StatementKind::Begin
            | StatementKind::Commit
            | StatementKind::Rollback
            | StatementKind::OutsideTransaction
            | StatementKind::PsqlCommand => client.batch_execute(sql).await?,
        }
        match &step.plan.after {
            Some(after) => Ok(client.batch_execute(after).await?),
            None => Ok(()),
        }
    }

    /// Whether a statement failed because it ends transactions, and may do so unguarded: what the role of
    /// migrations can reach is its own then, as long as nothing makes the session someone else's.
    fn is_about_ends(&self, error: &Error) -> bool {
        let turns = |it: &SourceId| {
            let text = self.sources.file(*it).text();
            mentions(text, "authorization") || mentions(text, HIDDEN_SCHEMA)
        };
        error.code().map(|it| it.code()) == Some("2D000")
            && self.database.ground.superuser
            && !self.files.iter().any(turns)
    }

    /// SQL that fails if one of `steps`, all of one transaction, has changed what is not ours. With `last` it
    /// stands at the end of the transaction, behind all that was put off.
    fn guard(&self, steps: &[Step], last: bool) -> String {
        if !self.database.ground.shared {
            return String::new();
        }
        let quiet = !steps.iter().any(|it| it.plan.roles);
        let all = match last {
            true => "SET CONSTRAINTS ALL IMMEDIATE;\n",
            false => "",
        };
        format!("{all}SELECT driftless_shadow.guard({quiet});\n")
    }

    /// Streams the rows of a dump.
    async fn copy(&self, step: &Step, rows: &Range<usize>) -> Result<(), Error> {
        let text = self.sources.file(step.span.source).text();
        let sink = self
            .database
            .client()
            .copy_in(self.sources.text(step.span))
            .await?;
        let mut sink = std::pin::pin!(sink);
        for piece in text.as_bytes()[rows.clone()].chunks(MESSAGE_BYTES) {
            sink.send(Cursor::new(piece.to_vec())).await?;
        }
        sink.finish().await.map(|_| ())
    }

    /// Runs a statement of our own that cannot fail.
    async fn own(&self, sql: &str) -> Result<(), ShadowError> {
        let done = self.database.client().batch_execute(sql).await;
        done.map_err(ShadowError::server("replaying"))
    }

    /// Whether the server accepts `sql`.
    async fn send(&self, sql: &str) -> Result<bool, ShadowError> {
        match self.database.client().batch_execute(sql).await {
            Ok(()) => Ok(true),
            Err(error) if error.as_db_error().is_some() => Ok(false),
            Err(error) => Err(self.gone(&error)),
        }
    }

    /// Makes a finding of a failure, unless it is the end of the connection.
    fn tell(&mut self, failure: Failure, step: &Step) -> Result<(), ShadowError> {
        let error = match failure {
            Failure::Server(error) => error,
            Failure::ZeroByte(at) => {
                let message = "a zero byte stands in the statement, which no server accepts";
                let span = step.span.part(at..at + 1);
                self.findings.push(Finding::new(&SYNTAX, message).at(span));
                return Ok(());
            }
        };
        let Some(refused) = error.as_db_error() else {
            return Err(self.gone(&error));
        };
        let (sources, files) = (self.sources, &self.files);
        let creations = self
            .creations
            .get_or_insert_with(|| creation::creations(sources, files));
        let text = sources.text(step.span);
        let around = Around {
            creations,
            files,
            here: step.span,
            text,
            withheld: self.database.ground.withheld,
        };
        let finding = cause::finding(refused, &around);
        self.findings
            .push(finding.at(place::place(refused, step, text)));
        Ok(())
    }

    fn gone(&self, error: &Error) -> ShadowError {
        let lost = self.database.connection.lost();
        ShadowError::Gone {
            doing: "replaying",
            reason: lost.map_or_else(|| error.to_string(), |it| it.to_string()),
        }
    }
}

/// Why a statement was not run.
enum Failure {
    Server(Error),
    /// At this byte.
    ZeroByte(usize),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Server(error)
    }
}

/// Who opens and closes the transaction of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    Ours,
    Theirs,
    None,
}

impl Step {
    fn controls_transaction(&self) -> bool {
        match self.kind {
            StatementKind::Begin | StatementKind::Commit | StatementKind::Rollback => true,
            StatementKind::Plain
            | StatementKind::OutsideTransaction
            | StatementKind::CopyFromStdin { .. }
            | StatementKind::PsqlCommand => false,
        }
    }

    fn leaves_transaction_open(&self, open: bool) -> bool {
        match self.kind {
            StatementKind::Begin => true,
            StatementKind::Commit | StatementKind::Rollback => false,
            StatementKind::Plain
            | StatementKind::OutsideTransaction
            | StatementKind::CopyFromStdin { .. }
            | StatementKind::PsqlCommand => open,
        }
    }
}

/// What to send before and behind a statement that borrows the platform's tables.
fn lending(step: &Step) -> (&'static str, &'static str) {
    match step.plan.lend {
        true => (
            "SET driftless_shadow.lend = 'on';\n",
            "SET driftless_shadow.lend = 'off';\n",
        ),
        false => ("", ""),
    }
}

/// Notes in the database that statement `number` comes next.
fn mark(number: usize) -> String {
    format!("INSERT INTO driftless_shadow.mark VALUES ({number});\n")
}
