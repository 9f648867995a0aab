//! `@default`. Prisma schema reference, *`@default`*.

use driftless_finding::{Code, Finding, Severity, Span};

use super::given::Given;
use super::{Column, ModelScope};
use crate::blocks::EnumBlock;
use crate::findings::Findings;
use crate::schema::{
    Arity, CuidVersion, DefaultValue, FieldDefault, FieldId, FieldKind, FieldType, ScalarType,
    UuidVersion,
};
use crate::syntax::{Argument, Arguments, Attribute, Expression};
use crate::values::wrong_value;

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
    let Some(value) = given.take_default("value", findings) else {
        return;
    };
    let mapped_name = given.take_name("map", findings);
    let span = given.attribute.span;
    let mut default = Default {
        span,
        is_named: mapped_name.is_some(),
        arity: scope.model[column.id].arity,
        findings,
    };
    let FieldKind::Scalar(field) = &mut scope.model.fields[column.id.0 as usize].kind else {
        return;
    };
    let value = match (value.as_call(), &field.field_type) {
        (Some((name, arguments)), _) if name.text == "dbgenerated" => {
            default.dbgenerated(arguments)
        }
        (_, FieldType::Unsupported(_)) => default.unsupported(column),
        (Some((name, arguments)), FieldType::Scalar(scalar)) => {
            default.function(name.text, arguments, *scalar)
        }
        (_, FieldType::Scalar(scalar)) => default.scalar(value, *scalar),
        (_, FieldType::Enum(id)) => default.of_enum(value, &scope.blocks.enums[id.0 as usize]),
    };
    field.default = value.map(|value| FieldDefault {
        value,
        mapped_name,
        span,
    });
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

/// Checks the function of a `@default`, which has been passed over because other databases may have it.
pub(crate) fn check_function_is_known(attribute: &Attribute<'_>, findings: &mut Findings) {
    let Some((value, name)) = function_of(attribute) else {
        return;
    };
    if FUNCTIONS.contains(&name) {
        return;
    }
    let finding = unknown_function(value, name);
    let known = FUNCTIONS.into_iter().filter(|it| *it != "auto");
    let meant = findings.closest(name, known);
    findings.push(finding.help(match meant {
        Some(meant) => format!("did you mean `{meant}()`?"),
        None => format!("write `dbgenerated(\"{name}()\")` if it is a function of the database"),
    }));
}

/// Says that `auto()` is not for PostgreSQL, where a `@default` has it.
pub(crate) fn refuse_auto(attribute: &Attribute<'_>, findings: &mut Findings) {
    if let Some((value, "auto")) = function_of(attribute) {
        let help = "write `autoincrement()`, `uuid()` or another function";
        findings.push(unknown_function(value, "auto").help(help));
    }
}

fn unknown_function(value: &Expression<'_>, name: &str) -> Finding {
    let message = format!("PostgreSQL has no default `{name}()` in Prisma");
    Finding::new(&UNKNOWN_DEFAULT_FUNCTION, message).at(value.span)
}

/// The value of a `@default` and the name of the function, if it is one.
fn function_of<'a>(attribute: &'a Attribute<'a>) -> Option<(&'a Expression<'a>, &'a str)> {
    let is_value = |it: &&Argument<'_>| it.name.is_none_or(|it| it.text == "value");
    let argument = attribute.arguments.list.iter().find(is_value)?;
    let value = argument.value.as_ref()?;
    Some((value, value.as_call()?.0.text))
}

/// A default that is read.
struct Default<'f> {
    /// Of the attribute.
    span: Span,
    /// Whether there is a `map`.
    is_named: bool,
    arity: Arity,
    findings: &'f mut Findings,
}

