use driftless_catalog::{Catalog, Column, DataType, Domain, Expression, ObjectId};
use driftless_sql_text::{Value, ValueClass, ValueType, same_tokens};

use super::{Laying, Question, QuestionKind};
use crate::lower::Generated;

/// The column as it should be: `base` with what `wanted` asks for and `base` has not.
pub(super) fn merge(
    laying: &mut Laying<'_>,
    object: &ObjectId,
    base: &Column,
    wanted: &Column,
) -> Column {
    let mut column = base.clone();
    if !has_type(laying, &base.data_type, &wanted.data_type) {
        column.data_type = wanted.data_type.clone();
        column.spelled_type.clone_from(&wanted.spelled_type);
        // The old collation may mean nothing to the new type.
        column.collation = None;
    }
    // Prisma neither asks for NOT NULL on lists nor minds it, and for it, a domain's own is the column's.
    let by_domain = domain(laying, &base.data_type).is_some_and(|it| it.not_null);
    let is_free = laying.prisma.lists.contains(object) || wanted.not_null && by_domain;
    if !is_free {
        column.not_null = wanted.not_null;
    }
    let is_unknown = laying.prisma.generated.get(object) == Some(&Generated::Unknown);
    if base.generated.is_some() || is_unknown && column.data_type == base.data_type {
        return column;
    }
    if wanted.serial.is_some() {
        if !counts_by_itself(base) {
            column.default = None;
            column.serial.clone_from(&wanted.serial);
        }
        return column;
    }
    column.identity = None;
    column.serial = None;
    column.default = match (&base.default, &wanted.default) {
        (Some(before), Some(after)) => {
            let same = same_default(laying, object, &column.data_type, before, after);
            Some(if same { before } else { after }.clone())
        }
        (_, after) => after.clone(),
    };
    column
}

/// Whether `base` is what `wanted` asks for. A domain over the wanted type counts: Prisma cannot tell.
fn has_type(laying: &Laying<'_>, base: &DataType, wanted: &DataType) -> bool {
    if base.same_as(wanted)
        || is_char(base) && is_char(wanted) && base.modifier.is_none() && has_length_one(wanted)
    {
        return true;
    }
    domain(laying, base).is_some_and(|it| {
        let base = match base.is_array() {
            true => it.base.clone().array(),
            false => it.base.clone(),
        };
        base.same_as(wanted)
    })
}

/// The domain that a type is.
fn domain<'a>(laying: &'a Laying<'_>, ty: &DataType) -> Option<&'a Domain> {
    laying.base.domains.get(&ty.name.user_defined()?)
}

/// Whether Prisma takes it for a `@db.Char`.
fn is_char(ty: &DataType) -> bool {
    ty.name.is_builtin("bpchar") || ty.name.is_builtin("char")
}

/// What `@db.Char` without a length leads to, which is also what Prisma writes for a `bpchar` or `"char"`.
fn has_length_one(ty: &DataType) -> bool {
    ty.modifier.as_deref() == Some("1")
}

/// Whether rows get the next number from a sequence, as `autoincrement()` asks.
fn counts_by_itself(column: &Column) -> bool {
    let next_value = |it: &Expression| matches!(Value::parse(&it.text), Some(Value::NextVal(_)));
    column.serial.is_some()
        || column.identity.is_some()
        || column.default.as_ref().is_some_and(next_value)
}

/// Whether the two defaults mean the same. Where only a server can tell and none has, they count as the
/// same, and the question is noted.
fn same_default(
    laying: &mut Laying<'_>,
    object: &ObjectId,
    ty: &DataType,
    printed: &Expression,
    written: &Expression,
) -> bool {
    if same_tokens(&printed.text, &written.text) {
        return true;
    }
    by_value(laying.base, ty, printed, written)
        .or_else(|| {
            laying.ask(Question {
                object: object.clone(),
                kind: QuestionKind::Default(ty.clone()),
                written: written.text.to_string(),
                printed: printed.text.to_string(),
            })
        })
        .unwrap_or(true)
}

/// Whether the two defaults are the same value, or `None` if text cannot tell.
pub(crate) fn by_value(
    catalog: &Catalog,
    ty: &DataType,
    a: &Expression,
    b: &Expression,
) -> Option<bool> {
    let (a, b) = Value::parse(&a.text).zip(Value::parse(&b.text))?;
    a.same_as(&b, value_type(catalog, ty))
}

pub(crate) fn value_type(catalog: &Catalog, ty: &DataType) -> ValueType {
    let class = match &*ty.name.name {
        _ if !ty.name.in_pg_catalog() => {
            let name = ty.name.user_defined();
            let is_enum = name.is_some_and(|it| catalog.enums.contains(&it));
            match is_enum || &*ty.name.name == "citext" {
                true => ValueClass::Text,
                false => ValueClass::Other,
            }
        }
        "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" | "oid" => ValueClass::Number,
        "bool" => ValueClass::Bool,
        "text" | "varchar" => ValueClass::Text,
        "uuid" => ValueClass::Uuid,
        "json" => ValueClass::Json,
        "jsonb" => ValueClass::Jsonb,
        "bytea" => ValueClass::Bytes,
        "date" => ValueClass::Date,
        "time" => ValueClass::Time,
        "timestamp" => ValueClass::Timestamp,
        "timestamptz" => ValueClass::TimestampTz,
        _ => ValueClass::Other,
    };
    ValueType {
        class,
        array: ty.is_array(),
    }
}
