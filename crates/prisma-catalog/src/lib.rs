//! What a Prisma schema asks of a database.
//!
//! [`lower`] makes the catalog that Prisma Migrate would lead to from an empty database: its names, cut
//! as Prisma cuts them, its types, defaults and referential actions. [`PrismaCatalog::onto`] lays that
//! over a database as it is: what the schema cannot express stays as it is, what it asks for and the
//! database has in another spelling counts as had, and everything else becomes as the schema wants it.
//! The difference between the two is the drift, and nothing else is.
//!
//! Row level security that a model declares (`/// @@rls`) is part of what the schema asks for; of a model that says
//! nothing of it, it is not.
//!
//! Always true: an object that the schema cannot express is never changed; a default that only a server can
//! judge is left as it is and asked about ([`Overlay::questions`]).
//!
//! Follows the Prisma schema reference; where Prisma's engine cannot see a difference or sees one that is
//! not there, the doc comments of this crate say what happens here instead.

mod blind;
mod declaration;
mod default;
mod leave_out;
mod lower;
mod name;
mod overlay;
mod policy;
mod raise;
mod rename;
mod settle;
mod types;

pub use declaration::{CODES, Declaration};
pub use lower::{LowerOptions, PrismaCatalog, lower};
pub use overlay::{Answers, Overlay, Question, QuestionKind};
pub use raise::{RaiseOptions, Raised, raise};
