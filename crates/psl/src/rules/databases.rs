//! Tables, enums, and the database schemas that they are in.

use hashbrown::HashMap;

use driftless_finding::{Code, Finding, Severity, Span};

use super::{Rules, Subject};
use crate::findings::Findings;
use crate::schema::{Model, ModelKind, Spanned};

/// Two tables with one name.
pub(crate) static DUPLICATE_TABLE: Code = Code {
    name: "duplicate-table",
    severity: Severity::Error,
    summary: "two models or views have the same name in the database",
    explanation: "A model or view is called as `@@map` says, else as in the schema. No two of a database schema have the same \
        name.",
};

/// Two enums with one name.
pub(crate) static DUPLICATE_ENUM: Code = Code {
    name: "duplicate-enum",
    severity: Severity::Error,
    summary: "two enums have the same name in the database",
    explanation: "An enum is called as `@@map` says, else as in the schema. No two of a database schema have the same name.",
};

/// A schema that the datasource does not list.
pub(crate) static UNKNOWN_SCHEMA: Code = Code {
    name: "unknown-schema",
    severity: Severity::Error,
    summary: "`@@schema` names a schema that the datasource does not list",
    explanation: "The database schemas that models are in are listed in the datasource: `schemas = [\"public\", \"audit\"]`.",
};

/// No `@@schema`.
pub(crate) static MISSING_SCHEMA: Code = Code {
    name: "missing-schema",
    severity: Severity::Error,
    summary: "a model, view or enum does not say which database schema it is in",
    explanation: "Where the datasource lists `schemas`, every model, view and enum has a `@@schema`.",
};

/// A `type` block.
pub(crate) static COMPOSITE_TYPE: Code = Code {
    name: "composite-type",
    severity: Severity::Error,
    summary: "a composite type, which PostgreSQL schemas cannot have",
    explanation: "Only MongoDB has `type` blocks. Use a model and a relation, or a `Json` field.",
};

/// `type` blocks.
pub(super) fn composite_types(rules: &Rules<'_, '_>, findings: &mut Findings) {
    for block in &rules.blocks.types {
        let name = block.block.name;
        let message = format!(
            "`{}` is a composite type, which only MongoDB has",
            name.text
        );
        let finding = Finding::new(&COMPOSITE_TYPE, message).at(name.span);
        findings.push(finding.help("make it a model, or store it in a `Json` field"));
    }
}

/// No two tables or views share their name.
pub(super) fn tables(rules: &Rules<'_, '_>, findings: &mut Findings) {
    let mut seen: HashMap<(Option<&str>, &str), &Model> = HashMap::new();
    for (_, model) in rules.schema.tables().chain(rules.schema.views()) {
        let key = (
            model.schema.as_ref().map(|it| it.value.as_str()),
            model.database_name(),
        );
        let Some(first) = seen.insert(key, model) else {
            continue;
        };
        // At least one of the two is mapped, or they would have the same name in the schema.
        let mapped = model.mapped_name.as_ref().or(first.mapped_name.as_ref());
        let message = format!(
            "`{}` and `{}` are both called `{}`",
            first.name, model.name, key.1
        );
        let finding = Finding::new(&DUPLICATE_TABLE, message).at_maybe(mapped.map(|it| it.span));
        let other = if model.mapped_name.is_some() {
            first
        } else {
            model
        };
        findings.push(finding.label(other.name.span, "the other one"));
    }
}

/// No two enums share their name, and all are in a schema that is listed.
pub(super) fn enums(rules: &Rules<'_, '_>, findings: &mut Findings) {
    let mut seen = HashMap::new();
    for (_, it) in rules.schema.all_enums() {
        let key = (
            it.schema.as_ref().map(|it| it.value.as_str()),
            it.database_name(),
        );
        if let Some(first) = seen.insert(key, it.name.span) {
            let message = format!("another enum than `{}` is called `{}`", it.name, key.1);
            let finding = Finding::new(&DUPLICATE_ENUM, message).at(it.name.span);
            findings.push(
                finding
                    .label(first, "the other one")
                    .help("map one of them to another name"),
            );
        }
    }
    for (_, it) in rules.schema.all_enums() {
        check_schema(rules, "enum", &it.name, it.schema.as_ref(), findings);
    }
}

/// The model is in a schema that is listed.
pub(super) fn schema_of_model(subject: &Subject<'_, '_>, findings: &mut Findings) {
    let model = subject.model;
    let keyword = match model.kind {
        ModelKind::Table => "model",
        ModelKind::View => "view",
    };
    let schema = model.schema.as_ref();
    check_schema(subject.rules, keyword, &model.name, schema, findings);
}

fn check_schema(
    rules: &Rules<'_, '_>,
    keyword: &str,
    name: &Spanned<String>,
    schema: Option<&Spanned<String>>,
    findings: &mut Findings,
) {
    let Some(datasource) = &rules.schema.datasource else {
        if let Some(schema) = schema {
            findings.push(unknown_schema(schema, schema.span).help("list it in a datasource"));
        }
        return;
    };
    match schema {
        Some(schema) => {
            let listed = &rules.listed_schemas;
            if listed.binary_search(&&schema.value[..]).is_ok() {
                return;
            }
            let finding = unknown_schema(schema, schema.span);
            let meant = findings.closest(schema, listed.iter().copied());
            findings.push(match meant {
                Some(meant) => finding.help(format!("did you mean \"{meant}\"?")),
                None => finding.help(format!(
                    "add \"{schema}\" to the `schemas` of the datasource"
                )),
            });
        }
        None => {
            let Some(span) = datasource.schemas_span else {
                return;
            };
            let message = format!("{keyword} `{name}` does not say which schema it is in");
            let finding = Finding::new(&MISSING_SCHEMA, message).at(name.span);
            let example = datasource.schemas.first().map_or("public", |it| &it.value);
            findings.push(
                finding
                    .label(span, "these are the schemas")
                    .help(format!("write `@@schema(\"{example}\")` in the block")),
            );
        }
    }
}

fn unknown_schema(schema: &str, span: Span) -> Finding {
    Finding::new(
        &UNKNOWN_SCHEMA,
        format!("the datasource lists no schema \"{schema}\""),
    )
    .at(span)
}
