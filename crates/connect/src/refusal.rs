//! What a failed attempt means.

use std::error::Error as _;
use std::io;

use rustls::CertificateError;
use tokio_postgres::error::{DbError, SqlState};

use crate::ConnectError;

/// What was tried.
pub(crate) struct Attempt<'a> {
    pub(crate) place: String,
    pub(crate) user: &'a str,
    pub(crate) database: &'a str,
    /// Whether encryption was ruled out, so that a server which insists on it had to refuse.
    pub(crate) without_tls: bool,
}

/// The variant that says what to do.
pub(crate) fn explain(error: tokio_postgres::Error, attempt: &Attempt<'_>) -> ConnectError {
    if let Some(refused) = error.as_db_error() {
        let refused = refused.clone();
        return by_server(error, &refused, attempt);
    }
    let place = attempt.place.clone();
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    // The kinds of this error are not public; what they display as is.
    match error.to_string().as_str() {
        "invalid configuration" if cause.contains("password missing") => {
            ConnectError::PasswordMissing {
                place,
                user: attempt.user.to_owned(),
            }
        }
        "authentication error" | "invalid configuration" => ConnectError::Authentication {
            place,
            reason: cause,
        },
        "error performing TLS handshake" if cause.contains("does not support TLS") => {
            ConnectError::TlsUnsupported { place }
        }
        "error performing TLS handshake" => by_tls(&error, place, cause),
        "error connecting to server" => {
            match error.into_source().map(|it| it.downcast::<io::Error>()) {
                Some(Ok(source)) => ConnectError::Unreachable {
                    place,
                    source: *source,
                },
                Some(Err(other)) => ConnectError::Unreachable {
                    place,
                    source: io::Error::other(other),
                },
                None => ConnectError::Unreachable {
                    place,
                    source: io::Error::other("no reason was given"),
                },
            }
        }
        _ => ConnectError::HungUp {
            place,
            source: error,
        },
    }
}

fn by_server(
    error: tokio_postgres::Error,
    refused: &DbError,
    attempt: &Attempt<'_>,
) -> ConnectError {
    let place = attempt.place.clone();
    let user = attempt.user.to_owned();
    let message = refused.message().to_owned();
    let code = refused.code();
    if attempt.without_tls && demands_tls(&message) {
        return ConnectError::TlsRequired { place, message };
    }
    if *code == SqlState::INVALID_PASSWORD {
        ConnectError::PasswordRejected {
            place,
            user,
            source: error,
        }
    } else if *code == SqlState::INVALID_CATALOG_NAME {
        ConnectError::NoSuchDatabase {
            place,
            database: attempt.database.to_owned(),
        }
    } else if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        // PostgreSQL before 14 has the same code for a role that is missing; only the line that raised it differs.
        && refused.routine() == Some("InitializeSessionUserId")
        && message.contains(&format!("\"{user}\""))
        && refused.hint().is_none()
        && !message.contains("permitted")
    {
        ConnectError::NoSuchRole { place, user }
    } else if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        || *code == SqlState::INSUFFICIENT_PRIVILEGE
    {
        ConnectError::NotAllowed {
            place,
            user,
            message,
        }
    } else if *code == SqlState::TOO_MANY_CONNECTIONS {
        ConnectError::TooManyConnections { place, message }
    } else if *code == SqlState::CANNOT_CONNECT_NOW
        || *code == SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE
    {
        ConnectError::NotReady { place, message }
    } else {
        ConnectError::Refused {
            place,
            sqlstate: code.code().to_owned(),
            message,
        }
    }
}

/// How servers and poolers say that they want TLS. There is no code for it.
fn demands_tls(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    [
        "no encryption",
        "ssl off",
        "ssl connection is required",
        "ssl required",
        "connection is insecure",
    ]
    .iter()
    .any(|it| message.contains(it))
}

