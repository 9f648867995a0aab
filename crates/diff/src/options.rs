use std::collections::HashMap;

use driftless_catalog::{Ident, ObjectId};

/// What counts as a difference, and in which order things that need no order are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffOptions {
    /// Whether owners are compared.
    pub owners: bool,
    /// Whether privileges and default privileges are compared.
    pub grants: bool,
    /// Whether comments are compared.
    pub comments: bool,
    /// Whether versions of extensions are compared. Two servers often offer different ones.
    pub extension_versions: bool,
    /// The role that will make what is missing: it owns that, so that no statement has to say so.
    pub role: Option<Ident>,
    /// The major version of the server that the changes are for, 0 if not known.
    pub server_major: u16,
    /// The order in which the target wants things made.
    pub order: Order,
}

impl Default for DiffOptions {
    fn default() -> Self {
        Self {
            owners: true,
            grants: true,
            comments: true,
            extension_versions: false,
            role: None,
            server_major: 0,
            order: Order::default(),
        }
    }
}

/// A wish for the order of objects of the same kind; others follow by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order(HashMap<ObjectId, u32>);

impl Order {
    /// The objects' place in `objects`.
    pub fn new(objects: impl IntoIterator<Item = ObjectId>) -> Self {
        Self(objects.into_iter().zip(0..).collect())
    }

    /// The place of `object`; those that nobody asked about come last.
    pub(crate) fn place(&self, object: &ObjectId) -> u32 {
        self.0.get(object).copied().unwrap_or(u32::MAX)
    }
}
