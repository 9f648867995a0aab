//! Small words of messages.

/// A name in backticks.
pub(crate) fn quoted(name: impl AsRef<str>) -> String {
    format!("`{}`", name.as_ref())
}

/// `a`, `a and b`, or `a, b and c`.
pub(crate) fn and(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().collect();
    match &words[..] {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
