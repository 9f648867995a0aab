//! SQL that mends a finding, so that it can be copied from a terminal.

use std::ops::Range;

use driftless_sql_text::{Token, TokenKind, tokens};

use crate::style::harmless;

/// No more lines of a fix are shown.
const LONGEST: usize = 20;

/// SQL as it is shown.
pub(crate) struct ShownSql {
    /// Its lines, without the last line break.
    pub(crate) text: String,
    /// Whether a body, a string or a name goes over several lines: white space that is added to them would
    /// become part of it.
    pub(crate) verbatim: bool,
    /// Whether characters are shown by their numbers, so that this is not the SQL to run.
    pub(crate) escaped: bool,
}

/// What is said of [`ShownSql::escaped`].
pub(crate) const ESCAPED: &str =
    "the SQL has control characters, which are shown escaped here: take it from --format json";

impl ShownSql {
    /// The first lines of `sql`, and how many there are more.
    pub(crate) fn new(sql: &str) -> Self {
        let all: Vec<Token> = tokens(sql).collect();
        // White space at the end of a token that is never closed is part of it.
        let sql = &sql[..all.last().map_or(0, |it| it.end)];
        let is_long = |it: &&Token| is_kept(it.kind) && it.text(sql).contains('\n');
        let long: Vec<Range<usize>> = all.iter().filter(is_long).map(Token::range).collect();
        let mut text = harmless(sql);
        let escaped = text != sql;
        let lines = sql.split('\n').count();
        if lines > LONGEST {
            let (last, _) = sql
                .match_indices('\n')
                .nth(LONGEST - 1)
                .unwrap_or((sql.len(), ""));
            let inside = long.iter().any(|it| it.start < last && last < it.end);
            let more = lines - LONGEST;
            let rest = match (inside, more) {
                (true, 1) => "1 line more of what is cut here in the middle".to_owned(),
                (true, _) => format!("{more} lines more of what is cut here in the middle"),
                (false, 1) => "1 line more".to_owned(),
                (false, _) => format!("{more} lines more"),
            };
            text = format!("{}\n… and {rest}, in --format json", harmless(&sql[..last]));
        }
        Self {
            text,
            verbatim: !long.is_empty(),
            escaped,
        }
    }
}

/// Whether white space inside of a token means something.
fn is_kept(kind: TokenKind) -> bool {
    match kind {
        TokenKind::QuotedIdent
        | TokenKind::String
        | TokenKind::EscapeString
        | TokenKind::BitString
        | TokenKind::DollarString
        | TokenKind::Unterminated => true,
        TokenKind::Word
        | TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Operator
        | TokenKind::Punctuation
        | TokenKind::Comment
        | TokenKind::Other => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_over_several_lines_is_kept_as_it_is() {
        for (sql, verbatim) in [
            ("select 1,\n  2;\n", false),
            ("/* a\n b */ select 1;", false),
            ("do $$a \n\n b$$;\n\n", true),
            ("select 'a\nb'", true),
            ("select E'a\nb'", true),
            ("drop table \"a\nb\"", true),
            ("select 'a \n ", true),
        ] {
            let shown = ShownSql::new(sql);
            assert_eq!(shown.verbatim, verbatim, "{sql}");
            assert!(!shown.escaped);
        }
        assert_eq!(
            ShownSql::new("do $$a \n\n b$$;\n\n").text,
            "do $$a \n\n b$$;"
        );
        assert_eq!(ShownSql::new("select 'a \n ").text, "select 'a \n ");
        assert_eq!(ShownSql::new(" \n").text, "");
    }

    #[test]
    fn characters_that_are_escaped_are_told() {
        let shown = ShownSql::new("select 'a\r\nb';");
        assert_eq!(shown.text, "select 'a\\u{d}\nb';");
        assert!(shown.escaped && shown.verbatim);
    }

    #[test]
    fn where_a_long_text_is_cut_is_told() {
        let last = |sql: &str| {
            let shown = ShownSql::new(sql).text;
            assert_eq!(shown.lines().count(), LONGEST + 1);
            shown.lines().last().unwrap().to_owned()
        };
        assert_eq!(
            last(&"select 1;\n".repeat(25)),
            "… and 5 lines more, in --format json"
        );
        assert_eq!(
            last(&format!("do $$\n{}$$;", "a\n".repeat(21))),
            "… and 3 lines more of what is cut here in the middle, in --format json"
        );
        let whole = "select 1;\n".repeat(LONGEST);
        assert_eq!(ShownSql::new(&whole).text, whole.trim_end());
    }
}
