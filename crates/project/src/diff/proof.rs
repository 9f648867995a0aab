//! What a certificate comes to, as findings.

use driftless_finding::{Code, Finding, Severity};

use crate::{Certificate, Check};

/// The codes of these findings.
pub(crate) const CODES: &[&Code] = &[&PROOF_FAILED, &NOT_PROVED];

static PROOF_FAILED: Code = Code {
    name: "proof-failed",
    severity: Severity::Error,
    summary: "the script does not do what it should on a throwaway database",
    explanation: "With `--prove` the script is run on a throwaway Postgres in the state before, with rows in its tables. It has to run, \
to lead to the state after, to our own eyes and to those of `pg_dump`, to keep the data that it is said to keep and to take no \
stronger locks than it is said to; and the way back has to lead back. Something of that is not so, and the script is not given.\n\n\
A script that fails over its rows says so as a hazard; it is tried again without rows in that table. What is left is a fault of \
Driftless, or a state that hangs on what a throwaway server has not, such as an extension.",
};

static NOT_PROVED: Code = Code {
    name: "not-proved",
    severity: Severity::Warning,
    summary: "the script could not be tried",
    explanation: "With `--prove` both states are made on a throwaway Postgres before the script is tried there. That was not possible: the \
server lacks an extension or a role that the states need, say. The script is given all the same, and nobody has seen it run.\n\n\
Give a server that has what is needed with `--shadow`.",
};

pub(super) fn findings(certificate: &Certificate) -> Vec<Finding> {
    let told = |it: &Check| {
        let message = format!("{}: {}", it.name, it.detail);
        Finding::new(&PROOF_FAILED, message).note(format!("tried on {}", certificate.server))
    };
    let mut found: Vec<Finding> = certificate.failures().map(told).collect();
    if found.is_empty() && !certificate.holds() {
        let why: Vec<String> = certificate
            .checks
            .iter()
            .map(|it| it.detail.clone())
            .collect();
        let finding = Finding::new(&NOT_PROVED, "the script could not be tried");
        found.push(finding.note(why.join("; ")));
    }
    found
}
