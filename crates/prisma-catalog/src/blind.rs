//! Changes that Prisma's engine does not see between two schemas, for scripts that have to be the same as its.

mod foreign_keys;

use std::collections::BTreeSet;

use driftless_catalog::{
    Catalog, Column, DataType, Index, IndexKey, ObjectId, QualifiedName, Table,
};
use driftless_sql_text::Value;

use crate::PrismaCatalog;
use crate::lower::{Generated, schema};
use foreign_keys::Orders;

impl PrismaCatalog {
    /// The same as [`as_start`](Self::as_start) with every schema that is listed: Prisma takes it for made, though its
    /// script from empty makes none without tables and enums.
    pub fn as_prisma_starts(&self, after: &Self) -> Catalog {
        let mut catalog = self.as_start(after);
        catalog
            .schemas
            .extend(self.schemas.iter().cloned().map(schema));
        catalog
    }

    /// The same as [`settled`](Self::settled) with what Prisma's engine would not change left as it is in
    /// `before`: precisions that only one schema says, types that Prisma does not know, moments and JSON as defaults,
    /// indexes that have a twin, the schema of a referenced table.
    pub fn as_prisma_sees(&self, before: &Self) -> Catalog {
        let mut wanted = self.settled(before);
        let enums = wanted.enums.iter().chain(&before.catalog.enums);
        let enums: BTreeSet<QualifiedName> = enums.map(|it| it.name.clone()).collect();
        let start = before.as_start(self);
        let orders = Orders::new(&before.order, &self.order);
        for table in wanted.tables.iter_mut() {
            let Some(old) = before.catalog.tables.get(&table.name) else {
                continue;
            };
            for column in &mut table.columns {
                if let Some(old) = old.column(&column.name) {
                    let object = ObjectId::Column(table.name.clone(), column.name.clone());
                    data_type(column, old, &enums);
                    let generated = [before, self].map(|it| it.generated.get(&object).copied());
                    if !sees_default(column, old, generated) {
                        let start = start.tables.get(&table.name);
                        let start = start.and_then(|it| it.column(&column.name));
                        column.default = start.and_then(|it| it.default.clone());
                    }
                }
            }
            foreign_keys::keep_alike(table, old, &orders);
            self.indexes(table, old);
        }
        wanted
    }

    /// Gives `table` the indexes that it has once Prisma has changed what it would change: those of `old` stay where
    /// there is one like it, and get its name only if no other in `old` has the same columns.
    fn indexes(&self, table: &mut Table, old: &Table) {
        let place = |it: &Index| {
            let id = ObjectId::Index(table.name.sibling(it.name.clone()));
            self.order.iter().position(|other| *other == id)
        };
        let mut wanted: Vec<&Index> = table.indexes.iter().collect();
        wanted.sort_by_key(|it| place(it));
        let new = wanted
            .iter()
            .filter(|new| !old.indexes.iter().any(|it| is_alike(it, new)));
        let mut indexes: Vec<Index> = new.map(|it| (*it).clone()).collect();
        for it in &old.indexes {
            let Some(like) = wanted.iter().find(|new| is_alike(it, new)) else {
                continue;
            };
            let twins = old.indexes.iter().filter(|other| are_twins(it, other));
            let name = match twins.count() {
                1 => &like.name,
                _ => &it.name,
            };
            indexes.push(Index {
                name: name.clone(),
                ..it.clone()
            });
        }
        table.indexes.retain(|_| false);
        table.indexes.extend(indexes);
    }
}

fn data_type(column: &mut Column, old: &Column, enums: &BTreeSet<QualifiedName>) {
    let is_enum = |it: &DataType| it.name.user_defined().is_some_and(|it| enums.contains(&it));
    let unknown = |it: &DataType| !is_native(it) && !is_enum(it);
    let same_arity = old.data_type.is_array() == column.data_type.is_array();
    let both_unknown = same_arity && unknown(&old.data_type) && unknown(&column.data_type);
    if both_unknown || only_precision_is_said(&old.data_type, &column.data_type) {
        column.data_type = old.data_type.clone();
        column.spelled_type.clone_from(&old.spelled_type);
    }
}

