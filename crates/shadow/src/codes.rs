//! What a replay has to say, one code for each kind.

use driftless_finding::{Code, Severity};

/// Every code of this crate.
pub static CODES: &[&Code] = &[
    &REPLAY_FAILED,
    &OBJECT_CREATED_LATER,
    &OBJECT_NEVER_CREATED,
    &OBJECT_EXISTS,
    &OTHER_KIND,
    &ROLE_UNKNOWN,
    &EXTENSION_NOT_CREATED,
    &EXTENSION_UNAVAILABLE,
    &EXTENSION_STOOD_IN,
    &FORBIDDEN_SCHEMA,
    &NOT_PERMITTED,
    &ROLE_OUT_OF_REACH,
    &NOT_IMMUTABLE,
    &ENUM_VALUE_TOO_NEW,
    &FUNCTION_NEEDS_DROP,
    &VIEW_NEEDS_DROP,
    &STILL_IN_USE,
    &NEEDS_NO_TRANSACTION,
    &ROWS_DIFFER,
    &SETTING_UNKNOWN,
    &SYNTAX,
    &TRANSACTION_LEFT_OPEN,
    &STATEMENT_PASSED_OVER,
    &PSQL_COMMAND,
    &FILE_SKIPPED,
];

macro_rules! codes {
    ($($constant:ident: $severity:ident, $name:literal, $summary:literal, $explanation:literal;)*) => {
        $(pub(crate) static $constant: Code = Code {
            name: $name,
            severity: Severity::$severity,
            summary: $summary,
            explanation: $explanation,
        };)*
    };
}

