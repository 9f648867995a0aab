//! The codes of what a script may cost.

use driftless_finding::{Code, Severity};
use driftless_sql::Hazard;

use super::rename::RENAMED;

/// Every code.
pub(crate) const CODES: &[&Code] = &[
    &TABLE_DROPPED,
    &COLUMN_DROPPED,
    &COLUMN_MADE_AGAIN,
    &REQUIRED_COLUMN_ADDED,
    &COLUMN_MADE_REQUIRED,
    &VALUES_CAST,
    &UNIQUE_KEY_ADDED,
    &PRIMARY_KEY_ADDED,
    &PRIMARY_KEY_DROPPED,
    &CONSTRAINT_ADDED,
    &ENUM_VALUES_REMOVED,
    &DATA_DELETED,
    &IN_THE_WAY,
    &WRITTEN_BY_HAND,
];

/// The kind of finding that a hazard is; `None` for kinds that this crate does not know.
pub(super) fn code(hazard: &Hazard) -> Option<&'static Code> {
    Some(match hazard {
        Hazard::DropsTable { .. } => &TABLE_DROPPED,
        Hazard::DropsColumn { .. } => &COLUMN_DROPPED,
        Hazard::RemakesColumn { .. } => &COLUMN_MADE_AGAIN,
        Hazard::AddsRequiredColumn { .. } => &REQUIRED_COLUMN_ADDED,
        Hazard::RequiresValues { .. } => &COLUMN_MADE_REQUIRED,
        Hazard::CastsValues { .. } => &VALUES_CAST,
        Hazard::AddsUnique { .. } => &UNIQUE_KEY_ADDED,
        Hazard::AddsPrimaryKey { .. } => &PRIMARY_KEY_ADDED,
        Hazard::DropsPrimaryKey { .. } => &PRIMARY_KEY_DROPPED,
        Hazard::AddsConstraint { .. } | Hazard::FitsNoPartition { .. } => &CONSTRAINT_ADDED,
        Hazard::RemovesLabels { .. } => &ENUM_VALUES_REMOVED,
        Hazard::Deletes { .. } => &DATA_DELETED,
        Hazard::StandsInTheWay { .. } => &IN_THE_WAY,
        Hazard::RenamesObject { .. } => &RENAMED,
        Hazard::Unmodelled { .. } => &WRITTEN_BY_HAND,
        _ => return None,
    })
}

/// What to do about it.
pub(super) fn help(hazard: &Hazard) -> Option<&'static str> {
    let help = match hazard {
        Hazard::AddsRequiredColumn { .. } | Hazard::RemakesColumn { required: true, .. } => {
            "give it a default, or add it as optional, fill it in, and make it required then"
        }
        Hazard::RemakesColumn { .. } => {
            "keep the values by hand: add a new column, fill it in from the old one, then drop that"
        }
        Hazard::RequiresValues { .. } => "fill in the rows that have NULL first",
        Hazard::RemovesLabels { .. } => "give those rows another value first",
        Hazard::FitsNoPartition { .. } => "give the table a default partition",
        Hazard::StandsInTheWay { .. } => "drop it or change it first",
        Hazard::DropsPrimaryKey { replaced: true, .. } => "run the script as one transaction",
        Hazard::DropsTable { .. }
        | Hazard::DropsColumn { .. }
        | Hazard::CastsValues { .. }
        | Hazard::AddsUnique { .. }
        | Hazard::AddsPrimaryKey { .. }
        | Hazard::DropsPrimaryKey { .. }
        | Hazard::AddsConstraint { .. }
        | Hazard::Deletes { .. }
        | Hazard::RenamesObject { .. }
        | Hazard::Unmodelled { .. }
        | _ => return None,
    };
    Some(help)
}

static TABLE_DROPPED: Code = Code {
    name: "table-dropped",
    severity: Severity::Warning,
    summary: "the script drops a table with its rows",
    explanation: "The table is in the state that the script starts from and not in the one it leads to. Its rows are gone for \
good, unless there is a backup.\n\n\
A table that only got another name is dropped and made again, too, unless somebody says so: `--rename old=new`, or the file of \
decisions (`docs/RENAMES.md`). Or keep the name with `@@map`.",
};

static COLUMN_DROPPED: Code = Code {
    name: "column-dropped",
    severity: Severity::Warning,
    summary: "the script drops a column with its values",
    explanation: "The column is in the state that the script starts from and not in the one it leads to.\n\n\
A column that only got another name is dropped and added again, too, unless somebody says so: `--rename old=new`, or the file of \
decisions (`docs/RENAMES.md`). Or keep the name with `@map`.",
};

