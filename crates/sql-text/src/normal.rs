//! Two texts that differ only in what does not matter.

use crate::{TokenKind, ident_value, quote_ident, quote_literal, string_value, tokens};

/// `sql` with one space between tokens, comments dropped, names and keywords in their shortest spelling
/// and strings in plain quotes.
///
/// Texts with the same normal form mean the same. Texts with different ones may still mean the same:
/// only a server can tell.
///
/// ```
/// use driftless_sql_text::normal_form;
///
/// assert_eq!(normal_form("NOW ( ) -- soon"), "now()");
/// assert_eq!(normal_form("\"a\"+ E'x'"), "a + 'x'");
/// ```
pub fn normal_form(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    // Brackets, points, commas and casts bind to their neighbours: no space is kept beside them.
    let mut glued = true;
    for token in tokens(sql) {
        let text = token.text(sql);
        let tight = matches!(text, "(" | ")" | "[" | "]" | "," | "." | "::" | ";");
        let piece = match token.kind {
            TokenKind::Comment => continue,
            TokenKind::Word => ident_value(text),
            TokenKind::QuotedIdent => quote_ident(&ident_value(text)).into_owned().into(),
            TokenKind::String | TokenKind::EscapeString | TokenKind::DollarString => {
                string_value(text).map_or(text.into(), |it| quote_literal(&it).into())
            }
            TokenKind::BitString
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Operator
            | TokenKind::Punctuation
            | TokenKind::Unterminated
            | TokenKind::Other => text.into(),
        };
        if !glued && !tight {
            out.push(' ');
        }
        out.push_str(&piece);
        glued = tight && text != ")" && text != "]";
    }
    out
}

/// Whether `a` and `b` have the same normal form.
pub fn same_tokens(a: &str, b: &str) -> bool {
    a == b || normal_form(a) == normal_form(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        for (a, b) in [
            ("Gen_Random_UUID()", "gen_random_uuid ( )"),
            ("a = 'x'", "a='x'"),
            ("\"a\".\"b\"", "a . b"),
            ("$$it's$$", "'it''s'"),
            ("lower(a)/* */||'b'", "LOWER ( a ) || 'b'"),
        ] {
            assert!(same_tokens(a, b), "{} | {}", normal_form(a), normal_form(b));
        }
    }

    #[test]
    fn meaning_does() {
        for (a, b) in [
            ("\"A\"", "a"),
            ("'A'", "'a'"),
            ("a b", "ab"),
            ("1 - -1", "1 --1"),
            ("\"user\"", "user"),
        ] {
            assert!(
                !same_tokens(a, b),
                "{} | {}",
                normal_form(a),
                normal_form(b)
            );
        }
    }
}
