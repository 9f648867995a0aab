//! Changes that Prisma's engine does not see between two schemas, for scripts that have to be the same as its.

mod twins;

use driftless_catalog::{Catalog, Column, DataType};

use crate::PrismaCatalog;
use twins::Orders;

/// The state that the schema `after` asks for, with what Prisma would not change left as it is in `before`.
pub(crate) fn as_prisma_sees(after: &PrismaCatalog, before: &PrismaCatalog) -> Catalog {
    let mut wanted = after.settled(before);
    let orders = Orders::new(&before.order, &after.order);
    // A schema that is listed counts as made.
    wanted
        .schemas
        .retain(|it| !before.schemas.contains(&it.name));
    let before = &before.catalog;
    let enums: Vec<_> = wanted
        .enums
        .iter()
        .chain(&before.enums)
        .map(|it| it.name.clone())
        .collect();
    for table in wanted.tables.iter_mut() {
        let Some(before) = before.tables.get(&table.name) else {
            continue;
        };
        for column in &mut table.columns {
            let Some(old) = before.column(&column.name) else {
                continue;
            };
            let is_enum =
                |it: &DataType| it.name.user_defined().is_some_and(|it| enums.contains(&it));
            let unknown = |it: &DataType| !is_native(it) && !is_enum(it);
            let both_unknown = unknown(&old.data_type) && unknown(&column.data_type);
            if both_unknown || only_precision_is_said(&old.data_type, &column.data_type) {
                column.data_type = old.data_type.clone();
                column.spelled_type.clone_from(&old.spelled_type);
            }
            if is_moment(old)
                && is_moment(column)
                && old.default.is_some()
                && column.default.is_some()
            {
                column.default.clone_from(&old.default);
            }
        }
        twins::indexes(table, before, &orders);
        twins::foreign_keys(table, before, &orders);
    }
    wanted
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
    let is_time = matches!(
        &*from.name.name,
        "time" | "timetz" | "timestamp" | "timestamptz"
    );
    is_time
        && from.name == to.name
        && from.is_array() == to.is_array()
        && (from.modifier.is_none() || to.modifier.is_none())
}

/// Whether the default is a moment that is written out.
fn is_moment(column: &Column) -> bool {
    let ty = &*column.data_type.name.name;
    let written = column
        .default
        .as_ref()
        .is_none_or(|it| it.text.starts_with('\''));
    matches!(ty, "timestamp" | "timestamptz" | "date" | "time" | "timetz") && written
}
