//! The Prisma schema language for PostgreSQL.

mod schema;

pub use schema::{
    Action, Arity, Comparison, Condition, CuidVersion, Datasource, Declared, DefaultValue, Enum,
    EnumId, EnumValue, Extension, Field, FieldDefault, FieldId, FieldKind, FieldType, ForeignKey,
    Generator, Index, IndexAlgorithm, IndexField, IndexKind, KnownOperatorClass, Literal,
    ManyToMany, Model, ModelId, ModelKind, NativeType, OperatorClass, Predicate, PrimaryKey,
    ReferentialAction, Relation, RelationField, RelationId, RelationKind, RelationMode,
    ScalarField, ScalarType, Schema, Setting, SettingValue, SortOrder, Spanned, Url, UuidVersion,
};
