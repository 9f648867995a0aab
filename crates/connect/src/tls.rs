//! TLS for a session: when to ask for it, whom to trust, and the handshake.

mod config;
mod stream;
mod verifier;

pub(crate) use config::Connector;
pub(crate) use stream::Stream;

use std::path::PathBuf;

use crate::ConnectError;
use crate::environment::Environment;
use crate::parameter::Parameters;

/// When a session is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// Never.
    Disable,
    /// Where the server insists.
    Allow,
    /// Where the server can.
    Prefer,
    /// Always.
    Require,
}

/// What of a server's certificate is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// Nothing: it keeps eavesdroppers out, not impostors.
    None,
    /// That a trusted authority signed it.
    Authority,
    /// That, and that it is for the host that was asked for.
    AuthorityAndName,
}

/// All that a URL says about TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TlsOptions {
    pub(crate) encryption: Encryption,
    pub(crate) verification: Verification,
    pub(crate) roots: Roots,
    /// Certificate and key to show to the server.
    pub(crate) identity: Option<(PathBuf, PathBuf)>,
    pub(crate) server_name: bool,
    pub(crate) only_1_3: bool,
    /// TLS from the first byte on, as PostgreSQL 17 and newer can.
    pub(crate) direct: bool,
}

/// Which authorities are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Roots {
    /// Those of the operating system.
    System,
    /// Those of a PEM file.
    File(PathBuf),
}

impl TlsOptions {
    /// No TLS at all.
    pub(crate) fn none() -> Self {
        Self {
            encryption: Encryption::Disable,
            verification: Verification::None,
            roots: Roots::System,
            identity: None,
            server_name: true,
            only_1_3: false,
            direct: false,
        }
    }

    /// Follows PostgreSQL, libpq, SSL Support; where Prisma's parameters differ, Prisma's documentation.
    pub(crate) fn read(
        found: &Parameters,
        environment: &Environment,
    ) -> Result<Self, ConnectError> {
        let value = |name: &str| found.value(name, environment);
        let wrong = |name: &str, wanted: &str| {
            ConnectError::malformed(
                format!("`{name}` is not one of {wanted}"),
                found.column(name),
            )
        };
        let (encryption, mut verification) = match value("sslmode").unwrap_or("prefer") {
            "disable" => (Encryption::Disable, Verification::None),
            "allow" => (Encryption::Allow, Verification::None),
            "prefer" => (Encryption::Prefer, Verification::None),
            "require" | "no-verify" => (Encryption::Require, Verification::None),
            "verify-ca" => (Encryption::Require, Verification::Authority),
            "verify-full" => (Encryption::Require, Verification::AuthorityAndName),
            _ => {
                let modes = "disable, allow, prefer, require, verify-ca and verify-full";
                return Err(wrong("sslmode", modes));
            }
        };
        let files = Files::read(found, environment);
        let mut roots = Roots::System;
        if value("sslrootcert") == Some("system") {
            if verification != Verification::AuthorityAndName && found.own("sslmode").is_some() {
                let reason = "`sslrootcert=system` demands sslmode=verify-full";
                return Err(ConnectError::malformed(reason, found.column("sslrootcert")));
            }
            verification = Verification::AuthorityAndName;
        } else if let Some(file) = files.roots {
            // libpq verifies against a file of authorities wherever there is one, whatever the mode.
            if verification == Verification::None {
                verification = Verification::Authority;
            }
            roots = Roots::File(file);
        }
        match value("sslaccept") {
            Some("strict") => verification = Verification::AuthorityAndName,
            Some("accept_invalid_certs") => verification = Verification::None,
            None => {}
            Some(_) => return Err(wrong("sslaccept", "strict and accept_invalid_certs")),
        }
        let encryption = match value("sslrootcert") {
            Some("system") => Encryption::Require,
            _ => encryption,
        };
        let direct = match value("sslnegotiation").unwrap_or("postgres") {
            "postgres" => false,
            "direct" if encryption == Encryption::Require => true,
            "direct" => {
                let reason = "`sslnegotiation=direct` demands sslmode=require or better";
                return Err(ConnectError::malformed(
                    reason,
                    found.column("sslnegotiation"),
                ));
            }
            _ => return Err(wrong("sslnegotiation", "postgres and direct")),
        };
        Ok(Self {
            encryption,
            verification,
            roots,
            identity: files.identity,
            server_name: value("sslsni") != Some("0"),
            only_1_3: value("ssl_min_protocol_version") == Some("TLSv1.3"),
            direct,
        })
    }
}

/// The files that a URL or libpq's folder has for TLS.
struct Files {
    roots: Option<PathBuf>,
    identity: Option<(PathBuf, PathBuf)>,
}

impl Files {
    fn read(found: &Parameters, environment: &Environment) -> Self {
        let named = |name: &str| found.value(name, environment).map(PathBuf::from);
        let usual = |path: &str| environment.home_file(path).filter(|it| it.is_file());
        let (certificate, key) = (named("sslcert"), named("sslkey"));
        // For libpq `sslcert` is what the client shows, for Prisma it is whom the client trusts. Only
        // the first comes with a key.
        let prisma_root = match key {
            None => certificate.clone(),
            Some(_) => None,
        };
        let identity = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => {
                usual(".postgresql/postgresql.crt").zip(usual(".postgresql/postgresql.key"))
            }
            (Some(_), None) | (None, Some(_)) => None,
        };
        Self {
            roots: named("sslrootcert")
                .or(prisma_root)
                .or_else(|| usual(".postgresql/root.crt")),
            identity,
        }
    }
}
