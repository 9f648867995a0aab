//! How the values of two columns are spread, as two live servers have counted them.

use driftless_catalog::{Ident, Nameable, ObjectId, QualifiedName};
use driftless_connect::{ConnectOptions, ConnectUrl, connect};
use driftless_diff::{Candidate, Evidence};
use driftless_sql_text::quote_literal;
use tokio_postgres::SimpleQueryMessage;

use crate::ProjectError;

/// As many pairs are looked at, at the most.
const PAIRS: usize = 100;

/// What a server knows of a column. Values are compared and never told.
struct Spread {
    null_share: f64,
    distinct: f64,
    common: Option<String>,
}

/// Adds to the candidates that are columns what the statistics of both databases say.
///
/// # Errors
/// [`ProjectError::Connect`] if a database can no longer be reached.
pub(super) async fn compare(
    candidates: &mut [Candidate],
    from: &ConnectUrl,
    to: &ConnectUrl,
) -> Result<(), ProjectError> {
    let columns = |it: &Candidate| {
        let (from, to) = (column(&it.rename.from)?, column(&it.rename.to)?);
        Some((from, to))
    };
    let pairs: Vec<(usize, _)> = candidates
        .iter()
        .enumerate()
        .filter(|(_, it)| !it.evidence.is_empty())
        .filter_map(|(at, it)| Some((at, columns(it)?)))
        .take(PAIRS)
        .collect();
    if pairs.is_empty() {
        return Ok(());
    }
    let before = spreads(from, pairs.iter().map(|(_, (it, _))| it)).await?;
    let after = spreads(to, pairs.iter().map(|(_, (_, it))| it)).await?;
    for ((at, _), (before, after)) in pairs.iter().zip(before.iter().zip(&after)) {
        if let (Some(before), Some(after)) = (before, after) {
            candidates[*at].evidence.extend(same(before, after));
        }
    }
    Ok(())
}

fn column(it: &Nameable) -> Option<(QualifiedName, Ident)> {
    match it {
        Nameable::Object(ObjectId::Column(table, name)) => Some((table.clone(), name.clone())),
        Nameable::Object(_) | Nameable::Label(..) | Nameable::Attribute(..) => None,
    }
}

/// The statistics of columns, `None` for those that were never counted or may not be read.
async fn spreads(
    url: &ConnectUrl,
    columns: impl Iterator<Item = &(QualifiedName, Ident)>,
) -> Result<Vec<Option<Spread>>, ProjectError> {
    let connection = connect(url, &ConnectOptions::default()).await;
    let connection = connection.map_err(|source| ProjectError::Connect {
        what: "cannot connect to a database".to_owned(),
        source,
    })?;
    let mut found = Vec::new();
    for (table, name) in columns {
        let literal = |it: &Ident| quote_literal(it.as_str());
        let sql = format!(
            "SELECT null_frac, n_distinct, most_common_vals::text FROM pg_catalog.pg_stats \
             WHERE schemaname = {} AND tablename = {} AND attname = {} AND NOT inherited",
            literal(&table.schema),
            literal(&table.name),
            literal(name)
        );
        // Where the statistics may not be read, they say nothing.
        let answer = connection.simple_query(&sql).await.unwrap_or_default();
        found.push(answer.iter().find_map(spread));
    }
    connection.close().await;
    Ok(found)
}

fn spread(message: &SimpleQueryMessage) -> Option<Spread> {
    let SimpleQueryMessage::Row(row) = message else {
        return None;
    };
    Some(Spread {
        null_share: row.get(0)?.parse().ok()?,
        distinct: row.get(1)?.parse().ok()?,
        common: row.get(2).map(str::to_owned),
    })
}

/// What is alike. Columns that are alike in NULLs alone are nothing special.
fn same(before: &Spread, after: &Spread) -> Option<Evidence> {
    let nulls = (before.null_share - after.null_share).abs() <= 0.05;
    // Below zero it is a share of the rows, above a number.
    let ratio = before.distinct / after.distinct;
    let distinct = (0.8..=1.25).contains(&ratio);
    if !nulls || !distinct {
        return None;
    }
    let mut aspects = vec!["share of NULLs", "number of distinct values"];
    if before.common.is_some() && before.common == after.common {
        aspects.push("most common values");
    }
    Some(Evidence::SameStatistics(aspects))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_with_other_values_are_not_alike() {
        let spread = |null_share, distinct, common: Option<&str>| Spread {
            null_share,
            distinct,
            common: common.map(str::to_owned),
        };
        let one = spread(0.1, 40.0, Some("{a,b}"));
        let alike = same(&one, &spread(0.12, 44.0, Some("{a,b}"))).unwrap();
        let text = "the values are spread alike: share of NULLs, number of distinct values, most common values";
        assert_eq!(alike.to_string(), text);
        assert!(same(&one, &spread(0.5, 40.0, None)).is_none());
        assert!(same(&one, &spread(0.1, -0.5, None)).is_none());
        assert!(same(&one, &spread(0.1, 0.0, None)).is_none());
    }
}
