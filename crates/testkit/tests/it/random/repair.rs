//! Makes of a schema that was put together at random one that is valid, changing as little as it can.

use std::collections::BTreeSet;

use super::schema::{Arity, Field, Key, Kind, Link, Model, Relation, Schema};

/// Takes away what is invalid, and adds what is missing.
pub(crate) fn repair(schema: &mut Schema) {
    names(schema);
    fields(schema);
    for model in &mut schema.models {
        primary_key(model);
    }
    relations(schema);
    for model in &mut schema.models {
        keys(model);
    }
    key_names(schema);
    for model in &mut schema.models {
        let name = &model.name;
        model.ignored &= !schema
            .relations
            .iter()
            .any(|it| it.from == *name || it.to == *name);
    }
}

/// No two tables and types have the same name, nor two columns, nor two values.
fn names(schema: &mut Schema) {
    let mut taken = BTreeSet::new();
    for it in &mut schema.enums {
        let schema = if schema.schemas.is_empty() {
            0
        } else {
            it.schema
        };
        let name = it.map.as_ref().unwrap_or(&it.name);
        if !taken.insert((schema, name.clone())) {
            it.map = None;
        }
        let mut values = BTreeSet::new();
        it.values.retain(|(name, map)| {
            let fresh = values.insert(name.clone());
            fresh && map.as_ref().is_none_or(|it| values.insert(it.clone()))
        });
    }
    schema.enums.retain(|it| !it.values.is_empty());
    for it in &mut schema.models {
        let schema = if schema.schemas.is_empty() {
            0
        } else {
            it.schema
        };
        let name = it.map.as_ref().unwrap_or(&it.name);
        if !taken.insert((schema, name.clone())) {
            it.map = None;
        }
        let mut fields = BTreeSet::new();
        it.fields.retain(|it| fields.insert(it.name.clone()));
        for field in &mut it.fields {
            if field
                .map
                .as_ref()
                .is_some_and(|it| !fields.insert(it.clone()))
            {
                field.map = None;
            }
        }
    }
}

/// Types exist, and defaults fit.
fn fields(schema: &mut Schema) {
    for field in schema.models.iter_mut().flat_map(|it| &mut it.fields) {
        let Kind::Enum(name) = &field.kind else {
            continue;
        };
        let Some(found) = schema.enums.iter().find(|it| it.name == *name) else {
            field.kind = Kind::Scalar("String", None);
            field.default = None;
            continue;
        };
        let has = |value: &str| found.values.iter().any(|it| it.0 == value);
        let fits = |default: &String| {
            let items = default.trim_matches(['[', ']']).split(", ");
            items.filter(|it| !it.is_empty()).all(has)
        };
        field.default = field.default.take().filter(fits);
    }
}

/// Whether a value of the type can be part of a primary key.
fn is_key(field: &Field) -> bool {
    let kind = match &field.kind {
        Kind::Scalar("Json", _) | Kind::Scalar(_, Some("Xml")) | Kind::Unsupported(_) => false,
        Kind::Scalar(..) | Kind::Enum(_) => true,
    };
    kind && field.arity != Arity::List
}

fn primary_key(model: &mut Model) {
    let mut seen = BTreeSet::new();
    let found = |name: &String| {
        let field = model.fields.iter().find(|it| it.name == *name);
        field.is_some_and(is_key)
    };
    let id: Vec<String> = model
        .id
        .iter()
        .filter(|it| found(it) && seen.insert((*it).clone()))
        .cloned()
        .collect();
    model.id = id;
    if model.id.is_empty() {
        let first = model.fields.iter().find(|it| is_key(it));
        let first = first.map(|it| it.name.clone());
        model.id.push(first.unwrap_or_else(|| "key".to_owned()));
        if !model.fields.iter().any(|it| it.name == model.id[0]) {
            model.fields.push(Field {
                name: "key".to_owned(),
                map: None,
                kind: Kind::Scalar("Int", None),
                arity: Arity::Required,
                default: None,
            });
        }
    }
    for field in &mut model.fields {
        if model.id.contains(&field.name) {
            field.arity = Arity::Required;
        }
        let counts = field.default.as_deref() == Some("autoincrement()");
        let can = matches!(
            field.kind,
            Kind::Scalar("Int", None) | Kind::Scalar("BigInt", None)
        );
        if counts && (!can || field.arity != Arity::Required) {
            field.default = None;
        }
    }
}

fn relations(schema: &mut Schema) {
    let mut kept = Vec::new();
    for mut relation in std::mem::take(&mut schema.relations) {
        let Some(parent) = schema.model(&relation.to).cloned() else {
            continue;
        };
        let Some(child) = schema.model(&relation.from) else {
            continue;
        };
        let is_single = |it: &Model| it.id.len() == 1;
        if let Link::Table = relation.link {
            if is_single(child) && is_single(&parent) {
                kept.push(relation);
            }
            continue;
        }
        let mode = schema.prisma_mode;
        if let Some(child) = schema.models.iter_mut().find(|it| it.name == relation.from) {
            columns(&mut relation, child, &parent, mode);
        }
        kept.push(relation);
    }
    schema.relations = kept;
}

