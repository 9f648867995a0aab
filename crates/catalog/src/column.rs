use std::sync::Arc;

use crate::{Common, DataType, Expression, Grants, Ident, QualifiedName, SequenceOptions};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub data_type: DataType,
    /// The type as a person or Prisma spells it, for SQL that should read the same. Says nothing that
    /// `data_type` does not, and is never compared.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub spelled_type: Option<Arc<str>>,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// What `INSERT` fills in. The default of an identity or generated column is not here.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub default: Option<Expression>,
    /// The sequence that `serial` made: owned by this column, and its default is the next value of it.
    /// Then `default` is `None`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub serial: Option<QualifiedName>,
    /// `GENERATED … AS IDENTITY`. Boxed, because few columns have one and it is large.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub identity: Option<Box<Identity>>,
    /// `GENERATED ALWAYS AS (…)`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub generated: Option<Generated>,
    /// The collation, where it is not the type's own.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub collation: Option<QualifiedName>,
    /// `PLAIN`, `EXTERNAL`, `EXTENDED` or `MAIN`, where it is not the type's own.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub storage: Option<String>,
    /// `pglz` or `lz4`, where it was set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub compression: Option<String>,
    /// The statistics target, where it was set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub statistics: Option<i32>,
    /// Per-column options such as `n_distinct=5`, or those of a foreign table.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub options: Vec<String>,
    /// Whether a parent table has it and this one has not declared it itself.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "std::ops::Not::not")
    )]
    pub inherited: bool,
    /// What `COMMENT ON` has set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub comment: Option<String>,
    /// Privileges on this column alone; those on the table are not repeated. `None` where not known.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub grants: Option<Grants>,
}

/// How the values of a column are kept and counted, where that was set. Follows PostgreSQL, `ALTER TABLE`,
/// `ALTER COLUMN`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ColumnSettings {
    /// `PLAIN`, `EXTERNAL`, `EXTENDED` or `MAIN`, where it is not the type's own.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub storage: Option<String>,
    /// `pglz` or `lz4`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub compression: Option<String>,
    /// The statistics target.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub statistics: Option<i32>,
    /// Options such as `n_distinct=5`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub options: Vec<String>,
}

impl ColumnSettings {
    /// Whether nothing was set.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Column {
    /// Whether it has the user-defined type of that name, as a server prints it, or lists of it.
    pub fn is_of_type(&self, name: &str) -> bool {
        let ty = self.data_type.name.user_defined();
        ty.is_some_and(|it| it.to_string() == name)
    }

    /// How its values are kept and counted.
    pub fn settings(&self) -> ColumnSettings {
        ColumnSettings {
            storage: self.storage.clone(),
            compression: self.compression.clone(),
            statistics: self.statistics,
            options: self.options.clone(),
        }
    }
}

/// An identity column. Follows PostgreSQL, `CREATE TABLE`, `GENERATED … AS IDENTITY`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Identity {
    /// Whether a user may give a value.
    pub kind: IdentityKind,
    /// The sequence behind it.
    pub sequence: QualifiedName,
    /// How that counts.
    pub options: SequenceOptions,
    /// Comment and privileges of the sequence; its owner is the table's.
    #[cfg_attr(feature = "serde", serde(default))]
    pub common: Common,
}

/// Whether a user may give a value to an identity column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum IdentityKind {
    /// Only with `OVERRIDING SYSTEM VALUE`.
    Always,
    /// Yes.
    ByDefault,
}

/// A column that is computed from others of its row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Generated {
    /// What it is computed by.
    pub expression: Expression,
    /// When.
    pub kind: GeneratedKind,
}

/// When a generated column is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum GeneratedKind {
    /// When the row is written.
    Stored,
    /// When it is read (PostgreSQL 18).
    Virtual,
}

impl Column {
    /// The sequence that the server would make for this column if it were `serial` and its table were
    /// called `table`: `table_column_seq`, both parts shortened if that is too long.
    ///
    /// Follows PostgreSQL, Data Types, Serial Types; the shortening is that of `makeObjectName`.
    pub fn serial_name(&self, table: &QualifiedName) -> QualifiedName {
        table.sibling(table.name.joined(Some(self.name.as_str()), "seq"))
    }

    /// The name that a server of version 18 or later gives to the constraint of a column that is `NOT NULL`:
    /// `table_column_not_null`, shortened likewise.
    pub fn not_null_name(&self, table: &QualifiedName) -> Ident {
        table.name.joined(Some(self.name.as_str()), "not_null")
    }

    /// A nullable column without anything else.
    pub fn new(name: Ident, data_type: DataType) -> Self {
        Self {
            name,
            data_type,
            spelled_type: None,
            not_null: false,
            default: None,
            serial: None,
            identity: None,
            generated: None,
            collation: None,
            storage: None,
            compression: None,
            statistics: None,
            options: Vec::new(),
            inherited: false,
            comment: None,
            grants: None,
        }
    }
}
