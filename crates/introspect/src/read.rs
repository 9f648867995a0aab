use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Ident, ObjectKind};
use futures_util::future::{join, try_join_all};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, SimpleQueryMessage};

use crate::fields::Fields;
use crate::names::Names;
use crate::query::{Answers, QUERIES, fit};
use crate::{
    IntrospectError, column, comment, constraint, default_privilege, dependency, domain, enum_type,
    extension, function, index, other, policy, schema, sequence, table, trigger, view,
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

const OPEN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
    SET LOCAL search_path = ''; \
    SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; \
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; \
    SET LOCAL quote_all_identifiers = off; \
    SELECT current_setting('server_version_num'), current_setting('server_version'), \
           current_database(), current_user";

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
    let result = read(client, options).await;
    let end = client.batch_execute(if result.is_ok() { "COMMIT" } else { "ROLLBACK" });
    match (result, end.await) {
        (Ok(found), Ok(())) => Ok(found),
        (Ok(_), Err(source)) => Err(failed("commit", source)),
        // That the way back failed, too, adds nothing to why reading did.
        (Err(error), _) => Err(error),
    }
}

async fn read(client: &Client, options: &Options) -> Result<Introspection, IntrospectError> {
    let server = open(client).await?;
    if server.major < 13 {
        return Err(IntrospectError::TooOld {
            major: server.major,
        });
    }
    let answers = ask(client, options, server.major).await?;
    let roles = answers
        .roles
        .iter()
        .map(role_name)
        .collect::<Result<_, _>>()?;
    let data = other::data_shaped(client, &answers.data_tables);
    let catalog = async { decode(&answers, server.major, options) };
    let (data, catalog) = join(data, catalog).await;
    let (data, mut catalog) = (data?, catalog?);
    let unread = data.fill(&mut catalog.others);
    Ok(Introspection {
        catalog,
        server_major: server.major,
        server_version: server.version,
        database: server.database,
        role: server.role,
        roles,
        schemas: schema::user_schemas(&answers.schemas, &options.managed_schemas)?,
        unread,
    })
}

fn role_name(row: &Row) -> Result<Ident, IntrospectError> {
    let mut it = Fields::new("role", row);
    let _oid: u32 = it.next()?;
    it.ident()
}

struct Server {
    major: u16,
    version: String,
    database: String,
    role: Ident,
}

async fn open(client: &Client) -> Result<Server, IntrospectError> {
    let messages = client
        .simple_query(OPEN)
        .await
        .map_err(|it| failed("open", it))?;
    // The other commands of the batch return no rows.
    let row = messages.into_iter().find_map(|message| {
        let SimpleQueryMessage::Row(row) = message else {
            return None;
        };
        Some(row)
    });
    let text = |at: usize| row.as_ref().and_then(|row| row.get(at)).unwrap_or_default();
    let number: u32 = text(0).parse().map_err(|_| IntrospectError::Malformed {
        what: "server_version_num",
        text: text(0).to_owned(),
    })?;
    Ok(Server {
        major: (number / 10_000) as u16,
        version: text(1).to_owned(),
        database: text(2).to_owned(),
        role: Ident::new(text(3))?,
    })
}

/// Sends all queries at once and waits for all answers: one round trip.
async fn ask(client: &Client, options: &Options, major: u16) -> Result<Answers, IntrospectError> {
    let text = |names: &[Ident]| names.iter().map(|it| it.as_str().to_owned()).collect();
    let schemas: Option<Vec<String>> = options.schemas.as_deref().map(text);
    let managed: Vec<String> = text(&options.managed_schemas);
    let scope: [(&(dyn ToSql + Sync), Type); 2] =
        [(&schemas, Type::TEXT_ARRAY), (&managed, Type::TEXT_ARRAY)];
    let answers = QUERIES.iter().map(|(name, template)| {
        let sql = fit(template, major);
        let scope = &scope;
        async move {
            let parameters = if sql.contains("$1") { &scope[..] } else { &[] };
            let rows = client.query_typed(&sql, parameters).await;
            rows.map_err(|source| failed(name, source))
        }
    });
    Ok(Answers::new(try_join_all(answers).await?))
}

pub(crate) fn failed(query: &'static str, source: tokio_postgres::Error) -> IntrospectError {
    IntrospectError::Query { query, source }
}

fn decode(answers: &Answers, major: u16, options: &Options) -> Result<Catalog, IntrospectError> {
    let mut names = Names::read(answers, major, &options.managed_schemas)?;
    let mut catalog = Catalog {
        schemas: schema::read(&answers.schemas, &mut names)?,
        extensions: extension::read(&answers.extensions, &mut names)?,
        enums: enum_type::read(&answers.enums, &mut names)?,
        ..Catalog::default()
    };
    let mut relations = table::relations(&answers.relations, &mut names)?;
    column::read(answers, &mut names, &mut relations)?;
    catalog.sequences = sequence::read(&answers.sequences, &names, &mut relations)?;
    let constraints = constraint::rows(&answers.constraints)?;
    catalog.domains = domain::read(&answers.domains, &constraints, &mut names)?;
    let owners = constraint::read(&constraints, &mut names, &mut relations)?;
    index::read(answers, &mut names, &mut relations, owners)?;
    view::read(&answers.views, &mut names, &mut relations)?;
    catalog.functions = function::read(&answers.functions, &mut names)?;
    catalog.managed_tables = trigger::read(&answers.triggers, &mut names, &mut relations)?;
    policy::read(
        &answers.policies,
        &mut names,
        &mut relations,
        &mut catalog.managed_tables,
    )?;
    catalog.default_privileges = default_privilege::read(&answers.default_privileges, &names)?;
    catalog.others = other::read(answers, &mut names)?;
    table::inherit(&answers.inheritance, &mut relations)?;
    relations.fill(&mut catalog);
    comment::read(&answers.comments, &names, &mut catalog)?;
    catalog.dependencies = dependency::read(&answers.dependencies, &names)?;
    extension::members(&answers.member_privileges, &names, &mut catalog)?;
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
