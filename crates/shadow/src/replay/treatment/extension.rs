//! Extensions, and what stands in for them.
use driftless_sql_text::{Token, TokenKind, ident_value, quote_literal, string_value, tokens};

use super::{Parts, Sql, name_at, run};
use crate::database::Ground;
use crate::extension::{CreateExtension, mentions};
use crate::stub::Stub;

/// Creates an extension as the administrator, or makes a stand-in.
pub(super) fn create_extension(text: &str, ground: &Ground, stubs: &mut Vec<&'static Stub>) -> Sql {
    let statement = CreateExtension::all(text).into_iter().next();
    match statement.and_then(|it| creation(text, &it, ground, stubs)) {
        Some(sql) => Sql::Instead(sql),
        // The server says best that it does not have it.
        None => Sql::Original,
    }
}

/// SQL that creates an extension or its stand-in, unless there is neither.
fn creation(
    text: &str,
    statement: &CreateExtension,
    ground: &Ground,
    stubs: &mut Vec<&'static Stub>,
) -> Option<String> {
    let there = ground.extensions.contains(&statement.name);
    if let Some(stub) =
        Stub::of(&statement.name).filter(|it| !there || (it.always() && ground.superuser))
    {
        stubs.push(stub);
        let schema = statement.schema.as_deref();
        return Some(match ground.superuser {
            true => stub.create(schema, statement.if_not_exists, &ground.migrator),
            false => stub.create_plainly(schema),
        });
    }
    // A version is the platform's own business: this server has the one it has.
    let range = &statement.range;
    let cut = statement
        .version
        .as_ref()
        .map_or(range.end..range.end, Clone::clone);
    let sql = [&text[range.start..cut.start], &text[cut.end..range.end]].concat();
    match (there, ground.superuser) {
        (true, true) => Some(run(&sql)),
        (true, false) => Some(sql),
        (false, _) => None,
    }
}

pub(super) fn is_stood_in(text: &str, ground: &Ground) -> bool {
    let name = name_at(text, 2);
    name.is_some_and(|it| {
        Stub::of(&it).is_some_and(|stub| stub.always() || !ground.extensions.contains(&it))
    })
}

/// The statements inside the body of a `DO` block that make extensions, moved by `offset`. None has `tag` in it,
/// which would end the body.
pub(super) fn creations_in(
    body: &str,
    offset: usize,
    tag: &str,
    ground: &Ground,
    stubs: &mut Vec<&'static Stub>,
) -> Parts {
    let mut parts = Parts::new();
    for it in CreateExtension::all(body) {
        let sql = creation(body, &it, ground, stubs);
        let call =
            sql.map(|it| it.replace("SELECT driftless_shadow.", "PERFORM driftless_shadow."));
        if let Some(call) = call.filter(|call| !call.contains(tag)) {
            parts.push((it.range.start + offset..it.range.end + offset, call));
        }
    }
    parts
}

/// What of a statement a stand-in cannot bear, and SQL to run behind it that makes up for this.
///
/// The index methods of `vector` are hash indexes under other names, which know no `WITH (lists = 100)`: the
/// catalog is told. Shapes of `postgis` have no modifiers: `geometry(Point, 4326)` becomes `geometry`.
pub(super) fn relieve(text: &str, words: &[&str], ground: &Ground) -> (Parts, Option<String>) {
    let lacks = |name: &str| !ground.extensions.contains(name);
    match words {
        ["create", "index" | "unique", ..]
            if lacks("vector") && (mentions(text, "hnsw") || mentions(text, "ivfflat")) =>
        {
            index_options(text)
        }
        ["create" | "alter", ..]
            if lacks("postgis") && (mentions(text, "geometry") || mentions(text, "geography")) =>
        {
            (shapes(text), None)
        }
        _ => (Parts::new(), None),
    }
}

fn index_options(text: &str) -> (Parts, Option<String>) {
    let all: Vec<Token> = tokens(text)
        .filter(|it| it.kind != TokenKind::Comment)
        .collect();
    let with = all
        .windows(2)
        .position(|it| it[0].is_word(text, "with") && it[1].is(text, "("));
    let Some(with) = with else {
        return (Parts::new(), None);
    };
    let Some(length) = all[with..].iter().position(|it| it.is(text, ")")) else {
        return (Parts::new(), None);
    };
    let inside = &all[with + 2..with + length];
    let options: Vec<String> = inside
        .split(|it| it.is(text, ","))
        .map(|option| {
            let value = |it: &Token| {
                string_value(it.text(text))
                    .unwrap_or_else(|| ident_value(it.text(text)))
                    .into_owned()
            };
            option.iter().map(value).collect()
        })
        .collect();
    let cut = all[with].start..all[with + length].end;
    let options = quote_literal(&options.join(","));
    let after = format!("SELECT driftless_shadow.keep_options(string_to_array({options}, ','))");
    (vec![(cut, String::new())], Some(after))
}

fn shapes(text: &str) -> Parts {
    let all: Vec<Token> = tokens(text)
        .filter(|it| it.kind != TokenKind::Comment)
        .collect();
    let kinds = [
        "point", "line", "polygon", "multi", "geometry", "circular", "compound", "curve",
        "surface", "tin", "triangle",
    ];
    let mut parts = Parts::new();
    for window in all.windows(3) {
        let [name, open, kind] = window else { continue };
        let is_shape = matches!(
            ident_value(name.text(text)).as_ref(),
            "geometry" | "geography"
        );
        let kind_name = kind.text(text).to_ascii_lowercase();
        if is_shape && open.is(text, "(") && kinds.iter().any(|it| kind_name.starts_with(it)) {
            let end = text[open.end..].find(')').map(|at| open.end + at + 1);
            parts.extend(end.map(|end| (open.start..end, String::new())));
        }
    }
    parts
}