codes! {
    REPLAY_FAILED: Error, "replay-failed",
    "a statement fails when the migrations are replayed from the start",
    "\
A fresh database that runs every migration in order must end up in the recorded state. One statement fails
there: a new environment, a branch or a colleague's machine cannot be built from this history.

The finding has the server's own message and SQLSTATE. Mend the migration that fails if nobody has applied it
yet; otherwise mend it so that it also succeeds from the start, because a database that has it applied does not
run it again.";

    OBJECT_CREATED_LATER: Error, "object-created-later",
    "a statement refers to an object that a later statement creates",
    "\
The history works only on a database that had the object for another reason when the migration was applied.
From the start it fails.

Move the statement behind the one that creates the object, or create the object earlier. Give a migration that
has been applied elsewhere a guard such as `IF NOT EXISTS`, so that both orders work.";

    OBJECT_NEVER_CREATED: Error, "object-never-created",
    "a statement refers to an object that no migration creates",
    "\
The object exists where the migration was written: made by hand, in the dashboard, or by a file that is gone. No
other database can be built from this history.

Add a migration before this one that creates the object as it is there.";

    OBJECT_EXISTS: Error, "object-exists",
    "a statement creates an object that is already there",
    "\
Two migrations create the same object, or one creates what a fresh project starts with. Usually one of them was
written for databases that had been changed by hand.

Remove one of the two, or guard it: `IF NOT EXISTS`, `OR REPLACE`, or `DROP … IF EXISTS` before it.";

    OTHER_KIND: Error, "object-of-another-kind",
    "a statement treats an object as what it is not, such as a materialized view as a view",
    "\
`CREATE OR REPLACE VIEW` replaces views, not tables or materialized views; `DROP VIEW` drops no materialized view.
The object was made as another kind earlier in the history.

Drop the earlier object in its own kind first, with whatever depends on it, or choose another name.";

    ROLE_UNKNOWN: Error, "role-unknown",
    "a statement refers to a role that no migration creates",
    "\
Roles belong to a server, not to a database, so a dump or a diff of one database does not bring them along. On a
fresh project only the platform's own roles exist.

Create the role in a migration, with a guard, because `CREATE ROLE` has no `IF NOT EXISTS`:

```sql
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app NOLOGIN; END IF;
END $$;
```";

    EXTENSION_NOT_CREATED: Error, "extension-not-created",
    "a statement uses an extension that has not been created, or that is not on the search path",
    "\
The function, type or operator class comes with an extension. Either no earlier migration creates it, or it is in
a schema (on Supabase usually `extensions`) that is not on the search path here, for example because a dump sets
`search_path` to nothing.

Create the extension in an earlier migration, and write the name with its schema: `extensions.uuid_generate_v4()`.
For new columns `gen_random_uuid()` needs no extension.";

    EXTENSION_UNAVAILABLE: Error, "extension-unavailable",
    "a migration creates an extension that the shadow server does not have, and that has no stand-in",
    "\
The replay cannot go on as the platform would. Use a shadow server that has the extension installed: give its URL,
or install the extension's package beside the local server.";

    EXTENSION_STOOD_IN: Info, "extension-stood-in",
    "a stand-in took the place of an extension that the shadow server lacks",
    "\
The replay went on with a stand-in: a schema, types and functions with the signatures of the extension. What
plain SQL can do, the stand-in does; the rest raises an error when it is called. Objects that use the extension
are compared as usual.

For a replay with the extension itself, use a shadow server that has it installed.";

    FORBIDDEN_SCHEMA: Error, "forbidden-schema",
    "a migration creates or changes an object in a schema that belongs to the platform",
    "\
Hosted Supabase runs migrations as `postgres`, which is no superuser, owns nothing in `auth`, `storage` and
`realtime`, and since 2025-04-21 may not create anything there. References to `auth.users`, triggers on it,
policies on `storage.objects` and `realtime.messages`, and rows in `storage.buckets` are allowed.

Put helper functions into a schema of your own, such as `private`, and call them from there.";

    NOT_PERMITTED: Error, "not-permitted",
    "a migration does what only a superuser, or the owner of an object, may do",
    "\
Migrations run as a role that is no superuser, as on the platform. Something that works on a developer's own
server, where that role is a superuser, fails there.";

    ROLE_OUT_OF_REACH: Error, "role-out-of-reach",
    "a migration changes, or could change, what belongs to others on the shadow server",
    "\
Roles belong to a server, not to a database. On a shadow server that others use too, given by its URL, a replay
makes roles of its own and changes none of theirs, nor their databases and settings. The statement was undone.

Before PostgreSQL 16 whoever may make roles may change all of them that are no superusers. On such a server with
roles of others the migrations do not have this right. Statements that name their roles still run, at the top of a
file and in `DO` blocks (`CREATE ROLE app`, `EXECUTE 'CREATE ROLE app'`), as long as the roles are not those of
others; statements about roles in functions, or put together as they run, fail.

Use a shadow server of its own: the server programs of this machine, the embedded server, or a server without roles
of others. For roles that the migrations make themselves PostgreSQL 16 or newer is enough.";

    NOT_IMMUTABLE: Error, "not-immutable",
    "an index or a generated column uses a function whose result may change",
    "\
What an index holds is computed once, when a row is written. An expression or predicate with `now()`, with a cast
that depends on the time zone, or with a function that is only `STABLE` would be wrong later, so the server
refuses it.

Compare with a constant or a column, keep the value in a column, or use the immutable form (`timezone('UTC', at)`,
`date_trunc` on a timestamp without time zone). Mark a function of your own `IMMUTABLE` only if it is.";

    ENUM_VALUE_TOO_NEW: Error, "enum-value-too-new",
    "a new label of an enum is used in the transaction that adds it",
    "\
A label that `ALTER TYPE … ADD VALUE` adds cannot be used before its transaction has ended, and a migration file is
one transaction.

Split the migration: one file adds the label, the next one uses it.";

    FUNCTION_NEEDS_DROP: Error, "function-needs-drop",
    "`CREATE OR REPLACE FUNCTION` changes what only a new function can change",
    "\
The return type, the names of the arguments and their defaults cannot be taken away or changed in place, because
others may rely on them.

Drop the function first, with its argument types: `DROP FUNCTION IF EXISTS f(integer);`. Policies, triggers and views
that use it have to be dropped before and created again behind it.";

    VIEW_NEEDS_DROP: Error, "view-needs-drop",
    "`CREATE OR REPLACE VIEW` changes or removes a column",
    "\
Replacing a view may add columns at its end and nothing else. Drop the view and create it again; its grants and
what depends on it have to be made again too.";

    STILL_IN_USE: Error, "still-in-use",
    "a statement drops an object that others depend on",
    "\
The server's detail names them. Drop or change them first, in this order, rather than with `CASCADE`, which drops
whatever it finds, on every database a different lot.";

    NEEDS_NO_TRANSACTION: Error, "needs-no-transaction",
    "a statement that cannot run in a transaction stands inside one",
    "\
`CREATE INDEX CONCURRENTLY`, `VACUUM` and a few others refuse to run between `BEGIN` and `COMMIT`.

Give the statement a migration file of its own.";

    ROWS_DIFFER: Error, "rows-differ",
    "a statement fails because of the rows that are there, or are not",
    "\
The replay starts from a database without rows. A statement that inserts, updates or checks rows relied on some
that only the database had that it was written for.

Insert what the statement needs before it, or write it so that it holds for no rows too.";

    SETTING_UNKNOWN: Error, "setting-unknown",
    "a migration changes a setting that the server does not know",
    "\
A dump by a newer `pg_dump` starts with settings of its own version (`SET transaction_timeout = 0` since 17), which
an older server refuses.

Remove the line, or use a shadow of the version that the project runs.";

    SYNTAX: Error, "syntax-error",
    "a statement is no SQL that the server understands",
    "\
Look at the place that the finding points at and at the end of the statement before it: a missing comma or
semicolon shows only at the next word. Newer syntax needs a shadow of that version.";

    TRANSACTION_LEFT_OPEN: Warning, "transaction-left-open",
    "a migration file begins a transaction and does not end it",
    "\
What follows the last `BEGIN` comes to nothing when the session ends. Add `COMMIT;` at the end, or leave `BEGIN` out:
a migration file runs in a transaction anyway.";

    STATEMENT_PASSED_OVER: Info, "statement-passed-over",
    "a statement that reaches beyond its database was not replayed",
    "\
A throwaway server must not connect to others, and what is said about a whole server (`ALTER SYSTEM`,
`CREATE DATABASE`, tablespaces) says nothing about the schema. Such statements are left out of the replay and of
every comparison.";

    PSQL_COMMAND: Info, "psql-command",
    "a line that only psql understands was passed over",
    "\
`pg_dump` and people write lines such as `\\restrict` or `\\connect` for psql. No server and no migration tool
understands them. The replay goes on behind the line; remove it from a migration. A file that `\\i` names is not
read.";

    FILE_SKIPPED: Warning, "file-skipped",
    "a file with a failing statement was left out of the replay",
    "\
With `--replay file` a file that fails is undone as a whole and the replay goes on with the next one. What the file
would have made is missing from the recorded state, so later findings may only follow from this one.";
}