impl Default<'_> {
    fn dbgenerated(&mut self, arguments: &Arguments<'_>) -> Option<DefaultValue> {
        let value = match arguments.list {
            [] => return Some(DefaultValue::DbGenerated(None)),
            [one] => one.value.as_ref().and_then(Expression::as_string),
            [..] => None,
        };
        match value {
            Some(sql) if !sql.is_empty() => Some(DefaultValue::DbGenerated(Some(sql.to_owned()))),
            _ => {
                let message = "`dbgenerated()` takes a string that is not empty, or nothing";
                let finding = Finding::new(&WRONG_DEFAULT_FUNCTION, message).at(self.span);
                let help = "write the expression of the database in quotes";
                self.findings.push(finding.help(help));
                None
            }
        }
    }

    fn unsupported(&mut self, column: Column) -> Option<DefaultValue> {
        let (message, help) = match column.composite {
            true => ("a composite type has no default", "remove the `@default`"),
            false => (
                "only the database knows the values of an `Unsupported` type",
                "write `@default(dbgenerated(\"…\"))` with an expression of the database",
            ),
        };
        let finding = Finding::new(&WRONG_DEFAULT, message).at(self.span);
        self.findings.push(finding.help(help));
        None
    }

    /// The value of a function. Of one that is for [`unknown_function`] to judge, there is none yet.
    fn function(
        &mut self,
        name: &str,
        arguments: &Arguments<'_>,
        scalar: ScalarType,
    ) -> Option<DefaultValue> {
        let takes_nothing = arguments.list.is_empty();
        let found = match (name, scalar) {
            ("autoincrement", _) if self.is_named => Err("`autoincrement()` has no `map`"),
            ("autoincrement", ScalarType::Int | ScalarType::BigInt) if takes_nothing => {
                Ok(DefaultValue::Autoincrement)
            }
            ("now", ScalarType::DateTime) if takes_nothing => Ok(DefaultValue::Now),
            ("ulid", ScalarType::String) if takes_nothing => Ok(DefaultValue::Ulid),
            ("autoincrement", ScalarType::Int | ScalarType::BigInt)
            | ("now", ScalarType::DateTime)
            | ("ulid", ScalarType::String) => Err("the function takes no arguments"),
            ("uuid", ScalarType::String) => match version(arguments) {
                Some(None | Some(4)) => Ok(DefaultValue::Uuid(UuidVersion::V4)),
                Some(Some(7)) => Ok(DefaultValue::Uuid(UuidVersion::V7)),
                _ => Err("`uuid()` takes a version, 4 or 7, or nothing"),
            },
            ("cuid", ScalarType::String) => match version(arguments) {
                Some(None | Some(1)) => Ok(DefaultValue::Cuid(CuidVersion::V1)),
                Some(Some(2)) => Ok(DefaultValue::Cuid(CuidVersion::V2)),
                _ => Err("`cuid()` takes a version, 1 or 2, or nothing"),
            },
            ("nanoid", ScalarType::String) => match version(arguments) {
                Some(None) => Ok(DefaultValue::Nanoid(None)),
                Some(Some(length @ 2..)) => Ok(DefaultValue::Nanoid(Some(length))),
                _ => Err("`nanoid()` takes a length from 2 to 255, or nothing"),
            },
            ("auto", _) if !takes_nothing => Err("`auto()` takes no arguments"),
            ("auto", _) => return None,
            _ if FUNCTIONS.contains(&name) => {
                let message = format!("`{name}()` is no default for `{scalar}`");
                self.wrong_function(&message);
                return None;
            }
            _ => return None,
        };
        found.map_err(|message| self.wrong_function(message)).ok()
    }

    fn wrong_function(&mut self, message: &str) {
        let finding = Finding::new(&WRONG_DEFAULT_FUNCTION, message).at(self.span);
        self.findings.push(finding);
    }

    fn scalar(&mut self, value: &Expression<'_>, scalar: ScalarType) -> Option<DefaultValue> {
        self.literals(value, |literal, findings| {
            let default = scalar_literal(scalar, literal);
            if default.is_none() {
                let found = wrong_value(expected(scalar), literal).message;
                let message = format!("wrong default for `{scalar}`: {found}");
                findings.push(Finding::new(&WRONG_DEFAULT, message).at(literal.span));
            }
            default
        })
    }

    fn of_enum(&mut self, value: &Expression<'_>, block: &EnumBlock<'_>) -> Option<DefaultValue> {
        let name = block.block.name.text;
        self.literals(value, |literal, findings| {
            let Some(found) = literal.as_constant() else {
                let message = format!("the default of `{name}` is one of its values, unquoted");
                findings.push(Finding::new(&WRONG_DEFAULT, message).at(literal.span));
                return None;
            };
            if !block.has_value(found) {
                let message = format!("`{name}` has no value `{found}`");
                let finding = Finding::new(&WRONG_DEFAULT, message).at(literal.span);
                let values = block.values.iter().map(|(it, _)| it.name.text);
                let help = "write one of its values as the schema calls it";
                let finding = findings.did_you_mean(finding, found, values, help);
                findings.push(finding);
                return None;
            }
            Some(DefaultValue::EnumValue(found.to_owned()))
        })
    }

    /// One literal, or a list of them, as the arity of the field says.
    fn literals(
        &mut self,
        value: &Expression<'_>,
        mut literal: impl FnMut(&Expression<'_>, &mut Findings) -> Option<DefaultValue>,
    ) -> Option<DefaultValue> {
        match (value.as_list(), self.arity) {
            (_, Arity::Required | Arity::Optional) => literal(value, self.findings),
            (Some(list), Arity::List) => {
                let values = list.iter().map(|it| literal(it, self.findings));
                values.collect::<Option<_>>().map(DefaultValue::List)
            }
            (None, Arity::List) => {
                let message = "the default of a list is a list";
                let finding = Finding::new(&WRONG_DEFAULT, message).at(value.span);
                self.findings.push(finding.help("put brackets around it"));
                None
            }
        }
    }
}

/// The one number that a function may take; `None` if it is given anything else.
fn version(arguments: &Arguments<'_>) -> Option<Option<u8>> {
    match arguments.list {
        [] => Some(None),
        [one] => one.value.as_ref()?.as_number()?.parse().ok().map(Some),
        [..] => None,
    }
}

fn scalar_literal(scalar: ScalarType, value: &Expression<'_>) -> Option<DefaultValue> {
    let string = || Some(DefaultValue::String(value.as_string()?.to_owned()));
    let number = || Some(DefaultValue::Number(value.as_number()?.to_owned()));
    match scalar {
        ScalarType::String | ScalarType::Json | ScalarType::Bytes | ScalarType::DateTime => {
            string()
        }
        ScalarType::Int | ScalarType::BigInt | ScalarType::Float => number(),
        ScalarType::Decimal => number().or_else(string),
        ScalarType::Boolean => Some(DefaultValue::Boolean(value.as_constant()?.parse().ok()?)),
    }
}

fn expected(scalar: ScalarType) -> &'static str {
    match scalar {
        ScalarType::String | ScalarType::Bytes | ScalarType::DateTime => "a string",
        ScalarType::Json => "JSON in a string",
        ScalarType::Int | ScalarType::BigInt => "a whole number",
        ScalarType::Float => "a number",
        ScalarType::Decimal => "a number, or one in a string",
        ScalarType::Boolean => "`true` or `false`",
    }
}
