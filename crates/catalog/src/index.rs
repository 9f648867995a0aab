use crate::{Expression, Ident, Named, QualifiedName};

/// An index that no constraint owns.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Index {
    /// Its name, unique among the relations of its table's schema.
    pub name: Ident,
    /// The access method: `btree`, `gin`, `hnsw`, …
    pub method: Ident,
    /// Whether it forbids duplicates.
    pub unique: bool,
    /// What it is ordered by.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE`
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub include: Vec<Ident>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15)
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "std::ops::Not::not")
    )]
    pub nulls_not_distinct: bool,
    /// `WHERE`
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub predicate: Option<Expression>,
    /// Storage parameters, such as `fillfactor=70`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub options: Vec<String>,
    /// The tablespace, where it is not the database's own.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub tablespace: Option<Ident>,
    /// Statistics targets of expression keys, by 1-based position.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub statistics: Vec<(u16, i32)>,
    /// Whether queries may use it. A `CREATE INDEX CONCURRENTLY` that failed leaves an invalid one.
    pub valid: bool,
    /// Whether the table was last clustered on it.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "std::ops::Not::not")
    )]
    pub clustered: bool,
    /// Whether it is a partition of a partitioned table's index.
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
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct IndexKey {
    /// Column or expression.
    pub target: IndexTarget,
    /// The collation, where it is not that of the column or expression.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub collation: Option<QualifiedName>,
    /// The operator class, where it is not the default of method and type, or has parameters.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub opclass: Option<Opclass>,
    /// `ASC` or `DESC`; `None` for methods without order, and where nobody wrote it and it is ascending.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub order: Option<SortOrder>,
    /// Where NULLs go, if not where the order puts them (last ascending, first descending).
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub nulls: Option<NullsOrder>,
}

/// What an index key is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum IndexTarget {
    /// A column.
    Column(Ident),
    /// An expression, without the parentheses that `CREATE INDEX` may need.
    Expression(Expression),
}

/// An operator class with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Opclass {
    /// `None` if the search path decides, as for what a person wrote, and for built-in ones.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub schema: Option<Ident>,
    /// Its name. A Prisma schema may hold any text here (`raw("…")`), so it is not an [`Ident`].
    pub name: String,
    /// Such as `siglen=32`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub parameters: Vec<String>,
}

/// The direction of an index key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum SortOrder {
    /// Smallest first; the default.
    Ascending,
    /// Greatest first.
    Descending,
}

/// Where NULLs go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum NullsOrder {
    /// `NULLS FIRST`
    First,
    /// `NULLS LAST`
    Last,
}

impl IndexKey {
    /// A column in ascending order with everything at its default.
    pub fn column(name: Ident) -> Self {
        Self {
            target: IndexTarget::Column(name),
            collation: None,
            opclass: None,
            order: None,
            nulls: None,
        }
    }

    /// The direction that counts: ascending unless it says otherwise.
    pub fn is_descending(&self) -> bool {
        self.order == Some(SortOrder::Descending)
    }
}

impl Index {
    /// A valid btree index over `columns`.
    pub fn new(name: Ident, method: Ident, keys: Vec<IndexKey>) -> Self {
        Self {
            name,
            method,
            unique: false,
            keys,
            include: Vec::new(),
            nulls_not_distinct: false,
            predicate: None,
            options: Vec::new(),
            tablespace: None,
            statistics: Vec::new(),
            valid: true,
            clustered: false,
            partition_of: None,
            comment: None,
        }
    }

    /// The columns it is on, or `None` if a key is an expression.
    pub fn columns(&self) -> Option<Vec<&Ident>> {
        self.keys
            .iter()
            .map(|key| match &key.target {
                IndexTarget::Column(name) => Some(name),
                IndexTarget::Expression(_) => None,
            })
            .collect()
    }
}

impl Named for Index {
    type Name = Ident;

    fn name(&self) -> &Ident {
        &self.name
    }
}
