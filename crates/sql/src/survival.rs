//! Which values of a column a cast loses, as a question to the server.

use driftless_catalog::{DataType, Ident};

use crate::SqlOptions;
use crate::name::ident;

/// The condition under which a value of `column` does not come through the cast `from` → `to` as it is: there and back
/// again it is another, or the server refuses it. `None` for types of which that question has no answer, because the
/// answer depends on settings of the session, because what is equal there is not the same, or because `ALTER TABLE` casts
/// otherwise than a query.
///
/// Follows PostgreSQL, `CREATE CAST`: to a string `ALTER TABLE` refuses what a query cuts.
pub(crate) fn lost(column: &Ident, from: &DataType, to: &DataType) -> Option<String> {
    if from.is_array() != to.is_array() {
        return None;
    }
    let (before, after) = (Kind::of(from)?, Kind::of(to)?);
    if !before.is_asked_with(after) {
        return None;
    }
    let name = |ty: &DataType| SqlOptions::default().data_type(ty);
    let column = ident(column);
    let cast = format!("({column}::{})", name(to));
    if before != Kind::String && after != Kind::String {
        return Some(format!("{cast}::{} IS DISTINCT FROM {column}", name(from)));
    }
    // Letter by letter, whatever the collation takes for the same.
    let list = if from.is_array() { "[]" } else { "" };
    let text = |it: &str| format!("{it}::TEXT{list} COLLATE \"C\"");
    Some(format!(
        "{} IS DISTINCT FROM {}",
        text(&cast),
        text(&column)
    ))
}

/// Types whose values can be asked about together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Whole and decimal numbers.
    Exact,
    Float,
    String,
    Uuid,
    /// Moments without a zone.
    Moment,
    /// Those that only lose digits to their like.
    Clock(&'static str),
}

impl Kind {
    fn of(ty: &DataType) -> Option<Self> {
        if !ty.name.in_pg_catalog() {
            return None;
        }
        Some(match &*ty.name.name {
            "int2" | "int4" | "int8" | "numeric" => Self::Exact,
            "float4" | "float8" => Self::Float,
            "text" | "varchar" | "bpchar" => Self::String,
            "uuid" => Self::Uuid,
            "date" | "timestamp" => Self::Moment,
            "time" => Self::Clock("time"),
            "timetz" => Self::Clock("timetz"),
            "timestamptz" => Self::Clock("timestamptz"),
            _ => return None,
        })
    }

    fn is_asked_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::Exact | Self::Float, Self::Exact | Self::Float) => true,
            (Self::Exact | Self::Uuid | Self::String, Self::String) => true,
            (Self::String, Self::Exact | Self::Uuid) => true,
            (Self::Moment, Self::Moment) => true,
            (Self::Clock(a), Self::Clock(b)) => a == b,
            (
                Self::Exact
                | Self::Float
                | Self::String
                | Self::Uuid
                | Self::Moment
                | Self::Clock(_),
                _,
            ) => false,
        }
    }
}
