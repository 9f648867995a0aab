//! Text to tokens, an item at a time: a block with all its lines, a run of comments, a stray line.
//!
//! Lexing depends on where one stands. `/*` is a comment at the beginning of a line and behind a whole statement, and
//! rubbish elsewhere, so that a line that is wrong anyway does not swallow the lines below it. However wrong the text
//! is, each byte is looked at a bounded number of times.

use std::ops::Range;

use memchr::{memchr2, memmem};
use pest::unicode::{LETTER, SPACE_SEPARATOR};

use super::grammar::Statements;

/// How deep brackets may nest on a line. The grammar is recursive, and nothing sensible goes beyond four.
const MAX_DEPTH: u32 = 64;

/// How long a word may be. PostgreSQL keeps 63 bytes of a name.
const MAX_WORD_BYTES: usize = 1000;

/// How many blocks may prove unclosed at the end of the file before no `{` is believed any more. Each of them costs a
/// look at the rest of the file.
const MAX_UNCLOSED: u32 = 8;

/// The tokens of one item. The grammar says what the characters of `kinds` mean. Tokens cover the text without gaps.
#[derive(Default)]
pub(super) struct Tokens {
    pub(super) kinds: Vec<u8>,
    starts: Vec<u32>,
}

/// An item of the top level, as far as the lexer can tell.
pub(super) enum Lexed {
    /// A whole block, in [`Lexer::tokens`].
    Block(BlockKind),
    /// A line that begins with `type`, in [`Lexer::tokens`]. How far it goes is for the grammar to say.
    Alias,
    /// `word { … }`, where the word is no keyword.
    ForeignBlock,
    /// Comments with at most one line end between any two.
    Comments,
    /// Line ends and nothing else.
    BlankLines,
    /// A line that nothing else can be made of.
    StrayLine(Option<Refused>),
}

/// Why a line is put aside before the grammar sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    NestedTooDeep,
    LongWord,
}

/// What the lines of a block look like.
#[derive(Clone, Copy)]
pub(super) enum BlockKind {
    Model,
    Enum,
    Config,
}

pub(super) struct Lexer<'t> {
    text: &'t str,
    /// First byte that no token covers yet.
    at: usize,
    /// Of the item that [`Lexer::next_item`] gave last.
    pub(super) tokens: Tokens,
    /// Where the lines of the block begin that were put aside; the grammar sees them as stray.
    pub(super) refused: Vec<(u32, Refused)>,
    pub(super) statements: Statements,
    comment_end: Next,
    brace: Next,
    unclosed: u32,
}

impl Tokens {
    /// Where token `index` starts, which is where the one before it ends.
    pub(super) fn start(&self, index: usize) -> u32 {
        self.starts[index]
    }

    fn push(&mut self, kind: u8, start: usize) {
        self.kinds.push(kind);
        self.starts.push(start as u32);
    }

