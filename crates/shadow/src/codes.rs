//! What a replay has to say, one code for each kind.

use driftless_finding::{Code, Severity};

/// Every code of this crate.
pub static CODES: &[&Code] = &[
    &REPLAY_FAILED,
    &EXTENSION_STOOD_IN,
    &STATEMENT_PASSED_OVER,
    &PSQL_COMMAND,
    &FILE_SKIPPED,
];

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

pub(crate) static EXTENSION_STOOD_IN: Code = Code {
    name: "extension-stood-in",
    severity: Severity::Info,
    summary: "a stand-in took the place of an extension that the shadow server lacks",
    explanation: "\
The replay went on with a stand-in: a schema, types and functions with the signatures of the extension. What
plain SQL can do, the stand-in does; the rest raises an error when it is called. Objects that use the extension
are compared as usual.

For a replay with the extension itself, use a shadow server that has it installed.",
};

pub(crate) static STATEMENT_PASSED_OVER: Code = Code {
    name: "statement-passed-over",
    severity: Severity::Info,
    summary: "a statement that reaches beyond its database was not replayed",
    explanation: "\
A throwaway server must not connect to others, and what is said about a whole server (`ALTER SYSTEM`,
`CREATE DATABASE`, tablespaces) says nothing about the schema. Such statements are left out of the replay and of
every comparison.",
};
