//! The text of annotations: `///` lines that belong together, and the characters of strings in them.

use std::ops::Range;

use driftless_finding::{Code, Span};

use crate::syntax::escapes::escaped;

/// Reads what `///` lines say as if it were one text, with a line end where a line ends.
#[derive(Clone, Copy)]
pub(super) struct Reader<'t> {
    /// Of the whole file.
    text: &'t str,
    /// The next byte, and the first that is no more part of the lines.
    at: usize,
    end: usize,
}

impl<'t> Reader<'t> {
    /// Of the lines in `range`, which begins behind a `///`.
    pub(super) fn new(text: &'t str, range: Range<usize>) -> Self {
        Self {
            text,
            at: range.start,
            end: range.end,
        }
    }

    /// The offset of what comes next.
    pub(super) fn at(self) -> usize {
        self.at
    }

    /// What stands in `range`, as it is written.
    pub(super) fn text(self, range: Range<usize>) -> &'t str {
        &self.text[range]
    }

    /// The next character without taking it.
    pub(super) fn peek(mut self) -> Option<char> {
        self.step().map(|(char, _)| char)
    }

    /// Takes the next character if it is `char`.
    pub(super) fn take(&mut self, char: char) -> bool {
        let found = self.peek() == Some(char);
        if found {
            self.step();
        }
        found
    }

    /// Takes a run of characters on one line.
    pub(super) fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let rest = &self.text[self.at..self.end];
        let len = rest
            .find(|it| it == '\n' || it == '\r' || !is_part(it))
            .unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    /// Takes blanks, and ends of lines with what the next line begins with.
    pub(super) fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.step();
        }
    }

    /// Takes a character, and says its place. Of the end of a line that is the end, the slashes below and a blank
    /// behind them.
    pub(super) fn step(&mut self) -> Option<(char, Range<usize>)> {
        let rest = &self.text[self.at..self.end];
        let char = rest.chars().next()?;
        let start = self.at;
        if char != '\n' && char != '\r' {
            self.at += char.len_utf8();
            return Some((char, start..self.at));
        }
        let below = rest.trim_start();
        let below = below.strip_prefix("///").unwrap_or(below);
        let below = below.strip_prefix(' ').unwrap_or(below);
        self.at = self.end - below.len();
        Some(('\n', start..self.at))
    }

    /// What is left of the line.
    pub(super) fn rest_of_line(mut self) -> Range<usize> {
        let rest = self.take_while(|_| true);
        self.at - rest.len()..self.at
    }
}

/// The characters of a string behind its opening quote, escapes resolved.
pub(super) struct StringChars<'t>(pub(super) Reader<'t>);

impl Iterator for StringChars<'_> {
    type Item = (Result<char, &'static Code>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let reader = &mut self.0;
        let (char, range) = reader.step()?;
        if char != '\\' {
            return Some((Ok(char), range));
        }
        let line = Reader {
            at: range.start,
            ..*reader
        };
        let line = &reader.text[line.rest_of_line()];
        let (found, len) = match escaped(line) {
            Ok((char, len)) => (Ok(char), len),
            Err((code, len)) => (Err(code), len),
        };
        reader.at = range.start + len;
        Some((found, range.start..reader.at))
    }
}

/// The characters of the value of a string, each with its place in the file whose text that is.
///
/// `literal` is the place of the string literal with its quotes, in a `///` line, over several of them, or anywhere
/// else in a Prisma schema. What no escape can stand for is left out.
///
/// ```
/// use driftless_finding::Sources;
/// use driftless_psl::characters;
///
/// let text = r#"/// @@policy("own", using: "\"ownerId\" = 1")"#;
/// let mut sources = Sources::new();
/// let id = sources.add("schema.prisma", text)?;
/// let start = text.find(r#""\"owner"#).unwrap();
/// let literal = sources.span(id, start..text.len() - 1);
/// let (char, place) = characters(text, literal).nth(10).unwrap();
/// assert_eq!((char, sources.locate(place).to_string().as_str()), ('=', "schema.prisma:1:41"));
/// # Ok::<(), driftless_finding::SourceTooLarge>(())
/// ```
pub fn characters(text: &str, literal: Span) -> impl Iterator<Item = (char, Span)> {
    let end = literal.end.saturating_sub(1).max(literal.start);
    let inside = (literal.start + 1).min(end) as usize..end as usize;
    StringChars(Reader::new(text, inside)).filter_map(move |(char, range)| {
        let place = Span {
            start: range.start as u32,
            end: range.end as u32,
            ..literal
        };
        Some((char.ok()?, place))
    })
}
