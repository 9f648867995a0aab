//! `@relation`. Prisma schema reference, *`@relation`*.
//!
//! What one side says, by itself. That both sides fit is checked when all of them are known.

use driftless_finding::{Code, Finding, Severity};

use super::given::{EMPTY_NAME, Found, Given};
use super::index_fields::{field_names, resolve};
use super::{Column, ModelScope};
use crate::findings::Findings;
use crate::schema::{FieldId, FieldKind, ReferentialAction, Spanned};
use crate::syntax::Expression;
use crate::text::{and, quoted};
use crate::values::{WRONG_VALUE, constant, string};

/// `@relation` on a column.
pub(crate) static RELATION_ON_COLUMN: Code = Code {
    name: "relation-on-column",
    severity: Severity::Error,
    summary: "`@relation` on a field whose type is no model",
    explanation: "A relation is written at a field whose type is the other model, `author User @relation(…)`. The column \
        that holds the key is another field, listed in `fields`.",
};

pub(super) fn on_column(
    _: &mut ModelScope<'_, '_>,
    _: Column,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    let finding = Finding::new(&RELATION_ON_COLUMN, "the type of this field is no model");
    let finding = finding.at(given.attribute.span);
    findings.push(finding.help("write `@relation` at a field whose type is the other model"));
    given.discard();
}

pub(super) fn on_relation_field<'a>(
    scope: &mut ModelScope<'_, 'a>,
    field: FieldId,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    let Some(other) = scope.model[field].as_relation().map(|it| it.model) else {
        return;
    };
    let other = &scope.blocks.models[other.0 as usize];

    let fields = given.take("fields").map(|value| {
        field_names(value, findings)
            .and_then(|it| resolve(scope.block, given.attribute, it, findings))
            .unwrap_or_default()
    });
    let references = given.take("references").map(|value| {
        field_names(value, findings)
            .and_then(|it| resolve(other, given.attribute, it, findings))
            .unwrap_or_default()
    });
    let name = match given.take_default_maybe("name") {
        Found::One(value) => string(value, findings),
        Found::None | Found::Two(_) => None,
    };
    if let Some(name) = name.filter(|it| it.is_empty()) {
        let finding = Finding::new(&EMPTY_NAME, "the name of a relation is an empty string");
        findings.push(
            finding
                .at(name.span)
                .help("leave it out, or give it a name"),
        );
    }
    let on_delete = given.take("onDelete").and_then(|it| action(it, findings));
    let on_update = given.take("onUpdate").and_then(|it| action(it, findings));
    let mapped_name = given.take_name("map", findings);

    let FieldKind::Relation(relation) = &mut scope.model.fields[field.0 as usize].kind else {
        return;
    };
    relation.fields = fields;
    relation.references = references;
    relation.name = name
        .filter(|it| !it.is_empty())
        .map(|it| Spanned::new(it.value.to_owned(), it.span));
    relation.on_delete = on_delete;
    relation.on_update = on_update;
    relation.mapped_name = mapped_name;
    relation.attribute_span = Some(given.attribute.span);
}

fn action(value: &Expression<'_>, findings: &mut Findings) -> Option<Spanned<ReferentialAction>> {
    let name = constant(value, findings)?;
    let action = ReferentialAction::from_name(name.value);
    if action.is_none() {
        let message = format!("there is no referential action `{}`", name.value);
        let finding = Finding::new(&WRONG_VALUE, message).at(name.span);
        let known = ReferentialAction::ALL.map(ReferentialAction::as_str);
        let help = format!("write one of {}", and(known.map(quoted)));
        let finding = findings.did_you_mean(finding, name.value, known, &help);
        findings.push(finding);
    }
    Some(Spanned::new(action?, value.span))
}
