use crate::{Collection, Grants, Ident, Named, ObjectId};

/// What `CREATE EXTENSION` has installed. The objects it owns are not in the catalog, but for what others may do with
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Extension {
    /// Its name.
    pub name: Ident,
    /// The schema of its objects; `None` where any will do, as in a Prisma schema without `schema:`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub schema: Option<Ident>,
    /// The installed version; `None` where any will do.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub version: Option<String>,
    /// Whether its objects can be moved to another schema; as far as is known.
    #[cfg_attr(feature = "serde", serde(default = "movable"))]
    pub relocatable: bool,
    /// Those of its objects whose privileges somebody has changed; `None` where that is not known, as in a Prisma
    /// schema.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub members: Option<Collection<ExtensionMember>>,
    /// What `COMMENT ON` has set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub comment: Option<String>,
}

/// An object of an extension with other privileges than the extension has given it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ExtensionMember {
    /// The object.
    pub id: ObjectId,
    /// The privileges that the extension has given it.
    pub initial: Grants,
    /// Its privileges.
    pub grants: Grants,
}

impl Named for ExtensionMember {
    type Name = ObjectId;

    fn name(&self) -> &ObjectId {
        &self.id
    }
}

impl Named for Extension {
    type Name = Ident;

    fn name(&self) -> &Ident {
        &self.name
    }
}

#[cfg(feature = "serde")]
fn movable() -> bool {
    true
}
