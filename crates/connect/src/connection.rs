//! A session, and the server it is with.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::error::DbError;
use tokio_postgres::{AsyncMessage, Client, Socket};

use crate::tls::Stream;
use crate::{ConnectError, Host};

/// A session with a server. Use it like the [`Client`] it dereferences to.
///
/// The task that moves its bytes ends when this is dropped; [`close`](Self::close) waits for that.
pub struct Connection {
    client: Client,
    host: Host,
    version: ServerVersion,
    heard: Arc<Heard>,
    task: JoinHandle<()>,
}

/// What the background task heard besides answers.
#[derive(Default)]
struct Heard {
    keep_notices: bool,
    notices: Mutex<Vec<DbError>>,
    end: Mutex<Option<String>>,
}

impl Connection {
    pub(crate) fn new(
        client: Client,
        connection: tokio_postgres::Connection<Socket, Stream>,
        host: Host,
        version: ServerVersion,
        keep_notices: bool,
    ) -> Self {
        let heard = Arc::new(Heard {
            keep_notices,
            ..Heard::default()
        });
        let task = tokio::spawn(listen(connection, Arc::clone(&heard)));
        Self {
            client,
            host,
            version,
            heard,
            task,
        }
    }

    /// The host that it is with; one of the URL's.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// What the server runs. No round trip.
    pub fn server_version(&self) -> &ServerVersion {
        &self.version
    }

    /// The notices and warnings since the last call, oldest first.
    ///
    /// Empty unless [`ConnectOptions::keep_notices`](crate::ConnectOptions::keep_notices) is set.
    pub fn take_notices(&self) -> Vec<DbError> {
        std::mem::take(&mut *lock(&self.heard.notices))
    }

    /// Why the connection is gone, or `None` if it is not.
    ///
    /// A query that fails with [`is_closed`](tokio_postgres::Error::is_closed) does not say why; this does.
    pub fn lost(&self) -> Option<ConnectError> {
        let reason = lock(&self.heard.end).clone()?;
        Some(ConnectError::Lost {
            place: self.host.to_string(),
            reason,
        })
    }

    /// Says goodbye to the server and waits until it has been said, but not for long.
    pub async fn close(self) {
        let Self { client, task, .. } = self;
        drop(client);
        // A server that does not take the goodbye is left to find out by itself.
        let _ = tokio::time::timeout(Duration::from_secs(1), task).await;
    }
}

async fn listen(mut connection: tokio_postgres::Connection<Socket, Stream>, heard: Arc<Heard>) {
    loop {
        let message = std::future::poll_fn(|context| connection.poll_message(context)).await;
        let reason = match message {
            None => "it was closed".to_owned(),
            Some(Ok(AsyncMessage::Notice(notice))) => {
                if heard.keep_notices {
                    lock(&heard.notices).push(notice);
                }
                continue;
            }
            Some(Ok(_)) => continue,
            Some(Err(error)) => match error.as_db_error() {
                Some(refusal) => refusal.message().to_owned(),
                None if error.is_closed() => "the server closed it unexpectedly".to_owned(),
                None => std::error::Error::source(&error)
                    .map_or_else(|| error.to_string(), |it| it.to_string()),
            },
        };
        *lock(&heard.end) = Some(reason);
        return;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // What is behind these locks is whole after every single assignment, a panic elsewhere or not.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Deref for Connection {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("host", &self.host)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// What a server runs, as it says itself: `15.4 (Debian 15.4-1)`. Ordered by number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerVersion {
    major: u32,
    minor: u32,
    text: String,
}

/// The newest major version that this project is tested on.
const NEWEST_KNOWN: u32 = 18;

impl ServerVersion {
    /// Reads what the server reports as `server_version`; `None` if it does not start with a number.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| -> Option<u32> {
            let end = text
                .find(|it: char| !it.is_ascii_digit())
                .unwrap_or(text.len());
            text[..end].parse().ok()
        };
        let major = number(text)?;
        let minor = text.split_once('.').and_then(|(_, rest)| number(rest));
        Some(Self {
            major,
            minor: minor.unwrap_or(0),
            text: text.to_owned(),
        })
    }

    /// A version by its numbers.
    pub const fn of(major: u32, minor: u32) -> Self {
        Self {
            major,
            minor,
            text: String::new(),
        }
    }

    /// The major version: 15 of `15.4`.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The minor version: 4 of `15.4`; 0 of a beta.
    pub fn minor(&self) -> u32 {
        self.minor
    }

    /// Whether it is newer than anything this project is tested on. It is used all the same.
    pub fn is_newer_than_known(&self) -> bool {
        self.major > NEWEST_KNOWN
    }
}

/// The number alone, without the packager's words.
impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text.split(' ').next() {
            Some("") | None => write!(f, "{}.{}", self.major, self.minor),
            Some(number) => f.write_str(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_whoever_packaged_it() {
        for (text, major, minor) in [
            ("15.18 (Debian 15.18-0+deb12u1)", 15, 18),
            ("17.5", 17, 5),
            ("18beta2", 18, 0),
            ("9.6.24", 9, 6),
            ("19devel", 19, 0),
        ] {
            let version = ServerVersion::parse(text).unwrap();
            assert_eq!((version.major(), version.minor()), (major, minor), "{text}");
        }
        assert_eq!(ServerVersion::parse("CockroachDB"), None);
        assert_eq!(
            ServerVersion::parse("15.18 (Debian 15.18-0)")
                .unwrap()
                .to_string(),
            "15.18"
        );
    }

    #[test]
    fn versions_are_ordered_by_number() {
        let of = |text| ServerVersion::parse(text).unwrap();
        assert!(of("9.6") < of("13.2"));
        assert!(of("13.10") > of("13.9"));
        assert!(of("19").is_newer_than_known() && !of("18.1").is_newer_than_known());
    }
}
