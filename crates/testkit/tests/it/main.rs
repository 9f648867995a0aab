//! The laws of the house, on real servers: what we print is what Prisma prints, and once it is applied there
//! is no drift.
//!
//! Without a server the tests say that they were skipped; with `DRIFTLESS_REQUIRE_POSTGRES=1` they fail.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod bench;
mod changes;
mod data_loss;
mod ddl;
mod fixtures;
mod generated_states;
mod in_the_way;
mod locks;
mod no_drift;
mod plans;
mod pull;
mod random;
mod round_trips;
mod versions;
