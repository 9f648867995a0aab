use crate::{Collection, Common, DataType, Expression, Ident, Named, QualifiedName};

/// A domain: a type with constraints.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Domain {
    /// Its name.
    pub name: QualifiedName,
    /// The type it narrows.
    pub base: DataType,
    /// Whether NULL is refused.
    #[cfg_attr(feature = "serde", serde(default))]
    pub not_null: bool,
    /// What a column of it is filled with.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub default: Option<Expression>,
    /// The collation, where it is not the base type's.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub collation: Option<QualifiedName>,
    /// Checks.
    #[cfg_attr(feature = "serde", serde(default))]
    pub constraints: Collection<DomainConstraint>,
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

/// A check of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DomainConstraint {
    /// Its name, unique in its domain.
    pub name: Ident,
    /// What must not be false of `VALUE`.
    pub expression: Expression,
    /// Whether the values that were there before are known to obey.
    pub validated: bool,
    /// What `COMMENT ON` has set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub comment: Option<String>,
}

impl Named for Domain {
    type Name = QualifiedName;

    fn name(&self) -> &QualifiedName {
        &self.name
    }
}

impl Named for DomainConstraint {
    type Name = Ident;

    fn name(&self) -> &Ident {
        &self.name
    }
}
