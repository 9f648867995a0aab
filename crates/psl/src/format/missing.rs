//! What a relation lacks and can be told from the rest of the schema.

use cruet::{to_camel_case, to_plural};
use driftless_finding::Span;

use crate::blocks::{FieldUse, ModelBlock};
use crate::keys::{Keys, keys};
use crate::parse::Understood;
use crate::relations::{Found, Inline};
use crate::schema::{Arity, Field, FieldId, FieldType, Model, RelationField};

/// A piece of text, and where it belongs.
pub(super) struct Missing {
    /// It belongs in front of this.
    pub(super) place: Span,
    text: String,
}

/// The text with what is missing in it.
pub(super) fn insert(text: &str, missing: &[&Missing]) -> String {
    let mut missing = missing.to_vec();
    missing.sort_by_key(|it| it.place.start);
    let mut out =
        String::with_capacity(text.len() + missing.iter().map(|it| it.text.len()).sum::<usize>());
    let mut at = 0;
    for it in missing {
        let place = it.place.start as usize;
        out.push_str(&text[at..place]);
        out.push_str(&it.text);
        at = place;
    }
    out.push_str(&text[at..]);
    out
}

/// What is missing in a schema without errors: fields, then attributes, then arguments.
pub(super) fn missing(understood: &Understood<'_>) -> Vec<Missing> {
    let keys = Keys::new(&understood.schema);
    let inline = understood.relations.iter().filter_map(|it| match it {
        Found::Inline(inline) => Some(inline),
        Found::ManyToMany(_) | Found::Embedded(_) => None,
    });
    let relations: Vec<_> = inline
        .map(|inline| Relation::new(understood, &keys, inline))
        .collect();
    let mut missing = Vec::new();
    for relation in &relations {
        missing.extend(relation.back_field());
        missing.extend(relation.forward_field());
        missing.extend(relation.column_fields());
    }
    missing.extend(relations.iter().filter_map(Relation::attribute));
    missing.extend(relations.iter().filter_map(Relation::arguments));
    missing
}

struct Relation<'r> {
    inline: &'r Inline,
    model: &'r Model,
    block: &'r ModelBlock<'r>,
    referenced: &'r Model,
    referenced_block: &'r ModelBlock<'r>,
    /// The field on the referencing model.
    forward: Option<&'r Field>,
    /// The columns that the relation would have if it does not say.
    columns: Vec<Column<'r>>,
    references: Vec<&'r str>,
    /// The name of the relation, as written.
    name: Option<&'r str>,
}

/// A column of a relation that does not say its `fields`.
struct Column<'r> {
    name: String,
    existing: Option<&'r Field>,
    /// The field that it would reference.
    referenced: FieldId,
}

impl<'r> Relation<'r> {
    fn new(understood: &'r Understood<'r>, all_keys: &Keys<'_>, inline: &'r Inline) -> Self {
        let (schema, blocks) = (&understood.schema, &understood.blocks.models);
        let (model, referenced) = (&schema[inline.model], &schema[inline.referenced]);
        let block = &blocks[inline.model.0 as usize];
        let forward = inline.forward.map(|it| &model[it]);
        let written = forward.and_then(|it| it.as_relation()?.references.as_deref());
        let references = written.unwrap_or_else(|| all_keys.first_strict(inline.referenced));
        let key = keys(referenced).next().unwrap_or_default();
        let columns = key.iter().map(|it| {
            let field = &referenced[it.field].name;
            let name = column_name(&referenced.name, field);
            let existing = block.find(&name).and_then(|it| it.meaning.column());
            Column {
                existing: existing.map(|it| &model[it]),
                name,
                referenced: it.field,
            }
        });
        let referenced_block = &blocks[inline.referenced.0 as usize];
        let name = |text: &'r str, field: Option<&'r Field>| {
            let name = field?.as_relation()?.name.as_ref()?;
            Some(&text[name.span.range()])
        };
        let back = inline.back.map(|it| &referenced[it]);
        let name = name(block.text, forward).or(name(referenced_block.text, back));
        Self {
            inline,
            model,
            block,
            referenced,
            referenced_block,
            forward,
            columns: columns.collect(),
            references: references
                .iter()
                .map(|it| &referenced[*it].name[..])
                .collect(),
            name,
        }
    }

    /// The field on the referenced model.
    fn back_field(&self) -> Option<Missing> {
        if self.inline.back.is_some() {
            return None;
        }
        let model = &self.model.name;
        let (name, mark) = match self.inline.one_to_one {
            true => (to_camel_case(model), "?"),
            false => (to_plural(&to_camel_case(model)), "[]"),
        };
        let ignore = if self.model.ignored { " @ignore" } else { "" };
        let relation = self.name.map(|it| format!(" @relation({it})"));
        let relation = relation.unwrap_or_default();
        Some(Missing {
            place: end_of(self.referenced_block),
            text: format!("{name} {model}{mark}{ignore}{relation}\n"),
        })
    }

