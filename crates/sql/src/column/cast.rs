//! How values get from one type to another.

use driftless_catalog::{Catalog, Column, DataType};

use crate::name::ident;
use crate::script::Context;

/// A column's value as one of the new type.
pub(super) fn cast(from: &Column, to: &Column, ty: &str, context: &Context<'_>) -> String {
    let name = ident(&to.name);
    match (from.data_type.is_array(), to.data_type.is_array()) {
        (false, true) => format!("CASE WHEN {name} IS NOT NULL THEN ARRAY[{name}]::{ty} END"),
        // The first of several is kept.
        (true, false) => format!("{name}[1]::{ty}"),
        (true, true) | (false, false) => {
            let list = if from.data_type.is_array() { "[]" } else { "" };
            match by_way_of(&from.data_type, &to.data_type, context) {
                Some(between) => format!("{name}::{between}{list}::{ty}"),
                None => format!("{name}::{ty}"),
            }
        }
    }
}

const STRINGS: &[&str] = &["text", "varchar", "bpchar", "citext", "name"];

/// The type between two that have no cast of their own; everything can be cast to `TEXT` and back, as long as the text
/// is one of the new type. What casts the types of extensions have is not known here.
pub(crate) fn by_way_of(
    from: &DataType,
    to: &DataType,
    context: &Context<'_>,
) -> Option<&'static str> {
    let (before, after) = (&*from.name.name, &*to.name.name);
    if from.name == to.name || STRINGS.contains(&before) || STRINGS.contains(&after) {
        return None;
    }
    match (from.name.in_pg_catalog(), to.name.in_pg_catalog()) {
        (true, true) => {}
        (false, false) => return Some("TEXT"),
        (true, false) | (false, true) => {
            let is_enum = is_enum(from, context.from) || is_enum(to, context.to);
            return is_enum.then_some("TEXT");
        }
    }
    match (before, after) {
        ("timestamp", "timetz") => Some("TIMESTAMPTZ"),
        ("money", "int2" | "int4" | "int8" | "float4" | "float8")
        | ("int2" | "float4" | "float8", "money") => Some("DECIMAL"),
        ("bool", "int2" | "int8" | "numeric" | "float4" | "float8") | ("int2" | "int8", "bool") => {
            Some("INTEGER")
        }
        _ if has_cast(before, after) => None,
        _ => Some("TEXT"),
    }
}

fn is_enum(ty: &DataType, catalog: &Catalog) -> bool {
    let name = ty.name.user_defined();
    name.is_some_and(|it| catalog.enums.contains(&it))
}

/// Whether one built-in type can be cast to another that is no string.
///
/// Follows PostgreSQL, `pg_cast`.
fn has_cast(from: &str, to: &str) -> bool {
    const NUMBERS: &[&str] = &["int2", "int4", "int8", "numeric", "float4", "float8"];
    let both = |of: &[&str]| of.contains(&from) && of.contains(&to);
    let multirange = || from.replace("range", "multirange") == to;
    match (from, to) {
        // Names of objects are numbers to the server.
        ("oid" | "int2" | "int4" | "int8", name) if name.starts_with("reg") => true,
        (name, "oid" | "int4" | "int8") if name.starts_with("reg") => true,
        _ if both(NUMBERS) || both(&["oid", "int4", "int8"]) || both(&["int4", "char"]) => true,
        _ if both(&["date", "timestamp", "timestamptz"]) || both(&["json", "jsonb"]) => true,
        _ if both(&["bit", "varbit"]) || both(&["inet", "cidr"]) => true,
        _ if both(&["time", "interval"]) || both(&["time", "timetz"]) => true,
        _ if both(&["macaddr", "macaddr8"]) || both(&["money", "numeric"]) => true,
        ("timestamp" | "timestamptz", "time") | ("timestamptz", "timetz") => true,
        ("int4" | "int8", "money" | "bit") | ("bit", "int4" | "int8") | ("int2", "oid") => true,
        ("bool", "int4") | ("int4", "bool") => true,
        ("jsonb", "bool") => true,
        ("jsonb", number) if NUMBERS.contains(&number) => true,
        ("box", "circle" | "lseg" | "point" | "polygon")
        | ("circle", "box" | "point" | "polygon")
        | ("lseg", "point")
        | ("path", "polygon")
        | ("point", "box")
        | ("polygon", "box" | "circle" | "path" | "point") => true,
        ("xid8", "xid") => true,
        _ => from.ends_with("range") && multirange(),
    }
}

/// Whether PostgreSQL has an assignment cast, so that no `USING` is needed.
///
/// Follows PostgreSQL, `pg_cast`, for built-in types; anything can be assigned to a string.
pub(super) fn casts_by_itself(from: &Column, to: &Column) -> bool {
    const FAMILIES: &[&[&str]] = &[
        &["int2", "int4", "int8", "numeric", "float4", "float8"],
        &["text", "varchar", "bpchar", "name", "citext"],
        &["date", "timestamp", "timestamptz"],
        &["time", "timetz"],
        &["time", "interval"],
        &["json", "jsonb"],
        &["bit", "varbit"],
        &["inet", "cidr"],
        &["money", "numeric"],
        &["oid", "int4", "int8"],
    ];
    let (from, to) = (&from.data_type, &to.data_type);
    if from.is_array() != to.is_array() {
        return false;
    }
    let (a, b) = (&*from.name.name, &*to.name.name);
    let string = to.name.in_pg_catalog() && matches!(b, "text" | "varchar" | "bpchar");
    let to_a_clock = matches!(
        (a, b),
        ("timestamp" | "timestamptz", "time") | ("timestamptz", "timetz")
    );
    from.name == to.name
        || (string && !from.is_array())
        || to_a_clock
        || FAMILIES.iter().any(|it| it.contains(&a) && it.contains(&b))
}
