use std::collections::BTreeMap;

use driftless_catalog::ObjectId;
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::fields::Fields;
use crate::names::{Names, class};

/// What each object needs, as far as both are in the catalog.
#[derive(Default)]
pub(crate) struct Edges(BTreeMap<ObjectId, Vec<ObjectId>>);

impl Edges {
    /// Adds edges.
    pub(crate) fn read(&mut self, rows: &[Row], names: &Names) -> Result<(), IntrospectError> {
        for row in rows {
            let mut it = Fields::new("dependency", row);
            let mut end = || -> Result<_, IntrospectError> {
                let (class, oid, number): (u32, u32, i32) = (it.next()?, it.next()?, it.next()?);
                Ok(names.end(class, oid, number))
            };
            let (Some(object), Some(needs)) = (end()?, end()?) else {
                continue;
            };
            if object != needs && !is_structure(&object, &needs) {
                self.0.entry(object).or_default().push(needs);
            }
        }
        Ok(())
    }

    /// Of each object, what it needs in order and once.
    pub(crate) fn sorted(mut self) -> BTreeMap<ObjectId, Vec<ObjectId>> {
        for needs in self.0.values_mut() {
            needs.sort_unstable();
            needs.dedup();
            needs.shrink_to_fit();
        }
        self.0
    }
}

/// Whether the edge says no more than what the objects' own fields do: that a part needs its whole, and
/// that a key or index needs its columns.
fn is_structure(object: &ObjectId, needs: &ObjectId) -> bool {
    match (object, needs) {
        (ObjectId::Constraint(table, _), ObjectId::Table(other) | ObjectId::Column(other, _)) => {
            table == other
        }
        (ObjectId::Index(index), ObjectId::Table(other) | ObjectId::Column(other, _)) => {
            index.schema == other.schema
        }
        // That a sequence goes with a column, it says itself; that the column's default needs it, counts.
        (ObjectId::Sequence(_), ObjectId::Column(..)) => true,
        (_, ObjectId::Table(other)) => object.parent() == Some(other),
        // A kind without a type of its own says its schema nowhere else.
        (_, ObjectId::Schema(_)) => !matches!(object, ObjectId::Other(_)),
        _ => false,
    }
}

impl Names {
    fn end(&self, class: u32, oid: u32, number: i32) -> Option<ObjectId> {
        match (class, i16::try_from(number)) {
            // Those of a composite type or foreign table are no objects of the catalog.
            (class::RELATION, Ok(number)) if number > 0 => self
                .column_object(oid, number)
                .or_else(|| self.object(class::RELATION, oid).cloned()),
            (class::TYPE, _) => self.type_object(oid),
            _ => self.object(class, oid).cloned(),
        }
    }

    /// A type, the element of an array type, or the table whose rows a type describes.
    fn type_object(&self, oid: u32) -> Option<ObjectId> {
        if let Some(found) = self.object(class::TYPE, oid) {
            return Some(found.clone());
        }
        let row = self.types.get(&oid)?;
        match (row.element, row.relation) {
            (0, 0) => None,
            (0, relation) => self.object(class::RELATION, relation).cloned(),
            (element, _) => self.type_object(element),
        }
    }
}
