//! What can go wrong with a server for tests.

use std::path::PathBuf;

/// Why there is no server to test on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TestServerError {
    /// No folder with `initdb` and `postgres` was found.
    #[error("there are no server programs on this machine")]
    NoPrograms,
    /// A file or a process of the server could not be made.
    #[error("cannot make {}", path.display())]
    Io {
        /// The file, folder or program.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The server ended, or was not ready after a minute.
    #[error("the server of {} does not start:\n{log}", programs.display())]
    DoesNotStart {
        /// The folder of its programs.
        programs: PathBuf,
        /// What it wrote.
        log: String,
    },
}
