use std::fmt;

/// How much a finding matters. Ordered: `Info < Warning < Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Probably wrong, or wrong only under conditions that were not seen.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// The lower-case word that reports and configuration use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A kind of finding: its stable name and its documentation in one place.
///
/// Codes are `static`s beside the check that yields them. Two codes are the same if their names are.
#[derive(Debug)]
pub struct Code {
    /// Stable, kebab-case, says what is flagged: `unknown-relation-field`.
    pub name: &'static str,
    /// The severity of a finding unless the finding says otherwise.
    pub severity: Severity,
    /// One line, lower case, without a full stop.
    pub summary: &'static str,
    /// Markdown: what is wrong, why it matters, what to do. One documentation entry is made of it.
    pub explanation: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
