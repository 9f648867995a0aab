//! `where` of a partial index. Prisma schema reference, *Partial indexes*; only Prisma 7 has them.

use driftless_finding::{Code, Finding, Severity};

use super::ModelScope;
use super::given::Given;
use crate::blocks::Meaning;
use crate::findings::Findings;
use crate::options::PrismaVersion;
use crate::schema::{
    Comparison, Condition, FieldId, FieldType, Literal, Model, Predicate, ScalarType, Spanned,
};
use crate::syntax::{Expression, ExpressionKind, Name};

/// A `where` that is no condition.
pub(crate) static INVALID_PREDICATE: Code = Code {
    name: "invalid-predicate",
    severity: Severity::Error,
    summary: "the `where` of an index is no condition",
    explanation: "A partial index holds the rows for which its `where` is true: an expression of the database, \
        `where: raw(\"status = 'active'\")`, or constants that fields must equal, `where: { active: true, \
        deletedAt: null }`, or must not, `where: { deletedAt: { not: null } }`.",
};

pub(super) fn predicate<'a>(
    scope: &ModelScope<'_, 'a>,
    given: &mut Given<'a>,
    findings: &mut Findings,
) -> Option<Spanned<Predicate>> {
    let value = given.take("where")?;
    // That Prisma 6 has no objects either has been said where they were read.
    if value.as_object().is_none() {
        let message = "Prisma 6 has no partial indexes";
        findings.refused_by(PrismaVersion::V6, message, value.span);
    }
    let predicate = match (value.as_call(), value.as_object()) {
        (Some((name, arguments)), _) if name.text == "raw" => {
            let first = arguments.list.first().and_then(|it| it.value.as_ref());
            match first.and_then(Expression::as_string) {
                Some(sql) if !sql.is_empty() => Ok(Predicate::Raw(sql.to_owned())),
                _ => Err("`raw` takes a string that is not empty".to_owned()),
            }
        }
        (_, Some([])) => Err("a condition names at least one field".to_owned()),
        (_, Some(entries)) => entries
            .iter()
            .map(|(name, value)| condition(scope, *name, value))
            .collect::<Result<_, _>>()
            .map(Predicate::All),
        (_, None) => Err("a condition is `raw(\"…\")` or `{ field: value }`".to_owned()),
    };
    match predicate {
        Ok(predicate) => Some(Spanned::new(predicate, value.span)),
        Err(message) => {
            findings.push(Finding::new(&INVALID_PREDICATE, message).at(value.span));
            None
        }
    }
}

fn condition(
    scope: &ModelScope<'_, '_>,
    name: Name<'_>,
    value: &Expression<'_>,
) -> Result<Condition, String> {
    let name = name.text;
    let field = match scope.block.find(name).map(|it| it.meaning) {
        Some(Meaning::Column(id) | Meaning::Composite(id)) => id,
        Some(Meaning::Relation(_)) => return Err(format!("`{name}` is no column")),
        Some(Meaning::Nothing) | None => {
            return Err(format!("`{}` has no field `{name}`", scope.model.name));
        }
    };
    let (comparison, value) = match value.as_object() {
        Some([(not, value)]) if not.text == "not" => (Comparison::Not, value),
        Some(_) => return Err("nothing but `{ not: value }` can stand for a value".to_owned()),
        None => (Comparison::Equals, value),
    };
    let value = literal(value)?;
    match accepts(scope.model, field, &value) {
        true => Ok(Condition {
            field,
            comparison,
            value,
        }),
        false => Err(format!("`{name}` cannot be compared with this value")),
    }
}

fn literal(value: &Expression<'_>) -> Result<Literal, String> {
    match &value.kind {
        ExpressionKind::Constant("null") => Ok(Literal::Null),
        ExpressionKind::Constant("true") => Ok(Literal::Boolean(true)),
        ExpressionKind::Constant("false") => Ok(Literal::Boolean(false)),
        ExpressionKind::String(text) => Ok(Literal::String(text.to_string())),
        ExpressionKind::Number(number) => Ok(Literal::Number((*number).to_owned())),
        ExpressionKind::Constant(_)
        | ExpressionKind::Call(..)
        | ExpressionKind::List(_)
        | ExpressionKind::Object(_) => {
            Err("a field is compared with a string, a number, `true`, `false` or `null`".to_owned())
        }
    }
}

fn accepts(model: &Model, field: FieldId, value: &Literal) -> bool {
    let Some(scalar) = model[field].as_scalar() else {
        return false;
    };
    match value {
        Literal::Null => true,
        Literal::Boolean(_) => scalar.field_type == FieldType::Scalar(ScalarType::Boolean),
        Literal::String(_) => match scalar.field_type {
            FieldType::Scalar(it) => matches!(it, ScalarType::String | ScalarType::DateTime),
            FieldType::Enum(_) => true,
            FieldType::Unsupported(_) => false,
        },
        Literal::Number(_) => match scalar.field_type {
            FieldType::Scalar(it) => matches!(
                it,
                ScalarType::Int | ScalarType::BigInt | ScalarType::Float | ScalarType::Decimal
            ),
            FieldType::Enum(_) | FieldType::Unsupported(_) => false,
        },
    }
}
