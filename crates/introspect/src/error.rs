use driftless_catalog::InvalidIdent;

/// Why a database could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IntrospectError {
    /// The server refused a query, or the connection broke.
    #[error("reading the catalogs failed ({query})")]
    Query {
        /// Which of the catalog queries.
        query: &'static str,
        /// What the server or the connection said.
        #[source]
        source: tokio_postgres::Error,
    },
    /// A server older than PostgreSQL 13.
    #[error("PostgreSQL {major} is too old: 13 is the oldest that is supported")]
    TooOld {
        /// Its major version.
        major: u16,
    },
    /// A catalog code of a newer server, or of a fork.
    #[error("`{column}` holds `{code}`, which this version does not know")]
    UnknownCode {
        /// Catalog and column: `pg_policy.polcmd`.
        column: &'static str,
        /// What it holds.
        code: String,
    },
    /// An object refers to one that the catalogs do not have.
    #[error("{column} refers to {oid}, which is not there")]
    Dangling {
        /// Catalog and column.
        column: &'static str,
        /// The number it refers to.
        oid: u32,
    },
    /// A text that should be a type, a list of privileges or another catalog notation, and is not.
    #[error("{what} cannot be read: `{text}`")]
    Malformed {
        /// What it should be.
        what: &'static str,
        /// The text.
        text: String,
    },
    /// A name that is none, as in a database that does not know its own encoding.
    #[error("a name in the catalogs cannot be kept")]
    Name(#[from] InvalidIdent),
}

impl IntrospectError {
    /// What the caller can do about it, if anything.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::TooOld { .. } => Some("upgrade the server"),
            Self::UnknownCode { .. } => Some(
                "the server is newer than this version of Driftless, or a fork of PostgreSQL: update Driftless",
            ),
            Self::Name(_) => {
                Some("the database's encoding may not be what it claims: see SHOW server_encoding")
            }
            Self::Query { .. } | Self::Dangling { .. } | Self::Malformed { .. } => None,
        }
    }
}
