use driftless_connect::ConnectError;
use driftless_diff::SpellingError;
use driftless_introspect::IntrospectError;
use driftless_migrate::{FolderError, HistoryError, TextError};
use driftless_shadow::ShadowError;

/// What is missing if there is no Prisma schema.
pub(crate) const PRISMA_SCHEMA: &str = "Prisma schema";

/// Why a workflow could not do its work. What it found wrong is a finding and no error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectError {
    /// The throwaway server was lost, or refused what it has to be asked, while a plan was tried.
    #[error("the plan could not be tried")]
    Proof {
        /// Why.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The configuration says what is not understood.
    #[error("{path}: {message}")]
    Config {
        /// The file.
        path: String,
        /// What and where.
        message: String,
    },
    /// A line of `.env` is not understood.
    #[error("{path} has a line that is not `NAME=value`")]
    DotEnv {
        /// The file.
        path: String,
    },
    /// A file or folder cannot be read.
    #[error("cannot read `{path}`")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file cannot be written. Nothing was.
    #[error("cannot write `{path}`")]
    Unwritable {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is no such file or folder.
    #[error("there is no {what} at `{path}`")]
    Missing {
        /// What it should be.
        what: &'static str,
        /// Where it should be.
        path: String,
    },
    /// A folder that should hold files of a kind holds none.
    #[error("`{path}` holds no {what}")]
    NothingIn {
        /// What it should hold.
        what: &'static str,
        /// The folder.
        path: String,
    },
    /// A Prisma schema declares nothing, so that every table would have to go.
    #[error("`{path}` declares nothing: no datasource, no model, no enum")]
    EmptySchema {
        /// The file or folder.
        path: String,
    },
    /// A source of a state is not understood.
    #[error("`{text}` is no source of a state")]
    Source {
        /// What was given.
        text: String,
    },
    /// A schema of the database that is to be read is not there.
    #[error("there is no schema `{name}`")]
    NoSchema {
        /// What was given.
        name: String,
    },
    /// The live database is needed, and nobody has said where it is.
    #[error("no database is named")]
    NoDatabase,
    /// The caller gives an empty URL for the live database.
    #[error("`--database-url` is empty")]
    EmptyUrl,
    /// A snapshot cannot be used.
    #[error("`{path}` is no snapshot: {message}")]
    Snapshot {
        /// The file.
        path: String,
        /// Why.
        message: String,
    },
    /// A rename that is given fits nothing.
    #[error(transparent)]
    Rename(#[from] SpellingError),
    /// The file of decided renames says what is not understood.
    #[error("{path}: {message}")]
    Decisions {
        /// The file.
        path: String,
        /// What and where.
        message: String,
    },
    /// A text file is none.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A folder of migrations cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file is too large.
    #[error(transparent)]
    TooLarge(#[from] driftless_finding::SourceTooLarge),
    /// A database could not be reached.
    #[error("{what}")]
    Connect {
        /// Which database: `the live database`.
        what: String,
        /// Why.
        #[source]
        source: ConnectError,
    },
    /// A connection URL is malformed.
    #[error("the URL of {what} is malformed")]
    Url {
        /// Of which database.
        what: String,
        /// How.
        #[source]
        source: ConnectError,
    },
    /// A database could not be read.
    #[error("cannot read {what}")]
    Introspect {
        /// Which database.
        what: String,
        /// Why.
        #[source]
        source: IntrospectError,
    },
    /// The history of migrations could not be read.
    #[error("cannot read the history of the live database")]
    History(#[from] HistoryError),
    /// No throwaway server could be used.
    #[error("no server to replay SQL on")]
    Shadow(#[from] ShadowError),
}

impl ProjectError {
    /// The exit code: 2 for usage, configuration and unreadable input, 3 for databases.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config { .. }
            | Self::DotEnv { .. }
            | Self::Unreadable { .. }
            | Self::Unwritable { .. }
            | Self::Missing { .. }
            | Self::NothingIn { .. }
            | Self::EmptySchema { .. }
            | Self::Source { .. }
            | Self::NoSchema { .. }
            | Self::NoDatabase
            | Self::EmptyUrl
            | Self::Snapshot { .. }
            | Self::Rename(_)
            | Self::Decisions { .. }
            | Self::Text(_)
            | Self::Folder(_)
            | Self::TooLarge(_)
            | Self::Url { .. } => 2,
            Self::Connect { .. }
            | Self::Introspect { .. }
            | Self::History(_)
            | Self::Shadow(_)
            | Self::Proof { .. } => 3,
        }
    }

    /// What to do about it, if there is something.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::Config { .. } => "docs/CONFIGURATION.md lists every setting".to_owned(),
            Self::Missing { what, .. } if *what == PRISMA_SCHEMA => {
                "name it with `--schema`, or in driftless.toml".to_owned()
            }
            Self::Source { .. } => {
                "a source is `empty`, `prisma:PATH`, `migrations:DIR`, `sql:PATH`, `db:URL`, \
                 `snapshot:FILE`, `desired`, `recorded` or `actual`"
                    .to_owned()
            }
            Self::NoSchema { .. } => "name schemas that the database has".to_owned(),
            Self::NoDatabase => "set DATABASE_URL, or give `--database-url`".to_owned(),
            Self::EmptyUrl => {
                "give it a URL, or leave it out; without it DATABASE_URL counts, and without both no live \
                 database is compared"
                    .to_owned()
            }
            Self::Folder(FolderError::Missing { .. }) => {
                "name the folder in driftless.toml: `[supabase] migrations = \"…\"`".to_owned()
            }
            Self::Connect { source, .. } | Self::Url { source, .. } => source.help(),
            Self::Introspect { source, .. } => source.help()?.to_owned(),
            Self::Shadow(error) => error.help(),
            Self::EmptySchema { .. } => {
                "name the right file with `--schema`, or in driftless.toml".to_owned()
            }
            Self::Rename(SpellingError::Taken { .. }) => return None,
            Self::Rename(error) => match error.known() {
                [] => "write it as `public.users.name=full_name`; names with points, equals signs or quotes in \
                       them stand in double quotes"
                    .to_owned(),
                known => format!("there is {}", known.join(", ")),
            },
            Self::Decisions { .. } => {
                "each `[[rename]]` has `from`, `to` and `decided = \"yes\"` or `\"no\"`".to_owned()
            }
            Self::Text(TextError::NotText { .. }) => "save it as UTF-8".to_owned(),
            Self::DotEnv { .. }
            | Self::Unreadable { .. }
            | Self::Unwritable { .. }
            | Self::Missing { .. }
            | Self::NothingIn { .. }
            | Self::Snapshot { .. }
            | Self::Text(_)
            | Self::Folder(_)
            | Self::TooLarge(_)
            | Self::History(_)
            | Self::Proof { .. } => return None,
        };
        Some(text)
    }
}
