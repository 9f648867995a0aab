//! A transaction on a throwaway database in which expressions are tried, and which is rolled back.

use driftless_catalog::{Catalog, Expression, QualifiedName};
use driftless_diff::{diff, plan};
use driftless_prisma_catalog::{Answers, PrismaCatalog};
use driftless_sql::{SqlOptions, steps};
use tokio_postgres::error::DbError;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::drift::diff_options;
use crate::judge::{Judge, PATH, PROBE, name};

/// An open transaction.
pub(super) struct Trial<'a> {
    client: &'a Client,
    major: u16,
    as_desired: bool,
}

/// What a server makes of an expression.
pub(super) enum Printed {
    As(Expression),
    Refused {
        error: Box<DbError>,
        /// How many characters of what the server read stand in front of the expression.
        before: usize,
    },
    /// There is no server any more.
    NotAtAll,
}

/// Where the transaction goes back to behind each expression.
const BACK: &str = "ROLLBACK TO SAVEPOINT driftless_trial";

impl<'a> Trial<'a> {
    /// Brings the database, which is as `recorded`, into the state that the schema desires, but for its policies.
    pub(super) async fn as_desired(
        judge: &Judge<'a>,
        prisma: &PrismaCatalog,
        recorded: &Catalog,
    ) -> Trial<'a> {
        let (_, major) = judge.server();
        Self::begin(judge, &bring_about(prisma, recorded, major)).await
    }

    /// Runs `sql` on the database.
    pub(super) async fn begin(judge: &Judge<'a>, sql: &str) -> Trial<'a> {
        let (client, major) = judge.server();
        let begin = "BEGIN; SET LOCAL check_function_bodies = off; SET LOCAL TimeZone = 'UTC'; \
                     SAVEPOINT driftless_trial";
        let mut as_desired = client.batch_execute(begin).await.is_ok();
        if as_desired && !sql.is_empty() {
            as_desired = client.batch_execute(sql).await.is_ok();
            if !as_desired {
                // If the way back fails, so does each expression, and nothing is decided, which is the truth.
                let _ = client.batch_execute(BACK).await;
            }
        }
        let go = format!("SET LOCAL search_path = {PATH}; SAVEPOINT driftless_trial");
        let _ = client.batch_execute(&go).await;
        Self {
            client,
            major,
            as_desired,
        }
    }

    /// Whether the tables are as the schema desires them, and not as they are recorded.
    pub(super) fn is_as_desired(&self) -> bool {
        self.as_desired
    }

    /// The names of all roles.
    pub(super) async fn roles(&self) -> Vec<String> {
        let sql = "SELECT rolname FROM pg_catalog.pg_roles ORDER BY rolname";
        let rows = self.client.simple_query(sql).await.unwrap_or_default();
        rows.iter().filter_map(first_column).collect()
    }

    /// An expression of a policy on `table` as the server prints it; as in `old` if that means the same.
    pub(super) async fn print(
        &self,
        table: &QualifiedName,
        text: &Expression,
        old: Option<&Expression>,
    ) -> Printed {
        let text = match self.once(PATH, table, &text.text).await {
            Ok(text) => text,
            Err(refused) => return refused,
        };
        if let Some(old) = old.filter(|it| *it.text != *text) {
            // Depending on how it was written first, one server prints one expression in two ways: both are printed
            // until they stay as they are.
            if let Ok(again) = self.once("''", table, &old.text).await {
                let same = again == text;
                let twice = async || self.once("''", table, &text).await;
                if same || twice().await.is_ok_and(|it| it == again) {
                    return Printed::As(old.clone());
                }
            }
        }
        Printed::As(Expression::printed(text, self.major))
    }

    async fn once(&self, path: &str, table: &QualifiedName, text: &str) -> Result<String, Printed> {
        let set = format!("{BACK}; SET LOCAL search_path = {path}");
        let open = format!(
            "CREATE POLICY {PROBE} ON {} FOR SELECT USING ((",
            name(table)
        );
        // The second pair of parentheses keeps the text from being more than an expression; the end of the line keeps
        // a comment from going on.
        let make = format!("{open}{text}\n))");
        let lost = |_| Printed::NotAtAll;
        self.client.batch_execute(&set).await.map_err(lost)?;
        // One statement, whatever the text is: that is what the extended protocol takes.
        if let Err(error) = self.client.execute(&make, &[]).await {
            let Some(error) = error.as_db_error() else {
                return Err(Printed::NotAtAll);
            };
            self.client.batch_execute(&set).await.map_err(lost)?;
            return Err(self.refused(error, &open, table, text).await);
        }
        let read = "SET LOCAL search_path = ''; SELECT pg_catalog.pg_get_expr(polqual, polrelid) \
                    FROM pg_catalog.pg_policy WHERE polname = 'driftless_probe'";
        let rows = self.client.simple_query(read).await.map_err(lost)?;
        let text = rows.iter().find_map(first_column);
        text.ok_or(Printed::NotAtAll)
    }

    /// Of what `CREATE POLICY` refuses it does not say the place. A query does, if it refuses the same.
    async fn refused(
        &self,
        error: &DbError,
        open: &str,
        table: &QualifiedName,
        text: &str,
    ) -> Printed {
        let query = format!("SELECT FROM {} WHERE ((", name(table));
        let asked = self.client.prepare(&format!("{query}{text}\n))")).await;
        let asked = asked.err();
        let placed = asked.as_ref().and_then(|it| it.as_db_error());
        let placed = placed.filter(|it| it.code() == error.code() && it.position().is_some());
        Printed::Refused {
            error: Box::new(placed.unwrap_or(error).clone()),
            before: placed.map_or(open, |_| &query).chars().count(),
        }
    }

    /// Leaves the database as it was.
    pub(super) async fn end(self) {
        // A session that is lost has rolled back by itself.
        let _ = self.client.batch_execute("ROLLBACK").await;
    }
}

fn first_column(message: &SimpleQueryMessage) -> Option<String> {
    let SimpleQueryMessage::Row(row) = message else {
        return None;
    };
    row.get(0).map(str::to_owned)
}

/// The statements that lead from what is recorded to the tables that the schema desires. Policies go: those of now may
/// stand in the way of the tables, and each of the schema is tried alone.
fn bring_about(prisma: &PrismaCatalog, recorded: &Catalog, major: u16) -> String {
    let bare = prisma.clone().without_row_security();
    let mut desired = bare.onto(recorded, &Answers::default()).catalog;
    let own = desired.tables.iter_mut().map(|it| &mut it.policies);
    let managed = desired.managed_tables.iter_mut().map(|it| &mut it.policies);
    own.chain(managed).for_each(|it| it.retain(|_| false));
    let options = diff_options(prisma, major);
    let changes = diff(recorded, &desired, &options);
    let changes = plan(changes, recorded, &desired, &options);
    let sql = SqlOptions {
        server_major: major,
        ..SqlOptions::default()
    };
    let steps = steps(&changes, recorded, &desired, &sql);
    let statements = steps.iter().flat_map(|it| &it.statements);
    statements.map(|it| format!("{};\n", it.sql)).collect()
}
