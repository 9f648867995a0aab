//! Second pass: what the type of each field stands for.

use driftless_finding::{Code, Finding, Severity, Span};

use crate::blocks::{Blocks, EnumBlock, Meaning, ModelBlock, Top};
use crate::comments::documentation;
use crate::findings::Findings;
use crate::schema::{
    Arity, Enum, EnumValue, Field, FieldId, FieldKind, FieldType, Model, ModelId, ModelKind,
    RelationField, ScalarField, ScalarType, Schema, Spanned,
};
use crate::syntax::{ArityMark, Keyword, Name, TypeName};

/// A type that is neither built in nor declared.
pub(crate) static UNKNOWN_TYPE: Code = Code {
    name: "unknown-type",
    severity: Severity::Error,
    summary: "a field has a type that nothing declares",
    explanation: "The type of a field is built in (`String`, `Boolean`, `Int`, `BigInt`, `Float`, `Decimal`, \
        `DateTime`, `Json`, `Bytes`), or a model, view or enum of the schema, in any of its files, or \
        `Unsupported(\"…\")` with the name of a database type.",
};

/// `enum E {}`
pub(crate) static EMPTY_ENUM: Code = Code {
    name: "empty-enum",
    severity: Severity::Error,
    summary: "an enum has no values",
    explanation: "An enum has at least one value.",
};

/// A model as the type of a field in a `type` block.
pub(crate) static RELATION_IN_TYPE: Code = Code {
    name: "relation-in-type",
    severity: Severity::Error,
    summary: "a field of a composite type refers to a model",
    explanation: "Only models and views take part in relations.",
};

/// Everything that is declared, without its attributes. Fills in what each field means.
pub(crate) fn resolve(blocks: &mut Blocks<'_>, findings: &mut Findings) -> Schema {
    let enums = blocks
        .enums
        .iter()
        .map(|it| enumeration(it, findings))
        .collect();
    let mut models = Vec::with_capacity(blocks.models.len());
    let mut meanings = Vec::with_capacity(blocks.models.len());
    for block in &blocks.models {
        let (model, meaning) = model(blocks, block, findings);
        models.push(model);
        meanings.push(meaning);
    }
    for block in &blocks.types {
        composite_type(blocks, block, findings);
    }
    for (block, meanings) in blocks.models.iter_mut().zip(meanings) {
        for (field, meaning) in block.fields.iter_mut().zip(meanings) {
            field.meaning = meaning;
        }
    }
    Schema {
        enums,
        models,
        ..Schema::default()
    }
}

fn enumeration(block: &EnumBlock<'_>, findings: &mut Findings) -> Enum {
    let name = block.block.name;
    if block.values.is_empty() {
        let finding = Finding::new(&EMPTY_ENUM, format!("enum `{}` has no values", name.text));
        findings.push(finding.at(name.span).help("write one value on each line"));
    }
    let values = block.values.iter().map(|(value, comments)| EnumValue {
        name: named(value.name),
        span: value.span,
        mapped_name: None,
        documentation: documentation(block.text, *comments, value.trailing_comment),
    });
    Enum {
        name: named(name),
        span: block.block.span,
        mapped_name: None,
        schema: None,
        values: values.collect(),
        documentation: documentation(block.text, block.documentation, None),
        body_documentation: all_documentation(block.text, &block.other_comments),
    }
}

