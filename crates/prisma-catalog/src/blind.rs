//! Changes that Prisma's engine does not see between two schemas, for scripts that have to be the same as its.

use driftless_catalog::{Catalog, Column, DataType, Index, Table};

/// The state that a schema asks for, with what Prisma would not change left as it is in `before`.
pub(crate) fn as_prisma_sees(mut wanted: Catalog, before: &Catalog) -> Catalog {
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
        keep_names_of_twins(table, before);
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

/// Prisma renames no index of several on the same columns.
fn keep_names_of_twins(table: &mut Table, before: &Table) {
    let alike = |a: &Index, b: &Index| {
        let columns = |it: &Index| {
            it.keys
                .iter()
                .map(|it| it.target.clone())
                .collect::<Vec<_>>()
        };
        a.unique == b.unique && columns(a) == columns(b)
    };
    let new: Vec<Index> = table
        .indexes
        .iter()
        .filter(|it| !before.indexes.contains(&it.name))
        .cloned()
        .collect();
    for index in new {
        let twins: Vec<&Index> = before
            .indexes
            .iter()
            .filter(|it| alike(it, &index))
            .collect();
        let free = twins.iter().find(|it| !table.indexes.contains(&it.name));
        if let (Some(free), true) = (free, twins.len() > 1) {
            table.indexes.retain(|it| it.name != index.name);
            table.indexes.insert((*free).clone());
        }
    }
}
