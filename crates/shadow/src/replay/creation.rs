//! Which statements of a history make which objects, as far as their text tells.
//!
//! Only failures are looked up here: the text says enough to point at a statement, and nothing else is
//! concluded from it.

use driftless_finding::{SourceId, Sources, Span};
use driftless_sql_text::{
    StatementKind, Token, TokenKind, ident_value, statements, string_value, tokens,
};

/// A sort of objects whose names do not get in each other's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Tables, views, materialized views, sequences, indexes, foreign tables.
    Relation,
    Function,
    Type,
    Schema,
    Role,
    Policy,
    Trigger,
    Extension,
    Publication,
    Column,
    Constraint,
    /// Of an enum.
    Label,
}

/// A statement that makes, or drops, an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Creation {
    pub(super) sort: Sort,
    /// The word that the statement has for it: `materialized view`.
    pub(super) word: &'static str,
    /// The schema, if the statement says it.
    pub(super) schema: Option<String>,
    pub(super) name: String,
    /// The statement.
    pub(super) span: Span,
    /// Whether it drops the object instead.
    pub(super) drops: bool,
}

/// Everything that the files of a history make and drop, in their order.
pub(super) fn creations(sources: &Sources, files: &[SourceId]) -> Vec<Creation> {
    let mut found = Vec::new();
    for file in files {
        let text = sources.file(*file).text();
        for statement in statements(text) {
            let span = sources.span(*file, statement.range.clone());
            match (statement.kind, statement.words.first().map(String::as_str)) {
                (StatementKind::PsqlCommand | StatementKind::CopyFromStdin { .. }, _) => {}
                (_, Some("create" | "alter" | "drop")) => {
                    read(sources.text(span), span, &mut found)
                }
                (_, Some("do")) => read_block(sources.text(span), span, &mut found),
                _ => {}
            }
        }
    }
    found
}

/// The statements inside a `DO` block; the whole block counts as their place.
fn read_block(sql: &str, span: Span, found: &mut Vec<Creation>) {
    for token in tokens(sql).filter(|it| it.kind == TokenKind::DollarString) {
        let body = string_value(token.text(sql)).unwrap_or_default();
        let starts =
            tokens(&body).filter(|it| it.is_word(&body, "create") || it.is_word(&body, "alter"));
        for start in starts {
            let end = body[start.start..]
                .find(';')
                .map_or(body.len(), |at| start.start + at);
            read(&body[start.start..end], span, found);
        }
    }
}

fn read(sql: &str, span: Span, found: &mut Vec<Creation>) {
    let all: Vec<Token> = tokens(sql)
        .filter(|it| it.kind != TokenKind::Comment)
        .collect();
    let mut reader = Reader { sql, tokens: &all };
    let drops = match reader.word().as_deref() {
        Some("create") => false,
        Some("drop") => true,
        Some("alter") => return read_alter(reader, span, found),
        _ => return,
    };
    while reader.skip(&[
        "or",
        "replace",
        "temp",
        "temporary",
        "global",
        "local",
        "unlogged",
        "recursive",
        "unique",
        "foreign",
        "constraint",
        "event",
    ]) {}
    let Some((sort, word)) = reader.sort() else {
        return;
    };
    while reader.skip(&["concurrently", "if", "not", "exists"]) {}
    loop {
        let Some((schema, name)) = reader.name() else {
            return;
        };
        found.push(Creation {
            sort,
            word,
            schema,
            name,
            span,
            drops,
        });
        if !(drops && reader.skip_text(",")) {
            break;
        }
    }
    if !drops && word == "table" {
        reader.columns(span, found);
    }
}

/// `ALTER TABLE … ADD COLUMN`, `ADD CONSTRAINT` and `RENAME`.
fn read_alter(mut reader: Reader<'_>, span: Span, found: &mut Vec<Creation>) {
    while reader.skip(&["foreign"]) {}
    let Some((sort, word)) = reader.sort() else {
        return;
    };
    while reader.skip(&["only", "if", "exists"]) {}
    if reader.name().is_none() {
        return;
    }
    let mut depth = 0_usize;
    let mut made = |sort: Sort, word: &'static str, name: Option<(Option<String>, String)>| {
        if let Some((schema, name)) = name {
            found.push(Creation {
                sort,
                word,
                schema,
                name,
                span,
                drops: false,
            });
        }
    };
    while let Some(token) = reader.tokens.first() {
        let text = token.text(reader.sql);
        depth = match text {
            "(" => depth + 1,
            ")" => depth.saturating_sub(1),
            _ => depth,
        };
        if depth == 0 && reader.skip(&["add"]) {
            if reader.skip(&["value"]) {
                while reader.skip(&["if", "not", "exists"]) {}
                let label = reader
                    .tokens
                    .first()
                    .and_then(|it| string_value(it.text(reader.sql)));
                made(
                    Sort::Label,
                    "label",
                    label.map(|it| (None, it.into_owned())),
                );
            } else if reader.skip(&["constraint"]) {
                made(Sort::Constraint, "constraint", reader.name());
            } else if !["primary", "unique", "check", "foreign", "exclude", "table"]
                .iter()
                .any(|it| reader.at_word(it))
            {
                while reader.skip(&["column", "if", "not", "exists"]) {}
                made(Sort::Column, "column", reader.name());
            }
        } else if depth == 0 && reader.skip(&["rename"]) {
            let (column, constraint) = (reader.skip(&["column"]), reader.skip(&["constraint"]));
            let whole = reader.at_word("to");
            if !whole {
                reader.name();
            }
            if reader.skip(&["to"]) {
                let name = reader.name();
                match (whole, column, constraint) {
                    (true, ..) => made(sort, word, name),
                    (false, _, true) => made(Sort::Constraint, "constraint", name),
                    (false, ..) => made(Sort::Column, "column", name),
                }
            }
        } else {
            reader.tokens = &reader.tokens[1..];
        }
    }
}

