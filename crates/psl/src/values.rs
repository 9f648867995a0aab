//! Values where a certain kind of value is expected.

use driftless_finding::{Code, Finding, Severity};

use crate::findings::Findings;
use crate::schema::Spanned;
use crate::syntax::{Expression, ExpressionKind};

/// A value of the wrong kind.
pub(crate) static WRONG_VALUE: Code = Code {
    name: "wrong-value",
    severity: Severity::Error,
    summary: "an argument or property has a value of the wrong kind, or one of a fixed set that is not in it",
    explanation: "Strings are quoted, names of fields and constants such as `Cascade` are not, and lists have brackets.",
};

/// `map:` and nothing behind it.
pub(crate) static MISSING_VALUE: Code = Code {
    name: "missing-value",
    severity: Severity::Error,
    summary: "an argument or property has a name but no value",
    explanation: "Write a value behind the `:` of an argument, or behind the `=` of a property.",
};

/// The value of a string.
pub(crate) fn string<'a>(
    value: &'a Expression<'_>,
    findings: &mut Findings,
) -> Option<Spanned<&'a str>> {
    let text = or_wrong(value.as_string(), "a string", value, findings)?;
    Some(Spanned::new(text, value.span))
}

/// The name of a field, or another bare word.
pub(crate) fn constant<'a>(
    value: &Expression<'a>,
    findings: &mut Findings,
) -> Option<Spanned<&'a str>> {
    let text = or_wrong(
        value.as_constant(),
        "a name without quotes",
        value,
        findings,
    )?;
    Some(Spanned::new(text, value.span))
}

/// `true` or `false`
pub(crate) fn boolean(value: &Expression<'_>, findings: &mut Findings) -> Option<bool> {
    let truth = value.as_constant().and_then(|it| it.parse().ok());
    or_wrong(truth, "`true` or `false`", value, findings)
}

/// A whole number.
pub(crate) fn integer(value: &Expression<'_>, findings: &mut Findings) -> Option<i64> {
    let number = value.as_number().and_then(|it| it.parse().ok());
    or_wrong(number, "a whole number", value, findings)
}

/// Says that `value` should have been `expected`.
pub(crate) fn wrong_value(expected: &str, value: &Expression<'_>) -> Finding {
    let found = match value.kind {
        ExpressionKind::String(_) => "a string",
        ExpressionKind::Number(_) => "a number",
        ExpressionKind::Constant(_) => "a name without quotes",
        ExpressionKind::Call(..) => "a call",
        ExpressionKind::List(_) => "a list",
        ExpressionKind::Object(_) => "an object",
    };
    let message = format!("{expected} is expected here, not {found}");
    Finding::new(&WRONG_VALUE, message).at(value.span)
}

fn or_wrong<T>(
    found: Option<T>,
    expected: &str,
    value: &Expression<'_>,
    findings: &mut Findings,
) -> Option<T> {
    if found.is_none() {
        findings.push(wrong_value(expected, value));
    }
    found
}
