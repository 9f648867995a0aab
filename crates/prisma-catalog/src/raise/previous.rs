//! What an existing schema says about the things that are seen.

use std::collections::{HashMap, HashSet};

use driftless_catalog::{Ident, QualifiedName};
use driftless_psl as psl;
use driftless_psl::{EnumId, Field, FieldId, Model, ModelId, ModelKind, RelationId, RelationKind};

use super::seen::{Seen, SeenColumn, SeenTable};

/// The parts of an existing schema, found by their names in the database. All lists go with those of [`Seen`].
#[derive(Default)]
pub(super) struct Previous<'p> {
    pub(super) schema: Option<&'p psl::Schema>,
    /// Of tables.
    pub(super) models: Vec<Option<ModelId>>,
    pub(super) views: Vec<Option<ModelId>>,
    pub(super) enums: Vec<Option<EnumId>>,
    /// Of the columns of tables.
    fields: Vec<Vec<Option<FieldId>>>,
    view_fields: Vec<Vec<Option<FieldId>>>,
    /// Of the foreign keys of tables, by their columns.
    relations: Vec<Vec<Option<RelationId>>>,
    /// Of join tables, by their names.
    joins: Vec<Option<RelationId>>,
    /// The models and views that the database still has.
    kept: HashSet<ModelId>,
}

impl<'p> Previous<'p> {
    /// Finds what is in the database. Blocks that name no schema are in the default one, or in any.
    pub(super) fn find(schema: Option<&'p psl::Schema>, seen: &Seen<'_>, default: &Ident) -> Self {
        let Some(schema) = schema else {
            return Self {
                models: vec![None; seen.tables.len()],
                views: vec![None; seen.views.len()],
                enums: vec![None; seen.enums.len()],
                joins: vec![None; seen.tables.len()],
                ..Self::default()
            };
        };
        let of_kind = |kind: ModelKind| {
            let blocks = schema.all_models().filter(move |(_, it)| it.kind == kind);
            blocks.map(|(id, it)| (id, it.database_name(), it.schema.as_ref()))
        };
        let tables = Places::new(seen.tables.iter().map(|it| &it.table.name), default);
        let views = Places::new(seen.views.iter().map(|it| &it.view.name), default);
        let enums = Places::new(seen.enums.iter().map(|it| &it.name), default);
        let all_enums = schema.all_enums();
        let all_enums = all_enums.map(|(id, it)| (id, it.database_name(), it.schema.as_ref()));
        let mut found = Self {
            schema: Some(schema),
            models: tables.fill(of_kind(ModelKind::Table)),
            views: views.fill(of_kind(ModelKind::View)),
            enums: enums.fill(all_enums),
            ..Self::default()
        };
        let both = found.models.iter().chain(&found.views);
        found.kept = both.flatten().copied().collect();
        let columns = seen.tables.iter().map(|it| &it.columns);
        found.fields = fields(schema, &found.models, columns);
        let columns = seen.views.iter().map(|it| &it.columns);
        found.view_fields = fields(schema, &found.views, columns);
        found.relations = found.inline_relations(schema, seen);
        found.joins = join_relations(schema, seen);
        found
    }

    fn inline_relations(
        &self,
        schema: &psl::Schema,
        seen: &Seen<'_>,
    ) -> Vec<Vec<Option<RelationId>>> {
        let mut of_model: HashMap<ModelId, Vec<(RelationId, &psl::ForeignKey)>> = HashMap::new();
        for (id, relation) in schema.all_relations() {
            if let Some(key) = relation.foreign_key() {
                of_model.entry(key.model).or_default().push((id, key));
            }
        }
        let of_table = |(at, table): (usize, &SeenTable<'_>)| {
            let model = self.models[at];
            let known = model.and_then(|it| of_model.get(&it));
            let of_key = |columns: &[usize]| {
                let names = |key: &psl::ForeignKey| {
                    let names = key
                        .fields
                        .iter()
                        .map(|it| schema[key.model][*it].database_name());
                    names.eq(columns.iter().map(|it| table.columns[*it].name.as_str()))
                };
                known?.iter().find(|(_, key)| names(key)).map(|(id, _)| *id)
            };
            table
                .foreign_keys
                .iter()
                .map(|it| of_key(&it.columns))
                .collect()
        };
        seen.tables
            .iter()
            .enumerate()
            .map(|(at, it)| of_table((at, it)))
            .collect()
    }

