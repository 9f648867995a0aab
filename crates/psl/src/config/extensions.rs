//! `extensions` of the datasource. Prisma schema reference, *PostgreSQL extensions*.

use std::collections::BTreeSet;

use driftless_finding::{Code, Finding, Severity};

use super::PreviewFeatures;
use crate::attributes::{DUPLICATE_ARGUMENT, UNKNOWN_ARGUMENT};
use crate::findings::Findings;
use crate::names::INVALID_NAME;
use crate::schema::{Datasource, Extension, Spanned};
use crate::syntax::{Argument, Expression, ExpressionKind};
use crate::values::{string, wrong_value};

/// An argument without a name.
pub(crate) static EXTENSION_ARGUMENT: Code = Code {
    name: "extension-argument",
    severity: Severity::Error,
    summary: "an extension has an argument without a name",
    explanation: "An extension may have a `map`, which is its name in the database, a `schema` and a `version`: \
        `extensions = [uuidOssp(map: \"uuid-ossp\", schema: \"extensions\")]`.",
};

/// `extensions` without the preview feature.
pub(crate) static EXTENSIONS_WITHOUT_PREVIEW: Code = Code {
    name: "extensions-without-preview",
    severity: Severity::Error,
    summary: "the datasource lists extensions, but the preview feature is not enabled",
    explanation: "Write `previewFeatures = [\"postgresqlExtensions\"]` in a generator.",
};

/// Reads the list. Empty if it is wrong.
pub(super) fn extensions(value: &Expression<'_>, findings: &mut Findings) -> Vec<Extension> {
    let mut list = Vec::new();
    for element in value.elements() {
        match &element.kind {
            ExpressionKind::Constant(name) => list.push((element, *name, &[][..])),
            ExpressionKind::Call(name, arguments) => {
                list.push((element, name.text, arguments.list));
            }
            ExpressionKind::String(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::List(_)
            | ExpressionKind::Object(_) => {
                findings.push(wrong_value("the name of an extension", element).help(
                    "write the name without quotes; if it has other characters than letters, digits and `_`, \
                     write another and the real one as its `map`",
                ));
            }
        }
    }
    if list.len() < value.elements().len() {
        return Vec::new();
    }
    let mut extensions: Vec<_> = list
        .into_iter()
        .map(|(it, name, arguments)| extension(it, name, arguments, findings))
        .collect();
    extensions.sort_by(|one, other| one.name.cmp(&other.name));
    extensions
}

fn extension(
    element: &Expression<'_>,
    name: &str,
    arguments: &[Argument<'_>],
    findings: &mut Findings,
) -> Extension {
    let mut extension = Extension {
        name: name.to_owned(),
        span: element.span,
        mapped_name: None,
        schema: None,
        version: None,
    };
    let mut seen = BTreeSet::new();
    for argument in arguments {
        let Some(value) = &argument.value else {
            continue;
        };
        let Some(name) = argument.name else {
            let finding = Finding::new(&EXTENSION_ARGUMENT, "this argument has no name");
            findings.push(
                finding
                    .at(argument.span)
                    .help("write `map:`, `schema:` or `version:`"),
            );
            continue;
        };
        if !seen.insert(name.text) {
            let message = format!("`{}` is given twice", name.text);
            findings.push(Finding::new(&DUPLICATE_ARGUMENT, message).at(argument.span));
            continue;
        }
        let text = string(value, findings).map(|it| Spanned::new(it.value.to_owned(), it.span));
        match name.text {
            "map" => extension.mapped_name = text,
            "schema" => extension.schema = text,
            "version" => extension.version = text,
            other => {
                let message = format!("an extension has no argument `{other}`");
                let finding = Finding::new(&UNKNOWN_ARGUMENT, message).at(argument.span);
                findings.push(finding.help("write `map:`, `schema:` or `version:`"));
            }
        }
    }
    extension
}

/// Checks what takes the whole schema.
pub(crate) fn check_extensions(
    datasource: &Datasource,
    features: PreviewFeatures,
    findings: &mut Findings,
) {
    let Some(span) = datasource.extensions_span else {
        return;
    };
    if !features.extensions {
        let message = "extensions are a preview feature that is not enabled";
        let finding = Finding::new(&EXTENSIONS_WITHOUT_PREVIEW, message).at(span);
        findings.push(
            finding.help("write `previewFeatures = [\"postgresqlExtensions\"]` in a generator"),
        );
        return;
    }
    for extension in &datasource.extensions {
        let name = &extension.name;
        if name.starts_with(|it: char| it.is_ascii_digit()) || name.contains('-') {
            let message = format!("`{name}` cannot be the name of an extension in the schema");
            let finding = Finding::new(&INVALID_NAME, message).at(extension.span);
            findings.push(finding.help(format!(
                "choose a name of letters, digits and `_`, and write `map: \"{name}\"` behind it"
            )));
        }
    }
}
