//! Values that a column may take, as the text that the server reads.

use driftless_catalog::{
    Attribute, Catalog, Column, ConstraintKind, DataType, Expression, ObjectKind, Table,
};
use driftless_sql_text::{TokenKind, string_value, tokens};

/// How many values of each kind are offered.
const VARIETY: u32 = 12;

/// Values for a column, the likeliest first. Empty if nothing is known of the type.
pub(crate) fn values(table: &Table, column: &Column, catalog: &Catalog) -> Vec<String> {
    let mut found = named(table, column, catalog);
    found.extend(of_type(&column.data_type, catalog, 0));
    found.dedup();
    found
}

/// Literals of checks over the column, of its domain, and of the bounds of partitions.
fn named(table: &Table, column: &Column, catalog: &Catalog) -> Vec<String> {
    let checks = table.constraints.iter().filter_map(|it| match &it.kind {
        ConstraintKind::Check { expression, .. } => Some(expression),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => None,
    });
    let about = |it: &&Expression| it.text.contains(column.name.as_str());
    let mut found: Vec<String> = checks.filter(about).flat_map(literals).collect();
    let is_key = |it: &&Table| {
        let key = it.partition_by.as_ref();
        key.is_some_and(|it| it.key.text.contains(column.name.as_str()))
    };
    // Bounds of partitions below partitions, too.
    let parents = catalog.tables.iter().filter(is_key);
    let parents: Vec<_> = parents.map(|it| &it.name).collect();
    let parts = catalog.tables.iter().filter_map(|it| it.partition.as_ref());
    for part in parts.filter(|it| parents.contains(&&it.of)) {
        found.extend(literals(&part.bound));
    }
    if let Some(domain) = column.data_type.name.user_defined()
        && let Some(domain) = catalog.domains.get(&domain)
    {
        found.extend(
            domain
                .constraints
                .iter()
                .flat_map(|it| literals(&it.expression)),
        );
    }
    found
}

/// The strings and numbers of an expression, numbers with their neighbours.
fn literals(expression: &Expression) -> Vec<String> {
    let text = &*expression.text;
    let mut found = Vec::new();
    for token in tokens(text) {
        let word = token.text(text);
        match token.kind {
            TokenKind::String | TokenKind::EscapeString => {
                found.extend(string_value(word).map(|it| it.into_owned()));
            }
            TokenKind::Number => match word.parse::<i64>() {
                Ok(number) => {
                    let near = [number, number.saturating_add(1), number.saturating_sub(1)];
                    found.extend(near.map(|it| it.to_string()));
                    // As long as a length that is asked for.
                    if (1..=200).contains(&number) {
                        found.push("x".repeat(number as usize));
                    }
                }
                Err(_) => found.push(word.to_owned()),
            },
            TokenKind::Word
            | TokenKind::QuotedIdent
            | TokenKind::BitString
            | TokenKind::DollarString
            | TokenKind::Parameter
            | TokenKind::Operator
            | TokenKind::Punctuation
            | TokenKind::Comment
            | TokenKind::Unterminated
            | TokenKind::Other => {}
        }
    }
    found
}

/// Values of a type. Types are made of types; deeper than a few there is nothing to be had.
fn of_type(ty: &DataType, catalog: &Catalog, depth: usize) -> Vec<String> {
    if depth > 4 {
        return Vec::new();
    }
    if ty.is_array() {
        let elements = of_type(&ty.element(), catalog, depth + 1);
        let array = |it: &String| format!("{{{}}}", quoted(it));
        let filled = elements.iter().take(3).map(array);
        return filled.chain(["{}".to_owned()]).collect();
    }
    match ty.name.user_defined() {
        Some(_) => of_user(ty, catalog, depth),
        None => builtin(&ty.name.name, ty.modifier.as_deref()),
    }
}

/// An element of an array or field of a row, in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn of_user(ty: &DataType, catalog: &Catalog, depth: usize) -> Vec<String> {
    let Some(name) = ty.name.user_defined() else {
        return Vec::new();
    };
    if let Some(it) = catalog.enums.get(&name) {
        return it.labels.clone();
    }
    if let Some(it) = catalog.domains.get(&name) {
        return of_type(&it.base, catalog, depth + 1);
    }
    let identity = name.to_string();
    let other = |kind: ObjectKind| {
        let mut others = catalog.others.iter();
        others.find(|it| it.id.kind == kind && it.id.identity == identity)
    };
    if let Some(it) = other(ObjectKind::CompositeType)
        && let Some(Attribute::Rows(fields)) = it.attributes.get("attributes")
    {
        let field = |it: &driftless_catalog::Fields| {
            let ty = it.get("type").and_then(|it| DataType::parse(it));
            let values = ty.map(|ty| of_type(&ty, catalog, depth + 1));
            let first = values.and_then(|it| it.into_iter().next());
            first.map(|it| quoted(&it)).unwrap_or_default()
        };
        let fields: Vec<String> = fields.iter().map(field).collect();
        return vec![format!("({})", fields.join(","))];
    }
    if other(ObjectKind::RangeType).is_some() {
        return vec!["empty".to_owned(), "(,)".to_owned()];
    }
    match &*ty.name.name {
        "citext" => builtin("text", ty.modifier.as_deref()),
        "hstore" => vec!["a=>1".to_owned(), String::new()],
        "ltree" => vec!["a.b".to_owned()],
        "vector" | "halfvec" => {
            let size = ty.modifier.as_deref().and_then(|it| it.parse().ok());
            vec![format!("[{}]", vec!["1"; size.unwrap_or(3)].join(","))]
        }
        _ => Vec::new(),
    }
}

