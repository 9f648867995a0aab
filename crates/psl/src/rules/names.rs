//! Names in the database that must not be given twice.

use std::borrow::Cow;
use std::collections::HashMap;

use driftless_finding::{Code, Finding, Severity, Span};

use crate::constraint_names::{
    MAX_NAME_LEN, foreign_key_name, index_name, primary_key_name, unique_name,
};
use crate::findings::Findings;
use crate::relations::Found;
use crate::schema::{Index, IndexKind, Model, ModelId, ModelKind, Schema, Spanned};

/// Two constraints or indexes with one name.
pub(crate) static DUPLICATE_CONSTRAINT: Code = Code {
    name: "duplicate-constraint",
    severity: Severity::Error,
    summary: "two keys, indexes or foreign keys have the same name in the database",
    explanation: "Primary keys, unique constraints and indexes share the names of their database schema; foreign keys share \
        those of their table. A name that is not written is made of the names of the table and its columns, and cut to \
        63 bytes. Give one of the two another name by `map`.",
};

/// A name that PostgreSQL would cut.
pub(crate) static CONSTRAINT_NAME_TOO_LONG: Code = Code {
    name: "constraint-name-too-long",
    severity: Severity::Error,
    summary: "the name of a constraint or index is longer than 63 bytes",
    explanation: "PostgreSQL keeps 63 bytes of a name and drops the rest.",
};

/// The name of every constraint, and how often it is given.
pub(super) struct Names<'s> {
    models: Vec<NamesOfModel<'s>>,
    /// Of each relation that has a foreign key.
    foreign_keys: Vec<Option<Cow<'s, str>>>,
    /// Keys and indexes, by database schema.
    in_schema: HashMap<(Option<&'s str>, Cow<'s, str>), u32>,
    /// Keys, indexes and foreign keys, by model.
    in_model: HashMap<(ModelId, Cow<'s, str>), u32>,
}

struct NamesOfModel<'s> {
    key: Option<Cow<'s, str>>,
    indexes: Vec<Cow<'s, str>>,
}

impl<'s> Names<'s> {
    pub(super) fn new(schema: &'s Schema, relations: &[Found]) -> Self {
        let mut names = Self {
            models: Vec::with_capacity(schema.models.len()),
            foreign_keys: Vec::with_capacity(relations.len()),
            in_schema: HashMap::with_capacity(2 * schema.models.len()),
            in_model: HashMap::with_capacity(3 * schema.models.len()),
        };
        for (id, model) in schema.all_models() {
            let key = model
                .primary_key
                .as_ref()
                .map(|key| match &key.mapped_name {
                    Some(name) => Cow::Borrowed(name.value.as_str()),
                    None => Cow::Owned(primary_key_name(model.database_name())),
                });
            let indexes: Vec<_> = model
                .indexes
                .iter()
                .map(|it| name_of_index(model, it))
                .collect();
            let in_schema = model.schema.as_ref().map(|it| it.value.as_str());
            for name in key.iter().chain(&indexes) {
                *names
                    .in_schema
                    .entry((in_schema, name.clone()))
                    .or_default() += 1;
                *names.in_model.entry((id, name.clone())).or_default() += 1;
            }
            names.models.push(NamesOfModel { key, indexes });
        }
        for relation in relations {
            let name = name_of_foreign_key(schema, relation);
            if let Some((model, name)) = &name {
                *names.in_model.entry((*model, name.clone())).or_default() += 1;
            }
            names.foreign_keys.push(name.map(|(_, name)| name));
        }
        names
    }

    /// What is wrong with the name of the primary key.
    pub(super) fn primary_key(&self, id: ModelId, model: &Model, span: Span) -> Option<Finding> {
        let name = self.models[id.0 as usize].key.as_ref()?;
        (self.is_twice_in_schema(model, name) || self.is_twice_in_model(id, name))
            .then(|| duplicate("primary key", name, span))
    }

    /// What is wrong with the name of an index.
    pub(super) fn index(
        &self,
        id: ModelId,
        model: &Model,
        number: usize,
        span: Span,
    ) -> Option<Finding> {
        let name = &self.models[id.0 as usize].indexes[number];
        self.is_twice_in_schema(model, name)
            .then(|| duplicate("index", name, span))
    }

    /// What is wrong with the name of a foreign key.
    pub(super) fn foreign_key(&self, model: ModelId, number: usize, span: Span) -> Option<Finding> {
        let name = self.foreign_keys[number].as_ref()?;
        self.is_twice_in_model(model, name)
            .then(|| duplicate("foreign key", name, span))
    }

    fn is_twice_in_schema(&self, model: &Model, name: &str) -> bool {
        let schema = model.schema.as_ref().map(|it| it.value.as_str());
        self.in_schema
            .get(&(schema, Cow::Borrowed(name)))
            .is_some_and(|it| *it > 1)
    }

    fn is_twice_in_model(&self, model: ModelId, name: &str) -> bool {
        self.in_model
            .get(&(model, Cow::Borrowed(name)))
            .is_some_and(|it| *it > 1)
    }
}

/// Says that PostgreSQL would cut `name`.
pub(super) fn check_length(name: Option<&Spanned<String>>, findings: &mut Findings) {
    let Some(name) = name.filter(|it| it.len() > MAX_NAME_LEN) else {
        return;
    };
    let message = format!(
        "`{name}` has {} bytes; a name has at most {MAX_NAME_LEN}",
        name.len()
    );
    findings.push(
        Finding::new(&CONSTRAINT_NAME_TOO_LONG, message)
            .at(name.span)
            .help("shorten it"),
    );
}

fn duplicate(what: &str, name: &str, span: Span) -> Finding {
    Finding::new(
        &DUPLICATE_CONSTRAINT,
        format!("another constraint than this {what} is called `{name}`"),
    )
    .at(span)
    .help("give one of them another name by `map`")
}

fn name_of_index<'s>(model: &'s Model, index: &'s Index) -> Cow<'s, str> {
    if let Some(name) = &index.mapped_name {
        return Cow::Borrowed(&name.value);
    }
    let table = model.database_name();
    let columns = index
        .fields
        .iter()
        .map(|it| model[it.field].database_name());
    Cow::Owned(match index.kind {
        IndexKind::Unique => unique_name(table, columns),
        IndexKind::Normal | IndexKind::Fulltext => index_name(table, columns),
    })
}

fn name_of_foreign_key<'s>(
    schema: &'s Schema,
    relation: &Found,
) -> Option<(ModelId, Cow<'s, str>)> {
    let Found::Inline(inline) = relation else {
        return None;
    };
    let model = &schema[inline.model];
    if model.kind == ModelKind::View {
        return None;
    }
    let field = inline.forward.and_then(|it| model[it].as_relation());
    // Prisma takes a list that misses its other side for a foreign key, and looks for its name on the wrong model.
    let owner = match field {
        Some(_) => inline.model,
        None => inline.referenced,
    };
    if let Some(name) = field.and_then(|it| it.mapped_name.as_ref()) {
        return Some((owner, Cow::Borrowed(&name.value)));
    }
    let columns = field
        .and_then(|it| it.fields.as_ref())
        .into_iter()
        .flatten();
    let columns = columns.map(|it| model[*it].database_name());
    let name = foreign_key_name(model.database_name(), columns);
    Some((owner, Cow::Owned(name)))
}
