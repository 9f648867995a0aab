//! Text to tree: lexer, grammar, and what to say about text that is neither.

mod build;
pub(crate) mod escapes;
mod grammar;
mod lexer;
#[cfg(test)]
mod lossless;
pub(crate) mod stray;
mod tree;

use bumpalo::Bump;
use driftless_finding::{SourceId, Span};

pub(crate) use tree::*;

use crate::findings::Findings;
use lexer::{Lexed, Lexer};

/// The tree of a file. What is in no tree is in a finding.
///
/// A file of nothing but rubbish is not read to its end.
pub(crate) fn parse<'t>(
    text: &'t str,
    source: SourceId,
    arena: &'t Bump,
    findings: &mut Findings,
) -> Tree<'t> {
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
            Lexed::Block(kind) => {
                let lines = build::Lines {
                    text,
                    source,
                    arena,
                    tokens: &lexer.tokens,
                    refused: &lexer.refused,
                };
                Item::Block(build::block(kind, lines, &mut lexer.statements, findings))
            }
            Lexed::Alias => match grammar::type_alias(&lexer.tokens.kinds) {
                Some(len) => {
                    let end = lexer.tokens.start(len);
                    lexer.resume(end as usize);
                    let span = Span { end, ..span };
                    findings.push(stray::type_alias(span));
                    Item::Stray
                }
                None => stray_line(span, &text[range], findings),
            },
            Lexed::ForeignBlock => {
                let word = text[range]
                    .split(['{', ' ', '\t'])
                    .next()
                    .unwrap_or_default();
                let finding = stray::block(span, word, findings);
                findings.push(finding);
                Item::Stray
            }
            Lexed::StrayLine(None) => stray_line(span, &text[range], findings),
            Lexed::StrayLine(Some(why)) => {
                findings.push(stray::refused(why, span, &text[range]));
                Item::Stray
            }
        });
        if findings.is_full() {
            break;
        }
    }
    lexer.statements.keep();
    Tree { text, items }
}

fn stray_line<'t>(span: Span, line: &str, findings: &mut Findings) -> Item<'t> {
    let finding = stray::at_top_level(span, line, findings);
    findings.push(finding);
    Item::Stray
}
