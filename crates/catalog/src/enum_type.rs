use crate::{Common, Named, QualifiedName};

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EnumType {
    /// Its name.
    pub name: QualifiedName,
    /// Its labels in their sort order. Any text of at most 63 bytes.
    pub labels: Vec<String>,
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

impl Named for EnumType {
    type Name = QualifiedName;

    fn name(&self) -> &QualifiedName {
        &self.name
    }
}
