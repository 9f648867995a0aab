//! Indexes of models.

use driftless_finding::{Code, Finding, Severity};

use super::names::check_length;
use super::primary_key::{NO_FIELDS, NOT_IN_POSTGRESQL};
use super::{Subject, client_names};
use crate::findings::Findings;
use crate::schema::{IndexAlgorithm, IndexField, IndexKind};

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

pub(super) fn check(subject: &Subject<'_, '_>, findings: &mut Findings) {
    for number in 0..subject.model.indexes.len() {
        index(subject, number, findings);
    }
}

fn index(subject: &Subject<'_, '_>, number: usize, findings: &mut Findings) {
    let (rules, model) = (subject.rules, subject.model);
    let index = &model.indexes[number];
    let at_index = |code, message: &str| Finding::new(code, message).at(index.span);
    let has = |is: fn(&IndexField) -> bool| index.fields.iter().any(is);
    if index.fields.is_empty() {
        findings.push(at_index(&NO_FIELDS, "an index has at least one field"));
    }
    let map = index.mapped_name.as_ref().map_or(index.span, |it| it.span);
    let duplicate = rules.names.index(subject.id, number, map);
    duplicate.into_iter().for_each(|it| findings.push(it));
    check_length(index.mapped_name.as_ref(), findings);
    if index.kind == IndexKind::Unique {
        client_names::check_fields(subject, &index.fields, index.span, findings);
    }
    client_names::check_name(subject, index.name.as_ref(), findings);
    let mut refuse = |is_there: bool, message: &str| {
        if is_there {
            findings.push(at_index(&NOT_IN_POSTGRESQL, message));
        }
    };
    let is_hash = index.algorithm == Some(IndexAlgorithm::Hash);
    refuse(
        has(|it| it.length.is_some()),
        "an index of PostgreSQL has no `length`",
    );
    refuse(
        is_hash && has(|it| it.sort.is_some()),
        "a hash index has no order",
    );
    refuse(
        index.clustered.is_some(),
        "PostgreSQL has no clustered indexes",
    );
    if index.kind == IndexKind::Fulltext {
        let finding = at_index(&NOT_IN_POSTGRESQL, "PostgreSQL has no `@@fulltext`");
        findings.push(finding.help("index a `tsvector` by an expression of the database"));
    }
    if index.kind != IndexKind::Normal && has(|it| it.operator_class.is_some()) {
        let message = "only `@@index` has operator classes";
        let finding = at_index(&OPERATOR_CLASS_OF_UNIQUE, message);
        findings.push(finding.help("remove the `ops`"));
    }
    if let Some(predicate) = &index.predicate
        && !rules.features.partial_indexes
    {
        let message = "partial indexes are a preview feature that is not enabled";
        let finding = Finding::new(&PARTIAL_INDEX_WITHOUT_PREVIEW, message).at(predicate.span);
        let help = "write `previewFeatures = [\"partialIndexes\"]` in a generator";
        findings.push(finding.help(help));
    }
}
