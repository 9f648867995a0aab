//! The blocks of all files by kind, and where the things in them are found by name.

use hashbrown::HashMap;

use driftless_finding::{Code, Finding, Severity, Span};

use crate::findings::Findings;
use crate::schema::{EnumId, FieldId, ModelId};
use crate::syntax::{
    ArityMark, Attribute, Block, Entry, Field, Item, Keyword, Property, Tree, TypeUse, Value,
};

/// A field without a type.
pub(crate) static MISSING_TYPE: Code = Code {
    name: "missing-type",
    severity: Severity::Error,
    summary: "a field has no type",
    explanation: "A field is a name and a type, `title String`, and then its attributes. The type \
        is one of the built-in types, a model, an enum, or `Unsupported(\"…\")`.",
};

/// `String[]?`
pub(crate) static OPTIONAL_LIST: Code = Code {
    name: "optional-list",
    severity: Severity::Error,
    summary: "a list that is optional",
    explanation: "A list is empty or not, but never missing. Write `Type[]`, or `Type?` for a \
        single value.",
};

/// `name: String!`
pub(crate) static OLD_SYNTAX: Code = Code {
    name: "old-syntax",
    severity: Severity::Error,
    summary: "a field is written as in Prisma 1",
    explanation: "Prisma 1 wrote `name: String!` and `[String]`. Since Prisma 2 that is \
        `name String` and `String[]`: no colon, required unless there is a `?`, and the mark of a \
        list behind the type.",
};

/// Every block of every file.
#[derive(Default)]
pub(crate) struct Blocks<'a> {
    /// Indexed by [`ModelId`].
    pub(crate) models: Vec<ModelBlock<'a>>,
    /// Indexed by [`EnumId`].
    pub(crate) enums: Vec<EnumBlock<'a>>,
    /// `type` blocks, which PostgreSQL has no use for.
    pub(crate) types: Vec<ModelBlock<'a>>,
    pub(crate) datasources: Vec<ConfigBlock<'a>>,
    pub(crate) generators: Vec<ConfigBlock<'a>>,
    /// All blocks in order of declaration.
    pub(crate) all: Vec<&'a Block<'a>>,
    /// What the type of a field may name. Of several declarations, the last.
    pub(crate) by_name: HashMap<&'a str, Top>,
}

/// What a name at the top level stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Top {
    Model(ModelId),
    Enum(EnumId),
    Type,
}

/// A `model`, `view` or `type`.
pub(crate) struct ModelBlock<'a> {
    pub(crate) text: &'a str,
    pub(crate) block: &'a Block<'a>,
    pub(crate) documentation: Option<Span>,
    /// Comments that belong to no field.
    pub(crate) other_comments: Vec<Span>,
    /// Fields that are whole; for the others there are findings.
    pub(crate) fields: Vec<FieldUse<'a>>,
    pub(crate) attributes: Vec<&'a Attribute<'a>>,
    /// Indexes of `fields`, ordered by name, those of one name as they are declared.
    names: Vec<u32>,
}

/// A field of a [`ModelBlock`].
pub(crate) struct FieldUse<'a> {
    pub(crate) field: &'a Field<'a>,
    pub(crate) field_type: &'a TypeUse<'a>,
    pub(crate) documentation: Option<Span>,
    pub(crate) meaning: Meaning,
}

/// What became of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Its type is not known.
    Nothing,
    Column(FieldId),
    /// A column of a composite type.
    Composite(FieldId),
    Relation(FieldId),
}

impl Meaning {
    /// Whether the field is a column, of whatever type.
    pub(crate) fn is_column(self) -> bool {
        self.column().is_some()
    }

    /// The column, of whatever type.
    pub(crate) fn column(self) -> Option<FieldId> {
        match self {
            Self::Column(id) | Self::Composite(id) => Some(id),
            Self::Relation(_) | Self::Nothing => None,
        }
    }
}

