//! Tokens to statements, as psql splits a script.

use std::ops::Range;

use crate::{Token, TokenKind, tokens};

/// A statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// From its first token to its last, without comments around it and without the semicolon.
    pub range: Range<usize>,
    /// How it has to be run.
    pub kind: StatementKind,
    /// The first words in lower case, at most six: `["create", "unique", "index", "concurrently"]`.
    pub words: Vec<String>,
}

/// How a statement has to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementKind {
    /// Like any other.
    Plain,
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`.
    Commit,
    /// `ROLLBACK`, `ABORT`, but not back to a savepoint.
    Rollback,
    /// PostgreSQL refuses it inside a transaction: `CREATE INDEX CONCURRENTLY`, `VACUUM`, …
    OutsideTransaction,
    /// `COPY … FROM STDIN`; its rows follow in the script.
    CopyFromStdin {
        /// The rows, without the closing `\.` line.
        rows: Range<usize>,
    },
    /// A line for psql, such as `\restrict` in newer dumps; no server understands it.
    PsqlCommand,
}

impl Statement {
    /// The statement's text in `sql`, the script it was read from.
    pub fn text<'a>(&self, sql: &'a str) -> &'a str {
        &sql[self.range.clone()]
    }
}

/// The statements of a script, in order. Empty ones are left out.
///
/// Semicolons inside parentheses and inside the `BEGIN ATOMIC … END` of a function do not end a
/// statement. A statement that the text ends in is returned like the others.
pub fn statements(sql: &str) -> Vec<Statement> {
    let mut splitter = Splitter {
        sql,
        found: Vec::new(),
        current: Current::default(),
    };
    // After COPY … FROM STDIN the rows are no tokens: scanning goes on behind them.
    let mut from = 0;
    while let Some(next) = splitter.run(from) {
        from = next;
    }
    splitter.found
}

struct Splitter<'a> {
    sql: &'a str,
    found: Vec<Statement>,
    current: Current,
}

/// What is known of the statement that is being read.
#[derive(Default)]
struct Current {
    range: Option<Range<usize>>,
    words: Vec<String>,
    /// Whether the last tokens of `words` may still be followed by more of the leading words.
    closed: bool,
    parentheses: usize,
    /// How many `BEGIN` and `CASE` of an SQL-standard function body are open.
    blocks: usize,
    last_word: Option<Range<usize>>,
    from_stdin: bool,
}

impl Splitter<'_> {
    /// Reads from `from` to the end, or to rows of a COPY; returns where to go on.
    fn run(&mut self, from: usize) -> Option<usize> {
        let rest = &self.sql[from..];
        for token in tokens(rest) {
            let token = Token {
                start: token.start + from,
                end: token.end + from,
                ..token
            };
            if token.kind == TokenKind::Comment {
                continue;
            }
            if self.current.range.is_none() && token.text(self.sql) == "\\" {
                return Some(self.psql_command(token.start));
            }
            let ends = token.is(self.sql, ";")
                && self.current.parentheses == 0
                && self.current.blocks == 0;
            if !ends {
                self.push(&token);
            } else if self.current.from_stdin {
                return Some(self.copy_rows(token.end));
            } else {
                self.finish(None);
            }
        }
        self.finish(None);
        None
    }

    fn push(&mut self, token: &Token) {
        let sql = self.sql;
        let it = &mut self.current;
        it.range = Some(it.range.as_ref().map_or(token.start, |range| range.start)..token.end);
        match token.kind {
            TokenKind::Punctuation if token.is(sql, "(") => it.parentheses += 1,
            TokenKind::Punctuation if token.is(sql, ")") => {
                it.parentheses = it.parentheses.saturating_sub(1);
            }
            TokenKind::Word => {
                let word = token.text(sql).to_ascii_lowercase();
                if it.parentheses == 0 && is_routine(&it.words) {
                    match word.as_str() {
                        // psql does the same: a routine's body is the only place where a
                        // top-level BEGIN, and then CASE, opens a block.
                        "begin" => it.blocks += 1,
                        "case" if it.blocks > 0 => it.blocks += 1,
                        "end" => it.blocks = it.blocks.saturating_sub(1),
                        _ => {}
                    }
                }
                let copies = it.words.first().is_some_and(|first| first == "copy");
                let after_from = it
                    .last_word
                    .clone()
                    .is_some_and(|range| sql[range].eq_ignore_ascii_case("from"));
                if copies && it.parentheses == 0 && word == "stdin" && after_from {
                    it.from_stdin = true;
                }
                if !it.closed && it.words.len() < 6 {
                    it.words.push(word);
                }
                it.last_word = Some(token.range());
                return;
            }
            TokenKind::Punctuation
            | TokenKind::QuotedIdent
            | TokenKind::String
            | TokenKind::EscapeString
            | TokenKind::BitString
            | TokenKind::DollarString
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Operator
            | TokenKind::Comment
            | TokenKind::Unterminated
            | TokenKind::Other => {}
        }
        it.closed = true;
    }

    fn finish(&mut self, rows: Option<Range<usize>>) {
        let it = std::mem::take(&mut self.current);
        let Some(range) = it.range else { return };
        let kind = match rows {
            Some(rows) => StatementKind::CopyFromStdin { rows },
            None => kind_of(&it.words, &self.sql[range.clone()]),
        };
        self.found.push(Statement {
            range,
            kind,
            words: it.words,
        });
    }

    fn psql_command(&mut self, start: usize) -> usize {
        let line = &self.sql[start..];
        let end = start + line.find(['\n', '\r']).unwrap_or(line.len());
        self.found.push(Statement {
            range: start..end,
            kind: StatementKind::PsqlCommand,
            words: Vec::new(),
        });
        end
    }

    /// The rows start on the line behind the statement and end before a line `\.`.
    fn copy_rows(&mut self, semicolon_end: usize) -> usize {
        let rest = &self.sql[semicolon_end..];
        let start = semicolon_end + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let mut end = start;
        for line in self.sql[start..].split_inclusive('\n') {
            if line.trim_end_matches(['\n', '\r']) == "\\." {
                self.finish(Some(start..end));
                return end + line.len();
            }
            end += line.len();
        }
        self.finish(Some(start..end));
        end
    }
}

fn is_routine(words: &[String]) -> bool {
    let mut words = words.iter().map(String::as_str);
    words.next() == Some("create")
        && match words.next() {
            Some("or") => {
                words.next() == Some("replace")
                    && matches!(words.next(), Some("function" | "procedure"))
            }
            other => matches!(other, Some("function" | "procedure")),
        }
}

fn kind_of(words: &[String], text: &str) -> StatementKind {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let has = |word: &str| tokens(text).any(|it| it.is_word(text, word));
    match words[..] {
        ["begin", ..] | ["start", "transaction", ..] => StatementKind::Begin,
        ["commit", "prepared", ..] | ["rollback", "prepared", ..] => {
            StatementKind::OutsideTransaction
        }
        ["commit", ..] | ["end", ..] => StatementKind::Commit,
        ["rollback", ..] if has("to") => StatementKind::Plain,
        ["rollback", ..] | ["abort", ..] => StatementKind::Rollback,
        ["create", "index", "concurrently", ..]
        | ["create", "unique", "index", "concurrently", ..]
        | ["drop", "index", "concurrently", ..]
        | ["vacuum", ..]
        | ["create" | "drop" | "reindex", "database", ..]
        | ["reindex", "system", ..]
        | ["create" | "drop", "tablespace", ..]
        | ["create" | "drop", "subscription", ..]
        | ["alter", "system", ..]
        | ["cluster"]
        | ["cluster", "verbose"] => StatementKind::OutsideTransaction,
        ["reindex", ..] | ["alter", "table", ..] if has("concurrently") => {
            StatementKind::OutsideTransaction
        }
        ["alter", "database", ..] if has("tablespace") => StatementKind::OutsideTransaction,
        _ => StatementKind::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(sql: &str) -> Vec<&str> {
        statements(sql).iter().map(|it| it.text(sql)).collect()
    }

    fn kinds(sql: &str) -> Vec<StatementKind> {
        statements(sql).into_iter().map(|it| it.kind).collect()
    }

    #[test]
    fn comments_and_empty_statements_are_left_out() {
        assert_eq!(
            split("-- head\n;; select 1 /* in */ + 1; -- tail\n /* end */"),
            ["select 1 /* in */ + 1"]
        );
    }

    #[test]
    fn a_function_body_is_one_statement() {
        let dollar = "create function f() returns int language sql as $$ select 1; select 2; $$";
        let atomic = "CREATE OR REPLACE FUNCTION g(a int) RETURNS int\nBEGIN ATOMIC\n SELECT CASE WHEN a > 0 THEN 1 END;\n SELECT 2;\nEND";
        let sql = format!("{dollar}; {atomic}; select 3");
        assert_eq!(split(&sql), [dollar, atomic, "select 3"]);
    }

    #[test]
    fn begin_outside_a_routine_opens_no_block() {
        assert_eq!(split("begin; select 1; end; select 2").len(), 4);
        assert_eq!(split("create table t (a int); begin; commit").len(), 3);
    }

    #[test]
    fn a_rule_with_several_actions_is_one_statement() {
        let sql = "create rule r as on insert to t do also (insert into a values (1); insert into b values (2))";
        assert_eq!(split(&format!("{sql};")), [sql]);
    }

    #[test]
    fn rows_of_a_copy_are_not_sql() {
        let sql = "COPY public.t (a, \"from\") FROM stdin;\n1\tit's; --\n\\N\tx\n\\.\nselect 1;";
        let found = statements(sql);
        assert_eq!(found.len(), 2);
        let StatementKind::CopyFromStdin { rows } = &found[0].kind else {
            panic!("{found:?}")
        };
        assert_eq!(&sql[rows.clone()], "1\tit's; --\n\\N\tx\n");
        assert_eq!(found[1].text(sql), "select 1");
    }

    #[test]
    fn a_line_for_psql_is_told_apart() {
        let sql = "\\restrict abc\nselect 1;\n\\unrestrict abc\n";
        assert_eq!(
            split(sql),
            ["\\restrict abc", "select 1", "\\unrestrict abc"]
        );
        assert_eq!(kinds(sql)[0], StatementKind::PsqlCommand);
        assert_eq!(kinds(sql)[1], StatementKind::Plain);
    }

    #[test]
    fn what_postgres_refuses_in_a_transaction_is_known() {
        for sql in [
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "create unique index concurrently if not exists i on t (a)",
            "drop index concurrently i",
            "vacuum full t",
            "reindex table concurrently t",
            "alter table p detach partition c concurrently",
            "alter system set work_mem = '1MB'",
        ] {
            assert_eq!(kinds(sql), [StatementKind::OutsideTransaction], "{sql}");
        }
        for sql in [
            "create index i on t (a)",
            "rollback to savepoint a",
            "refresh materialized view concurrently v",
            "alter table t add column concurrent int",
        ] {
            assert_eq!(kinds(sql), [StatementKind::Plain], "{sql}");
        }
        assert_eq!(
            kinds("START TRANSACTION; end"),
            [StatementKind::Begin, StatementKind::Commit]
        );
    }

    #[test]
    fn the_leading_words_stop_at_the_first_other_token() {
        assert_eq!(
            statements("create table \"x\" (a int)")[0].words,
            ["create", "table"]
        );
    }
}
