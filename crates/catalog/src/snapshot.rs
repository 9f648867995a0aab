use serde::{Deserialize, Serialize};

use crate::Catalog;

/// The version that this crate writes, and the highest it reads.
pub const SNAPSHOT_VERSION: u32 = 1;

/// A catalog in a file: what `db-introspect --as json` prints and the source `snapshot:` reads.
///
/// A format of its own with a version: fields are added without raising it, and a reader ignores those
/// it does not know; what changes the meaning of a field raises it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// [`SNAPSHOT_VERSION`]
    pub version: u32,
    /// The major version of the server that the catalog was read from; 0 if none was asked.
    pub server_major: u16,
    /// The catalog.
    pub catalog: Catalog,
}

/// Why a snapshot cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// A later version of this program wrote it.
    #[error("the snapshot has version {found}, and this program reads up to {SNAPSHOT_VERSION}")]
    TooNew {
        /// Its version.
        found: u32,
    },
}

impl Snapshot {
    /// A snapshot of the current version.
    pub fn new(catalog: Catalog, server_major: u16) -> Self {
        Self {
            version: SNAPSHOT_VERSION,
            server_major,
            catalog,
        }
    }

    /// The catalog.
    ///
    /// # Errors
    /// [`SnapshotError::TooNew`] if a later version of this program wrote it.
    pub fn into_catalog(self) -> Result<Catalog, SnapshotError> {
        match self.version <= SNAPSHOT_VERSION {
            true => Ok(self.catalog),
            false => Err(SnapshotError::TooNew {
                found: self.version,
            }),
        }
    }
}

/// A map whose keys are no strings, as a list of pairs.
pub(crate) mod pairs {
    use std::collections::{BTreeMap, BTreeSet};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::ObjectId;

    type Map = BTreeMap<ObjectId, Vec<ObjectId>>;

    #[derive(Serialize)]
    struct EdgesRef<'a> {
        object: &'a ObjectId,
        needs: &'a [ObjectId],
    }

    #[derive(Deserialize)]
    struct Edges {
        object: ObjectId,
        needs: BTreeSet<ObjectId>,
    }

    pub(crate) fn serialize<S: Serializer>(map: &Map, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map.iter().map(|(object, needs)| EdgesRef { object, needs }))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map, D::Error> {
        let edges = Vec::<Edges>::deserialize(deserializer)?;
        let edges = edges.into_iter();
        Ok(edges
            .map(|it| (it.object, it.needs.into_iter().collect()))
            .collect())
    }
}

/// Names with their values, as a map whose order is kept.
pub(crate) mod ordered {
    use std::fmt;

    use serde::de::{MapAccess, Visitor};
    use serde::{Deserializer, Serializer};

    type Pairs = Vec<(String, String)>;

    struct InOrder;

    impl<'de> Visitor<'de> for InOrder {
        type Value = Pairs;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            Ok(pairs)
        }
    }

    pub(crate) fn serialize<S: Serializer>(
        pairs: &[(String, String)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Pairs, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, DataType, Grantee, Ident, Privilege, QualifiedName, Table};

    #[test]
    fn a_catalog_is_read_back_as_it_was_written() {
        let name = QualifiedName::new(Ident::new("public").unwrap(), Ident::new("A b").unwrap());
        let mut table = Table::new(name);
        table.columns.push(Column::new(
            Ident::new("id").unwrap(),
            DataType::parse("timestamp(3) with time zone[]").unwrap(),
        ));
        let grants = table.common.grants.get_or_insert_default();
        grants.add(Grantee::Public, Privilege::Select, false);
        let role = Grantee::Role(Ident::new("public").unwrap());
        grants.add(role, Privilege::Select, true);
        let mut catalog = Catalog::default();
        catalog.tables.insert(table);

        let snapshot = Snapshot::new(catalog, 15);
        let text = serde_json::to_string(&snapshot).unwrap();
        let back: Snapshot = serde_json::from_str(&text).unwrap();
        assert_eq!(back, snapshot);
    }

    #[test]
    fn a_later_version_is_refused() {
        let snapshot = Snapshot {
            version: SNAPSHOT_VERSION + 1,
            ..Snapshot::new(Catalog::default(), 15)
        };
        assert!(matches!(
            snapshot.into_catalog(),
            Err(SnapshotError::TooNew { .. })
        ));
    }

    #[test]
    fn a_name_that_stands_twice_is_refused() {
        let text = r#"{"version":1,"server_major":15,"catalog":{"extensions":[{"name":"a"},{"name":"a"}]}}"#;
        assert!(serde_json::from_str::<Snapshot>(text).is_err());
    }
}
