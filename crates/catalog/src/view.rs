use crate::{
    Collection, ColumnSettings, Common, DataType, Expression, Grants, Ident, Named, QualifiedName,
    Trigger,
};

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct View {
    /// Its name.
    pub name: QualifiedName,
    /// What it shows.
    pub columns: Vec<ViewColumn>,
    /// Its query, without a semicolon.
    pub definition: Expression,
    /// Whether it reads with the privileges and policies of whoever asks (PostgreSQL 15).
    #[cfg_attr(feature = "serde", serde(default))]
    pub security_invoker: bool,
    /// Whether conditions of a query may not look at rows before the view's own conditions have.
    #[cfg_attr(feature = "serde", serde(default))]
    pub security_barrier: bool,
    /// What may be written through it.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub check_option: Option<CheckOption>,
    /// `INSTEAD OF` and statement triggers.
    #[cfg_attr(feature = "serde", serde(default))]
    pub triggers: Collection<Trigger>,
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

/// A column of a view or materialized view.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ViewColumn {
    /// Its name.
    pub name: Ident,
    /// Its type; follows from the query.
    pub data_type: DataType,
    /// What an `INSERT` through the view fills in.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub default: Option<Expression>,
    /// How a materialized view keeps its values.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "ColumnSettings::is_usual")
    )]
    pub settings: ColumnSettings,
    /// What `COMMENT ON` has set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub comment: Option<String>,
    /// Privileges on this column alone.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub grants: Option<Grants>,
}

/// `WITH … CHECK OPTION`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum CheckOption {
    /// Rows must be visible in this view.
    Local,
    /// Rows must be visible in this view and those below it.
    Cascaded,
}

impl Named for View {
    type Name = QualifiedName;

    fn name(&self) -> &QualifiedName {
        &self.name
    }
}
