use crate::{Expression, Ident, Named, QualifiedName};

/// A constraint of a table, with a row in `pg_constraint`.
///
/// A unique index without such a row, which is what Prisma Migrate creates for `@unique`, is an
/// [`Index`](crate::Index). `NOT NULL` is a property of the column; from PostgreSQL 18 on it has a name of
/// its own, and is here only if that is not the one the server would choose.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Constraint {
    /// Its name, unique in its table.
    pub name: Ident,
    /// What it demands.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub kind: ConstraintKind,
    /// When it is checked.
    #[cfg_attr(feature = "serde", serde(default))]
    pub deferral: Deferral,
    /// Whether the rows that were there before are known to obey (`NOT VALID` if not).
    pub validated: bool,
    /// Whether it is checked at all (`NOT ENFORCED` if not; PostgreSQL 18).
    pub enforced: bool,
    /// Whether a parent table has it and this one has not declared it itself.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "std::ops::Not::not")
    )]
    pub inherited: bool,
    /// The index of a partitioned table that its own index is a part of.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub partition_of: Option<QualifiedName>,
    /// What `COMMENT ON` has set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub comment: Option<String>,
    /// The comment of the index behind a key, which is another one.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub index_comment: Option<String>,
}

impl Constraint {
    /// Whether an index is behind it: it is a key, or excludes rows.
    pub fn has_index(&self) -> bool {
        match self.kind {
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Exclusion { .. } => true,
            ConstraintKind::ForeignKey(_)
            | ConstraintKind::Check { .. }
            | ConstraintKind::NotNull { .. } => false,
        }
    }
}

/// What a constraint demands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", rename_all = "snake_case"))]
pub enum ConstraintKind {
    /// `PRIMARY KEY`
    PrimaryKey(KeyColumns),
    /// `UNIQUE`
    Unique(KeyColumns),
    /// `FOREIGN KEY`
    ForeignKey(ForeignKey),
    /// `CHECK`
    Check {
        /// What must not be false.
        expression: Expression,
        /// `NO INHERIT`
        no_inherit: bool,
    },
    /// `EXCLUDE`
    Exclusion {
        /// The access method, mostly `gist`.
        method: Ident,
        /// What is compared, and how.
        elements: Vec<ExclusionElement>,
        /// `INCLUDE`
        include: Vec<Ident>,
        /// `WHERE`
        predicate: Option<Expression>,
        /// Storage parameters of its index.
        options: Vec<String>,
    },
    /// A `NOT NULL` with a name of its own (PostgreSQL 18).
    NotNull {
        /// The column.
        column: Ident,
        /// `NO INHERIT`
        no_inherit: bool,
    },
}

/// The columns of a primary key or unique constraint, and what its index has besides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct KeyColumns {
    /// In the order of the key.
    pub columns: Vec<Ident>,
    /// `INCLUDE`
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub include: Vec<Ident>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15); only for unique constraints.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` on the last column (PostgreSQL 18).
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub without_overlaps: bool,
    /// Storage parameters of its index.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub options: Vec<String>,
    /// The tablespace of its index, where it is not the database's own.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub tablespace: Option<Ident>,
    /// Whether the table was last clustered on its index.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub clustered: bool,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ForeignKey {
    /// The referencing columns.
    pub columns: Vec<Ident>,
    /// The referenced table.
    pub references: QualifiedName,
    /// The referenced columns, as many as there are referencing ones.
    pub referenced_columns: Vec<Ident>,
    /// What happens to a row whose referenced row is deleted.
    pub on_delete: ReferentialAction,
    /// What happens to a row whose referenced key changes.
    pub on_update: ReferentialAction,
    /// The columns that `ON DELETE SET NULL (…)` or `SET DEFAULT (…)` names (PostgreSQL 15).
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub on_delete_columns: Vec<Ident>,
    /// How NULLs in a composite key count.
    #[cfg_attr(feature = "serde", serde(default))]
    pub match_kind: MatchKind,
    /// `PERIOD` on the last column (PostgreSQL 18).
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "std::ops::Not::not")
    )]
    pub period: bool,
}

/// `ON DELETE`, `ON UPDATE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ReferentialAction {
    /// Refuse, at the end of the statement or, deferred, of the transaction.
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Do the same to the referencing row.
    Cascade,
    /// Set the referencing columns to NULL.
    SetNull,
    /// Set the referencing columns to their defaults.
    SetDefault,
}

impl ReferentialAction {
    /// As it stands behind `ON DELETE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }
}

/// How NULLs in a composite foreign key count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum MatchKind {
    /// One NULL is enough for the row not to be checked.
    #[default]
    Simple,
    /// All or none.
    Full,
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Deferral {
    /// At once, always.
    #[default]
    NotDeferrable,
    /// At once, unless a transaction says otherwise.
    Immediate,
    /// At the end of the transaction, unless it says otherwise.
    Deferred,
}

/// What an exclusion constraint compares.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ExclusionElement {
    /// Column or expression with opclass, collation and order.
    pub key: crate::IndexKey,
    /// The operator, as SQL writes it, with its schema where it needs one.
    pub operator: String,
}

impl Constraint {
    /// A constraint that is enforced, validated and not deferrable.
    pub fn new(name: Ident, kind: ConstraintKind) -> Self {
        Self {
            name,
            kind,
            deferral: Deferral::NotDeferrable,
            validated: true,
            enforced: true,
            inherited: false,
            partition_of: None,
            comment: None,
            index_comment: None,
        }
    }
}

impl Named for Constraint {
    type Name = Ident;

    fn name(&self) -> &Ident {
        &self.name
    }
}
