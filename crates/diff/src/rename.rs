//! Renames: what may have got another name, and how that is done without losing what hangs on it.
//!
//! [`candidates`] pairs what goes with what comes and says what speaks for each pair; whether one is taken is for the
//! caller to decide, never decided here. [`RenamePlan`] takes the decided ones, adds what they bring along, and puts the
//! statements into an order in which no name is taken twice.

mod candidate;
mod columns;
mod complete;
mod keys;
mod kinds;
mod moves;
mod place;
mod spelling;
mod tables;
mod types;

pub use candidate::{Candidate, Evidence, GOOD, SURE, unambiguous};
pub use complete::RenamePlan;
pub use moves::{Move, NewName};
pub use spelling::{RenameSpelling, SpelledName, SpellingError, spell, spell_name};

use driftless_catalog::{Catalog, Nameable, ObjectId, Rename};

/// What is looked at together. What is renamed on one level is needed to see what is on the next: a column has to be
/// looked for in the table that had another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Schemas.
    Schemas,
    /// Enums, domains, composite types and ranges.
    Types,
    /// Tables and sequences.
    Tables,
    /// Columns, labels of enums, attributes of composite types.
    Columns,
    /// Views, materialized views, functions, triggers and policies.
    Rest,
}

impl Level {
    /// In the order in which they are looked at.
    pub const ALL: [Self; 5] = [
        Self::Schemas,
        Self::Types,
        Self::Tables,
        Self::Columns,
        Self::Rest,
    ];
}

/// Every pair of one thing that goes and one of its kind that comes, with what speaks for their being the same.
///
/// `from` is the state before under the names that are decided so far, and the pairs have these. Constraints and
/// indexes that are alike but for their names are none: they lose nothing, and [`diff`](crate::diff) renames them.
pub fn candidates(from: &Catalog, to: &Catalog, level: Level) -> Vec<Candidate> {
    let mut found = match level {
        Level::Schemas => tables::schemas(from, to),
        Level::Types => types::types(from, to),
        Level::Tables => [tables::tables(from, to), tables::sequences(from, to)].concat(),
        Level::Columns => [
            columns::columns(from, to),
            types::labels(from, to),
            types::attributes(from, to),
        ]
        .concat(),
        Level::Rest => kinds::rest(from, to),
    };
    candidate::note_only_ones(&mut found);
    found
}

/// A pair of objects.
fn objects(from: ObjectId, to: ObjectId) -> Rename {
    let (from, to) = (Nameable::Object(from), Nameable::Object(to));
    Rename { from, to }
}