    fn truncate(&mut self, len: usize) {
        self.kinds.truncate(len);
        self.starts.truncate(len);
    }
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            tokens: Tokens::default(),
            refused: Vec::new(),
            statements: Statements::recall(),
            comment_end: Next::new("*/"),
            brace: Next::new("}"),
            unclosed: 0,
        }
    }

    /// The next item and the bytes it covers, or `None` at the end of the text.
    pub(super) fn next_item(&mut self) -> Option<(Lexed, Range<usize>)> {
        self.tokens.truncate(0);
        self.refused.clear();
        self.skip_spaces();
        let start = self.at;
        let item = match *self.text.as_bytes().get(start)? {
            b'\n' | b'\r' => {
                while self.skip_line_end() {
                    self.skip_spaces();
                }
                Lexed::BlankLines
            }
            b'/' if self.skip_comment() => {
                loop {
                    let end = self.at;
                    self.skip_line_end();
                    self.skip_spaces();
                    if !self.skip_comment() {
                        self.at = end;
                        self.skip_line_end();
                        break;
                    }
                }
                Lexed::Comments
            }
            _ => self.line_of_top_level(),
        };
        // The end of the last token, for whoever asks where it ends.
        self.tokens.starts.push(self.at as u32);
        Some((item, start..self.at))
    }

    /// Goes back to `at`, where only part of an item was used.
    pub(super) fn resume(&mut self, at: usize) {
        self.at = at;
    }

    fn line_of_top_level(&mut self) -> Lexed {
        let start = self.at;
        self.keyword();
        let refused = self.line(|lexer| {
            let is_open = lexer.text.as_bytes()[lexer.at] == b'{';
            if is_open {
                lexer.tokens.push(b'{', lexer.at);
                lexer.skip_line();
            }
            is_open
        });
        let header_end = self.at;
        let kinds = &self.tokens.kinds[..];

        if let Some(kind) = header(kinds).filter(|_| refused.is_none()) {
            if self.unclosed < MAX_UNCLOSED {
                let header_len = kinds.len();
                if self.block(kind) {
                    return Lexed::Block(kind);
                }
                self.tokens.truncate(header_len);
                self.refused.clear();
                self.unclosed += 1;
            }
            self.at = header_end;
        }
        if refused.is_none()
            && is_foreign_header(&self.tokens.kinds)
            && let Some(brace) = self.brace.find(self.text, header_end)
        {
            self.at = brace + 1;
            return Lexed::ForeignBlock;
        }
        self.at = start;
        self.skip_line();
        self.skip_line_end();
        if self.tokens.kinds.starts_with(b"T") && refused.is_none() {
            Lexed::Alias
        } else {
            Lexed::StrayLine(refused)
        }
    }

    /// Lexes up to and including the end of a line, and returns why it is better put aside. `take` may lex something
    /// itself, and says so.
    fn line(&mut self, take: impl Fn(&mut Self) -> bool) -> Option<Refused> {
        let bytes = self.text.as_bytes();
        let mut depth = 0u32;
        let mut refused = None;
        while let Some(&byte) = bytes.get(self.at)
            && !matches!(byte, b'\n' | b'\r')
        {
            if take(self) {
                continue;
            }
            let start = self.at;
            match self.token(byte) {
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        refused = Some(Refused::NestedTooDeep);
                    }
                }
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'a'..=b'd' if self.at - start > MAX_WORD_BYTES => {
                    refused = Some(Refused::LongWord);
                }
                _ => {}
            }
        }
        self.line_end_token();
        refused
    }

    /// The lines of a block up to its `}`, or `false` if it has none.
    fn block(&mut self, kind: BlockKind) -> bool {
        let bytes = self.text.as_bytes();
        loop {
            self.space_token();
            let Some(byte) = bytes.get(self.at) else {
                return false;
            };
            let start = self.at;
            match byte {
                b'}' => {
                    self.at += 1;
                    self.tokens.push(b'}', start);
                    return true;
                }
                b'\n' | b'\r' => self.line_end_token(),
                b'/' if self.skip_comment() => self.tokens.push(b'/', start),
                _ => self.statement(kind),
            }
        }
    }

    /// A line of a block; more than a line if a comment or a string goes on behind its end *and* the whole is right.
    fn statement(&mut self, kind: BlockKind) {
        let (first, start) = (self.tokens.starts.len(), self.at);
        let refused = self.line(|_| false);

        let bytes = self.text.as_bytes();
        let kinds = &self.tokens.kinds[first..];
        let has_line_end = memchr2(b'"', b'/', kinds).is_some()
            && memchr2(b'\n', b'\r', bytes[start..self.at].trim_ascii_end()).is_some();
        if refused.is_some() || has_line_end && self.statements.edges(kind, kinds).is_none() {
            self.tokens.truncate(first);
            self.tokens.push(b'#', start);
            self.at = start;
            self.skip_line();
            self.line_end_token();
        }
        if let Some(refused) = refused {
            self.refused.push((start as u32, refused));
        }
    }

    /// Lexes the keyword that an item begins with, if it does. The name may follow at once: `modelA {`.
    fn keyword(&mut self) {
        const KEYWORDS: [(&str, u8); 6] = [
            ("model", b'M'),
            ("view", b'M'),
            ("enum", b'E'),
            ("type", b'T'),
            ("datasource", b'C'),
            ("generator", b'C'),
        ];
        let rest = &self.text[self.at..];
        if let Some((word, kind)) = KEYWORDS
            .into_iter()
            .find(|(word, _)| rest.starts_with(word))
            && !rest[word.len()..].starts_with(['_', '-'])
        {
            self.tokens.push(kind, self.at);
            self.at += word.len();
        }
    }

    /// Lexes one token, which begins with `byte` and is not a line end, and returns its kind.
    fn token(&mut self, byte: u8) -> u8 {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let kind = match CLASS[usize::from(byte)] {
            Class::Letter => self.word(),
            Class::Digit => self.digits(),
            Class::Space => {
                self.skip_spaces();
                b' '
            }
            Class::Mark | Class::Minus => {
                self.at += 1;
                byte
            }
            Class::Quote => match string_len(&bytes[start..]) {
                Some(len) => {
                    self.at += len;
                    b'"'
                }
                None => self.nothing(),
            },
            Class::Slash if self.skip_comment() => b'/',
            Class::Wide => {
                let char = self.char();
                if LETTER(char) {
                    self.word()
                } else if SPACE_SEPARATOR(char) {
                    self.skip_spaces();
                    b' '
                } else {
                    self.nothing()
                }
            }
            Class::Slash | Class::Underscore | Class::Other => self.nothing(),
        };
        self.tokens.push(kind, start);
        kind
    }

    fn word(&mut self) -> u8 {
        let start = self.at;
        self.skip_word();
        let bytes = self.text.as_bytes();
        let unsupported =
            bytes.get(self.at) == Some(&b'(') && &bytes[start..self.at] == b"Unsupported";
        if unsupported { b'b' } else { b'a' }
    }

    fn digits(&mut self) -> u8 {
        let start = self.at;
        self.skip_word();
        let only_digits = self.text.as_bytes()[start..self.at]
            .iter()
            .all(u8::is_ascii_digit);
        if only_digits { b'd' } else { b'c' }
    }

    fn nothing(&mut self) -> u8 {
        self.at += self.char().len_utf8();
        b'#'
    }

    fn char(&self) -> char {
        self.text[self.at..].chars().next().unwrap_or('\0')
    }

    fn skip_word(&mut self) {
        loop {
            self.skip_bytes(&IS_WORD);
            if !self.at_wide() || !LETTER(self.char()) {
                break;
            }
            self.at += self.char().len_utf8();
        }
    }

    fn skip_spaces(&mut self) {
        loop {
            self.skip_bytes(&IS_SPACE);
            if !self.at_wide() || !SPACE_SEPARATOR(self.char()) {
                break;
            }
            self.at += self.char().len_utf8();
        }
    }

    fn skip_bytes(&mut self, wanted: &[bool; 256]) {
        let rest = &self.text.as_bytes()[self.at..];
        let len = rest.iter().position(|it| !wanted[usize::from(*it)]);
        self.at += len.unwrap_or(rest.len());
    }

    /// Whether a character beyond ASCII is next.
    fn at_wide(&self) -> bool {
        self.text
            .as_bytes()
            .get(self.at)
            .is_some_and(|it| *it >= 0x80)
    }

    /// Skips a comment, but not the end of its line. `/*` that nothing closes is none.
    fn skip_comment(&mut self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.starts_with(b"//") {
            self.skip_line();
            return true;
        }
        if rest.starts_with(b"/*")
            && let Some(end) = self.comment_end.find(self.text, self.at + 2)
        {
            self.at = end + 2;
            return true;
        }
        false
    }

    /// Skips what is left of a line, but not its end.
    fn skip_line(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    fn skip_line_end(&mut self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => return false,
        };
        true
    }

    fn line_end_token(&mut self) {
        let start = self.at;
        if self.skip_line_end() {
            self.tokens.push(b'\n', start);
        }
    }

    fn space_token(&mut self) {
        let start = self.at;
        self.skip_spaces();
        if start < self.at {
            self.tokens.push(b' ', start);
        }
    }
}