fn by_tls(error: &tokio_postgres::Error, place: String, cause: String) -> ConnectError {
    let fault = error.source().and_then(|it| {
        let direct = it.downcast_ref::<rustls::Error>();
        let inner = it.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        direct.or_else(|| inner?.downcast_ref::<rustls::Error>())
    });
    let Some(rustls::Error::InvalidCertificate(fault)) = fault else {
        return ConnectError::TlsFailed {
            place,
            reason: cause,
        };
    };
    let not_trusted = |reason: String| ConnectError::CertificateNotTrusted {
        place: place.clone(),
        reason,
    };
    let wrong_name = |reason: String| ConnectError::CertificateWrongName {
        place: place.clone(),
        reason,
    };
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "not our enum, and it describes itself"
    )]
    match fault {
        CertificateError::NotValidForName => {
            wrong_name("it does not have the name in the URL".to_owned())
        }
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            wrong_name("it names no host (it has no subject alternative name)".to_owned())
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            wrong_name(format!("it is for {}", presented.join(", ")))
        }
        CertificateError::UnknownIssuer => not_trusted("no trusted authority signed it".to_owned()),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            not_trusted("it has expired".to_owned())
        }
        other => not_trusted(other.to_string()),
    }
}

/// How far the attempt came: of several failures the one that came furthest is told.
pub(crate) fn progress(error: &ConnectError) -> u8 {
    match error {
        ConnectError::MalformedUrl { .. }
        | ConnectError::CertificateFile { .. }
        | ConnectError::NoRoots => 0,
        ConnectError::HostNotFound { .. } => 1,
        ConnectError::Unreachable { .. } => 2,
        ConnectError::TimedOut { .. } => 3,
        ConnectError::HungUp { .. } => 4,
        ConnectError::TlsUnsupported { .. }
        | ConnectError::TlsFailed { .. }
        | ConnectError::CertificateNotTrusted { .. }
        | ConnectError::CertificateWrongName { .. } => 5,
        ConnectError::PasswordMissing { .. }
        | ConnectError::PasswordRejected { .. }
        | ConnectError::NotAllowed { .. }
        | ConnectError::NoSuchRole { .. }
        | ConnectError::NoSuchDatabase { .. }
        | ConnectError::TlsRequired { .. }
        | ConnectError::TooManyConnections { .. }
        | ConnectError::NotReady { .. }
        | ConnectError::Refused { .. }
        | ConnectError::Authentication { .. } => 6,
        ConnectError::ServerTooOld { .. }
        | ConnectError::NoSuchSession { .. }
        | ConnectError::Lost { .. } => 7,
    }
}

/// Whether the same attempt might succeed with encryption where there was none, or the other way round.
pub(crate) fn may_differ_by_encryption(error: &ConnectError) -> bool {
    match error {
        ConnectError::TlsRequired { .. }
        | ConnectError::NotAllowed { .. }
        | ConnectError::TlsFailed { .. }
        | ConnectError::CertificateNotTrusted { .. }
        | ConnectError::CertificateWrongName { .. } => true,
        ConnectError::MalformedUrl { .. }
        | ConnectError::CertificateFile { .. }
        | ConnectError::NoRoots
        | ConnectError::HostNotFound { .. }
        | ConnectError::Unreachable { .. }
        | ConnectError::TimedOut { .. }
        | ConnectError::HungUp { .. }
        | ConnectError::PasswordMissing { .. }
        | ConnectError::PasswordRejected { .. }
        | ConnectError::NoSuchRole { .. }
        | ConnectError::NoSuchDatabase { .. }
        | ConnectError::TlsUnsupported { .. }
        | ConnectError::TooManyConnections { .. }
        | ConnectError::NotReady { .. }
        | ConnectError::ServerTooOld { .. }
        | ConnectError::NoSuchSession { .. }
        | ConnectError::Refused { .. }
        | ConnectError::Authentication { .. }
        | ConnectError::Lost { .. } => false,
    }
}
