use std::path::PathBuf;

use driftless_connect::ConnectUrl;
use driftless_finding::hide_secrets;

use crate::ProjectError;
use crate::project::parse_url;

/// Where a state of a database comes from.
#[derive(Debug, Clone)]
pub enum State {
    /// Nothing: a database that was just made.
    Empty,
    /// What a Prisma schema asks for.
    Prisma(PathBuf),
    /// What a folder of migrations leads to.
    Migrations(PathBuf),
    /// What SQL files lead to.
    Sql(PathBuf),
    /// What a database holds.
    Database(Box<ConnectUrl>),
    /// What a file says that `db-introspect --as json` has written.
    Snapshot(PathBuf),
    /// What the project's Prisma schema asks for.
    Desired,
    /// What the project's Supabase migrations lead to.
    Recorded,
    /// What the project's live database holds.
    Actual,
}

impl State {
    /// Reads a source as it is written on the command line: `prisma:schema.prisma`, `db:postgres://…`.
    ///
    /// # Errors
    /// [`ProjectError::Source`] and [`ProjectError::Url`].
    ///
    /// ```
    /// use driftless_project::State;
    ///
    /// assert!(matches!(State::parse("empty")?, State::Empty));
    /// assert!(matches!(State::parse("migrations:supabase/migrations")?, State::Migrations(_)));
    /// assert!(matches!(State::parse("postgres://localhost/app")?, State::Database(_)));
    /// assert!(State::parse("schema.prisma").is_err());
    /// # Ok::<(), driftless_project::ProjectError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ProjectError> {
        let url = |it: &str| {
            let url = parse_url(it, "a source")?;
            Ok(Self::Database(Box::new(url)))
        };
        match text {
            "empty" => return Ok(Self::Empty),
            "desired" => return Ok(Self::Desired),
            "recorded" => return Ok(Self::Recorded),
            "actual" => return Ok(Self::Actual),
            _ if text.starts_with("postgres://") || text.starts_with("postgresql://") => {
                return url(text);
            }
            _ => {}
        }
        match text.split_once(':') {
            Some(("prisma", path)) => Ok(Self::Prisma(path.into())),
            Some(("migrations", path)) => Ok(Self::Migrations(path.into())),
            Some(("sql", path)) => Ok(Self::Sql(path.into())),
            Some(("snapshot", path)) => Ok(Self::Snapshot(path.into())),
            Some(("db", it)) => url(it),
            // The text may be a URL with a password and a typing error in front of it.
            _ if text.contains('@') => Err(ProjectError::Source {
                text: format!(
                    "{}…",
                    text.split([':', '/', '@']).next().unwrap_or_default()
                ),
            }),
            _ => Err(ProjectError::Source {
                text: hide_secrets(text).into_owned(),
            }),
        }
    }
}
