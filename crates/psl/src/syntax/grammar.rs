//! The generated parser, behind three functions.

use pest::Parser;
use pest::iterators::Pairs;

use super::lexer::BlockKind;

#[derive(pest_derive::Parser)]
#[grammar = "syntax/grammar.pest"]
struct Grammar;

/// The parts of a block. The lexer has seen its header and its end, so there is nothing that can go wrong.
pub(super) fn block(kinds: &str) -> Option<Pairs<'_, Rule>> {
    Grammar::parse(Rule::block, kinds).ok()
}

/// How many tokens the type alias has that `kinds` begins with.
pub(super) fn type_alias(kinds: &str) -> Option<usize> {
    let alias = Grammar::parse(Rule::type_alias, kinds).ok()?.next()?;
    Some(alias.as_span().end())
}

/// Whether `kinds` is one whole statement of such a block.
pub(super) fn is_statement(kind: BlockKind, kinds: &str) -> bool {
    let rule = match kind {
        BlockKind::Model => Rule::model_statement,
        BlockKind::Enum => Rule::enum_statement,
        BlockKind::Config => Rule::config_statement,
    };
    Grammar::parse(rule, kinds).is_ok()
}
