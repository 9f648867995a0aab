//! SQL to a throwaway Postgres server that has run it.
//!
//! In: SQL files in the order in which they are to be run. Out: a database that ran them as a Supabase
//! project would ([`ShadowDatabase`]), a finding for each statement that failed, with its place and likely
//! cause, and for each object the statement that made it ([`Provenance`]).
//!
//! The server is one that runs already, one started from programs on this machine, or the one that is part
//! of this program (feature `embedded`). Always true: nothing of a server's own databases is touched; a
//! server that was started ends with this process, however that ends; extensions that a server lacks are
//! stood in for, and each stand-in that is used is reported.
//!
//! What was prepared for migrations lies in the schema [`HIDDEN_SCHEMA`], which whoever compares leaves out.
//!
//! ```no_run
//! use driftless_finding::Sources;
//! use driftless_shadow::{DatabaseOptions, ReplayFile, ReplayOptions, Shadow, ShadowOptions};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let mut sources = Sources::new();
//! let source = sources.add("20240101000000_users.sql", "create table users (id uuid primary key);")?;
//! let files = [ReplayFile { source, version: "20240101000000".into(), name: "users".into() }];
//!
//! let mut shadow = Shadow::start(&ShadowOptions::default()).await?;
//! let mut database = shadow.database(&DatabaseOptions::default()).await?;
//! let replay = database.replay(&sources, &files, &ReplayOptions::default()).await?;
//! assert!(replay.findings.is_empty());
//! database.close().await?;
//! shadow.stop().await?;
//! # Ok(())
//! # }
//! ```

mod cluster;
mod codes;
mod database;
#[cfg(feature = "embedded")]
mod embedded;
mod error;
mod extension;
mod folder;
mod grant;
#[cfg(unix)]
mod local;
mod options;
mod prelude;
mod provenance;
mod remote;
mod replay;
mod shadow;
mod stub;

pub use codes::CODES;
pub use database::{ActingRole, ShadowDatabase};
pub use error::ShadowError;
pub use extension::extensions_in;
pub use options::{
    Candidate, DatabaseOptions, Prelude, ServerInfo, ServerKind, ShadowOptions, ShadowSource,
};
pub use prelude::HIDDEN_SCHEMA;
pub use provenance::{Origin, Provenance};
pub use replay::{
    FileOutcome, Replay, ReplayFile, ReplayMode, ReplayOptions, ReplayedFile, StubUsed,
};
pub use shadow::{Shadow, probe};
