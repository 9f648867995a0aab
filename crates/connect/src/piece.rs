//! A part of a connection string that knows where it stands in it.

use percent_encoding::percent_decode_str;

use crate::ConnectError;

#[derive(Clone, Copy)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    /// Where it starts, in characters from 1.
    pub(crate) column: usize,
}

impl<'a> Piece<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, column: 1 }
    }

    /// What follows the first `bytes`, which end on a character boundary.
    pub(crate) fn after(self, bytes: usize) -> Self {
        Self {
            text: &self.text[bytes..],
            column: self.column + self.text[..bytes].chars().count(),
        }
    }

    /// The first `bytes`.
    pub(crate) fn until(self, bytes: usize) -> Self {
        Self {
            text: &self.text[..bytes],
            ..self
        }
    }

    /// What is before the first `separator`, and what is behind it if there is one.
    pub(crate) fn cut(self, separator: char) -> (Self, Option<Self>) {
        match self.text.find(separator) {
            Some(at) => (self.until(at), Some(self.after(at + separator.len_utf8()))),
            None => (self, None),
        }
    }

    /// What is before and behind the last `separator`.
    pub(crate) fn cut_last(self, separator: char) -> Option<(Self, Self)> {
        let at = self.text.rfind(separator)?;
        Some((self.until(at), self.after(at + separator.len_utf8())))
    }

    /// The parts between separators.
    pub(crate) fn split(self, separator: char) -> impl Iterator<Item = Self> {
        let mut rest = Some(self);
        std::iter::from_fn(move || {
            let (first, behind) = rest?.cut(separator);
            rest = behind;
            Some(first)
        })
    }

    /// What its percent-encoding stands for.
    pub(crate) fn decode(self) -> Result<String, ConnectError> {
        let bytes = self.text.as_bytes();
        for (at, _) in self.text.match_indices('%') {
            let digits = bytes.get(at + 1..at + 3).unwrap_or_default();
            if digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
                let reason =
                    "`%` is not followed by two hexadecimal digits; a `%` itself is written %25";
                return Err(ConnectError::malformed(reason, self.after(at).column));
            }
        }
        let text = percent_decode_str(self.text).decode_utf8();
        text.map(String::from).map_err(|_| {
            ConnectError::malformed("the percent-encoded text is not UTF-8", self.column)
        })
    }

    pub(crate) fn is_port(self) -> bool {
        self.text.parse::<u16>().is_ok_and(|it| it > 0)
    }
}
