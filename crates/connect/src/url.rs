//! A connection string, understood.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::config::ChannelBinding;

use crate::parameter::Parameters;
use crate::password::{self, Login, Password};
use crate::target::{self, Host, SessionKind};
use crate::tls::{Encryption, TlsOptions, Verification};
use crate::{ConnectError, Environment};

/// A connection string, understood: where to connect, as whom, and how.
///
/// It displays as `postgresql://user@host:port/database`, never with a password, and so does its `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectUrl {
    pub(crate) hosts: Vec<Host>,
    pub(crate) user: String,
    pub(crate) password: Option<Password>,
    /// Where to look for a password if there is none.
    passfile: Option<PathBuf>,
    pub(crate) database: String,
    pub(crate) tls: TlsOptions,
    pub(crate) channel_binding: ChannelBinding,
    /// `None` inside `Some` waits for ever.
    pub(crate) timeout: Option<Option<Duration>>,
    pub(crate) application_name: Option<String>,
    pub(crate) options: Option<String>,
    pub(crate) session: SessionKind,
    schema: Option<String>,
    ignored: Vec<String>,
}

impl ConnectUrl {
    /// Understands `postgresql://…`, `postgres://…` and `host=… dbname=…`; what the text leaves out comes
    /// from this process's environment (`PGPASSWORD`, `PGSSLMODE`, `~/.pgpass`, …) as for libpq.
    ///
    /// # Errors
    /// [`ConnectError::MalformedUrl`].
    pub fn parse(text: &str) -> Result<Self, ConnectError> {
        Self::parse_in(text, &Environment::current())
    }

    /// The same with a given environment.
    ///
    /// # Errors
    /// [`ConnectError::MalformedUrl`].
    pub fn parse_in(text: &str, environment: &Environment) -> Result<Self, ConnectError> {
        let found = Parameters::parse(text.trim())?;
        let value = |name: &str| found.value(name, environment);
        let owned = |name: &str| value(name).map(str::to_owned);
        let wrong = |name: &str, wanted: &str| {
            ConnectError::malformed(format!("`{name}` is not {wanted}"), found.column(name))
        };
        let user = value("user")
            .or_else(|| environment.user())
            .unwrap_or("postgres");
        let timeout = match value("connect_timeout").map(str::parse::<u64>) {
            None => None,
            Some(Ok(0)) => Some(None),
            Some(Ok(seconds)) => Some(Some(Duration::from_secs(seconds))),
            Some(Err(_)) => return Err(wrong("connect_timeout", "a number of seconds")),
        };
        let channel_binding = match value("channel_binding").unwrap_or("prefer") {
            "disable" => ChannelBinding::Disable,
            "prefer" => ChannelBinding::Prefer,
            "require" => ChannelBinding::Require,
            _ => {
                return Err(wrong(
                    "channel_binding",
                    "one of disable, prefer and require",
                ));
            }
        };
        let session = SessionKind::parse(value("target_session_attrs").unwrap_or("any"))
            .ok_or_else(|| {
                let kinds =
                    "one of any, read-write, read-only, primary, standby and prefer-standby";
                wrong("target_session_attrs", kinds)
            })?;
        Ok(Self {
            hosts: target::hosts(&found, environment)?,
            user: user.to_owned(),
            password: value("password").map(Password::new),
            passfile: value("passfile")
                .map(PathBuf::from)
                .or_else(|| environment.home_file(".pgpass")),
            database: value("dbname").unwrap_or(user).to_owned(),
            tls: TlsOptions::read(&found, environment)?,
            channel_binding,
            timeout,
            application_name: owned("application_name"),
            options: owned("options"),
            session,
            schema: owned("schema"),
            ignored: found.ignored(),
        })
    }

    /// A server's socket in `folder`, as `user` without a password.
    pub fn socket(folder: impl Into<PathBuf>, port: u16, user: &str, database: &str) -> Self {
        Self {
            hosts: vec![Host::Unix {
                folder: folder.into(),
                port,
            }],
            user: user.to_owned(),
            password: None,
            passfile: None,
            database: database.to_owned(),
            tls: TlsOptions::none(),
            channel_binding: ChannelBinding::Prefer,
            timeout: None,
            application_name: None,
            options: None,
            session: SessionKind::Any,
            schema: None,
            ignored: Vec::new(),
        }
    }

    /// The same server and login, another database.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        Self {
            database: database.to_owned(),
            ..self.clone()
        }
    }

    /// The hosts in the order in which they are tried. Never empty.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// Who logs in.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The schema that Prisma's parameter `schema` names.
    pub fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// When the session is encrypted. A session through a socket never is.
    pub fn encryption(&self) -> Encryption {
        self.tls.encryption
    }

    /// What of the server's certificate is verified.
    pub fn verification(&self) -> Verification {
        self.tls.verification
    }

    /// The parameters that mean nothing here, sorted: those of poolers, of Prisma's engine, and unknown ones.
    pub fn ignored_parameters(&self) -> &[String] {
        &self.ignored
    }

    /// Whether every host is this machine, as far as names tell.
    pub fn is_local(&self) -> bool {
        self.hosts.iter().all(Host::is_local)
    }

    /// The password for `host`: the URL's own, or that of the password file.
    pub(crate) fn password_for(&self, host: &Host) -> Option<Password> {
        let from_file = || {
            let login = Login {
                host: &host.passfile_name(),
                port: host.port(),
                database: &self.database,
                user: &self.user,
            };
            password::from_file(self.passfile.as_deref()?, &login)
        };
        self.password.clone().or_else(from_file)
    }
}

impl fmt::Display for ConnectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgresql://{}@", self.user)?;
        for (index, host) in self.hosts.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{host}")?;
        }
        write!(f, "/{}", self.database)
    }
}

impl fmt::Debug for ConnectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectUrl({self})")
    }
}
