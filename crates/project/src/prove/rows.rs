//! Whether the data is there that should be.

use driftless_catalog::{Catalog, Column, ObjectId, QualifiedName, Table};
use driftless_lint::Plan;
use driftless_sql_text::quote_always;
use tokio_postgres::Client;

use super::{Certificate, Check};

/// What is asked of each table before the script and after it.
pub(super) struct Survey {
    questions: Vec<Question>,
}

struct Question {
    what: String,
    sql: String,
    /// The answer before; `None` if there was none to be had.
    before: Option<String>,
}

impl Survey {
    /// Asks of every table that stays how many rows it has, and of every column that keeps its type what is in it, but
    /// where the plan says that data goes.
    pub(super) async fn take(client: &Client, from: &Catalog, to: &Catalog, plan: &Plan) -> Self {
        let mut questions = Vec::new();
        for table in from.tables.iter() {
            let Some(after) = to.tables.get(&table.name) else {
                continue;
            };
            let lossy = plan
                .statements
                .iter()
                .any(|it| it.loses_data() && it.object == ObjectId::Table(table.name.clone()));
            let name = sql_name(&table.name);
            questions.push(Question {
                what: format!("rows of {}", table.name),
                sql: format!("SELECT count(*)::text FROM {name}"),
                before: None,
            });
            let kept = |it: &&Column| stays(it, after);
            for column in table.columns.iter().filter(kept).filter(|_| !lossy) {
                let quoted = quote_always(column.name.as_str());
                questions.push(Question {
                    what: format!("values of {}.{}", table.name, column.name),
                    sql: format!(
                        "SELECT coalesce(string_agg(v, ',' ORDER BY v), '') FROM \
                         (SELECT md5({quoted}::text) AS v FROM {name}) AS kept"
                    ),
                    before: None,
                });
            }
        }
        for it in &mut questions {
            it.before = answer(client, &it.sql).await;
        }
        Self { questions }
    }

    /// Asks again.
    pub(super) async fn check(&self, client: &Client, certificate: &mut Certificate) {
        let mut lost = Vec::new();
        let mut asked = 0;
        for it in &self.questions {
            let Some(before) = &it.before else { continue };
            asked += 1;
            if answer(client, &it.sql).await.as_ref() != Some(before) {
                lost.push(it.what.clone());
            }
        }
        match (&lost[..], asked) {
            ([], 0) => certificate.undecided(Check::SURVIVAL, "no table stays"),
            ([], asked) => {
                let detail = format!("{asked} counts and columns are as they were");
                certificate.passed(Check::SURVIVAL, detail);
            }
            (lost, _) => certificate.failed(
                Check::SURVIVAL,
                format!("not as it was: {}", lost.join(", ")),
            ),
        }
    }
}

/// Whether a column has the same values afterwards.
fn stays(column: &Column, after: &Table) -> bool {
    let after = after.column(&column.name);
    column.generated.is_none()
        && after.is_some_and(|it| it.data_type == column.data_type && it.generated.is_none())
        // Those that had none may be filled.
        && after.is_some_and(|it| it.not_null == column.not_null)
}

/// Rows that would stop the way back are of no use to it.
pub(super) async fn remove(client: &Client, table: &QualifiedName) {
    let sql = format!("TRUNCATE {} CASCADE", sql_name(table));
    // A view has none, and a table may be gone by now.
    let _ = client.batch_execute(&sql).await;
}

async fn answer(client: &Client, sql: &str) -> Option<String> {
    let row = client.query_one(sql, &[]).await.ok()?;
    row.try_get(0).ok()
}

fn sql_name(name: &QualifiedName) -> String {
    let (schema, name) = (name.schema.as_str(), name.name.as_str());
    format!("{}.{}", quote_always(schema), quote_always(name))
}
