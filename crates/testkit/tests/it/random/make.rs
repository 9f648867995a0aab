//! Random parts of schemas, and whole ones.

use fastrand::Rng;

use super::repair::repair;
use super::schema::{Arity, Enum, Field, Key, Kind, Link, Model, Relation, Schema};

/// Scalars, the native types of each, and values for a default.
const SCALARS: &[(&str, &[&str], &[&str])] = &[
    (
        "String",
        &[
            "Text",
            "VarChar(20)",
            "VarChar",
            "Char(4)",
            "Uuid",
            "Citext",
            "Xml",
            "Inet",
            "Bit(4)",
            "VarBit(8)",
        ],
        &[
            "\"a\"",
            "\"\"",
            "\"it's\"",
            "\"a\\\\b\"",
            "uuid()",
            "cuid()",
            "nanoid()",
            "dbgenerated(\"'x'::text\")",
            "dbgenerated()",
        ],
    ),
    (
        "Int",
        &["SmallInt", "Oid"],
        &["1", "-7", "0", "dbgenerated(\"1 + 1\")"],
    ),
    ("BigInt", &[], &["1", "9007199254740993", "-1"]),
    ("Float", &["Real"], &["1.5", "0", "-2.25"]),
    (
        "Decimal",
        &["Decimal(10, 2)", "Decimal(4, 0)", "Money"],
        &["1", "2.50", "-3"],
    ),
    ("Boolean", &[], &["true", "false"]),
    (
        "DateTime",
        &[
            "Timestamp(0)",
            "Timestamptz(6)",
            "Timestamptz",
            "Date",
            "Time(3)",
            "Timetz(6)",
        ],
        &[
            "now()",
            "\"2020-01-01T00:00:00Z\"",
            "\"2021-06-30T12:30:15.250+02:00\"",
        ],
    ),
    (
        "Json",
        &["Json"],
        &["\"{}\"", "\"{\\\"a\\\": [1, null]}\"", "\"\\\"x\\\"\""],
    ),
    ("Bytes", &[], &["\"aGVsbG8=\"", "\"\""]),
];

/// Native types whose defaults would have to be of a shape of their own.
const WITHOUT_LITERALS: &[&str] = &[
    "Uuid",
    "Xml",
    "Inet",
    "Bit(4)",
    "VarBit(8)",
    "Money",
    "Oid",
    "Char(4)",
];

/// Names that tables, columns and the rest have in the database.
const NAMES: &[&str] = &[
    "users",
    "Users",
    "order",
    "SELECT",
    "two words",
    "Ä",
    "a-b",
    "x.y",
    "it's",
    "日本",
    "a_name_that_is_so_long_that_with_others_it_does",
    "snake_case",
    "A",
    "b1",
];

/// A whole schema.
pub(crate) fn schema(rng: &mut Rng) -> Schema {
    let mut schema = Schema {
        schemas: match rng.u8(0..4) {
            0 => vec!["public", "other"],
            1 if rng.bool() => vec!["One", "two"],
            _ => Vec::new(),
        },
        prisma_mode: rng.u8(0..12) == 0,
        ..Schema::default()
    };
    for _ in 0..rng.usize(0..3) {
        add_enum(&mut schema, rng);
    }
    for _ in 0..rng.usize(1..5) {
        add_model(&mut schema, rng);
    }
    for _ in 0..rng.usize(0..4) {
        add_relation(&mut schema, rng);
    }
    repair(&mut schema);
    schema
}

/// A name that nothing in the schema has.
fn fresh(schema: &Schema, prefix: &str, rng: &mut Rng) -> String {
    loop {
        let name = format!("{prefix}{}", rng.u16(0..1000));
        let taken = schema.models.iter().any(|it| it.name == name)
            || schema.enums.iter().any(|it| it.name == name)
            || schema.relations.iter().any(|it| it.name == name);
        if !taken {
            return name;
        }
    }
}

/// A name in the database, with a number so that no other is the same.
pub(crate) fn map(rng: &mut Rng) -> Option<String> {
    let name = rng.choice(NAMES).copied().unwrap_or_default();
    Some(format!("{name}{}", rng.u16(0..1000)))
}

fn maybe_map(rng: &mut Rng) -> Option<String> {
    if rng.u8(0..5) == 0 { map(rng) } else { None }
}

pub(crate) fn add_enum(schema: &mut Schema, rng: &mut Rng) {
    let name = fresh(schema, "E", rng);
    let values = (0..rng.usize(1..4)).map(|_| value(rng)).collect();
    schema.enums.push(Enum {
        name,
        map: maybe_map(rng),
        schema: rng.usize(0..2),
        values,
    });
}

/// A value of an enum.
pub(crate) fn value(rng: &mut Rng) -> (String, Option<String>) {
    let name = format!("V{}", rng.u16(0..1000));
    let map = maybe_map(rng).filter(|it| !it.contains('\''));
    (name, map)
}

