use std::collections::BTreeSet;
use std::fmt;

use crate::{Expression, Ident, Named};

/// A row level security policy. Follows PostgreSQL, `CREATE POLICY`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Policy {
    /// Its name, unique on its table.
    pub name: Ident,
    /// Permissive policies are joined by OR, restrictive ones by AND.
    pub permissive: bool,
    /// What it is about.
    pub command: PolicyCommand,
    /// Whom it is about; never empty.
    pub roles: BTreeSet<PolicyRole>,
    /// Which rows there are for the command.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub using: Option<Expression>,
    /// Which rows may be written; where it is missing, `using` counts.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub with_check: Option<Expression>,
    /// What `COMMENT ON` has set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub comment: Option<String>,
}

/// `FOR …`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum PolicyCommand {
    /// All four.
    All,
    /// Reading.
    Select,
    /// Adding.
    Insert,
    /// Changing.
    Update,
    /// Removing.
    Delete,
}

impl PolicyCommand {
    /// As it stands behind `FOR`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// `TO …`
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum PolicyRole {
    /// Every role: the keyword `PUBLIC`.
    Public,
    /// A role and its members.
    Named(Ident),
}

impl fmt::Display for PolicyRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("PUBLIC"),
            Self::Named(role) => role.fmt(f),
        }
    }
}

impl Named for Policy {
    type Name = Ident;

    fn name(&self) -> &Ident {
        &self.name
    }
}