/// Gives the child the columns of the relation, with the types of those that they refer to.
fn columns(relation: &mut Relation, child: &mut Model, parent: &Model, prisma_mode: bool) {
    let Link::Columns {
        fields,
        references,
        optional,
        single,
        on_delete,
        on_update,
        ..
    } = &mut relation.link
    else {
        return;
    };
    let referred: Vec<&Field> = references
        .iter()
        .filter_map(|name| parent.fields.iter().find(|it| it.name == *name))
        .collect();
    let unique = parent.id == *references;
    let referred = match unique && referred.len() == references.len() {
        true => referred,
        false => {
            *references = parent.id.clone();
            let id = parent.fields.iter();
            let mut id: Vec<&Field> = id.filter(|it| references.contains(&it.name)).collect();
            id.sort_by_key(|it| references.iter().position(|name| *name == it.name));
            id
        }
    };
    let in_id = |at: usize| {
        let name = format!("{}_{at}", relation.name.to_lowercase());
        child.id.contains(&name)
    };
    *optional &= !(0..referred.len()).any(in_id);
    fields.clear();
    for (at, referred) in referred.into_iter().enumerate() {
        let name = format!("{}_{at}", relation.name.to_lowercase());
        let field = match child.fields.iter().position(|it| it.name == name) {
            Some(found) => &mut child.fields[found],
            None => {
                child.fields.push(Field {
                    name: name.clone(),
                    ..referred.clone()
                });
                let last = child.fields.len() - 1;
                child.fields[last].map = None;
                &mut child.fields[last]
            }
        };
        field.kind = referred.kind.clone();
        field.default = None;
        field.arity = match *optional {
            true => Arity::Optional,
            false => Arity::Required,
        };
        fields.push(name);
    }
    for action in [on_delete, on_update] {
        if *action == Some("SetNull") && !*optional {
            *action = None;
        }
        if prisma_mode {
            *action = Some("Restrict");
        }
    }
    let key: Vec<(String, Option<&'static str>)> =
        fields.iter().map(|it| (it.clone(), None)).collect();
    let is_key = child.keys.iter().any(|it| it.unique && it.fields == key);
    if *single && !is_key && child.id != *fields {
        child.keys.push(Key {
            unique: true,
            fields: key,
            map: None,
            algorithm: None,
        });
    }
}

/// Indexes are on columns that there are, and that their type can hold.
fn keys(model: &mut Model) {
    let fields = model.fields.clone();
    for key in &mut model.keys {
        let field = |name: &String| fields.iter().find(|it| it.name == *name);
        let in_gin = |it: &Field| {
            it.arity == Arity::List && matches!(it.kind, Kind::Scalar("Int" | "BigInt", None))
                || it.kind == Kind::Scalar("Json", None)
        };
        if key.algorithm == Some("Gin") {
            key.fields
                .retain(|(name, _)| field(name).is_some_and(in_gin));
            key.unique = false;
        } else {
            key.fields
                .retain(|(name, _)| field(name).is_some_and(is_key));
        }
        let plain =
            |it: &Field| matches!(it.kind, Kind::Scalar("Int" | "BigInt" | "DateTime", None));
        let only_plain = key
            .fields
            .iter()
            .all(|(name, _)| field(name).is_some_and(plain));
        match key.algorithm {
            Some("Hash") if key.fields.len() != 1 || !only_plain => key.algorithm = None,
            Some("Brin") if !only_plain => key.algorithm = None,
            _ => {}
        }
        if key.algorithm.is_some() {
            for (_, sort) in &mut key.fields {
                *sort = None;
            }
        }
    }
    model.keys.retain(|it| !it.fields.is_empty());
}

/// No two constraints and indexes of a schema have the same name, after it was cut to what the server keeps.
fn key_names(schema: &mut Schema) {
    let mut taken = BTreeSet::new();
    for (at, model) in schema.models.iter_mut().enumerate() {
        let table = model.map.as_ref().unwrap_or(&model.name).clone();
        let column = |name: &String| {
            let field = model.fields.iter().find(|it| it.name == *name);
            field.map_or_else(String::new, |it| it.map.as_ref().unwrap_or(name).clone())
        };
        for (number, key) in model.keys.iter_mut().enumerate() {
            let columns: Vec<String> = key.fields.iter().map(|it| column(&it.0)).collect();
            let usual = cut(&format!("{table}_{}", columns.join("_")), key.unique);
            if !taken.insert(key.map.clone().unwrap_or(usual)) {
                key.map = Some(format!("key_{at}_{number}"));
            }
        }
        if model
            .id_map
            .as_ref()
            .is_some_and(|it| !taken.insert(it.clone()))
        {
            model.id_map = None;
        }
    }
    for relation in &mut schema.relations {
        if let Link::Columns { map, .. } = &mut relation.link
            && map.as_ref().is_some_and(|it| !taken.insert(it.clone()))
        {
            *map = None;
        }
    }
}

fn cut(name: &str, unique: bool) -> String {
    const MOST: usize = 59;
    let mut end = name.len().min(MOST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{}", &name[..end], if unique { "key" } else { "idx" })
}
