//! Grammar parts to tree.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of the rules of the grammar, each part has a few"
)]

use std::borrow::Cow;
use std::slice;

use bumpalo::Bump;
use bumpalo::collections::Vec;
use driftless_finding::{SourceId, Span};
use memchr::{memchr, memchr_iter};

use super::escapes::unescape;
use super::grammar::{Edge, Rule, Statements};
use super::lexer::{BlockKind, Refused, Tokens};
use super::stray;
use super::tree::{
    Argument, Arguments, ArityMark, Attribute, Block, BlockAttribute, Entry, Expression,
    ExpressionKind, Field, Keyword, Name, Property, TypeName, TypeUse, Value,
};
use crate::findings::Findings;
use crate::options::PrismaVersion;

/// The lexer's view of a block.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a, 't> {
    pub(super) text: &'t str,
    pub(super) source: SourceId,
    pub(super) arena: &'t Bump,
    pub(super) tokens: &'a Tokens,
    /// The lines that were put aside.
    pub(super) refused: &'a [(u32, Refused)],
}

/// Builds the tree of a block, of which the lexer has seen header and end. The grammar says what its statements are.
pub(super) fn block<'t>(
    kind: BlockKind,
    lines: Lines<'_, 't>,
    statements: &mut Statements,
    findings: &mut Findings,
) -> Block<'t> {
    let kinds = &lines.tokens.kinds[..];
    let first_letter = lines.text.as_bytes()[lines.tokens.start(0) as usize];
    let keyword = match (kind, first_letter) {
        (BlockKind::Model, b'm') => Keyword::Model,
        (BlockKind::Model, b'v') => Keyword::View,
        (BlockKind::Model, _) => Keyword::Type,
        (BlockKind::Enum, _) => Keyword::Enum,
        (BlockKind::Config, b'd') => Keyword::Datasource,
        (BlockKind::Config, _) => Keyword::Generator,
    };
    let name = lines.behind(1, b" ");
    let brace = lines.behind(name + 1, b" ");
    let line_count = memchr_iter(b'\n', kinds).count();
    let mut entries = Vec::with_capacity_in(line_count, lines.arena);
    // The `{` has a line end behind it.
    let mut at = lines.behind(brace + 2, b" ");
    loop {
        let start = at;
        match kinds[start] {
            b'}' => break,
            b'\n' => {
                at = lines.behind(start, b"\n ");
                entries.push(Entry::BlankLines);
            }
            b'/' => {
                while kinds[at] == b'/' {
                    let line_end = usize::from(kinds[at + 1] == b'\n');
                    at = lines.behind(at + 1 + line_end, b" ");
                }
                entries.push(Entry::Comments(lines.span(start, at)));
            }
            _ => {
                let len = memchr(b'\n', &kinds[start..]);
                let end = len.map_or(kinds.len(), |it| start + it + 1);
                at = lines.behind(end, b" ");
                let entry = match statements.edges(kind, &kinds[start..end]) {
                    Some(edges) => {
                        let statement = Builder {
                            lines,
                            first: start,
                            edges: edges.iter(),
                            object: None,
                            findings,
                        };
                        statement.entry()
                    }
                    None => stray_line(keyword, lines, lines.span(start, end), findings),
                };
                entries.push(entry);
            }
        }
    }
    let brace = lines.span(brace, brace + 1);
    Block {
        keyword,
        name: lines.name(name, name + 1),
        behind_open: Span {
            start: brace.start + 1,
            ..brace
        },
        entries: entries.into_bump_slice(),
        span: lines.span(0, at + 1),
    }
}

fn stray_line<'t>(
    keyword: Keyword,
    lines: Lines<'_, 't>,
    span: Span,
    findings: &mut Findings,
) -> Entry<'t> {
    let line = &lines.text[span.range()];
    let refused = lines.refused;
    let finding = match refused.binary_search_by_key(&span.start, |(line, _)| *line) {
        Ok(at) => stray::refused(refused[at].1, span, line),
        Err(_) => stray::in_block(keyword, span, line),
    };
    findings.push(finding);
    Entry::Stray
}

impl<'t> Lines<'_, 't> {
    /// The first token from `from` on that is none of `kinds`.
    fn behind(&self, from: usize, kinds: &[u8]) -> usize {
        let rest = &self.tokens.kinds[from..];
        from + rest.iter().take_while(|it| kinds.contains(it)).count()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span {
            source: self.source,
            start: self.tokens.start(start),
            end: self.tokens.start(end),
        }
    }

    fn name(&self, start: usize, end: usize) -> Name<'t> {
        let span = self.span(start, end);
        Name {
            text: &self.text[span.range()],
            span,
        }
    }
}

/// Builds a statement. A method is called behind the beginning of its part and leaves behind the part's end.
struct Builder<'a, 't> {
    lines: Lines<'a, 't>,
    /// The token that the edges count from.
    first: usize,
    edges: slice::Iter<'a, Edge>,
    /// An object in the statement.
    object: Option<Span>,
    findings: &'a mut Findings,
}

