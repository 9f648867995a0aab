//! Fourth pass: which relation fields belong together.
//!
//! Two fields are the sides of one relation if each has the other's model as its type and `@relation` gives both the
//! same name, or none. Their arity says what kind of relation it is.

use crate::keys::Keys;
use crate::schema::{
    Action, Arity, FieldId, ForeignKey, ManyToMany, Model, ModelId, ReferentialAction, Relation,
    RelationField, RelationKind, Schema,
};

/// A relation, whole or not.
pub(crate) enum Found {
    /// A relation with a foreign key.
    Inline(Inline),
    /// An implicit many-to-many relation.
    ManyToMany(ManyToMany),
    /// Two lists of which one has `fields`, as on MongoDB.
    Embedded(ManyToMany),
}

/// A relation with a foreign key. At least one of its fields is there.
pub(crate) struct Inline {
    pub(crate) one_to_one: bool,
    /// The referencing model.
    pub(crate) model: ModelId,
    pub(crate) referenced: ModelId,
    /// The field on the referencing model.
    pub(crate) forward: Option<FieldId>,
    /// The field on the referenced model.
    pub(crate) back: Option<FieldId>,
}

/// All relation fields, so ordered that those of one relation stand together.
pub(crate) struct Sides<'s> {
    list: Vec<Side<'s>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Side<'s> {
    pub(crate) model: ModelId,
    pub(crate) other: ModelId,
    pub(crate) name: Option<&'s str>,
    pub(crate) field: FieldId,
}

impl<'s> Sides<'s> {
    pub(crate) fn new(schema: &'s Schema) -> Self {
        let mut list: Vec<_> = sides(schema).collect();
        list.sort_unstable();
        Self { list }
    }

    /// Whether fields of `model` refer to `other` under names.
    pub(crate) fn have_names(&self, model: ModelId, other: ModelId) -> bool {
        let end = self
            .list
            .partition_point(|it| (it.model, it.other) <= (model, other));
        let last = end.checked_sub(1).map(|it| self.list[it]);
        last.is_some_and(|it| (it.model, it.other) == (model, other) && it.name.is_some())
    }

    /// The fields of `model` that refer to `other` under this name, in order of declaration.
    pub(crate) fn named(&self, model: ModelId, other: ModelId, name: Option<&str>) -> &[Side<'s>] {
        let key = |it: &Side<'s>| (it.model, it.other, it.name);
        let wanted = (model, other, name);
        let start = self.list.partition_point(|it| key(it) < wanted);
        let len = self.list[start..].partition_point(|it| key(it) == wanted);
        &self.list[start..start + len]
    }
}

/// Finds all relations, in the order of their first field, and writes the whole ones into the schema.
pub(crate) fn infer(schema: &mut Schema) -> Vec<Found> {
    let all = Sides::new(schema);
    let keys = Keys::new(schema);
    let found: Vec<_> = sides(schema)
        .filter_map(|it| relation(schema, &all, &keys, it))
        .collect();
    for relation in &found {
        add(schema, relation);
    }
    found
}

/// All relation fields in order of declaration.
fn sides(schema: &Schema) -> impl Iterator<Item = Side<'_>> {
    schema.all_models().flat_map(|(model, it)| {
        it.all_fields().filter_map(move |(field, it)| {
            let relation = it.as_relation()?;
            let name = relation.name.as_ref().map(|it| it.value.as_str());
            Some(Side {
                model,
                other: relation.model,
                name,
                field,
            })
        })
    })
}

