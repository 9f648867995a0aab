//! From a URL to a session: every host, every address, encrypted and not, in libpq's order.

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::{Config, SimpleQueryMessage};

use crate::connection::{Connection, ServerVersion};
use crate::refusal::{self, Attempt};
use crate::target::{Host, OLDEST, SessionKind};
use crate::tls::{Connector, Encryption, Stream};
use crate::{ConnectError, ConnectUrl};

/// How to connect, besides what the URL says.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// How long one address may take from the first byte to a session, unless the URL says it.
    pub timeout: Duration,
    /// The name that `pg_stat_activity` shows, unless the URL says it.
    pub application_name: String,
    /// Settings that the session starts with and that `RESET` goes back to.
    pub settings: BTreeMap<String, String>,
    /// Whether [`Connection::take_notices`] has anything to give.
    pub keep_notices: bool,
}

impl Default for ConnectOptions {
    /// Ten seconds, the name `driftless`, no settings, no notices.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            application_name: "driftless".to_owned(),
            settings: BTreeMap::new(),
            keep_notices: false,
        }
    }
}

/// Opens a session with the first host of `url` that gives one.
///
/// # Errors
/// Why the host that came furthest gave none.
pub async fn connect(
    url: &ConnectUrl,
    options: &ConnectOptions,
) -> Result<Connection, ConnectError> {
    let connector = Connector::new(&url.tls)?;
    let mut failure: Option<ConnectError> = None;
    for wanted in url.session.rounds() {
        for host in &url.hosts {
            let dial = Dial {
                url,
                options,
                connector: &connector,
                host,
            };
            let error = match dial.host().await {
                Ok(connection) => match wants(&connection, wanted).await {
                    Ok(()) => return Ok(connection),
                    Err(error) => error,
                },
                Err(error) => error,
            };
            if failure
                .as_ref()
                .is_none_or(|known| refusal::progress(&error) > refusal::progress(known))
            {
                failure = Some(error);
            }
        }
    }
    Err(failure.unwrap_or_else(|| ConnectError::malformed("it names no host", None)))
}

/// Whether the session is of the wanted kind and its server new enough.
async fn wants(connection: &Connection, wanted: SessionKind) -> Result<(), ConnectError> {
    let place = || connection.host().to_string();
    if connection.server_version() < &OLDEST {
        return Err(ConnectError::ServerTooOld {
            place: place(),
            version: connection.server_version().clone(),
        });
    }
    let Some(question) = wanted.question() else {
        return Ok(());
    };
    let answer = connection.simple_query(question).await;
    let yes = answer.is_ok_and(|messages| {
        messages.iter().any(|it| {
            let SimpleQueryMessage::Row(row) = it else {
                return false;
            };
            row.get(0) == Some("t")
        })
    });
    match yes {
        true => Ok(()),
        false => Err(ConnectError::NoSuchSession {
            place: place(),
            wanted: wanted.as_str(),
        }),
    }
}

/// One host of a URL, about to be tried.
struct Dial<'a> {
    url: &'a ConnectUrl,
    options: &'a ConnectOptions,
    connector: &'a Connector,
    host: &'a Host,
}

