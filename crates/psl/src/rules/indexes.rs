//! Indexes of models.

use driftless_finding::{Code, Finding, Severity};

use super::Rules;
use super::keys::{
    NO_FIELDS, NOT_IN_POSTGRESQL, clashes_with_field, client_name_taken, custom_names,
};
use super::names::check_length;
use crate::findings::Findings;
use crate::schema::{Index, IndexAlgorithm, IndexKind, Model, ModelId};

/// `where` without the preview feature.
pub(crate) static PARTIAL_INDEX_WITHOUT_PREVIEW: Code = Code {
    name: "partial-index-without-preview",
    severity: Severity::Error,
    summary: "an index is partial, but the preview feature is not enabled",
    explanation: "Write `previewFeatures = [\"partialIndexes\"]` in a generator. Only Prisma 7 has it.",
};

/// `ops` of a unique index.
pub(crate) static OPERATOR_CLASS_OF_UNIQUE: Code = Code {
    name: "operator-class-of-unique",
    severity: Severity::Error,
    summary: "a unique index has an operator class",
    explanation: "Only `@@index` has operator classes.",
};

pub(super) fn check(
    rules: &Rules<'_, '_>,
    id: ModelId,
    model: &Model,
    number: usize,
    index: &Index,
    findings: &mut Findings,
) {
    let at_index = |code, message: &str| Finding::new(code, message).at(index.span);
    let has = |is: fn(&crate::schema::IndexField) -> bool| index.fields.iter().any(is);
    if index.fields.is_empty() {
        findings.push(at_index(&NO_FIELDS, "an index has at least one field"));
    }
    let map = index.mapped_name.as_ref().map_or(index.span, |it| it.span);
    rules
        .names
        .index(id, model, number, map)
        .into_iter()
        .for_each(|it| findings.push(it));
    check_length(index.mapped_name.as_ref(), findings);
    if index.kind == IndexKind::Unique {
        let clash = clashes_with_field(model, &index.fields, index.span);
        clash.into_iter().for_each(|it| findings.push(it));
    }
    if let Some(name) = &index.name
        && custom_names(model).filter(|it| *it == name.value).count() > 1
    {
        findings.push(client_name_taken(name, "another key").at(name.span));
    }
    if has(|it| it.length.is_some()) {
        findings.push(at_index(
            &NOT_IN_POSTGRESQL,
            "an index of PostgreSQL has no `length`",
        ));
    }
    if index.algorithm == Some(IndexAlgorithm::Hash) && has(|it| it.sort.is_some()) {
        findings.push(at_index(&NOT_IN_POSTGRESQL, "a hash index has no order"));
    }
    if index.kind == IndexKind::Fulltext {
        let finding = at_index(&NOT_IN_POSTGRESQL, "PostgreSQL has no `@@fulltext`");
        findings.push(finding.help("index a `tsvector` by an expression of the database"));
    }
    if index.clustered.is_some() {
        findings.push(at_index(
            &NOT_IN_POSTGRESQL,
            "PostgreSQL has no clustered indexes",
        ));
    }
    if index.kind != IndexKind::Normal && has(|it| it.operator_class.is_some()) {
        let finding = at_index(
            &OPERATOR_CLASS_OF_UNIQUE,
            "only `@@index` has operator classes",
        );
        findings.push(finding.help("remove the `ops`"));
    }
    if let Some(predicate) = &index.predicate
        && !rules.features.partial_indexes
    {
        let message = "partial indexes are a preview feature that is not enabled";
        let finding = Finding::new(&PARTIAL_INDEX_WITHOUT_PREVIEW, message).at(predicate.span);
        findings
            .push(finding.help("write `previewFeatures = [\"partialIndexes\"]` in a generator"));
    }
}
