//! Replays on real servers.
//!
//! Without a server the tests say that they were skipped; with `DRIFTLESS_REQUIRE_POSTGRES=1` they fail.
//! `DRIFTLESS_TEST_PG_BINDIRS`, folders of server programs separated by colons, adds more servers.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests are tests"
)]

mod bench;
#[cfg(target_os = "linux")]
mod crash;
mod provenance;
mod remote;
mod replay;
mod servers;
mod starting;
