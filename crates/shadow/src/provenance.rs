//! Which statement made which object.
//!
//! Every row of a catalog carries the transaction (`xmin`) and the command in it (`cmin`) that wrote it.
//! A replay writes a mark of its own before each statement, so that two marks enclose what a statement
//! wrote: whatever it did, in a `DO` block, in a function, or in a subtransaction. That tells the last
//! statement that changed an object. An event trigger adds the first one, and all between, because a row
//! that is written again forgets who wrote it first.

use std::collections::{BTreeMap, BTreeSet};

use driftless_finding::{Sources, Span};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

use crate::grant::{self, Grant};

/// For each object the statements that made and changed it.
///
/// An object is named by its type and its identity, both exactly as `pg_identify_object` prints them:
/// `("table", "public.users")`, `("table column", "public.users.email")`, `("index", "public.users_email_idx")`,
/// `("table constraint", "users_pkey on public.users")`, `("default value", "for public.users.email")`,
/// `("function", "public.is_admin(uuid)")`, `("policy", "\"own rows\" on public.users")`,
/// `("trigger", "on_update on public.users")`, `("type", "public.mood")`, `("schema", "private")`,
/// `("extension", "citext")`, `("publication relation", "public.users in publication supabase_realtime")`.
/// Names are quoted where SQL needs it, and always have their schema.
///
/// Two types are ours: `("enum label", "public.mood.'happy'")` and `("comment", "table public.users")`, whose
/// identity is the type and the identity of the object that it is on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    objects: BTreeMap<(String, String), History>,
    grants: Vec<Grant>,
}

/// The statements that made and changed an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The statement that made it: the first one that is known.
    pub introduced: Span,
    /// The statement that changed it last.
    pub changed: Span,
}

/// In the order in which they were run; never empty.
type History = Vec<Span>;

impl Provenance {
    /// The statements that made `identity` and changed it last; `None` for what the replay did not touch.
    ///
    /// A column's statements are those that changed the column, not the table. Without a superuser the
    /// first statement is not always known; it is then the last one.
    pub fn origin(&self, object_type: &str, identity: &str) -> Option<Origin> {
        let history = self.touching(object_type, identity);
        Some(Origin {
            introduced: *history.first()?,
            changed: *history.last()?,
        })
    }

    /// All statements that touched `identity`, as far as they are known, in their order. Privileges and
    /// comments are apart.
    pub fn touching(&self, object_type: &str, identity: &str) -> &[Span] {
        let key = (object_type.to_owned(), identity.to_owned());
        self.objects.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The last `GRANT` or `REVOKE` that names the object, or all objects of its schema.
    ///
    /// This alone is read from the statements' text.
    pub fn privileges(&self, object_type: &str, identity: &str) -> Option<Span> {
        let last = self
            .grants
            .iter()
            .rfind(|it| it.is_about(object_type, identity))?;
        Some(last.span)
    }
}

/// What a replay did, as far as its provenance is concerned.
pub(crate) struct Trace<'a> {
    /// The number of its first statement.
    pub(crate) first: usize,
    /// All statements of the database; the number of each is its index.
    pub(crate) statements: &'a [Span],
    /// Whether a statement was undone.
    ///
    /// A row keeps its transaction, but an update that was undone writes its own command over that of the
    /// row; the text of the statements then has a say.
    pub(crate) undone: bool,
    /// Whether the event trigger is there.
    pub(crate) events: bool,
}

impl Provenance {
    /// Reads it from the catalog, as a role that may read the hidden schema.
    pub(crate) async fn read(
        client: &Client,
        trace: &Trace<'_>,
        sources: &Sources,
    ) -> Result<Self, Error> {
        let marks = Marks::read(client, trace).await?;
        let Some(since) = marks.since() else {
            return Ok(Self::default());
        };
        let ask = async |sql: &str| client.query_typed(sql, &[(&since, Type::INT8)]).await;
        let mut events = BTreeMap::new();
        if trace.events {
            for row in ask(include_str!("queries/event.sql")).await? {
                Event::collect(&row, &marks, &mut events);
            }
        }
        let mut found = Self::default();
        for row in ask(include_str!("queries/object.sql")).await? {
            let (object_type, identity): (String, String) = (row.get(0), row.get(1));
            let last = marks.statement(row.get(2), row.get(3));
            let history = match row.get::<_, Option<i32>>(5) {
                None => Event::of(&events, row.get(6), row.get(7)),
                Some(column) => Event::of_column(&events, row.get(6), row.get(7), column),
            };
            let last = match trace.undone {
                true => trace.corrected(last, &identity, sources),
                false => last,
            };
            found.insert(
                object_type,
                identity,
                history.into_iter().chain([last]),
                trace,
            );
        }
        for (object_type, sql) in [
            ("enum label", include_str!("queries/label.sql")),
            ("comment", include_str!("queries/comment.sql")),
        ] {
            for row in ask(sql).await? {
                let last = marks.statement(row.get(1), row.get(2));
                found.insert(object_type.to_owned(), row.get(0), [last], trace);
            }
        }
        found.grants = grant::all(&trace.statements[trace.first..], sources);
        Ok(found)
    }

