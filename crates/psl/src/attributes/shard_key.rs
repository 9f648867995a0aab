//! `@shardKey` and `@@shardKey`: of PlanetScale, which is a MySQL. A PostgreSQL schema cannot have them.

use driftless_finding::{Code, Finding, Severity, Span};

use super::given::Given;
use super::index_fields::{field_names, resolve};
use super::{Column, ModelScope};
use crate::findings::Findings;
use crate::schema::{Arity, FieldId};
use crate::syntax::Attribute;
use crate::text::{and, quoted};

/// A shard key.
pub(crate) static SHARD_KEY: Code = Code {
    name: "shard-key",
    severity: Severity::Error,
    summary: "a shard key, which PostgreSQL does not have",
    explanation: "`@shardKey` and `@@shardKey` are for PlanetScale, and a preview feature. Remove them.",
};

pub(super) fn on_column(
    scope: &mut ModelScope<'_, '_>,
    column: Column,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    let span = given.attribute.span;
    match scope.shard_key {
        Some(first) => findings.push(second(scope, first, span)),
        None => scope.shard_key = Some(span),
    }
    scope.sharded_by = scope.sharded_by.or(Some(column.id));
}

pub(super) fn on_model<'a>(
    scope: &mut ModelScope<'_, 'a>,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    let span = given.attribute.span;
    let fields = given
        .take_default("fields", findings)
        .and_then(|it| field_names(it, findings))
        .and_then(|it| resolve(scope.block, given.attribute, it, findings));
    let Some(fields) = fields else { return };
    check_required(scope, &fields, span, findings);
    scope.sharded_by = None;
    if let Some(first) = scope.shard_key {
        findings.push(second(scope, first, span));
    }
}

/// A field with `@shardKey` is required, unless the model is ignored, which `@@ignore` may say below.
pub(super) fn check_arity(scope: &ModelScope<'_, '_>, findings: &mut Findings) {
    if let (Some(span), Some(field)) = (scope.shard_key, scope.sharded_by) {
        check_required(scope, &[field], span, findings);
    }
}

/// Says that there can be no shard key, however right it is.
pub(crate) fn refuse(attribute: &Attribute<'_>, findings: &mut Findings) {
    let finding = Finding::new(&SHARD_KEY, "PostgreSQL has no shard keys").at(attribute.span);
    findings.push(finding.help("remove the attribute"));
}

fn check_required(
    scope: &ModelScope<'_, '_>,
    fields: &[FieldId],
    span: Span,
    findings: &mut Findings,
) {
    let fields = fields.iter().map(|it| &scope.model[*it]);
    let optional = fields.filter(|it| it.arity != Arity::Required);
    let names = and(optional.map(|it| quoted(&it.name.value)));
    if !names.is_empty() && !scope.model.ignored {
        let message = format!("a shard key cannot hold {names}: not required");
        findings.push(Finding::new(&SHARD_KEY, message).at(span));
    }
}

fn second(scope: &ModelScope<'_, '_>, first: Span, span: Span) -> Finding {
    Finding::new(
        &SHARD_KEY,
        format!("`{}` has more than one shard key", scope.model.name),
    )
    .at(scope.model.name.span)
    .label(first, "the first")
    .label(span, "another")
}
