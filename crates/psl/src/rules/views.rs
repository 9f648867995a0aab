//! Views: Prisma reads them, and has little to say about them.

use driftless_finding::{Code, Finding, Severity, Span};

use super::Subject;
use crate::findings::Findings;
use crate::schema::{IndexField, IndexKind, Model};

/// A view without the preview feature.
pub(crate) static VIEWS_WITHOUT_PREVIEW: Code = Code {
    name: "views-without-preview",
    severity: Severity::Error,
    summary: "there is a view, but the preview feature is not enabled",
    explanation: "Write `previewFeatures = [\"views\"]` in a generator.",
};

/// A key or index on a view.
pub(crate) static INDEX_ON_VIEW: Code = Code {
    name: "index-on-view",
    severity: Severity::Error,
    summary: "a view has a primary key, an index, or a unique key that says how it is stored",
    explanation: "A view has no indexes. `@unique` and `@@unique` only tell Prisma Client which fields are enough to tell \
        rows apart, and take no arguments but their fields and a `name`.",
};

pub(super) fn check(subject: &Subject<'_, '_>, findings: &mut Findings) {
    let model = subject.model;
    if !subject.rules.features.views {
        let message = "views are a preview feature that is not enabled";
        let finding = Finding::new(&VIEWS_WITHOUT_PREVIEW, message).at(model.name.span);
        findings.push(finding.help("write `previewFeatures = [\"views\"]` in a generator"));
    }
    if let Some(key) = &model.primary_key {
        let finding = refused("a view has no primary key", key.span);
        findings.push(finding.help("write `@unique` or `@@unique`"));
    }
}

/// Keys of a view are for Prisma Client alone.
pub(super) fn check_indexes(model: &Model, findings: &mut Findings) {
    for index in &model.indexes {
        match index.kind {
            IndexKind::Normal | IndexKind::Fulltext => {
                findings.push(refused("a view has no indexes", index.span).help("remove it"));
                continue;
            }
            IndexKind::Unique => {}
        }
        if index.mapped_name.is_some() {
            findings.push(refused(
                "this key is not in the database and has no name there",
                index.span,
            ));
        }
        if index.clustered.is_some() {
            findings.push(refused(
                "this key is not in the database and cannot be clustered",
                index.span,
            ));
        }
        let has_arguments = |it: &IndexField| {
            it.sort.is_some() || it.length.is_some() || it.operator_class.is_some()
        };
        if index.fields.iter().any(has_arguments) {
            findings.push(refused(
                "this key is not in the database: its fields take no arguments",
                index.span,
            ));
        }
    }
}

fn refused(message: &str, span: Span) -> Finding {
    Finding::new(&INDEX_ON_VIEW, message).at(span)
}