    /// The field on the referencing model.
    fn forward_field(&self) -> Option<Missing> {
        if self.forward.is_some() {
            return None;
        }
        let is_optional = |it: &Column<'_>| self.arity_of(it) == Arity::Optional;
        let mark = if self.columns.iter().any(is_optional) {
            "?"
        } else {
            ""
        };
        let referenced = &self.referenced.name;
        let name = to_camel_case(referenced);
        let relation = self.name.map(str::to_owned);
        let arguments = relation
            .into_iter()
            .chain([self.fields(), self.references()]);
        let arguments = arguments.collect::<Vec<_>>().join(", ");
        Some(Missing {
            place: end_of(self.block),
            text: format!("{name} {referenced}{mark} @relation({arguments})\n"),
        })
    }

    /// The columns on the referencing model, up to the first that would be none of a built-in type.
    fn column_fields(&self) -> impl Iterator<Item = Missing> {
        let says = self.relation().is_some_and(|it| it.fields.is_some());
        let new = self
            .columns
            .iter()
            .filter(move |it| !says && it.existing.is_none());
        new.map_while(|column| {
            let referenced = &self.referenced[column.referenced];
            let FieldType::Scalar(scalar) = referenced.as_scalar()?.field_type else {
                return None;
            };
            let mark = match self.arity_of(column) {
                Arity::Required => "",
                Arity::Optional => "?",
                Arity::List => "[]",
            };
            let field = self.referenced_block.column(column.referenced)?;
            let native = field
                .field
                .attributes
                .iter()
                .rfind(|it| it.name.text.contains('.'));
            let native = native.map_or("", |it| &self.referenced_block.text[it.span.range()]);
            let name = &column.name;
            Some(Missing {
                place: end_of(self.block),
                text: format!("{name} {scalar}{mark} {native}\n"),
            })
        })
    }

    /// `@relation` on the field of the referencing model.
    fn attribute(&self) -> Option<Missing> {
        let field = &self.forward()?.field;
        if field.attributes.iter().any(|it| it.name.text == "relation") {
            return None;
        }
        let arguments = [self.fields(), self.references()].join(", ");
        Some(Missing {
            place: end(field.field_type.as_ref()?.span),
            text: format!(" @relation({arguments})"),
        })
    }

    /// Arguments of `@relation`.
    fn arguments(&self) -> Option<Missing> {
        let mut attributes = self.forward()?.field.attributes.iter();
        let attribute = attributes.find(|it| it.name.text == "relation")?;
        let relation = self.relation()?;
        let fields = relation.fields.is_none().then(|| self.fields());
        let references = relation.references.is_none().then(|| self.references());
        let arguments: Vec<_> = fields.into_iter().chain(references).collect();
        let arguments = arguments.join(", ");
        let written = &attribute.arguments;
        let (place, text) = match (arguments.is_empty(), written.written) {
            (true, _) => return None,
            (false, false) => (end(attribute.span), format!("({arguments})")),
            (false, true) if written.list.is_empty() => (last_byte(attribute.span), arguments),
            (false, true) => (last_byte(attribute.span), format!(", {arguments}")),
        };
        Some(Missing { place, text })
    }

    fn forward(&self) -> Option<&'r FieldUse<'r>> {
        self.block.fields.get(self.inline.forward?.0 as usize)
    }

    fn relation(&self) -> Option<&'r RelationField> {
        self.forward.and_then(Field::as_relation)
    }

    fn arity_of(&self, column: &Column<'_>) -> Arity {
        let like = column.existing.or(self.forward);
        like.map_or(Arity::Optional, |it| it.arity)
    }

    fn fields(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|it| &it.name[..]).collect();
        format!("fields: [{}]", names.join(", "))
    }

    fn references(&self) -> String {
        format!("references: [{}]", self.references.join(", "))
    }
}

/// `userId` for the `id` of a `User`.
fn column_name(model: &str, field: &str) -> String {
    let (mut model, mut field) = (model.chars(), field.chars());
    let lower = model.next().into_iter().flat_map(char::to_lowercase);
    let upper = field.next().into_iter().flat_map(char::to_uppercase);
    let rest = (model.as_str().chars(), field.as_str().chars());
    lower.chain(rest.0).chain(upper).chain(rest.1).collect()
}

/// In front of the `}`.
fn end_of(block: &ModelBlock<'_>) -> Span {
    last_byte(block.block.span)
}

fn last_byte(span: Span) -> Span {
    Span {
        start: span.end - 1,
        ..span
    }
}

fn end(span: Span) -> Span {
    Span {
        start: span.end,
        ..span
    }
}
