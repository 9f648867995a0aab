//! `generator`. Prisma schema reference, *`generator`*.

use driftless_finding::Finding;

use super::Properties;
use super::env::{string_or_env, variable};
use super::preview_features::{PreviewFeatures, UNKNOWN_PREVIEW_FEATURE};
use crate::blocks::{Blocks, ConfigBlock};
use crate::comments::documentation;
use crate::findings::Findings;
use crate::schema::{Generator, Setting, SettingValue, Spanned};
use crate::syntax::{Expression, ExpressionKind};
use crate::values::{string, wrong_value};

/// All generators, and the preview features that they list together.
pub(crate) fn generators(
    blocks: &Blocks<'_>,
    findings: &mut Findings,
) -> (Vec<Generator>, PreviewFeatures) {
    let mut features = PreviewFeatures::default();
    let generators: Vec<_> = blocks
        .generators
        .iter()
        .filter_map(|it| generator(it, &mut features, findings))
        .collect();
    features_of_postgresql(blocks, &generators, findings);
    (generators, features)
}

/// Prisma only knows in the file of a datasource that it is of PostgreSQL.
fn features_of_postgresql(blocks: &Blocks<'_>, generators: &[Generator], findings: &mut Findings) {
    let files = || blocks.datasources.iter().map(|it| it.block.span.source);
    let elsewhere = generators.iter().filter(|it| {
        let file = it.span.source;
        files().next().is_some() && files().all(|it| it != file)
    });
    for name in elsewhere.flat_map(|it| &it.preview_features) {
        if name.eq_ignore_ascii_case("fullTextSearchPostgres") {
            let message = format!("Prisma knows `{name}` only in the file that has the datasource");
            let finding = Finding::new(&UNKNOWN_PREVIEW_FEATURE, message).at(name.span);
            findings.push(finding.help("move the generator to that file"));
        }
    }
}

fn generator(
    block: &ConfigBlock<'_>,
    features: &mut PreviewFeatures,
    findings: &mut Findings,
) -> Option<Generator> {
    let mut properties = Properties::new(block, findings)?;
    let engine_type = properties
        .left
        .iter()
        .rfind(|(it, _)| it.name.text == "engineType");
    if let Some((_, value)) = engine_type
        && value.as_string().is_none()
    {
        findings.push(wrong_value("a string", value));
    }
    let Some((_, provider)) = properties.take("provider") else {
        let finding = properties.missing("provider");
        findings.push(finding.help("write `provider = \"prisma-client\"`"));
        return None;
    };
    let provider = string_or_env(provider, findings)?;
    let output = properties.take("output");
    let output = output.filter(|(_, it)| string_or_env(it, findings).is_some());
    let targets = properties.take("binaryTargets");
    if let Some((_, value)) = targets {
        for target in value.elements() {
            string_or_env(target, findings);
        }
    }
    let mut preview_features = Vec::new();
    if let Some((_, value)) = properties.take("previewFeatures") {
        let names: Vec<_> = value
            .elements()
            .iter()
            .filter_map(|it| string(it, findings))
            .collect();
        let names = names
            .iter()
            .map(|it| Spanned::new(it.value.to_owned(), it.span));
        preview_features.extend(names);
        if preview_features.len() == value.elements().len() {
            preview_features
                .iter()
                .for_each(|it| features.add(it, findings));
        }
    }
    let mut left: Vec<_> = properties
        .last_of_each()
        .chain(output)
        .chain(targets)
        .collect();
    left.sort_by_key(|(property, _)| property.span);
    let settings = left.into_iter().filter_map(|(property, value)| {
        let name = Spanned::new(property.name.text.to_owned(), property.name.span);
        let value = Spanned::new(setting(value, findings)?, value.span);
        Some(Setting { name, value })
    });
    Some(Generator {
        settings: settings.collect(),
        name: Spanned::new(block.block.name.text.to_owned(), block.block.name.span),
        span: block.block.span,
        provider,
        preview_features,
        documentation: documentation(block.text, block.documentation, None),
    })
}

fn setting(value: &Expression<'_>, findings: &mut Findings) -> Option<SettingValue> {
    Some(match &value.kind {
        ExpressionKind::String(text) => SettingValue::Text(text.to_string()),
        ExpressionKind::Number(text) | ExpressionKind::Constant(text) => {
            SettingValue::Text((*text).to_owned())
        }
        ExpressionKind::Call(name, arguments) if name.text == "env" => {
            SettingValue::Env(variable(value, arguments, findings)?)
        }
        // Prisma takes any call and any object, and makes nothing of them.
        ExpressionKind::Call(name, _) => SettingValue::Text(name.text.to_owned()),
        ExpressionKind::Object(_) => SettingValue::Text(String::new()),
        ExpressionKind::List(list) => {
            let values: Vec<_> = list.iter().filter_map(|it| setting(it, findings)).collect();
            SettingValue::List(values)
        }
    })
}
