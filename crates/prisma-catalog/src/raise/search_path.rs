//! Expressions as a server prints them to somebody whose search path has the default schema.

use std::borrow::Cow;

use driftless_catalog::Ident;
use driftless_sql_text::{Token, TokenKind, ident_value, quote_literal, string_value, tokens};

/// `expression`, which was printed with an empty search path, as it is printed where `schema` is searched:
/// without that schema's name, also inside of `'…'::regclass` and `OPERATOR(…)`.
pub(super) fn visible<'e>(expression: &'e str, schema: &Ident) -> Cow<'e, str> {
    if !expression.contains(schema.as_str()) {
        return Cow::Borrowed(expression);
    }
    let all: Vec<Token> = tokens(expression).collect();
    let text = |at: usize| all.get(at).map(|it: &Token| it.text(expression));
    let mut out = String::with_capacity(expression.len());
    let mut copied = 0;
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let follows_dot = at > 0 && text(at - 1) == Some(".");
        if token.kind == TokenKind::String && is_object_name(expression, &all[at + 1..]) {
            let name = string_value(token.text(expression)).unwrap_or_default();
            out.push_str(&expression[copied..token.start]);
            out.push_str(&quote_literal(&visible(&name, schema)));
            copied = token.end;
        } else if names(token, expression, schema) && text(at + 1) == Some(".") && !follows_dot {
            let operator =
                at > 1 && text(at - 1) == Some("(") && is_operator(expression, &all[at - 2]);
            // `OPERATOR(public.=)` is `=` where the schema is searched.
            let start = if operator {
                all[at - 2].start
            } else {
                token.start
            };
            out.push_str(&expression[copied..start]);
            copied = all[at + 1].end;
            if let (true, Some(symbol)) = (operator, all.get(at + 2)) {
                out.push_str(symbol.text(expression));
                copied = all.get(at + 3).map_or(symbol.end, |it| it.end);
                at += 2;
            }
            at += 1;
        }
        at += 1;
    }
    out.push_str(&expression[copied..]);
    Cow::Owned(out)
}

fn names(token: &Token, expression: &str, schema: &Ident) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent)
        && *schema == *ident_value(token.text(expression))
}

fn is_operator(expression: &str, token: &Token) -> bool {
    token.kind == TokenKind::Word && token.text(expression) == "OPERATOR"
}

/// Whether a string is the name of an object: a cast to one of the `reg…` types follows.
fn is_object_name(expression: &str, behind: &[Token]) -> bool {
    let [cast, ty, ..] = behind else {
        return false;
    };
    cast.is(expression, "::")
        && ty.kind == TokenKind::Word
        && ty.text(expression).starts_with("reg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_searched_schema_goes() {
        let public = Ident::new("public").unwrap();
        for (printed, expected) in [
            ("public.f()", "f()"),
            ("'a'::public.\"Role\"", "'a'::\"Role\""),
            (
                "nextval('public.\"T_id_seq\"'::regclass)",
                "nextval('\"T_id_seq\"'::regclass)",
            ),
            ("other.f('public.x'::text)", "other.f('public.x'::text)"),
            ("(a OPERATOR(public.~~) b)", "(a ~~ b)"),
            ("x.public.y", "x.public.y"),
            ("(public.f() + public.g())", "(f() + g())"),
        ] {
            assert_eq!(visible(printed, &public), expected);
        }
    }
}