/// Whether Prisma compares two defaults: not if one is a moment, texts of the database without regard to capitals, and
/// what was JSON as such.
fn sees_default(column: &Column, old: &Column, generated: [Option<Generated>; 2]) -> bool {
    let (Some(before), Some(after)) = (&old.default, &column.default) else {
        return true;
    };
    let written = |(column, generated): (&Column, Option<Generated>)| {
        usize::from(generated.is_none() && is_moment(column))
    };
    let moments = written((old, generated[0])) + written((column, generated[1]));
    let unseen = match generated {
        [Some(_), Some(_)] => before.text.eq_ignore_ascii_case(&after.text),
        [_, _] if old.data_type.is_array() && column.data_type.is_array() => {
            // Of lists the lengths are.
            let items = |text: &str| text.matches('\'').count();
            moments == 2 && items(&before.text) == items(&after.text)
        }
        [None, None] if was_json(&old.data_type, &column.data_type) => {
            is_same_json(&before.text, &after.text)
        }
        [_, _] => moments > 0 && keeps_values(&old.data_type, &column.data_type),
    };
    !unseen
}

/// Whether a column of JSON stays such or becomes a string, so that Prisma compares its defaults as JSON.
fn was_json(from: &DataType, to: &DataType) -> bool {
    let is = |it: &DataType, names: &[&str]| {
        !it.is_array() && it.name.in_pg_catalog() && names.contains(&&*it.name.name)
    };
    let keeps = ["json", "jsonb", "text", "varchar", "bpchar"];
    is(from, &["json", "jsonb"]) && is(to, &keeps)
}

/// Whether two string constants are the same JSON. What is none is the same as anything to Prisma.
fn is_same_json(before: &str, after: &str) -> bool {
    let json = |constant: &str| match Value::parse(constant) {
        Some(Value::String(text)) => serde_json::from_str::<serde_json::Value>(&text).ok(),
        Some(_) | None => None,
    };
    match (json(before), json(after)) {
        (Some(before), Some(after)) => before == after,
        (None, _) | (_, None) => true,
    }
}

/// Whether a column of a moment, or that becomes one, keeps its values: else it is made again, with its default.
fn keeps_values(from: &DataType, to: &DataType) -> bool {
    let (before, after) = (&*from.name.name, &*to.name.name);
    let can = match before {
        _ if before == after => true,
        "timestamp" | "timestamptz" => {
            is_time(to) || matches!(after, "text" | "varchar" | "bpchar")
        }
        "date" => matches!(
            after,
            "timestamp" | "timestamptz" | "text" | "varchar" | "bpchar"
        ),
        "time" | "timetz" => matches!(after, "time" | "timetz" | "text" | "varchar" | "bpchar"),
        _ => false,
    };
    can && from.is_array() == to.is_array()
}

/// Whether the default is a moment that is written out, or a list of such.
fn is_moment(column: &Column) -> bool {
    let default = column.default.as_ref();
    let written = default.is_some_and(|it| it.text.starts_with(['\'', 'A']));
    is_time(&column.data_type) && written
}

fn is_time(ty: &DataType) -> bool {
    let name = &*ty.name.name;
    matches!(
        name,
        "timestamp" | "timestamptz" | "date" | "time" | "timetz"
    )
}

/// Whether two indexes differ in nothing but their name.
fn is_alike(a: &Index, b: &Index) -> bool {
    let key = |(a, b): (&IndexKey, &IndexKey)| {
        a.target == b.target && a.is_descending() == b.is_descending() && a.opclass == b.opclass
    };
    a.unique == b.unique
        && a.method == b.method
        && a.predicate == b.predicate
        && a.keys.len() == b.keys.len()
        && a.keys.iter().zip(&b.keys).all(key)
}

/// Whether two indexes are on the same columns, so that Prisma gives neither the name of another.
fn are_twins(a: &Index, b: &Index) -> bool {
    let targets = |it: &Index| {
        it.keys
            .iter()
            .map(|it| it.target.clone())
            .collect::<Vec<_>>()
    };
    a.unique == b.unique && targets(a) == targets(b)
}

/// Whether Prisma has a native type for it.
fn is_native(ty: &DataType) -> bool {
    const NATIVE: &[&str] = &[
        "bit",
        "bool",
        "bpchar",
        "bytea",
        "date",
        "float4",
        "float8",
        "inet",
        "int2",
        "int4",
        "int8",
        "json",
        "jsonb",
        "money",
        "numeric",
        "oid",
        "text",
        "time",
        "timestamp",
        "timestamptz",
        "timetz",
        "uuid",
        "varbit",
        "varchar",
        "xml",
    ];
    match ty.name.in_pg_catalog() {
        true => NATIVE.contains(&&*ty.name.name),
        false => &*ty.name.name == "citext",
    }
}

/// Whether one of two times has a precision and the other leaves it to the server, which Prisma takes for the same.
fn only_precision_is_said(from: &DataType, to: &DataType) -> bool {
    is_time(from)
        && from.name == to.name
        && from.is_array() == to.is_array()
        && (from.modifier.is_none() || to.modifier.is_none())
}
