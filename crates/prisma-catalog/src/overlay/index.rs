use driftless_catalog::{
    Constraint, DataType, Ident, Index, IndexKey, IndexTarget, KeyColumns, ObjectId, Opclass, Table,
};
use driftless_sql_text::same_tokens;

use super::constraint::{is_plain_unique, unique_key};
use super::{Laying, Question, QuestionKind};
use crate::types::scalar_opclass;

/// Brings indexes and unique constraints into the form that the schema wants.
///
/// A unique constraint is as good as the unique index that Prisma would make. What Prisma cannot express
/// stays: partial indexes (but see below), expressions, `INCLUDE`, collations, other access methods.
pub(super) fn merge(laying: &mut Laying<'_>, base: &Table, wanted: &Table, table: &mut Table) {
    let mut used: Vec<Ident> = Vec::new();
    for it in &wanted.indexes {
        if let Some(before) = matching_constraint(base, it, &used) {
            used.push(before.name.clone());
            rename_constraint(before, &it.name, table);
        } else if let Some(before) = matching_index(laying, base, it, &used) {
            used.push(before.name.clone());
            table.indexes.remove(&before.name);
            table.indexes.insert(Index {
                name: it.name.clone(),
                ..before.clone()
            });
        } else {
            // One of the same name is another one: it gives way.
            table.indexes.insert(it.clone());
        }
    }
    let wants = |name: &Ident| wanted.indexes.contains(name);
    table
        .indexes
        .retain(|it| wants(&it.name) || !is_expressible(it));
    table
        .constraints
        .retain(|it| is_plain_unique(it).is_none() || it.inherited || wants(&it.name));
}

fn rename_constraint(before: &Constraint, name: &Ident, table: &mut Table) {
    table.constraints.remove(&before.name);
    table.constraints.insert(Constraint {
        name: name.clone(),
        ..before.clone()
    });
}

/// The unique constraint on the same columns: of the same name if there is one.
fn matching_constraint<'a>(
    base: &'a Table,
    wanted: &Index,
    used: &[Ident],
) -> Option<&'a Constraint> {
    if !wanted.unique || wanted.predicate.is_some() {
        return None;
    }
    let columns = wanted.columns()?;
    let plain = wanted
        .keys
        .iter()
        .all(|it| it.opclass.is_none() && !it.is_descending());
    let has_columns = |key: &KeyColumns| key.columns.iter().eq(columns.iter().copied());
    let same = |it: &&Constraint| {
        let key = is_plain_unique(it).filter(|_| plain && !used.contains(&it.name));
        key.is_some_and(has_columns)
    };
    // An index of the wanted name comes before a constraint of another. One of that name may be deferrable: Prisma can
    // neither ask for that nor see it.
    let named = base.constraints.get(&wanted.name);
    let named = named.filter(|it| plain && unique_key(it).is_some_and(has_columns));
    match (named, base.indexes.contains(&wanted.name)) {
        (Some(it), _) => Some(it),
        (None, true) => None,
        (None, false) => base.constraints.iter().find(same),
    }
}

fn matching_index<'a>(
    laying: &mut Laying<'_>,
    base: &'a Table,
    wanted: &Index,
    used: &[Ident],
) -> Option<&'a Index> {
    if let Some(named) = base.indexes.get(&wanted.name) {
        return satisfies(laying, base, named, wanted).then_some(named);
    }
    base.indexes.iter().find(|it| {
        !used.contains(&it.name) && is_expressible(it) && satisfies(laying, base, it, wanted)
    })
}

/// Whether the index is what the schema asks for, whatever else it may be.
///
/// Prisma's engine takes a unique index for what it was even if somebody has made it partial. Here that is
/// a difference: the schema promises that no two rows have the key.
fn satisfies(laying: &mut Laying<'_>, base: &Table, index: &Index, wanted: &Index) -> bool {
    index.method == wanted.method
        && index.unique == wanted.unique
        && index.valid
        && index.keys.len() == wanted.keys.len()
        && index
            .keys
            .iter()
            .zip(&wanted.keys)
            .all(|(key, wanted)| same_key(base, &index.method, key, wanted))
        && same_predicate(laying, base, index, wanted)
}

/// Collation and the place of NULLs Prisma can neither ask for nor see.
fn same_key(base: &Table, method: &Ident, key: &IndexKey, wanted: &IndexKey) -> bool {
    let ty = match &key.target {
        IndexTarget::Column(name) => base.column(name).map(|it| &it.data_type),
        IndexTarget::Expression(_) => None,
    };
    key.target == wanted.target
        && key.is_descending() == wanted.is_descending()
        && same_opclass(method, ty, key.opclass.as_ref(), wanted.opclass.as_ref())
}

fn same_opclass(
    method: &Ident,
    ty: Option<&DataType>,
    base: Option<&Opclass>,
    wanted: Option<&Opclass>,
) -> bool {
    match (base, wanted) {
        (None, None) => true,
        (Some(base), Some(wanted)) => base.name.eq_ignore_ascii_case(wanted.name.trim()),
        // What the server does not mention is the default of method and type.
        (None, Some(wanted)) => is_default_opclass(method.as_str(), ty, wanted.name.trim()),
        (Some(_), None) => false,
    }
}

/// Whether the operator class is what the access method takes for the type by itself.
///
/// Follows PostgreSQL, `pg_opclass.opcdefault`, for the classes that Prisma knows by name, and for those
/// that are called after their type.
fn is_default_opclass(method: &str, ty: Option<&DataType>, name: &str) -> bool {
    let Some(ty) = ty else { return false };
    let type_name = &*ty.name.name;
    match (method, name) {
        ("gin", "array_ops") => ty.is_array(),
        ("gin", "jsonb_ops") => true,
        ("spgist", "text_ops" | "inet_ops") => true,
        ("brin", "inet_minmax_ops") => false,
        ("brin", "inet_inclusion_ops") => true,
        ("brin", name) => name.ends_with("_minmax_ops"),
        ("btree" | "hash", "text_ops") => matches!(type_name, "text" | "varchar"),
        ("gist", name) => name == scalar_opclass("gist", type_name),
        ("gin", "enum_ops") => true,
        (_, name) => name == format!("{type_name}_ops"),
    }
}

fn same_predicate(laying: &mut Laying<'_>, base: &Table, index: &Index, wanted: &Index) -> bool {
    match (&index.predicate, &wanted.predicate) {
        (None, None) => true,
        (None, Some(_)) | (Some(_), None) => false,
        (Some(printed), Some(written)) => {
            same_tokens(&printed.text, &written.text)
                || laying
                    .ask(Question {
                        object: ObjectId::Index(base.name.sibling(wanted.name.clone())),
                        kind: QuestionKind::Predicate(base.name.clone()),
                        written: written.text.to_string(),
                        printed: printed.text.to_string(),
                    })
                    .unwrap_or(true)
        }
    }
}

/// Whether `@unique`, `@@unique` or `@@index` could have made it.
fn is_expressible(index: &Index) -> bool {
    const METHODS: [&str; 6] = ["btree", "hash", "gin", "gist", "spgist", "brin"];
    METHODS.contains(&index.method.as_str())
        && index.predicate.is_none()
        && index.include.is_empty()
        && index.partition_of.is_none()
        && index.columns().is_some()
        && index
            .keys
            .iter()
            .all(|it| it.collation.is_none() && it.nulls.is_none())
}
