//! Colour, and text that cannot do harm.

use driftless_finding::Severity;

/// Paints, or does not.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) color: bool,
}

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        match self.color {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Frames of excerpts.
    pub(crate) fn frame(self, text: &str) -> String {
        self.paint("34", text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        match severity {
            Severity::Error => self.paint("1;31", text),
            Severity::Warning => self.paint("1;33", text),
            Severity::Info => self.paint("1;36", text),
        }
    }
}

/// `text` without anything that a terminal would obey: control characters and those that change the
/// direction of writing are shown by their numbers. Line breaks and tabs stay.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\n' | '\t' => out.push(it),
            it if it.is_control() || is_bidi(it) => out.push_str(&it.escape_unicode().to_string()),
            it => out.push(it),
        }
    }
    out
}

fn is_bidi(it: char) -> bool {
    matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_nothing_by_a_name() {
        assert_eq!(
            harmless("a\u{1b}[2Jb\r\u{202e}c\td"),
            "a\\u{1b}[2Jb\\u{d}\\u{202e}c\td"
        );
    }
}
