//! What a SQL statement does to a database that is in use.
//!
//! A [`Judge`] reads the statements of a script in order and says of each which relations it locks and how
//! strongly, which of them it rewrites or reads whole, and whether it may run inside a transaction. It reads the
//! text, whoever wrote it, and asks the state before the script who hangs on whom: partitions, foreign keys, the
//! type that a column has had.
//!
//! Always true: a statement that is not understood, or that runs code of somebody else, says so
//! ([`Effects::complete`]) and is never taken for harmless. What is claimed of locks and rewrites is tried on every
//! supported server, which is asked in `pg_locks` what it did.
//!
//! ```
//! use driftless_catalog::{Catalog, Column, DataType, Ident, QualifiedName, Table};
//! use driftless_lint::{Judge, LockMode};
//!
//! let ident = |it| Ident::new(it).unwrap();
//! let mut before = Catalog::default();
//! let docs = QualifiedName::new(ident("public"), ident("docs"));
//! before.tables.insert(Table::new(docs.clone()));
//!
//! let mut judge = Judge::new(&before, &before, ident("public"));
//! let effects = judge.judge("CREATE INDEX CONCURRENTLY i ON docs (a)");
//! assert!(effects.outside_transaction);
//! assert_eq!(effects.strongest().unwrap().mode, LockMode::ShareUpdateExclusive);
//! assert!(!effects.strongest().unwrap().mode.blocks_writes());
//! ```

mod access;
mod alter_table;
mod cast;
mod clients;
mod condition;
mod effects;
mod hazard;
mod judge;
mod lock;
mod online_script;
mod plan;
mod relations;
mod volatility;

pub use effects::{Effects, Timeouts, Work, WorkKind};
pub use hazard::{HazardCode, PlanHazard, StateHazard};
pub use judge::Judge;
pub use lock::{Lock, LockMode};
pub use online_script::online_script;
pub use plan::{Plan, PlanInput, PlannedStatement};
