//! First pass: what things are called, and that no two share a name.

use hashbrown::HashMap;

use driftless_finding::{Code, Finding, Severity};

use crate::blocks::{Blocks, ConfigBlock, EnumBlock, ModelBlock};
use crate::findings::Findings;
use crate::schema::ScalarType;
use crate::syntax::{Attribute, Block, Keyword, Name};

/// A block is called like something that Prisma Client or TypeScript needs.
pub(crate) static RESERVED_NAME: Code = Code {
    name: "reserved-name",
    severity: Severity::Error,
    summary: "a block has a name that is taken by the language, Prisma Client or TypeScript",
    explanation: "The names of the built-in types cannot be given again. Models, views and enums become types and \
        constants in generated code, so they cannot be keywords there either. Choose another name, and keep the one \
        in the database by `@@map`.",
};

/// A name of a form that no name may have.
pub(crate) static INVALID_NAME: Code = Code {
    name: "invalid-name",
    severity: Severity::Error,
    summary: "a name begins with a digit or has a hyphen in it",
    explanation: "A name is made of letters, digits and underscores, and begins with a letter. What the database calls \
        it may be anything: write that in `@map` or `@@map`.",
};

/// Two blocks with one name.
pub(crate) static DUPLICATE_BLOCK: Code = Code {
    name: "duplicate-block",
    severity: Severity::Error,
    summary: "two blocks have the same name",
    explanation: "Models, views, enums and types share one set of names, in all files together. Generators have \
        theirs, and so have datasources.",
};

/// Two fields of a model with one name.
pub(crate) static DUPLICATE_FIELD: Code = Code {
    name: "duplicate-field",
    severity: Severity::Error,
    summary: "two fields of a model have the same name",
    explanation: "Each field of a model or view has a name of its own.",
};

/// Two values of an enum with one name.
pub(crate) static DUPLICATE_VALUE: Code = Code {
    name: "duplicate-value",
    severity: Severity::Error,
    summary: "two values of an enum have the same name",
    explanation: "Each value of an enum has a name of its own.",
};

/// A property that is set twice.
pub(crate) static DUPLICATE_PROPERTY: Code = Code {
    name: "duplicate-property",
    severity: Severity::Error,
    summary: "a property is set twice in a datasource or generator",
    explanation: "Each property of a datasource or generator is set once.",
};

/// Names of models, views and enums that generated code could not have, in alphabetical order.
const KEYWORDS: &str = "async await break case catch class const continue debugger default delete \
    do else enum export extends false finally for function if implements import in instanceof \
    interface let new null package private protected public return super switch this throw true \
    try typeof using var void while with yield";

/// Checks every name of every block.
pub(crate) fn check(blocks: &Blocks<'_>, findings: &mut Findings) {
    let models = blocks.models.iter().chain(&blocks.types);
    models.for_each(|it| model(it, findings));
    blocks.enums.iter().for_each(|it| enumeration(it, findings));
    let configs = blocks.datasources.iter().chain(&blocks.generators);
    configs.for_each(|it| config(it, findings));

    unique_blocks(blocks, findings);
}

fn model(model: &ModelBlock<'_>, findings: &mut Findings) {
    let name = model.block.name;
    valid(name, model.block.keyword.as_str(), findings);
    reserved(model.block, findings);
    // Prisma lets anything pass inside composite types.
    if model.block.keyword != Keyword::Type {
        attributes(model.attributes.iter().copied(), findings);
        for it in &model.fields {
            valid(it.field.name, "field", findings);
            attributes(it.field.attributes, findings);
        }
    }
    for (field, first) in model.duplicates() {
        let (field, first) = (field.field.name, first.field.name);
        let message = format!("`{}` has two fields called `{}`", name.text, field.text);
        let finding = Finding::new(&DUPLICATE_FIELD, message).at(field.span);
        findings.push(finding.label(first.span, "the other one"));
    }
}

fn enumeration(enumeration: &EnumBlock<'_>, findings: &mut Findings) {
    let name = enumeration.block.name;
    valid(name, "enum", findings);
    reserved(enumeration.block, findings);
    attributes(enumeration.attributes.iter().copied(), findings);
    let mut seen = HashMap::new();
    for (value, _) in &enumeration.values {
        valid(value.name, "value", findings);
        attributes(value.attributes, findings);
        if let Some(first) = seen.insert(value.name.text, value.name.span) {
            let message = format!(
                "`{}` has two values called `{}`",
                name.text, value.name.text
            );
            let finding = Finding::new(&DUPLICATE_VALUE, message).at(value.name.span);
            findings.push(finding.label(first, "the other one"));
        }
    }
}

