//! Changes in, statements out.
//!
//! [`steps`] renders the changes of a plan, one [`Step`] for each, the changes of a table's columns and
//! keys together; [`script`] makes of steps the text that a migration holds. What Prisma can express is
//! written as Prisma's engine writes it, byte for byte; the rest is written in the same style.
//!
//! [`rename_steps`] renders what goes before a plan where things have other names.
//!
//! Always true: a [`Statement`] is data until the last moment; every name and string is quoted here and
//! nowhere else; no statement is without effect; the same plan gives the same bytes.
//!
//! ```
//! use driftless_catalog::{Catalog, Column, DataType, Ident, QualifiedName, Table};
//! use driftless_diff::{DiffOptions, diff, plan};
//! use driftless_sql::{SqlOptions, script, steps};
//!
//! let ident = |it| Ident::new(it).unwrap();
//! let mut table = Table::new(QualifiedName::new(ident("public"), ident("users")));
//! table.columns.push(Column::new(ident("email"), DataType::builtin("text")));
//! let (from, mut to) = (Catalog::default(), Catalog::default());
//! to.tables.insert(table);
//!
//! let options = DiffOptions::default();
//! let changes = plan(diff(&from, &to, &options), &from, &to, &options);
//! let steps = steps(&changes, &from, &to, &SqlOptions::default());
//! assert_eq!(
//!     script(&steps),
//!     "-- CreateTable\nCREATE TABLE \"public\".\"users\" (\n    \"email\" TEXT\n);\n"
//! );
//! ```

mod column;
mod comment;
mod constraint;
mod default_privilege;
mod domain;
mod enum_type;
mod extension;
mod function;
mod grants;
mod hazard;
mod index;
mod materialized_view;
mod name;
mod online;
mod other;
mod partition;
mod policy;
mod probe;
mod rename;
mod retyped;
mod rows;
mod schema;
mod script;
mod sequence;
mod statement;
mod survival;
mod table;
mod table_anew;
mod trigger;
mod view;

pub use hazard::{Alike, Effect, EnumColumn, Hazard};
pub use name::SqlOptions;
pub use probe::Probe;
pub use rename::rename_steps;
pub use script::{script, settings, steps};
pub use statement::{Label, Statement, Step};
