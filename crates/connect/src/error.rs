//! What can stand between a URL and a session.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::ServerVersion;

/// Why there is no connection. For every variant [`help`](Self::help) says what to do.
///
/// All of them are of one class: no database, or it refused. None of them holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The text is no connection string that this crate, libpq or Prisma would understand.
    #[error("malformed connection URL: {reason}{}", place(.column))]
    MalformedUrl {
        /// What is wrong, without repeating anything that may be part of a password.
        reason: String,
        /// Where, in characters from 1, if one place is to blame.
        column: Option<usize>,
    },

    /// A certificate or key that the URL names cannot be used.
    #[error("cannot use `{}`, the {what}: {reason}", path.display())]
    CertificateFile {
        /// What it is for.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },

    /// No certificate authority is known to verify the server with.
    #[error("no trusted certificate authority was found on this system")]
    NoRoots,

    /// The name of the host does not resolve.
    #[error("host `{host}` was not found")]
    HostNotFound {
        /// As the URL has it.
        host: String,
        /// What the resolver said.
        #[source]
        source: io::Error,
    },

    /// Nothing listens there, or no way leads there.
    #[error("cannot reach {place}: {source}")]
    Unreachable {
        /// Host and port, or the path of the socket.
        place: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },

    /// Somebody is there but did not finish the handshake in time, or nobody answered at all.
    #[error("{place} did not answer within {after:?}")]
    TimedOut {
        /// Host and port, or the path of the socket.
        place: String,
        /// How long was waited.
        after: Duration,
    },

    /// The other side closed the connection before the session began, or speaks another protocol.
    #[error("{place} closed the connection during the handshake")]
    HungUp {
        /// Host and port, or the path of the socket.
        place: String,
        /// What the client made of it.
        #[source]
        source: tokio_postgres::Error,
    },

    /// The server asks for a password and there is none.
    #[error("{place} asks user `{user}` for a password, and none was given")]
    PasswordMissing {
        /// Host and port, or the path of the socket.
        place: String,
        /// Who wanted to log in.
        user: String,
    },

    /// The password is wrong, or the user is unknown: a server does not tell these apart.
    #[error("{place} does not accept the password of user `{user}`")]
    PasswordRejected {
        /// Host and port, or the path of the socket.
        place: String,
        /// Who wanted to log in.
        user: String,
        /// What the server said.
        #[source]
        source: tokio_postgres::Error,
    },

    /// The server lets nobody in from here as this user to this database.
    #[error("{place} refuses user `{user}`: {message}")]
    NotAllowed {
        /// Host and port, or the path of the socket.
        place: String,
        /// Who wanted to log in.
        user: String,
        /// What the server said.
        message: String,
    },

    /// There is no such role.
    #[error("{place} has no role `{user}`")]
    NoSuchRole {
        /// Host and port, or the path of the socket.
        place: String,
        /// Who wanted to log in.
        user: String,
    },

    /// There is no such database.
    #[error("{place} has no database `{database}`")]
    NoSuchDatabase {
        /// Host and port, or the path of the socket.
        place: String,
        /// The database of the URL.
        database: String,
    },

    /// The server accepts encrypted connections only, and the URL rules them out.
    #[error("{place} accepts encrypted connections only")]
    TlsRequired {
        /// Host and port.
        place: String,
        /// What the server said.
        message: String,
    },

    /// The URL demands encryption, and the server has none.
    #[error("{place} does not support TLS, and the URL demands it")]
    TlsUnsupported {
        /// Host and port.
        place: String,
    },

    /// The server's certificate does not lead to a trusted authority, or is not valid now.
    #[error("the certificate of {place} is not trusted: {reason}")]
    CertificateNotTrusted {
        /// Host and port.
        place: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The certificate is good, but for another host.
    #[error("the certificate of {place} is for another host: {reason}")]
    CertificateWrongName {
        /// Host and port.
        place: String,
        /// What it is for.
        reason: String,
    },

    /// The TLS handshake failed for another reason.
    #[error("no encrypted connection to {place}: {reason}")]
    TlsFailed {
        /// Host and port.
        place: String,
        /// What went wrong.
        reason: String,
    },

    /// The server, or the database, or the role, has no connection left.
    #[error("{place} has too many connections: {message}")]
    TooManyConnections {
        /// Host and port, or the path of the socket.
        place: String,
        /// What the server said.
        message: String,
    },

    /// The server is there but starts up, shuts down, recovers, or does not allow connections.
    #[error("{place} takes no connections now: {message}")]
    NotReady {
        /// Host and port, or the path of the socket.
        place: String,
        /// What the server said.
        message: String,
    },

    /// The server is older than PostgreSQL 13.
    #[error("{place} runs PostgreSQL {version}; 13 is the oldest that is supported")]
    ServerTooOld {
        /// Host and port, or the path of the socket.
        place: String,
        /// What it runs.
        version: ServerVersion,
    },

    /// Every host was reached, and none is of the kind that `target_session_attrs` asks for.
    #[error("no host accepts {wanted} sessions: the last one tried was {place}")]
    NoSuchSession {
        /// Host and port, or the path of the socket.
        place: String,
        /// What the URL asks for.
        wanted: &'static str,
    },

    /// The server refuses for a reason of its own.
    #[error("{place} refuses the connection: {message} (SQLSTATE {sqlstate})")]
    Refused {
        /// Host and port, or the path of the socket.
        place: String,
        /// The server's code.
        sqlstate: String,
        /// What the server said.
        message: String,
    },

    /// The authentication failed on this side: the server asks for a method that is not supported, or
    /// channel binding is demanded and cannot be had.
    #[error("cannot authenticate with {place}: {reason}")]
    Authentication {
        /// Host and port, or the path of the socket.
        place: String,
        /// What went wrong.
        reason: String,
    },

    /// A connection that had been there is gone.
    #[error("the connection to {place} was lost: {reason}")]
    Lost {
        /// Host and port, or the path of the socket.
        place: String,
        /// What the server said last, or what the operating system said.
        reason: String,
    },
}

fn place(column: &Option<usize>) -> String {
    column.map_or_else(String::new, |column| format!(" (at character {column})"))
}

impl ConnectError {
    pub(crate) fn malformed(reason: impl Into<String>, column: impl Into<Option<usize>>) -> Self {
        Self::MalformedUrl {
            reason: reason.into(),
            column: column.into(),
        }
    }

    /// What to do about it. Short, starts with a verb.
    pub fn help(&self) -> String {
        match self {
            Self::MalformedUrl { .. } => {
                "write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters in \
                 the password percent-encoded (`@` as %40, `/` as %2F, `:` as %3A, `?` as %3F, `%` as %25)"
                    .to_owned()
            }
            Self::CertificateFile { .. } => {
                "name a PEM file that can be read in `sslrootcert`, `sslcert` or `sslkey`".to_owned()
            }
            Self::NoRoots => {
                "install the system's certificate authorities (the package is often called \
                 ca-certificates), or name the authority's file in `sslrootcert`"
                    .to_owned()
            }
            Self::HostNotFound { host, .. } if host.ends_with(".supabase.co") => {
                "check the project reference in the host name, and that the project is not paused; a \
                 direct host has an IPv6 address only, so without IPv6 use the host of the session pooler"
                    .to_owned()
            }
            Self::HostNotFound { .. } => {
                "check the spelling of the host, and the network or VPN that knows it".to_owned()
            }
            Self::Unreachable { place, .. } if place.contains(".supabase.co:") => {
                "check that the network has IPv6: a project's direct host has no other address; without \
                 it use the host of the session pooler (…pooler.supabase.com:5432)"
                    .to_owned()
            }
            Self::Unreachable { place, .. } if place.starts_with('/') => {
                "start the server, or name the folder of its socket (`SHOW unix_socket_directories`)"
                    .to_owned()
            }
            Self::Unreachable { .. } => {
                "start the server, or check host, port and firewall".to_owned()
            }
            Self::TimedOut { .. } => {
                "check host, port and firewall; a server that is merely slow needs a longer \
                 `connect_timeout` (in seconds) in the URL"
                    .to_owned()
            }
            Self::HungUp { .. } => {
                "check that a PostgreSQL server, and nothing else, listens on this port; its log says why \
                 it hung up"
                    .to_owned()
            }
            Self::PasswordMissing { .. } => {
                "put the password into the URL, into PGPASSWORD, or into ~/.pgpass (readable by you alone)"
                    .to_owned()
            }
            Self::PasswordRejected { user, .. } if user.contains('.') => {
                "check the password, and that the part of the user name behind the point is the project \
                 reference; special characters in a URL have to be percent-encoded"
                    .to_owned()
            }
            Self::PasswordRejected { .. } => {
                "check user and password; special characters in a URL have to be percent-encoded".to_owned()
            }
            Self::NotAllowed { .. } => {
                "allow this user, database and address in the server's pg_hba.conf, or log in as another \
                 user"
                    .to_owned()
            }
            Self::NoSuchRole { .. } => "check the user name, or create the role".to_owned(),
            Self::NoSuchDatabase { .. } => {
                "check the database name behind the last `/`, or create the database".to_owned()
            }
            Self::TlsRequired { .. } => "set sslmode=require, or better verify-full, in the URL".to_owned(),
            Self::TlsUnsupported { .. } => {
                "switch `ssl` on at the server; only if the network in between is trusted, use \
                 sslmode=disable"
                    .to_owned()
            }
            Self::CertificateNotTrusted { place, .. } if place.contains(".supabase.") => {
                "download the project's certificate (Database settings, SSL configuration) and name the \
                 file in `sslrootcert`"
                    .to_owned()
            }
            Self::CertificateNotTrusted { .. } => {
                "name the file of the authority that signed the certificate in `sslrootcert`; sslmode=require \
                 without it encrypts but does not verify"
                    .to_owned()
            }
            Self::CertificateWrongName { .. } => {
                "connect by a name that the certificate has; sslmode=verify-ca accepts any name".to_owned()
            }
            Self::TlsFailed { .. } => {
                "check that the server offers TLS 1.2 or newer, and that a client certificate, if it asks \
                 for one, is named in `sslcert` and `sslkey`"
                    .to_owned()
            }
            Self::TooManyConnections { .. } => {
                "wait, close idle connections, or connect through a session pooler".to_owned()
            }
            Self::NotReady { .. } => "wait until the server is up and try again".to_owned(),
            Self::ServerTooOld { .. } => "upgrade the server to PostgreSQL 13 or newer".to_owned(),
            Self::NoSuchSession { .. } => {
                "check the hosts of the URL, or change `target_session_attrs`".to_owned()
            }
            Self::Refused { message, .. } if message.contains("Tenant or user not found") => {
                "check the user name (postgres.PROJECT_REF) and the region in the pooler's host name"
                    .to_owned()
            }
            Self::Refused { .. } => "see the server's log for the reason".to_owned(),
            Self::Authentication { .. } => {
                "use a password with SCRAM-SHA-256 or MD5, a client certificate, or trust; with \
                 channel_binding=require the connection has to be encrypted"
                    .to_owned()
            }
            Self::Lost { .. } => "check that the server is still up, and try again".to_owned(),
        }
    }
}