fn config(config: &ConfigBlock<'_>, findings: &mut Findings) {
    scalar_name(config.block.name, findings);
    let mut seen = HashMap::new();
    for property in &config.properties {
        let name = property.name;
        if let Some(first) = seen.insert(name.text, name.span) {
            let message = format!("`{}` is set twice", name.text);
            let finding = Finding::new(&DUPLICATE_PROPERTY, message).at(name.span);
            findings.push(finding.label(first, "the other one"));
        }
    }
}

fn attributes<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute<'a>>,
    findings: &mut Findings,
) {
    for attribute in attributes {
        valid(attribute.name, "attribute", findings);
    }
}

fn unique_blocks(blocks: &Blocks<'_>, findings: &mut Findings) {
    let mut seen: HashMap<(u8, &str), &Block<'_>> = HashMap::with_capacity(blocks.all.len());
    for block in &blocks.all {
        let name = block.name;
        let names = match block.keyword {
            Keyword::Model | Keyword::View | Keyword::Type | Keyword::Enum => 0,
            Keyword::Datasource => 1,
            Keyword::Generator => 2,
        };
        let Some(first) = seen.insert((names, name.text), block) else {
            continue;
        };
        let (keyword, other) = (block.keyword.as_str(), first.keyword.as_str());
        let message = if keyword == other {
            format!("there are two {keyword}s called `{}`", name.text)
        } else {
            format!("{keyword} `{}` is called like another {other}", name.text)
        };
        let finding = Finding::new(&DUPLICATE_BLOCK, message).at(name.span);
        findings.push(finding.label(first.name.span, "the other one"));
    }
}

fn valid(name: Name<'_>, what: &str, findings: &mut Findings) {
    let text = name.text;
    let is_digit = |it: char| it.is_ascii_digit();
    let (reason, suggestion) = if text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        let rest = text.trim_start_matches(is_digit);
        ("begins with a digit", rest.to_owned())
    } else if text.as_bytes().contains(&b'-') {
        ("has a hyphen in it", text.replace('-', "_"))
    } else {
        return;
    };
    let finding = Finding::new(&INVALID_NAME, format!("{what} name `{text}` {reason}"));
    let finding = finding.at(name.span);
    let map = match what {
        "field" | "value" => "@map",
        _ => "@@map",
    };
    findings.push(match what {
        "attribute" => finding,
        _ if suggestion.is_empty() => finding.help(format!(
            "begin it with a letter, and write `{map}(\"{text}\")` beside it"
        )),
        _ => finding.help(format!("write `{suggestion}` with `{map}(\"{text}\")`")),
    });
}

/// Whether no model, view or enum can be called `name`, because Prisma Client or TypeScript needs it.
///
/// The names of the built-in types are not meant: see [`ScalarType::from_name`].
///
/// Prisma schema reference, *`model`*, Naming conventions.
pub fn is_reserved_name(name: &str) -> bool {
    name == "PrismaClient"
        || name.starts_with(|it: char| it.is_ascii_lowercase())
            && KEYWORDS.split(' ').any(|it| it == name)
}

fn reserved(block: &Block<'_>, findings: &mut Findings) {
    scalar_name(block.name, findings);
    let (name, keyword) = (block.name.text, block.keyword.as_str());
    if block.keyword != Keyword::Type && is_reserved_name(name) {
        let message =
            format!("{keyword} cannot be called `{name}`, which means something in TypeScript");
        findings.push(
            Finding::new(&RESERVED_NAME, message)
                .at(block.name.span)
                .help(format!(
                    "choose another name, and write `@@map(\"{name}\")` in the block"
                )),
        );
    }
}

fn scalar_name(name: Name<'_>, findings: &mut Findings) {
    if ScalarType::from_name(name.text).is_some() {
        let message = format!("`{}` is the name of a built-in type", name.text);
        let finding = Finding::new(&RESERVED_NAME, message).at(name.span);
        findings.push(finding.help("choose another name"));
    }
}
