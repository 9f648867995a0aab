//! `@@fulltext`: an index of MySQL and MongoDB, which a PostgreSQL schema cannot have.

use super::ModelScope;
use super::given::Given;
use super::index_fields::index_fields;
use crate::findings::Findings;
use crate::schema::{Declared, Index, IndexKind};

pub(super) fn on_model<'a>(
    scope: &mut ModelScope<'_, 'a>,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    let fields = index_fields(scope.block, given, findings).unwrap_or_default();
    let index = Index {
        kind: IndexKind::Fulltext,
        fields,
        name: None,
        mapped_name: given.take_name("map", findings),
        algorithm: None,
        predicate: None,
        clustered: None,
        declared: Declared::OnBlock,
        span: given.attribute.span,
    };
    scope.model.indexes.push(index);
}
