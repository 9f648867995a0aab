//! The states that two Prisma schemas ask for, as they are compared with each other.

use driftless_catalog::{Catalog, Column, DataType, Expression, Ident, ObjectId};
use driftless_sql_text::{Value, ValueClass, ValueType, same_tokens};

use crate::PrismaCatalog;
use crate::lower::{Generated, schema};
use crate::overlay::column::{by_value, value_type};

impl PrismaCatalog {
    /// What the schema asks for, as a state from which `after` starts. A default of the database (`dbgenerated("…")`) is
    /// none that Prisma writes, nor the other way round, even where both have the same text; and where it is left to the
    /// database (`dbgenerated()`), there is one, and nobody knows which. Every database has a schema `public`, and the
    /// one that its URL names.
    pub fn as_start(&self, after: &Self) -> Catalog {
        let mut catalog = self.catalog.clone();
        let there = |it: &&Ident| **it == "public" || **it == self.default_schema;
        let there = self.schemas.iter().filter(there).cloned();
        catalog.schemas.extend(there.map(schema));
        for table in catalog.tables.iter_mut() {
            for column in &mut table.columns {
                let object = ObjectId::Column(table.name.clone(), column.name.clone());
                let text = column.default.as_ref().map_or("", |it| &it.text);
                let of_another_kind = match self.generated.contains_key(&object) {
                    true => Some(format!("dbgenerated({text})")),
                    false if text.is_empty() => None,
                    false => {
                        let written = after.generated.get(&object) == Some(&Generated::Written);
                        written.then(|| format!("written({text})"))
                    }
                };
                if let Some(text) = of_another_kind {
                    column.default = Some(Expression::written(text));
                }
            }
        }
        catalog
    }

    /// What the schema asks for, with each default that is the same value in `before`, the state that another
    /// schema asks for, written as it is there, and defaults that it leaves to the database as they are there. So it
    /// is with the expressions of policies; those of tables whose models declare none stay as they are.
    pub fn settled(&self, before: &Self) -> Catalog {
        let mut catalog = self.catalog.clone();
        let start = before.as_start(self);
        // What policies name that stay as they are.
        for (object, needs) in &start.dependencies {
            let table = object.parent();
            if table.is_some_and(|it| !self.declares_row_security(it)) {
                catalog.dependencies.insert(object.clone(), needs.clone());
            }
        }
        for table in catalog.tables.iter_mut() {
            if let Some(before) = start.tables.get(&table.name) {
                self.keep_row_security(table, before);
            }
            for column in &mut table.columns {
                let of = |it: &Catalog| it.tables.get(&table.name)?.column(&column.name).cloned();
                let (Some(old), Some(started)) = (of(&before.catalog), of(&start)) else {
                    continue;
                };
                let object = ObjectId::Column(table.name.clone(), column.name.clone());
                let generated = [before, self].map(|it| it.generated.get(&object).copied());
                let keeps = match generated {
                    [_, Some(Generated::Unknown)] => true,
                    [Some(Generated::Written), Some(_)] => has_same_words(&old, column),
                    [Some(_), _] | [None, Some(_)] => false,
                    [None, None] => self.has_value(column, &old),
                };
                if keeps {
                    column.default = started.default;
                }
            }
        }
        catalog
    }

    fn has_value(&self, column: &Column, old: &Column) -> bool {
        let (Some(new), Some(before)) = (&column.default, &old.default) else {
            return false;
        };
        let (ty, ty_before) = (&column.data_type, &old.data_type);
        if ty.is_array() && list_kind(ty) == "json" {
            // Their items are compared letter by letter, whatever they mean.
            let kind = ValueType {
                class: ValueClass::Json,
                array: true,
            };
            let values = Value::parse(&before.text).zip(Value::parse(&new.text));
            let same = values.and_then(|(before, new)| before.same_as(&new, kind));
            return ty_before.is_array() && list_kind(ty_before) == "json" && same == Some(true);
        }
        let is_built_in = |it: &DataType| it.name.in_pg_catalog();
        let alike = || match ty.is_array() {
            true => list_kind(ty) == list_kind(ty_before),
            // JSON as text means the same once it is no text any more.
            false if ty_before.name.is_builtin("json") => ty.name.is_builtin("jsonb"),
            false => self.kind(ty) == self.kind(ty_before),
        };
        let comparable =
            ty.same_as(ty_before) || is_built_in(ty) && is_built_in(ty_before) && alike();
        comparable && by_value(&self.catalog, ty, before, new) == Some(true)
    }

    /// What Prisma takes a value of that type for: a whole number is none with a fraction.
    fn kind(&self, ty: &DataType) -> (ValueType, bool) {
        let is_whole = matches!(&*ty.name.name, "int2" | "int4" | "int8" | "oid");
        (value_type(&self.catalog, ty), is_whole)
    }
}

/// Whether two defaults are the same SQL but for white space and capitals that mean nothing.
fn has_same_words(old: &Column, new: &Column) -> bool {
    match (&old.default, &new.default) {
        (Some(old), Some(new)) => same_tokens(&old.text, &new.text),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// What Prisma takes the items of a list for. Those of one kind are never the same as those of another.
fn list_kind(ty: &DataType) -> &str {
    match &*ty.name.name {
        "int2" | "int4" | "oid" => "int",
        "numeric" | "float4" | "float8" | "money" => "float",
        "json" | "jsonb" => "json",
        "text" | "varchar" | "bpchar" | "citext" | "uuid" | "xml" | "inet" | "bit" | "varbit" => {
            "string"
        }
        "timestamp" | "timestamptz" | "date" | "time" | "timetz" => "moment",
        other => other,
    }
}
