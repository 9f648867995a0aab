//! `@unique` and `@@unique`. Prisma schema reference, *`@unique`*.

use driftless_finding::{Code, Finding, Severity};

use super::given::Given;
use super::index_fields::{index_fields, length, sort};
use super::predicate::predicate;
use super::{Column, ModelScope, check_client_name};
use crate::findings::Findings;
use crate::schema::{Declared, FieldId, Index, IndexField, IndexKind};
use crate::values::boolean;

/// `@unique` on a relation field.
pub(crate) static UNIQUE_ON_RELATION: Code = Code {
    name: "unique-on-relation",
    severity: Severity::Error,
    summary: "`@unique` on a relation field",
    explanation: "A relation field is no column. Mark the scalar field that the relation is made of, or list several in \
        `@@unique`.",
};

pub(super) fn on_column<'a>(
    scope: &mut ModelScope<'_, 'a>,
    column: Column,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    let mapped_name = given.take_name("map", findings);
    let field = IndexField {
        field: column.id,
        length: given.take("length").and_then(|it| length(it, findings)),
        sort: given.take("sort").and_then(|it| sort(it, findings)),
        operator_class: None,
    };
    let index = Index {
        kind: IndexKind::Unique,
        fields: vec![field],
        name: None,
        mapped_name,
        algorithm: None,
        predicate: predicate(scope, given, findings),
        clustered: given.take("clustered").and_then(|it| boolean(it, findings)),
        declared: Declared::OnField(column.id),
        span: given.attribute.span,
    };
    scope.model.indexes.push(index);
}

pub(super) fn on_relation_field(
    scope: &mut ModelScope<'_, '_>,
    field: FieldId,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    let field = &scope.model[field];
    let message = format!("`{}` is no column and cannot be `@unique`", field.name);
    let columns = field
        .as_relation()
        .and_then(|it| it.fields.as_deref())
        .unwrap_or_default();
    let columns: Vec<_> = columns
        .iter()
        .map(|it| &scope.model[*it].name[..])
        .collect();
    let finding = Finding::new(&UNIQUE_ON_RELATION, message).at(given.attribute.span);
    findings.push(match columns[..] {
        [] => finding.help("mark the scalar field of the relation instead"),
        [one] => finding.help(format!("mark `{one}` instead")),
        [..] => finding.help(format!(
            "write `@@unique([{}])` in the block",
            columns.join(", ")
        )),
    });
    given.discard();
}

pub(super) fn on_model<'a>(
    scope: &mut ModelScope<'_, 'a>,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    let fields = index_fields(scope.block, given, findings).unwrap_or_default();
    let name = given.take_name("name", findings);
    if let Some(name) = &name {
        check_client_name(name, given, findings);
    }
    let index = Index {
        kind: IndexKind::Unique,
        fields,
        name,
        mapped_name: given.take_name("map", findings),
        algorithm: None,
        predicate: predicate(scope, given, findings),
        clustered: given.take("clustered").and_then(|it| boolean(it, findings)),
        declared: Declared::OnBlock,
        span: given.attribute.span,
    };
    scope.model.indexes.push(index);
}
