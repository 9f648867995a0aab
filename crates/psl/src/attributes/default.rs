//! `@default`. Prisma schema reference, *`@default`*.

use driftless_finding::{Code, Finding, Severity, Span, closest};

use super::given::{Given, wrong_value};
use super::{Column, ModelScope};
use crate::findings::Findings;
use crate::schema::{
    Arity, CuidVersion, DefaultValue, EnumId, FieldDefault, FieldId, FieldKind, FieldType,
    ScalarType, UuidVersion,
};
use crate::syntax::{Arguments, Attribute, Expression, ExpressionKind};

/// `@default` on a relation field.
pub(crate) static DEFAULT_ON_RELATION: Code = Code {
    name: "default-on-relation",
    severity: Severity::Error,
    summary: "`@default` on a relation field",
    explanation: "A relation field is no column. Give a default to the scalar field that the relation is made of.",
};

/// A default that is no value of the field's type.
pub(crate) static WRONG_DEFAULT: Code = Code {
    name: "wrong-default",
    severity: Severity::Error,
    summary: "the default of a field is no value of its type",
    explanation: "A `String`, `Json`, `Bytes` or `DateTime` has a string as its default, a number type a number, a \
        `Boolean` has `true` or `false`, an enum one of its values without quotes, a list a list of these, and an \
        `Unsupported` type only `dbgenerated(\"…\")`.",
};

/// `uuid()` on an `Int`.
pub(crate) static WRONG_DEFAULT_FUNCTION: Code = Code {
    name: "wrong-default-function",
    severity: Severity::Error,
    summary: "the default of a field is a function that does not fit",
    explanation: "`autoincrement()` is for `Int` and `BigInt`, `now()` for `DateTime`, and `uuid()`, `ulid()`, `cuid()` \
        and `nanoid()` are for `String`. `uuid` takes 4 or 7, `cuid` 1 or 2, `nanoid` a length from 2 to 255, \
        `dbgenerated` an expression of the database, and the others nothing.",
};

/// A function that Prisma does not have.
pub(crate) static UNKNOWN_DEFAULT_FUNCTION: Code = Code {
    name: "unknown-default-function",
    severity: Severity::Error,
    summary: "the default of a field is a function that does not exist on PostgreSQL",
    explanation: "The functions are `autoincrement()`, `now()`, `uuid()`, `ulid()`, `cuid()`, `nanoid()` and \
        `dbgenerated(\"…\")`, which takes any expression of the database.",
};

const FUNCTIONS: [&str; 8] = [
    "autoincrement",
    "now",
    "uuid",
    "ulid",
    "cuid",
    "nanoid",
    "dbgenerated",
    "auto",
];

pub(super) fn on_column<'a>(
    scope: &mut ModelScope<'_, 'a>,
    column: Column,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    let span = given.attribute.span;
    let Some(value) = given.take_default("value", findings) else {
        return;
    };
    let mapped_name = given.take_name("map", findings);
    let arity = scope.model[column.id].arity;
    let FieldKind::Scalar(field) = &scope.model[column.id].kind else {
        return;
    };
    let default = match (&value.kind, &field.field_type) {
        (ExpressionKind::Call(name, arguments), _) if name.text == "dbgenerated" => {
            dbgenerated(arguments, span)
        }
        (_, FieldType::Unsupported(_)) if column.composite => {
            let finding = Finding::new(&WRONG_DEFAULT, "a composite type has no default");
            Err(finding.at(span).help("remove the `@default`"))
        }
        (_, FieldType::Unsupported(_)) => {
            let message = "only the database knows the values of an `Unsupported` type";
            let finding = Finding::new(&WRONG_DEFAULT, message).at(span);
            Err(finding
                .help("write `@default(dbgenerated(\"…\"))` with an expression of the database"))
        }
        (ExpressionKind::Call(name, _), FieldType::Scalar(_))
            if name.text == "autoincrement" && mapped_name.is_some() =>
        {
            let message = "`autoincrement()` cannot be named";
            Err(Finding::new(&WRONG_DEFAULT_FUNCTION, message)
                .at(span)
                .help("remove the `map`"))
        }
        (ExpressionKind::Call(name, arguments), FieldType::Scalar(scalar)) => {
            match function(name.text, arguments, *scalar, span) {
                Some(default) => default,
                None => return,
            }
        }
        (_, FieldType::Scalar(scalar)) => literals(value, arity, |it| scalar_literal(*scalar, it)),
        (_, FieldType::Enum(id)) => literals(value, arity, |it| enum_value(scope, *id, it)),
    };
    match default {
        Ok(value) => {
            if let FieldKind::Scalar(it) = &mut scope.model.fields[column.id.0 as usize].kind {
                it.default = Some(FieldDefault {
                    value,
                    mapped_name,
                    span,
                });
            }
        }
        Err(finding) => findings.push(finding),
    }
}

