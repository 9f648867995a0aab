use std::collections::BTreeSet;
use std::ops::Deref;

use driftless_catalog::{Catalog, Ident, ObjectKind};
use futures_util::future::try_join;
use tokio_postgres::{Client, Row, SimpleQueryMessage};

use crate::answers::{Answers, Questions};
use crate::column::Defaults;
use crate::constraint::IndexOwners;
use crate::dependency::Edges;
use crate::names::Names;
use crate::query::Query;
use crate::table::Relations;
use crate::{
    IntrospectError, column, comment, constraint, default_privilege, domain, enum_type, extension,
    function, index, other, policy, schema, sequence, trigger, view,
};

/// The schemas that Supabase manages: their own objects are never read.
pub const MANAGED_SCHEMAS: &[&str] = &[
    "auth",
    "storage",
    "realtime",
    "_realtime",
    "extensions",
    "graphql",
    "graphql_public",
    "vault",
    "pgbouncer",
    "pgsodium",
    "pgsodium_masks",
    "supabase_functions",
    "supabase_migrations",
    "net",
    "cron",
    "pgmq",
    "pgtle",
    "tiger",
    "tiger_data",
    "topology",
    "_analytics",
    "_supavisor",
    "_supabase",
];

/// What to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The schemas to read; all that are not managed if `None`. System schemas never count.
    pub schemas: Option<Vec<Ident>>,
    /// Schemas of the platform. Of their tables only what the user has put on them is read: policies, and
    /// triggers that call functions of other schemas.
    pub managed_schemas: Vec<Ident>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            schemas: None,
            // Constants of this length are always names.
            managed_schemas: MANAGED_SCHEMAS
                .iter()
                .filter_map(|it| Ident::new(it).ok())
                .collect(),
        }
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introspection {
    /// The objects.
    pub catalog: Catalog,
    /// The server's major version.
    pub server_major: u16,
    /// The server's version as it calls itself: `15.18`, `17.5 (Debian 17.5-1)`.
    pub server_version: String,
    /// The database's name.
    pub database: String,
    /// The role that asked.
    pub role: Ident,
    /// All roles of the server.
    pub roles: BTreeSet<Ident>,
    /// All schemas that are neither of the system nor managed, read or not, by name.
    pub schemas: Vec<Ident>,
    /// What could not be read, because the role may not see the rows.
    pub unread: Vec<Unread>,
}

/// A kind of objects that could not be read: whether there are any is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The kind.
    pub kind: ObjectKind,
    /// Why, lower case, without a full stop: `the role may not read all rows of storage.buckets`.
    pub reason: String,
}

/// `storage buckets: the role may not read all rows of storage.buckets`
impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}s: {}", self.kind, self.reason)
    }
}

/// What every session is set to.
pub(crate) const SETTINGS: &str = "SET LOCAL search_path = ''; \
    SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; \
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; \
    SET LOCAL quote_all_identifiers = off; SET LOCAL jit = off";

const OPEN: &str = "SELECT current_setting('server_version_num'), current_setting('server_version'), \
           current_database(), current_user";

/// How many bytes `pg_attribute` has where a second session saves more than it costs: some hundreds of tables.
const LARGE_BYTES: u32 = 2 << 20;

/// Reads the database that `client` is connected to.
///
/// Runs in a transaction of its own, which is over when this returns. The client must not be in one.
/// If the future is dropped half-way, that transaction is left open on the client.
///
/// # Errors
/// [`IntrospectError`]; the transaction is rolled back.
///
/// Follows PostgreSQL, System Catalogs.
pub async fn introspect(
    client: &Client,
    options: &Options,
) -> Result<Introspection, IntrospectError> {
    ending(client, read_alone(client, options).await).await
}

