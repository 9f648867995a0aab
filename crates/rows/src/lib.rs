//! Rows for tables that somebody else has designed: values of every type, foreign keys that lead somewhere, checks that
//! hold.
//!
//! [`fill`] puts a few rows into every table of a database whose [`Catalog`](driftless_catalog::Catalog) is known.
//! Values are drawn from what the type allows, from the literals that checks, domains and partition bounds name, and
//! from the rows that foreign keys lead to; the server says whether a row obeys everything else, and one that does not
//! is drawn again.
//!
//! Always true: the same catalog and seed give the same statements; no row is left half inserted; a table that no row
//! could be found for says so, with what the server said last.

mod fill;
mod order;
mod pool;

pub use fill::{FillOptions, Filled, FilledTable, fill};
