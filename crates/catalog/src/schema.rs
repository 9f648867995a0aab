use crate::{Common, Ident, Named};

/// What `CREATE SCHEMA` makes: a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Schema {
    /// Its name.
    pub name: Ident,
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

impl Named for Schema {
    type Name = Ident;

    fn name(&self) -> &Ident {
        &self.name
    }
}
