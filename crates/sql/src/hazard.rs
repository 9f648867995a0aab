//! What a statement may cost, most of all data.

use driftless_catalog::{DataType, Ident, ObjectId, QualifiedName};
use driftless_sql_text::quote_literal;

use crate::SqlOptions;
use crate::name::ident;

/// What a statement may cost.
///
/// Whether it does is a matter of the rows that are there: see [`Hazard::probe`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hazard {
    /// A table goes with all its rows.
    DropsTable {
        /// The table.
        table: QualifiedName,
    },
    /// A column goes with all its values.
    DropsColumn {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
    },
    /// A column is dropped and made again, because nothing leads from its old type to the new one.
    RemakesColumn {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
        /// The new type.
        to: DataType,
        /// Whether rows would have no value for it, and may not be without one: then it fails.
        required: bool,
    },
    /// A column that must have a value, and says none for the rows that are there.
    AddsRequiredColumn {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
    },
    /// A column that may be NULL no longer may.
    RequiresValues {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
    },
    /// The type of a column changes to one that does not hold every value of the old one.
    CastsValues {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
        /// The new type.
        to: DataType,
    },
    /// Rows that may be alike no longer may.
    AddsUnique {
        /// Their table.
        table: QualifiedName,
        /// In what they may not be alike; empty if that is not columns alone.
        columns: Vec<Ident>,
    },
    /// A primary key is made over columns that may hold the same values twice.
    AddsPrimaryKey {
        /// Its table.
        table: QualifiedName,
        /// Its columns.
        columns: Vec<Ident>,
    },
    /// A primary key is dropped.
    DropsPrimaryKey {
        /// Its table.
        table: QualifiedName,
        /// Whether another one takes its place.
        replaced: bool,
    },
    /// A constraint is added that rows may not obey.
    AddsConstraint {
        /// Its table.
        table: QualifiedName,
        /// Its name.
        name: Ident,
    },
    /// Labels of an enum go.
    RemovesLabels {
        /// The enum.
        name: QualifiedName,
        /// The labels.
        labels: Vec<String>,
        /// The columns that keep the type.
        held_by: Vec<EnumColumn>,
    },
    /// Something else goes that is not in a table.
    Deletes {
        /// Which, in words: `the files in bucket avatars`.
        what: String,
    },
    /// Nobody has modelled the object: a person has to write the statement.
    Unmodelled {
        /// What differs.
        what: String,
    },
}

/// A column whose type is an enum, or a list of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumColumn {
    /// Its table.
    pub table: QualifiedName,
    /// The column.
    pub column: Ident,
    /// Whether it holds lists.
    pub is_list: bool,
}

/// What a hazard comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Data is gone afterwards.
    DeletesData,
    /// Values are rounded or cut, or the statement fails.
    ChangesData,
    /// The statement fails.
    Fails,
    /// Nothing tells rows of a table apart.
    LosesKey,
    /// There is no statement: a person has to write it.
    ByHand,
}

/// A question to the database that a statement is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// A query of one row with one boolean. If it is false, the hazard does not come true.
    pub sql: String,
    /// Whether the hazard comes true for certain if it is true.
    pub proves: bool,
}

impl Hazard {
    /// What it comes to.
    pub fn effect(&self) -> Effect {
        match self {
            Self::DropsTable { .. } | Self::DropsColumn { .. } | Self::Deletes { .. } => {
                Effect::DeletesData
            }
            Self::RemakesColumn { required, .. } => match required {
                true => Effect::Fails,
                false => Effect::DeletesData,
            },
            Self::CastsValues { .. } => Effect::ChangesData,
            Self::AddsRequiredColumn { .. }
            | Self::RequiresValues { .. }
            | Self::AddsUnique { .. }
            | Self::AddsPrimaryKey { .. }
            | Self::AddsConstraint { .. }
            | Self::RemovesLabels { .. } => Effect::Fails,
            Self::DropsPrimaryKey { .. } => Effect::LosesKey,
            Self::Unmodelled { .. } => Effect::ByHand,
        }
    }

