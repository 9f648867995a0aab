//! Where a session is to be had, and of what kind.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use crate::environment::Environment;
use crate::parameter::Parameters;
use crate::{ConnectError, ServerVersion};

/// One place to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A host of a network.
    Tcp {
        /// Its name, or its address in text.
        name: String,
        /// Its address, where the URL says it (`hostaddr`); the name is then not looked up.
        address: Option<IpAddr>,
        /// Its port.
        port: u16,
    },
    /// A Unix-domain socket.
    Unix {
        /// The folder that the socket is in.
        folder: PathBuf,
        /// The port that is part of the socket's name.
        port: u16,
    },
}

impl Host {
    /// The port.
    pub fn port(&self) -> u16 {
        match self {
            Self::Tcp { port, .. } | Self::Unix { port, .. } => *port,
        }
    }

    /// Whether it is this machine, as far as the name tells.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Unix { .. } => true,
            Self::Tcp {
                address: Some(it), ..
            } => it.is_loopback(),
            Self::Tcp { name, .. } => {
                name == "localhost"
                    || name.ends_with(".localhost")
                    || name.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
            }
        }
    }

    /// The name that a password file has it under.
    pub(crate) fn passfile_name(&self) -> String {
        match self {
            Self::Tcp { name, .. } => name.clone(),
            Self::Unix { folder, .. }
                if DEFAULT_FOLDERS.iter().any(|it| folder.as_os_str() == *it) =>
            {
                "localhost".to_owned()
            }
            Self::Unix { folder, .. } => folder.display().to_string(),
        }
    }
}

/// `host:port`, or the path of the socket.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { name, port, .. } if name.contains(':') => write!(f, "[{name}]:{port}"),
            Self::Tcp { name, port, .. } => write!(f, "{name}:{port}"),
            Self::Unix { folder, port } => write!(f, "{}/.s.PGSQL.{port}", folder.display()),
        }
    }
}

/// Where servers put their socket unless told otherwise: Debian and its kin, and everybody else.
const DEFAULT_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// The hosts that `host`, `hostaddr` and `port` list, one for each comma.
pub(crate) fn hosts(
    found: &Parameters,
    environment: &Environment,
) -> Result<Vec<Host>, ConnectError> {
    let list = |name: &str| -> Vec<String> {
        let text = found.value(name, environment).unwrap_or_default();
        match text.is_empty() {
            true => Vec::new(),
            false => text.split(',').map(str::to_owned).collect(),
        }
    };
    let (names, addresses, ports) = (list("host"), list("hostaddr"), list("port"));
    let count = names.len().max(addresses.len()).max(1);
    if (!addresses.is_empty() && !names.is_empty() && addresses.len() != names.len())
        || (ports.len() > 1 && ports.len() != count)
    {
        return Err(ConnectError::malformed(
            "the lists of hosts, addresses and ports differ in length",
            None,
        ));
    }
    (0..count)
        .map(|index| {
            let port = ports
                .get(index)
                .or(ports.first())
                .map_or("", String::as_str);
            let port = parse_port(port).ok_or_else(|| {
                ConnectError::malformed(
                    "a port is not a number from 1 to 65535",
                    found.column("port"),
                )
            })?;
            host(
                names.get(index).map_or("", String::as_str),
                addresses.get(index).map_or("", String::as_str),
                port,
                found,
            )
        })
        .collect()
}

fn host(name: &str, address: &str, port: u16, found: &Parameters) -> Result<Host, ConnectError> {
    let address: Option<IpAddr> = match address {
        "" => None,
        text => Some(text.parse().map_err(|_| {
            ConnectError::malformed("`hostaddr` is not an IP address", found.column("hostaddr"))
        })?),
    };
    match (name, address) {
        ("", Some(address)) => Ok(Host::Tcp {
            name: address.to_string(),
            address: Some(address),
            port,
        }),
        ("", None) => Ok(default_host(port)),
        (name, None) if name.starts_with(['/', '@']) => Ok(Host::Unix {
            folder: PathBuf::from(name),
            port,
        }),
        (name, address) => Ok(Host::Tcp {
            name: name.to_owned(),
            address,
            port,
        }),
    }
}

/// Without a host, the socket of a server on this machine, and where there is none, `localhost`.
fn default_host(port: u16) -> Host {
    let socket = DEFAULT_FOLDERS
        .iter()
        .map(PathBuf::from)
        .find(|folder| cfg!(unix) && folder.join(format!(".s.PGSQL.{port}")).exists());
    match socket {
        Some(folder) => Host::Unix { folder, port },
        None => Host::Tcp {
            name: "localhost".to_owned(),
            address: None,
            port,
        },
    }
}

fn parse_port(text: &str) -> Option<u16> {
    match text {
        "" => Some(5432),
        text => text.parse().ok().filter(|it| *it > 0),
    }
}

/// What kind of session a URL asks for with `target_session_attrs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// Any.
    Any,
    /// One that may write.
    ReadWrite,
    /// One that may not.
    ReadOnly,
    /// One of a server that is not a standby.
    Primary,
    /// One of a server that is.
    Standby,
    /// The same, but if there is none then any.
    PreferStandby,
}

impl SessionKind {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "any" => Self::Any,
            "read-write" => Self::ReadWrite,
            "read-only" => Self::ReadOnly,
            "primary" => Self::Primary,
            "standby" => Self::Standby,
            "prefer-standby" => Self::PreferStandby,
            _ => return None,
        })
    }

    /// As a URL has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::ReadWrite => "read-write",
            Self::ReadOnly => "read-only",
            Self::Primary => "primary",
            Self::Standby => "standby",
            Self::PreferStandby => "prefer-standby",
        }
    }

    /// What to ask of all hosts, one kind after the other.
    pub(crate) fn rounds(self) -> Vec<Self> {
        match self {
            Self::PreferStandby => vec![Self::Standby, Self::Any],
            Self::Any | Self::ReadWrite | Self::ReadOnly | Self::Primary | Self::Standby => {
                vec![self]
            }
        }
    }

    /// The question whose answer `t` makes a session one of this kind.
    pub(crate) fn question(self) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::ReadWrite => Some(
                "SELECT NOT pg_catalog.pg_is_in_recovery() \
                 AND pg_catalog.current_setting('default_transaction_read_only') = 'off'",
            ),
            Self::ReadOnly => Some(
                "SELECT pg_catalog.pg_is_in_recovery() \
                 OR pg_catalog.current_setting('default_transaction_read_only') = 'on'",
            ),
            Self::Primary => Some("SELECT NOT pg_catalog.pg_is_in_recovery()"),
            Self::Standby | Self::PreferStandby => Some("SELECT pg_catalog.pg_is_in_recovery()"),
        }
    }
}

/// The oldest major version that anything here is written for.
pub(crate) const OLDEST: ServerVersion = ServerVersion::of(13, 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_local_whatever_its_name() {
        let tcp = |name: &str| Host::Tcp {
            name: name.into(),
            address: None,
            port: 5432,
        };
        for name in ["localhost", "127.0.0.1", "127.1.2.3", "::1", "db.localhost"] {
            assert!(tcp(name).is_local(), "{name}");
        }
        for name in ["db", "10.0.0.1", "localhost.example.com"] {
            assert!(!tcp(name).is_local(), "{name}");
        }
        let pinned = Host::Tcp {
            name: "localhost".into(),
            address: Some([10, 0, 0, 1].into()),
            port: 5432,
        };
        assert!(!pinned.is_local());
    }
}
