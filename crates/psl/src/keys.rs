//! Which lists of fields are keys.

use std::cell::OnceCell;

use crate::schema::{Arity, FieldId, FieldType, IndexField, IndexKind, Model, ModelId, Schema};

/// Answers whether lists of fields are keys of their models.
///
/// A model has few keys, and they are looked through. Where it has many, they are sorted first, so that many questions
/// about many keys take no longer than reading them.
pub(crate) struct Keys<'s> {
    schema: &'s Schema,
    /// Of each model with many keys and indexes that has been asked about.
    sorted: Vec<OnceCell<Sorted>>,
    /// Of each model that has been asked about, its first strict key.
    strict: Vec<OnceCell<Vec<FieldId>>>,
}

/// Lists of fields, in order.
#[derive(Clone)]
struct Sorted {
    unique: Vec<Vec<FieldId>>,
    /// Those of unique indexes and the primary key, each of them in order.
    keys: Vec<Vec<FieldId>>,
    /// Those of all indexes and the primary key.
    indexes: Vec<Vec<FieldId>>,
}

const FEW: usize = 32;

impl<'s> Keys<'s> {
    pub(crate) fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            sorted: vec![OnceCell::new(); schema.models.len()],
            strict: vec![OnceCell::new(); schema.models.len()],
        }
    }

    /// The first key whose fields tell all rows apart; no fields if there is none.
    pub(crate) fn first_strict(&self, model: ModelId) -> &[FieldId] {
        self.strict[model.0 as usize].get_or_init(|| {
            let model = &self.schema[model];
            let key = keys(model).find(|it| is_strict(model, it));
            ids(key.unwrap_or_default()).collect()
        })
    }

    /// Whether just these fields, in this order, have a unique index.
    pub(crate) fn is_unique(&self, model: ModelId, fields: &[FieldId]) -> bool {
        match self.sorted(model) {
            Some(sorted) => sorted
                .unique
                .binary_search_by(|it| it[..].cmp(fields))
                .is_ok(),
            None => unique(&self.schema[model]).any(|it| ids(it).eq(fields.iter().copied())),
        }
    }

    /// Whether just these fields, in this order, have a unique index or are the primary key.
    pub(crate) fn is_key(&self, model: ModelId, fields: &[FieldId]) -> bool {
        let primary = self.schema[model].primary_key.as_ref();
        primary.is_some_and(|it| ids(&it.fields).eq(fields.iter().copied()))
            || self.is_unique(model, fields)
    }

    /// Whether just these fields, in any order, have a unique index or are the primary key.
    pub(crate) fn is_key_in_any_order(&self, model: ModelId, fields: &[FieldId]) -> bool {
        if self.is_key(model, fields) {
            return true;
        }
        let wanted = in_order(fields.iter().copied());
        match self.sorted(model) {
            Some(sorted) => sorted.keys.binary_search(&wanted).is_ok(),
            None => keys(&self.schema[model])
                .filter(|it| it.len() == wanted.len())
                .any(|it| in_order(ids(it)) == wanted),
        }
    }

    /// Whether an index, or the primary key, begins with these fields.
    pub(crate) fn begin_an_index(&self, model: ModelId, fields: &[FieldId]) -> bool {
        match self.sorted(model) {
            Some(sorted) => {
                let at = sorted.indexes.partition_point(|it| it[..] < *fields);
                sorted
                    .indexes
                    .get(at)
                    .is_some_and(|it| it.starts_with(fields))
            }
            None => indexes(&self.schema[model])
                .any(|it| it.len() >= fields.len() && ids(it).zip(fields).all(|(a, b)| a == *b)),
        }
    }

    fn sorted(&self, model: ModelId) -> Option<&Sorted> {
        let it = &self.schema[model];
        (it.indexes.len() > FEW).then(|| {
            self.sorted[model.0 as usize].get_or_init(|| Sorted {
                unique: in_order(unique(it).map(|it| ids(it).collect())),
                keys: in_order(keys(it).map(|it| in_order(ids(it)))),
                indexes: in_order(indexes(it).map(|it| ids(it).collect())),
            })
        })
    }
}

/// The primary key and the unique indexes.
pub(crate) fn keys(model: &Model) -> impl Iterator<Item = &[IndexField]> {
    primary(model).chain(unique(model))
}

/// Whether the fields of a key tell all rows apart: none is optional, and Prisma Client knows the types of all.
pub(crate) fn is_strict(model: &Model, key: &[IndexField]) -> bool {
    key.iter().all(|it| {
        let field = &model[it.field];
        let is_unsupported = |it: &FieldType| matches!(it, FieldType::Unsupported(_));
        let scalar = field.as_scalar();
        field.arity != Arity::Optional && !scalar.is_some_and(|it| is_unsupported(&it.field_type))
    })
}

fn primary(model: &Model) -> impl Iterator<Item = &[IndexField]> {
    model.primary_key.iter().map(|it| &it.fields[..])
}

fn unique(model: &Model) -> impl Iterator<Item = &[IndexField]> {
    let indexes = model
        .indexes
        .iter()
        .filter(|it| it.kind == IndexKind::Unique);
    indexes.map(|it| &it.fields[..])
}

fn indexes(model: &Model) -> impl Iterator<Item = &[IndexField]> {
    primary(model).chain(model.indexes.iter().map(|it| &it.fields[..]))
}

fn ids(fields: &[IndexField]) -> impl Iterator<Item = FieldId> {
    fields.iter().map(|it| it.field)
}

fn in_order<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<_> = items.collect();
    items.sort_unstable();
    items
}
