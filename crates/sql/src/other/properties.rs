//! The `(NAME = value, …)` lists of `CREATE AGGREGATE`, `CREATE OPERATOR` and the like.

use driftless_catalog::Other;
use driftless_sql_text::quote_literal;

/// The properties that an object has, as `NAME = value`.
pub(super) struct Properties<'a> {
    of: &'a Other,
    found: Vec<String>,
}

impl<'a> Properties<'a> {
    pub(super) fn new(of: &'a Other) -> Self {
        let found = Vec::new();
        Self { of, found }
    }

    /// The attribute, which is SQL, if it is there.
    pub(super) fn sql(mut self, name: &str, attribute: &str) -> Self {
        if let Some(value) = self.of.text(attribute) {
            self.found.push(format!("{name} = {value}"));
        }
        self
    }

    /// The attribute as a string, if it is there.
    pub(super) fn literal(mut self, name: &str, attribute: &str) -> Self {
        if let Some(value) = self.of.text(attribute) {
            self.found
                .push(format!("{name} = {}", quote_literal(value)));
        }
        self
    }

    /// The bare word, if the attribute is true.
    pub(super) fn flag(mut self, name: &str, attribute: &str) -> Self {
        if self.of.is(attribute) {
            self.found.push(name.to_owned());
        }
        self
    }

    /// A property that the caller has put together, if there is one.
    pub(super) fn maybe(mut self, property: Option<String>) -> Self {
        self.found.extend(property);
        self
    }

    /// With commas between.
    pub(super) fn join(&self) -> String {
        self.found.join(", ")
    }
}
