//! `@db.…`: the PostgreSQL type of a column. Prisma schema reference, *PostgreSQL native type attributes*.

use driftless_finding::{Code, Finding, Severity};

use super::{Column, DUPLICATE_ATTRIBUTE, ModelScope};
use crate::findings::Findings;
use crate::schema::{FieldKind, FieldType, NativeType, ScalarType, Spanned};
use crate::syntax::{Attribute, Expression};

/// A type that PostgreSQL does not have.
pub(crate) static UNKNOWN_NATIVE_TYPE: Code = Code {
    name: "unknown-native-type",
    severity: Severity::Error,
    summary: "a `@db.` attribute names no type that Prisma knows",
    explanation: "Types that Prisma does not know are written as the type of the field: `Unsupported(\"circle\")`.",
};

/// A type that a field cannot have.
pub(crate) static INCOMPATIBLE_NATIVE_TYPE: Code = Code {
    name: "incompatible-native-type",
    severity: Severity::Error,
    summary: "the type of the field and the type of its column do not fit",
    explanation: "Each database type belongs to one built-in type: `@db.Uuid` to `String`, `@db.Date` to `DateTime`, \
        `@db.SmallInt` to `Int`, and so on.",
};

/// Arguments that a type does not take.
pub(crate) static NATIVE_TYPE_ARGUMENTS: Code = Code {
    name: "native-type-arguments",
    severity: Severity::Error,
    summary: "a database type has arguments that it cannot have",
    explanation: "`Char`, `VarChar`, `Bit` and `VarBit` take a length; `Timestamp`, `Timestamptz`, `Time` and `Timetz` a \
        precision from 0 to 6; `Decimal` a precision from 1 to 1000, and a scale that is not larger. Lengths of bit \
        strings begin at 1. All may be left out, and other types take none.",
};

/// Reads the attribute of a column that can have one, and says whether it can.
pub(super) fn on_column(
    scope: &mut ModelScope<'_, '_>,
    column: Column,
    attributes: &[Attribute<'_>],
    findings: &mut Findings,
) -> bool {
    let field = &mut scope.model.fields[column.id.0 as usize];
    let FieldKind::Scalar(field) = &mut field.kind else {
        return false;
    };
    if !matches!(field.field_type, FieldType::Scalar(_)) {
        return false;
    }
    let mut found = None;
    for attribute in attributes.iter().filter(|it| it.name.text.contains('.')) {
        if found.replace(attribute).is_some() {
            let finding = Finding::new(&DUPLICATE_ATTRIBUTE, "a column has one type");
            findings.push(
                finding
                    .at(attribute.span)
                    .help("keep one of the attributes"),
            );
        }
    }
    // What is wrong with it is said when the datasource is known to be PostgreSQL.
    // One that does not fit the field is kept: indexes of the field hold it, or not.
    field.native_type = found.and_then(|it| {
        let (_, name) = it.name.text.split_once('.')?;
        Some(Spanned::new(
            shape_of(name)?.with_numbers(|| numbers(it))?,
            it.span,
        ))
    });
    true
}

/// The type that `attribute` gives to a field of type `scalar`.
pub(crate) fn native_type(
    attribute: &Attribute<'_>,
    scalar: ScalarType,
    findings: &mut Findings,
) -> Result<NativeType, Box<Finding>> {
    let (_, name) = attribute.name.text.split_once('.').unwrap_or_default();
    let wrong = |code, message: String| Finding::new(code, message).at(attribute.span);
    let Some(shape) = shape_of(name) else {
        let message = format!("Prisma knows no PostgreSQL type `{name}`");
        let finding = wrong(&UNKNOWN_NATIVE_TYPE, message);
        let lowercase = name.to_lowercase();
        let help = format!("write `Unsupported(\"{lowercase}\")` as the type of the field");
        let known = SHAPES.iter().map(|it| it.name());
        return Err(findings.did_you_mean(finding, name, known, &help).into());
    };
    let takes = match shape {
        Shape::Plain(_) => 0,
        Shape::One(_) => 1,
        Shape::Two(_) => 2,
    };
    if values(attribute).count() > takes {
        let message = match takes {
            0 => format!("`{name}` takes no arguments"),
            1 => format!("`{name}` takes one argument"),
            _ => format!("`{name}` takes two arguments"),
        };
        return Err(wrong(&NATIVE_TYPE_ARGUMENTS, message).into());
    }
    let wanted = shape.scalar_type();
    if wanted != scalar {
        let message = format!("`{scalar}` cannot be stored as `{name}`");
        let finding = wrong(&INCOMPATIBLE_NATIVE_TYPE, message);
        let help = format!("write `{wanted}` as the type of the field, or another `@db.` type");
        return Err(finding.help(help).into());
    }
    let Some(native) = numbers(attribute).and_then(|it| shape.with(&it)) else {
        let message = match takes {
            2 => format!("`{name}` takes two numbers, precision and scale, or none"),
            _ => format!("`{name}` takes a number that is not negative"),
        };
        return Err(wrong(&NATIVE_TYPE_ARGUMENTS, message).into());
    };
    match out_of_range(native) {
        Some(message) => Err(wrong(&NATIVE_TYPE_ARGUMENTS, message.to_owned()).into()),
        None => Ok(native),
    }
}

/// The type that Prisma would call `name`, with the arguments that stand in parentheses behind it.
pub(crate) fn native_type_of_name(name: &str, arguments: Option<&str>) -> Option<NativeType> {
    shape_of(name)?.with_numbers(|| match arguments {
        None => Some(Vec::new()),
        Some(it) => it.split(',').map(|it| it.trim().parse().ok()).collect(),
    })
}

fn shape_of(name: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|it| it.name() == name)
}

