use driftless_finding::{Code, Severity};

/// The codes of this crate's findings.
pub const CODES: &[&Code] = &[
    &NO_MIGRATIONS,
    &MIGRATION_UNREADABLE,
    &MIGRATION_NAME,
    &DUPLICATE_VERSION,
];

pub(crate) static NO_MIGRATIONS: Code = Code {
    name: "no-migrations",
    severity: Severity::Warning,
    summary: "a folder of migrations holds none",
    explanation: "The folder is there, and no file in it is a migration: `YYYYMMDDHHMMSS_name.sql`, `NNN_name.sql` or \
`NAME/migration.sql`. The recorded state is then that of an empty database, and everything in the Prisma schema is unmigrated.\n\n\
If the migrations are elsewhere, name their folder in `driftless.toml`, `[supabase] migrations`.",
};

pub(crate) static MIGRATION_UNREADABLE: Code = Code {
    name: "migration-unreadable",
    severity: Severity::Error,
    summary: "a migration is not a file of UTF-8 text",
    explanation: "PostgreSQL is sent migrations as UTF-8. A file in another encoding, such as Latin-1, would either be refused or \
put wrong characters into the database; a file with a zero byte is no text at all. A pipe or a device is not read, \
because it may never end, and neither is a file of more than 1 GiB.\n\n\
Save the file as UTF-8: `iconv -f LATIN1 -t UTF-8 old.sql > new.sql`.",
};

pub(crate) static MIGRATION_NAME: Code = Code {
    name: "migration-name",
    severity: Severity::Warning,
    summary: "an SQL file in a folder of migrations is not named like one",
    explanation: "A migration's name starts with digits and an underscore, which order it among the others: \
`20240131120000_add_users.sql`. The Supabase CLI skips a file with any other name, and so does Driftless: what is in it \
is not part of the recorded state.\n\nRename the file, or move it out of the folder.",
};

pub(crate) static DUPLICATE_VERSION: Code = Code {
    name: "duplicate-version",
    severity: Severity::Error,
    summary: "two migrations have the same version",
    explanation: "The history of a database knows a migration by its version, the digits in front of its name. Of two files with \
the same version only one can be recorded: the other is either never applied or applied again and again.\n\n\
Give one of them a later version.",
};
