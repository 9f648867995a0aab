use std::fmt;
use std::sync::Arc;

/// SQL that the catalog stores: a default, a check, a policy's `USING`, a view's query.
///
/// Postgres is the judge of expressions: it prints what it has understood. Two expressions are equal if
/// their texts are, so they are compared only after the same server major printed both; `printed_by`
/// says whether that is so.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Expression {
    /// The text, without a semicolon.
    pub text: Arc<str>,
    /// The major version of the server that printed it; `None` if a person or a tool wrote it.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub printed_by: Option<u16>,
}

impl Expression {
    /// Text that no server has seen.
    pub fn written(text: impl Into<Arc<str>>) -> Self {
        Self {
            text: text.into(),
            printed_by: None,
        }
    }

    /// Text as the server of that major version printed it.
    pub fn printed(text: impl Into<Arc<str>>, major: u16) -> Self {
        Self {
            text: text.into(),
            printed_by: Some(major),
        }
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
