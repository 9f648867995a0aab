//! Primary keys, and that every model has a key at all.

use driftless_finding::{Code, Finding, Severity};

use super::names::check_length;
use super::{Subject, client_names};
use crate::findings::Findings;
use crate::keys::{is_strict, keys};
use crate::schema::Model;
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

pub(super) fn check(subject: &Subject<'_, '_>, findings: &mut Findings) {
    let (rules, model) = (subject.rules, subject.model);
    has_key(model, findings);
    let Some(key) = &model.primary_key else {
        return;
    };
    check_length(key.mapped_name.as_ref(), findings);
    let map = key.mapped_name.as_ref().map_or(key.span, |it| it.span);
    let duplicate = rules.names.primary_key(subject.id, map);
    duplicate.into_iter().for_each(|it| findings.push(it));
    client_names::check_name(subject, key.name.as_ref(), findings);
    let at_key = |code, message: &str| Finding::new(code, message).at(key.span);
    if key.fields.is_empty() {
        findings.push(at_key(&NO_FIELDS, "a primary key has at least one field"));
    }
    client_names::check_fields(subject, &key.fields, key.span, findings);
    let mut refuse = |is_there: bool, message: &str| {
        if is_there {
            findings.push(at_key(&NOT_IN_POSTGRESQL, message));
        }
    };
    let has_length = key.fields.iter().any(|it| it.length.is_some());
    let has_sort = key.fields.iter().any(|it| it.sort.is_some());
    refuse(has_length, "a primary key of PostgreSQL has no `length`");
    refuse(has_sort, "a primary key of PostgreSQL has no `sort`");
    refuse(key.clustered.is_some(), "PostgreSQL has no clustered keys");
}

fn has_key(model: &Model, findings: &mut Findings) {
    if model.ignored || keys(model).any(|it| is_strict(model, it)) {
        return;
    }
    let mut finding = Finding::new(&MISSING_KEY, format!("model `{}` has no key", model.name));
    for fields in keys(model) {
        let names = and(fields.iter().map(|it| quoted(&model[it.field].name.value)));
        finding = finding.note(format!("{names} may be missing, so it is no key"));
    }
    findings.push(finding.at(model.name.span).help(
        "mark a required field with `@id` or `@unique`, or list several in `@@id` or `@@unique`",
    ));
}
