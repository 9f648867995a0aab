//! Which of two conditions lets more rows through, as far as their form tells.

use std::collections::BTreeSet;

use driftless_sql_text::{TokenKind, tokens};

/// How a condition compares with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compared {
    /// Both let the same rows through.
    Same,
    /// The second lets no more rows through.
    Narrower,
    /// The second lets more rows through.
    Wider,
    /// Their form does not tell.
    Unknown,
}

/// How the condition `to` compares with `from`. A missing one lets nothing be said against it: of a command that it
/// does not count for, both are missing.
pub(crate) fn compare(from: Option<&str>, to: Option<&str>) -> Compared {
    let (from, to) = match (from, to) {
        (None, None) => return Compared::Same,
        (Some(_), None) => return Compared::Wider,
        (None, Some(_)) => return Compared::Narrower,
        (Some(from), Some(to)) => (words(from), words(to)),
    };
    let (from, to) = (bare(&from), bare(&to));
    if from == to {
        return Compared::Same;
    }
    if is(from, "false") || is(to, "true") {
        return Compared::Wider;
    }
    if is(to, "false") || is(from, "true") {
        return Compared::Narrower;
    }
    let split = |it, word| -> BTreeSet<Vec<String>> {
        let parts = split(it, word).into_iter();
        parts.map(|it| bare(it).to_vec()).collect()
    };
    let (all_from, all_to) = (split(from, "and"), split(to, "and"));
    if all_from.is_subset(&all_to) {
        return Compared::Narrower;
    }
    if all_to.is_subset(&all_from) {
        return Compared::Wider;
    }
    let (any_from, any_to) = (split(from, "or"), split(to, "or"));
    if any_from.is_subset(&any_to) {
        return Compared::Wider;
    }
    if any_to.is_subset(&any_from) {
        return Compared::Narrower;
    }
    Compared::Unknown
}

fn words(text: &str) -> Vec<String> {
    let significant = tokens(text).filter(|it| it.kind != TokenKind::Comment);
    significant
        .map(|it| match it.kind {
            TokenKind::Word => it.text(text).to_ascii_lowercase(),
            TokenKind::QuotedIdent
            | TokenKind::String
            | TokenKind::EscapeString
            | TokenKind::BitString
            | TokenKind::DollarString
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Operator
            | TokenKind::Punctuation
            | TokenKind::Comment
            | TokenKind::Unterminated
            | TokenKind::Other => it.text(text).to_owned(),
        })
        .collect()
}

fn is(words: &[String], word: &str) -> bool {
    matches!(words, [one] if one == word)
}

/// Without parentheses around the whole.
fn bare(words: &[String]) -> &[String] {
    let mut words = words;
    while let [open, inner @ .., close] = words {
        if open != "(" || close != ")" || !closes_at_the_end(inner) {
            break;
        }
        words = inner;
    }
    words
}

/// Whether no parenthesis closes that did not open in it.
fn closes_at_the_end(inner: &[String]) -> bool {
    let mut depth = 0_usize;
    for word in inner {
        match word.as_str() {
            "(" => depth += 1,
            ")" if depth == 0 => return false,
            ")" => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

/// The parts between `word` outside parentheses; the whole, if `AND` and `OR` stand side by side or `BETWEEN` and
/// `CASE` have an `AND` of their own.
fn split<'a>(words: &'a [String], word: &str) -> Vec<&'a [String]> {
    let mut depth = 0_usize;
    let mut cuts = Vec::new();
    for (at, it) in words.iter().enumerate() {
        match it.as_str() {
            "(" | "[" | "case" => depth += 1,
            ")" | "]" | "end" => depth = depth.saturating_sub(1),
            it if depth == 0 && it == word => cuts.push(at),
            "and" | "or" | "between" | "not" if depth == 0 => return vec![words],
            _ => {}
        }
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for cut in cuts {
        parts.push(words.get(start..cut).unwrap_or_default());
        start = cut + 1;
    }
    parts.push(words.get(start..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_less_lets_more_rows_through() {
        for (from, to, expected) in [
            ("(a = 1)", "a = 1", Compared::Same),
            ("a = 1", "true", Compared::Wider),
            ("true", "a = 1", Compared::Narrower),
            ("((a = 1) AND (b = 2))", "(b = 2)", Compared::Wider),
            ("(b = 2)", "((a = 1) AND (b = 2))", Compared::Narrower),
            ("(a = 1)", "((a = 1) OR (b = 2))", Compared::Wider),
            ("((a = 1) OR (b = 2))", "(a = 1)", Compared::Narrower),
            ("(a = 1)", "(a = 2)", Compared::Unknown),
            ("(NOT (a = 1))", "((NOT (a = 1)) AND b)", Compared::Narrower),
            ("not a and b", "b", Compared::Unknown),
            ("(a and b) or c", "c", Compared::Narrower),
            ("a between 1 and 2", "2", Compared::Unknown),
        ] {
            assert_eq!(compare(Some(from), Some(to)), expected, "{from} to {to}");
        }
        assert_eq!(compare(Some("a"), None), Compared::Wider);
    }
}
