use std::collections::BTreeSet;

use tokio_postgres::Client;

/// Which migrations a database has seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The versions in `supabase_migrations.schema_migrations`.
    pub versions: BTreeSet<String>,
}

/// Why a history cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The table is there, and the role may not read it.
    #[error("the role may not read {table}")]
    Forbidden {
        /// The table.
        table: &'static str,
    },
    /// The table is there, but it is not that of the Supabase CLI.
    #[error("{table} has no column `{column}`")]
    OtherShape {
        /// The table.
        table: &'static str,
        /// The column that it should have.
        column: &'static str,
    },
    /// The server refused, or the connection broke.
    #[error("reading the history of migrations failed")]
    Server(#[from] tokio_postgres::Error),
}

/// The Supabase history of the database that `client` is connected to, or `None` if it has none.
///
/// # Errors
/// [`HistoryError::Forbidden`] if there is one that the role may not read, [`HistoryError::OtherShape`] if it is
/// something else of that name.
///
/// Follows the Supabase CLI, which creates the table with the first migration that it applies.
pub async fn read_history(client: &Client) -> Result<Option<History>, HistoryError> {
    const TABLE: &str = "supabase_migrations.schema_migrations";
    let sql = "SELECT has_schema_privilege(c.relnamespace, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'),
                      EXISTS (SELECT FROM pg_catalog.pg_attribute a
                              WHERE a.attrelid = c.oid AND a.attname = 'version' AND a.attnum > 0 AND NOT a.attisdropped)
               FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'supabase_migrations' AND c.relname = 'schema_migrations' AND c.relkind IN ('r', 'p', 'v')";
    let rows = client.query_typed(sql, &[]).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    if !row.try_get::<_, bool>(0)? {
        return Err(HistoryError::Forbidden { table: TABLE });
    }
    if !row.try_get::<_, bool>(1)? {
        return Err(HistoryError::OtherShape {
            table: TABLE,
            column: "version",
        });
    }
    let sql =
        "SELECT version::text FROM supabase_migrations.schema_migrations WHERE version IS NOT NULL";
    let rows = client.query_typed(sql, &[]).await?;
    let versions: Result<BTreeSet<String>, _> = rows.iter().map(|it| it.try_get(0)).collect();
    Ok(Some(History {
        versions: versions?,
    }))
}
