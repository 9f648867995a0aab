//! What a replay has to say, one code for each kind.

use driftless_finding::{Code, Severity};

/// Every code of this crate.
pub static CODES: &[&Code] = &[&REPLAY_FAILED, &PSQL_COMMAND, &FILE_SKIPPED];

pub(crate) static REPLAY_FAILED: Code = Code {
    name: "replay-failed",
    severity: Severity::Error,
    summary: "a statement fails when the migrations are replayed from the start",
    explanation: "\
A fresh database that runs every migration in order must end up in the recorded state. One statement fails
there: a new environment, a branch or a colleague's machine cannot be built from this history.

The finding has the server's own message and code. Mend the migration that fails if nobody has applied it
yet; otherwise mend it so that it also succeeds from the start (`IF NOT EXISTS`, the right order), because a
database that has it applied does not run it again.",
};

pub(crate) static PSQL_COMMAND: Code = Code {
    name: "psql-command",
    severity: Severity::Info,
    summary: "a line that only psql understands was passed over",
    explanation: "\
`pg_dump` and people write lines such as `\\restrict` or `\\connect` for psql. No server and no migration tool
understands them. The replay goes on behind the line; remove it from a migration.",
};

pub(crate) static FILE_SKIPPED: Code = Code {
    name: "file-skipped",
    severity: Severity::Warning,
    summary: "a file with a failing statement was left out of the replay",
    explanation: "\
With `--replay file` a file that fails is undone as a whole and the replay goes on with the next one. What the
file would have made is missing from the recorded state, so later findings may only follow from this one.",
};
