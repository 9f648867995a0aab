//! `env("NAME")`, which stands for the value of an environment variable.

use driftless_finding::{Code, Finding, Severity};

use crate::findings::Findings;
use crate::schema::{Spanned, Url};
use crate::syntax::{Arguments, Expression, ExpressionKind};
use crate::values::{string, wrong_value};

/// `env` without a name, or with more.
pub(crate) static INVALID_ENV: Code = Code {
    name: "invalid-env",
    severity: Severity::Error,
    summary: "`env` is called with anything but one name",
    explanation: "`env(\"NAME\")` takes the name of an environment variable, in quotes, and nothing else.",
};

/// A string, or the name of the variable that holds one.
pub(super) fn string_or_env(
    value: &Expression<'_>,
    findings: &mut Findings,
) -> Option<Spanned<Url>> {
    let url = match &value.kind {
        ExpressionKind::Call(name, arguments) if name.text == "env" => {
            Url::Env(variable(value, arguments, findings)?)
        }
        ExpressionKind::String(text) => Url::Literal(text.to_string()),
        ExpressionKind::Call(..)
        | ExpressionKind::Number(_)
        | ExpressionKind::Constant(_)
        | ExpressionKind::List(_)
        | ExpressionKind::Object(_) => {
            findings.push(wrong_value("a string or `env(\"…\")`", value));
            return None;
        }
    };
    Some(Spanned::new(url, value.span))
}

/// The name in `env("NAME")`, whose `arguments` these are.
pub(super) fn variable(
    call: &Expression<'_>,
    arguments: &Arguments<'_>,
    findings: &mut Findings,
) -> Option<String> {
    if let Some(named) = arguments
        .list
        .iter()
        .find(|it| it.name.is_some() && it.value.is_some())
    {
        let finding = Finding::new(
            &INVALID_ENV,
            "the name of a variable is written without a name of its own",
        );
        findings.push(
            finding
                .severity(Severity::Warning)
                .at(named.span)
                .help("write `env(\"NAME\")`"),
        );
    }
    match arguments.list {
        [one] if arguments.trailing_comma.is_none() && one.value.is_some() => {
            let name = string(one.value.as_ref()?, findings)?;
            Some(name.value.to_owned())
        }
        [..] => {
            let finding =
                Finding::new(&INVALID_ENV, "`env` takes one name in quotes").at(call.span);
            findings.push(finding.help("write `env(\"NAME\")`"));
            None
        }
    }
}
