//! Text to tokens, by the rules of PostgreSQL's own scanner.

use std::borrow::Cow;
use std::ops::Range;

/// A piece of SQL text. White space lies between tokens and is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Byte offset of its first byte.
    pub start: usize,
    /// Byte offset behind its last byte.
    pub end: usize,
}

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// An unquoted identifier or a keyword.
    Word,
    /// `"…"`, or `U&"…"`.
    QuotedIdent,
    /// `'…'`, also `N'…'` and `U&'…'`.
    String,
    /// `E'…'`, where a backslash escapes.
    EscapeString,
    /// `B'…'` or `X'…'`.
    BitString,
    /// `$tag$…$tag$`.
    DollarString,
    /// A number; a leading sign is an operator of its own.
    Number,
    /// `$1`.
    Parameter,
    /// One or more operator characters, or `::`, `:=`, `..`.
    Operator,
    /// One of `( ) [ ] , ; : .`.
    Punctuation,
    /// `-- …` up to the end of the line, or `/* … */`, nested ones included.
    Comment,
    /// A string, quoted identifier or block comment that the text ends in.
    Unterminated,
    /// A character that starts no token, such as a control character or a lone backslash.
    Other,
}

impl Token {
    /// The token's bytes as a range.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The token's text in `sql`, the text it was read from.
    pub fn text<'a>(&self, sql: &'a str) -> &'a str {
        &sql[self.start..self.end]
    }

    /// Whether it is the unquoted word `word`, which is given in lower case.
    pub fn is_word(&self, sql: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(sql).eq_ignore_ascii_case(word)
    }

    /// Whether it is the punctuation or operator `text`.
    pub fn is(&self, sql: &str, text: &str) -> bool {
        matches!(self.kind, TokenKind::Punctuation | TokenKind::Operator) && self.text(sql) == text
    }
}

/// The tokens of `sql`, comments included.
pub fn tokens(sql: &str) -> impl Iterator<Item = Token> {
    Scanner { sql, at: 0 }
}

struct Scanner<'a> {
    sql: &'a str,
    at: usize,
}

impl Iterator for Scanner<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.sql.as_bytes();
        while bytes.get(self.at).is_some_and(|it| is_space(*it)) {
            self.at += 1;
        }
        let start = self.at;
        let first = *bytes.get(start)?;
        let (kind, end) = scan(self.sql, start, first);
        self.at = end;
        Some(Token { kind, start, end })
    }
}

fn scan(sql: &str, start: usize, first: u8) -> (TokenKind, usize) {
    let bytes = sql.as_bytes();
    let next = bytes.get(start + 1).copied();
    match first {
        b'-' if next == Some(b'-') => (TokenKind::Comment, line_end(bytes, start)),
        b'/' if next == Some(b'*') => block_comment(bytes, start),
        b'\'' => quoted(bytes, start, b'\'', false, TokenKind::String),
        b'"' => quoted(bytes, start, b'"', false, TokenKind::QuotedIdent),
        b'e' | b'E' if next == Some(b'\'') => {
            quoted(bytes, start + 1, b'\'', true, TokenKind::EscapeString)
        }
        b'b' | b'B' | b'x' | b'X' if next == Some(b'\'') => {
            quoted(bytes, start + 1, b'\'', false, TokenKind::BitString)
        }
        b'n' | b'N' if next == Some(b'\'') => {
            quoted(bytes, start + 1, b'\'', false, TokenKind::String)
        }
        b'u' | b'U' if next == Some(b'&') && bytes.get(start + 2) == Some(&b'\'') => {
            quoted(bytes, start + 2, b'\'', false, TokenKind::String)
        }
        b'u' | b'U' if next == Some(b'&') && bytes.get(start + 2) == Some(&b'"') => {
            quoted(bytes, start + 2, b'"', false, TokenKind::QuotedIdent)
        }
        b'$' => dollar(sql, start),
        b'0'..=b'9' => (TokenKind::Number, number_end(bytes, start)),
        b'.' if next.is_some_and(|it| it.is_ascii_digit()) => {
            (TokenKind::Number, number_end(bytes, start))
        }
        b'.' if next == Some(b'.') => (TokenKind::Operator, start + 2),
        b':' if matches!(next, Some(b':' | b'=')) => (TokenKind::Operator, start + 2),
        b'(' | b')' | b'[' | b']' | b',' | b';' | b':' | b'.' => {
            (TokenKind::Punctuation, start + 1)
        }
        it if is_word_start(it) => (TokenKind::Word, word_end(bytes, start)),
        it if is_operator(it) => (TokenKind::Operator, operator_end(bytes, start)),
        _ => (TokenKind::Other, start + 1),
    }
}

