//! Passwords in text that somebody is about to see.

use std::borrow::Cow;
use std::ops::Range;

/// No user name with its password is longer; what is, is no URL.
const LONGEST: usize = 1024;

/// Where in a text passwords stand, as far as its form tells: `scheme://user:password@host`,
/// `password=…` as connection strings and settings have it, and the literal behind SQL's `PASSWORD`.
///
/// In doubt more is taken for a password than is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets(Vec<Range<usize>>);

/// `text` with a `*` for each character of a password. Line breaks stay, so marks under it stay in place.
///
/// ```
/// use driftless_finding::hide_secrets;
///
/// assert_eq!(hide_secrets("postgres://app:geheim@db/shop"), "postgres://app:******@db/shop");
/// assert_eq!(hide_secrets("alter role app password 'x''y'"), "alter role app password '****'");
/// assert_eq!(hide_secrets("postgres://app@db:5432/shop"), "postgres://app@db:5432/shop");
/// ```
pub fn hide_secrets(text: &str) -> Cow<'_, str> {
    Secrets::of(text).hide(text, 0..text.len())
}

impl Secrets {
    /// Finds the passwords in `text`, in linear time.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let end = word_end(bytes, at);
            let (secrets, next) = if end > at {
                let secrets = match Sort::of(&bytes[at..end]) {
                    Some(sort) => behind_word(bytes, end, sort),
                    None => Vec::new(),
                };
                (secrets, end)
            } else if bytes[at] == b'/'
                && (at > 0 && bytes[at - 1] == b':' || is(bytes, at + 1, b"/"))
            {
                let start = skip(bytes, at, |it| it == b'/');
                (in_authority(text, start).into_iter().collect(), start)
            } else {
                (Vec::new(), at + 1)
            };
            at = secrets
                .last()
                .map_or(next, |it: &Range<usize>| it.end.max(next));
            // What documentation says is no secret.
            found.extend(
                secrets
                    .into_iter()
                    .filter(|it| &bytes[it.clone()] != b"PASSWORD"),
            );
        }
        Self(found)
    }

    /// The part of `text` with a `*` for each character of a password. `text` is the one that they were
    /// found in.
    pub fn hide<'a>(&self, text: &'a str, part: Range<usize>) -> Cow<'a, str> {
        let shown = &text[part.clone()];
        let first = self.0.partition_point(|it| it.end <= part.start);
        let mut ranges = self.0[first..].iter().peekable();
        if ranges.peek().is_none_or(|it| it.start >= part.end) {
            return Cow::Borrowed(shown);
        }
        let hide = |(at, it): (usize, char)| {
            let at = part.start + at;
            while ranges.next_if(|range| range.end <= at).is_some() {}
            let secret = ranges.peek().is_some_and(|range| range.start <= at);
            match it {
                '\n' | '\r' => it,
                _ if secret => '*',
                _ => it,
            }
        };
        Cow::Owned(shown.char_indices().map(hide).collect())
    }
}

/// Words that a password stands behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// The word of SQL; a literal follows it, or `=`.
    Password,
    /// `=` follows it.
    Setting,
}

impl Sort {
    fn of(word: &[u8]) -> Option<Self> {
        let ends = |end: &str| {
            let at = word.len().checked_sub(end.len());
            at.is_some_and(|at| word[at..].eq_ignore_ascii_case(end.as_bytes()))
        };
        if word.eq_ignore_ascii_case(b"password") {
            return Some(Self::Password);
        }
        ["password", "passwd", "pwd", "pass", "passphrase", "secret"]
            .into_iter()
            .any(ends)
            .then_some(Self::Setting)
    }
}

/// `user:password@` where an authority starts.
fn in_authority(text: &str, start: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let most = text.floor_char_boundary(bytes.len().min(start + LONGEST));
    let ends = |it: u8| it.is_ascii_whitespace() || it.is_ascii_control() || b"'\"`".contains(&it);
    let word = skip(&bytes[..most], start, |it| !ends(it));
    let find = |range: Range<usize>, wanted: u8| {
        let at = bytes[range.clone()].iter().position(|it| *it == wanted);
        at.map(|at| range.start + at)
    };
    // A password may hold an `@` that should have been written `%40`.
    if let Some(last) = bytes[start..word].iter().rposition(|it| *it == b'@') {
        let end = start + last;
        return find(start..end, b':').map(|colon| colon + 1..end);
    }
    let colon = find(start..word, b':')?;
    let port = skip(&bytes[..word], colon + 1, |it| it.is_ascii_digit());
    let is_port = port == word || b"/?,".contains(&bytes[port]);
    if is_port || bytes[start..colon].iter().any(|it| b"/[".contains(it)) {
        return None;
    }
    // Or a blank or a quote; or what should follow it was forgotten.
    let line = skip(&bytes[..most], start, |it| it != b'\n');
    Some(colon + 1..find(word..line, b'@').unwrap_or(word))
}