/// The arguments of a type, if all are whole numbers that are not negative.
fn numbers(attribute: &Attribute<'_>) -> Option<Vec<u32>> {
    values(attribute)
        .map(|it| it.as_number()?.parse().ok())
        .collect()
}

fn values<'a>(attribute: &'a Attribute<'_>) -> impl Iterator<Item = &'a Expression<'a>> {
    let arguments = attribute.arguments.list.iter();
    arguments.filter_map(|it| it.value.as_ref())
}

/// What is wrong with the arguments of a type.
fn out_of_range(native: NativeType) -> Option<&'static str> {
    match native {
        NativeType::Decimal(Some((precision, scale))) if scale > precision => {
            Some("the scale cannot be larger than the precision")
        }
        NativeType::Decimal(Some((0 | 1001.., _))) => Some("the precision goes from 1 to 1000"),
        NativeType::Bit(Some(0)) | NativeType::VarBit(Some(0)) => {
            Some("a bit string has at least one bit")
        }
        NativeType::Timestamp(Some(7..))
        | NativeType::Timestamptz(Some(7..))
        | NativeType::Time(Some(7..))
        | NativeType::Timetz(Some(7..)) => Some("the precision goes from 0 to 6"),
        NativeType::Decimal(_)
        | NativeType::Bit(_)
        | NativeType::VarBit(_)
        | NativeType::Timestamp(_)
        | NativeType::Timestamptz(_)
        | NativeType::Time(_)
        | NativeType::Timetz(_)
        | NativeType::VarChar(_)
        | NativeType::Char(_)
        | NativeType::SmallInt
        | NativeType::Integer
        | NativeType::BigInt
        | NativeType::Money
        | NativeType::Inet
        | NativeType::Oid
        | NativeType::Citext
        | NativeType::Real
        | NativeType::DoublePrecision
        | NativeType::Text
        | NativeType::ByteA
        | NativeType::Date
        | NativeType::Boolean
        | NativeType::Uuid
        | NativeType::Xml
        | NativeType::Json
        | NativeType::JsonB => None,
    }
}

/// A type before it has its arguments.
enum Shape {
    Plain(NativeType),
    One(fn(Option<u32>) -> NativeType),
    Two(fn(Option<(u32, u32)>) -> NativeType),
}

impl Shape {
    fn bare(&self) -> NativeType {
        match self {
            Self::Plain(it) => *it,
            Self::One(it) => it(None),
            Self::Two(it) => it(None),
        }
    }

    /// The type with its arguments, unless it takes others.
    fn with(&self, numbers: &[u32]) -> Option<NativeType> {
        match (self, numbers) {
            (Self::Plain(it), []) => Some(*it),
            (Self::One(it), []) => Some(it(None)),
            (Self::One(it), [one]) => Some(it(Some(*one))),
            (Self::Two(it), []) => Some(it(None)),
            (Self::Two(it), [one, two]) => Some(it(Some((*one, *two)))),
            (Self::Plain(_) | Self::One(_) | Self::Two(_), _) => None,
        }
    }

    /// As [`Self::with`], but a type that takes no arguments has its own way with them: it passes them over.
    fn with_numbers(&self, numbers: impl FnOnce() -> Option<Vec<u32>>) -> Option<NativeType> {
        match self {
            Self::Plain(it) => Some(*it),
            Self::One(_) | Self::Two(_) => self.with(&numbers()?),
        }
    }

    fn name(&self) -> &'static str {
        self.bare().name()
    }

    fn scalar_type(&self) -> ScalarType {
        self.bare().scalar_type()
    }
}

static SHAPES: [Shape; 26] = [
    Shape::Plain(NativeType::SmallInt),
    Shape::Plain(NativeType::Integer),
    Shape::Plain(NativeType::BigInt),
    Shape::Two(NativeType::Decimal),
    Shape::Plain(NativeType::Money),
    Shape::Plain(NativeType::Inet),
    Shape::Plain(NativeType::Oid),
    Shape::Plain(NativeType::Citext),
    Shape::Plain(NativeType::Real),
    Shape::Plain(NativeType::DoublePrecision),
    Shape::One(NativeType::VarChar),
    Shape::One(NativeType::Char),
    Shape::Plain(NativeType::Text),
    Shape::Plain(NativeType::ByteA),
    Shape::One(NativeType::Timestamp),
    Shape::One(NativeType::Timestamptz),
    Shape::Plain(NativeType::Date),
    Shape::One(NativeType::Time),
    Shape::One(NativeType::Timetz),
    Shape::Plain(NativeType::Boolean),
    Shape::One(NativeType::Bit),
    Shape::One(NativeType::VarBit),
    Shape::Plain(NativeType::Uuid),
    Shape::Plain(NativeType::Xml),
    Shape::Plain(NativeType::Json),
    Shape::Plain(NativeType::JsonB),
];
