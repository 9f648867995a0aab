//! Which renames there are: given, decided earlier, taken, or asked about.

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Nameable, Rename, Renames};
use driftless_diff::{
    Candidate, Evidence, GOOD, Level, RenameSpelling, SpellingError, candidates, unambiguous,
};

use super::commits::History;
use super::decisions::Decisions;
use super::{Compared, RenameMode, RenameQuestion, codes, compared, statistics};
use crate::diff::DiffRequest;
use crate::diff::load::{Loaded, live};
use crate::session::Session;
use crate::{Outcome, ProjectError};

/// The renames between two states. Names of the state before are as it has them.
///
/// # Errors
/// [`ProjectError::Rename`] for one that is given and fits nothing, [`ProjectError::Decisions`] and the like for the
/// file of decisions.
pub(in crate::diff) async fn decide(
    session: &Session<'_>,
    request: &DiffRequest,
    (from, to): (&Loaded, &Loaded),
    outcome: &mut Outcome,
) -> Result<Vec<Rename>, ProjectError> {
    let given = request.renames.given.iter();
    let given: Result<Vec<RenameSpelling>, _> = given.map(|it| RenameSpelling::parse(it)).collect();
    let mut work = Work {
        session,
        request,
        from,
        to,
        given: given?,
        decisions: Decisions::read(session.project)?,
        known: Vec::new(),
        states: None,
        history: None,
    };
    if work.given.is_empty() && work.decisions.is_empty() && request.renames.mode == RenameMode::Off
    {
        return Ok(Vec::new());
    }
    let mut wrong = None;
    for level in Level::ALL {
        wrong = work.level(level, outcome).await?;
    }
    match wrong {
        Some(error) => Err(error.into()),
        None => Ok(work.known),
    }
}

struct Work<'a> {
    session: &'a Session<'a>,
    request: &'a DiffRequest,
    from: &'a Loaded,
    to: &'a Loaded,
    /// Those that have not been found yet.
    given: Vec<RenameSpelling>,
    decisions: Decisions,
    /// What is decided so far.
    known: Vec<Rename>,
    /// The states as they are with so many of these.
    states: Option<(usize, Renames, Compared<'a>)>,
    /// Read when it is first needed.
    history: Option<History>,
}

impl<'a> Work<'a> {
    /// Decides what is renamed on a level. Returns what is wrong with the given ones that fit nothing so far: they may
    /// be of a later level.
    async fn level(
        &mut self,
        level: Level,
        outcome: &mut Outcome,
    ) -> Result<Option<SpellingError>, ProjectError> {
        let original = match self.from {
            Loaded::Prisma(it) => &it.catalog,
            Loaded::Real(it) => &it.catalog,
        };
        let (count, names, states) = self.states(original);
        let (before, after) = (&*states.before, &*states.after);
        let wrong = self.take_given(level, original, after, &names);
        let found = self
            .decide(level, (original, before, after), &names, outcome)
            .await;
        self.states = Some((count, names, states));
        found.map(|()| wrong)
    }

    /// The states under the names that are decided so far; made again only if there are new ones.
    fn states(&mut self, original: &Catalog) -> (usize, Renames, Compared<'a>) {
        let count = self.known.len();
        let known = self.states.take().filter(|(of, ..)| *of == count);
        known.unwrap_or_else(|| {
            let names = Renames::new(original, &self.known);
            let states = compared(self.from, self.to, &names);
            (count, names, states)
        })
    }

    /// Takes what is decided in the file, and does with the other candidates of the level what is to be done with them.
    async fn decide(
        &mut self,
        level: Level,
        (original, before, after): (&Catalog, &Catalog, &Catalog),
        names: &Renames,
        outcome: &mut Outcome,
    ) -> Result<(), ProjectError> {
        let decided = self.decisions.pending(original, (before, after), names);
        for it in decided {
            if is_of(&it, level) && !self.has_name_of(&it) {
                self.known.push(it);
            }
        }
        if self.request.renames.mode == RenameMode::Off {
            return Ok(());
        }
        let refused = self.decisions.refused(original, after, names);
        let back = names.inverse();
        let mut found: Vec<Candidate> = candidates(before, after, level)
            .into_iter()
            .map(|mut it| {
                it.rename.from = back.nameable(&it.rename.from);
                it
            })
            .filter(|it| !refused.contains(&it.rename) && !self.has_name_of(&it.rename))
            .collect();
        if found.is_empty() {
            return Ok(());
        }
        self.add_evidence(&mut found).await?;
        match self.request.renames.mode {
            RenameMode::Off => {}
            RenameMode::Accept => {
                for it in unambiguous(&found) {
                    outcome.findings.push(codes::taken(it));
                    self.known.push(it.rename.clone());
                }
                self.tell(&found, outcome);
            }
            RenameMode::Ask => self.ask(found, outcome)?,
        }
        Ok(())
    }

