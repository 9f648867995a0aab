//! Columns.

use driftless_finding::{Code, Finding, Severity};

use super::names::check_length;
use super::{Subject, client_names, literals};
use crate::attributes::{native_type, native_type_of_name};
use crate::findings::Findings;
use crate::schema::{DefaultValue, FieldId, FieldType, ScalarField, ScalarType};

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
    subject: &Subject<'_, '_>,
    id: FieldId,
    scalar: &ScalarField,
    findings: &mut Findings,
) {
    client_names::check_field(subject, &subject.model[id], findings);
    match &scalar.field_type {
        FieldType::Scalar(it) => check_native_type(subject, id, *it, findings),
        FieldType::Enum(_) => {}
        FieldType::Unsupported(name) => unsupported(subject, id, name, findings),
    }
    check_default(scalar, findings);
}

fn check_native_type(
    subject: &Subject<'_, '_>,
    id: FieldId,
    scalar: ScalarType,
    findings: &mut Findings,
) {
    let field = subject.block.column(id);
    let mut attributes = field.into_iter().flat_map(|it| it.field.attributes);
    let Some(attribute) = attributes.rfind(|it| it.name.text.contains('.')) else {
        return;
    };
    let (prefix, name) = attribute.name.text.split_once('.').unwrap_or_default();
    if let Some(datasource) = &subject.rules.schema.datasource
        && datasource.name.value != prefix
    {
        let right = &datasource.name;
        let message = format!("native types begin with `@{right}.`, like the datasource");
        let finding = Finding::new(&WRONG_NATIVE_PREFIX, message).at(attribute.name.span);
        findings.push(finding.help(format!("write `@{right}.{name}`")));
    }
    if let Err(finding) = native_type(attribute, scalar, findings) {
        findings.push(*finding);
    }
}

/// Says that a type is supported, if it is.
fn unsupported(subject: &Subject<'_, '_>, id: FieldId, name: &str, findings: &mut Findings) {
    // A composite type, which is said to be none of PostgreSQL's elsewhere, is no column by itself.
    let (Some(_), Some(datasource)) = (subject.block.column(id), &subject.rules.schema.datasource)
    else {
        return;
    };
    let (bare, rest) = name.split_once('(').unwrap_or((name, ""));
    let arguments = rest.split_once(')').map(|(inside, _)| inside);
    let Some(native) = native_type_of_name(bare.trim(), arguments) else {
        return;
    };
    let scalar = native.scalar_type();
    let message = format!("Prisma supports `{native}`");
    let finding = Finding::new(&NEEDLESS_UNSUPPORTED, message).at(subject.model[id].type_span);
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
    let values = if let DefaultValue::List(values) = &default.value {
        values
    } else {
        std::slice::from_ref(&default.value)
    };
    for value in values {
        if let Some(finding) = literals::check(scalar, value) {
            findings.push(finding.at(default.span));
        }
    }
}
