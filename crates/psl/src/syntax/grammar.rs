//! The generated parser, asked once for each sequence of tokens.

use std::cell::Cell;
use std::ops::Range;

use hashbrown::HashMap;
use pest::{Parser, Token};

use super::lexer::BlockKind;

#[derive(pest_derive::Parser)]
#[grammar = "syntax/grammar.pest"]
struct Grammar;

/// Where a part of a statement begins or ends.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub(super) rule: Rule,
    pub(super) is_end: bool,
    /// The index of a token, counted from the first of the statement.
    pub(super) at: u32,
}

/// Where the edges of a statement are.
type Parts = Option<Range<usize>>;

/// What the grammar says of statements. Most lines of a schema are made of the same tokens as a line before them, and
/// have its parts.
#[derive(Default)]
pub(super) struct Statements {
    /// Indexed by [`BlockKind`]; `None` where the tokens are no statement.
    known: [HashMap<Box<[u8]>, Parts>; 3],
    edges: Vec<Edge>,
    /// How many tokens the known statements have.
    tokens: usize,
}

thread_local! {
    /// What was known when the last file had been parsed.
    static KNOWN: Cell<Option<Statements>> = const { Cell::new(None) };
}

/// How many tokens are remembered for the next file. The schemas of a project are some ten thousand.
const MAX_TOKENS_KEPT: usize = 1 << 16;

impl Statements {
    /// What is known from files that this thread has parsed before.
    pub(super) fn recall() -> Self {
        KNOWN.take().unwrap_or_default()
    }

    /// Remembers what is known, for the next file; if that is very much, nothing.
    pub(super) fn keep(self) {
        if self.tokens <= MAX_TOKENS_KEPT {
            KNOWN.set(Some(self));
        }
    }

    /// The edges of the parts of the one statement that `kinds` is, in order, or `None` if it is none.
    pub(super) fn edges(&mut self, block: BlockKind, kinds: &[u8]) -> Option<&[Edge]> {
        let known = &mut self.known[block as usize];
        let range = match known.get(kinds) {
            Some(range) => range.clone(),
            None => {
                let start = self.edges.len();
                let range = add_edges(block, kinds, &mut self.edges);
                let range = range.map(|()| start..self.edges.len());
                known.insert(kinds.into(), range.clone());
                self.tokens += kinds.len();
                range
            }
        };
        Some(&self.edges[range?])
    }
}

fn add_edges(block: BlockKind, kinds: &[u8], edges: &mut Vec<Edge>) -> Option<()> {
    let rule = match block {
        BlockKind::Model => Rule::model_statement,
        BlockKind::Enum => Rule::enum_statement,
        BlockKind::Config => Rule::config_statement,
    };
    let parts = Grammar::parse(rule, str::from_utf8(kinds).ok()?).ok()?;
    edges.extend(parts.tokens().map(|it| match it {
        Token::Start { rule, pos } => Edge {
            rule,
            is_end: false,
            at: pos.pos() as u32,
        },
        Token::End { rule, pos } => Edge {
            rule,
            is_end: true,
            at: pos.pos() as u32,
        },
    }));
    Some(())
}

/// How many tokens the type alias has that `kinds` begins with.
pub(super) fn type_alias(kinds: &[u8]) -> Option<usize> {
    let kinds = str::from_utf8(kinds).ok()?;
    let alias = Grammar::parse(Rule::type_alias, kinds).ok()?.next()?;
    Some(alias.as_span().end())
}
