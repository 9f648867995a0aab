//! What Prisma Client calls the keys of a model.

use driftless_finding::{Code, Finding, Severity, Span};

use super::Subject;
use crate::findings::Findings;
use crate::schema::{Field, IndexField, Model, Spanned};

/// The name of a key in Prisma Client is taken.
pub(crate) static CLIENT_NAME_CLASH: Code = Code {
    name: "client-name-clash",
    severity: Severity::Error,
    summary: "Prisma Client would call a key like a field or another key",
    explanation: "In Prisma Client, a key of several fields is called by its `name`, else by the names of its fields joined \
        by underscores. No field and no other key of the model may be called so.",
};

/// The names that are given to keys of several fields, in order.
pub(super) struct ClientNames<'s>(Vec<&'s str>);

impl<'s> ClientNames<'s> {
    pub(super) fn new(model: &'s Model) -> Self {
        let key = model.primary_key.iter().filter_map(|it| it.name.as_ref());
        let indexes = model.indexes.iter().filter_map(|it| it.name.as_ref());
        let mut names: Vec<_> = key.chain(indexes).map(|it| &it.value[..]).collect();
        names.sort_unstable();
        Self(names)
    }

    fn count(&self, name: &str) -> usize {
        let start = self.0.partition_point(|it| *it < name);
        self.0[start..].partition_point(|it| *it == name)
    }
}

/// No key is called like the field.
pub(super) fn check_field(subject: &Subject<'_, '_>, field: &Field, findings: &mut Findings) {
    let name = &field.name;
    if subject.client_names.count(name) > 0 {
        let finding = taken(name, "a field").at(subject.model.name.span);
        findings.push(finding.label(name.span, "the field"));
    }
}

/// No other key has the name of this one.
pub(super) fn check_name(
    subject: &Subject<'_, '_>,
    name: Option<&Spanned<String>>,
    findings: &mut Findings,
) {
    if let Some(name) = name.filter(|it| subject.client_names.count(it) > 1) {
        findings.push(taken(name, "another key").at(name.span));
    }
}

/// No column is called as the fields of the key are called together.
pub(super) fn check_fields(
    subject: &Subject<'_, '_>,
    fields: &[IndexField],
    span: Span,
    findings: &mut Findings,
) {
    if fields.len() < 2 {
        return;
    }
    let names: Vec<_> = fields
        .iter()
        .map(|it| &subject.model[it.field].name[..])
        .collect();
    let joined = names.join("_");
    if let Some(field) = subject
        .block
        .find(&joined)
        .filter(|it| it.meaning.is_column())
    {
        let finding = taken(&joined, "a field").at(span);
        findings.push(finding.label(field.field.name.span, "the field"));
    }
}

fn taken(name: &str, by: &str) -> Finding {
    let message = format!("`{name}`, as Prisma Client calls this key, is the name of {by}");
    Finding::new(&CLIENT_NAME_CLASH, message).help("rename one of them")
}