/// The relation of which `side` is the side to tell of: each relation has one.
fn relation(schema: &Schema, all: &Sides<'_>, keys: &Keys<'_>, side: Side<'_>) -> Option<Found> {
    let model = &schema[side.model];
    let other = &schema[side.other];
    let field = &model[side.field];
    let is_self = side.model == side.other;
    let opposite = all
        .named(side.other, side.model, side.name)
        .iter()
        .find(|it| !is_self || it.field != side.field)
        .map(|it| it.field);

    let Some(opposite) = opposite else {
        let inline = Inline {
            one_to_one: field.arity != Arity::List
                && is_unique(keys, side.model, field.as_relation()?),
            model: side.model,
            referenced: side.other,
            forward: Some(side.field),
            back: None,
        };
        return Some(Found::Inline(match field.arity {
            Arity::Required | Arity::Optional => inline,
            Arity::List => Inline {
                model: side.other,
                referenced: side.model,
                forward: None,
                back: Some(side.field),
                ..inline
            },
        }));
    };
    let opposite_field = &other[opposite];
    // The order that breaks a tie.
    let here = (&model.name.value, &field.name.value);
    let there = (&other.name.value, &opposite_field.name.value);
    let inline = |one_to_one| {
        Some(Found::Inline(Inline {
            one_to_one,
            model: side.model,
            referenced: side.other,
            forward: Some(side.field),
            back: Some(opposite),
        }))
    };
    match (field.arity, opposite_field.arity) {
        (Arity::List, Arity::List) => {
            if here.0 > there.0 || is_self && here.1 > there.1 {
                return None;
            }
            let relation = ManyToMany {
                model_a: side.model,
                field_a: side.field,
                model_b: side.other,
                field_b: opposite,
            };
            let has_fields = [field, opposite_field]
                .iter()
                .any(|it| it.as_relation().is_some_and(|it| it.fields.is_some()));
            Some(if has_fields {
                Found::Embedded(relation)
            } else {
                Found::ManyToMany(relation)
            })
        }
        (Arity::Required, Arity::Optional) => inline(true),
        (Arity::Optional, Arity::Required) => None,
        (Arity::Required, Arity::Required) => (here <= there).then(|| inline(true))?,
        (Arity::Optional, Arity::Optional) => {
            let has_fields = |it: &RelationField| it.fields.is_some();
            match (
                has_fields(field.as_relation()?),
                has_fields(opposite_field.as_relation()?),
            ) {
                (true, _) => inline(true),
                (false, true) => None,
                (false, false) => (here <= there).then(|| inline(true))?,
            }
        }
        (Arity::List, Arity::Required | Arity::Optional) => None,
        (Arity::Required | Arity::Optional, Arity::List) => inline(false),
    }
}

fn is_unique(keys: &Keys<'_>, model: ModelId, relation: &RelationField) -> bool {
    let fields = relation.fields.as_ref();
    fields.is_some_and(|it| keys.is_unique(model, it))
}

fn add(schema: &mut Schema, found: &Found) {
    let (kind, sides) = match found {
        Found::Inline(inline) => {
            let Some(key) = foreign_key(schema, inline) else {
                return;
            };
            let sides = [
                (key.model, key.field),
                (key.referenced_model, key.referenced_field),
            ];
            let kind = match inline.one_to_one {
                true => RelationKind::OneToOne(key),
                false => RelationKind::OneToMany(key),
            };
            (kind, sides)
        }
        Found::ManyToMany(it) => {
            let sides = [(it.model_a, it.field_a), (it.model_b, it.field_b)];
            (RelationKind::ManyToMany(it.clone()), sides)
        }
        Found::Embedded(_) => return,
    };
    let [(model, field), _] = sides;
    let explicit_name = schema[model][field]
        .as_relation()
        .and_then(|it| it.name.clone());
    let id = crate::schema::RelationId(schema.relations.len() as u32);
    schema.relations.push(Relation {
        explicit_name,
        kind,
    });
    for (model, field) in sides {
        if let Some(it) = schema.models[model.0 as usize].fields[field.0 as usize].as_relation_mut()
        {
            it.relation = Some(id);
        }
    }
}

fn foreign_key(schema: &Schema, inline: &Inline) -> Option<ForeignKey> {
    let (field, referenced_field) = (inline.forward?, inline.back?);
    let relation = schema[inline.model][field].as_relation()?;
    let default_on_delete = match referential_arity(&schema[inline.model], field) {
        Arity::Required => ReferentialAction::Restrict,
        Arity::Optional | Arity::List => ReferentialAction::SetNull,
    };
    let action = |explicit: Option<crate::schema::Spanned<ReferentialAction>>, default| Action {
        explicit,
        effective: explicit.map_or(default, |it| it.value),
    };
    Some(ForeignKey {
        model: inline.model,
        field,
        referenced_model: inline.referenced,
        referenced_field,
        fields: relation.fields.clone().unwrap_or_default(),
        references: relation.references.clone().unwrap_or_default(),
        on_delete: action(relation.on_delete, default_on_delete),
        on_update: action(relation.on_update, ReferentialAction::Cascade),
        mapped_name: relation.mapped_name.clone(),
    })
}

/// Whether a reference can be missing. Where a column of it is required, it cannot, whatever the relation field says.
fn referential_arity(model: &Model, field: FieldId) -> Arity {
    let columns = model[field].as_relation().and_then(|it| it.fields.as_ref());
    let some_required =
        columns.is_some_and(|it| it.iter().any(|it| model[*it].arity == Arity::Required));
    if some_required {
        Arity::Required
    } else {
        model[field].arity
    }
}
