use std::collections::BTreeSet;

use crate::{Deferral, Expression, Ident, Named, QualifiedName};

/// A trigger. Follows PostgreSQL, `CREATE TRIGGER`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Trigger {
    /// Its name, unique on its table.
    pub name: Ident,
    /// Before, after or instead of the event.
    pub timing: TriggerTiming,
    /// What fires it.
    pub events: BTreeSet<TriggerEvent>,
    /// The columns that `UPDATE OF` names, in order; empty for any.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub update_columns: Vec<Ident>,
    /// Once for each row, or once for the statement.
    pub level: TriggerLevel,
    /// `WHEN`
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub when: Option<Expression>,
    /// What is called. It has no SQL arguments.
    pub function: QualifiedName,
    /// What it finds in `TG_ARGV`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub arguments: Vec<String>,
    /// `CONSTRAINT` triggers: when they fire.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub constraint: Option<Deferral>,
    /// `FROM`, for constraint triggers.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub references: Option<QualifiedName>,
    /// `REFERENCING OLD TABLE AS`
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub old_table: Option<Ident>,
    /// `REFERENCING NEW TABLE AS`
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub new_table: Option<Ident>,
    /// When it is heeded.
    #[cfg_attr(feature = "serde", serde(default))]
    pub enabled: TriggerEnabled,
    /// What `COMMENT ON` has set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub comment: Option<String>,
}

/// When a trigger runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum TriggerTiming {
    /// `BEFORE`
    Before,
    /// `AFTER`
    After,
    /// `INSTEAD OF`
    InsteadOf,
}

/// What fires a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum TriggerEvent {
    /// `INSERT`
    Insert,
    /// `DELETE`
    Delete,
    /// `UPDATE`
    Update,
    /// `TRUNCATE`
    Truncate,
}

/// How often a trigger runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum TriggerLevel {
    /// `FOR EACH ROW`
    Row,
    /// `FOR EACH STATEMENT`
    Statement,
}

/// When a trigger is heeded. Follows PostgreSQL, `ALTER TABLE`, `ENABLE TRIGGER`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum TriggerEnabled {
    /// In ordinary sessions.
    #[default]
    Origin,
    /// Never.
    Disabled,
    /// In replication sessions only.
    Replica,
    /// In all sessions.
    Always,
}

impl Named for Trigger {
    type Name = Ident;

    fn name(&self) -> &Ident {
        &self.name
    }
}