/// What PostgreSQL takes for white space; a byte order mark or a no-break space is not.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word_part(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    b"~!@#^&|`?+-*/%<>=".contains(&byte)
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    end_while(bytes, start, is_word_part)
}

fn end_while(bytes: &[u8], start: usize, accepts: impl Fn(u8) -> bool) -> usize {
    let rest = &bytes[start..];
    start
        + rest
            .iter()
            .position(|it| !accepts(*it))
            .unwrap_or(rest.len())
}

fn line_end(bytes: &[u8], start: usize) -> usize {
    end_while(bytes, start, |it| it != b'\n' && it != b'\r')
}

fn block_comment(bytes: &[u8], start: usize) -> (TokenKind, usize) {
    let (mut at, mut depth) = (start + 2, 1usize);
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'/', b'*') => (depth, at) = (depth + 1, at + 2),
            (b'*', b'/') => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return (TokenKind::Comment, at);
                }
            }
            _ => at += 1,
        }
    }
    (TokenKind::Unterminated, bytes.len())
}

/// Reads from the opening quote at `open`; a doubled quote stands for itself.
fn quoted(
    bytes: &[u8],
    open: usize,
    quote: u8,
    backslash: bool,
    kind: TokenKind,
) -> (TokenKind, usize) {
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'\\' if backslash => 2,
            it if *it == quote && bytes.get(at + 1) == Some(&quote) => 2,
            it if *it == quote => return (kind, at + 1),
            _ => 1,
        };
    }
    (TokenKind::Unterminated, bytes.len())
}

fn dollar(sql: &str, start: usize) -> (TokenKind, usize) {
    let bytes = sql.as_bytes();
    if bytes.get(start + 1).is_some_and(u8::is_ascii_digit) {
        return (
            TokenKind::Parameter,
            end_while(bytes, start + 1, |it| it.is_ascii_digit()),
        );
    }
    let tag_end = end_while(bytes, start + 1, |it| is_word_part(it) && it != b'$');
    if bytes.get(tag_end) != Some(&b'$') {
        return (TokenKind::Other, start + 1);
    }
    let tag = &sql[start..=tag_end];
    match sql[tag_end + 1..].find(tag) {
        Some(at) => (TokenKind::DollarString, tag_end + 1 + at + tag.len()),
        None => (TokenKind::Unterminated, bytes.len()),
    }
}

fn number_end(bytes: &[u8], start: usize) -> usize {
    let digit = |it: u8| it.is_ascii_digit() || it == b'_';
    if bytes[start] == b'0'
        && matches!(
            bytes.get(start + 1),
            Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B')
        )
    {
        return end_while(bytes, start + 2, |it| it.is_ascii_hexdigit() || it == b'_');
    }
    let mut end = end_while(bytes, start, digit);
    // `1..2` is a range in PL/pgSQL, not a number with two points.
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1) != Some(&b'.') {
        end = end_while(bytes, end + 1, digit);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            end = end_while(bytes, end + 1 + sign, digit);
        }
    }
    end
}

/// The longest run of operator characters; it ends before a comment, and before a trailing sign unless
/// one of the characters that PostgreSQL names is among them.
fn operator_end(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    while bytes.get(end).is_some_and(|it| is_operator(*it)) {
        let pair = (bytes[end], bytes.get(end + 1));
        if end > start && matches!(pair, (b'-', Some(b'-')) | (b'/', Some(b'*'))) {
            break;
        }
        end += 1;
    }
    let special = |run: &[u8]| run.iter().any(|it| b"~!@#^&|`?%".contains(it));
    while end - start > 1
        && matches!(bytes[end - 1], b'+' | b'-')
        && !special(&bytes[start..end - 1])
    {
        end -= 1;
    }
    end
}

