//! Text to tree: lexer, grammar, and what to say about text that is neither.

mod build;
mod escapes;
mod grammar;
mod lexer;
mod stray;
mod tree;

use driftless_finding::{SourceId, Span};

pub(crate) use escapes::{INVALID_UNICODE_ESCAPE, UNKNOWN_ESCAPE};
pub(crate) use stray::{INVALID_LINE, NESTED_TOO_DEEP, STRAY_LINE, TYPE_ALIAS, UNKNOWN_BLOCK};
pub(crate) use tree::*;

use crate::findings::Findings;
use lexer::{Lexed, Lexer};

/// The tree of a file. What is in no tree is in a finding.
///
/// A file of nothing but rubbish is not read to its end.
pub(crate) fn parse<'t>(text: &'t str, source: SourceId, findings: &mut Findings) -> Tree<'t> {
    let mut lexer = Lexer::new(text);
    let mut items = Vec::new();
    while let Some((lexed, range)) = lexer.next_item() {
        let span = Span {
            source,
            start: range.start as u32,
            end: range.end as u32,
        };
        items.push(match lexed {
            Lexed::BlankLines => Item::BlankLines,
            Lexed::Comments => Item::Comments(span),
            Lexed::Block => {
                let lines = build::Lines {
                    text,
                    source,
                    tokens: &lexer.tokens,
                    too_deep: &lexer.too_deep,
                };
                let block = grammar::block(&lexer.tokens.kinds)
                    .and_then(|parts| build::block(lines, parts, findings));
                match block {
                    Some(block) => Item::Block(block),
                    None => Item::Stray(span),
                }
            }
            Lexed::Alias => match grammar::type_alias(&lexer.tokens.kinds) {
                Some(len) => {
                    let end = lexer.tokens.start(len);
                    lexer.resume(end as usize);
                    let span = Span { end, ..span };
                    findings.push(stray::type_alias(span));
                    Item::Stray(span)
                }
                None => {
                    findings.push(stray::at_top_level(span, &text[range]));
                    Item::Stray(span)
                }
            },
            Lexed::ForeignBlock => {
                let word = text[range]
                    .split(['{', ' ', '\t'])
                    .next()
                    .unwrap_or_default();
                findings.push(stray::block(span, word));
                Item::Stray(span)
            }
            Lexed::StrayLine => {
                findings.push(stray::at_top_level(span, &text[range]));
                Item::Stray(span)
            }
        });
        if findings.is_full() {
            break;
        }
    }
    Tree { text, items }
}
