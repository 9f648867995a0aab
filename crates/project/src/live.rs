//! Live databases, read while other work goes on.

use driftless_connect::{ConnectOptions, ConnectUrl, Connection, connect};
use driftless_introspect::{Introspection, Options, introspect_beside};
use tokio::task::JoinHandle;

use crate::ProjectError;

/// A live database that was read.
pub(crate) struct Live {
    pub(crate) connection: Connection,
    pub(crate) found: Introspection,
    /// `app@db.example.com:5432/shop`
    pub(crate) place: String,
}

/// A live database that is being read, in a task that ends with this.
pub(crate) struct Reading {
    url: ConnectUrl,
    task: JoinHandle<Result<Live, ProjectError>>,
}

impl Reading {
    /// Starts to read; `what` names the database in errors.
    pub(crate) fn start(url: &ConnectUrl, what: &str, options: Options) -> Self {
        Self {
            url: url.clone(),
            task: tokio::spawn(read(url.clone(), what.to_owned(), options)),
        }
    }

    /// Whether it is this database that is read.
    pub(crate) fn is_of(&self, url: &ConnectUrl) -> bool {
        self.url == *url
    }

    /// Waits for what was read.
    pub(crate) async fn finish(mut self) -> Result<Live, ProjectError> {
        match (&mut self.task).await {
            Ok(result) => result,
            // Nobody cancels the task while this is there, so it has panicked.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(url: ConnectUrl, what: String, options: Options) -> Result<Live, ProjectError> {
    let connection = connect(&url, &ConnectOptions::default()).await;
    let connection = connection.map_err(|source| ProjectError::Connect {
        what: format!("cannot connect to {what}"),
        source,
    })?;
    // Whatever keeps a second session from being had: one is enough.
    let second = async { connect(&url, &ConnectOptions::default()).await.ok() };
    let found = match introspect_beside(&connection, &options, second).await {
        Ok(found) => found,
        Err(source) => {
            return Err(match connection.lost() {
                Some(source) => ProjectError::Connect {
                    what: format!("the connection to {what} was lost"),
                    source,
                },
                None => ProjectError::Introspect { what, source },
            });
        }
    };
    Ok(Live {
        connection,
        found,
        place: url.to_string(),
    })
}