    /// Takes those of the given ones that fit something.
    fn take_given(
        &mut self,
        level: Level,
        original: &Catalog,
        after: &Catalog,
        names: &Renames,
    ) -> Option<SpellingError> {
        let mut wrong = None;
        let mut left = Vec::new();
        for it in std::mem::take(&mut self.given) {
            let reach = match it.from.path().len() {
                0 | 1 => Level::Schemas,
                2 => Level::Types,
                _ => Level::Columns,
            };
            if reach > level {
                left.push(it);
                continue;
            }
            match it.resolve(original, after, names) {
                // Given twice.
                Ok(rename) if self.known.contains(&rename) => {}
                Ok(rename) if self.has_name_of(&rename) => {
                    wrong.get_or_insert(it.taken());
                    left.push(it);
                }
                Ok(rename) => self.known.push(rename),
                Err(error) => {
                    wrong.get_or_insert(error);
                    left.push(it);
                }
            }
        }
        self.given = left;
        wrong
    }

    fn has_name_of(&self, rename: &Rename) -> bool {
        let mut known = self.known.iter();
        known.any(|it| it.from == rename.from || it.to == rename.to)
    }

    /// What the sources, their history and the rows say.
    async fn add_evidence(&mut self, found: &mut [Candidate]) -> Result<(), ProjectError> {
        if let (Loaded::Prisma(from), Loaded::Prisma(to)) = (self.from, self.to) {
            let sources = &self.session.sources;
            for it in found.iter_mut() {
                let name = from.name_in_schema(&it.rename.from, sources);
                let same = name.is_some() && name == to.name_in_schema(&it.rename.to, sources);
                it.evidence
                    .extend(name.filter(|_| same).map(Evidence::SameField));
            }
        }
        let (project, to) = (self.session.project, &self.request.to);
        let history = self.history.get_or_insert_with(|| History::of(project, to));
        for it in found.iter_mut() {
            it.evidence.extend(history.evidence(it));
        }
        let sides = [&self.request.from, &self.request.to].map(|it| live(project, it));
        if let [Some(from), Some(to)] = sides {
            statistics::compare(found, from, to).await?;
        }
        Ok(())
    }

    /// Asks about each candidate that is worth it, the best first. What nobody answers is told.
    fn ask(
        &mut self,
        mut found: Vec<Candidate>,
        outcome: &mut Outcome,
    ) -> Result<(), ProjectError> {
        found.sort_by_key(|it| std::cmp::Reverse(it.score()));
        let mut left = Vec::new();
        for it in found.into_iter().filter(|it| it.score() >= GOOD) {
            if self.has_name_of(&it.rename) {
                continue;
            }
            match self.session.progress.is_renamed(&RenameQuestion::new(&it)) {
                Some(answer) => {
                    self.decisions.add(&it, answer)?;
                    if answer {
                        self.known.push(it.rename);
                    }
                }
                None => left.push(it),
            }
        }
        self.tell(&left, outcome);
        Ok(())
    }

    /// Tells of the candidates that are worth it and were not taken: of several for one name, the best.
    fn tell(&self, found: &[Candidate], outcome: &mut Outcome) {
        let mut found: Vec<&Candidate> = found
            .iter()
            .filter(|it| it.score() >= GOOD && !self.has_name_of(&it.rename))
            .collect();
        found.sort_by_key(|it| std::cmp::Reverse(it.score()));
        let mut told: BTreeSet<&Nameable> = BTreeSet::new();
        found.retain(|it| told.insert(&it.rename.from));
        found.sort_by(|a, b| a.rename.cmp(&b.rename));
        let file = self.decisions.shown();
        let findings = found.into_iter().map(|it| codes::possible(it, &file));
        outcome.findings.extend(findings);
    }
}

/// Whether a decision is made on the level: what it brings along has to be known before.
fn is_of(rename: &Rename, level: Level) -> bool {
    use driftless_catalog::ObjectId as Id;
    let of = match &rename.from {
        Nameable::Label(..) | Nameable::Attribute(..) => Level::Columns,
        Nameable::Object(object) => match object {
            Id::Schema(_) | Id::Extension(_) => Level::Schemas,
            Id::Enum(_) | Id::Domain(_) | Id::Other(_) => Level::Types,
            Id::Table(_) | Id::Sequence(_) => Level::Tables,
            Id::Column(..) | Id::Constraint(..) | Id::DomainConstraint(..) | Id::Index(_) => {
                Level::Columns
            }
            Id::Trigger(..)
            | Id::Policy(..)
            | Id::View(_)
            | Id::MaterializedView(_)
            | Id::Function(_)
            | Id::DefaultPrivilege(_) => Level::Rest,
        },
    };
    of == level
}