/// The value behind a word such as `password` that ends at `at`.
fn behind_word(bytes: &[u8], at: usize, sort: Sort) -> Vec<Range<usize>> {
    let blank = |it: u8| it == b' ' || it == b'\t';
    let quoted = is(bytes, at, b"\"") || is(bytes, at, b"'");
    let sign = skip(bytes, at + usize::from(quoted), blank);
    if is(bytes, sign, b"=") || quoted && is(bytes, sign, b":") {
        return vec![setting(bytes, skip(bytes, sign + 1, blank))];
    }
    match sort {
        Sort::Password => literals(bytes, at),
        Sort::Setting => Vec::new(),
    }
}

fn setting(bytes: &[u8], start: usize) -> Range<usize> {
    match bytes.get(start) {
        Some(quote @ (b'"' | b'\'')) => start + 1..quote_end(bytes, start + 1, *quote, true),
        _ => {
            let ends = |it: u8| it.is_ascii_whitespace() || b"'\"`&,;)".contains(&it);
            start..skip(bytes, start, |it| !ends(it))
        }
    }
}

/// The string literals at `at`: SQL joins those with a line break between them.
fn literals(bytes: &[u8], mut at: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    loop {
        at = skip_space(bytes, at);
        let prefix = match bytes.get(at..) {
            Some([b'e' | b'E' | b'n' | b'N', b'\'', ..]) => 1,
            Some([b'u' | b'U', b'&', b'\'', ..]) => 2,
            Some([b'\'', ..]) => 0,
            Some([b'$', ..]) if found.is_empty() => return dollar(bytes, at).into_iter().collect(),
            _ => return found,
        };
        let quotes = skip(bytes, at, |it| it == b'\'');
        if (quotes - at).is_multiple_of(2) && quotes > at && !ends_literal(bytes.get(quotes)) {
            // In a statement that is itself a string: `EXECUTE 'ALTER ROLE a PASSWORD ''b'''`.
            found.push(quotes..skip(bytes, quotes, |it| it != b'\''));
            return found;
        }
        let escapes = bytes[at].eq_ignore_ascii_case(&b'e');
        let start = at + prefix + 1;
        let end = quote_end(bytes, start, b'\'', escapes);
        found.push(start..end);
        at = end + 1;
    }
}

fn ends_literal(next: Option<&u8>) -> bool {
    next.is_none_or(|it| it.is_ascii_whitespace() || b";,)".contains(it))
}

fn dollar(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let end = word_end(bytes, at + 1);
    let tag = bytes.get(at..=end).filter(|it| it.ends_with(b"$"))?;
    let rest = &bytes[end + 1..];
    let length = rest.windows(tag.len()).position(|it| it == tag);
    Some(end + 1..end + 1 + length.unwrap_or(rest.len()))
}

/// Where the text ends that a quote at its end closes; the end of all if none does.
fn quote_end(bytes: &[u8], mut at: usize, quote: u8, escapes: bool) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if escapes => at += 1,
            it if it == quote && !is(bytes, at + 1, &[quote]) => return at,
            it if it == quote => at += 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Behind white space and comments, as far as they are not long.
fn skip_space(bytes: &[u8], start: usize) -> usize {
    let bytes = &bytes[..bytes.len().min(start + LONGEST)];
    let mut at = start;
    loop {
        at = skip(bytes, at, |it| it.is_ascii_whitespace());
        if is(bytes, at, b"--") {
            at = skip(bytes, at, |it| it != b'\n');
        } else if is(bytes, at, b"/*") {
            let end = bytes[at..].windows(2).position(|it| it == b"*/");
            at = end.map_or(bytes.len(), |end| at + end + 2);
        } else {
            return at;
        }
    }
}

fn word_end(bytes: &[u8], at: usize) -> usize {
    skip(bytes, at, |it| {
        it.is_ascii_alphanumeric() || it == b'_' || it >= 0x80
    })
}

fn is(bytes: &[u8], at: usize, text: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|it| it.starts_with(text))
}

