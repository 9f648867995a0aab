//! Names of the database as names of a Prisma schema.

use std::borrow::Cow;
use std::collections::HashSet;

/// A name in the schema, and the one in the database where it is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// In the schema. Empty if nothing of the database's name can stand there.
    pub(super) name: String,
    /// For `@map` or `@@map`.
    pub(super) mapped: Option<String>,
}

impl Name {
    /// The name of a block: reserved ones and those with characters that Prisma does not allow are changed.
    pub(super) fn of_block(name: &str) -> Self {
        match driftless_psl::is_reserved_name(name) {
            true => Self::changed(format!("Renamed{name}"), name),
            false => Self::of_field(name),
        }
    }

    /// The name of a block that has its schema in front, because another has the same.
    pub(super) fn with_schema(schema: &str, name: &str) -> Self {
        Self::changed(sanitized(&format!("{schema}_{name}")).into_owned(), name)
    }

    /// The name of a field.
    pub(super) fn of_field(name: &str) -> Self {
        match sanitized(name) {
            Cow::Borrowed(name) => Self {
                name: name.to_owned(),
                mapped: None,
            },
            Cow::Owned(new) => Self::changed(new, name),
        }
    }

    /// The name of an enum's value. The empty label has one, too.
    pub(super) fn of_value(label: &str) -> Self {
        match label {
            "" => Self::changed("EMPTY_ENUM_VALUE".to_owned(), label),
            _ => Self::of_field(label),
        }
    }

    fn changed(name: String, from: &str) -> Self {
        Self {
            name,
            mapped: Some(from.to_owned()),
        }
    }
}

/// `name` with what cannot stand in a Prisma schema taken away: everything in front of the first letter, and
/// any character but letters, digits and underscores is an underscore.
pub(super) fn sanitized(name: &str) -> Cow<'_, str> {
    let is_allowed = |it: char| it == '_' || it.is_ascii_alphanumeric();
    let from = name.trim_start_matches(|it: char| !it.is_ascii_alphabetic());
    match from.len() == name.len() && from.chars().all(is_allowed) {
        true => Cow::Borrowed(name),
        false => Cow::Owned(from.replace(|it| !is_allowed(it), "_")),
    }
}

/// Names that have been given.
#[derive(Debug, Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    pub(super) fn add(&mut self, name: &str) {
        self.0.insert(name.to_owned());
    }

    /// Whether somebody has it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// `name`, with the least number behind it that makes it one which nobody has; from then on it is taken.
    pub(super) fn take(&mut self, name: String) -> String {
        let free = match self.has(&name) {
            true => (2..)
                .map(|it| format!("{name}_{it}"))
                .find(|it| !self.has(it))
                .unwrap_or(name),
            false => name,
        };
        self.add(&free);
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_digits_and_underscores_stay() {
        for (name, expected) in [
            ("plain_1", "plain_1"),
            ("_under", "under"),
            ("1x", "x"),
            ("a b-c", "a_b_c"),
            ("é", ""),
            ("aé", "a_"),
            ("12", ""),
        ] {
            assert_eq!(sanitized(name), expected);
        }
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut taken = Taken::default();
        let names = ["a", "a", "a_2", "a"].map(|it| taken.take(it.to_owned()));
        assert_eq!(names, ["a", "a_2", "a_2_2", "a_3"]);
    }
}
