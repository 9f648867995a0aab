//! One annotation: `@@word`, or `@@word(…)` with arguments as attributes have them.

use std::ops::Range;

use driftless_finding::{Code, Finding, Severity, SourceId, Span};

use super::text::{Reader, StringChars};
use crate::findings::Findings;
use crate::schema::Spanned;
use crate::syntax::escapes::refused;

/// An annotation that cannot be read.
pub(crate) static INVALID_ANNOTATION: Code = Code {
    name: "invalid-annotation",
    severity: Severity::Error,
    summary: "a `/// @@rls` or `/// @@policy(…)` that cannot be read",
    explanation: "A `///` line that begins with `@@rls` or `@@policy` is an annotation. It is written as Prisma writes \
        attributes: `/// @@policy(\"name\", for: select, to: [authenticated], using: \"owner_id = 1\")`. It may go on in the \
        `///` lines below, up to its closing parenthesis; a string may, too. Nothing else stands on its lines.\n\n\
        A comment that merely mentions an annotation does not begin a line with it.",
};

/// An annotation as it is written.
pub(super) struct Written<'t> {
    pub(super) word: Spanned<&'t str>,
    pub(super) arguments: Vec<Argument<'t>>,
    /// From the first `@`.
    pub(super) span: Span,
}

pub(super) struct Argument<'t> {
    pub(super) name: Option<Spanned<&'t str>>,
    pub(super) value: Value<'t>,
}

pub(super) enum Value<'t> {
    String(Spanned<String>),
    /// A name, a number, `true`.
    Word(Spanned<&'t str>),
    List(Vec<Value<'t>>, Span),
}

impl Value<'_> {
    pub(super) fn span(&self) -> Span {
        match self {
            Self::String(it) => it.span,
            Self::Word(it) => it.span,
            Self::List(_, span) => *span,
        }
    }

    /// The elements of a list. A value without brackets is a list of one.
    pub(super) fn elements(&self) -> &[Self] {
        match self {
            Self::List(list, _) => list,
            Self::String(_) | Self::Word(_) => std::slice::from_ref(self),
        }
    }
}

/// Reads the annotation that begins with the first character of `lines`, the bytes up to the next annotation or the end
/// of the comments. Of one that is wrong there is a finding.
pub(super) fn parse<'t>(
    text: &'t str,
    source: SourceId,
    lines: Range<usize>,
    findings: &mut Findings,
) -> Option<Written<'t>> {
    let mut parser = Parser {
        reader: Reader::new(text, lines),
        source,
        findings,
    };
    match parser.annotation() {
        Ok(it) => Some(it),
        Err(wrong) => {
            findings.push(*wrong);
            None
        }
    }
}

/// What a name without quotes is made of.
pub(super) fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_' || char == '-' || char == '.'
}

/// A list holds no lists, so this is deeper than anything that means something.
const MAX_DEPTH: u32 = 4;

struct Parser<'t, 'f> {
    reader: Reader<'t>,
    source: SourceId,
    findings: &'f mut Findings,
}