    /// The model of a table.
    pub(super) fn model(&self, table: usize) -> Option<&'p Model> {
        Some(&self.schema?[self.models[table]?])
    }

    /// The block of a view.
    pub(super) fn view(&self, view: usize) -> Option<&'p Model> {
        Some(&self.schema?[self.views[view]?])
    }

    /// The block of an enum.
    pub(super) fn enumeration(&self, at: usize) -> Option<&'p psl::Enum> {
        Some(&self.schema?[self.enums[at]?])
    }

    /// The field of a table's column.
    pub(super) fn field(&self, table: usize, column: usize) -> Option<(FieldId, &'p Field)> {
        let id = (*self.fields.get(table)?.get(column)?)?;
        Some((id, &self.model(table)?[id]))
    }

    /// The field of a view's column.
    pub(super) fn view_field(&self, view: usize, column: usize) -> Option<(FieldId, &'p Field)> {
        let id = (*self.view_fields.get(view)?.get(column)?)?;
        Some((id, &self.view(view)?[id]))
    }

    /// The relation with the columns of a foreign key.
    pub(super) fn relation(&self, table: usize, key: usize) -> Option<&'p psl::Relation> {
        let id = (*self.relations.get(table)?.get(key)?)?;
        Some(&self.schema?[id])
    }

    /// The relation that a join table stands for.
    pub(super) fn join(&self, table: usize) -> Option<&'p psl::Relation> {
        Some(&self.schema?[self.joins[table]?])
    }

    /// Whether the database still has what a model or view stands for.
    pub(super) fn keeps(&self, model: ModelId) -> bool {
        self.kept.contains(&model)
    }
}

/// Where things are in a list, by their names in the database.
struct Places<'a> {
    count: usize,
    by_name: HashMap<(&'a str, &'a str), usize>,
    by_bare_name: HashMap<&'a str, usize>,
}

impl<'a> Places<'a> {
    fn new(names: impl Iterator<Item = &'a QualifiedName>, default: &Ident) -> Self {
        let mut places = Self {
            count: 0,
            by_name: HashMap::new(),
            by_bare_name: HashMap::new(),
        };
        for (at, it) in names.enumerate() {
            places.count += 1;
            let name = it.name.as_str();
            places.by_name.insert((it.schema.as_str(), name), at);
            match it.schema == *default {
                true => _ = places.by_bare_name.insert(name, at),
                false => _ = places.by_bare_name.entry(name).or_insert(at),
            }
        }
        places
    }

    /// The blocks that stand for the things of the list.
    fn fill<'b, T: Copy>(
        &self,
        blocks: impl Iterator<Item = (T, &'b str, Option<&'b psl::Spanned<String>>)>,
    ) -> Vec<Option<T>> {
        let mut found = vec![None; self.count];
        for (id, name, schema) in blocks {
            let place = match schema {
                Some(schema) => self.by_name.get(&(schema.value.as_str(), name)),
                None => self.by_bare_name.get(name),
            };
            if let Some(&at) = place {
                found[at] = Some(id);
            }
        }
        found
    }
}

fn fields<'s, 'c: 's>(
    schema: &psl::Schema,
    models: &[Option<ModelId>],
    columns: impl Iterator<Item = &'s Vec<SeenColumn<'c>>>,
) -> Vec<Vec<Option<FieldId>>> {
    let of_block = |(model, columns): (&Option<ModelId>, &Vec<SeenColumn<'_>>)| {
        let Some(model) = model else {
            return Vec::new();
        };
        let scalars = schema[*model]
            .all_fields()
            .filter(|(_, it)| it.as_scalar().is_some());
        let by_name: HashMap<&str, FieldId> =
            scalars.map(|(id, it)| (it.database_name(), id)).collect();
        columns
            .iter()
            .map(|it| by_name.get(it.name.as_str()).copied())
            .collect()
    };
    models.iter().zip(columns).map(of_block).collect()
}

fn join_relations(schema: &psl::Schema, seen: &Seen<'_>) -> Vec<Option<RelationId>> {
    let many_to_many = schema
        .all_relations()
        .filter(|(_, it)| matches!(it.kind, RelationKind::ManyToMany(_)));
    let by_name: HashMap<String, RelationId> = many_to_many
        .map(|(id, it)| (it.name(schema).into_owned(), id))
        .collect();
    seen.tables
        .iter()
        .map(|it| match it.is_join_table {
            true => by_name.get(&it.table.name.name.as_str()[1..]).copied(),
            false => None,
        })
        .collect()
}
