use std::collections::BTreeMap;

use driftless_catalog::{Catalog, Column, Constraint, Deferral, Ident, QualifiedName, Table};
use driftless_sql_text::{quote_always, quote_literal};
use fastrand::Rng;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::order::{foreign_keys, in_order};
use crate::pool;

/// How many rows, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillOptions {
    /// How many rows each table should get.
    pub rows: usize,
    /// Another seed draws other rows.
    pub seed: u64,
    /// Tables that are left empty.
    pub empty: Vec<QualifiedName>,
}

impl Default for FillOptions {
    fn default() -> Self {
        Self {
            rows: 4,
            seed: 1,
            empty: Vec::new(),
        }
    }
}

/// What [`fill`] has done, table by table, in the order in which they were filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// The tables.
    pub tables: Vec<FilledTable>,
}

/// What a table has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledTable {
    /// The table.
    pub name: QualifiedName,
    /// How many rows.
    pub rows: usize,
    /// Why it has fewer than it should: what the server said of the last row that it refused.
    pub refused: Option<String>,
}

impl Filled {
    /// How many rows there are in all.
    pub fn rows(&self) -> usize {
        self.tables.iter().map(|it| it.rows).sum()
    }
}

/// How often a row is drawn again.
const ATTEMPTS: usize = 40;

/// Puts rows into the tables of the database that `client` is connected to, which has the objects of `catalog`.
///
/// Each row is a transaction of its own. Triggers do not fire and foreign keys are not looked at by the server, if the
/// role may have it so: values for them are taken from the rows that they lead to. They do for tables with deferrable
/// keys, which the server keeps by triggers.
///
/// # Errors
/// [`tokio_postgres::Error`] if the connection is lost. A row that the server refuses is no error.
pub async fn fill(
    client: &Client,
    catalog: &Catalog,
    options: &FillOptions,
) -> Result<Filled, tokio_postgres::Error> {
    let mut as_usual = true;
    let mut filled = Filled::default();
    let mut rng = Rng::with_seed(options.seed);
    for table in in_order(catalog) {
        let wanted = match options.empty.contains(&table.name) {
            true => 0,
            false => options.rows,
        };
        let has_triggers = table.constraints.iter().any(is_kept_by_trigger);
        if has_triggers != as_usual {
            // A role that may not do so fills what it can.
            let role = if has_triggers { "origin" } else { "replica" };
            let sql = format!("SET session_replication_role = {role}");
            if client.batch_execute(&sql).await.is_ok() {
                as_usual = has_triggers;
            }
        }
        let drawn = Draw::new(client, catalog, table).await;
        filled
            .tables
            .push(drawn.fill(client, wanted, &mut rng).await?);
    }
    if !as_usual {
        client
            .batch_execute("SET session_replication_role = origin")
            .await?;
    }
    Ok(filled)
}

/// Whether it is a key that may be broken until the end of a transaction.
fn is_kept_by_trigger(it: &Constraint) -> bool {
    it.has_index() && it.deferral != Deferral::NotDeferrable
}

/// What rows of a table are drawn from.
struct Draw<'a> {
    table: &'a Table,
    /// The columns that are given a value, with the type and the values that it may be.
    columns: Vec<(&'a Column, Vec<String>)>,
    /// Columns of foreign keys, with the rows that they may lead to.
    keys: Vec<(&'a [Ident], Vec<Referenced>)>,
}

/// The values that a foreign key leads to: those of one row.
type Referenced = Vec<Option<String>>;

impl<'a> Draw<'a> {
    async fn new(client: &Client, catalog: &Catalog, table: &'a Table) -> Self {
        let given = |it: &&Column| {
            let always = it.identity.is_some() || it.generated.is_some();
            !always && it.serial.is_none()
        };
        let columns = table.columns.iter().filter(given);
        let columns = columns.map(|it| (it, pool::values(table, it, catalog)));
        let columns = columns.collect();
        let mut keys = Vec::new();
        for key in foreign_keys(table) {
            let names: Vec<String> = key.referenced_columns.iter().map(text_of).collect();
            let sql = format!(
                "SELECT {} FROM {} ORDER BY 1 LIMIT 20",
                names.join(", "),
                sql_name(&key.references)
            );
            let rows = client.simple_query(&sql).await.unwrap_or_default();
            let rows = rows.iter().filter_map(|it| {
                let SimpleQueryMessage::Row(row) = it else {
                    return None;
                };
                Some(row)
            });
            let values = rows.map(|row| {
                let columns = 0..key.referenced_columns.len();
                columns.map(|at| row.get(at).map(str::to_owned)).collect()
            });
            keys.push((&key.columns[..], values.collect()));
        }
        Self {
            table,
            columns,
            keys,
        }
    }

    async fn fill(
        &self,
        client: &Client,
        wanted: usize,
        rng: &mut Rng,
    ) -> Result<FilledTable, tokio_postgres::Error> {
        let mut filled = FilledTable {
            name: self.table.name.clone(),
            rows: 0,
            refused: None,
        };
        let mut attempts = 0;
        while filled.rows < wanted && attempts < ATTEMPTS {
            attempts += 1;
            let sql = self.insert(attempts, rng);
            match client.batch_execute(&sql).await {
                Ok(()) => {
                    filled.rows += 1;
                    // A table that took one row may take more.
                    attempts = attempts.saturating_sub(4);
                }
                Err(error) => match error.as_db_error() {
                    Some(said) => filled.refused = Some(said.message().to_owned()),
                    None => return Err(error),
                },
            }
        }
        if filled.rows >= wanted {
            filled.refused = None;
        }
        Ok(filled)
    }

    /// One row. The first attempts take values in their order, and leave out nothing.
    fn insert(&self, attempt: usize, rng: &mut Rng) -> String {
        let mut values: BTreeMap<&Ident, String> = BTreeMap::new();
        for (column, pool) in &self.columns {
            let optional = !column.not_null || column.default.is_some();
            let left_out = optional && attempt > 3 && rng.u8(..4) == 0;
            if pool.is_empty() || left_out {
                continue;
            }
            let at = match attempt {
                ..=3 => attempt - 1,
                _ => rng.usize(..pool.len()),
            };
            if let Some(value) = pool.get(at % pool.len()) {
                values.insert(&column.name, quote_literal(value));
            }
        }
        for (columns, rows) in &self.keys {
            let row = match rows.len() {
                0 => None,
                count => rows.get(rng.usize(..count)),
            };
            for (at, column) in columns.iter().enumerate() {
                let value = row.and_then(|it| it.get(at).cloned().flatten());
                let sql = value.map(|it| quote_literal(&it));
                values.insert(column, sql.unwrap_or_else(|| "NULL".to_owned()));
            }
        }
        let table = sql_name(&self.table.name);
        if values.is_empty() {
            return format!("INSERT INTO {table} DEFAULT VALUES");
        }
        let names: Vec<String> = values.keys().map(|it| quote_always(it.as_str())).collect();
        let values: Vec<String> = values.into_values().collect();
        format!(
            "INSERT INTO {table} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
            names.join(", "),
            values.join(", ")
        )
    }
}

fn text_of(column: &Ident) -> String {
    format!("{}::text", quote_always(column.as_str()))
}

fn sql_name(name: &QualifiedName) -> String {
    let (schema, name) = (name.schema.as_str(), name.name.as_str());
    format!("{}.{}", quote_always(schema), quote_always(name))
}
