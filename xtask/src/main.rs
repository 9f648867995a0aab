//! The command line of Driftless.

fn main() {}