/// The name that a [`TokenKind::Word`] or [`TokenKind::QuotedIdent`] stands for: unquoted ones are
/// folded to lower case (ASCII only, as in a UTF-8 database), doubled quotes are undone.
///
/// `U&"…"` escapes are decoded; a malformed one is left as it stands.
pub fn ident_value(text: &str) -> Cow<'_, str> {
    if let Some(inner) = text.strip_prefix('"') {
        return undouble(inner.strip_suffix('"').unwrap_or(inner), '"');
    }
    if let Some(inner) = strip_unicode_prefix(text, '"') {
        return Cow::Owned(decode_unicode(&undouble(inner, '"')));
    }
    match text.bytes().any(|it| it.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Borrowed(text),
    }
}

/// The characters that a string token of any kind stands for.
///
/// Returns `None` for what is not a string token. Malformed escapes are left as they stand.
pub fn string_value(text: &str) -> Option<Cow<'_, str>> {
    let inner = |it: &str| it.len().checked_sub(1).filter(|_| it.ends_with('\''));
    if let Some(rest) = text.strip_prefix('\'') {
        return Some(undouble(&rest[..inner(rest)?], '\''));
    }
    if let Some(rest) = text.strip_prefix("n'").or_else(|| text.strip_prefix("N'")) {
        return Some(undouble(&rest[..inner(rest)?], '\''));
    }
    if let Some(rest) = text.strip_prefix("e'").or_else(|| text.strip_prefix("E'")) {
        return Some(Cow::Owned(decode_escapes(&rest[..inner(rest)?])));
    }
    if let Some(rest) = strip_unicode_prefix(text, '\'') {
        return Some(Cow::Owned(decode_unicode(&undouble(rest, '\''))));
    }
    if let Some(rest) = text.strip_prefix('$') {
        let tag = rest.find('$')? + 2;
        return text
            .len()
            .checked_sub(2 * tag)
            .map(|length| Cow::Borrowed(&text[tag..tag + length]));
    }
    None
}

fn strip_unicode_prefix(text: &str, quote: char) -> Option<&str> {
    text.strip_prefix("u&")
        .or_else(|| text.strip_prefix("U&"))?
        .strip_prefix(quote)?
        .strip_suffix(quote)
}

fn undouble(inner: &str, quote: char) -> Cow<'_, str> {
    match inner.contains(quote) {
        true => {
            let single = quote.to_string();
            Cow::Owned(inner.replace(&single.repeat(2), &single))
        }
        false => Cow::Borrowed(inner),
    }
}