pub(super) fn on_relation_field(
    scope: &mut ModelScope<'_, '_>,
    field: FieldId,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    let message = format!(
        "`{}` is no column and has no default",
        scope.model[field].name
    );
    let finding = Finding::new(&DEFAULT_ON_RELATION, message).at(given.attribute.span);
    findings.push(finding.help("write it at the scalar field of the relation"));
    given.discard();
}

/// What is wrong with a function that has been passed over, because other databases have it.
pub(crate) fn unknown_function(attribute: &Attribute<'_>) -> Option<Finding> {
    let is_value = |name: Option<&str>| name.is_none_or(|it| it == "value");
    let mut arguments = attribute.arguments.list.iter();
    let value = arguments
        .find(|it| is_value(it.name.map(|it| it.text)))?
        .value
        .as_ref()?;
    let ExpressionKind::Call(name, _) = &value.kind else {
        return None;
    };
    let name = name.text;
    if name != "auto" && FUNCTIONS.contains(&name) {
        return None;
    }
    let message = format!("PostgreSQL has no default `{name}()` in Prisma");
    let finding = Finding::new(&UNKNOWN_DEFAULT_FUNCTION, message).at(value.span);
    let known = FUNCTIONS.into_iter().filter(|it| *it != "auto");
    Some(match closest(name, known).filter(|_| name != "auto") {
        Some(meant) => finding.help(format!("did you mean `{meant}()`?")),
        None => finding.help(format!(
            "write `dbgenerated(\"{name}()\")` if it is a function of the database"
        )),
    })
}

/// The default, or `None` if the function is for [`unknown_function`] to judge.
fn function(
    name: &str,
    arguments: &Arguments<'_>,
    scalar: ScalarType,
    span: Span,
) -> Option<Result<DefaultValue, Finding>> {
    let refused = |message: String| Err(Finding::new(&WRONG_DEFAULT_FUNCTION, message).at(span));
    let list = &arguments.list;
    let without = |value| match list.is_empty() {
        true => Ok(value),
        false => refused(format!("`{name}()` takes no arguments")),
    };
    Some(match (name, scalar) {
        ("autoincrement", ScalarType::Int | ScalarType::BigInt) => {
            without(DefaultValue::Autoincrement)
        }
        ("now", ScalarType::DateTime) => without(DefaultValue::Now),
        ("ulid", ScalarType::String) => without(DefaultValue::Ulid),
        ("uuid", ScalarType::String) => match version(arguments) {
            Some(None | Some(4)) => Ok(DefaultValue::Uuid(UuidVersion::V4)),
            Some(Some(7)) => Ok(DefaultValue::Uuid(UuidVersion::V7)),
            _ => refused("`uuid()` takes a version, 4 or 7, or nothing".to_owned()),
        },
        ("cuid", ScalarType::String) => match version(arguments) {
            Some(None | Some(1)) => Ok(DefaultValue::Cuid(CuidVersion::V1)),
            Some(Some(2)) => Ok(DefaultValue::Cuid(CuidVersion::V2)),
            _ => refused("`cuid()` takes a version, 1 or 2, or nothing".to_owned()),
        },
        ("nanoid", ScalarType::String) => match version(arguments) {
            Some(None) => Ok(DefaultValue::Nanoid(None)),
            Some(Some(length @ 2..)) => Ok(DefaultValue::Nanoid(Some(length))),
            _ => refused("`nanoid()` takes a length from 2 to 255, or nothing".to_owned()),
        },
        ("auto", _) if !list.is_empty() => refused("`auto()` takes no arguments".to_owned()),
        ("auto", _) => return None,
        _ if FUNCTIONS.contains(&name) => {
            refused(format!("`{name}()` is no default for a `{scalar}`"))
        }
        _ => return None,
    })
}

