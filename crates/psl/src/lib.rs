//! The Prisma schema language for PostgreSQL.

mod attributes;
mod blocks;
mod codes;
mod comments;
mod config;
mod constraint_names;
mod findings;
mod format;
mod keys;
mod names;
mod options;
mod parse;
mod relations;
mod rules;
mod schema;
mod syntax;
mod text;
mod types;
mod values;

pub use codes::CODES;
pub use constraint_names::{foreign_key_name, index_name, primary_key_name, unique_name};
pub use format::format;
pub use options::{Options, PrismaVersion};
pub use parse::{Parsed, parse};
pub use schema::{
    Action, Arity, Comparison, Condition, CuidVersion, Datasource, Declared, DefaultValue, Enum,
    EnumId, EnumValue, Extension, Field, FieldDefault, FieldId, FieldKind, FieldType, ForeignKey,
    Generator, Index, IndexAlgorithm, IndexField, IndexKind, KnownOperatorClass, Literal,
    ManyToMany, Model, ModelId, ModelKind, NativeType, OperatorClass, Predicate, PrimaryKey,
    ReferentialAction, Relation, RelationField, RelationId, RelationKind, RelationMode,
    ScalarField, ScalarType, Schema, Setting, SettingValue, SortOrder, Spanned, Url, UuidVersion,
};
