use crate::{Collection, Common, Expression, Ident, Index, Named, QualifiedName, ViewColumn};

/// A materialized view.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MaterializedView {
    /// Its name.
    pub name: QualifiedName,
    /// What it holds.
    pub columns: Vec<ViewColumn>,
    /// Its query, without a semicolon.
    pub definition: Expression,
    /// Whether it was ever filled. That is data rather than schema: it is not compared.
    pub populated: bool,
    /// Indexes; `REFRESH … CONCURRENTLY` needs a unique one.
    #[cfg_attr(feature = "serde", serde(default))]
    pub indexes: Collection<Index>,
    /// Storage parameters.
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
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

impl Named for MaterializedView {
    type Name = QualifiedName;

    fn name(&self) -> &QualifiedName {
        &self.name
    }
}
