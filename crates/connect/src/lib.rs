//! Connection URLs of every kind to a Postgres session, and errors that say what to do.
//!
//! In: a URL as libpq, psql, Prisma or a hosting provider writes it. Out: a [`Connection`], whose
//! background task ends with it, or a [`ConnectError`] that names what went wrong and has a
//! [`help`](ConnectError::help).
//!
//! Always true: a password appears in no error, no `Debug` and no `Display`; a certificate is verified
//! as `sslmode` says it is; nothing here prints, and no statement is sent to the server except where
//! `target_session_attrs` asks a question of it.
//!
//! TLS is rustls with the `ring` provider, which builds with a C compiler alone. Trusted roots are those
//! of the operating system, not a list compiled in: that is where an administrator adds the certificate
//! authority of a company or of a hosting provider.
//!
//! Follows PostgreSQL, libpq, Connection Strings and SSL Support; and Prisma, PostgreSQL connector,
//! Connection URL.
//!
//! ```no_run
//! use driftless_connect::{ConnectOptions, ConnectUrl, connect};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let url = ConnectUrl::parse("postgresql://app:secret@db.example.com/shop?schema=public&sslmode=verify-full")?;
//! assert_eq!(url.to_string(), "postgresql://app@db.example.com:5432/shop");
//! let connection = connect(&url, &ConnectOptions::default()).await?;
//! let row = connection.query_one("SELECT count(*) FROM orders", &[]).await?;
//! # let _: i64 = row.get(0);
//! connection.close().await;
//! # Ok(())
//! # }
//! ```

mod certificate;
mod connect;
mod connection;
mod environment;
mod error;
mod parameter;
mod password;
mod piece;
mod refusal;
mod target;
mod tls;
mod url;

pub use connect::{ConnectOptions, connect};
pub use connection::{Connection, ServerVersion};
pub use environment::Environment;
pub use error::ConnectError;
pub use target::{Host, SessionKind};
pub use tls::{Encryption, Verification};
pub use url::ConnectUrl;
