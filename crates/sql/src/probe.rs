//! What to ask the rows that are there.

use driftless_catalog::{DataType, Ident, QualifiedName};
use driftless_sql_text::quote_literal;

use crate::hazard::{Alike, EnumColumn, Hazard};
use crate::name::ident;
use crate::{SqlOptions, survival};

/// A question to the database that a statement is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// A query of one row with one boolean. If it is false, the hazard does not come true.
    pub sql: String,
    /// Whether the hazard comes true for certain if it is true.
    pub proves: bool,
    /// Whether it casts values: then the server may refuse one (`data_exception`, `feature_not_supported`), and that is
    /// as good as true.
    pub casts: bool,
}

impl Hazard {
    /// What to ask a database that is in the state before, to know whether it matters there; `None` if no
    /// data makes it harmless.
    ///
    /// Each query stops at the first row that it finds; those for rows that are alike read all before that.
    pub fn probe(&self) -> Option<Probe> {
        if let Self::CastsValues {
            table,
            column,
            from,
            to,
        } = self
        {
            return Some(of_cast(table, column, from, to));
        }
        let (condition, proves) = match self {
            Self::DropsTable { table }
            | Self::AddsRequiredColumn { table, .. }
            | Self::RemakesColumn {
                table,
                required: true,
                ..
            } => (rows(table, ""), true),
            Self::DropsColumn { table, column } | Self::RemakesColumn { table, column, .. } => {
                (has_values(table, column), true)
            }
            Self::RequiresValues { table, column } => {
                let condition = format!(" WHERE {} IS NULL", ident(column));
                (rows(table, &condition), true)
            }
            Self::AddsUnique { table, alike, .. } | Self::AddsPrimaryKey { table, alike, .. } => {
                (two_alike(table, alike), alike.certain)
            }
            Self::DropsPrimaryKey { table, .. }
            | Self::AddsConstraint { table, .. }
            | Self::FitsNoPartition { table } => (rows(table, ""), false),
            Self::RemovesLabels {
                labels, held_by, ..
            } => (holds_one(labels, held_by), true),
            Self::CastsValues { .. }
            | Self::StandsInTheWay { .. }
            | Self::Deletes { .. }
            | Self::RenamesObject { .. }
            | Self::Unmodelled { .. } => {
                return None;
            }
        };
        Some(Probe {
            sql: format!("SELECT {condition}"),
            proves,
            casts: false,
        })
    }
}

/// Whether a value of a column is lost, or, of types for which that cannot be asked, whether there is one.
fn of_cast(table: &QualifiedName, column: &Ident, from: &DataType, to: &DataType) -> Probe {
    let lost = survival::lost(column, from, to);
    let asks = lost.is_some();
    let condition = match lost {
        Some(lost) => rows(table, &format!(" WHERE {lost}")),
        None => has_values(table, column),
    };
    Probe {
        sql: format!("SELECT {condition}"),
        proves: asks,
        casts: asks,
    }
}

fn rows(table: &QualifiedName, condition: &str) -> String {
    let table = SqlOptions::default().name(table);
    format!("EXISTS (SELECT FROM {table}{condition})")
}

fn has_values(table: &QualifiedName, column: &Ident) -> String {
    rows(table, &format!(" WHERE {} IS NOT NULL", ident(column)))
}

fn two_alike(table: &QualifiedName, alike: &Alike) -> String {
    let columns: Vec<String> = alike.columns.iter().map(ident).collect();
    if columns.is_empty() {
        // It takes two to be alike.
        return rows(table, " OFFSET 1");
    }
    let has_value: Vec<String> = columns
        .iter()
        .map(|it| format!("{it} IS NOT NULL"))
        .collect();
    let condition = match alike.nulls {
        true => String::new(),
        false => format!(" WHERE {}", has_value.join(" AND ")),
    };
    let group = columns.join(", ");
    rows(
        table,
        &format!("{condition} GROUP BY {group} HAVING pg_catalog.count(*) > 1"),
    )
}

fn holds_one(labels: &[String], held_by: &[EnumColumn]) -> String {
    let labels: Vec<String> = labels.iter().map(|it| quote_literal(it)).collect();
    let labels = format!("ARRAY[{}]", labels.join(", "));
    let held = |it: &EnumColumn| {
        let column = ident(&it.column);
        let condition = match it.is_list {
            true => format!(" WHERE {column}::text[] && {labels}"),
            false => format!(" WHERE {column}::text = ANY ({labels})"),
        };
        rows(&it.table, &condition)
    };
    let held: Vec<String> = held_by.iter().map(held).collect();
    match held.is_empty() {
        true => "false".to_owned(),
        false => held.join(" OR "),
    }
}
