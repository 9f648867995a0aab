//! What is told of renames.

use driftless_catalog::{Nameable, ObjectId};
use driftless_diff::{Candidate, spell, spell_name};
use driftless_finding::{Code, Finding, Severity};

use super::RenameQuestion;
use super::decisions::toml_string;

/// The codes of findings about renames.
pub(crate) const CODES: &[&Code] = &[&RENAME_POSSIBLE, &RENAME_TAKEN, &RENAMED];

static RENAME_POSSIBLE: Code = Code {
    name: "rename-possible",
    severity: Severity::Warning,
    summary: "something goes and something like it comes: it may only have got another name",
    explanation: "A table, a column or a label that has got another name looks like one that goes and one that comes. \
The script drops the one and makes the other, so its rows or values are lost.\n\n\
Say what is meant: `--rename old=new` makes it a rename, and so does an entry in the file of decisions, \
`driftless.renames.toml`, which is committed so that nobody is asked twice. An entry that says `decided = \"no\"` keeps \
the finding away. On a terminal `db-diff` asks, and writes the file; `--renames accept` takes what is sure, and \
`--renames off` says nothing. See `docs/RENAMES.md`.",
};

static RENAME_TAKEN: Code = Code {
    name: "rename-taken",
    severity: Severity::Info,
    summary: "with `--renames accept`, something was taken to have got another name",
    explanation: "The evidence was strong, and no other pair of names was nearly as good. The script renames instead of \
dropping and making.\n\n\
If that is wrong, put the pair into `driftless.renames.toml` with `decided = \"no\"`.",
};

pub(in crate::diff) static RENAMED: Code = Code {
    name: "object-renamed",
    severity: Severity::Warning,
    summary: "the script gives something another name, and whoever says the old one no longer finds it",
    explanation: "From the moment of the rename, queries that say the old name fail: those of programs that still run, of \
function bodies, of reports. Views, policies, keys and generated columns follow by themselves, bodies of functions that are \
text do not.\n\n\
Rename while nothing uses it, or in steps: for a column, add the new one, write both, move the readers, drop the old one; \
for a table, leave a view behind under the old name.",
};

/// What is said of a candidate that nobody has decided.
pub(super) fn possible(candidate: &Candidate, file: &str) -> Finding {
    let rename = &candidate.rename;
    let question = RenameQuestion::new(candidate);
    let message = format!(
        "{} goes and {} comes: is it the same?",
        rename.from, rename.to
    );
    let severity = match holds_data(&rename.from) {
        true => Severity::Warning,
        false => Severity::Info,
    };
    let mut finding = Finding::new(&RENAME_POSSIBLE, message)
        .severity(severity)
        .object(rename.to.to_string());
    for it in question.evidence {
        finding = finding.note(it);
    }
    finding.help(format!(
        "if so, `--rename {}`; or decide it for everybody in {file}: \
         [[rename]] from = {}, to = {}, decided = \"yes\" (or \"no\")",
        shell(&question.spelled),
        toml_string(&spell_name(&rename.from)),
        toml_string(&spell_name(&rename.to)),
    ))
}

/// What is said of a candidate that was taken without a question.
pub(super) fn taken(candidate: &Candidate) -> Finding {
    let rename = &candidate.rename;
    let message = format!(
        "{} is taken for {} under another name",
        rename.to, rename.from
    );
    let mut finding = Finding::new(&RENAME_TAKEN, message).object(rename.to.to_string());
    for it in &candidate.evidence {
        finding = finding.note(it.to_string());
    }
    finding.help(format!(
        "to have it dropped and made instead, decide `{}` with \"no\"",
        spell(rename)
    ))
}

/// Whether something is lost if it is dropped and made.
fn holds_data(it: &Nameable) -> bool {
    match it {
        Nameable::Label(..) | Nameable::Attribute(..) => true,
        Nameable::Object(object) => match object {
            ObjectId::Schema(_)
            | ObjectId::Enum(_)
            | ObjectId::Domain(_)
            | ObjectId::Sequence(_)
            | ObjectId::Table(_)
            | ObjectId::Column(..)
            | ObjectId::Other(_) => true,
            ObjectId::Extension(_)
            | ObjectId::DomainConstraint(..)
            | ObjectId::Constraint(..)
            | ObjectId::Index(_)
            | ObjectId::Trigger(..)
            | ObjectId::Policy(..)
            | ObjectId::View(_)
            | ObjectId::MaterializedView(_)
            | ObjectId::Function(_)
            | ObjectId::DefaultPrivilege(_) => false,
        },
    }
}

/// An argument as a shell reads it.
fn shell(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "_-.:=,/".contains(it);
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}
