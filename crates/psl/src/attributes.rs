//! Third pass: what the attributes say, each by itself.
//!
//! An attribute is one file here and one row in the tables below. Rows are read from top to bottom, so an attribute may
//! rely on those above it.

pub(crate) mod default;
mod fulltext;
pub(crate) mod given;
pub(crate) mod id;
pub(crate) mod ignore;
pub(crate) mod index;
pub(crate) mod index_fields;
pub(crate) mod map;
pub(crate) mod native_type;
pub(crate) mod predicate;
pub(crate) mod relation;
mod schema;
pub(crate) mod shard_key;
pub(crate) mod unique;
pub(crate) mod updated_at;

use hashbrown::HashMap;

use driftless_finding::{Code, Finding, Severity, Span};

use crate::blocks::{Blocks, Meaning, ModelBlock};
use crate::findings::Findings;
use crate::schema::{Enum, EnumValue, FieldId, Model, Schema, Spanned};
use crate::syntax::Attribute;
use given::Given;

pub(crate) use default::{check_function_is_known, refuse_auto};
pub(crate) use given::{DUPLICATE_ARGUMENT, UNKNOWN_ARGUMENT};
pub(crate) use native_type::{native_type, native_type_of_name};
pub(crate) use shard_key::refuse as refuse_shard_key;

/// An attribute that does not exist, or not in this place.
pub(crate) static UNKNOWN_ATTRIBUTE: Code = Code {
    name: "unknown-attribute",
    severity: Severity::Error,
    summary: "an attribute that does not exist in its place",
    explanation: "Some attributes belong to columns (`@id`, `@default`, `@updatedAt`, `@db.…`), some to relation \
        fields (`@relation`), some to blocks (`@@index`, `@@schema`). The Prisma schema reference lists them.",
};

/// An attribute that is written twice.
pub(crate) static DUPLICATE_ATTRIBUTE: Code = Code {
    name: "duplicate-attribute",
    severity: Severity::Error,
    summary: "an attribute is written more than once",
    explanation: "Only `@@index`, `@@unique` and `@@fulltext` may be repeated.",
};

/// A `name` that Prisma Client could not use.
pub(crate) static INVALID_CLIENT_NAME: Code = Code {
    name: "invalid-client-name",
    severity: Severity::Error,
    summary: "the `name` of a key has characters that no name in code has",
    explanation: "The `name` of an `@@id` or `@@unique` becomes a name in Prisma Client: ASCII letters, digits and \
        underscores. The name in the database is `map`, and may be anything.",
};

/// A column whose attributes are read.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) id: FieldId,
    /// Its type is a composite type, whatever the schema's field says.
    pub(crate) composite: bool,
}

/// A model whose attributes are read.
pub(crate) struct ModelScope<'r, 'a> {
    pub(crate) blocks: &'r Blocks<'a>,
    pub(crate) block: &'r ModelBlock<'a>,
    pub(crate) model: &'r mut Model,
    /// Names that `@map` gave to columns so far.
    pub(crate) mapped: HashMap<&'a str, FieldId>,
    /// The first `@shardKey`, and its field.
    pub(crate) shard_key: Option<Span>,
    pub(crate) sharded_by: Option<FieldId>,
}

type OnColumn = for<'a> fn(&mut ModelScope<'_, 'a>, Column, &mut Given<'a>, &mut Findings);
type OnRelationField = for<'a> fn(&mut ModelScope<'_, 'a>, FieldId, &mut Given<'a>, &mut Findings);
type OnModel = for<'a> fn(&mut ModelScope<'_, 'a>, &mut Given<'a>, &mut Findings);
type OnEnum = for<'a> fn(&mut Enum, &mut Given<'a>, &mut Findings);
type OnValue = for<'a> fn(&mut EnumValue, &mut Given<'a>, &mut Findings);

const ON_COLUMN: &[Row<OnColumn>] = &[
    once("map", map::on_column),
    once("ignore", ignore::on_column),
    once("relation", relation::on_column),
    once("id", id::on_column),
    once("updatedAt", updated_at::on_column),
    once("default", default::on_column),
    once("unique", unique::on_column),
    once("shardKey", shard_key::on_column),
];

const ON_RELATION_FIELD: &[Row<OnRelationField>] = &[
    once("relation", relation::on_relation_field),
    once("id", id::on_relation_field),
    once("ignore", ignore::on_relation_field),
    once("default", default::on_relation_field),
    once("map", map::on_relation_field),
    once("unique", unique::on_relation_field),
];

const ON_MODEL: &[Row<OnModel>] = &[
    once("ignore", ignore::on_model),
    once("id", id::on_model),
    once("map", map::on_model),
    once("schema", schema::on_model),
    repeated("index", index::on_model),
    repeated("unique", unique::on_model),
    repeated("fulltext", fulltext::on_model),
    once("shardKey", shard_key::on_model),
];

const ON_ENUM: &[Row<OnEnum>] = &[once("map", map::on_enum), once("schema", schema::on_enum)];

const ON_VALUE: &[Row<OnValue>] = &[once("map", map::on_value)];

struct Row<F> {
    name: &'static str,
    repeats: bool,
    read: F,
}