/// An `enum`.
pub(crate) struct EnumBlock<'a> {
    pub(crate) text: &'a str,
    pub(crate) block: &'a Block<'a>,
    pub(crate) documentation: Option<Span>,
    /// Comments that belong to no value.
    pub(crate) other_comments: Vec<Span>,
    pub(crate) values: Vec<(&'a Value<'a>, Option<Span>)>,
    pub(crate) attributes: Vec<&'a Attribute<'a>>,
    /// Names of values, in alphabetical order.
    names: Vec<&'a str>,
}

/// A `datasource` or `generator`.
pub(crate) struct ConfigBlock<'a> {
    pub(crate) text: &'a str,
    pub(crate) block: &'a Block<'a>,
    pub(crate) documentation: Option<Span>,
    pub(crate) properties: Vec<&'a Property<'a>>,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(trees: &'a [Tree<'a>], findings: &mut Findings) -> Self {
        let mut blocks = Self::default();
        for tree in trees {
            let mut comments = None;
            for item in &tree.items {
                match item {
                    Item::Block(block) => blocks.add(tree.text, block, comments.take(), findings),
                    Item::Comments(span) => comments = Some(*span),
                    Item::BlankLines | Item::Stray => comments = None,
                }
            }
        }
        blocks
    }

    fn add(
        &mut self,
        text: &'a str,
        block: &'a Block<'a>,
        documentation: Option<Span>,
        findings: &mut Findings,
    ) {
        let name = block.name.text;
        self.all.push(block);
        match block.keyword {
            Keyword::Model | Keyword::View => {
                self.by_name
                    .insert(name, Top::Model(ModelId(self.models.len() as u32)));
                self.models
                    .push(ModelBlock::new(text, block, documentation, findings));
            }
            Keyword::Type => {
                self.by_name.insert(name, Top::Type);
                self.types
                    .push(ModelBlock::new(text, block, documentation, findings));
            }
            Keyword::Enum => {
                self.by_name
                    .insert(name, Top::Enum(EnumId(self.enums.len() as u32)));
                self.enums.push(EnumBlock::new(text, block, documentation));
            }
            Keyword::Datasource => {
                self.datasources
                    .push(ConfigBlock::new(text, block, documentation));
            }
            Keyword::Generator => {
                self.generators
                    .push(ConfigBlock::new(text, block, documentation));
            }
        }
    }
}

impl<'a> ModelBlock<'a> {
    fn new(
        text: &'a str,
        block: &'a Block<'a>,
        documentation: Option<Span>,
        findings: &mut Findings,
    ) -> Self {
        let mut fields = Vec::with_capacity(block.entries.len());
        let mut attributes = Vec::new();
        let mut other_comments = Vec::new();
        let mut comments = None;
        for entry in block.entries {
            match entry {
                Entry::Field(field) => {
                    let documentation = comments.take();
                    if let Some(field_type) = whole_field(field, findings) {
                        fields.push(FieldUse {
                            field,
                            field_type,
                            documentation,
                            meaning: Meaning::Nothing,
                        });
                    }
                }
                Entry::Attribute(it) => {
                    attributes.push(&it.attribute);
                    other_comments.extend(comments.take());
                    other_comments.extend(it.trailing_comment);
                }
                Entry::Comments(span) => other_comments.extend(comments.replace(*span)),
                Entry::BlankLines | Entry::Stray | Entry::Value(_) | Entry::Property(_) => {}
            }
        }
        other_comments.extend(comments);
        let mut names: Vec<u32> = (0..fields.len() as u32).collect();
        names.sort_by_key(|it| fields[*it as usize].field.name.text);
        Self {
            text,
            block,
            documentation,
            other_comments,
            fields,
            attributes,
            names,
        }
    }

