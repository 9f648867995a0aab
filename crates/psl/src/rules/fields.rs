//! Columns.

use driftless_finding::{Code, Finding, Severity};

use super::names::check_length;
use super::{Rules, keys, literals};
use crate::attributes::{native_type, native_type_of_name};
use crate::blocks::{Meaning, ModelBlock};
use crate::findings::Findings;
use crate::schema::{DefaultValue, Field, FieldId, FieldType, Model, ScalarField, ScalarType};

/// `@pg.Text` where the datasource is called `db`.
pub(crate) static WRONG_NATIVE_PREFIX: Code = Code {
    name: "wrong-native-prefix",
    severity: Severity::Error,
    summary: "a native type does not begin with the name of the datasource",
    explanation: "Native types are written behind the name of the datasource: `@db.Text`, where it is `datasource db`.",
};

/// `Unsupported("VarChar(10)")`
pub(crate) static NEEDLESS_UNSUPPORTED: Code = Code {
    name: "needless-unsupported",
    severity: Severity::Error,
    summary: "a type that Prisma supports is written as `Unsupported`",
    explanation: "Prisma Client does not see fields of an `Unsupported` type. Write the field type and its native type: \
        `String @db.VarChar(10)`.",
};

/// `@default(1, map: "x")`
pub(crate) static NAMED_DEFAULT: Code = Code {
    name: "named-default",
    severity: Severity::Error,
    summary: "a default has a name, which PostgreSQL does not know",
    explanation: "Only SQL Server has names for defaults. Remove the `map`.",
};

pub(super) fn check(
    rules: &Rules<'_, '_>,
    block: &ModelBlock<'_>,
    model: &Model,
    id: FieldId,
    findings: &mut Findings,
) {
    let field = &model[id];
    let Some(scalar) = field.as_scalar() else {
        return;
    };
    client_name(model, field, findings);
    match &scalar.field_type {
        FieldType::Scalar(it) => check_native_type(rules, block, id, *it, findings),
        FieldType::Enum(_) => {}
        FieldType::Unsupported(name) => unsupported(rules, block, field, id, name, findings),
    }
    check_default(scalar, findings);
}

/// No key of the model is called like the field.
pub(super) fn client_name(model: &Model, field: &Field, findings: &mut Findings) {
    for name in keys::custom_names(model).filter(|it| *it == field.name.value) {
        let finding = keys::client_name_taken(name, "a field").at(model.name.span);
        findings.push(finding.label(field.name.span, "the field"));
    }
}

fn check_native_type(
    rules: &Rules<'_, '_>,
    block: &ModelBlock<'_>,
    id: FieldId,
    scalar: ScalarType,
    findings: &mut Findings,
) {
    let field = block
        .fields
        .iter()
        .find(|it| it.meaning == Meaning::Column(id));
    let attributes = field.into_iter().flat_map(|it| &it.field.attributes);
    let Some(attribute) = attributes.filter(|it| it.name.text.contains('.')).last() else {
        return;
    };
    let (prefix, name) = attribute.name.text.split_once('.').unwrap_or_default();
    if let Some(datasource) = &rules.schema.datasource
        && datasource.name.value != prefix
    {
        let right = &datasource.name;
        let message = format!("native types begin with `@{right}.`, like the datasource");
        let finding = Finding::new(&WRONG_NATIVE_PREFIX, message).at(attribute.name.span);
        findings.push(finding.help(format!("write `@{right}.{name}`")));
    }
    if let Err(finding) = native_type(attribute, scalar) {
        findings.push(finding);
    }
}

/// Says that a type is supported, if it is.
fn unsupported(
    rules: &Rules<'_, '_>,
    block: &ModelBlock<'_>,
    field: &Field,
    id: FieldId,
    name: &str,
    findings: &mut Findings,
) {
    let composite = block
        .fields
        .iter()
        .any(|it| it.meaning == Meaning::Composite(id));
    let Some(datasource) = rules.schema.datasource.as_ref().filter(|_| !composite) else {
        return;
    };
    let (bare, rest) = name.split_once('(').unwrap_or((name, ""));
    let arguments = rest.split_once(')').map(|(inside, _)| inside);
    let Some(native) = native_type_of_name(bare.trim(), arguments) else {
        return;
    };
    let scalar = native.scalar_type();
    let message = format!("Prisma supports `{native}`");
    let finding = Finding::new(&NEEDLESS_UNSUPPORTED, message).at(field.type_span);
    findings.push(finding.help(format!("write `{scalar} @{}.{native}`", datasource.name)));
}

fn check_default(scalar: &ScalarField, findings: &mut Findings) {
    let Some(default) = &scalar.default else {
        return;
    };
    if let Some(name) = &default.mapped_name {
        let finding = Finding::new(&NAMED_DEFAULT, "defaults have no names in PostgreSQL");
        findings.push(finding.at(name.span).help("remove the `map`"));
        check_length(Some(name), findings);
    }
    let FieldType::Scalar(scalar) = scalar.field_type else {
        return;
    };
    let values = match &default.value {
        DefaultValue::List(values) => &values[..],
        value => std::slice::from_ref(value),
    };
    for value in values {
        if let Some(finding) = literals::check(scalar, value) {
            findings.push(finding.at(default.span));
        }
    }
}