static COLUMN_MADE_AGAIN: Code = Code {
    name: "column-made-again",
    severity: Severity::Warning,
    summary: "the script drops a column and makes it again with another type",
    explanation: "Prisma knows no way from the old type to the new one, so its script, and ours to a Prisma schema, drops the \
column: all values are lost. If the column has to have a value and no default gives it one, the script fails as soon as the \
table has a row.\n\n\
Where the values are worth keeping, write `ALTER COLUMN … SET DATA TYPE … USING …` in its place.",
};

static REQUIRED_COLUMN_ADDED: Code = Code {
    name: "required-column-added",
    severity: Severity::Warning,
    summary: "the script adds a column that must have a value, and gives none",
    explanation: "`ADD COLUMN … NOT NULL` without a default fails if the table has a row. Defaults that Prisma Client makes, \
such as `uuid()`, `cuid()` and `@updatedAt`, are unknown to the database and do not help.\n\n\
Give the field a default, or do it in three migrations: an optional field, values for the rows that are there, a required field.",
};

static COLUMN_MADE_REQUIRED: Code = Code {
    name: "column-made-required",
    severity: Severity::Warning,
    summary: "the script takes from a column that it may be NULL",
    explanation: "`SET NOT NULL` fails if a row has NULL there.\n\nFill in such rows first, in the same migration.",
};

static VALUES_CAST: Code = Code {
    name: "values-cast",
    severity: Severity::Warning,
    summary: "the script changes a type to one that does not hold every value",
    explanation: "Of a value that does not fit into the new type, digits are rounded away, or the statement fails: a string that \
is too long, a number out of range. Of a moment that becomes a date, the clock is lost.",
};

static UNIQUE_KEY_ADDED: Code = Code {
    name: "unique-key-added",
    severity: Severity::Warning,
    summary: "the script forbids that rows are alike in some columns",
    explanation: "A unique index or constraint cannot be made while two rows have the same values.\n\n\
`SELECT …, count(*) FROM … GROUP BY … HAVING count(*) > 1` finds them.",
};

static PRIMARY_KEY_ADDED: Code = Code {
    name: "primary-key-added",
    severity: Severity::Warning,
    summary: "the script makes a primary key over columns that may hold the same values twice",
    explanation: "A primary key cannot be made while two rows have the same values in its columns, or one has NULL there.",
};

static PRIMARY_KEY_DROPPED: Code = Code {
    name: "primary-key-dropped",
    severity: Severity::Warning,
    summary: "the script drops a primary key",
    explanation: "Until another one takes its place, nothing keeps two rows of the table apart. If a later statement of the script \
fails and the script is not run as one transaction, it stays so.",
};

static CONSTRAINT_ADDED: Code = Code {
    name: "constraint-added",
    severity: Severity::Warning,
    summary: "the script adds a constraint that rows may not obey",
    explanation: "A foreign key cannot be added while a row refers to one that is not there, a check not while a row fails it. \
Prisma does not tell of these.",
};

static ENUM_VALUES_REMOVED: Code = Code {
    name: "enum-values-removed",
    severity: Severity::Warning,
    summary: "the script removes values of an enum",
    explanation: "Postgres cannot take a label from an enum, so a new type takes the place of the old one, and every column is \
cast to it. That fails while a row holds a value that goes.\n\nGive such rows another value first, in the same migration.",
};

static DATA_DELETED: Code = Code {
    name: "data-deleted",
    severity: Severity::Warning,
    summary: "the script deletes something besides tables and columns",
    explanation: "A storage bucket, or a sequence with the number it has come to.",
};

static WRITTEN_BY_HAND: Code = Code {
    name: "written-by-hand",
    severity: Severity::Warning,
    summary: "a part of the script has to be written by hand",
    explanation: "The states differ in something that Driftless can see and not change. The script has a comment in its place.",
};

static IN_THE_WAY: Code = Code {
    name: "in-the-way",
    severity: Severity::Error,
    summary: "the script drops something that an object names which stays",
    explanation: "PostgreSQL does not drop a column or table that a policy, a view, a trigger, a generated column or the body of a \
function names, and neither state says that this one is to go: a Prisma schema knows of none of them, and the policies of a model \
without `@@rls` are left alone. Nobody but you knows what it should say without the column.\n\n\
Drop it, or change it, in front of the script; or, if it is a policy, give the model `/// @@rls` and the policies that it is to have.",
};
