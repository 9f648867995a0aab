//! A live Postgres database, read into a [`Catalog`](driftless_catalog::Catalog).
//!
//! In: a connection. Out: everything the database holds, as far as it belongs to its user. The number of
//! round trips does not depend on the number of objects: one to open a read-only, repeatable-read
//! transaction with an empty search path, one for all queries at once, one for rows that are schema in
//! spirit (storage buckets, cron jobs), one to end it.
//!
//! Always true: `pg_catalog` is read and never `information_schema`, so that the answer does not depend
//! on who asks; nothing is prepared by name, so that transaction poolers do not mind; every name inside
//! an expression is qualified; a code that this version does not know is an error that names the catalog
//! column; nothing is written.
//!
//! ```no_run
//! # async fn example(client: &tokio_postgres::Client) -> Result<(), driftless_introspect::IntrospectError> {
//! use driftless_introspect::{Options, introspect};
//!
//! let found = introspect(client, &Options::default()).await?;
//! for table in &found.catalog.tables {
//!     assert!(!table.columns.is_empty());
//! }
//! # Ok(())
//! # }
//! ```

mod acl;
mod answers;
mod column;
mod comment;
mod constraint;
mod default_privilege;
mod dependency;
mod domain;
mod enum_type;
mod error;
mod extension;
mod fields;
mod function;
mod index;
mod names;
mod other;
mod policy;
mod query;
mod read;
mod schema;
mod sequence;
mod table;
mod trigger;
mod view;

pub use error::IntrospectError;
pub use read::{Introspection, MANAGED_SCHEMAS, Options, Unread, introspect, introspect_beside};
