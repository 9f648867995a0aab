//! Primary keys, and that every model has a key at all.

use driftless_finding::{Code, Finding, Severity};

use super::names::check_length;
use super::{Rules, column_attributes};
use crate::attributes::refuse_shard_key;
use crate::blocks::ModelBlock;
use crate::findings::Findings;
use crate::schema::{Arity, FieldType, IndexField, IndexKind, Model, ModelId};
use crate::text::{and, quoted};

/// No key.
pub(crate) static MISSING_KEY: Code = Code {
    name: "missing-key",
    severity: Severity::Error,
    summary: "a model has no key of required fields",
    explanation: "Prisma must be able to tell the rows of a model apart: it has an `@id`, a `@unique`, an `@@id` or a \
        `@@unique`, none of whose fields is optional or `Unsupported`. A model without one can still be kept in the \
        schema, with `@@ignore`.",
};

/// `@@id([])`
pub(crate) static NO_FIELDS: Code = Code {
    name: "no-fields",
    severity: Severity::Error,
    summary: "a key or index lists no fields",
    explanation: "A key or index has at least one field.",
};

/// Something that MySQL or SQL Server has.
pub(crate) static NOT_IN_POSTGRESQL: Code = Code {
    name: "not-in-postgresql",
    severity: Severity::Error,
    summary: "a key or index has an argument that PostgreSQL does not have",
    explanation: "`length` is for MySQL, `clustered` for SQL Server, and a primary key of PostgreSQL has no `sort`. A hash \
        index has no order either, and an SP-GiST index only one column. `@@fulltext` is for MySQL and MongoDB: index \
        an expression of the database instead.",
};

/// The name of a key in Prisma Client is taken.
pub(crate) static CLIENT_NAME_CLASH: Code = Code {
    name: "client-name-clash",
    severity: Severity::Error,
    summary: "Prisma Client would call a key like a field or another key",
    explanation: "In Prisma Client, a key of several fields is called by its `name`, else by the names of its fields joined \
        by underscores. No field and no other key of the model may be called so.",
};

pub(super) fn check(rules: &Rules<'_, '_>, id: ModelId, model: &Model, findings: &mut Findings) {
    has_key(model, findings);
    let Some(key) = &model.primary_key else {
        return;
    };
    check_length(key.mapped_name.as_ref(), findings);
    let map = key.mapped_name.as_ref().map_or(key.span, |it| it.span);
    rules
        .names
        .primary_key(id, model, map)
        .into_iter()
        .for_each(|it| findings.push(it));
    if let Some(name) = &key.name
        && custom_names(model).filter(|it| *it == name.value).count() > 1
    {
        findings.push(client_name_taken(name, "another key").at(name.span));
    }
    let at_key = |code, message: &str| Finding::new(code, message).at(key.span);
    if key.fields.is_empty() {
        findings.push(at_key(&NO_FIELDS, "a primary key has at least one field"));
    }
    clashes_with_field(model, &key.fields, key.span)
        .into_iter()
        .for_each(|it| findings.push(it));
    if key.fields.iter().any(|it| it.length.is_some()) {
        findings.push(at_key(
            &NOT_IN_POSTGRESQL,
            "a primary key of PostgreSQL has no `length`",
        ));
    }
    if key.fields.iter().any(|it| it.sort.is_some()) {
        findings.push(at_key(
            &NOT_IN_POSTGRESQL,
            "a primary key of PostgreSQL has no `sort`",
        ));
    }
    if key.clustered.is_some() {
        findings.push(at_key(
            &NOT_IN_POSTGRESQL,
            "PostgreSQL has no clustered keys",
        ));
    }
}

/// Shard keys are none of PostgreSQL's.
pub(super) fn no_shard_keys(block: &ModelBlock<'_>, findings: &mut Findings) {
    let on_fields = column_attributes(block, "shardKey").map(|(_, it)| it);
    let on_block = block
        .attributes
        .iter()
        .copied()
        .filter(|it| it.name.text == "shardKey");
    on_fields
        .chain(on_block)
        .for_each(|it| refuse_shard_key(it, findings));
}

fn has_key(model: &Model, findings: &mut Findings) {
    let keys = || {
        let unique = model
            .indexes
            .iter()
            .filter(|it| it.kind == IndexKind::Unique);
        model
            .primary_key
            .iter()
            .map(|it| &it.fields)
            .chain(unique.map(|it| &it.fields))
    };
    let is_strict = |fields: &Vec<IndexField>| {
        fields.iter().all(|it| {
            let field = &model[it.field];
            let is_unsupported = field
                .as_scalar()
                .is_some_and(|it| matches!(it.field_type, FieldType::Unsupported(_)));
            field.arity != Arity::Optional && !is_unsupported
        })
    };
    if model.ignored || keys().any(is_strict) {
        return;
    }
    let mut finding = Finding::new(&MISSING_KEY, format!("model `{}` has no key", model.name));
    for fields in keys() {
        let names = and(fields.iter().map(|it| quoted(&model[it.field].name.value)));
        finding = finding.note(format!("{names} may be missing, so it is no key"));
    }
    findings.push(finding.at(model.name.span).help(
        "mark a required field with `@id` or `@unique`, or list several in `@@id` or `@@unique`",
    ));
}

/// The names that were given to keys of several fields.
pub(super) fn custom_names(model: &Model) -> impl Iterator<Item = &str> {
    let key = model.primary_key.iter().filter_map(|it| it.name.as_ref());
    key.chain(model.indexes.iter().filter_map(|it| it.name.as_ref()))
        .map(|it| it.value.as_str())
}

/// What is wrong with a key whose fields joined are the name of a column.
pub(super) fn clashes_with_field(
    model: &Model,
    fields: &[IndexField],
    span: driftless_finding::Span,
) -> Option<Finding> {
    if fields.len() < 2 {
        return None;
    }
    let names: Vec<_> = fields
        .iter()
        .map(|it| model[it.field].name.value.as_str())
        .collect();
    let joined = names.join("_");
    let (_, field) = model
        .field(&joined)
        .filter(|(_, it)| it.as_scalar().is_some())?;
    let finding = client_name_taken(&joined, "a field").at(span);
    Some(finding.label(field.name.span, "the field"))
}

pub(super) fn client_name_taken(name: &str, by: &str) -> Finding {
    let message = format!("`{name}`, as Prisma Client calls this key, is the name of {by}");
    Finding::new(&CLIENT_NAME_CLASH, message).help("rename one of them")
}
