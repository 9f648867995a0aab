use std::collections::BTreeMap;

use crate::{
    Collection, DefaultPrivilege, Domain, EnumType, Extension, Function, ManagedTable,
    MaterializedView, ObjectId, ObjectKind, Other, OtherId, QualifiedName, Schema, Sequence, Table,
    View,
};

/// All objects of a database, as far as they belong to its user: no system objects, none that an extension
/// owns, none of managed schemas but what the user has put on their tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Catalog {
    /// Schemas.
    pub schemas: Collection<Schema>,
    /// Installed extensions.
    pub extensions: Collection<Extension>,
    /// Enum types.
    pub enums: Collection<EnumType>,
    /// Domains.
    pub domains: Collection<Domain>,
    /// Sequences, those of `serial` columns included, those of identity columns not.
    pub sequences: Collection<Sequence>,
    /// Tables with columns, constraints, indexes, triggers and policies.
    pub tables: Collection<Table>,
    /// What the user has put on tables of managed schemas.
    pub managed_tables: Collection<ManagedTable>,
    /// Views.
    pub views: Collection<View>,
    /// Materialized views with their indexes.
    pub materialized_views: Collection<MaterializedView>,
    /// Functions and procedures.
    pub functions: Collection<Function>,
    /// Default privileges.
    pub default_privileges: Collection<DefaultPrivilege>,
    /// Everything else.
    pub others: Collection<Other>,
    /// What an object needs in order to exist, besides what its own fields name: the functions in a
    /// policy's expression, the columns in a view's query; in order, each once. From `pg_depend`; objects that
    /// are not in the catalog are left out.
    #[cfg_attr(feature = "serde", serde(with = "crate::snapshot::pairs"))]
    pub dependencies: BTreeMap<ObjectId, Vec<ObjectId>>,
}

impl Catalog {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What `object` needs besides what its own fields name, in order.
    pub fn dependencies_of(&self, object: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.dependencies.get(object).into_iter().flatten()
    }

    /// Whether there is a table, view, materialized view or foreign table of that name: what a query can read.
    pub fn has_relation(&self, name: &QualifiedName) -> bool {
        let foreign = || OtherId {
            kind: ObjectKind::ForeignTable,
            identity: name.to_string(),
        };
        self.tables.contains(name)
            || self.views.contains(name)
            || self.materialized_views.contains(name)
            || self.others.contains(&foreign())
    }
}
