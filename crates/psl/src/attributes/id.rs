//! `@id` and `@@id`: the primary key. Prisma schema reference, *`@id`*.

use driftless_finding::{Code, Finding, Severity};

use super::given::Given;
use super::index_fields::{index_fields, length, sort};
use super::{Column, ModelScope, check_client_name};
use crate::findings::Findings;
use crate::schema::{Arity, Declared, FieldId, IndexField, Model, PrimaryKey};
use crate::text::{and, quoted};
use crate::values::boolean;

/// Two primary keys.
pub(crate) static SECOND_ID: Code = Code {
    name: "second-id",
    severity: Severity::Error,
    summary: "a model has more than one `@id` or `@@id`",
    explanation: "A table has one primary key: a single field marked with `@id`, or several listed in `@@id`. Other keys \
        are `@unique` or `@@unique`.",
};

/// A primary key that can be null.
pub(crate) static OPTIONAL_ID: Code = Code {
    name: "optional-id",
    severity: Severity::Error,
    summary: "a field of the primary key is optional or a list",
    explanation: "The columns of a primary key are never null. Use `@unique` for a key that may be missing.",
};

/// `@id` on a relation field.
pub(crate) static ID_ON_RELATION: Code = Code {
    name: "id-on-relation",
    severity: Severity::Error,
    summary: "`@id` on a relation field",
    explanation: "A relation field is no column. Mark the scalar field that the relation is made of.",
};

pub(super) fn on_column(
    scope: &mut ModelScope<'_, '_>,
    column: Column,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    let span = given.attribute.span;
    if let Some(first) = &scope.model.primary_key {
        let message = format!("`{}` has more than one field with `@id`", scope.model.name);
        let finding = Finding::new(&SECOND_ID, message).at(scope.model.name.span);
        let finding = finding
            .label(first.span, "the first")
            .label(span, "another");
        findings.push(finding.help("list the fields in one `@@id`, or make the others `@unique`"));
        if !given.attribute.arguments.list.is_empty() {
            let message = "the arguments of a second `@id` mean nothing";
            findings.push(Finding::new(&SECOND_ID, message).at(span));
        }
        given.discard();
        return;
    }
    let mapped_name = given.take_name("map", findings);
    let field = IndexField {
        field: column.id,
        length: given.take("length").and_then(|it| length(it, findings)),
        sort: given.take("sort").and_then(|it| sort(it, findings)),
        operator_class: None,
    };
    scope.model.primary_key = Some(PrimaryKey {
        fields: vec![field],
        name: None,
        mapped_name,
        clustered: given.take("clustered").and_then(|it| boolean(it, findings)),
        declared: Declared::OnField(column.id),
        span,
    });
}

pub(super) fn on_relation_field(
    scope: &mut ModelScope<'_, '_>,
    field: FieldId,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    let message = format!(
        "`{}` is no column and cannot be the `@id`",
        scope.model[field].name
    );
    let finding = Finding::new(&ID_ON_RELATION, message).at(given.attribute.span);
    findings.push(finding.help("mark the scalar field of the relation instead"));
    given.discard();
}

pub(super) fn on_model<'a>(
    scope: &mut ModelScope<'_, 'a>,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    let Some(fields) = index_fields(scope.block, given, findings) else {
        given.discard();
        return;
    };
    let span = given.attribute.span;
    let optional: Vec<_> = fields
        .iter()
        .map(|it| &scope.model[it.field])
        .filter(|it| it.arity != Arity::Required)
        .collect();
    if !optional.is_empty() && !scope.model.ignored {
        let names = and(optional.iter().map(|it| quoted(&it.name.value)));
        let message = format!("the primary key cannot hold {names}: not required");
        let finding = Finding::new(&OPTIONAL_ID, message).at(span);
        findings.push(finding.help("remove the `?` or `[]`, or use `@@unique`"));
    }
    if let Some(first) = &scope.model.primary_key {
        let message = format!("`{}` has both `@id` and `@@id`", scope.model.name);
        let finding = Finding::new(&SECOND_ID, message).at(scope.model.name.span);
        let finding = finding.label(first.span, "one").label(span, "the other");
        findings.push(finding.help("keep one of them"));
    }
    let mapped_name = given.take_name("map", findings);
    let name = given.take_name("name", findings);
    if let Some(name) = &name {
        check_client_name(name, given, findings);
    }
    scope.model.primary_key = Some(PrimaryKey {
        fields,
        name,
        mapped_name,
        clustered: given.take("clustered").and_then(|it| boolean(it, findings)),
        declared: Declared::OnBlock,
        span,
    });
}

/// A field with `@id` is required, unless the model is ignored, which `@@ignore` may say below.
pub(super) fn check_arity(model: &Model, findings: &mut Findings) {
    let Some(key) = &model.primary_key else {
        return;
    };
    let Declared::OnField(field) = key.declared else {
        return;
    };
    let field = &model[field];
    if field.arity != Arity::Required && !model.ignored {
        let message = format!("`{}` cannot be the `@id`: not required", field.name);
        let finding = Finding::new(&OPTIONAL_ID, message).at(key.span);
        findings.push(finding.help("remove the `?` or `[]`, or use `@unique`"));
    }
}
