use driftless_finding::Span;

use super::{
    EnumId, FieldDefault, FieldId, ModelId, NativeType, ReferentialAction, RelationId, ScalarType,
    Spanned,
};

/// A field of a model or view. Prisma schema reference, *`model` fields*.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name in the schema.
    pub name: Spanned<String>,
    /// The whole field with its attributes.
    pub span: Span,
    /// The type with its `?` or `[]`.
    pub type_span: Span,
    /// Required, optional or a list.
    pub arity: Arity,
    /// Column, or side of a relation.
    pub kind: FieldKind,
    /// The lines of `///` and block comments above it and behind it.
    pub documentation: Vec<Spanned<String>>,
    /// `@ignore`: Prisma Client does not see it.
    pub ignored: bool,
}

/// How many values a field holds. Prisma schema reference, *Type modifiers*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// One.
    Required,
    /// One or none: `?`.
    Optional,
    /// Any number: `[]`.
    List,
}

/// The two sorts of fields.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// A column.
    Scalar(ScalarField),
    /// One side of a relation; no column.
    Relation(RelationField),
}

/// What makes a field a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ScalarField {
    /// The type, without arity.
    pub field_type: FieldType,
    /// `@db.…`, if written. In a schema with errors it may not fit the field.
    pub native_type: Option<Spanned<NativeType>>,
    /// `@default`
    pub default: Option<FieldDefault>,
    /// `@map`: the name of the column.
    pub mapped_name: Option<Spanned<String>>,
    /// `@updatedAt`: set by Prisma Client on every write.
    pub updated_at: bool,
}

/// The type of a column. Prisma schema reference, *Scalar types*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// Built in.
    Scalar(ScalarType),
    /// An enum of the schema.
    Enum(EnumId),
    /// `Unsupported("…")`: a type that Prisma does not know, as the database writes it.
    Unsupported(String),
}

/// What a relation field says by itself. The two sides together are a [`super::Relation`]. Prisma schema reference, *`@relation`*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationField {
    /// The model on the other side.
    pub model: ModelId,
    /// The relation it is a side of. Always there in a valid schema.
    pub relation: Option<RelationId>,
    /// The name in `@relation("…")`.
    pub name: Option<Spanned<String>>,
    /// `fields: […]`, fields of its own model.
    pub fields: Option<Vec<FieldId>>,
    /// `references: […]`, fields of the other model.
    pub references: Option<Vec<FieldId>>,
    /// `onDelete`
    pub on_delete: Option<Spanned<ReferentialAction>>,
    /// `onUpdate`
    pub on_update: Option<Spanned<ReferentialAction>>,
    /// `map`: the name of the foreign key.
    pub mapped_name: Option<Spanned<String>>,
    /// The whole `@relation` attribute.
    pub attribute_span: Option<Span>,
}

impl Field {
    /// The column's side of it, or `None` for a relation field.
    pub fn as_scalar(&self) -> Option<&ScalarField> {
        match &self.kind {
            FieldKind::Scalar(it) => Some(it),
            FieldKind::Relation(_) => None,
        }
    }

    /// The relation's side of it, or `None` for a column.
    pub fn as_relation(&self) -> Option<&RelationField> {
        match &self.kind {
            FieldKind::Scalar(_) => None,
            FieldKind::Relation(it) => Some(it),
        }
    }

    pub(crate) fn as_relation_mut(&mut self) -> Option<&mut RelationField> {
        match &mut self.kind {
            FieldKind::Scalar(_) => None,
            FieldKind::Relation(it) => Some(it),
        }
    }

    /// The name of the column; for a relation field its own name.
    pub fn database_name(&self) -> &str {
        match &self.kind {
            FieldKind::Scalar(it) => it
                .mapped_name
                .as_ref()
                .map_or(&self.name.value, |it| &it.value),
            FieldKind::Relation(_) => &self.name.value,
        }
    }
}

impl ScalarField {
    /// The PostgreSQL type: as written, else the default of a built-in type. `None` for enums and
    /// unsupported types.
    pub fn effective_native_type(&self) -> Option<NativeType> {
        match (&self.native_type, &self.field_type) {
            (Some(it), _) => Some(it.value),
            (None, FieldType::Scalar(it)) => Some(it.default_native_type()),
            (None, FieldType::Enum(_) | FieldType::Unsupported(_)) => None,
        }
    }
}
