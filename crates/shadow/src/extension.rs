//! Extensions that a script asks for.

use std::collections::BTreeSet;

use driftless_sql_text::{TokenKind, ident_value, string_value, tokens};

/// The names of the extensions that `sql` may create: whatever follows `CREATE EXTENSION`, inside the
/// bodies of `DO` blocks too.
pub fn extensions_in(sql: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(sql, &mut found);
    found
}

fn collect(sql: &str, found: &mut BTreeSet<String>) {
    let mut last = ["".to_owned(), "".to_owned()];
    let mut expected = false;
    for token in tokens(sql) {
        let text = token.text(sql);
        match token.kind {
            TokenKind::Comment => continue,
            TokenKind::DollarString | TokenKind::String | TokenKind::EscapeString => {
                let body = string_value(text).unwrap_or_default();
                // Only text that could hold the words is worth reading a second time.
                if body.len() > 16 && contains_word(&body) {
                    collect(&body, found);
                }
            }
            TokenKind::Word | TokenKind::QuotedIdent => {
                let word = ident_value(text).into_owned();
                let skipped = token.kind == TokenKind::Word
                    && matches!(word.as_str(), "if" | "not" | "exists");
                if expected && !skipped {
                    found.insert(word.clone());
                    expected = false;
                }
                expected |= last[1] == "create" && word == "extension";
                last = [std::mem::take(&mut last[1]), word];
                continue;
            }
            TokenKind::BitString
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Operator
            | TokenKind::Punctuation
            | TokenKind::Unterminated
            | TokenKind::Other => {}
        }
        expected = false;
    }
}

fn contains_word(text: &str) -> bool {
    let word = b"extension";
    text.as_bytes()
        .windows(word.len())
        .any(|it| it.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_ask_for_an_extension_is_seen() {
        let sql = "create extension hstore; CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" with schema extensions;
            -- create extension no;
            do $$ begin create extension if not exists citext; execute 'create extension ltree'; end $$;
            drop extension vector; select 'extension';";
        let found: Vec<String> = extensions_in(sql).into_iter().collect();
        assert_eq!(found, ["citext", "hstore", "ltree", "uuid-ossp"]);
    }
}
