//! Which server, and what it turned out to be.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use driftless_connect::{ConnectUrl, ServerVersion};

/// Which server to use.
#[derive(Debug, Clone, Default)]
pub enum ShadowSource {
    /// Server programs on this machine; where there are none, the embedded server.
    #[default]
    Auto,
    /// Server programs on this machine.
    Local {
        /// The folder they are in; `None` looks for them.
        bin_dir: Option<PathBuf>,
    },
    /// The server that is part of this program, if it was built with the feature `embedded`.
    Embedded,
    /// A server that runs already. Only databases of our own making are touched on it.
    Url(Box<ConnectUrl>),
}

/// How to start a shadow.
#[derive(Debug, Clone, Default)]
pub struct ShadowOptions {
    /// Which server to use.
    pub source: ShadowSource,
}

/// What a fresh database has in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Prelude {
    /// What PostgreSQL puts there.
    None,
    /// What a project on Supabase starts with: schemas, roles, functions, default privileges.
    #[default]
    Supabase,
}

/// What database to make.
#[derive(Debug, Clone, Default)]
pub struct DatabaseOptions {
    /// What it starts with.
    pub prelude: Prelude,
    /// The extensions that the SQL to come may create; see [`extensions_in`](crate::extensions_in).
    ///
    /// Only the embedded server has to know beforehand. What it is not told of is stood in for.
    pub extensions: BTreeSet<String>,
}

/// The kinds of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerKind {
    /// A server that ran already.
    Url,
    /// Started from programs on this machine.
    Local,
    /// Part of this program.
    Embedded,
}

impl fmt::Display for ServerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "url",
            Self::Local => "local",
            Self::Embedded => "embedded",
        })
    }
}

/// A server that might be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its kind.
    pub kind: ServerKind,
    /// The folder of its programs, its URL without the password, or the name of the embedded engine.
    pub place: String,
    /// Its version, or why it cannot be used.
    pub outcome: Result<ServerVersion, String>,
}

/// The server that is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerInfo {
    /// Its kind.
    pub kind: ServerKind,
    /// The folder of its programs, its URL without the password, or the name of the embedded engine.
    pub place: String,
    /// What it runs.
    pub version: ServerVersion,
    /// The role that migrations run as. Where it is not `postgres`, it stands for that: whoever compares
    /// owners and grants reads it as `postgres`.
    pub migrator: String,
    /// The role that introspection should run as.
    pub administrator: String,
    /// What this server cannot do as a Supabase project does, each a sentence. Usually empty.
    pub limits: Vec<String>,
    /// What was tried before it and could not be used.
    pub passed_over: Vec<Candidate>,
}

/// `PostgreSQL 15.4 (local, /usr/lib/postgresql/15/bin)`.
impl fmt::Display for ServerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PostgreSQL {} ({}, {})",
            self.version, self.kind, self.place
        )
    }
}

/// The superuser of a server that we start, named as on the platform.
pub(crate) const ADMINISTRATOR: &str = "supabase_admin";

/// The role that migrations run as on the platform.
pub(crate) const MIGRATOR: &str = "postgres";
