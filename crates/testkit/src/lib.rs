//! Postgres servers and large schemas for tests.
//!
//! [`TestServer`] starts a real server from the programs of this machine, with settings, access rules and
//! files of the test's own; it ends with the test, however that ends. [`server_programs`] are all the servers
//! to test on: the newest that is installed, and those that `DRIFTLESS_TEST_PG_BINDIRS` names.
//!
//! [`related_models`] is a Prisma schema of any size.
//!
//! Always true: nothing is shared between two servers; nothing is left behind; a test that finds no server
//! says that it was skipped, or fails if `DRIFTLESS_REQUIRE_POSTGRES` is `1`.
//!
//! ```
//! use driftless_testkit::{ServerOptions, TestServer};
//!
//! if let Some(server) = TestServer::available(&ServerOptions::default()) {
//!     assert!(server.socket_url("postgres", "postgres").starts_with("postgresql://postgres@/postgres?host="));
//! }
//! ```
#![cfg(unix)]

mod account;
mod error;
mod programs;
mod schemas;
mod server;

pub use error::TestServerError;
pub use programs::{on_path, server_programs};
pub use schemas::related_models;
pub use server::{ServerOptions, TestServer};
