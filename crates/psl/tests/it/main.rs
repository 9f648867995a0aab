//! What this crate says of schemas, compared with what is written down, and with what Prisma says.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod codes;
mod describe;
mod fixtures;
mod format;
mod guide;
mod hostile;
#[path = "../../../../fuzz/laws.rs"]
mod laws;
mod mistakes;
mod mutations;
mod prisma;
mod properties;
mod support;
