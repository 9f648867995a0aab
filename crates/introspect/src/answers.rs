//! Questions to one session or two, and the answers as they come.

use std::collections::VecDeque;
use std::ops::Deref;
use std::pin::{Pin, pin};
use std::sync::Arc;

use driftless_catalog::Ident;
use futures_util::future::{self, Either, select};
use futures_util::stream::{self, BoxStream, FuturesOrdered, Peekable};
use futures_util::{Stream, StreamExt};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use crate::IntrospectError;
use crate::query::{Query, Work, fit};
use crate::read::{Options, SETTINGS, failed};

/// The answers to all queries, to be taken in the order of [`Query::all`].
///
/// Nobody reads what the sessions send before it is taken, but for what comes while a second session is waited for: a
/// large database is never in memory as rows.
pub(crate) struct Answers<'a> {
    own: Lane<'a>,
    /// Those of a second session, if there is one.
    beside: Option<Lane<'a>>,
}

/// How many rows are taken at once: enough that decoding them is most of the work.
const CHUNK: usize = 500;

impl<'a> Answers<'a> {
    /// Asks one session for everything.
    pub(crate) fn of_one(client: &'a Client, questions: &'a Questions) -> Self {
        Self {
            own: Lane::new(questions.ask(client, Query::all())),
            beside: None,
        }
    }

    /// Asks `client` for texts, and a second session for rows, if it comes and sees `snapshot` before the first has
    /// nothing left to do.
    pub(crate) async fn of_two<C: Deref<Target = Client> + Send + Sync + 'a>(
        client: &'a Client,
        questions: &'a Questions,
        snapshot: &str,
        second: impl Future<Output = Option<C>>,
    ) -> Result<Self, IntrospectError> {
        let mut own = Lane::new(questions.ask(client, Query::of(Work::Texts)));
        let mut second = pin!(join_snapshot(second, snapshot));
        let beside = loop {
            match select(own.rows.next(), second.as_mut()).await {
                Either::Left((Some(row), _)) => own.early.push_back(row?),
                Either::Left((None, _)) => break None,
                Either::Right((second, _)) => break second,
            }
        };
        let queries = Query::of(Work::Rows);
        let beside = match beside {
            Some(second) => Lane::new(questions.ask(second, queries)),
            None => Lane::new(questions.ask(client, queries)),
        };
        Ok(Self {
            own,
            beside: Some(beside),
        })
    }

    /// Gives the rows that answer `query` to `read`, in pieces, as they come.
    pub(crate) async fn each(
        &mut self,
        query: Query,
        mut read: impl FnMut(&[Row]) -> Result<(), IntrospectError>,
    ) -> Result<(), IntrospectError> {
        loop {
            let rows = self.some(query).await?;
            if rows.is_empty() {
                return Ok(());
            }
            read(&rows)?;
        }
    }

    /// The rows that answer `query` and come next, at most [`CHUNK`]; none if there are no more.
    async fn some(&mut self, query: Query) -> Result<Vec<Row>, IntrospectError> {
        let lane = match &mut self.beside {
            Some(beside) if query.work() == Work::Rows => beside,
            Some(_) | None => &mut self.own,
        };
        let mut found = Vec::new();
        while found.len() < CHUNK
            && let Some(row) = lane.next_of(query).await?
        {
            found.push(row);
        }
        Ok(found)
    }

    /// All rows that answer `query`.
    pub(crate) async fn all(&mut self, query: Query) -> Result<Vec<Row>, IntrospectError> {
        let mut found = Vec::new();
        loop {
            let rows = self.some(query).await?;
            if rows.is_empty() {
                return Ok(found);
            }
            found.extend(rows);
        }
    }
}

/// A row, and the query that it answers.
type Answer = (Query, Row);

/// What one session answers.
struct Lane<'a> {
    /// What has come before it was taken.
    early: VecDeque<Answer>,
    rows: Peekable<BoxStream<'a, Result<Answer, IntrospectError>>>,
}

impl<'a> Lane<'a> {
    fn new(rows: impl Stream<Item = Result<Answer, IntrospectError>> + Send + 'a) -> Self {
        Self {
            early: VecDeque::new(),
            rows: rows.boxed().peekable(),
        }
    }

    /// The next row, if it answers `query`.
    async fn next_of(&mut self, query: Query) -> Result<Option<Row>, IntrospectError> {
        let is_next = |it: &Answer| it.0 == query;
        if !self.early.is_empty() {
            let next = self.early.pop_front_if(|it| is_next(it));
            return Ok(next.map(|(_, row)| row));
        }
        let takes = |it: &Result<Answer, _>| it.as_ref().map_or(true, is_next);
        let next = Pin::new(&mut self.rows).next_if(takes).await;
        Ok(next.transpose()?.map(|(_, row)| row))
    }
}

/// Opens a transaction on a second session that sees what the first one sees; `None` if that cannot be had.
async fn join_snapshot<C: Deref<Target = Client>>(
    second: impl Future<Output = Option<C>>,
    snapshot: &str,
) -> Option<C> {
    let second = second.await?;
    // The server wrote the name of the snapshot: digits and hyphens.
    let open = format!(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '{snapshot}'; {SETTINGS}"
    );
    second.batch_execute(&open).await.ok()?;
    Some(second)
}

/// What the queries are about.
pub(crate) struct Questions {
    major: u16,
    schemas: Option<Vec<String>>,
    managed: Vec<String>,
}

impl Questions {
    pub(crate) fn new(options: &Options, major: u16) -> Self {
        let text = |names: &[Ident]| names.iter().map(|it| it.as_str().to_owned()).collect();
        Self {
            major,
            schemas: options.schemas.as_deref().map(text),
            managed: text(&options.managed_schemas),
        }
    }

    /// The answers to `queries`, one behind the other. All are sent at once when the first row is waited for: one round
    /// trip.
    fn ask<'a, C>(
        &'a self,
        client: C,
        queries: impl Iterator<Item = Query>,
    ) -> impl Stream<Item = Result<Answer, IntrospectError>> + Send + 'a
    where
        C: Deref<Target = Client> + Send + Sync + 'a,
    {
        let client = Arc::new(client);
        let sent = queries.map(|query| {
            let client = Arc::clone(&client);
            async move {
                let sql = fit(query.template(), self.major);
                let scope: [(&(dyn ToSql + Sync), Type); 2] = [
                    (&self.schemas, Type::TEXT_ARRAY),
                    (&self.managed, Type::TEXT_ARRAY),
                ];
                let parameters = if sql.contains("$1") {
                    scope.to_vec()
                } else {
                    Vec::new()
                };
                let rows = client.query_typed_raw(&sql, parameters).await;
                rows.map_err(|source| failed(query.name(), source))
                    .map(|rows| (query, rows))
            }
        });
        sent.collect::<FuturesOrdered<_>>()
            .map(|sent| match sent {
                Ok((query, rows)) => rows
                    .map(move |row| match row {
                        Ok(row) => Ok((query, row)),
                        Err(source) => Err(failed(query.name(), source)),
                    })
                    .left_stream(),
                Err(error) => stream::once(future::ready(Err(error))).right_stream(),
            })
            .flatten()
    }
}