/// Reads like [`introspect`], a large database with the help of a second session.
///
/// Both see one snapshot. `second` opens the other session, with the same database as the same role, and is
/// polled only if the database has some hundreds of tables; where it gives `None`, comes too late, or is another
/// server's, `client` alone reads everything. The second session is given up in the end.
///
/// # Errors
/// As [`introspect`]; what goes wrong with the second session is none.
///
/// Follows PostgreSQL, System Administration Functions, Snapshot Synchronization Functions.
pub async fn introspect_beside<C: Deref<Target = Client> + Send + Sync>(
    client: &Client,
    options: &Options,
    second: impl Future<Output = Option<C>>,
) -> Result<Introspection, IntrospectError> {
    match read_beside(client, options, second).await {
        Err(IntrospectError::Query { .. }) => {
            // What goes wrong with two sessions, such as a fork that exports no snapshot, need not go wrong with one.
            let back = client.batch_execute("ROLLBACK").await;
            back.map_err(|it| failed("rollback", it))?;
            introspect(client, options).await
        }
        result => ending(client, result).await,
    }
}

/// Ends the transaction.
async fn ending(
    client: &Client,
    result: Result<Introspection, IntrospectError>,
) -> Result<Introspection, IntrospectError> {
    let end = client.batch_execute(if result.is_ok() { "COMMIT" } else { "ROLLBACK" });
    match (result, end.await) {
        (Ok(found), Ok(())) => Ok(found),
        (Ok(_), Err(source)) => Err(failed("commit", source)),
        // That the way back failed, too, adds nothing to why reading did.
        (Err(error), _) => Err(error),
    }
}

async fn read_alone(client: &Client, options: &Options) -> Result<Introspection, IntrospectError> {
    let server = Server::open(client, false).await?;
    let questions = Questions::new(options, server.major);
    let answers = Answers::of_one(client, &questions);
    read(client, server, options, answers).await
}

async fn read_beside<C: Deref<Target = Client> + Send + Sync>(
    client: &Client,
    options: &Options,
    second: impl Future<Output = Option<C>>,
) -> Result<Introspection, IntrospectError> {
    let server = Server::open(client, true).await?;
    let questions = Questions::new(options, server.major);
    let answers = match &server.snapshot {
        Some(snapshot) => Answers::of_two(client, &questions, snapshot, second).await?,
        None => Answers::of_one(client, &questions),
    };
    read(client, server, options, answers).await
}

async fn read(
    client: &Client,
    server: Server,
    options: &Options,
    mut answers: Answers<'_>,
) -> Result<Introspection, IntrospectError> {
    let schemas = answers.all(Query::Schema).await?;
    let mut names = Names::new(server.major, &schemas, &options.managed_schemas)?;
    names.read(&mut answers).await?;
    let tables = answers.all(Query::DataTable).await?;
    let data = other::data_shaped(client, &tables);
    let catalog = decode(answers, &mut names, &schemas);
    let (data, mut catalog) = try_join(data, catalog).await?;
    let unread = data.fill(&mut catalog.others);
    Ok(Introspection {
        catalog,
        server_major: server.major,
        server_version: server.version,
        database: server.database,
        role: server.role,
        roles: names.roles(),
        schemas: schema::user_schemas(&schemas, &options.managed_schemas)?,
        unread,
    })
}

struct Server {
    major: u16,
    version: String,
    database: String,
    role: Ident,
    /// The name that the transaction's snapshot has been given.
    snapshot: Option<String>,
}

impl Server {
    /// Begins a transaction. If `export` is set and the database is large, its snapshot gets a name.
    async fn open(client: &Client, export: bool) -> Result<Self, IntrospectError> {
        let snapshot = match export {
            true => format!(
                "CASE WHEN pg_catalog.pg_relation_size('pg_catalog.pg_attribute') > {LARGE_BYTES} \
                 THEN pg_catalog.pg_export_snapshot() END"
            ),
            false => "NULL".to_owned(),
        };
        let open = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {SETTINGS}; {OPEN}, {snapshot}"
        );
        let messages = client.simple_query(&open).await;
        let messages = messages.map_err(|it| failed("open", it))?;
        // The other commands of the batch return no rows.
        let row = messages.into_iter().find_map(|message| {
            let SimpleQueryMessage::Row(row) = message else {
                return None;
            };
            Some(row)
        });
        let maybe = |at: usize| row.as_ref().and_then(|row| row.get(at));
        let text = |at: usize| maybe(at).unwrap_or_default();
        let number: u32 = text(0).parse().map_err(|_| IntrospectError::Malformed {
            what: "server_version_num",
            text: text(0).to_owned(),
        })?;
        let major = (number / 10_000) as u16;
        if major < 13 {
            return Err(IntrospectError::TooOld { major });
        }
        Ok(Self {
            major,
            version: text(1).to_owned(),
            database: text(2).to_owned(),
            role: Ident::new(text(3))?,
            snapshot: maybe(4).map(str::to_owned),
        })
    }
}

