//! What a verb found, in every output format.
//!
//! [`Report`] is what there is to tell: what was looked at, and the findings. [`render`] makes of it the
//! text for a terminal or a log, or JSON of a versioned shape.
//!
//! Always true: the same report gives the same bytes; text reads the same without colour; nothing of a
//! file or a database can break out of its place, because control characters are shown, not sent; no
//! password is shown, except in SQL that is meant to be run.
//!
//! ```
//! use driftless_finding::Sources;
//! use driftless_report::{Format, RenderOptions, Report, render};
//!
//! let report = Report {
//!     verb: "db-validate",
//!     facts: vec![("schema".into(), "schema.prisma: 3 models".into())],
//!     findings: &[],
//!     sources: &Sources::new(),
//!     verdict: "valid".into(),
//!     script: None,
//!     error: None,
//! };
//! let text = render(&report, Format::Text, &RenderOptions::default());
//! assert_eq!(text, "schema  schema.prisma: 3 models\n\nvalid\n");
//! ```

mod fix;
mod json;
mod plan;
mod plan_text;
mod render;
mod style;
mod text;

#[cfg(feature = "schema")]
pub use json::json_schema;
pub use json::{JSON_VERSION, JsonReport};
#[cfg(feature = "schema")]
pub use plan::plan_schema;
pub use plan::{JsonPlan, PLAN_VERSION, plan_json};
pub use plan_text::plan_text;
pub use render::{Format, RenderOptions, Report, ReportError, render};
