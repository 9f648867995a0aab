//! Names in the database that must not be given twice.

use std::borrow::Cow;
use std::hash::Hash;

use driftless_finding::{Code, Finding, Severity, Span};
use hashbrown::HashSet;

use crate::constraint_names::{
    MAX_NAME_LEN, foreign_key_name, index_name, primary_key_name, unique_name,
};
use crate::findings::Findings;
use crate::relations::Found;
use crate::schema::{Index, IndexKind, Model, ModelId, ModelKind, PrimaryKey, Schema, Spanned};

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
    summary: "the name of a constraint, index or policy is longer than 63 bytes",
    explanation: "PostgreSQL keeps 63 bytes of a name and drops the rest.",
};

/// The name of every constraint, and which are given more than once.
pub(super) struct Names<'s> {
    models: Vec<NamesOfModel<'s>>,
    /// Of each relation that has a foreign key, its table and name.
    foreign_keys: Vec<Option<(ModelId, Cow<'s, str>)>>,
    /// Of keys and indexes, by database schema.
    twice_in_schema: HashSet<(Option<&'s str>, Cow<'s, str>)>,
    /// Of keys, indexes and foreign keys, by model.
    twice_in_model: HashSet<(ModelId, Cow<'s, str>)>,
}

struct NamesOfModel<'s> {
    schema: Option<&'s str>,
    key: Option<Cow<'s, str>>,
    indexes: Vec<Cow<'s, str>>,
}

impl<'s> Names<'s> {
    pub(super) fn new(schema: &'s Schema, relations: &[Found]) -> Self {
        let models: Vec<_> = schema.models.iter().map(NamesOfModel::new).collect();
        let foreign_keys = relations.iter().map(|it| name_of_foreign_key(schema, it));
        let foreign_keys: Vec<_> = foreign_keys.collect();
        let names = (0..).map(ModelId).zip(&models);
        let names = names.flat_map(|(id, it)| it.all().map(move |name| (id, it.schema, name)));
        let foreign_names = foreign_keys.iter().flatten().map(|(id, name)| (*id, name));
        let in_schema = names.clone().map(|(_, schema, name)| (schema, name));
        let in_model = names.map(|(id, _, name)| (id, name)).chain(foreign_names);
        Self {
            twice_in_schema: twice(in_schema, relations.len() + models.len()),
            twice_in_model: twice(in_model, relations.len() + models.len()),
            models,
            foreign_keys,
        }
    }

    /// What is wrong with the name of the primary key.
    pub(super) fn primary_key(&self, id: ModelId, span: Span) -> Option<Finding> {
        let name = self.models[id.0 as usize].key.as_ref()?;
        (self.is_twice_in_schema(id, name) || self.is_twice_in_model(id, name))
            .then(|| duplicate("primary key", name, span))
    }

    /// What is wrong with the name of an index.
    pub(super) fn index(&self, id: ModelId, number: usize, span: Span) -> Option<Finding> {
        let name = &self.models[id.0 as usize].indexes[number];
        self.is_twice_in_schema(id, name)
            .then(|| duplicate("index", name, span))
    }

    /// What is wrong with the name of a foreign key.
    pub(super) fn foreign_key(&self, model: ModelId, number: usize, span: Span) -> Option<Finding> {
        let (_, name) = self.foreign_keys[number].as_ref()?;
        self.is_twice_in_model(model, name)
            .then(|| duplicate("foreign key", name, span))
    }

    fn is_twice_in_schema(&self, id: ModelId, name: &str) -> bool {
        let schema = self.models[id.0 as usize].schema;
        !self.twice_in_schema.is_empty()
            && self
                .twice_in_schema
                .contains(&(schema, Cow::Borrowed(name)))
    }

    fn is_twice_in_model(&self, id: ModelId, name: &str) -> bool {
        !self.twice_in_model.is_empty() && self.twice_in_model.contains(&(id, Cow::Borrowed(name)))
    }
}

impl<'s> NamesOfModel<'s> {
    fn new(model: &'s Model) -> Self {
        let key = |it: &'s PrimaryKey| match &it.mapped_name {
            Some(name) => Cow::Borrowed(&name.value[..]),
            None => Cow::Owned(primary_key_name(model.database_name())),
        };
        let indexes = model.indexes.iter().map(|it| name_of_index(model, it));
        Self {
            schema: model.schema.as_ref().map(|it| &it.value[..]),
            key: model.primary_key.as_ref().map(key),
            indexes: indexes.collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Cow<'s, str>> + Clone {
        self.key.iter().chain(&self.indexes)
    }
}

/// What occurs more than once among about `count` pairs.
fn twice<'n, 's: 'n, T: Copy + Eq + Hash>(
    pairs: impl Iterator<Item = (T, &'n Cow<'s, str>)>,
    count: usize,
) -> HashSet<(T, Cow<'s, str>)> {
    let mut seen = HashSet::with_capacity(2 * count);
    let again = pairs.filter(|(of, name)| !seen.insert((*of, &***name)));
    again.map(|(of, name)| (of, name.clone())).collect()
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