/// The length of the string that begins with the first byte. It has no control characters, unless escaped.
fn string_len(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            // The escaped character may be longer than a byte; what follows its first byte passes by itself.
            b'\\' => {
                bytes.get(at + 1)?;
                at += 2;
            }
            0..0x20 => return None,
            _ => at += 1,
        }
    }
}

/// `keyword name {`, the blanks optional.
fn header(kinds: &[u8]) -> Option<BlockKind> {
    let kind = match kinds.first()? {
        b'M' | b'T' => BlockKind::Model,
        b'E' => BlockKind::Enum,
        b'C' => BlockKind::Config,
        _ => return None,
    };
    match without_space(&kinds[1..]) {
        [b'a'..=b'd', rest @ ..] if without_space(rest) == b"{\n" => Some(kind),
        _ => None,
    }
}

/// `word {`, where the word may be a keyword that ran into a name.
fn is_foreign_header(kinds: &[u8]) -> bool {
    let rest = match kinds {
        [b'M' | b'T' | b'E' | b'C', b'a'..=b'd', rest @ ..] => rest,
        [b'M' | b'T' | b'E' | b'C' | b'a'..=b'd', rest @ ..] => rest,
        _ => return false,
    };
    without_space(rest) == b"{\n"
}

fn without_space(kinds: &[u8]) -> &[u8] {
    kinds.strip_prefix(b" ").unwrap_or(kinds)
}

