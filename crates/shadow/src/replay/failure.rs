//! What a server says of a statement to a finding.

use driftless_finding::{Finding, Span};
use driftless_sql_text::tokens;
use tokio_postgres::error::{DbError, ErrorPosition};

use crate::codes::REPLAY_FAILED;

/// The finding for a statement that failed.
pub(super) fn finding(error: &DbError, statement: Span, text: &str) -> Finding {
    let mut finding = Finding::new(&REPLAY_FAILED, error.message().to_owned())
        .at(place(error, statement, text))
        .note(format!("SQLSTATE {}", error.code().code()));
    if let Some(detail) = error.detail() {
        finding = finding.note(detail.to_owned());
    }
    if let Some(hint) = error.hint() {
        finding = finding.help(hint.to_owned());
    }
    finding
}

/// The token that the server points at, or the whole statement.
fn place(error: &DbError, statement: Span, text: &str) -> Span {
    let position = match error.position() {
        Some(ErrorPosition::Original(position)) => *position as usize,
        Some(ErrorPosition::Internal { .. }) | None => return statement,
    };
    // Servers count characters, from 1.
    let Some((start, _)) = position
        .checked_sub(1)
        .and_then(|it| text.char_indices().nth(it))
    else {
        return statement;
    };
    let length = tokens(&text[start..]).next().map_or(1, |it| it.end);
    statement.part(start..start + length)
}
