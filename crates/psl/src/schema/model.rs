use driftless_finding::Span;

use super::{Field, FieldId, Index, Policy, PrimaryKey, RowSecurity, Spanned};

/// A `model` or `view` block. Prisma schema reference, *`model`, `view`*.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The name in the schema.
    pub name: Spanned<String>,
    /// Which of the two keywords it is declared with.
    pub kind: ModelKind,
    /// The whole block.
    pub span: Span,
    /// `@@map`: the name in the database.
    pub mapped_name: Option<Spanned<String>>,
    /// `@@schema`
    pub schema: Option<Spanned<String>>,
    /// In order of declaration, indexed by [`FieldId`].
    pub fields: Vec<Field>,
    /// `@id` or `@@id`
    pub primary_key: Option<PrimaryKey>,
    /// In the order in which Prisma creates them: `@unique` fields, then `@@index`, then `@@unique`.
    pub indexes: Vec<Index>,
    /// `@@rls`
    pub row_security: Option<RowSecurity>,
    /// In order of declaration, annotations before blocks.
    pub policies: Vec<Policy>,
    /// The lines of `///` and block comments above the block.
    pub documentation: Vec<Spanned<String>>,
    /// The lines of `///` and block comments inside the block that belong to no field: above a block attribute, or last.
    pub body_documentation: Vec<Spanned<String>>,
    /// `@@ignore`: Prisma Client does not see it.
    pub ignored: bool,
}

/// What a [`Model`] stands for in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelKind {
    /// `model`
    Table,
    /// `view`
    View,
}

impl Model {
    /// The name of the table or view in the database: as mapped, else as in the schema.
    pub fn database_name(&self) -> &str {
        self.mapped_name
            .as_ref()
            .map_or(&self.name.value, |it| &it.value)
    }

    /// All fields in order of declaration.
    pub fn all_fields(&self) -> impl Iterator<Item = (FieldId, &Field)> {
        (0..).map(FieldId).zip(&self.fields)
    }

    /// The field called `name` in the schema; of several, the first.
    pub fn field(&self, name: &str) -> Option<(FieldId, &Field)> {
        self.all_fields().find(|(_, it)| it.name.value == name)
    }
}