impl Dial<'_> {
    async fn host(&self) -> Result<Connection, ConnectError> {
        match self.host {
            Host::Unix { .. } => self.attempt(None, SslMode::Disable).await,
            Host::Tcp {
                address: Some(address),
                ..
            } => self.address(*address).await,
            Host::Tcp { name, port, .. } => {
                let mut failure = None;
                for address in self.look_up(name, *port).await? {
                    match self.address(address).await {
                        Ok(connection) => return Ok(connection),
                        Err(error) => failure = Some(error),
                    }
                }
                Err(failure.unwrap_or_else(|| ConnectError::HostNotFound {
                    host: name.clone(),
                    source: io::Error::other("the name has no address"),
                }))
            }
        }
    }

    async fn look_up(&self, name: &str, port: u16) -> Result<Vec<IpAddr>, ConnectError> {
        let found = self.limited(tokio::net::lookup_host((name, port))).await?;
        let found = found.map_err(|source| ConnectError::HostNotFound {
            host: name.to_owned(),
            source,
        })?;
        Ok(found.map(|it| it.ip()).collect())
    }

    /// Tries one address in the order of encryption that the URL asks for.
    async fn address(&self, address: IpAddr) -> Result<Connection, ConnectError> {
        let address = Some(address);
        match self.url.tls.encryption {
            Encryption::Disable => self.attempt(address, SslMode::Disable).await,
            Encryption::Require => self.attempt(address, SslMode::Require).await,
            Encryption::Prefer => {
                let first = match self.attempt(address, SslMode::Prefer).await {
                    Err(error) if refusal::may_differ_by_encryption(&error) => error,
                    other => return other,
                };
                // What a server says to an encrypted session is the better explanation of the two.
                self.attempt(address, SslMode::Disable)
                    .await
                    .map_err(|_| first)
            }
            Encryption::Allow => match self.attempt(address, SslMode::Disable).await {
                Err(error) if refusal::may_differ_by_encryption(&error) => {
                    self.attempt(address, SslMode::Require).await
                }
                other => other,
            },
        }
    }

    async fn attempt(
        &self,
        address: Option<IpAddr>,
        mode: SslMode,
    ) -> Result<Connection, ConnectError> {
        let config = self.config(address, mode);
        let connecting = config.connect(self.connector.clone());
        let (client, connection) = self.limited(connecting).await?.map_err(|error| {
            refusal::explain(
                error,
                &Attempt {
                    place: self.host.to_string(),
                    user: &self.url.user,
                    database: &self.url.database,
                    without_tls: mode == SslMode::Disable,
                },
            )
        })?;
        let version = version(&connection);
        Ok(Connection::new(
            client,
            connection,
            self.host.clone(),
            version,
            self.options.keep_notices,
        ))
    }

    async fn limited<T>(&self, work: impl Future<Output = T>) -> Result<T, ConnectError> {
        let Some(limit) = self.url.timeout.unwrap_or(Some(self.options.timeout)) else {
            return Ok(work.await);
        };
        let outcome = tokio::time::timeout(limit, work).await;
        outcome.map_err(|_| ConnectError::TimedOut {
            place: self.host.to_string(),
            after: limit,
        })
    }

    fn config(&self, address: Option<IpAddr>, mode: SslMode) -> Config {
        let mut config = Config::new();
        match self.host {
            Host::Tcp { name, .. } => config.host(name),
            Host::Unix { folder, .. } => config.host(folder.to_string_lossy()),
        };
        if let Some(address) = address {
            config.hostaddr(address);
        }
        config
            .port(self.host.port())
            .user(&self.url.user)
            .dbname(&self.url.database)
            .channel_binding(self.url.channel_binding)
            .ssl_mode(mode)
            .application_name(
                self.url
                    .application_name
                    .as_ref()
                    .unwrap_or(&self.options.application_name),
            );
        if self.url.tls.direct {
            config.ssl_negotiation(SslNegotiation::Direct);
        }
        if let Some(password) = self.url.password_for(self.host) {
            config.password(password.reveal());
        }
        let options = self.startup_options();
        if !options.is_empty() {
            config.options(options);
        }
        config
    }

    /// The URL's `options`, then our settings, which win.
    fn startup_options(&self) -> String {
        let mut options = self.url.options.clone().unwrap_or_default();
        for (name, value) in &self.options.settings {
            let value = value.replace('\\', "\\\\").replace(' ', "\\ ");
            let space = if options.is_empty() { "" } else { " " };
            options.push_str(&format!("{space}-c {name}={value}"));
        }
        options
    }
}

fn version(
    connection: &tokio_postgres::Connection<tokio_postgres::Socket, Stream>,
) -> ServerVersion {
    connection
        .parameter("server_version")
        .and_then(ServerVersion::parse)
        .unwrap_or(OLDEST)
}