/// Where a string occurs next, remembered, so that asking at every line is not a pass over the rest for each.
struct Next {
    needle: &'static str,
    /// The question and the answer, of last time.
    known: Option<(usize, Option<usize>)>,
}

impl Next {
    fn new(needle: &'static str) -> Self {
        Self {
            needle,
            known: None,
        }
    }

    fn find(&mut self, text: &str, from: usize) -> Option<usize> {
        if let Some((asked, found)) = self.known
            && asked <= from
            && found.is_none_or(|it| from <= it)
        {
            return found;
        }
        let found = memmem::find(&text.as_bytes()[from..], self.needle.as_bytes());
        let found = found.map(|it| from + it);
        self.known = Some((from, found));
        found
    }
}

/// What a byte can be part of.
#[derive(Clone, Copy)]
enum Class {
    Letter,
    Digit,
    /// Part of a word, but not its beginning.
    Underscore,
    /// Part of a word, and the sign of a number.
    Minus,
    Space,
    /// A token by itself.
    Mark,
    Quote,
    Slash,
    /// Part of a character beyond ASCII.
    Wide,
    Other,
}

const CLASS: [Class; 256] = {
    let mut table = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'_' => Class::Underscore,
            b'-' => Class::Minus,
            b' ' | b'\t' => Class::Space,
            b'@' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b':' | b'=' | b'.' | b'?'
            | b'!' => Class::Mark,
            b'"' => Class::Quote,
            b'/' => Class::Slash,
            0x80..=0xFF => Class::Wide,
            _ => Class::Other,
        };
        byte += 1;
    }
    table
};

/// Bytes of words, as far as they are ASCII.
const IS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(
            CLASS[byte],
            Class::Letter | Class::Digit | Class::Underscore | Class::Minus
        );
        byte += 1;
    }
    table
};

/// Bytes of white space, as far as they are ASCII.
const IS_SPACE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(CLASS[byte], Class::Space);
        byte += 1;
    }
    table
};