impl<'t> Parser<'t, '_> {
    fn annotation(&mut self) -> Result<Written<'t>, Box<Finding>> {
        let start = self.reader.at();
        self.reader.take_while(|it| it == '@');
        let word = self.word();
        let mut arguments = Vec::new();
        let mut span = self.span(start..self.reader.at());
        self.on_this_line();
        let open = self.reader.at();
        if self.reader.take('(') {
            arguments = self.arguments(self.span(open..open + 1))?;
            span = self.span(start..self.reader.at());
        }
        self.on_this_line();
        let behind = self.reader.rest_of_line();
        if !behind.is_empty() {
            let message = format!("something stands behind the annotation `@@{}`", word.value);
            let help = "write it on a line of its own; to merely mention an annotation, begin the \
                        line with another word";
            return Err(wrong(&message, self.span(behind), help));
        }
        Ok(Written {
            word,
            arguments,
            span,
        })
    }

    fn arguments(&mut self, open: Span) -> Result<Vec<Argument<'t>>, Box<Finding>> {
        let mut list = Vec::new();
        self.reader.skip_blanks();
        while !self.reader.take(')') {
            list.push(self.argument(open)?);
            self.separator(open, ')', "another argument")?;
        }
        Ok(list)
    }

    fn argument(&mut self, open: Span) -> Result<Argument<'t>, Box<Finding>> {
        let before = self.reader;
        if self.reader.peek().is_some_and(is_word) {
            let name = self.word();
            self.reader.skip_blanks();
            if self.reader.take(':') {
                self.reader.skip_blanks();
                let value = self.value(open, 0)?;
                let name = Some(name);
                return Ok(Argument { name, value });
            }
            self.reader = before;
        }
        let value = self.value(open, 0)?;
        Ok(Argument { name: None, value })
    }

    fn value(&mut self, open: Span, depth: u32) -> Result<Value<'t>, Box<Finding>> {
        let start = self.reader.at();
        match self.reader.peek() {
            Some('"') => self.string().map(Value::String),
            Some('[') if depth < MAX_DEPTH => {
                let bracket = self.span(start..start + 1);
                self.reader.take('[');
                self.reader.skip_blanks();
                let mut list = Vec::new();
                while !self.reader.take(']') {
                    list.push(self.value(bracket, depth + 1)?);
                    self.separator(bracket, ']', "another value")?;
                }
                Ok(Value::List(list, self.span(start..self.reader.at())))
            }
            Some(char) if is_word(char) => Ok(Value::Word(self.word())),
            Some(_) => {
                let message = "a value is expected here: a string, a name or a list";
                let help = "strings have double quotes, lists have brackets";
                Err(self.unexpected(message, help))
            }
            None => Err(not_closed(open)),
        }
    }

    /// A comma, or what closes a list of arguments or values, which stays.
    fn separator(&mut self, open: Span, close: char, next: &str) -> Result<(), Box<Finding>> {
        self.reader.skip_blanks();
        if self.reader.take(',') {
            self.reader.skip_blanks();
            return match self.reader.peek() {
                Some(char) if char == close => {
                    let message = format!("{next} is expected behind the comma");
                    Err(self.unexpected(&message, "remove the comma"))
                }
                _ => Ok(()),
            };
        }
        match self.reader.peek() {
            Some(char) if char == close => Ok(()),
            Some(_) => {
                let message = format!("a comma or `{close}` is expected here");
                let help = "separate them by commas; a `\"` inside of a string is written `\\\"`";
                Err(self.unexpected(&message, help))
            }
            None => Err(not_closed(open)),
        }
    }

    fn string(&mut self) -> Result<Spanned<String>, Box<Finding>> {
        let start = self.reader.at();
        self.reader.take('"');
        let mut value = String::new();
        let mut chars = StringChars(self.reader);
        while let Some((char, range)) = chars.next() {
            let is_quote = char == Ok('"') && range.len() == 1;
            if is_quote {
                self.reader = chars.0;
                return Ok(Spanned::new(value, self.span(start..self.reader.at())));
            }
            match char {
                Ok(char) => value.push(char),
                Err(code) => {
                    let place = self.span(range.clone());
                    let escape = self.reader.text(range);
                    self.findings.push(refused(code, escape).at(place));
                }
            }
        }
        let place = self.span(start..start + 1);
        let help = "write `\"` behind it; a `\"` inside of it is written `\\\"`";
        Err(wrong("this string is not closed", place, help))
    }

    fn word(&mut self) -> Spanned<&'t str> {
        let start = self.reader.at();
        let word = self.reader.take_while(is_word);
        Spanned::new(word, self.span(start..start + word.len()))
    }

    /// Passes blanks, but no end of a line.
    fn on_this_line(&mut self) {
        self.reader.take_while(char::is_whitespace);
    }

    fn unexpected(&mut self, message: &str, help: &str) -> Box<Finding> {
        let start = self.reader.at();
        let mut reader = self.reader;
        let end = reader.step().map_or(start, |(_, range)| range.end);
        wrong(message, self.span(start..end), help)
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span {
            source: self.source,
            start: range.start as u32,
            end: range.end as u32,
        }
    }
}

fn not_closed(open: Span) -> Box<Finding> {
    let message = "what this bracket opens is not closed in the `///` lines that follow";
    let help = "close it; an annotation ends where a line has no `///` or begins with `@@rls` or `@@policy`";
    wrong(message, open, help)
}

fn wrong(message: &str, span: Span, help: &str) -> Box<Finding> {
    let finding = Finding::new(&INVALID_ANNOTATION, message).at(span);
    Box::new(finding.help(help))
}
