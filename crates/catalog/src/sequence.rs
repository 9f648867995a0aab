use crate::{Common, DataType, Ident, Named, Persistence, QualifiedName};

/// A sequence that is not behind an identity column.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sequence {
    /// Its name.
    pub name: QualifiedName,
    /// How it counts.
    pub options: SequenceOptions,
    /// The column that it goes with.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub owned_by: Option<SequenceOwner>,
    /// Logged or not.
    #[cfg_attr(feature = "serde", serde(default))]
    pub persistence: Persistence,
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

/// The column that a sequence goes with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SequenceOwner {
    /// The table.
    pub table: QualifiedName,
    /// Its column.
    pub column: Ident,
}

/// How a sequence counts. Where it stands now is data and not here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SequenceOptions {
    /// `smallint`, `integer` or `bigint`.
    pub data_type: DataType,
    /// `START`
    pub start: i64,
    /// `INCREMENT`
    pub increment: i64,
    /// `MINVALUE`
    pub min: i64,
    /// `MAXVALUE`
    pub max: i64,
    /// `CACHE`
    pub cache: i64,
    /// `CYCLE`
    pub cycle: bool,
}

impl SequenceOptions {
    /// What `CREATE SEQUENCE … AS data_type` gives: from 1 up to the type's greatest value.
    pub fn of(data_type: DataType) -> Self {
        let max = match &*data_type.name.name {
            "int2" => i64::from(i16::MAX),
            "int4" => i64::from(i32::MAX),
            _ => i64::MAX,
        };
        Self {
            data_type,
            start: 1,
            increment: 1,
            min: 1,
            max,
            cache: 1,
            cycle: false,
        }
    }
}

impl Named for Sequence {
    type Name = QualifiedName;

    fn name(&self) -> &QualifiedName {
        &self.name
    }
}