const fn once<F>(name: &'static str, read: F) -> Row<F> {
    Row {
        name,
        repeats: false,
        read,
    }
}

const fn repeated<F>(name: &'static str, read: F) -> Row<F> {
    Row {
        name,
        repeats: true,
        read,
    }
}

/// Reads all attributes into `schema`.
pub(crate) fn resolve(blocks: &Blocks<'_>, schema: &mut Schema, findings: &mut Findings) {
    for (block, model) in blocks.models.iter().zip(&mut schema.models) {
        model_attributes(blocks, block, model, findings);
    }
    for (block, it) in blocks.enums.iter().zip(&mut schema.enums) {
        for ((value, _), into) in block.values.iter().zip(&mut it.values) {
            read(
                value.attributes.iter(),
                ON_VALUE,
                none,
                findings,
                |row, given, findings| {
                    row(into, given, findings);
                },
            );
        }
        read(
            block.attributes.iter().copied(),
            ON_ENUM,
            none,
            findings,
            |row, given, findings| {
                row(it, given, findings);
            },
        );
    }
}

fn model_attributes<'a>(
    blocks: &Blocks<'a>,
    block: &ModelBlock<'a>,
    model: &mut Model,
    findings: &mut Findings,
) {
    let mut scope = ModelScope {
        blocks,
        block,
        model,
        mapped: HashMap::new(),
        shard_key: None,
        sharded_by: None,
    };
    for field in &block.fields {
        let attributes = field.field.attributes.iter();
        match field.meaning {
            Meaning::Nothing => {}
            Meaning::Relation(id) => {
                read(
                    attributes,
                    ON_RELATION_FIELD,
                    none,
                    findings,
                    |row, given, findings| {
                        row(&mut scope, id, given, findings);
                    },
                );
            }
            Meaning::Column(id) | Meaning::Composite(id) => {
                let composite = field.meaning == Meaning::Composite(id);
                let column = Column { id, composite };
                let has_native_types =
                    native_type::on_column(&mut scope, column, field.field.attributes, findings);
                let is_read = |name: &str| has_native_types && name.contains('.');
                read(
                    attributes,
                    ON_COLUMN,
                    is_read,
                    findings,
                    |row, given, findings| {
                        row(&mut scope, column, given, findings);
                    },
                );
            }
        }
    }
    read(
        block.attributes.iter().copied(),
        ON_MODEL,
        none,
        findings,
        |row, given, findings| {
            row(&mut scope, given, findings);
        },
    );
    id::check_arity(scope.model, findings);
    shard_key::check_arity(&scope, findings);
}

/// Reads `attributes` by the rows of `table`, and says which of them have none. Those that `is_read` names have been
/// read already.
fn read<'a, F: Copy>(
    attributes: impl Iterator<Item = &'a Attribute<'a>> + Clone,
    table: &[Row<F>],
    is_read: impl Fn(&str) -> bool,
    findings: &mut Findings,
    mut call: impl FnMut(F, &mut Given<'a>, &mut Findings),
) {
    let row_of = |it: &Attribute<'_>| table.iter().position(|row| row.name == it.name.text);
    let mut used = 0u32;
    let mut all_known = true;
    for attribute in attributes.clone() {
        match row_of(attribute) {
            Some(row) => used |= 1 << row,
            None => all_known = false,
        }
    }
    for (number, row) in table.iter().enumerate() {
        if used & 1 << number == 0 {
            continue;
        }
        let uses = attributes.clone().filter(|it| it.name.text == row.name);
        if !row.repeats && uses.clone().nth(1).is_some() {
            for attribute in uses {
                let message = format!("`{attribute}` is written more than once");
                let finding = Finding::new(&DUPLICATE_ATTRIBUTE, message).at(attribute.span);
                findings.push(finding.help("keep one of them"));
            }
            continue;
        }
        for attribute in uses {
            if let Some(mut given) = Given::new(attribute, findings) {
                call(row.read, &mut given, findings);
                given.finish(findings);
            }
        }
    }
    if all_known {
        return;
    }
    let is_unknown = |it: &&Attribute<'_>| row_of(it).is_none() && !is_read(it.name.text);
    for attribute in attributes.filter(is_unknown) {
        let name = attribute.to_string();
        let meant = findings.closest(attribute.name.text, table.iter().map(|it| it.name));
        let finding = Finding::new(&UNKNOWN_ATTRIBUTE, format!("there is no `{name}` here"));
        let finding = finding.at(attribute.span);
        findings.push(match meant {
            Some(meant) => {
                let ats = &name[..name.len() - attribute.name.text.len()];
                finding.help(format!("did you mean `{ats}{meant}`?"))
            }
            None => finding.help("remove it"),
        });
    }
}

fn check_client_name(name: &Spanned<String>, given: &Given<'_>, findings: &mut Findings) {
    if name
        .bytes()
        .any(|it| it != b'_' && !it.is_ascii_alphanumeric())
    {
        let message = format!(
            "`{name}` is no name that `{}` can have in code",
            given.attribute
        );
        let finding = Finding::new(&INVALID_CLIENT_NAME, message).at(name.span);
        findings.push(finding.help("write it as `map` if it is the name in the database"));
    }
}

fn none(_: &str) -> bool {
    false
}
