//! What has got another name between two states: found, asked about, decided, and carried into the state before.

mod codes;
mod commits;
mod decide;
mod decisions;
mod settle;
mod statistics;

use std::borrow::Cow;

use driftless_catalog::{Catalog, Renames};
use driftless_diff::{Candidate, RenamePlan, spell};
use driftless_prisma_catalog::Answers;

use super::load::Loaded;

pub(crate) use self::codes::CODES;
pub(super) use self::codes::RENAMED;
pub(super) use self::decide::decide;
pub(super) use self::settle::rename;

/// What is done about things that may have got another name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RenameOptions {
    /// Renames that are decided, each as `old=new`: `public.users.name=full_name`.
    pub given: Vec<String>,
    /// What is done about all others.
    pub mode: RenameMode,
}

/// What is done about things that may have got another name, and that nobody has decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RenameMode {
    /// Whoever waits is asked ([`Progress::is_renamed`](crate::Progress::is_renamed)), and the answer is written to the
    /// file of decisions. Where nobody answers, each is a finding.
    #[default]
    Ask,
    /// Those are taken that are sure and unambiguous, and each is a finding.
    Accept,
    /// Nothing: they are dropped and made.
    Off,
}

/// Whether something has got another name: what somebody is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameQuestion {
    /// The question: `is column public.users.name now called full_name?`
    pub question: String,
    /// What speaks for it, a line each.
    pub evidence: Vec<String>,
    /// The rename as `--rename` takes it.
    pub spelled: String,
}

impl RenameQuestion {
    fn new(candidate: &Candidate) -> Self {
        let rename = &candidate.rename;
        let to = rename.to.to_string();
        let name = to.strip_prefix(rename.to.kind()).unwrap_or(&to).trim();
        Self {
            question: format!("is {} now called {name}?", rename.from),
            evidence: candidate.evidence.iter().map(ToString::to_string).collect(),
            spelled: spell(rename),
        }
    }
}

/// The names of a state before that is renamed, and the way back to them.
#[derive(Debug, Clone, Default)]
pub(super) struct Renamed {
    pub(super) plan: RenamePlan,
    /// The state before, as it was found.
    pub(super) before: Catalog,
}

/// The two states as they are compared, as far as no server has to be asked: that before under the names that `names`
/// give it.
fn compared<'a>(from: &'a Loaded, to: &'a Loaded, names: &Renames) -> Compared<'a> {
    let answers = Answers::default();
    let real = |it: &'a Catalog| match names.is_empty() {
        true => Cow::Borrowed(it),
        false => Cow::Owned(it.renamed(names)),
    };
    match (from, to) {
        (Loaded::Prisma(from), Loaded::Prisma(to)) => Compared {
            before: Cow::Owned(from.renamed(names).catalog),
            after: Cow::Borrowed(&to.catalog),
        },
        (Loaded::Real(from), Loaded::Prisma(to)) => {
            let before = real(&from.catalog);
            Compared {
                after: Cow::Owned(to.onto(&before, &answers).catalog),
                before,
            }
        }
        (Loaded::Prisma(from), Loaded::Real(to)) => Compared {
            before: Cow::Owned(from.renamed(names).onto(&to.catalog, &answers).catalog),
            after: Cow::Borrowed(&to.catalog),
        },
        (Loaded::Real(from), Loaded::Real(to)) => Compared {
            before: real(&from.catalog),
            after: Cow::Borrowed(&to.catalog),
        },
    }
}

/// Two states whose names can be compared.
struct Compared<'a> {
    before: Cow<'a, Catalog>,
    after: Cow<'a, Catalog>,
}
