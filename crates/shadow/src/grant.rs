//! What `GRANT` and `REVOKE` statements are about, as their text tells: the server notes no objects for them.

use driftless_finding::{Sources, Span};
use driftless_sql_text::{Token, TokenKind, ident_value, tokens};

/// A `GRANT` or `REVOKE` of privileges on objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) span: Span,
    target: Target,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// Objects by name; a schema is there if the statement says it.
    Named(Vec<(Option<String>, String)>),
    /// All objects of these schemas.
    Schemas(Vec<String>),
}

/// Those among `statements`, in their order.
pub(crate) fn all(statements: &[Span], sources: &Sources) -> Vec<Grant> {
    let read = |span: &Span| {
        let target = read(sources.text(*span))?;
        Some(Grant {
            span: *span,
            target,
        })
    };
    statements.iter().filter_map(read).collect()
}

impl Grant {
    /// Whether it is about the object, named as `pg_identify_object` does.
    pub(crate) fn is_about(&self, object_type: &str, identity: &str) -> bool {
        let parts = names(identity, &mut tokens(identity).peekable());
        let Some((schema, name)) = parts.filter(|_| object_type != "table column") else {
            return false;
        };
        match &self.target {
            Target::Named(names) => names.iter().any(|(own_schema, own)| {
                *own == name && (own_schema.is_none() || *own_schema == schema)
            }),
            Target::Schemas(schemas) => schema.is_some_and(|it| schemas.contains(&it)),
        }
    }
}

/// `GRANT privileges ON [kind] names TO …`, `REVOKE … FROM …`; not the granting of roles.
fn read(sql: &str) -> Option<Target> {
    let mut tokens = tokens(sql)
        .filter(|it| it.kind != TokenKind::Comment)
        .peekable();
    let first = tokens.next()?;
    if !first.is_word(sql, "grant") && !first.is_word(sql, "revoke") {
        return None;
    }
    tokens.find(|it| it.is_word(sql, "on"))?;
    let mut in_schema = false;
    let kinds = [
        "all",
        "tables",
        "table",
        "sequences",
        "sequence",
        "functions",
        "function",
        "routines",
        "routine",
        "procedures",
        "procedure",
        "in",
        "schema",
        "type",
        "domain",
        "foreign",
        "server",
        "data",
        "wrapper",
        "large",
        "object",
        "database",
        "language",
        "materialized",
        "view",
    ];
    while let Some(token) = tokens.next_if(|it| kinds.iter().any(|kind| it.is_word(sql, kind))) {
        in_schema |= token.is_word(sql, "in");
    }
    let mut found = Vec::new();
    while let Some(name) = names(sql, &mut tokens) {
        found.push(name);
        let mut depth = 0_usize;
        // The arguments of a function.
        while let Some(token) = tokens.next_if(|it| depth > 0 || it.is(sql, "(")) {
            depth = match token.text(sql) {
                "(" => depth + 1,
                ")" => depth.saturating_sub(1),
                _ => depth,
            };
        }
        if tokens.next_if(|it| it.is(sql, ",")).is_none() {
            break;
        }
    }
    Some(match in_schema {
        true => Target::Schemas(found.into_iter().map(|(_, name)| name).collect()),
        false => Target::Named(found),
    })
}

/// A name of one or two parts.
fn names(
    sql: &str,
    tokens: &mut std::iter::Peekable<impl Iterator<Item = Token>>,
) -> Option<(Option<String>, String)> {
    let is_name = |it: &Token| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent);
    let value = |it: Token| ident_value(it.text(sql)).into_owned();
    let first = value(tokens.next_if(is_name)?);
    match tokens.next_if(|it| it.is(sql, ".")) {
        Some(_) => Some((Some(first), value(tokens.next_if(is_name)?))),
        None => Some((None, first)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_about_what_it_names() {
        for (sql, object_type, identity, expected) in [
            (
                "grant select on users to anon",
                "table",
                "public.users",
                true,
            ),
            (
                "grant select (id, name) on table app.users, app.\"T\" to anon",
                "table",
                "app.\"T\"",
                true,
            ),
            (
                "grant select on app.users to anon",
                "table",
                "public.users",
                false,
            ),
            (
                "revoke all on function f(int, text), g() from public",
                "function",
                "public.g()",
                true,
            ),
            (
                "revoke execute on all functions in schema app, private from anon",
                "function",
                "private.f(integer)",
                true,
            ),
            ("grant usage on schema app to anon", "schema", "app", true),
            ("grant admin to me", "table", "public.admin", false),
            ("select 1", "table", "public.t", false),
        ] {
            let mut sources = Sources::new();
            let source = sources.add("f", sql).unwrap();
            let span = sources.span(source, 0..sql.len());
            let found = all(&[span], &sources);
            assert_eq!(
                found.iter().any(|it| it.is_about(object_type, identity)),
                expected,
                "{sql}"
            );
        }
    }
}
