use std::borrow::Cow;

use crate::{Token, TokenKind, ident_value, string_value, tokens};

/// Whether `a` and `b` have the same names, words, operators and constants in the same order, casts and
/// brackets left out.
///
/// A server that reads what it has printed and prints it again may print another text: casts and brackets
/// come, go and move. Texts with different skeletons stay different however often that is done; texts with the
/// same one may mean the same, or not: only a server can tell.
///
/// ```
/// use driftless_sql_text::same_skeleton;
///
/// assert!(same_skeleton("ARRAY['a'::varchar]::text[]", "ARRAY[('a'::varchar)::text]"));
/// assert!(!same_skeleton("status = 'open'::text", "status <> 'open'::text"));
/// ```
pub fn same_skeleton(a: &str, b: &str) -> bool {
    bones(a).eq(bones(b))
}

/// Words that follow the name of a type and belong to it. They are left out everywhere, so that it does not
/// matter where a type ends.
const TYPE_WORDS: &[&str] = &[
    "varying",
    "precision",
    "with",
    "without",
    "time",
    "zone",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "to",
];

fn bones(sql: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut tokens = tokens(sql).peekable();
    std::iter::from_fn(move || {
        loop {
            let token = tokens.next()?;
            if token.is(sql, "::") {
                skip_type(sql, &mut tokens);
                continue;
            }
            if let Some(bone) = bone(sql, &token) {
                return Some(bone);
            }
        }
    })
}

/// Skips the name of a type, and its modifier.
fn skip_type(sql: &str, tokens: &mut std::iter::Peekable<impl Iterator<Item = Token>>) {
    tokens.next();
    while tokens.next_if(|it| it.is(sql, ".")).is_some() {
        tokens.next();
    }
    while tokens
        .next_if(|it| TYPE_WORDS.iter().any(|word| it.is_word(sql, word)))
        .is_some()
    {}
    // What a cast is made to is never called: a bracket that opens behind it holds a modifier.
    if tokens.next_if(|it| it.is(sql, "(")).is_some() {
        while tokens.next().is_some_and(|it| !it.is(sql, ")")) {}
    }
}

fn bone<'a>(sql: &'a str, token: &Token) -> Option<Cow<'a, str>> {
    let text = token.text(sql);
    match token.kind {
        TokenKind::Comment => None,
        TokenKind::Punctuation => {
            (!matches!(text, "(" | ")" | "[" | "]")).then_some(Cow::Borrowed(text))
        }
        TokenKind::Word if TYPE_WORDS.iter().any(|it| token.is_word(sql, it)) => None,
        TokenKind::Word | TokenKind::QuotedIdent => Some(ident_value(text)),
        // A constant with a sign is a string with a cast, or a number behind an operator.
        TokenKind::Operator if text == "-" => None,
        TokenKind::String | TokenKind::EscapeString | TokenKind::DollarString => {
            let value = string_value(text).unwrap_or(Cow::Borrowed(text));
            match value.strip_prefix('-') {
                Some(number) => Some(Cow::Owned(number.to_owned())),
                None => Some(value),
            }
        }
        TokenKind::BitString
        | TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Operator
        | TokenKind::Unterminated
        | TokenKind::Other => Some(Cow::Borrowed(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_and_brackets_do_not_count() {
        for (a, b) in [
            (
                "((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
                "((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text]))",
            ),
            ("((a AND b) AND c)", "(a AND b AND c)"),
            ("a > '-1'::integer", "a > (- 1)"),
            ("a::numeric(12,2)", "a::numeric"),
            ("'x'::public.\"Role\"[]", "x"),
            ("t::timestamp(3) without time zone = now()", "t = now()"),
            ("i = '1 day'::interval day to second(3)", "i = '1 day'"),
        ] {
            assert!(same_skeleton(a, b), "{a} | {b}");
        }
    }

    #[test]
    fn names_words_operators_and_constants_do() {
        for (a, b) in [
            (
                "status = 'open'::public.status",
                "status <> 'closed'::public.status",
            ),
            ("qty >= 0", "((qty >= 0) AND (qty < 1000000))"),
            ("tenant_id = auth.uid()", "owner_id = auth.uid()"),
            ("a = 'x'", "a = 'X'"),
            ("f(a, b)", "f(b, a)"),
            ("SELECT a.id FROM a", "SELECT a.id, a.title FROM a"),
            ("ARRAY['a', 'b']", "ARRAY['a, b']"),
        ] {
            assert!(!same_skeleton(a, b), "{a} | {b}");
        }
    }
}
