use std::collections::HashMap;

use driftless_catalog::{Ident, ObjectId};

/// How a change is carried out where there is a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// So that values are kept: a column is cast to its new type, an enum keeps the order of its labels.
    #[default]
    Postgres,
    /// As Prisma's engine does, except where what it prints does not run or does not lead to the target.
    Prisma,
    /// As Prisma's engine does, faults included.
    PrismaWithFaults,
}

impl Manner {
    /// Whether it is Prisma's, with or without faults.
    pub fn is_prisma(self) -> bool {
        self != Self::Postgres
    }
}

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
    /// Whether the order of the labels of an enum is compared. Prisma does not.
    pub label_order: bool,
    /// How changes are carried out.
    pub manner: Manner,
    /// The order in which the target wants things made.
    pub order: Order,
    /// The order in which the source had them made: what is altered or dropped follows it.
    pub order_before: Order,
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
            label_order: true,
            manner: Manner::default(),
            order: Order::default(),
            order_before: Order::default(),
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
    pub fn place(&self, object: &ObjectId) -> u32 {
        self.0.get(object).copied().unwrap_or(u32::MAX)
    }
}