/// The beginning or the end of a part, at a token.
enum Step {
    In(Rule, usize),
    Out(usize),
}

impl<'t> Builder<'_, 't> {
    fn entry(mut self) -> Entry<'t> {
        let (rule, _) = self.enter();
        let entry = match rule {
            Rule::field => Entry::Field(self.field()),
            Rule::value => Entry::Value(self.value()),
            Rule::property => Entry::Property(self.property()),
            _ => Entry::Attribute(self.block_attribute()),
        };
        let Some(object) = self.object else {
            return entry;
        };
        let message = "Prisma 6 has no values in braces";
        self.findings.refused_by(PrismaVersion::V6, message, object);
        match self.findings.prisma() {
            Some(PrismaVersion::V6) => Entry::Stray,
            Some(PrismaVersion::V7) | None => entry,
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
            attributes: &[],
            trailing_comment: None,
            span,
        };
        let mut attributes = Vec::new_in(self.lines.arena);
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
                    let attribute = self.attribute(at, 1);
                    let span = attribute.span;
                    attributes.push(attribute);
                    span
                }
                _ => {
                    field.trailing_comment = Some(self.leaf(at));
                    continue;
                }
            };
            field.span.end = span.end;
        }
        field.attributes = attributes.into_bump_slice();
        field
    }

    fn value(&mut self) -> Value<'t> {
        let (_, at) = self.enter();
        let name = self.name(at);
        let mut value = Value {
            name,
            attributes: &[],
            trailing_comment: None,
            span: name.span,
        };
        let mut attributes = Vec::new_in(self.lines.arena);
        while let Step::In(rule, at) = self.step() {
            if rule == Rule::attribute {
                let attribute = self.attribute(at, 1);
                value.span.end = attribute.span.end;
                attributes.push(attribute);
            } else {
                value.trailing_comment = Some(self.leaf(at));
            }
        }
        value.attributes = attributes.into_bump_slice();
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
        let kinds = &self.lines.tokens.kinds;
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
        let mut list = Vec::new_in(self.lines.arena);
        let end = loop {
            match self.step() {
                Step::In(Rule::trailing_comma, at) => {
                    arguments.trailing_comma = Some(self.leaf(at));
                }
                Step::In(rule, at) => list.push(self.argument(rule, at)),
                Step::Out(end) => break end,
            }
        };
        arguments.list = list.into_bump_slice();
        // Nothing but an argument list ends with a parenthesis.
        arguments.written = self.lines.tokens.kinds[end - 1] == b')';
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
                let mut list = Vec::new_in(self.lines.arena);
                let end = loop {
                    match self.step() {
                        Step::In(rule, at) => list.push(self.expression(rule, at)),
                        Step::Out(end) => break end,
                    }
                };
                Expression {
                    kind: ExpressionKind::List(list.into_bump_slice()),
                    span: self.span(start, end),
                }
            }
            Rule::object => {
                let mut object = Vec::new_in(self.lines.arena);
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
                    kind: ExpressionKind::Object(object.into_bump_slice()),
                    span,
                }
            }
            _ => {
                let path = self.path(start);
                let (arguments, end) = self.arguments();
                let kind = match arguments.written {
                    true => ExpressionKind::Call(path, self.lines.arena.alloc(arguments)),
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
    fn unquoted(&mut self, span: Span) -> &'t str {
        let inside = Span {
            start: span.start + 1,
            end: span.end - 1,
            ..span
        };
        match unescape(&self.lines.text[inside.range()], inside, self.findings) {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => self.lines.arena.alloc_str(&text),
        }
    }

    /// The words and dots from `start` on.
    fn path(&self, start: usize) -> Name<'t> {
        let kinds = &self.lines.tokens.kinds[start..];
        let is_part = |it: &&u8| matches!(it, b'a'..=b'd' | b'.');
        let len = kinds.iter().take_while(is_part).count();
        self.lines.name(start, start + len)
    }

    fn name(&mut self, start: usize) -> Name<'t> {
        let (_, end) = self.enter();
        self.lines.name(start, end)
    }

    /// The span of a part that has no parts.
    fn leaf(&mut self, start: usize) -> Span {
        let (_, end) = self.enter();
        self.span(start, end)
    }

    /// Goes on to a part, or out of one, whose beginning or end is certain to come next.
    fn enter(&mut self) -> (Rule, usize) {
        match self.edges.next() {
            Some(edge) => (edge.rule, self.first + edge.at as usize),
            None => (Rule::EOI, self.lines.tokens.kinds.len()),
        }
    }

    fn step(&mut self) -> Step {
        match self.edges.next() {
            Some(edge) if !edge.is_end => Step::In(edge.rule, self.first + edge.at as usize),
            Some(edge) => Step::Out(self.first + edge.at as usize),
            None => Step::Out(self.lines.tokens.kinds.len()),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        self.lines.span(start, end)
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