struct Reader<'a> {
    sql: &'a str,
    tokens: &'a [Token],
}

impl Reader<'_> {
    fn at_word(&self, word: &str) -> bool {
        self.tokens
            .first()
            .is_some_and(|it| it.is_word(self.sql, word))
    }

    fn word(&mut self) -> Option<String> {
        let token = self
            .tokens
            .first()
            .filter(|it| it.kind == TokenKind::Word)?;
        self.tokens = &self.tokens[1..];
        Some(ident_value(token.text(self.sql)).into_owned())
    }

    fn skip(&mut self, words: &[&str]) -> bool {
        let fits = words.iter().any(|it| self.at_word(it));
        if fits {
            self.tokens = &self.tokens[1..];
        }
        fits
    }

    fn skip_text(&mut self, text: &str) -> bool {
        let fits = self.tokens.first().is_some_and(|it| it.is(self.sql, text));
        if fits {
            self.tokens = &self.tokens[1..];
        }
        fits
    }

    fn sort(&mut self) -> Option<(Sort, &'static str)> {
        Some(match self.word()?.as_str() {
            "table" => (Sort::Relation, "table"),
            "view" => (Sort::Relation, "view"),
            "materialized" => {
                self.skip(&["view"]);
                (Sort::Relation, "materialized view")
            }
            "sequence" => (Sort::Relation, "sequence"),
            "index" => (Sort::Relation, "index"),
            "function" => (Sort::Function, "function"),
            "procedure" => (Sort::Function, "procedure"),
            "aggregate" => (Sort::Function, "aggregate"),
            "type" => (Sort::Type, "type"),
            "domain" => (Sort::Type, "domain"),
            "schema" => (Sort::Schema, "schema"),
            "role" | "user" | "group" => (Sort::Role, "role"),
            "policy" => (Sort::Policy, "policy"),
            "trigger" => (Sort::Trigger, "trigger"),
            "extension" => (Sort::Extension, "extension"),
            "publication" => (Sort::Publication, "publication"),
            _ => return None,
        })
    }

    /// A name of one or two parts.
    fn name(&mut self) -> Option<(Option<String>, String)> {
        let mut part = || {
            let token = self.tokens.first()?;
            let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent);
            let name = is_name.then(|| ident_value(token.text(self.sql)).into_owned())?;
            self.tokens = &self.tokens[1..];
            Some(name)
        };
        let first = part()?;
        match self.skip_text(".") {
            true => Some((Some(first), self.name()?.1)),
            false => Some((None, first)),
        }
    }

    /// The columns of a `CREATE TABLE`, whose list begins here.
    fn columns(&mut self, span: Span, found: &mut Vec<Creation>) {
        let mut depth = 0_usize;
        let mut starts = false;
        for token in self.tokens {
            let text = token.text(self.sql);
            match text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            let other = [
                "constraint",
                "primary",
                "unique",
                "check",
                "foreign",
                "exclude",
                "like",
            ];
            let is_name = match token.kind {
                TokenKind::QuotedIdent => true,
                TokenKind::Word => !other.iter().any(|it| token.is_word(self.sql, it)),
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
                | TokenKind::Other => false,
            };
            if starts && is_name {
                found.push(Creation {
                    sort: Sort::Column,
                    word: "column",
                    schema: None,
                    name: ident_value(text).into_owned(),
                    span,
                    drops: false,
                });
            }
            starts = depth == 1 && matches!(text, "(" | ",");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(sql: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let id = sources.add("f", sql).unwrap();
        creations(&sources, &[id])
            .iter()
            .map(|it| {
                let schema = it
                    .schema
                    .as_ref()
                    .map(|it| format!("{it}."))
                    .unwrap_or_default();
                format!(
                    "{}{} {schema}{}",
                    if it.drops { "drop " } else { "" },
                    it.word,
                    it.name
                )
            })
            .collect()
    }

    #[test]
    fn every_way_to_make_an_object_is_seen() {
        for (sql, expected) in [
            (
                "create table if not exists public.\"T\" (id int primary key, \"a b\" numeric(10, 2), constraint c check (id > 0))",
                &["table public.T", "column id", "column a b"][..],
            ),
            ("create or replace view v as select 1", &["view v"]),
            (
                "create materialized view if not exists m as select 1",
                &["materialized view m"],
            ),
            (
                "create unique index concurrently if not exists i on t (a)",
                &["index i"],
            ),
            (
                "create or replace function app.f(a int) returns int language sql as ''",
                &["function app.f"],
            ),
            ("create type mood as enum ('a')", &["type mood"]),
            (
                "do $$ begin create type mood as enum ('a'); exception when duplicate_object then null; end $$",
                &["type mood"],
            ),
            (
                "alter table only t add column if not exists a int, add b text, add constraint k unique (a), add unique (b)",
                &["column a", "column b", "constraint k"],
            ),
            (
                "alter type mood add value if not exists 'it''s' before 'b'",
                &["label it's"],
            ),
            ("alter table t rename to u", &["table u"]),
            ("alter table t rename column a to b", &["column b"]),
            (
                "drop table if exists a, b cascade",
                &["drop table a", "drop table b"],
            ),
            ("create policy \"p 1\" on t using (true)", &["policy p 1"]),
            (
                "create constraint trigger t after insert on x",
                &["trigger t"],
            ),
            ("select 1; insert into t values (1)", &[]),
            ("create", &[]),
        ] {
            assert_eq!(made(sql), expected, "{sql}");
        }
    }
}
