//! A Prisma schema as plain data, easy to change, and its text.

use std::fmt::Write;

/// A schema.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {
    /// `schemas` of the datasource; empty if there are none to choose from.
    pub(crate) schemas: Vec<&'static str>,
    /// Whether there are no foreign keys.
    pub(crate) prisma_mode: bool,
    pub(crate) enums: Vec<Enum>,
    pub(crate) models: Vec<Model>,
    pub(crate) relations: Vec<Relation>,
}

/// An enum.
#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) map: Option<String>,
    pub(crate) schema: usize,
    /// Names, and what each is in the database.
    pub(crate) values: Vec<(String, Option<String>)>,
}

/// A model.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) map: Option<String>,
    pub(crate) schema: usize,
    pub(crate) fields: Vec<Field>,
    /// The fields of the primary key; empty if there is none.
    pub(crate) id: Vec<String>,
    pub(crate) id_map: Option<String>,
    pub(crate) keys: Vec<Key>,
    pub(crate) ignored: bool,
}

/// A field that is a column.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) map: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) arity: Arity,
    /// What stands in `@default(…)`.
    pub(crate) default: Option<String>,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A scalar, and its native type such as `VarChar(20)`.
    Scalar(&'static str, Option<&'static str>),
    Enum(String),
    Unsupported(&'static str),
}

/// How many values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arity {
    Required,
    Optional,
    List,
}

/// An index or unique key of a model.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) unique: bool,
    /// Its fields, and what stands in the parentheses behind each.
    pub(crate) fields: Vec<(String, Option<&'static str>)>,
    pub(crate) map: Option<String>,
    pub(crate) algorithm: Option<&'static str>,
}

/// A relation between two models, or of one with itself.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub(crate) name: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) link: Link,
}

/// How a relation is kept.
#[derive(Debug, Clone)]
pub(crate) enum Link {
    /// By columns of `from`.
    Columns {
        fields: Vec<String>,
        references: Vec<String>,
        optional: bool,
        /// Whether `to` has one `from` and not many.
        single: bool,
        on_delete: Option<&'static str>,
        on_update: Option<&'static str>,
        map: Option<String>,
    },
    /// By a table that Prisma makes.
    Table,
}

impl Schema {
    pub(crate) fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|it| it.name == name)
    }

    /// The text of a schema file, without any layout: the formatter has something to do.
    pub(crate) fn text(&self) -> String {
        let mut out = String::from("datasource db {\n  provider = \"postgresql\"\n");
        if !self.schemas.is_empty() {
            writeln!(out, "  schemas = {:?}", self.schemas).unwrap();
        }
        if self.prisma_mode {
            out.push_str("  relationMode = \"prisma\"\n");
        }
        out.push_str("}\n");
        for it in &self.enums {
            self.enumeration(it, &mut out);
        }
        for it in &self.models {
            self.table(it, &mut out);
        }
        out
    }

    fn enumeration(&self, it: &Enum, out: &mut String) {
        writeln!(out, "\nenum {} {{", it.name).unwrap();
        for (name, map) in &it.values {
            writeln!(out, "  {name}{}", mapped(" @map", map)).unwrap();
        }
        self.end(&it.map, it.schema, out);
    }

    fn table(&self, it: &Model, out: &mut String) {
        writeln!(out, "\nmodel {} {{", it.name).unwrap();
        for field in &it.fields {
            writeln!(out, "  {}", field.text(it)).unwrap();
        }
        for relation in &self.relations {
            relation.fields(it, out);
        }
        if it.id.len() > 1 {
            let map = named(&it.id_map);
            writeln!(out, "  @@id([{}]{map})", it.id.join(", ")).unwrap();
        }
        for key in &it.keys {
            writeln!(out, "  {}", key.text()).unwrap();
        }
        if it.ignored {
            out.push_str("  @@ignore\n");
        }
        self.end(&it.map, it.schema, out);
    }

    fn end(&self, map: &Option<String>, schema: usize, out: &mut String) {
        if map.is_some() {
            writeln!(out, "  {}", mapped("@@map", map)).unwrap();
        }
        if !self.schemas.is_empty() {
            writeln!(out, "  @@schema({:?})", self.schemas[schema]).unwrap();
        }
        out.push_str("}\n");
    }
}

impl Field {
    fn text(&self, model: &Model) -> String {
        let (kind, native) = match &self.kind {
            Kind::Scalar(name, native) => ((*name).to_owned(), *native),
            Kind::Enum(name) => (name.clone(), None),
            Kind::Unsupported(text) => (format!("Unsupported({text:?})"), None),
        };
        let arity = match self.arity {
            Arity::Required => "",
            Arity::Optional => "?",
            Arity::List => "[]",
        };
        let mut text = format!("{} {kind}{arity}", self.name);
        if model.id.len() == 1 && model.id[0] == self.name {
            let map = model.id_map.as_ref();
            let map = map.map_or_else(String::new, |it| format!("(map: {it:?})"));
            write!(text, " @id{map}").unwrap();
        }
        if let Some(default) = &self.default {
            write!(text, " @default({default})").unwrap();
        }
        text.push_str(&mapped(" @map", &self.map));
        if let Some(native) = native {
            write!(text, " @db.{native}").unwrap();
        }
        text
    }
}

impl Key {
    fn text(&self) -> String {
        let word = if self.unique { "@@unique" } else { "@@index" };
        let field = |(name, argument): &(String, Option<&str>)| match argument {
            Some(argument) => format!("{name}({argument})"),
            None => name.clone(),
        };
        let fields: Vec<String> = self.fields.iter().map(field).collect();
        let kind = self.algorithm.map(|it| format!(", type: {it}"));
        format!(
            "{word}([{}]{}{})",
            fields.join(", "),
            kind.unwrap_or_default(),
            named(&self.map)
        )
    }
}

impl Relation {
    /// Writes the relation fields that `model` has for it.
    fn fields(&self, model: &Model, out: &mut String) {
        let name = &self.name;
        match &self.link {
            Link::Table => {
                for (here, there, field) in
                    [(&self.from, &self.to, "a"), (&self.to, &self.from, "b")]
                {
                    if *here == model.name {
                        writeln!(out, "  {name}_{field} {there}[] @relation({name:?})").unwrap();
                    }
                }
            }
            Link::Columns {
                fields,
                references,
                optional,
                single,
                on_delete,
                on_update,
                map,
            } => {
                if self.from == model.name {
                    let arity = if *optional { "?" } else { "" };
                    let action = |word: &str, it: &Option<&str>| {
                        it.map_or_else(String::new, |it| format!(", {word}: {it}"))
                    };
                    writeln!(
                        out,
                        "  {name}_a {}{arity} @relation({name:?}, fields: [{}], references: [{}]{}{}{})",
                        self.to,
                        fields.join(", "),
                        references.join(", "),
                        action("onDelete", on_delete),
                        action("onUpdate", on_update),
                        named(map),
                    )
                    .unwrap();
                }
                if self.to == model.name {
                    let arity = if *single { "?" } else { "[]" };
                    writeln!(out, "  {name}_b {}{arity} @relation({name:?})", self.from).unwrap();
                }
            }
        }
    }
}

fn mapped(attribute: &str, map: &Option<String>) -> String {
    map.as_ref()
        .map_or_else(String::new, |it| format!("{attribute}({it:?})"))
}

fn named(map: &Option<String>) -> String {
    map.as_ref()
        .map_or_else(String::new, |it| format!(", map: {it:?}"))
}
