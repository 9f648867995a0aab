//! The Prisma schema language for PostgreSQL, in Rust alone.
//!
//! In: the files of a schema, in [`Sources`](driftless_finding::Sources). Out: a [`Schema`] and what there is to say
//! about it ([`parse`]), or the files as Prisma formats them ([`format()`]). Nothing here connects, reads files or prints.
//!
//! Always true:
//! - No text is a failure. What cannot be understood is a finding at its place, and reading goes on behind it.
//! - Without a finding of severity error, every name in the schema is resolved and every rule of Prisma holds.
//! - Findings have errors on the same lines as Prisma's own engines, versions 6 and 7. `tests/fixtures/prisma.tsv` holds
//!   the engines' answers, `tests/it/prisma.rs` the few exceptions with their reasons. Annotations (`/// @@policy(…)`) are
//!   beyond them: to Prisma they are comments.
//! - The time it takes is in proportion to the length of the text, whatever the text is.
//!
//! ```
//! use driftless_finding::{Severity, Sources};
//! use driftless_psl::{FieldType, Options, ScalarType, parse};
//!
//! let mut sources = Sources::new();
//! let file = sources.add("schema.prisma", r#"
//! datasource db {
//!   provider = "postgresql"
//!   url      = env("DATABASE_URL")
//! }
//!
//! model User {
//!   id    Int    @id
//!   email String @uniqe
//!   role  Rolle
//! }
//!
//! enum Role {
//!   READER
//! }
//! "#)?;
//! let parsed = parse(&sources, &[file], Options::default());
//!
//! let errors = parsed.findings.iter().filter(|it| it.severity == Severity::Error);
//! let errors: Vec<_> = errors
//!     .map(|it| format!("{}: {}", sources.locate(it.span.unwrap()), it.help.as_deref().unwrap_or_default()))
//!     .collect();
//! assert_eq!(errors, [
//!     "schema.prisma:9:16: did you mean `@unique`?",
//!     "schema.prisma:10:9: did you mean `Role`?",
//! ]);
//!
//! // What is right is understood nevertheless.
//! let (_, user) = parsed.schema.model("User").unwrap();
//! let (_, email) = user.field("email").unwrap();
//! assert_eq!(email.as_scalar().unwrap().field_type, FieldType::Scalar(ScalarType::String));
//! # Ok::<(), driftless_finding::SourceTooLarge>(())
//! ```
//!
//! The passes, each a module that relies on those above it:
//! `prisma8` (what only Prisma 8 has, out of the text), `syntax` (text to tree), `blocks` (trees to blocks by name), `names`, `types`, `attributes`, `relations`, `config`
//! (what each part says), `rules` (what must hold between the parts), `annotations` (what `///` lines say of row level
//! security); `format` prints trees.

mod format;
mod options;
mod parse;

mod annotations;
mod attributes;
mod blocks;
mod comments;
mod config;
mod constraint_names;
mod keys;
mod names;
mod policies;
mod prisma8;
mod relations;
mod rules;
mod syntax;
mod types;
mod values;

mod codes;
mod findings;
mod schema;
mod text;

pub use annotations::characters;
pub use codes::CODES;
pub use config::preview_feature;
pub use constraint_names::{foreign_key_name, index_name, primary_key_name, unique_name};
pub use format::format;
pub use names::is_reserved_name;
pub use options::{Options, PrismaVersion};
pub use parse::{Parsed, parse};
pub use schema::{
    Action, Arity, Comparison, Condition, CuidVersion, Datasource, Declared, DefaultValue, Enum,
    EnumId, EnumValue, Extension, Field, FieldDefault, FieldId, FieldKind, FieldType, ForeignKey,
    Generator, Index, IndexAlgorithm, IndexField, IndexKind, KnownOperatorClass, Literal,
    ManyToMany, Model, ModelId, ModelKind, NativeType, OperatorClass, Policy, PolicyCommand,
    PolicyForm, PolicyRole, Predicate, PrimaryKey, ReferentialAction, Relation, RelationField,
    RelationId, RelationKind, RelationMode, RowSecurity, ScalarField, ScalarType, Schema, Setting,
    SettingValue, SortOrder, Spanned, Url, UuidVersion,
};
