//! How values and documentation are written in a Prisma schema.

use std::fmt::Write;

/// A string constant.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for it in text.chars() {
        match it {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // Writing to a string cannot fail.
            it if it.is_ascii_control() => _ = write!(out, "\\u{:04x}", u32::from(it)),
            it => out.push(it),
        }
    }
    out.push('"');
    out
}

/// Items in brackets.
pub(super) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let mut out = String::from("[");
    for (at, it) in items.into_iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(it.as_ref());
    }
    out.push(']');
    out
}

/// `name(arguments)`, and `name` alone if there are none.
pub(super) fn call(name: &str, arguments: &[String]) -> String {
    match arguments.is_empty() {
        true => name.to_owned(),
        false => format!("{name}({})", arguments.join(", ")),
    }
}

/// Follows RFC 4648, section 4.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let all = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            match at <= chunk.len() {
                true => out.push(char::from(DIGITS[(all >> (18 - 6 * at) & 63) as usize])),
                false => out.push('='),
            }
        }
    }
    out
}

/// The lines of documentation in front of a block or field: each once, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Documentation(Vec<String>);

impl Documentation {
    pub(super) fn new(lines: impl IntoIterator<Item = String>) -> Self {
        Self(lines.into_iter().collect())
    }

    /// Whether the text stands in it already.
    pub(super) fn has(&self, text: &str) -> bool {
        self.0.iter().any(|it| it.contains(text))
    }

    pub(super) fn push(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }

    /// Adds a line that is not in it yet.
    pub(super) fn push_once(&mut self, line: &str) {
        if !self.has(line) {
            self.push(line);
        }
    }

    /// Writes the lines with `///` in front of each.
    pub(super) fn write(&self, out: &mut String) {
        for line in &self.0 {
            out.push_str(if line.is_empty() { "///" } else { "/// " });
            out.push_str(line);
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_string_cannot_hold_is_escaped() {
        assert_eq!(quoted("a\"b\\c\n\té\u{1}"), r#""a\"b\\c\n\té\u0001""#);
    }

    #[test]
    fn bytes_are_encoded_with_padding() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"a", "YQ=="),
            (b"ab", "YWI="),
            (b"abc", "YWJj"),
            (b"\xff\xef\xfe", "/+/+"),
        ] {
            assert_eq!(base64(bytes), text);
        }
    }
}