    fn insert(
        &mut self,
        object_type: String,
        identity: String,
        statements: impl IntoIterator<Item = usize>,
        trace: &Trace<'_>,
    ) {
        let numbers: BTreeSet<usize> = statements.into_iter().collect();
        let spans = numbers
            .into_iter()
            .filter_map(|it| trace.statements.get(it).copied())
            .collect();
        self.objects.insert((object_type, identity), spans);
    }
}

impl Trace<'_> {
    /// The statement of the same file that names the object, if the one that was found does not.
    fn corrected(&self, found: usize, identity: &str, sources: &Sources) -> usize {
        let name = identity.split(" on ").next().unwrap_or_default();
        let name = name.split('(').next().unwrap_or_default();
        let name = name
            .rsplit('.')
            .next()
            .unwrap_or_default()
            .trim_matches('"');
        let names = |number: usize| sources.text(self.statements[number]).contains(name);
        if found >= self.statements.len() || names(found) {
            return found;
        }
        let file = self.statements[found].source;
        (self.first..self.statements.len())
            .rfind(|it| self.statements[*it].source == file && names(*it))
            .unwrap_or(found)
    }
}

/// The marks of the statements, by transaction.
struct Marks {
    /// For each transaction the command of each mark, ascending, and its statement.
    marks: BTreeMap<u64, Vec<(u64, usize)>>,
}

impl Marks {
    async fn read(client: &Client, trace: &Trace<'_>) -> Result<Self, Error> {
        let sql = include_str!("queries/mark.sql");
        let rows = client
            .query_typed(sql, &[(&(trace.first as i32), Type::INT4)])
            .await?;
        let mut marks: BTreeMap<u64, Vec<(u64, usize)>> = BTreeMap::new();
        for row in rows {
            let statement: i32 = row.get(0);
            let place = (number(row.get(2)), statement as usize);
            marks.entry(number(row.get(1))).or_default().push(place);
        }
        marks.values_mut().for_each(|it| it.sort_unstable());
        Ok(Self { marks })
    }

    /// The first transaction of the replay.
    fn since(&self) -> Option<i64> {
        self.marks.keys().next().map(|it| *it as i64)
    }

    /// The statement that wrote a row.
    ///
    /// The transaction is the mark's own, or a later one that it led to: a subtransaction, or the transaction
    /// of a statement that runs outside of any.
    fn statement(&self, transaction: &str, command: &str) -> usize {
        let (transaction, command) = (number(transaction), number(command));
        let Some((_, marks)) = self.marks.range(..=transaction).next_back() else {
            return usize::MAX;
        };
        let before = marks.partition_point(|(mark, _)| *mark < command);
        let index = before.checked_sub(1).unwrap_or(marks.len() - 1);
        marks[index].1
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_default()
}

/// A statement that made or changed an object, and how many columns a relation had then.
struct Event {
    statement: usize,
    columns: i32,
}

type Events = BTreeMap<(u32, u32), Vec<Event>>;

impl Event {
    fn collect(row: &Row, marks: &Marks, events: &mut Events) {
        let columns: Option<i16> = row.get(3);
        let event = Self {
            statement: marks.statement(row.get(4), row.get(5)),
            columns: columns.unwrap_or_default().into(),
        };
        events
            .entry((row.get(0), row.get(1)))
            .or_default()
            .push(event);
    }

    fn of(events: &Events, class: u32, object: u32) -> Vec<usize> {
        let found = events.get(&(class, object));
        found.into_iter().flatten().map(|it| it.statement).collect()
    }

    /// The statement after which the relation first had so many columns.
    fn of_column(events: &Events, class: u32, relation: u32, column: i32) -> Vec<usize> {
        let found = events.get(&(class, relation));
        let first = found.into_iter().flatten().find(|it| it.columns >= column);
        first.map(|it| it.statement).into_iter().collect()
    }
}
