//! Comments, and the documentation in them.

use driftless_finding::Span;
use memchr::{memchr, memchr2};

use crate::schema::Spanned;

/// A comment at its place.
pub(crate) struct Comment<'t> {
    pub(crate) kind: CommentKind,
    /// With the signs that begin and end it.
    pub(crate) text: &'t str,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommentKind {
    /// `///`
    Documentation,
    /// `//`
    Line,
    /// `/* */`
    Block,
}

/// The comments in a run of them, which `span` covers.
pub(crate) fn comments(text: &str, span: Span) -> impl Iterator<Item = Comment<'_>> {
    let mut at = span.start as usize;
    std::iter::from_fn(move || {
        let run = &text[at..span.end as usize];
        let start = at + memchr(b'/', run.as_bytes())?;
        let rest = &text[start..span.end as usize];
        let (kind, len) = if let Some(inside) = rest.strip_prefix("/*") {
            // `/*/` begins a comment and does not end it.
            let end = inside.find("*/");
            (CommentKind::Block, end.map_or(rest.len(), |it| it + 4))
        } else {
            let end = memchr2(b'\n', b'\r', rest.as_bytes());
            let len = end.unwrap_or(rest.len());
            let documents = rest.starts_with("///");
            (
                if documents {
                    CommentKind::Documentation
                } else {
                    CommentKind::Line
                },
                len,
            )
        };
        at = start + len;
        let place = Span {
            start: start as u32,
            end: at as u32,
            ..span
        };
        Some(Comment {
            kind,
            text: &rest[..len],
            span: place,
        })
    })
}

/// What the `///` lines and block comments say, as Prisma takes it: those of a run of comments, and one behind a
/// statement. Blanks go in front of a `///` line's words, and around those of a block comment.
pub(crate) fn documentation(
    text: &str,
    above: Option<Span>,
    behind: Option<Span>,
) -> Vec<Spanned<String>> {
    above
        .into_iter()
        .chain(behind)
        .flat_map(|span| comments(text, span))
        .flat_map(|comment| words(&comment))
        .collect()
}

/// The lines of documentation in a comment.
fn words(comment: &Comment<'_>) -> Vec<Spanned<String>> {
    let (inside, ends) = match comment.kind {
        CommentKind::Line => return Vec::new(),
        CommentKind::Documentation => (&comment.text[3..], 0),
        CommentKind::Block => {
            let inside = &comment.text[2..];
            let inside = inside.strip_suffix("*/").unwrap_or(inside);
            let words = inside.trim_end();
            (words, comment.text.len() - 2 - words.len())
        }
    };
    let inside = inside.trim_start();
    let mut start = comment.span.end - (inside.len() + ends) as u32;
    inside
        .split('\n')
        .map(|line| {
            let words = line.strip_suffix('\r').unwrap_or(line);
            let span = Span {
                start,
                end: start + words.len() as u32,
                ..comment.span
            };
            start += line.len() as u32 + 1;
            Spanned::new(words.to_owned(), span)
        })
        .collect()
}
