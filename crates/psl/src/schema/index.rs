use driftless_finding::Span;

use super::{FieldId, OperatorClass, Spanned};

/// `@id` or `@@id`. Prisma schema reference, *`@@id`*.
#[derive(Debug, Clone, PartialEq)]
pub struct PrimaryKey {
    /// In order.
    pub fields: Vec<IndexField>,
    /// `name`, of Prisma Client only.
    pub name: Option<Spanned<String>>,
    /// `map`: the name of the constraint.
    pub mapped_name: Option<Spanned<String>>,
    /// `clustered`, which PostgreSQL does not have: always absent in a valid schema.
    pub clustered: Option<bool>,
    /// On a field or on the block.
    pub declared: Declared,
    /// The whole attribute.
    pub span: Span,
}

/// `@unique`, `@@unique`, `@@index` or `@@fulltext`. Prisma schema reference, *`@@index`, `@@unique`*.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// Which of them.
    pub kind: IndexKind,
    /// In order.
    pub fields: Vec<IndexField>,
    /// `name` of a `@@unique`, of Prisma Client only.
    pub name: Option<Spanned<String>>,
    /// `map`: the name in the database. For `@@index`, an old `name` counts as `map`.
    pub mapped_name: Option<Spanned<String>>,
    /// `type`; B-tree if it is not written.
    pub algorithm: Option<IndexAlgorithm>,
    /// `where`, which only Prisma 7 knows.
    pub predicate: Option<Spanned<Predicate>>,
    /// `clustered`, which PostgreSQL does not have: always absent in a valid schema.
    pub clustered: Option<bool>,
    /// On a field or on the block.
    pub declared: Declared,
    /// The whole attribute.
    pub span: Span,
}

/// Where a key or index is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// By a field attribute.
    OnField(FieldId),
    /// By a block attribute.
    OnBlock,
}

/// The sorts of indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexKind {
    /// `@@index`
    Normal,
    /// `@unique` or `@@unique`
    Unique,
    /// `@@fulltext`, which PostgreSQL does not have: never in a valid schema.
    Fulltext,
}

/// A column of a key or index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexField {
    /// A scalar field of the model.
    pub field: FieldId,
    /// `sort`, if written.
    pub sort: Option<SortOrder>,
    /// `length`, which PostgreSQL does not have: always absent in a valid schema.
    pub length: Option<u32>,
    /// `ops`
    pub operator_class: Option<OperatorClass>,
}

/// The order of a column in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortOrder {
    /// `Asc`
    Asc,
    /// `Desc`
    Desc,
}

/// An index access method. Prisma documentation, *Configuring the access type of indexes with `type`*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndexAlgorithm {
    /// `btree`
    #[default]
    BTree,
    /// `hash`
    Hash,
    /// `gist`
    Gist,
    /// `gin`
    Gin,
    /// `spgist`
    SpGist,
    /// `brin`
    Brin,
}

/// Which rows a partial index holds. Prisma documentation, *Configuring partial indexes with `where`*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// `raw("…")`: an expression of the database.
    Raw(String),
    /// `{ field: value, … }`: all of these.
    All(Vec<Condition>),
}

/// A field compared with a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// A scalar field of the model.
    pub field: FieldId,
    /// How.
    pub comparison: Comparison,
    /// With what.
    pub value: Literal,
}

/// How a [`Condition`] compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `field: value`
    Equals,
    /// `field: { not: value }`
    Not,
}

/// The constant of a [`Condition`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A string, escapes resolved.
    String(String),
    /// A number, character for character as written.
    Number(String),
}

impl IndexAlgorithm {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 6] = [
        Self::BTree,
        Self::Hash,
        Self::Gist,
        Self::Gin,
        Self::SpGist,
        Self::Brin,
    ];

    /// As it is written in a schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BTree => "BTree",
            Self::Hash => "Hash",
            Self::Gist => "Gist",
            Self::Gin => "Gin",
            Self::SpGist => "SpGist",
            Self::Brin => "Brin",
        }
    }

    /// The algorithm called `name` in a schema.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }
}
