//! What can stand between a request and a throwaway server.

use std::io;
use std::path::PathBuf;

use driftless_connect::ConnectError;

use crate::{Candidate, ServerKind};

/// Why there is no shadow, or why it could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShadowError {
    /// The one kind of server that was asked for cannot be used.
    #[error("no {kind} shadow: {reason}")]
    Unusable {
        /// The kind that was asked for.
        kind: ServerKind,
        /// Why it cannot be used.
        reason: String,
    },

    /// None of the kinds that were tried can be used.
    #[error("no shadow server can be had")]
    NoneUsable {
        /// What was tried, and why each cannot be used.
        tried: Vec<Candidate>,
    },

    /// The server that the URL leads to cannot be used.
    #[error("the shadow server cannot be used: {source}")]
    Connect {
        /// Why not.
        #[from]
        source: ConnectError,
    },

    /// A file or folder of the shadow's own cannot be made or changed.
    #[error("cannot use `{}` for the shadow server: {source}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },

    /// The server refused a statement of the shadow's own, not of the caller's.
    #[error("the shadow server failed while {doing}: {message}")]
    Server {
        /// What was being done.
        doing: &'static str,
        /// What the server said.
        message: String,
        /// The error itself.
        #[source]
        source: tokio_postgres::Error,
    },

    /// The server is gone.
    #[error("the shadow server went away while {doing}: {reason}")]
    Gone {
        /// What was being done.
        doing: &'static str,
        /// What is known of why.
        reason: String,
    },
}

impl ShadowError {
    /// What to do about it. Short, starts with a verb.
    pub fn help(&self) -> String {
        match self {
            Self::Unusable { kind: ServerKind::Local, .. } => {
                "install a PostgreSQL server (the folder of its programs needs `initdb` and `postgres`), or \
                 choose another shadow: embedded, or the URL of a server for throwaway databases"
                    .to_owned()
            }
            Self::Unusable { kind: ServerKind::Embedded, .. } => {
                "choose another shadow: local, or the URL of a server for throwaway databases".to_owned()
            }
            Self::Unusable { kind: ServerKind::Url, .. } => {
                "use a login that may create databases, on a server that is not a pooler".to_owned()
            }
            Self::NoneUsable { .. } => {
                "install a PostgreSQL server, or give the URL of one for throwaway databases".to_owned()
            }
            Self::Connect { source } => source.help(),
            Self::Folder { .. } => {
                "free some space, or set TMPDIR to a folder that can be written".to_owned()
            }
            Self::Server { .. } | Self::Gone { .. } => {
                "try again; if it stays, choose another shadow and report what is said here".to_owned()
            }
        }
    }

    /// Wraps an error of a statement of our own.
    pub(crate) fn server(doing: &'static str) -> impl Fn(tokio_postgres::Error) -> Self {
        move |source| match source.as_db_error() {
            Some(refused) => {
                let detail = refused
                    .detail()
                    .map(|it| format!(" ({it})"))
                    .unwrap_or_default();
                Self::Server {
                    doing,
                    message: format!("{}{detail}", refused.message()),
                    source,
                }
            }
            None => Self::Gone {
                doing,
                reason: source.to_string(),
            },
        }
    }
}