pub(crate) fn failed(query: &'static str, source: tokio_postgres::Error) -> IntrospectError {
    IntrospectError::Query { query, source }
}

/// Takes the answers in the order in which one needs the other, long ones piece by piece.
async fn decode(
    mut answers: Answers<'_>,
    names: &mut Names,
    schemas: &[Row],
) -> Result<Catalog, IntrospectError> {
    let mut catalog = Catalog {
        schemas: schema::read(schemas, names)?,
        extensions: extension::read(&answers.all(Query::Extension).await?, names)?,
        enums: enum_type::read(&answers.all(Query::Enum).await?, names)?,
        ..Catalog::default()
    };
    let mut relations = Relations::default();
    let read = |rows: &[Row]| relations.read(rows, names);
    answers.each(Query::Relation, read).await?;
    let read = |rows: &[Row]| relations.inherit(rows);
    answers.each(Query::Inheritance, read).await?;
    let mut defaults = Defaults::default();
    let read = |rows: &[Row]| defaults.read(rows, names);
    answers.each(Query::ColumnDefault, read).await?;
    let read = |rows: &[Row]| column::read(rows, &mut defaults, names, &mut relations);
    answers.each(Query::Column, read).await?;
    defaults.register(names);
    let sequences = answers.all(Query::Sequence).await?;
    catalog.sequences = sequence::read(&sequences, names, &mut relations)?;
    let mut domains = domain::read(&answers.all(Query::Domain).await?, names)?;
    let mut owners = IndexOwners::new();
    let read =
        |rows: &[Row]| constraint::read(rows, names, &mut relations, &mut domains, &mut owners);
    answers.each(Query::Constraint, read).await?;
    catalog.domains = domains.into_values().collect();
    let settings = answers.all(Query::IndexColumn).await?;
    let settings = index::settings(&settings)?;
    let read = |rows: &[Row]| index::read(rows, &settings, names, &mut relations, &mut owners);
    answers.each(Query::Index, read).await?;
    let read = |rows: &[Row]| view::read(rows, names, &mut relations);
    answers.each(Query::View, read).await?;
    let read = |rows: &[Row]| function::read(rows, names, &mut catalog.functions);
    answers.each(Query::Function, read).await?;
    let managed = &mut catalog.managed_tables;
    let read = |rows: &[Row]| trigger::read(rows, names, &mut relations, managed);
    answers.each(Query::Trigger, read).await?;
    let read = |rows: &[Row]| policy::read(rows, names, &mut relations, managed);
    answers.each(Query::Policy, read).await?;
    let privileges = answers.all(Query::DefaultPrivilege).await?;
    catalog.default_privileges = default_privilege::read(&privileges, names)?;
    let others = answers.all(Query::Other).await?;
    let labels = answers.all(Query::SecurityLabel).await?;
    catalog.others = other::read(&others, &labels, names)?;
    relations.fill(&mut catalog);
    let read = |rows: &[Row]| comment::read(rows, names, &mut catalog);
    answers.each(Query::Comment, read).await?;
    let mut edges = Edges::default();
    let read = |rows: &[Row]| edges.read(rows, names);
    answers.each(Query::Dependency, read).await?;
    catalog.dependencies = edges.sorted();
    let privileges = answers.all(Query::MemberPrivilege).await?;
    extension::members(&privileges, names, &mut catalog)?;
    Ok(catalog)
}

/// The rows of a query that takes no parameters.
pub(crate) async fn rows(
    client: &Client,
    query: &'static str,
    sql: &str,
) -> Result<Vec<Row>, IntrospectError> {
    let rows = client.query_typed(sql, &[]).await;
    rows.map_err(|source| failed(query, source))
}
