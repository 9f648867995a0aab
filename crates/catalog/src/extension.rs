use crate::{Ident, Named};

/// What `CREATE EXTENSION` has installed. The objects it owns are not in the catalog.
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
    /// What `COMMENT ON` has set.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub comment: Option<String>,
}

impl Named for Extension {
    type Name = Ident;

    fn name(&self) -> &Ident {
        &self.name
    }
}
