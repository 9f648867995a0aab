//! Sessions with real servers, and with things that only look like one.
//!
//! Without a server the tests say that they were skipped; with `DRIFTLESS_REQUIRE_POSTGRES=1` they fail.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are tests"
)]

mod authority;
mod pretenders;
mod refusals;
mod sessions;
mod tls;

use driftless_connect::{
    ConnectError, ConnectOptions, ConnectUrl, Connection, Environment, connect,
};

/// Opens a session by `url` and nothing else: no variables, no files of the user.
async fn open(url: &str) -> Result<Connection, ConnectError> {
    open_in(url, &Environment::empty()).await
}

async fn open_in(url: &str, environment: &Environment) -> Result<Connection, ConnectError> {
    connect(
        &ConnectUrl::parse_in(url, environment)?,
        &ConnectOptions::default(),
    )
    .await
}

/// The error that `url` gives, after a look that it has help and shows no password.
async fn refusal(url: &str) -> ConnectError {
    let error = open(url).await.unwrap_err();
    let shown = format!("{error} {error:?} {}", error.help());
    assert!(!shown.contains("secret"), "{shown}");
    assert!(
        error.help().starts_with(|it: char| it.is_lowercase()),
        "{}",
        error.help()
    );
    error
}

/// Whether the session is encrypted, as the server sees it.
async fn is_encrypted(connection: &Connection) -> bool {
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    connection.query_one(sql, &[]).await.unwrap().get(0)
}
