//! Two catalogs in, the changes that lead from one to the other out.
//!
//! [`diff`] matches objects by kind and qualified name, never by OID or position, and returns one
//! [`Change`] per object and aspect: what a report tells. [`plan`] makes of these what has to be done:
//! objects that Postgres cannot alter are dropped and made again, what is needed is made before what
//! needs it and dropped after it, and where nothing forces an order, Prisma's is kept.
//!
//! What has got another name is dropped and made, unless somebody says that it is the same: [`candidates`] finds what may
//! be, and [`RenamePlan`] leads from the names before to those after.
//!
//! Always true: equal catalogs give no changes; the answer depends on the catalogs and the options
//! alone; which side came from where is not known here. Expressions are compared as text: whoever calls
//! sees to it that the same server printed both sides.
//!
//! ```
//! use driftless_catalog::{Catalog, Column, DataType, Ident, QualifiedName, Table};
//! use driftless_diff::{DiffOptions, diff};
//!
//! let ident = |it| Ident::new(it).unwrap();
//! let mut to = Catalog::default();
//! to.tables.insert(Table::new(QualifiedName::new(ident("public"), ident("users"))));
//! let mut from = to.clone();
//! assert!(diff(&from, &to, &DiffOptions::default()).is_empty());
//!
//! for table in to.tables.iter_mut() {
//!     table.columns.push(Column::new(ident("email"), DataType::builtin("text")));
//! }
//! let changes = diff(&from, &to, &DiffOptions::default());
//! assert_eq!(changes[0].object().to_string(), "column public.users.email");
//! # let _ = &mut from;
//! ```

mod cast;
mod change;
mod circle;
mod column;
mod common;
mod constraint;
mod default_privilege;
mod dependants;
mod domain;
mod enum_type;
mod evaluation;
mod extension;
mod function;
mod graph;
mod handed_down;
mod index;
mod inheritance;
mod materialized_view;
mod options;
mod order;
mod other;
mod partition_index;
mod plan;
mod policy;
mod recreate;
mod rename;
mod schema;
mod sequence;
mod table;
mod table_anew;
mod trigger;
mod using_index;
mod view;

pub use cast::{Cast, loses_quietly, type_change};
pub use change::{Change, Delta, Difference};
pub use inheritance::{inherited_column, is_retyped_from_above, leaves_alone};
pub use options::{DiffOptions, Manner, Order};
pub use partition_index::{is_complete, parts_of};
pub use rename::{
    Candidate, Evidence, GOOD, Level, Move, NewName, RenamePlan, RenameSpelling, SURE, SpelledName,
    SpellingError, candidates, spell, spell_name, unambiguous,
};
pub use table_anew::is_partitioned_anew;
pub use using_index::taken_indexes;

use driftless_catalog::Catalog;

/// In what the state `from` differs from the state `to`: one change for each object and aspect, by kind and
/// name.
pub fn diff<'a>(from: &'a Catalog, to: &'a Catalog, options: &DiffOptions) -> Vec<Change<'a>> {
    let mut found = Found {
        from,
        to,
        options,
        changes: Vec::new(),
    };
    schema::diff(&mut found);
    extension::diff(&mut found);
    enum_type::diff(&mut found);
    domain::diff(&mut found);
    sequence::diff(&mut found);
    table::diff(&mut found);
    view::diff(&mut found);
    materialized_view::diff(&mut found);
    function::diff(&mut found);
    default_privilege::diff(&mut found);
    other::diff(&mut found);
    found.changes
}

/// What has to be done to make `changes`, some or all of those that [`diff`] found between `from` and `to`,
/// in an order that can be applied.
///
/// What cannot be altered in place becomes a drop and a create, with owner, comment, privileges, indexes
/// and triggers made again.
pub fn plan<'a>(
    changes: Vec<Change<'a>>,
    from: &'a Catalog,
    to: &'a Catalog,
    options: &DiffOptions,
) -> Vec<Change<'a>> {
    plan::plan(Found {
        from,
        to,
        options,
        changes,
    })
}

/// What was found so far.
struct Found<'a, 'o> {
    from: &'a Catalog,
    to: &'a Catalog,
    options: &'o DiffOptions,
    changes: Vec<Change<'a>>,
}
