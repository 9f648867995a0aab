use driftless_finding::Span;

use super::Spanned;

/// An `enum` block. Prisma schema reference, *`enum`*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enum {
    /// The name in the schema.
    pub name: Spanned<String>,
    /// The whole block.
    pub span: Span,
    /// `@@map`: the name in the database.
    pub mapped_name: Option<Spanned<String>>,
    /// `@@schema`.
    pub schema: Option<Spanned<String>>,
    /// In order of declaration.
    pub values: Vec<EnumValue>,
    /// The lines of `///` and block comments above the block.
    pub documentation: Vec<Spanned<String>>,
    /// The lines of `///` and block comments inside the block that belong to no value.
    pub body_documentation: Vec<Spanned<String>>,
}

/// A value of an [`Enum`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValue {
    /// The name in the schema.
    pub name: Spanned<String>,
    /// The whole value with its attributes.
    pub span: Span,
    /// `@map`: the label in the database.
    pub mapped_name: Option<Spanned<String>>,
    /// The lines of `///` and block comments above it and behind it.
    pub documentation: Vec<Spanned<String>>,
}

impl Enum {
    /// The name of the type in the database: as mapped, else as in the schema.
    pub fn database_name(&self) -> &str {
        self.mapped_name
            .as_ref()
            .map_or(&self.name.value, |it| &it.value)
    }

    /// The value called `name` in the schema; of several, the first.
    pub fn value(&self, name: &str) -> Option<&EnumValue> {
        self.values.iter().find(|it| it.name.value == name)
    }
}

impl EnumValue {
    /// The label in the database: as mapped, else as in the schema.
    pub fn database_name(&self) -> &str {
        self.mapped_name
            .as_ref()
            .map_or(&self.name.value, |it| &it.value)
    }
}