/// `\XXXX` and `\+XXXXXX`, with the default escape character.
fn decode_unicode(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = inner;
    while let Some(first) = rest.chars().next() {
        let (value, length) = match unicode_escape(rest) {
            Some(found) => found,
            None => {
                flush_units(&mut units, &mut out);
                out.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        let mut pair = [0; 2];
        match char::from_u32(value) {
            Some(it) => units.extend_from_slice(it.encode_utf16(&mut pair)),
            // One half of a surrogate pair; the other half comes next.
            None => units.push(value as u16),
        }
        rest = &rest[length..];
    }
    flush_units(&mut units, &mut out);
    out
}

fn flush_units(units: &mut Vec<u16>, out: &mut String) {
    out.push_str(&String::from_utf16_lossy(units));
    units.clear();
}

fn unicode_escape(rest: &str) -> Option<(u32, usize)> {
    let body = rest.strip_prefix('\\')?;
    if body.starts_with('\\') {
        return Some((u32::from(b'\\'), 2));
    }
    let (digits, length) = match body.strip_prefix('+') {
        Some(long) => (long.get(..6)?, 8),
        None => (body.get(..4)?, 5),
    };
    u32::from_str_radix(digits, 16).ok().map(|it| (it, length))
}

fn decode_escapes(inner: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(inner.len());
    let bytes = inner.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let next = bytes.get(at + 1).copied();
        match bytes[at] {
            b'\'' if next == Some(b'\'') => {
                out.push(b'\'');
                at += 2;
            }
            b'\\' => at += escape(inner, at, next, &mut out),
            byte => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Decodes the escape at `at` and returns how many bytes it had.
fn escape(inner: &str, at: usize, next: Option<u8>, out: &mut Vec<u8>) -> usize {
    let digits = |from: usize, most: usize, radix: u32| {
        let bytes = inner.as_bytes().get(from..).unwrap_or_default();
        bytes
            .iter()
            .take(most)
            .take_while(|it| char::from(**it).is_digit(radix))
            .count()
    };
    let number = |from: usize, count: usize, radix: u32| {
        u32::from_str_radix(&inner[from..from + count], radix).unwrap_or(0)
    };
    let simple = match next {
        None => b'\\',
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'x') if digits(at + 2, 2, 16) > 0 => {
            let count = digits(at + 2, 2, 16);
            out.push(number(at + 2, count, 16) as u8);
            return 2 + count;
        }
        Some(b'0'..=b'7') => {
            let count = digits(at + 1, 3, 8);
            out.push(number(at + 1, count, 8) as u8);
            return 1 + count;
        }
        Some(it @ (b'u' | b'U')) => {
            let count = if it == b'u' { 4 } else { 8 };
            if digits(at + 2, count, 16) == count
                && let Some(found) = char::from_u32(number(at + 2, count, 16))
            {
                out.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes());
                return 2 + count;
            }
            it
        }
        Some(it) => it,
    };
    out.push(simple);
    2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(sql: &str) -> Vec<(TokenKind, &str)> {
        tokens(sql).map(|it| (it.kind, it.text(sql))).collect()
    }

    #[test]
    fn strings_hide_quotes_semicolons_and_comments() {
        use TokenKind::*;
        assert_eq!(
            kinds("'a''b;--' E'\\';' $x$ ' $y$ $x$ \"q\"\"\" /* a /* ; */ ' */ $1 B'01'"),
            [
                (String, "'a''b;--'"),
                (EscapeString, "E'\\';'"),
                (DollarString, "$x$ ' $y$ $x$"),
                (QuotedIdent, "\"q\"\"\""),
                (Comment, "/* a /* ; */ ' */"),
                (Parameter, "$1"),
                (BitString, "B'01'"),
            ]
        );
    }

    #[test]
    fn an_operator_ends_before_a_comment_and_a_sign() {
        use TokenKind::*;
        assert_eq!(
            kinds("a=-1 b<>--x\n@-"),
            [
                (Word, "a"),
                (Operator, "="),
                (Operator, "-"),
                (Number, "1"),
                (Word, "b"),
                (Operator, "<>"),
                (Comment, "--x"),
                (Operator, "@-"),
            ]
        );
    }

    #[test]
    fn what_does_not_end_is_said_to_be_unterminated() {
        for sql in ["'a", "\"a", "/* /* */", "$$ a", "E'\\'", "$a$ $b$"] {
            let last = tokens(sql).last().unwrap();
            assert_eq!(last.kind, TokenKind::Unterminated, "{sql}");
            assert_eq!(last.end, sql.len());
        }
    }

    #[test]
    fn numbers_of_every_spelling() {
        for sql in ["1", "1.5", ".5", "1.", "1e10", "1.5E-3", "0xFF", "1_000"] {
            assert_eq!(kinds(sql), [(TokenKind::Number, sql)]);
        }
        assert_eq!(kinds("1..2").len(), 3);
    }

    #[test]
    fn a_name_is_folded_unless_quoted() {
        assert_eq!(ident_value("Foo"), "foo");
        assert_eq!(ident_value("\"Foo\"\"x\""), "Foo\"x");
        assert_eq!(ident_value("ÄB"), "Äb");
        assert_eq!(ident_value("U&\"d\\0061t\\+000061\""), "data");
    }

    #[test]
    fn a_string_is_decoded_by_its_own_rules() {
        assert_eq!(string_value("'it''s'").unwrap(), "it's");
        assert_eq!(
            string_value("E'a\\n\\x41\\101\\u00e9\\''").unwrap(),
            "a\nAAé'"
        );
        assert_eq!(string_value("$t$a'b$t$").unwrap(), "a'b");
        assert_eq!(string_value("U&'\\d83d\\de00'").unwrap(), "😀");
        assert_eq!(string_value("abc"), None);
    }

    #[test]
    fn ranges_are_character_boundaries_for_any_text() {
        for sql in ["é'", "$é$x", "\\é", "\u{feff}select", "E'\\é", "'\u{0}"] {
            for token in tokens(sql) {
                assert!(sql.get(token.range()).is_some(), "{sql:?} {token:?}");
            }
        }
    }
}