    /// The field called `name`; of several, the last.
    pub(crate) fn find(&self, name: &str) -> Option<&FieldUse<'a>> {
        let end = self
            .names
            .partition_point(|it| self.fields[*it as usize].field.name.text <= name);
        let field = &self.fields[*self.names.get(end.checked_sub(1)?)? as usize];
        (field.field.name.text == name).then_some(field)
    }

    /// Fields that share their name with one declared before, and that.
    pub(crate) fn duplicates(&self) -> impl Iterator<Item = (&FieldUse<'a>, &FieldUse<'a>)> {
        self.names
            .windows(2)
            .map(|pair| {
                (
                    &self.fields[pair[0] as usize],
                    &self.fields[pair[1] as usize],
                )
            })
            .filter(|(one, other)| one.field.name.text == other.field.name.text)
            .map(|(one, other)| (other, one))
    }

    /// The names of all fields, as candidates for what was meant.
    pub(crate) fn field_names(&self) -> impl Iterator<Item = &'a str> {
        self.fields.iter().map(|it| it.field.name.text)
    }

    /// The field that became the column `id`, if all fields of the block became something.
    pub(crate) fn column(&self, id: FieldId) -> Option<&FieldUse<'a>> {
        let field = self.fields.get(id.0 as usize);
        field.filter(|it| it.meaning == Meaning::Column(id))
    }
}

impl<'a> EnumBlock<'a> {
    fn new(text: &'a str, block: &'a Block<'a>, documentation: Option<Span>) -> Self {
        let mut values = Vec::with_capacity(block.entries.len());
        let mut attributes = Vec::new();
        let mut other_comments = Vec::new();
        let mut comments = None;
        for entry in block.entries {
            match entry {
                Entry::Value(value) => values.push((value, comments.take())),
                Entry::Attribute(it) => {
                    attributes.push(&it.attribute);
                    other_comments.extend(comments.take());
                    other_comments.extend(it.trailing_comment);
                }
                Entry::Comments(span) => other_comments.extend(comments.replace(*span)),
                Entry::BlankLines | Entry::Stray | Entry::Field(_) | Entry::Property(_) => {}
            }
        }
        other_comments.extend(comments);
        let mut names: Vec<_> = values.iter().map(|(it, _)| it.name.text).collect();
        names.sort_unstable();
        Self {
            text,
            block,
            documentation,
            other_comments,
            values,
            attributes,
            names,
        }
    }

    pub(crate) fn has_value(&self, name: &str) -> bool {
        self.names.binary_search(&name).is_ok()
    }
}

impl<'a> ConfigBlock<'a> {
    fn new(text: &'a str, block: &'a Block<'a>, documentation: Option<Span>) -> Self {
        let properties = block.entries.iter().filter_map(|entry| match entry {
            Entry::Property(property) => Some(property),
            Entry::Field(_)
            | Entry::Value(_)
            | Entry::Attribute(_)
            | Entry::Comments(_)
            | Entry::BlankLines
            | Entry::Stray => None,
        });
        Self {
            text,
            block,
            documentation,
            properties: properties.collect(),
        }
    }
}

/// The type of a field, unless it has none that may be.
fn whole_field<'a>(field: &'a Field<'a>, findings: &mut Findings) -> Option<&'a TypeUse<'a>> {
    let name = field.name.text;
    if let Some(colon) = field.colon {
        let message = format!("`{name}` is followed by a colon");
        let finding = Finding::new(&OLD_SYNTAX, message).at(colon);
        findings.push(finding.help("remove the `:`"));
        return None;
    }
    let Some(field_type) = &field.field_type else {
        let message = format!("field `{name}` has no type");
        let finding = Finding::new(&MISSING_TYPE, message).at(field.span);
        findings.push(finding.help(format!("write `{name} String`, or another type")));
        return None;
    };
    let (code, message, help) = match field_type.arity {
        ArityMark::None | ArityMark::Optional | ArityMark::List => return Some(field_type),
        ArityMark::OptionalList => (
            &OPTIONAL_LIST,
            "a list cannot be optional",
            "write `[]` or `?`, but not both",
        ),
        ArityMark::OldRequired => (
            &OLD_SYNTAX,
            "a `!` is no longer written",
            "remove it: types are required by default",
        ),
        ArityMark::OldList => (
            &OLD_SYNTAX,
            "the brackets of a list stand behind its type",
            "write `Type[]`",
        ),
    };
    findings.push(Finding::new(code, message).at(field_type.span).help(help));
    None
}
