use std::collections::BTreeMap;
use std::fmt;

use crate::{Common, Named, ObjectKind};

/// An object of a kind that has no type of its own here: known, told apart, compared, never silently equal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Other {
    /// Kind and identity.
    pub id: OtherId,
    /// Everything that was read of it, by the name of the catalog column or property.
    pub attributes: BTreeMap<String, String>,
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

/// Kind and identity of an [`Other`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OtherId {
    /// What it is.
    pub kind: ObjectKind,
    /// As the server's `pg_identify_object` prints it, for data-shaped objects their key.
    pub identity: String,
}

impl fmt::Display for OtherId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.identity)
    }
}

impl Named for Other {
    type Name = OtherId;

    fn name(&self) -> &OtherId {
        &self.id
    }
}
