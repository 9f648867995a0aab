//! Random changes of a schema.

use fastrand::Rng;

use super::make;
use super::repair::repair;
use super::schema::{Arity, Key, Kind, Link, Model, Schema};

/// Changes one to five things.
pub(crate) fn edit(schema: &mut Schema, rng: &mut Rng) {
    for _ in 0..rng.usize(1..6) {
        once(schema, rng);
    }
    repair(schema);
}

fn once(schema: &mut Schema, rng: &mut Rng) {
    match rng.u8(0..16) {
        0 => make::add_model(schema, rng),
        1 => make::add_relation(schema, rng),
        2 => make::add_enum(schema, rng),
        3 => {
            remove_one(&mut schema.models, rng);
        }
        4 => {
            remove_one(&mut schema.relations, rng);
        }
        5 => {
            remove_one(&mut schema.enums, rng);
        }
        6 => relation(schema, rng),
        7 => enumeration(schema, rng),
        8 if rng.u8(0..4) == 0 => schema.prisma_mode = !schema.prisma_mode,
        9 => rng.shuffle(&mut schema.models),
        10 => model(schema, rng),
        11 => keys(schema, rng),
        _ => field(schema, rng),
    }
}

fn remove_one<T>(list: &mut Vec<T>, rng: &mut Rng) -> Option<T> {
    let at = rng.usize(0..list.len().max(1));
    (at < list.len()).then(|| list.remove(at))
}

fn one<'a, T>(list: &'a mut [T], rng: &mut Rng) -> Option<&'a mut T> {
    let at = rng.usize(0..list.len().max(1));
    list.get_mut(at)
}

fn toggle_map(map: &mut Option<String>, rng: &mut Rng) {
    *map = if map.is_some() && rng.bool() {
        None
    } else {
        make::map(rng)
    };
}

fn relation(schema: &mut Schema, rng: &mut Rng) {
    let models: Vec<String> = schema.models.iter().map(|it| it.name.clone()).collect();
    let Some(relation) = one(&mut schema.relations, rng) else {
        return;
    };
    match (&mut relation.link, rng.u8(0..6)) {
        (Link::Columns { on_delete, .. }, 0) => *on_delete = make::action(rng),
        (Link::Columns { on_update, .. }, 1) => *on_update = make::action(rng),
        (Link::Columns { map, .. }, 2) => toggle_map(map, rng),
        (Link::Columns { optional, .. }, 3) => *optional = !*optional,
        (Link::Columns { single, .. }, 4) => *single = !*single,
        (Link::Columns { .. }, _) => {
            if let Some(to) = rng.choice(&models) {
                relation.to.clone_from(to);
            }
        }
        (Link::Table, 0 | 1) => relation.name.push('x'),
        (Link::Table, _) => {
            relation.link = Link::Columns {
                fields: Vec::new(),
                references: Vec::new(),
                optional: rng.bool(),
                single: rng.bool(),
                on_delete: None,
                on_update: None,
                map: None,
            };
        }
    }
}

fn enumeration(schema: &mut Schema, rng: &mut Rng) {
    let Some(it) = one(&mut schema.enums, rng) else {
        return;
    };
    match rng.u8(0..7) {
        0 | 1 => {
            let at = rng.usize(0..=it.values.len());
            it.values.insert(at, make::value(rng));
        }
        2 | 3 => {
            remove_one(&mut it.values, rng);
        }
        4 => rng.shuffle(&mut it.values),
        5 => toggle_map(&mut it.map, rng),
        _ => it.schema = 1 - it.schema,
    }
}

fn model(schema: &mut Schema, rng: &mut Rng) {
    let Some(model) = one(&mut schema.models, rng) else {
        return;
    };
    match rng.u8(0..6) {
        0 => toggle_map(&mut model.map, rng),
        1 => model.schema = 1 - model.schema,
        2 => toggle_map(&mut model.id_map, rng),
        3 => model.ignored = !model.ignored,
        4 => {
            let field = model.fields[rng.usize(0..model.fields.len())].name.clone();
            match rng.bool() {
                true => model.id = vec![field],
                false => model.id.push(field),
            }
        }
        _ => rng.shuffle(&mut model.id),
    }
}

fn keys(schema: &mut Schema, rng: &mut Rng) {
    let Some(model) = one(&mut schema.models, rng) else {
        return;
    };
    let new = make::key(model, rng);
    match rng.u8(0..5) {
        0 => {
            remove_one(&mut model.keys, rng);
        }
        1 => change_key(model, rng, |it, rng| toggle_map(&mut it.map, rng)),
        2 => change_key(model, rng, |it, _| it.unique = !it.unique),
        3 => change_key(model, rng, |it, _| *it = new),
        _ => model.keys.push(new),
    }
}

fn change_key(model: &mut Model, rng: &mut Rng, change: impl FnOnce(&mut Key, &mut Rng)) {
    if let Some(key) = one(&mut model.keys, rng) {
        change(key, rng);
    }
}

fn field(schema: &mut Schema, rng: &mut Rng) {
    let whole = schema.clone();
    let Some(model) = one(&mut schema.models, rng) else {
        return;
    };
    match rng.u8(0..10) {
        0 => {
            let at = rng.usize(0..=model.fields.len());
            model.fields.insert(at, make::field(&whole, rng));
            return;
        }
        1 => {
            remove_one(&mut model.fields, rng);
            return;
        }
        2 => {
            rng.shuffle(&mut model.fields);
            return;
        }
        _ => {}
    }
    let Some(field) = one(&mut model.fields, rng) else {
        return;
    };
    match rng.u8(0..8) {
        0 | 1 => {
            field.kind = make::kind(&whole, rng);
            field.default = make::default(&whole, field, rng);
        }
        2 => {
            // Of the same scalar, another native type.
            for _ in 0..20 {
                let kind = make::kind(&whole, rng);
                let same = match (&kind, &field.kind) {
                    (Kind::Scalar(a, _), Kind::Scalar(b, _)) => a == b,
                    _ => false,
                };
                if same {
                    field.kind = kind;
                    break;
                }
            }
            field.default = make::default(&whole, field, rng);
        }
        3 => toggle_map(&mut field.map, rng),
        4 | 5 => {
            field.arity = match field.arity {
                Arity::Required => Arity::Optional,
                Arity::Optional if rng.u8(0..4) == 0 => Arity::List,
                Arity::Optional | Arity::List => Arity::Required,
            };
            field.default = make::default(&whole, field, rng);
        }
        6 if field.kind == Kind::Scalar("Int", None) => {
            field.arity = Arity::Required;
            field.default = Some("autoincrement()".to_owned());
        }
        _ => field.default = make::default(&whole, field, rng),
    }
}