pub(crate) fn add_model(schema: &mut Schema, rng: &mut Rng) {
    let name = fresh(schema, "M", rng);
    let mut model = Model {
        name,
        map: maybe_map(rng),
        schema: rng.usize(0..2),
        fields: Vec::new(),
        id: Vec::new(),
        id_map: maybe_map(rng).filter(|_| rng.bool()),
        keys: Vec::new(),
        ignored: false,
    };
    for _ in 0..rng.usize(1..6) {
        let field = field(schema, rng);
        model.fields.push(field);
    }
    let (kind, default) = match rng.u8(0..6) {
        0 => (Kind::Scalar("BigInt", None), Some("autoincrement()")),
        1 => (Kind::Scalar("String", Some("Uuid")), Some("uuid()")),
        2 => (Kind::Scalar("String", None), Some("cuid()")),
        3 => (Kind::Scalar("Int", None), None),
        _ => (Kind::Scalar("Int", None), Some("autoincrement()")),
    };
    let id = Field {
        name: "id".to_owned(),
        map: maybe_map(rng),
        kind,
        arity: Arity::Required,
        default: default.map(str::to_owned),
    };
    model.fields.insert(0, id);
    model.id = vec!["id".to_owned()];
    if rng.u8(0..6) == 0 {
        model.id.push(model.fields[1].name.clone());
    }
    for _ in 0..rng.usize(0..3) {
        let key = key(&model, rng);
        model.keys.push(key);
    }
    schema.models.push(model);
}

/// A field of any type.
pub(crate) fn field(schema: &Schema, rng: &mut Rng) -> Field {
    let mut field = Field {
        name: format!("f{}", rng.u16(0..1000)),
        map: maybe_map(rng),
        kind: kind(schema, rng),
        arity: match rng.u8(0..8) {
            0 => Arity::List,
            1..4 => Arity::Optional,
            _ => Arity::Required,
        },
        default: None,
    };
    field.default = default(schema, &field, rng);
    field
}

pub(crate) fn kind(schema: &Schema, rng: &mut Rng) -> Kind {
    match rng.u8(0..16) {
        0 => Kind::Unsupported(["circle", "tsvector", "point"][rng.usize(0..3)]),
        1..4 if !schema.enums.is_empty() => {
            Kind::Enum(schema.enums[rng.usize(0..schema.enums.len())].name.clone())
        }
        _ => {
            let (name, natives, _) = SCALARS[rng.usize(0..SCALARS.len())];
            let native = rng.choice(natives).copied().filter(|_| rng.bool());
            Kind::Scalar(name, native)
        }
    }
}

/// A default that fits the field, or none.
pub(crate) fn default(schema: &Schema, field: &Field, rng: &mut Rng) -> Option<String> {
    let unsupported = matches!(field.kind, Kind::Unsupported(_));
    if unsupported || rng.bool() {
        return None;
    }
    let one = |rng: &mut Rng| -> Option<String> {
        match &field.kind {
            Kind::Unsupported(_) => None,
            Kind::Enum(name) => {
                let values = &schema.enums.iter().find(|it| it.name == *name)?.values;
                Some(rng.choice(values)?.0.clone())
            }
            Kind::Scalar(name, native) => {
                if native.is_some_and(|it| WITHOUT_LITERALS.contains(&it)) {
                    return None;
                }
                let (_, _, values) = SCALARS.iter().find(|it| it.0 == *name)?;
                Some((*rng.choice(*values)?).to_owned())
            }
        }
    };
    match field.arity {
        Arity::Required | Arity::Optional => one(rng),
        Arity::List => {
            let items: Option<Vec<String>> = (0..rng.usize(0..3)).map(|_| one(rng)).collect();
            let items = items?;
            let literal = items.iter().all(|it| !it.contains('('));
            literal.then(|| format!("[{}]", items.join(", ")))
        }
    }
}

/// An index or unique key over fields of `model`.
pub(crate) fn key(model: &Model, rng: &mut Rng) -> Key {
    let mut fields: Vec<(String, Option<&'static str>)> = Vec::new();
    for _ in 0..rng.usize(1..4) {
        let name = model.fields[rng.usize(0..model.fields.len())].name.clone();
        if !fields.iter().any(|it| it.0 == name) {
            let sort = match rng.u8(0..6) {
                0 => Some("sort: Desc"),
                1 => Some("sort: Asc"),
                _ => None,
            };
            fields.push((name, sort));
        }
    }
    let unique = rng.bool();
    Key {
        unique,
        fields,
        map: maybe_map(rng),
        algorithm: match rng.u8(0..5) {
            0 if !unique => Some(["Hash", "Brin", "Gin"][rng.usize(0..3)]),
            _ => None,
        },
    }
}

const ACTIONS: &[&str] = &["Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"];

/// What happens to rows that refer to one that changes.
pub(crate) fn action(rng: &mut Rng) -> Option<&'static str> {
    rng.choice(ACTIONS).copied().filter(|_| rng.bool())
}

pub(crate) fn add_relation(schema: &mut Schema, rng: &mut Rng) {
    let name = fresh(schema, "R", rng);
    let names: Vec<String> = schema.models.iter().map(|it| it.name.clone()).collect();
    let (Some(from), Some(to)) = (rng.choice(&names).cloned(), rng.choice(&names).cloned()) else {
        return;
    };
    let references = schema.model(&to).map(|it| it.id.clone());
    let link = match rng.u8(0..4) {
        0 => Link::Table,
        _ => Link::Columns {
            fields: Vec::new(),
            references: references.unwrap_or_default(),
            optional: rng.bool(),
            single: rng.u8(0..4) == 0,
            on_delete: action(rng),
            on_update: action(rng),
            map: maybe_map(rng),
        },
    };
    schema.relations.push(Relation {
        name,
        from,
        to,
        link,
    });
}
