//! Extensions that a script asks for.

use std::collections::BTreeSet;
use std::ops::Range;

use driftless_sql_text::{Token, TokenKind, ident_value, string_value, tokens};

/// A `CREATE EXTENSION` statement, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CreateExtension {
    pub(crate) name: String,
    pub(crate) if_not_exists: bool,
    pub(crate) schema: Option<String>,
    /// Where `VERSION …` stands.
    pub(crate) version: Option<Range<usize>>,
    /// The whole statement.
    pub(crate) range: Range<usize>,
}

impl CreateExtension {
    /// The statements in `sql`, wherever they stand in it.
    pub(crate) fn all(sql: &str) -> Vec<Self> {
        let tokens: Vec<Token> = tokens(sql)
            .filter(|it| it.kind != TokenKind::Comment)
            .collect();
        (0..tokens.len())
            .filter_map(|start| Self::read(sql, &tokens[start..]))
            .collect()
    }

    fn read(sql: &str, tokens: &[Token]) -> Option<Self> {
        let mut at = 0;
        let mut word = |wanted: &str| {
            let fits = tokens.get(at).is_some_and(|it| it.is_word(sql, wanted));
            at += usize::from(fits);
            fits
        };
        if !(word("create") && word("extension")) {
            return None;
        }
        let if_not_exists = word("if") && word("not") && word("exists");
        let name = name_of(sql, tokens.get(at)?)?;
        let mut found = Self {
            name,
            if_not_exists,
            schema: None,
            version: None,
            range: tokens[0].start..tokens[at].end,
        };
        at += 1;
        while let Some(token) = tokens.get(at).filter(|it| it.kind == TokenKind::Word) {
            let value = tokens.get(at + 1);
            match ident_value(token.text(sql)).as_ref() {
                "schema" => found.schema = Some(name_of(sql, value?)?),
                "version" => found.version = Some(token.start..value?.end),
                "with" | "cascade" => {
                    found.range.end = token.end;
                    at += 1;
                    continue;
                }
                _ => break,
            }
            found.range.end = value?.end;
            at += 2;
        }
        Some(found)
    }
}

/// The name that a token stands for; a version may be a string.
fn name_of(sql: &str, token: &Token) -> Option<String> {
    let text = token.text(sql);
    match token.kind {
        TokenKind::Word | TokenKind::QuotedIdent => Some(ident_value(text).into_owned()),
        TokenKind::String
        | TokenKind::EscapeString
        | TokenKind::BitString
        | TokenKind::DollarString
        | TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Operator
        | TokenKind::Punctuation
        | TokenKind::Comment
        | TokenKind::Unterminated
        | TokenKind::Other => None,
    }
}

/// The names of the extensions that `sql` may create: whatever follows `CREATE EXTENSION`, inside the
/// bodies of `DO` blocks and in strings too.
pub fn extensions_in(sql: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = CreateExtension::all(sql)
        .into_iter()
        .map(|it| it.name)
        .collect();
    for token in tokens(sql) {
        let text = token.text(sql);
        // Only text that could hold the words is worth reading a second time.
        if let Some(body) =
            string_value(text).filter(|it| it.len() > 16 && mentions(it, "extension"))
        {
            found.extend(extensions_in(&body));
        }
    }
    found
}

/// Whether `text` has `word`, in any case, anywhere.
pub(crate) fn mentions(text: &str, word: &str) -> bool {
    let mut windows = text.as_bytes().windows(word.len());
    windows.any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
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

    #[test]
    fn the_clauses_of_a_statement_are_told_apart() {
        let sql = "create extension if not exists \"pg_net\" with schema \"extensions\" version '0.7.1' cascade;";
        let found = CreateExtension::all(sql).remove(0);
        assert_eq!(found.name, "pg_net");
        assert!(found.if_not_exists);
        assert_eq!(found.schema.as_deref(), Some("extensions"));
        assert_eq!(&sql[found.version.unwrap()], "version '0.7.1'");
        assert_eq!(&sql[found.range], &sql[..sql.len() - 1]);
        let bare = CreateExtension::all("create extension hstore");
        assert_eq!(
            (bare[0].if_not_exists, bare[0].schema.clone()),
            (false, None)
        );
        assert_eq!(CreateExtension::all("create extension"), []);
    }
}
