//! The escapes of strings: those of JSON.

use std::borrow::Cow;

use driftless_finding::{Code, Finding, Severity, Span};

use crate::findings::Findings;

/// `\x` that means nothing.
pub(crate) static UNKNOWN_ESCAPE: Code = Code {
    name: "unknown-escape",
    severity: Severity::Error,
    summary: "a string has a `\\` in front of a character that cannot be escaped",
    explanation: "Strings are written as in JSON: `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and \
        `\\u` with four hexadecimal digits are the only escapes. A backslash that is meant, as in a Windows path, is \
        written twice.",
};

/// `\u` without a character.
pub(crate) static INVALID_UNICODE_ESCAPE: Code = Code {
    name: "invalid-unicode-escape",
    severity: Severity::Error,
    summary: "a `\\u` escape that stands for no character",
    explanation: "`\\u` is followed by four hexadecimal digits. A character beyond `\\uFFFF` is written as two of \
        them, a high and a low surrogate: `\\ud83d\\ude00`.",
};

/// The value of a string literal. `span` is that of `inside`, the text between the quotes.
pub(super) fn unescape<'t>(inside: &'t str, span: Span, findings: &mut Findings) -> Cow<'t, str> {
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut value = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        let escape = &rest[at..];
        let start = inside.len() - escape.len();
        let len = match escaped(escape) {
            Ok((char, len)) => {
                value.push(char);
                len
            }
            Err((code, len)) => {
                let place = span.part(start..start + len);
                findings.push(refused(code, &escape[..len]).at(place));
                len
            }
        };
        rest = &escape[len..];
    }
    value.push_str(rest);
    Cow::Owned(value)
}

/// The character that `escape` begins with, and how long that beginning is.
pub(crate) fn escaped(escape: &str) -> Result<(char, usize), (&'static Code, usize)> {
    let Some(second) = escape[1..].chars().next() else {
        return Err((&UNKNOWN_ESCAPE, 1));
    };
    let char = match second {
        '"' | '\\' | '/' => second,
        'b' => '\u{8}',
        'f' => '\u{C}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode(escape),
        _ => return Err((&UNKNOWN_ESCAPE, 1 + second.len_utf8())),
    };
    Ok((char, 2))
}

fn unicode(escape: &str) -> Result<(char, usize), (&'static Code, usize)> {
    let first = code_unit(escape).map_err(|len| (&INVALID_UNICODE_ESCAPE, len))?;
    if let Some(char) = char::from_u32(first.into()) {
        return Ok((char, 6));
    }
    let second = code_unit(&escape[6..]).map_err(|_| (&INVALID_UNICODE_ESCAPE, 6))?;
    match char::decode_utf16([first, second]).next() {
        Some(Ok(char)) => Ok((char, 12)),
        _ => Err((&INVALID_UNICODE_ESCAPE, 12)),
    }
}

/// The four digits behind `\u`, or how much of it there is.
fn code_unit(escape: &str) -> Result<u16, usize> {
    let Some(digits) = escape.strip_prefix("\\u") else {
        return Err(0);
    };
    let len = digits
        .bytes()
        .take(4)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    u16::from_str_radix(&digits[..len], 16)
        .ok()
        .filter(|_| len == 4)
        .ok_or(2 + len)
}

/// Says that `escape` is none.
pub(crate) fn refused(code: &'static Code, escape: &str) -> Finding {
    if *code == UNKNOWN_ESCAPE {
        Finding::new(
            code,
            format!("`{escape}` is no escape that a string can have"),
        )
        .help("write `\\\\` if a backslash is meant")
    } else {
        Finding::new(code, format!("`{escape}` stands for no character"))
            .help("write `\\u` with four hexadecimal digits, twice for a surrogate pair")
    }
}
