//! How every check says what is wrong, and where.
//!
//! In: the text of files. Out: [`Finding`]s that point into it. A run reads its files into one
//! [`Sources`]; parsers and replays hand out [`Span`]s (byte offsets), and whoever shows a finding asks
//! [`Sources::locate`] for line and column.
//!
//! Always true: a [`Code`] is declared once, as a constant that carries its own documentation; nothing
//! here prints, and nothing here knows a terminal or a wire format.
//!
//! ```
//! use driftless_finding::{Code, Finding, Severity, Sources};
//!
//! static UNKNOWN_TYPE: Code = Code {
//!     name: "unknown-type",
//!     severity: Severity::Error,
//!     summary: "a field has a type that nothing declares",
//!     explanation: "Every field type is a scalar, a model, an enum or a view of the same schema.",
//! };
//!
//! let mut sources = Sources::new();
//! let file = sources.add("schema.prisma", "model A {\n  id Itn @id\n}\n")?;
//! let finding = Finding::new(&UNKNOWN_TYPE, "type `Itn` is neither built in nor declared")
//!     .at(sources.span(file, 15..18))
//!     .help("did you mean `Int`?");
//!
//! let place = sources.locate(finding.span.unwrap());
//! assert_eq!(place.to_string(), "schema.prisma:2:6");
//! # Ok::<(), driftless_finding::SourceTooLarge>(())
//! ```

mod code;
mod finding;
mod secret;
mod source;
mod suggest;

pub use code::{Code, Severity};
pub use finding::{Finding, Fix, Label, worst};
pub use secret::{Secrets, hide_secrets};
pub use source::{Location, Position, SourceFile, SourceId, SourceTooLarge, Sources, Span};
pub use suggest::closest;