/// The one number that a function may take; `None` if it is given anything else.
fn version(arguments: &Arguments<'_>) -> Option<Option<u8>> {
    match &arguments.list[..] {
        [] => Some(None),
        [one] => match one.value.as_ref()?.kind {
            ExpressionKind::Number(number) => number.parse().ok().map(Some),
            ExpressionKind::String(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Call(..)
            | ExpressionKind::List(_)
            | ExpressionKind::Object(_) => None,
        },
        [..] => None,
    }
}

fn dbgenerated(arguments: &Arguments<'_>, span: Span) -> Result<DefaultValue, Finding> {
    let value = match &arguments.list[..] {
        [] => return Ok(DefaultValue::DbGenerated(None)),
        [one] => one.value.as_ref().map(|it| &it.kind),
        [..] => None,
    };
    match value {
        Some(ExpressionKind::String(sql)) if !sql.is_empty() => {
            Ok(DefaultValue::DbGenerated(Some(sql.to_string())))
        }
        _ => {
            let message = "`dbgenerated()` takes a string that is not empty, or nothing";
            let finding = Finding::new(&WRONG_DEFAULT_FUNCTION, message).at(span);
            Err(finding.help("write the expression of the database in quotes"))
        }
    }
}

/// One literal, or a list of them, as the arity of the field says.
fn literals(
    value: &Expression<'_>,
    arity: Arity,
    literal: impl Fn(&Expression<'_>) -> Result<DefaultValue, Finding>,
) -> Result<DefaultValue, Finding> {
    match (&value.kind, arity) {
        (ExpressionKind::List(list), Arity::List) => list
            .iter()
            .map(literal)
            .collect::<Result<_, _>>()
            .map(DefaultValue::List),
        (_, Arity::List) => Err(
            Finding::new(&WRONG_DEFAULT, "the default of a list is a list")
                .at(value.span)
                .help("put brackets around it"),
        ),
        (_, Arity::Required | Arity::Optional) => literal(value),
    }
}

fn scalar_literal(scalar: ScalarType, value: &Expression<'_>) -> Result<DefaultValue, Finding> {
    match (scalar, &value.kind) {
        (
            ScalarType::String
            | ScalarType::Json
            | ScalarType::Bytes
            | ScalarType::DateTime
            | ScalarType::Decimal,
            ExpressionKind::String(text),
        ) => Ok(DefaultValue::String(text.to_string())),
        (
            ScalarType::Int | ScalarType::BigInt | ScalarType::Float | ScalarType::Decimal,
            ExpressionKind::Number(number),
        ) => Ok(DefaultValue::Number((*number).to_owned())),
        (ScalarType::Boolean, ExpressionKind::Constant("true")) => Ok(DefaultValue::Boolean(true)),
        (ScalarType::Boolean, ExpressionKind::Constant("false")) => {
            Ok(DefaultValue::Boolean(false))
        }
        _ => {
            let expected = match scalar {
                ScalarType::String | ScalarType::Bytes | ScalarType::DateTime => "a string",
                ScalarType::Json => "JSON in a string",
                ScalarType::Int | ScalarType::BigInt => "a whole number",
                ScalarType::Float => "a number",
                ScalarType::Decimal => "a number, or one in a string",
                ScalarType::Boolean => "`true` or `false`",
            };
            let found = wrong_value(expected, value).message;
            let message = format!("wrong default for a `{scalar}`: {found}");
            Err(Finding::new(&WRONG_DEFAULT, message).at(value.span))
        }
    }
}

fn enum_value(
    scope: &ModelScope<'_, '_>,
    id: EnumId,
    value: &Expression<'_>,
) -> Result<DefaultValue, Finding> {
    let block = &scope.blocks.enums[id.0 as usize];
    let name = block.block.name.text;
    let values = || block.values.iter().map(|(it, _)| it.name.text);
    let found = match value.kind {
        ExpressionKind::Constant(found) => found,
        _ => {
            let message = format!("the default of `{name}` is one of its values, without quotes");
            return Err(Finding::new(&WRONG_DEFAULT, message).at(value.span));
        }
    };
    if values().any(|it| it == found) {
        return Ok(DefaultValue::EnumValue(found.to_owned()));
    }
    let finding = Finding::new(&WRONG_DEFAULT, format!("`{name}` has no value `{found}`"));
    let finding = finding.at(value.span);
    Err(match closest(found, values()) {
        Some(meant) => finding.help(format!("did you mean `{meant}`?")),
        None => finding.help("write one of its values as the schema calls it"),
    })
}
