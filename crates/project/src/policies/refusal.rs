//! What a server refuses, at its place in the string that it was written in.

use std::ops::Range;

use driftless_catalog::{Catalog, Table};
use driftless_finding::{Finding, Span, closest};
use driftless_psl::characters;
use driftless_sql_text::{Token, TokenKind, ident_value, quote_ident, tokens};
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

use super::POLICY_REFUSED;

/// Where an expression is written.
pub(super) struct Place {
    /// The string literal with its quotes.
    literal: Span,
    /// The expression that the server was given, and where each of its characters stands.
    sql: String,
    spans: Vec<Span>,
    /// How many characters of what the server read stood in front of the expression.
    before: usize,
}

/// Says what the server says, where it says so, and what may have been meant.
pub(super) fn refusal(
    error: &DbError,
    place: &Place,
    table: &Table,
    recorded: &Catalog,
) -> Finding {
    let found = place.position(error);
    let found = found.or_else(|| place.named(error.message()));
    // What the server was given goes on behind the expression.
    let said = error.message().replace("\n))", "");
    let message = format!("PostgreSQL refuses this expression: {said}");
    let span = found.clone().map_or(place.literal, |it| place.span(it));
    let mut finding = Finding::new(&POLICY_REFUSED, message).at(span);
    for note in [error.detail(), error.hint()].into_iter().flatten() {
        finding = finding.note(note);
    }
    let word = found.map(|it| ident_value(&place.sql[it]).into_owned());
    match word.and_then(|it| meant(error.code(), &it, table, recorded)) {
        Some(meant) => {
            let meant = quote_ident(&meant).replace('"', "\\\"");
            finding.help(format!("did you mean `{meant}`?"))
        }
        None if *error.code() == SqlState::UNDEFINED_COLUMN => {
            let columns: Vec<_> = table.columns.iter().map(|it| it.name.as_str()).collect();
            finding.help(format!("the columns are {}", columns.join(", ")))
        }
        None => finding
            .help("write an SQL expression of type boolean, with names as the database has them"),
    }
}

impl Place {
    /// Of the string `literal` in the file whose text that is; `before` its expression the server has read that many
    /// characters.
    pub(super) fn new(text: &str, literal: Span, before: usize) -> Self {
        let all = characters(text, literal).skip_while(|(char, _)| char.is_whitespace());
        let (sql, spans) = all.unzip();
        Self {
            literal,
            sql,
            spans,
            before,
        }
    }

    /// The bytes of the word that the server points at; of a name with points, of its last part.
    fn position(&self, error: &DbError) -> Option<Range<usize>> {
        let Some(ErrorPosition::Original(position)) = error.position() else {
            return None;
        };
        let index = (*position as usize).checked_sub(self.before + 1)?;
        let (byte, _) = self.sql.char_indices().nth(index)?;
        let mut tokens = tokens(&self.sql).skip_while(|it| it.end <= byte);
        let mut token = tokens.next().filter(|it| it.start <= byte)?;
        while tokens.next().is_some_and(|it| it.is(&self.sql, "."))
            && let Some(part) = tokens.next()
        {
            token = part;
        }
        Some(token.range())
    }

    /// The bytes of the last part of the name that the server puts into quotes.
    fn named(&self, message: &str) -> Option<Range<usize>> {
        let name = message.split('"').nth(1)?;
        let is_it = |it: &Token| {
            matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent)
                && ident_value(it.text(&self.sql)) == name
        };
        tokens(&self.sql).find(is_it).map(|it| it.range())
    }

    /// Where those bytes of the expression are written.
    fn span(&self, range: Range<usize>) -> Span {
        let index = |byte: usize| self.sql[..byte].chars().count();
        let spans = self.spans.get(index(range.start)..index(range.end));
        let spans = spans.into_iter().flatten().copied();
        spans.reduce(Span::to).unwrap_or(self.literal)
    }
}

/// What a name that the server does not know was probably meant to be.
fn meant(code: &SqlState, word: &str, table: &Table, recorded: &Catalog) -> Option<String> {
    let columns = || table.columns.iter().map(|it| it.name.as_str());
    let functions = || recorded.functions.iter().map(|it| it.id.name.name.as_str());
    let schemas = || recorded.schemas.iter().map(|it| it.name.as_str());
    let found = if *code == SqlState::UNDEFINED_COLUMN {
        closest(word, columns())
    } else if *code == SqlState::UNDEFINED_FUNCTION {
        closest(word, functions().filter(|it| *it != word))
    } else if *code == SqlState::INVALID_SCHEMA_NAME {
        closest(word, schemas())
    } else {
        None
    };
    found.map(str::to_owned)
}
