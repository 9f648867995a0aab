//! Where in a statement a server sees its error.

use driftless_finding::Span;
use driftless_sql_text::tokens;
use tokio_postgres::error::{DbError, ErrorPosition};

use super::script::Step;
use super::treatment::Sql;

/// The token that the server points at, or the whole statement.
pub(super) fn place(error: &DbError, step: &Step, original: &str) -> Span {
    let start = match (error.position(), &step.plan.sql) {
        (Some(ErrorPosition::Original(at)), Sql::Original) => byte_at(original, *at),
        (Some(ErrorPosition::Original(at)), Sql::Rewritten(new)) => {
            byte_at(&new.text, *at).map(|it| new.original(it))
        }
        // The original was run by a function of ours.
        (Some(ErrorPosition::Internal { position, query }), Sql::Instead(_))
            if query == original =>
        {
            byte_at(original, *position)
        }
        _ => None,
    };
    let Some(start) = start else {
        return step.span;
    };
    let length = tokens(&original[start..]).next().map_or(1, |it| it.end);
    step.span.part(start..start + length)
}

/// Servers count characters, from 1.
fn byte_at(text: &str, position: u32) -> Option<usize> {
    let index = (position as usize).checked_sub(1)?;
    text.char_indices().nth(index).map(|(at, _)| at)
}