    /// In words: the data that is deleted, the case in which the statement fails or changes values, the table
    /// that loses its key, or what has to be done by hand.
    pub fn what(&self) -> String {
        match self {
            Self::DropsTable { table } => format!("all rows of table {table}"),
            Self::DropsColumn { table, column } => format!("all values of column {table}.{column}"),
            Self::RemakesColumn {
                table,
                column,
                to,
                required,
            } => match required {
                true => format!(
                    "table {table} has rows, because {column} is made again as {to} and they would have no value for it"
                ),
                false => {
                    format!("all values of column {table}.{column}, which is made again as {to}")
                }
            },
            Self::AddsRequiredColumn { table, column } => {
                format!("table {table} has rows, which would have no value for {column}")
            }
            Self::RequiresValues { table, column } => format!("a row has NULL in {table}.{column}"),
            Self::CastsValues { table, column, to } => {
                format!("a value of {table}.{column} does not fit into {to}")
            }
            Self::AddsUnique { table, columns } => match &columns[..] {
                [] => format!("two rows of {table} have the same key"),
                columns => format!("two rows of {table} have the same {}", listed(columns)),
            },
            Self::AddsPrimaryKey { table, columns } => {
                format!("two rows of {table} have the same {}", listed(columns))
            }
            Self::DropsPrimaryKey { table, replaced } => match replaced {
                true => format!("table {table} has no primary key until the new one is made"),
                false => format!("table {table} has no primary key any more"),
            },
            Self::AddsConstraint { table, name } => {
                format!("a row of {table} does not obey {name}")
            }
            Self::RemovesLabels { name, labels, .. } => {
                let labels: Vec<String> = labels.iter().map(|it| quote_literal(it)).collect();
                format!("a row still holds {} of enum {name}", labels.join(" or "))
            }
            Self::Deletes { what } | Self::Unmodelled { what } => what.clone(),
        }
    }

    /// What it is about.
    pub fn object(&self) -> Option<ObjectId> {
        Some(match self {
            Self::DropsTable { table }
            | Self::AddsUnique { table, .. }
            | Self::AddsPrimaryKey { table, .. }
            | Self::DropsPrimaryKey { table, .. } => ObjectId::Table(table.clone()),
            Self::DropsColumn { table, column }
            | Self::RemakesColumn { table, column, .. }
            | Self::AddsRequiredColumn { table, column }
            | Self::RequiresValues { table, column }
            | Self::CastsValues { table, column, .. } => {
                ObjectId::Column(table.clone(), column.clone())
            }
            Self::AddsConstraint { table, name } => {
                ObjectId::Constraint(table.clone(), name.clone())
            }
            Self::RemovesLabels { name, .. } => ObjectId::Enum(name.clone()),
            Self::Deletes { .. } | Self::Unmodelled { .. } => return None,
        })
    }

    /// What to ask a database that is in the state before, to know whether it matters there; `None` if no
    /// data makes it harmless.
    ///
    /// Each query stops at the first row that it finds.
    pub fn probe(&self) -> Option<Probe> {
        let rows = |table: &QualifiedName, condition: &str| {
            format!("EXISTS (SELECT FROM {}{condition})", qualified(table))
        };
        let has_values = |table: &QualifiedName, column: &Ident| {
            rows(table, &format!(" WHERE {} IS NOT NULL", ident(column)))
        };
        let (condition, proves) = match self {
            Self::DropsTable { table } | Self::AddsRequiredColumn { table, .. } => {
                (rows(table, ""), true)
            }
            Self::RemakesColumn {
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
            Self::CastsValues { table, column, .. } => (has_values(table, column), false),
            // It takes two to be alike.
            Self::AddsUnique { table, .. } | Self::AddsPrimaryKey { table, .. } => {
                (rows(table, " OFFSET 1"), false)
            }
            Self::DropsPrimaryKey { table, .. } | Self::AddsConstraint { table, .. } => {
                (rows(table, ""), false)
            }
            Self::RemovesLabels {
                labels, held_by, ..
            } => {
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
                    true => ("false".to_owned(), true),
                    false => (held.join(" OR "), true),
                }
            }
            Self::Deletes { .. } | Self::Unmodelled { .. } => return None,
        };
        Some(Probe {
            sql: format!("SELECT {condition}"),
            proves,
        })
    }
}

/// `a`, or `(a, b)`.
fn listed(columns: &[Ident]) -> String {
    match columns {
        [one] => one.to_string(),
        several => {
            let names: Vec<&str> = several.iter().map(Ident::as_str).collect();
            format!("({})", names.join(", "))
        }
    }
}

fn qualified(table: &QualifiedName) -> String {
    SqlOptions::default().name(table)
}