fn model(
    blocks: &Blocks<'_>,
    block: &ModelBlock<'_>,
    findings: &mut Findings,
) -> (Model, Vec<Meaning>) {
    let mut fields = Vec::with_capacity(block.fields.len());
    let mut meanings = Vec::with_capacity(block.fields.len());
    for field in &block.fields {
        let id = FieldId(fields.len() as u32);
        let kind = match &field.field_type.name {
            TypeName::Named(name) => {
                let meaning = named_type(blocks, *name);
                if meaning.is_none() {
                    unknown_type(blocks, *name, findings);
                }
                meaning
            }
            TypeName::Unsupported(name, _) => Some(TypeMeaning::Column(FieldType::Unsupported(
                name.to_string(),
            ))),
        };
        let (kind, meaning) = match kind {
            None => {
                meanings.push(Meaning::Nothing);
                continue;
            }
            Some(TypeMeaning::Column(it)) => (column(it), Meaning::Column(id)),
            // PostgreSQL has no composite types in Prisma; the type itself is refused later.
            Some(TypeMeaning::Composite(name)) => (
                column(FieldType::Unsupported(name.to_owned())),
                Meaning::Composite(id),
            ),
            Some(TypeMeaning::Model(model)) => (relation(model), Meaning::Relation(id)),
        };
        meanings.push(meaning);
        fields.push(Field {
            name: named(field.field.name),
            span: field.field.span,
            type_span: field.field_type.span,
            arity: match field.field_type.arity {
                ArityMark::List | ArityMark::OldList => Arity::List,
                ArityMark::Optional | ArityMark::OptionalList => Arity::Optional,
                ArityMark::None | ArityMark::OldRequired => Arity::Required,
            },
            kind,
            documentation: documentation(
                block.text,
                field.documentation,
                field.field.trailing_comment,
            ),
            ignored: false,
        });
    }
    let model = Model {
        name: named(block.block.name),
        kind: match block.block.keyword {
            Keyword::View => ModelKind::View,
            Keyword::Model
            | Keyword::Type
            | Keyword::Enum
            | Keyword::Datasource
            | Keyword::Generator => ModelKind::Table,
        },
        span: block.block.span,
        mapped_name: None,
        schema: None,
        fields,
        primary_key: None,
        indexes: Vec::new(),
        row_security: None,
        policies: Vec::new(),
        documentation: documentation(block.text, block.documentation, None),
        body_documentation: all_documentation(block.text, &block.other_comments),
        ignored: false,
    };
    (model, meanings)
}

fn composite_type(blocks: &Blocks<'_>, block: &ModelBlock<'_>, findings: &mut Findings) {
    for field in &block.fields {
        let TypeName::Named(name) = &field.field_type.name else {
            continue;
        };
        match named_type(blocks, *name) {
            None => unknown_type(blocks, *name, findings),
            Some(TypeMeaning::Model(_)) => {
                let message = format!(
                    "`{}` is a model, and types take no part in relations",
                    name.text
                );
                findings.push(Finding::new(&RELATION_IN_TYPE, message).at(name.span));
            }
            Some(TypeMeaning::Column(_) | TypeMeaning::Composite(_)) => {}
        }
    }
}

enum TypeMeaning<'a> {
    Column(FieldType),
    Composite(&'a str),
    Model(ModelId),
}

fn named_type<'a>(blocks: &Blocks<'_>, name: Name<'a>) -> Option<TypeMeaning<'a>> {
    if let Some(scalar) = ScalarType::from_name(name.text) {
        return Some(TypeMeaning::Column(FieldType::Scalar(scalar)));
    }
    Some(match *blocks.by_name.get(name.text)? {
        Top::Model(model) => TypeMeaning::Model(model),
        Top::Enum(it) => TypeMeaning::Column(FieldType::Enum(it)),
        Top::Type => TypeMeaning::Composite(name.text),
    })
}

fn column(field_type: FieldType) -> FieldKind {
    FieldKind::Scalar(ScalarField {
        field_type,
        native_type: None,
        default: None,
        mapped_name: None,
        updated_at: false,
    })
}

fn relation(model: ModelId) -> FieldKind {
    FieldKind::Relation(RelationField {
        model,
        relation: None,
        name: None,
        fields: None,
        references: None,
        on_delete: None,
        on_update: None,
        mapped_name: None,
        attribute_span: None,
    })
}

fn unknown_type(blocks: &Blocks<'_>, name: Name<'_>, findings: &mut Findings) {
    let declared = blocks
        .models
        .iter()
        .map(|it| it.block.name.text)
        .chain(blocks.enums.iter().map(|it| it.block.name.text));
    let known = ScalarType::ALL.iter().map(|it| it.as_str()).chain(declared);
    let message = format!("type `{}` is neither built in nor declared", name.text);
    let finding = Finding::new(&UNKNOWN_TYPE, message).at(name.span);
    let help = format!("declare a model or enum called `{}`", name.text);
    let finding = findings.did_you_mean(finding, name.text, known, &help);
    findings.push(finding);
}

fn named(name: Name<'_>) -> Spanned<String> {
    Spanned::new(name.text.to_owned(), name.span)
}

fn all_documentation(text: &str, comments: &[Span]) -> Vec<Spanned<String>> {
    comments
        .iter()
        .flat_map(|it| documentation(text, Some(*it), None))
        .collect()
}