fn skip(bytes: &[u8], at: usize, what: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|it| what(**it)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_url_is_hidden_wherever_the_url_stands() {
        for (text, hidden) in [
            ("`postgres://u:geheim@h/x`", "`postgres://u:******@h/x`"),
            ("sql:postgres://u:g@h/x", "sql:postgres://u:*@h/x"),
            ("'postgres://:g@h' and", "'postgres://:*@h' and"),
            ("postgres://u:a@b/c:d@h/x", "postgres://u:*******@h/x"),
            ("postgres://me@x.org:g@h/x", "postgres://me@x.org:*@h/x"),
            ("postgres://u:a b@h/x", "postgres://u:***@h/x"),
            ("postgres://u:a'b@h/x", "postgres://u:***@h/x"),
            ("postgres://u:geheim", "postgres://u:******"),
            ("postgres:/u:geheim@h/x", "postgres:/u:******@h/x"),
            ("postgres//u:geheim@h/x", "postgres//u:******@h/x"),
            ("postgres://u:ä€@h a://b:c@d", "postgres://u:**@h a://b:*@d"),
            (
                "postgres://h/x?user=u&password=geheim&a=b",
                "postgres://h/x?user=u&password=******&a=b",
            ),
        ] {
            assert_eq!(hide_secrets(text), hidden);
        }
    }

    #[test]
    fn what_holds_no_password_is_shown() {
        for text in [
            "postgresql://app@db.example.com:5432/shop",
            "https://example.com:8080/x and a@b",
            "postgres://[::1]:5432/x",
            "write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE",
            "// a comment: mail a@b",
            "the password of user `app` is wrong, see PGPASSWORD",
            "column public.users.password text",
            "prisma/schema.prisma:3:4",
            "",
        ] {
            assert_eq!(hide_secrets(text), text);
        }
    }

    #[test]
    fn the_literal_behind_password_is_hidden() {
        for (text, hidden) in [
            ("PASSWORD 'a';", "PASSWORD '*';"),
            (
                "password /* ' */ -- '\n E'a\\'b' x",
                "password /* ' */ -- '\n E'****' x",
            ),
            (
                "execute 'alter role a password ''ab'''; 'c'",
                "execute 'alter role a password ''**'''; 'c'",
            ),
            ("password '' valid until 'x'", "password '' valid until 'x'"),
            ("password '''a''b' x", "password '******' x"),
            ("password 'a'\n'b'", "password '*'\n'*'"),
            ("password 'a\nb'", "password '*\n*'"),
            ("password $x$a$y$x$;", "password $x$***$x$;"),
            ("password U&'a'", "password U&'*'"),
            ("password 'never closed", "password '************"),
            (
                "OPTIONS (user 'bob', password 'a')",
                "OPTIONS (user 'bob', password '*')",
            ),
        ] {
            assert_eq!(hide_secrets(text), hidden);
        }
    }

    #[test]
    fn the_value_of_a_setting_is_hidden() {
        for (text, hidden) in [
            (
                "host=h password=geheim user=u",
                "host=h password=****** user=u",
            ),
            ("password='a b' x", "password='***' x"),
            ("2 | pass = \"a\\\"b\" # x", "2 | pass = \"****\" # x"),
            ("PGPASSWORD=a", "PGPASSWORD=*"),
            ("\"password\": \"a\"", "\"password\": \"*\""),
        ] {
            assert_eq!(hide_secrets(text), hidden);
        }
    }

    #[test]
    fn a_part_is_shown_without_the_passwords_of_the_whole() {
        let text = "alter role x password\n  'ab\ncd'; select 1";
        let secrets = Secrets::of(text);
        let line = |wanted: &str| {
            let start = text.find(wanted).unwrap();
            secrets.hide(text, start..start + wanted.len())
        };
        assert_eq!(line("  'ab"), "  '**");
        assert_eq!(line("cd'; select 1"), "**'; select 1");
        assert_eq!(line("d'; sel"), "*'; sel");
        assert_eq!(line("select 1"), "select 1");
    }

    #[test]
    fn any_text_is_looked_through_in_linear_time() {
        for piece in [
            "//",
            "a:/",
            "password ",
            "password $",
            "x//y:z",
            "passwordé'",
            "=\"",
            "/*",
        ] {
            let text = piece.repeat(20_000);
            let hidden = hide_secrets(&text);
            assert_eq!(hidden.chars().count(), text.chars().count());
        }
    }
}