/// Several values by a number that makes them differ.
fn numbered(make: impl Fn(u32) -> String) -> Vec<String> {
    (1..=VARIETY).map(make).collect()
}

fn builtin(name: &str, modifier: Option<&str>) -> Vec<String> {
    let length: Option<usize> = modifier.and_then(|it| it.trim().parse().ok());
    let several = |values: &[&str]| values.iter().map(|it| (*it).to_owned()).collect();
    match name {
        "int2" | "int4" | "int8" | "oid" | "money" => numbered(|it| it.to_string()),
        "float4" | "float8" => numbered(|it| format!("{it}.5")),
        "numeric" => numeric(modifier),
        "bool" => several(&["true", "false"]),
        "text" | "varchar" | "bpchar" | "name" | "char" => numbered(|it| {
            let text = format!("v{it}");
            let longest = length.unwrap_or(match name {
                "char" => 1,
                _ => text.len(),
            });
            // The end tells them apart.
            text.chars().rev().take(longest).collect::<String>()
        }),
        "uuid" => numbered(|it| format!("00000000-0000-4000-8000-{it:012}")),
        "date" => numbered(|it| format!("2024-01-{it:02}")),
        "timestamp" | "timestamptz" => numbered(|it| format!("2024-01-{it:02} 12:00:00+00")),
        "time" | "timetz" => numbered(|it| format!("{it:02}:00:00+00")),
        "interval" => numbered(|it| format!("{it} days")),
        "json" | "jsonb" => {
            let mut found = numbered(|it| format!("{{\"a\": {it}}}"));
            found.extend(several(&["[]", "{}"]));
            found
        }
        "bytea" => numbered(|it| format!("\\x{it:02x}")),
        "inet" => numbered(|it| format!("10.0.0.{it}")),
        "cidr" => numbered(|it| format!("10.0.{it}.0/24")),
        "macaddr" => numbered(|it| format!("08:00:2b:01:02:{it:02x}")),
        "macaddr8" => numbered(|it| format!("08:00:2b:01:02:03:04:{it:02x}")),
        "bit" => bits(length.unwrap_or(1)),
        "varbit" => bits(length.unwrap_or(4)),
        "xml" => numbered(|it| format!("<a>{it}</a>")),
        "point" => numbered(|it| format!("({it},{it})")),
        "line" => numbered(|it| format!("{{{it},1,0}}")),
        "lseg" => numbered(|it| format!("[(0,0),({it},{it})]")),
        "box" => numbered(|it| format!("({it},{it}),(0,0)")),
        "path" => numbered(|it| format!("[(0,0),({it},{it})]")),
        "polygon" => numbered(|it| format!("((0,0),({it},{it}),({it},0))")),
        "circle" => numbered(|it| format!("<(0,0),{it}>")),
        "tsvector" => numbered(|it| format!("'v{it}'")),
        "tsquery" => numbered(|it| format!("'v{it}'")),
        "int4range" | "int8range" | "numrange" => numbered(|it| format!("[{it}0,{it}5)")),
        "daterange" => numbered(|it| format!("[2024-01-{it:02},2024-01-{:02})", it + 1)),
        "tsrange" | "tstzrange" => {
            numbered(|it| format!("[\"2024-01-{it:02} 00:00\",\"2024-01-{it:02} 10:00\")"))
        }
        "int4multirange" | "int8multirange" | "nummultirange" => {
            numbered(|it| format!("{{[{it}0,{it}5)}}"))
        }
        "datemultirange" | "tsmultirange" | "tstzmultirange" => several(&["{}"]),
        "pg_lsn" => numbered(|it| format!("0/{it}")),
        "jsonpath" => several(&["$.a"]),
        "regclass" | "regtype" | "regproc" | "regrole" | "regnamespace" => several(&["0"]),
        _ => Vec::new(),
    }
}

fn numeric(modifier: Option<&str>) -> Vec<String> {
    let (precision, scale) = match modifier.map(|it| it.split_once(',').unwrap_or((it, "0"))) {
        Some((precision, scale)) => (precision.trim().parse().ok(), scale.trim().parse().ok()),
        None => (None, None),
    };
    let before: i32 = precision.unwrap_or(10) - scale.unwrap_or(0);
    let scale = scale.unwrap_or(2);
    numbered(|it| match before {
        ..=0 if scale <= 0 => "0".to_owned(),
        ..=0 => format!(
            "0.{}{}",
            "0".repeat(usize::try_from(-before).unwrap_or(0)),
            it % 10
        ),
        1 => (it % 10).to_string(),
        _ => it.to_string(),
    })
}

fn bits(length: usize) -> Vec<String> {
    let pattern = |number: u32| -> String {
        let bit = |at: usize| {
            if number >> (at % 32) & 1 == 1 {
                '1'
            } else {
                '0'
            }
        };
        (0..length).map(bit).collect()
    };
    numbered(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_catalog::Ident;

    #[test]
    fn a_check_names_values() {
        let expression = Expression::written("status = ANY (ARRAY['open'::text, 'don''t'::text])");
        assert_eq!(literals(&expression), ["open", "don't"]);
        let column = Column::new(Ident::new("a").unwrap(), DataType::builtin("int4"));
        assert_eq!(of_type(&column.data_type, &Catalog::default(), 0)[0], "1");
    }

    #[test]
    fn what_a_length_allows_is_short_enough() {
        let ty = DataType::parse("varchar(1)").unwrap();
        let found = of_type(&ty, &Catalog::default(), 0);
        assert!(found.iter().all(|it| it.len() == 1), "{found:?}");
        let ty = DataType::parse("numeric(2,2)").unwrap();
        assert_eq!(of_type(&ty, &Catalog::default(), 0)[0], "0.1");
    }
}
