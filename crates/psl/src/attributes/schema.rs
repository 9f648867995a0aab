//! `@@schema`: the database schema of a model, view or enum. Prisma schema reference, *`@@schema`*.

use super::ModelScope;
use super::given::Given;
use crate::findings::Findings;
use crate::schema::{Enum, Spanned};
use crate::values::string;

pub(super) fn on_model(
    scope: &mut ModelScope<'_, '_>,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    scope.model.schema = name(given, findings);
}

pub(super) fn on_enum(it: &mut Enum, given: &mut Given<'_>, findings: &mut Findings) {
    it.schema = name(given, findings);
}

fn name(given: &mut Given<'_>, findings: &mut Findings) -> Option<Spanned<String>> {
    let name = string(given.take_default("map", findings)?, findings)?;
    Some(Spanned::new(name.value.to_owned(), name.span))
}
