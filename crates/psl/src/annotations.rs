//! Row level security in `///` lines: `@@rls` and `@@policy(…)`, in Prisma's own syntax of attributes.
//!
//! To Prisma these are comments, so every Prisma tool accepts the file. A line is an annotation if `@@rls` or `@@policy`
//! is its first word; it goes on in the lines below up to its closing parenthesis, but never beyond the next
//! annotation. It belongs to the model that its comment stands above, or in.

mod meaning;
mod parse;
mod text;

use std::ops::Range;

use driftless_finding::{Code, Finding, Severity, Span};

use crate::comments::{Comment, CommentKind, comments};
use crate::findings::Findings;
use crate::schema::{Model, Schema};
use crate::syntax::{Block, Entry, Item, Keyword, Tree};

use parse::{is_word, parse};

pub(crate) use parse::INVALID_ANNOTATION;
pub use text::characters;

/// An annotation that belongs to no table.
pub(crate) static MISPLACED_ANNOTATION: Code = Code {
    name: "misplaced-annotation",
    severity: Severity::Error,
    summary: "a `/// @@rls` or `/// @@policy(…)` that belongs to no model",
    explanation: "An annotation is about the model whose block it stands directly above, without a blank line between, or \
        inside of. Only tables have row level security: views, enums and the configuration have none. An annotation that \
        protects nothing is worse than none, so it is an error.",
};

/// `/// @@polciy`
pub(crate) static UNKNOWN_ANNOTATION: Code = Code {
    name: "unknown-annotation",
    severity: Severity::Warning,
    summary: "a `///` line that looks like an annotation with a slip of the pen in it",
    explanation: "`@@rls` and `@@policy` are the annotations that there are, in lower case. What begins almost like one of \
        them would otherwise be a comment that protects nothing.",
};

const WORDS: [&str; 2] = ["rls", "policy"];

