//! Grammar parts to tree.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of the rules of the grammar, each part has a few"
)]

use std::borrow::Cow;

use driftless_finding::{SourceId, Span};
use pest::Token;
use pest::iterators::{Pairs, Tokens as Parts};

use super::escapes::unescape;
use super::grammar::Rule;
use super::lexer::{Refused, Tokens};
use super::stray;
use super::tree::{
    Argument, Arguments, ArityMark, Attribute, Block, BlockAttribute, Entry, Expression,
    ExpressionKind, Field, Keyword, Name, Property, TypeName, TypeUse, Value,
};
use crate::findings::Findings;
use crate::options::PrismaVersion;

/// The lexer's view of a block.
pub(super) struct Lines<'a, 't> {
    pub(super) text: &'t str,
    pub(super) source: SourceId,
    pub(super) tokens: &'a Tokens,
    /// The lines that were put aside.
    pub(super) refused: &'a [(u32, Refused)],
}

/// Builds the tree of a block from its lines and the parts that the grammar found in them.
pub(super) fn block<'t>(
    lines: Lines<'_, 't>,
    parts: Pairs<'_, Rule>,
    findings: &mut Findings,
) -> Option<Block<'t>> {
    Builder {
        lines,
        parts: parts.tokens(),
        object: None,
        findings,
    }
    .block()
}

/// Positions are indexes of lexer tokens. A method is called behind the beginning of its part and leaves behind the
/// part's end.
struct Builder<'a, 't> {
    lines: Lines<'a, 't>,
    parts: Parts<'a, Rule>,
    /// An object in the entry that is built.
    object: Option<Span>,
    findings: &'a mut Findings,
}

/// The beginning or the end of a part.
enum Step {
    In(Rule, usize),
    Out(usize),
}

