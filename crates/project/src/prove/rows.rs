//! Whether the data is there that should be.

use driftless_catalog::{
    Catalog, Column, DataType, Ident, ObjectId, ObjectKind, Other, OtherId, QualifiedName, Table,
};
use driftless_diff::is_partitioned_anew;
use driftless_sql_text::quote_always;
use tokio_postgres::Client;

use super::{Certificate, Check, Claim};

/// What is asked of each table before the script and after it.
pub(super) struct Survey {
    questions: Vec<Question>,
}

struct Question {
    what: String,
    sql: String,
    /// The same under the names that the script gives.
    sql_after: String,
    /// The answer before; `None` if there was none to be had.
    before: Option<String>,
}

impl Survey {
    /// Asks of every table that stays how many rows it has, and of every column that keeps its type what is in it, but
    /// where the plan says that data goes. Rows of partitions and children are their own: those may come and go.
    pub(super) async fn take(client: &Client, claim: &Claim<'_>) -> Self {
        let (names, to) = (claim.names, claim.to);
        let mut questions = Vec::new();
        for table in claim.from.tables.iter() {
            let name_after = names.relation(&table.name);
            let Some(after) = to.tables.get(&name_after) else {
                continue;
            };
            let lossy = claim
                .plan
                .statements
                .iter()
                .any(|it| it.loses_data() && it.object == ObjectId::Table(name_after.clone()));
            if is_part_of_other(table, claim) {
                continue;
            }
            let spread_otherwise = is_partitioned_anew(table, after);
            let rows = |name: &QualifiedName| match spread_otherwise {
                true => sql_name(name),
                false => format!("ONLY {}", sql_name(name)),
            };
            let count = |name| format!("SELECT count(*)::text FROM {}", rows(name));
            questions.push(Question {
                what: format!("rows of {}", table.name),
                sql: count(&table.name),
                sql_after: count(&name_after),
                before: None,
            });
            for column in table.columns.iter().filter(|_| !lossy) {
                let column_after = names.column(&table.name, &column.name);
                let counterpart = after.column(&column_after);
                if !counterpart.is_some_and(|it| stays(column, it, claim)) {
                    continue;
                }
                questions.push(Question {
                    what: format!("values of {}.{}", table.name, column.name),
                    sql: values(&rows(&table.name), &column.name),
                    sql_after: values(&rows(&name_after), &column_after),
                    before: None,
                });
            }
        }
        for it in &mut questions {
            it.before = answer(client, &it.sql).await.ok();
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
            match answer(client, &it.sql_after).await {
                Ok(after) if after == *before => {}
                Ok(_) => lost.push(it.what.clone()),
                Err(why) => lost.push(format!("{} ({why})", it.what)),
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

/// Whether a column has the same values afterwards, in the same words.
fn stays(before: &Column, after: &Column, claim: &Claim<'_>) -> bool {
    let names = claim.names;
    let is_of_renamed_label = || {
        let name = before.data_type.name.user_defined();
        let of = name.and_then(|it| claim.from.enums.get(&it));
        of.is_some_and(|of| of.labels.iter().any(|it| names.label(&of.name, it) != *it))
    };
    before.generated.is_none()
        && after.generated.is_none()
        && names.data_type(&before.data_type) == after.data_type
        && !is_of_renamed_label()
        && is_stored_alike(&before.data_type, claim)
        && !type_of(before).is_some_and(|it| is_altered(&it, claim))
        // Those that had none may be filled.
        && before.not_null == after.not_null
}

/// Whether a domain, under its name, is over the same type as before.
fn is_stored_alike(ty: &DataType, claim: &Claim<'_>) -> bool {
    let stored = |catalog: &Catalog, ty: &DataType| {
        let mut ty = ty.clone();
        while let Some(domain) = ty
            .name
            .user_defined()
            .and_then(|it| catalog.domains.get(&it))
        {
            ty = domain.base.clone();
        }
        ty
    };
    let after = claim.names.data_type(ty);
    claim.names.data_type(&stored(claim.from, ty)) == stored(claim.to, &after)
}

/// Whether a table is a partition, directly or not, of one that is partitioned otherwise: other rows go to it.
fn is_part_of_other(table: &Table, claim: &Claim<'_>) -> bool {
    let mut next = table.partition.as_ref();
    while let Some(it) = next {
        let before = claim.from.tables.get(&it.of);
        let after = claim.to.tables.get(&claim.names.relation(&it.of));
        let pair = before.zip(after);
        if pair.is_some_and(|(before, after)| is_partitioned_anew(before, after)) {
            return true;
        }
        next = before.and_then(|it| it.partition.as_ref());
    }
    false
}

/// The type of a column, if it is made of others.
fn type_of(column: &Column) -> Option<ObjectId> {
    let name = column.data_type.name.user_defined()?;
    Some(ObjectId::Other(OtherId {
        kind: ObjectKind::CompositeType,
        identity: name.to_string(),
    }))
}

/// Whether a type has other attributes afterwards, or one that it is made of has.
fn is_altered(ty: &ObjectId, claim: &Claim<'_>) -> bool {
    let ObjectId::Other(id) = ty else {
        return false;
    };
    let attributes = |it: &Other| it.attributes.clone();
    let before = claim.from.others.get(id).map(attributes);
    let after = claim.to.others.get(id).map(attributes);
    let mut parts = claim.from.dependencies_of(ty);
    id.kind == ObjectKind::CompositeType
        && (before != after || parts.any(|it| is_altered(it, claim)))
}

/// What is in a column, in one line.
fn values(rows: &str, column: &Ident) -> String {
    let quoted = quote_always(column.as_str());
    format!(
        "SELECT coalesce(string_agg(v, ',' ORDER BY v), '') FROM \
         (SELECT md5({quoted}::text) AS v FROM {rows}) AS kept"
    )
}

/// Rows that would stop the way back are of no use to it.
pub(super) async fn remove(client: &Client, table: &QualifiedName) {
    let sql = format!("TRUNCATE {} CASCADE", sql_name(table));
    // A view has none, and a table may be gone by now.
    let _ = client.batch_execute(&sql).await;
}

async fn answer(client: &Client, sql: &str) -> Result<String, String> {
    let row = client.query_one(sql, &[]).await;
    let text = row.and_then(|it| it.try_get(0));
    text.map_err(|error| match error.as_db_error() {
        Some(said) => said.message().to_owned(),
        None => error.to_string(),
    })
}

fn sql_name(name: &QualifiedName) -> String {
    let (schema, name) = (name.schema.as_str(), name.name.as_str());
    format!("{}.{}", quote_always(schema), quote_always(name))
}
