use driftless_catalog::{Ident, QualifiedName};

use crate::PrismaCatalog;

impl PrismaCatalog {
    /// Takes out all that is in `schemas`, which the Prisma schema then does not govern, and returns the names of the
    /// tables among it, in order. Foreign keys of other tables to them stay.
    ///
    /// For schemas that somebody else makes, such as `auth` of the platform, of which a Prisma schema may have models
    /// all the same.
    pub fn leave_out(&mut self, schemas: &[Ident]) -> Vec<QualifiedName> {
        let stays = |it: &QualifiedName| !schemas.contains(&it.schema);
        let tables = self.catalog.tables.iter().map(|it| &it.name);
        let gone = tables.filter(|it| !stays(it)).cloned().collect();
        self.catalog.tables.retain(|it| stays(&it.name));
        self.catalog.enums.retain(|it| stays(&it.name));
        self.catalog.sequences.retain(|it| stays(&it.name));
        self.catalog
            .schemas
            .retain(|it| !schemas.contains(&it.name));
        self.schemas.retain(|it| !schemas.contains(it));
        self.row_security.retain(stays);
        gone
    }
}