impl<'t> Builder<'_, 't> {
    fn block(mut self) -> Option<Block<'t>> {
        let (_, start) = self.enter();
        let (_, at) = self.enter();
        let name = self.name(at);
        let keyword = keyword(&self.lines.text[self.span(start, start + 1).range()])?;
        let brace = at + self.lines.tokens.kinds[at..].find('{')?;
        let brace = self.span(brace, brace + 1);
        let mut entries = Vec::new();
        let end = loop {
            match self.step() {
                Step::In(rule, at) => entries.push(self.entry(keyword, rule, at)),
                Step::Out(end) => break end,
            }
        };
        let span = self.span(start, end);
        let behind_open = Span {
            start: brace.start + 1,
            ..brace
        };
        Some(Block {
            keyword,
            name,
            behind_open,
            entries,
            span,
        })
    }

    fn entry(&mut self, keyword: Keyword, rule: Rule, start: usize) -> Entry<'t> {
        let entry = match rule {
            Rule::field => Entry::Field(self.field()),
            Rule::value => Entry::Value(self.value()),
            Rule::property => Entry::Property(self.property()),
            Rule::block_attribute => Entry::Attribute(self.block_attribute()),
            Rule::comments => Entry::Comments(self.leaf(start)),
            Rule::blank_lines => {
                self.leaf(start);
                Entry::BlankLines
            }
            _ => {
                let span = self.leaf(start);
                let refused = self.lines.refused;
                let line = &self.lines.text[span.range()];
                let finding = match refused.binary_search_by_key(&span.start, |(line, _)| *line) {
                    Ok(at) => stray::refused(refused[at].1, span, line),
                    Err(_) => stray::in_block(keyword, span, line),
                };
                self.findings.push(finding);
                Entry::Stray
            }
        };
        match self.object.take() {
            Some(object) => {
                let message = "Prisma 6 has no values in braces";
                self.findings.refused_by(PrismaVersion::V6, message, object);
                match self.findings.prisma() {
                    Some(PrismaVersion::V6) => Entry::Stray,
                    Some(PrismaVersion::V7) | None => entry,
                }
            }
            None => entry,
        }
    }

    fn field(&mut self) -> Field<'t> {
        let (_, at) = self.enter();
        let name = self.name(at);
        let mut span = name.span;
        let mut field = Field {
            name,
            field_type: None,
            colon: None,
            attributes: Vec::new(),
            trailing_comment: None,
            span,
        };
        while let Step::In(rule, at) = self.step() {
            span = match rule {
                Rule::colon => *field.colon.insert(self.leaf(at)),
                Rule::type_name | Rule::unsupported | Rule::old_list => {
                    field.field_type.insert(self.type_use(rule, at)).span
                }
                Rule::arity => {
                    let mark = self.leaf(at);
                    if let Some(it) = &mut field.field_type {
                        it.arity = arity(&self.lines.text[mark.range()]);
                        it.span.end = mark.end;
                    }
                    mark
                }
                Rule::attribute => {
                    field.attributes.push(self.attribute(at, 1));
                    field.attributes.last().map_or(span, |it| it.span)
                }
                _ => {
                    field.trailing_comment = Some(self.leaf(at));
                    continue;
                }
            };
            field.span.end = span.end;
        }
        field
    }

    fn value(&mut self) -> Value<'t> {
        let (_, at) = self.enter();
        let name = self.name(at);
        let mut value = Value {
            name,
            attributes: Vec::new(),
            trailing_comment: None,
            span: name.span,
        };
        while let Step::In(rule, at) = self.step() {
            if rule == Rule::attribute {
                let attribute = self.attribute(at, 1);
                value.span.end = attribute.span.end;
                value.attributes.push(attribute);
            } else {
                value.trailing_comment = Some(self.leaf(at));
            }
        }
        value
    }

    fn property(&mut self) -> Property<'t> {
        let (_, at) = self.enter();
        let name = self.name(at);
        let mut property = Property {
            name,
            value: None,
            trailing_comment: None,
            span: name.span,
        };
        while let Step::In(rule, at) = self.step() {
            if rule == Rule::trailing_comment {
                property.trailing_comment = Some(self.leaf(at));
            } else {
                let value = self.expression(rule, at);
                property.span.end = value.span.end;
                property.value = Some(value);
            }
        }
        property
    }

    fn block_attribute(&mut self) -> BlockAttribute<'t> {
        let (_, at) = self.enter();
        let attribute = self.attribute(at, 2);
        let mut trailing_comment = None;
        while let Step::In(_, at) = self.step() {
            trailing_comment = Some(self.leaf(at));
        }
        BlockAttribute {
            attribute,
            trailing_comment,
        }
    }

    fn type_use(&mut self, rule: Rule, start: usize) -> TypeUse<'t> {
        if rule == Rule::type_name {
            let name = self.name(start);
            return TypeUse {
                span: name.span,
                name: TypeName::Named(name),
                arity: ArityMark::None,
            };
        }
        if rule == Rule::unsupported {
            let (_, at) = self.enter();
            let string = self.leaf(at);
            let (_, end) = self.enter();
            let span = self.span(start, end);
            let name = TypeName::Unsupported(self.unquoted(string), span);
            return TypeUse {
                span,
                name,
                arity: ArityMark::None,
            };
        }
        let span = self.leaf(start);
        let inner = self.lines.text[span.range()]
            .trim_matches(['[', ']'])
            .trim();
        let name = TypeName::Named(Name { text: inner, span });
        TypeUse {
            span,
            name,
            arity: ArityMark::OldList,
        }
    }

    /// An attribute whose first token is behind `ats` signs.
    fn attribute(&mut self, start: usize, ats: usize) -> Attribute<'t> {
        let kinds = self.lines.tokens.kinds.as_bytes();
        let name = self.path(start + usize::from(kinds[start] == b' '));
        let (arguments, end) = self.arguments();
        let span = self.span(start - ats, end);
        Attribute {
            name,
            arguments,
            span,
        }
    }

    /// What is left of an attribute or call, up to its end.
    fn arguments(&mut self) -> (Arguments<'t>, usize) {
        let mut arguments = Arguments::default();
        let end = loop {
            match self.step() {
                Step::In(Rule::trailing_comma, at) => {
                    arguments.trailing_comma = Some(self.leaf(at));
                }
                Step::In(rule, at) => arguments.list.push(self.argument(rule, at)),
                Step::Out(end) => break end,
            }
        };
        // Nothing but an argument list ends with a parenthesis.
        arguments.written = self.lines.tokens.kinds.as_bytes()[end - 1] == b')';
        (arguments, end)
    }

    fn argument(&mut self, rule: Rule, start: usize) -> Argument<'t> {
        if rule != Rule::named_argument {
            let value = self.expression(rule, start);
            return Argument {
                name: None,
                span: value.span,
                value: Some(value),
            };
        }
        let (_, at) = self.enter();
        let name = self.name(at);
        let mut value = None;
        let end = loop {
            match self.step() {
                Step::In(rule, at) => value = Some(self.expression(rule, at)),
                Step::Out(end) => break end,
            }
        };
        Argument {
            name: Some(name),
            value,
            span: self.span(start, end),
        }
    }

    fn expression(&mut self, rule: Rule, start: usize) -> Expression<'t> {
        match rule {
            Rule::string => {
                let span = self.leaf(start);
                Expression {
                    kind: ExpressionKind::String(self.unquoted(span)),
                    span,
                }
            }
            Rule::number => {
                let span = self.leaf(start);
                Expression {
                    kind: ExpressionKind::Number(&self.lines.text[span.range()]),
                    span,
                }
            }
            Rule::list => {
                let mut list = Vec::new();
                let end = loop {
                    match self.step() {
                        Step::In(rule, at) => list.push(self.expression(rule, at)),
                        Step::Out(end) => break end,
                    }
                };
                Expression {
                    kind: ExpressionKind::List(list),
                    span: self.span(start, end),
                }
            }
            Rule::object => {
                let mut object = Vec::new();
                let end = loop {
                    match self.step() {
                        Step::In(..) => object.push(self.object_entry()),
                        Step::Out(end) => break end,
                    }
                };
                let span = self.span(start, end);
                // The outermost is left last.
                self.object = Some(span);
                Expression {
                    kind: ExpressionKind::Object(object),
                    span,
                }
            }
            _ => {
                let path = self.path(start);
                let (arguments, end) = self.arguments();
                let kind = match arguments.written {
                    true => ExpressionKind::Call(path, arguments),
                    false => ExpressionKind::Constant(path.text),
                };
                Expression {
                    kind,
                    span: self.span(start, end),
                }
            }
        }
    }

    fn object_entry(&mut self) -> (Name<'t>, Expression<'t>) {
        let (_, at) = self.enter();
        let name = self.name(at);
        let (rule, at) = self.enter();
        let value = self.expression(rule, at);
        self.enter();
        (name, value)
    }

    /// The value of a string.
    fn unquoted(&mut self, span: Span) -> Cow<'t, str> {
        let inside = Span {
            start: span.start + 1,
            end: span.end - 1,
            ..span
        };
        unescape(&self.lines.text[inside.range()], inside, self.findings)
    }

    /// The words and dots from `start` on.
    fn path(&self, start: usize) -> Name<'t> {
        let kinds = &self.lines.tokens.kinds.as_bytes()[start..];
        let len = kinds
            .iter()
            .take_while(|it| matches!(it, b'a'..=b'd' | b'.'))
            .count();
        let span = self.span(start, start + len);
        Name {
            text: &self.lines.text[span.range()],
            span,
        }
    }

    fn name(&mut self, start: usize) -> Name<'t> {
        let span = self.leaf(start);
        Name {
            text: &self.lines.text[span.range()],
            span,
        }
    }

    /// The span of a part that has no parts.
    fn leaf(&mut self, start: usize) -> Span {
        let (_, end) = self.enter();
        self.span(start, end)
    }

    /// Goes on to a part, or out of one, whose beginning or end is certain to come next.
    fn enter(&mut self) -> (Rule, usize) {
        match self.parts.next() {
            Some(Token::Start { rule, pos } | Token::End { rule, pos }) => (rule, pos.pos()),
            None => (Rule::EOI, self.lines.tokens.kinds.len()),
        }
    }

    fn step(&mut self) -> Step {
        match self.parts.next() {
            Some(Token::Start { rule, pos }) => Step::In(rule, pos.pos()),
            Some(Token::End { pos, .. }) => Step::Out(pos.pos()),
            None => Step::Out(self.lines.tokens.kinds.len()),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let tokens = self.lines.tokens;
        Span {
            source: self.lines.source,
            start: tokens.start(start),
            end: tokens.start(end),
        }
    }
}

fn keyword(text: &str) -> Option<Keyword> {
    match text {
        "model" => Some(Keyword::Model),
        "view" => Some(Keyword::View),
        "type" => Some(Keyword::Type),
        "enum" => Some(Keyword::Enum),
        "datasource" => Some(Keyword::Datasource),
        "generator" => Some(Keyword::Generator),
        _ => None,
    }
}

fn arity(mark: &str) -> ArityMark {
    match mark.as_bytes() {
        b"?" => ArityMark::Optional,
        b"!" => ArityMark::OldRequired,
        b"[]" => ArityMark::List,
        _ => ArityMark::OptionalList,
    }
}
