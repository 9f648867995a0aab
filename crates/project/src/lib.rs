//! The workflows of Driftless, one per verb.
//!
//! [`Project::open`] reads `driftless.toml` and the environment; a workflow such as [`drift`] or [`diff`]
//! takes the project and returns an [`Outcome`]: what was looked at, what was found, and for some verbs a
//! text to print. The command line does nothing but call one workflow and print one report; other services
//! call the same functions.
//!
//! Always true: a check never writes to a database that it was given; a throwaway server that was started
//! is gone when the workflow returns, fails or is dropped; what went wrong on the way is a
//! [`ProjectError`] with an exit code and a remedy, what is wrong with the project is a finding.
//!
//! ```no_run
//! use driftless_project::{DriftOptions, Environment, Project, Settings, Silent, drift};
//!
//! # async fn run() -> Result<(), driftless_project::ProjectError> {
//! let project = Project::open(&Settings::default(), Environment::of_process())?;
//! let outcome = drift(&project, &DriftOptions::default(), &Silent).await?;
//! for finding in &outcome.findings {
//!     eprintln!("{}: {}", finding.code, finding.message);
//! }
//! # Ok(())
//! # }
//! ```

mod codes;
mod config;
mod diff;
mod dispute;
mod doctor;
mod drift;
mod environment;
mod error;
mod format;
mod ignore;
mod introspect;
mod judge;
mod live;
mod load;
mod maintain;
mod not_null;
mod outcome;
mod platform;
mod policies;
mod project;
mod prove;
mod pull;
mod session;
mod state;
mod validate;

pub use codes::all_codes;
pub use config::{
    CONFIG_FILE, Config, DatabaseConfig, IgnoreConfig, Ignored, Layout, PrismaConfig,
    RenamesConfig, RlsConfig, RlsDefault, ShadowConfig, SupabaseConfig, find_config,
};
pub use diff::{DiffRequest, RenameMode, RenameOptions, RenameQuestion, diff};
pub use doctor::doctor;
pub use drift::{DriftOptions, drift};
pub use environment::Environment;
pub use error::ProjectError;
pub use format::{FormatOptions, format};
pub use introspect::{IntrospectFormat, introspect};
pub use outcome::{Outcome, Progress, Silent};
pub use project::{Project, Settings};
pub use prove::{Certificate, Check, CheckOutcome};
pub use pull::{PullOptions, pull};
pub use state::State;
pub use validate::validate;
