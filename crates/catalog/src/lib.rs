//! Postgres schema objects as plain data: the vocabulary of every other crate.
//!
//! A [`Catalog`] is a whole database: what a server was asked for, what a Prisma schema asks for, or what
//! a plan leads to. Nothing here does I/O, builds SQL or knows Prisma.
//!
//! Always true: names are unquoted [`Ident`]s; collections are ordered by name, columns and enum labels
//! by position; no OID, size or row estimate appears; an [`Expression`] is text as one server prints it,
//! or says that a person wrote it. Two catalogs with the same content are equal.
//!
//! ```
//! use driftless_catalog::{Catalog, Column, DataType, Ident, ObjectId, QualifiedName, Table};
//!
//! let name = QualifiedName::new(Ident::new("public")?, Ident::new("users")?);
//! let mut table = Table::new(name.clone());
//! table.columns.push(Column::new(Ident::new("id")?, DataType::parse("bigint").unwrap()));
//! let mut catalog = Catalog::default();
//! catalog.tables.insert(table);
//!
//! let table = catalog.tables.get(&name).unwrap();
//! assert_eq!(table.columns[0].data_type.to_string(), "bigint");
//! assert_eq!(ObjectId::Table(name).to_string(), "table public.users");
//! # Ok::<(), driftless_catalog::InvalidIdent>(())
//! ```

mod catalog;
mod collection;
mod column;
mod common;
mod constraint;
mod data_type;
mod default_privilege;
mod domain;
mod enum_type;
mod expression;
mod extension;
mod function;
mod ident;
mod index;
mod materialized_view;
mod object_id;
mod other;
mod policy;
mod rename;
mod roles;
mod schema;
mod sequence;
#[cfg(feature = "serde")]
mod snapshot;
mod table;
mod trigger;
mod view;
mod walk;

pub use catalog::Catalog;
pub use collection::{Collection, Named};
pub use column::{Column, ColumnSettings, Generated, GeneratedKind, Identity, IdentityKind};
pub use common::{Common, GrantClass, Grantee, Grants, Privilege};
pub use constraint::{
    Constraint, ConstraintKind, Deferral, ExclusionElement, ForeignKey, KeyColumns, MatchKind,
    ReferentialAction,
};
pub use data_type::{DataType, TypeName};
pub use default_privilege::{DefaultPrivilege, DefaultPrivilegeId, DefaultPrivilegeKind};
pub use domain::{Domain, DomainConstraint};
pub use enum_type::EnumType;
pub use expression::Expression;
pub use extension::{Extension, ExtensionMember};
pub use function::{
    Argument, ArgumentMode, Function, FunctionBody, FunctionId, FunctionKind, Parallel, Returns,
    Volatility,
};
pub use ident::{Ident, InvalidIdent, QualifiedName};
pub use index::{Index, IndexKey, IndexTarget, NullsOrder, Opclass, SortOrder};
pub use materialized_view::MaterializedView;
pub use object_id::{ObjectId, ObjectKind};
pub use other::{Attribute, Fields, Other, OtherId};
pub use policy::{Policy, PolicyCommand, PolicyRole};
pub use rename::{ExpressionPlace, Nameable, Rename, Renames};
pub use schema::Schema;
pub use sequence::{Sequence, SequenceOptions, SequenceOwner};
#[cfg(feature = "serde")]
pub use snapshot::{SNAPSHOT_VERSION, Snapshot, SnapshotError};
pub use table::{
    ManagedTable, Partition, PartitionBy, PartitionStrategy, Persistence, ReplicaIdentity,
    RowSecurity, Table,
};
pub use trigger::{Trigger, TriggerEnabled, TriggerEvent, TriggerLevel, TriggerTiming};
pub use view::{CheckOption, View, ViewColumn};
