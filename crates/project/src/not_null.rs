//! The names of constraints that only some servers keep.

use driftless_catalog::{Catalog, ConstraintKind};

/// Follows PostgreSQL 18, Release Notes: `NOT NULL` is kept as a constraint, with a name.
const SINCE: u16 = 18;

/// Takes the names of `NOT NULL` constraints out of two states if only one server keeps them. Whether a column
/// may be null stays with the column.
pub(crate) fn forget_names(from: &mut Catalog, from_major: u16, to: &mut Catalog, to_major: u16) {
    if from_major == 0 || to_major == 0 || (from_major < SINCE) == (to_major < SINCE) {
        return;
    }
    for table in from.tables.iter_mut().chain(to.tables.iter_mut()) {
        let is_other = |it: &ConstraintKind| !matches!(it, ConstraintKind::NotNull { .. });
        table.constraints.retain(|it| is_other(&it.kind));
    }
}