/// Reads the annotations of all files into the models of `schema`, which are those of `trees`, in order.
pub(crate) fn read(trees: &[Tree<'_>], schema: &mut Schema, findings: &mut Findings) {
    let mut models = schema.models.iter_mut();
    for tree in trees {
        let mut above = None;
        for item in &tree.items {
            match item {
                Item::Comments(span) => {
                    let earlier = above.replace(*span);
                    each(
                        tree.text,
                        earlier,
                        &mut Owner::Nobody("stands above nothing"),
                        findings,
                    );
                }
                Item::BlankLines | Item::Stray => {
                    let owner = &mut Owner::Nobody("stands above a blank line");
                    each(tree.text, above.take(), owner, findings);
                }
                Item::Block(block) => {
                    let mut owner = Owner::of(block, &mut models);
                    each(tree.text, above.take(), &mut owner, findings);
                    each(tree.text, inside(block), &mut owner, findings);
                }
            }
        }
        let owner = &mut Owner::Nobody("stands above nothing");
        each(tree.text, above, owner, findings);
    }
}

/// What an annotation is about.
enum Owner<'s> {
    Table(&'s mut Model),
    /// Where it stands instead of at a table.
    Nobody(&'static str),
}

impl<'s> Owner<'s> {
    fn of(block: &Block<'_>, models: &mut impl Iterator<Item = &'s mut Model>) -> Self {
        match block.keyword {
            Keyword::Model => models.next().map_or(
                Self::Nobody("stands at a model that is not understood"),
                Self::Table,
            ),
            Keyword::View => {
                models.next();
                Self::Nobody("stands at a view")
            }
            Keyword::Type => Self::Nobody("stands at a type"),
            Keyword::Enum => Self::Nobody("stands at an enum"),
            Keyword::Datasource => Self::Nobody("stands at a datasource"),
            Keyword::Generator => Self::Nobody("stands at a generator"),
        }
    }
}

/// The comments in a block.
fn inside<'a, 't>(block: &'a Block<'t>) -> impl Iterator<Item = Span> + use<'a, 't> {
    block.entries.iter().filter_map(|entry| match entry {
        Entry::Field(it) => it.trailing_comment,
        Entry::Value(it) => it.trailing_comment,
        Entry::Property(it) => it.trailing_comment,
        Entry::Attribute(it) => it.trailing_comment,
        Entry::Comments(span) => Some(*span),
        Entry::BlankLines | Entry::Stray => None,
    })
}

/// Reads the annotations in runs of comments.
fn each(
    text: &str,
    spans: impl IntoIterator<Item = Span>,
    owner: &mut Owner<'_>,
    findings: &mut Findings,
) {
    for span in spans {
        for lines in annotations(text, span, findings) {
            let end = lines.end as u32;
            let Some(written) = parse(text, span.source, lines, findings) else {
                continue;
            };
            let behind = Span {
                start: written.span.end,
                end,
                ..span
            };
            slips(text, behind, findings);
            match owner {
                Owner::Table(model) => meaning::read(&written, model, findings),
                Owner::Nobody(instead) => {
                    let word = written.word.value;
                    let message = format!("`@@{word}` {instead} and belongs to no model");
                    let finding = Finding::new(&MISPLACED_ANNOTATION, message).at(written.span);
                    findings.push(finding.help("write it directly above a model, or in its block"));
                }
            }
        }
    }
}

/// The bytes of each annotation in a run of comments, from its first `@` to the end of the last `///` line that may
/// belong to it.
fn annotations(text: &str, span: Span, findings: &mut Findings) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if !text[span.range()].contains('@') {
        return found;
    }
    let mut goes_on = false;
    for comment in comments(text, span) {
        let end = comment.span.end as usize;
        if comment.kind != CommentKind::Documentation {
            goes_on = false;
            continue;
        }
        let words = comment.text[3..].trim_start();
        let start = end - words.len();
        let word = words.strip_prefix("@@").map(first_word);
        if word.is_some_and(|it| WORDS.contains(&it)) {
            found.push(start..end);
            goes_on = true;
        } else if let (true, Some(last)) = (goes_on, found.last_mut()) {
            last.end = end;
        } else {
            slip(&comment, findings);
        }
    }
    found
}

/// Looks for slips of the pen in the `///` lines below an annotation that has come to its end.
fn slips(text: &str, span: Span, findings: &mut Findings) {
    for comment in comments(text, span) {
        if comment.kind == CommentKind::Documentation {
            slip(&comment, findings);
        }
    }
}

/// Says so if a `///` line was probably meant to be an annotation.
fn slip(comment: &Comment<'_>, findings: &mut Findings) {
    let words = comment.text[3..].trim_start();
    let Some((written, meant)) = meant(words, findings) else {
        return;
    };
    let start = comment.span.end - words.len() as u32;
    let place = Span {
        start,
        end: start + written.len() as u32,
        ..comment.span
    };
    let message = format!("`{written}` is a comment and no annotation");
    let finding = Finding::new(&UNKNOWN_ANNOTATION, message).at(place);
    findings.push(finding.help(format!("did you mean `@@{meant}`?")));
}

/// What a comment begins with, and the annotation that it was probably meant to be. With one `@`, or with a blank
/// behind them, the word has to be right: tags of other tools and prose begin so, too.
fn meant<'t>(words: &'t str, findings: &mut Findings) -> Option<(&'t str, &'static str)> {
    let name = words.trim_start_matches('@');
    let ats = words.len() - name.len();
    let word = first_word(name.trim_start());
    let behind = &name.trim_start()[word.len()..];
    let written = &words[..words.len() - behind.len()];
    let meant = match ats {
        0 => return None,
        2 if name.starts_with(word) => findings.closest(word, WORDS),
        _ => {
            let meant = WORDS.into_iter().find(|it| it.eq_ignore_ascii_case(word));
            let is_call = matches!(behind.trim_start().chars().next(), None | Some('('));
            meant.filter(|it| *it == "rls" || is_call)
        }
    };
    Some((written, meant?))
}

/// The characters in front of the first that is no part of a name.
fn first_word(text: &str) -> &str {
    &text[..text.find(|it| !is_word(it)).unwrap_or(text.len())]
}
