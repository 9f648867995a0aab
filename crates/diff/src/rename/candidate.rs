use std::collections::BTreeMap;
use std::fmt;

use driftless_catalog::{Nameable, Rename};

/// Something that goes and something that comes, and what speaks for their being the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The two.
    pub rename: Rename,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
}

/// Something that speaks for two names being those of one thing. Displays as a sentence without its full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Columns, attributes, or what a domain narrows, are of one type.
    SameType(String),
    /// Both are the one of that number among their like, from 1 on.
    SamePlace(usize),
    /// Nothing but the name differs.
    SameDefinition,
    /// Columns have the same default, generation, `NOT NULL` and so on.
    SameProperties,
    /// So many parts are in both, of so many in the one that has more.
    Shared {
        /// What they are: `columns`.
        what: &'static str,
        /// How many are in both.
        same: usize,
        /// How many there are.
        of: usize,
    },
    /// The enum has as many labels as before.
    SameCount,
    /// Keys and indexes that are the same but for this name, by theirs.
    SameKeys(Vec<String>),
    /// So many columns that had the one type have the other.
    SameUsers(usize),
    /// Nothing else of its kind goes or comes there.
    OnlyOne,
    /// The names are the same but for capitals and underscores.
    SimilarName,
    /// The model, field or value of the Prisma schema kept its name, and the name in the database changed.
    SameField(String),
    /// A commit took a line with the one out of the source and put one with the other in.
    Commit {
        /// Its abbreviated hash, or `None` for what is not committed yet.
        id: Option<String>,
        /// Its first line.
        subject: String,
    },
    /// The values of the columns are spread alike, in these respects.
    SameStatistics(Vec<&'static str>),
}

/// From here on a candidate is worth a question.
pub const GOOD: u32 = 45;

/// From here on a candidate can be taken without one, if it is [`unambiguous`].
pub const SURE: u32 = 60;

/// By how much a candidate has to be better than any other with one of its names.
const MARGIN: u32 = 5;

impl Evidence {
    /// How much it says; what is enough is [`SURE`].
    pub fn weight(&self) -> u32 {
        match self {
            Self::SameDefinition | Self::SameField(_) => 60,
            Self::Shared { same, of, .. } => match u32::try_from(same * 60 / (*of).max(1)) {
                Ok(weight) => weight.min(60),
                Err(_) => 60,
            },
            Self::SameType(_) | Self::SamePlace(_) | Self::SameUsers(_) | Self::Commit { .. } => 30,
            Self::SameStatistics(_) => 20,
            Self::SameKeys(_) | Self::OnlyOne | Self::SameCount => 15,
            Self::SameProperties => 10,
            Self::SimilarName => 5,
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameType(ty) => write!(f, "both are {ty}"),
            Self::SamePlace(place) => write!(f, "both stand at place {place}"),
            Self::SameDefinition => f.write_str("nothing but the name differs"),
            Self::SameProperties => f.write_str("default, NOT NULL and the like are the same"),
            Self::Shared { what, same, of } => write!(f, "{same} of {of} {what} are the same"),
            Self::SameCount => f.write_str("there are as many labels as before"),
            Self::SameKeys(names) => write!(f, "the same keys and indexes: {}", names.join(", ")),
            Self::SameUsers(1) => f.write_str("a column that had the one has the other"),
            Self::SameUsers(count) => write!(f, "{count} columns that had the one have the other"),
            Self::OnlyOne => f.write_str("it is the only one that goes, and the only one that comes"),
            Self::SimilarName => f.write_str("the names differ in capitals and underscores alone"),
            Self::SameField(name) => {
                write!(f, "`{name}` of the Prisma schema is mapped to the other name")
            }
            Self::Commit { id: Some(id), subject } => write!(
                f,
                "commit {id} ({subject}) took a line with the one out and put one with the other in"
            ),
            Self::Commit { id: None, .. } => f.write_str(
                "a change that is not committed took a line with the one out and put one with the other in",
            ),
            Self::SameStatistics(aspects) => {
                write!(f, "the values are spread alike: {}", aspects.join(", "))
            }
        }
    }
}

impl Candidate {
    pub(super) fn new(rename: Rename) -> Self {
        let evidence = match are_similar(&rename) {
            true => vec![Evidence::SimilarName],
            false => Vec::new(),
        };
        Self { rename, evidence }
    }

    #[must_use]
    pub(super) fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// How much speaks for it, all in all.
    pub fn score(&self) -> u32 {
        self.evidence.iter().map(Evidence::weight).sum()
    }
}

/// The candidates that are sure, and better than every other one that has one of their names.
pub fn unambiguous(candidates: &[Candidate]) -> Vec<&Candidate> {
    let best = |name: fn(&Candidate) -> &Nameable| {
        let mut best: BTreeMap<&Nameable, (u32, u32)> = BTreeMap::new();
        for it in candidates {
            let (first, second) = best.entry(name(it)).or_default();
            let score = it.score();
            if score > *first {
                (*first, *second) = (score, *first);
            } else {
                *second = score.max(*second);
            }
        }
        best
    };
    let of_from = best(|it| &it.rename.from);
    let of_to = best(|it| &it.rename.to);
    let is_best = |score: u32, ranks: Option<&(u32, u32)>| {
        ranks.is_some_and(|(first, second)| score == *first && score >= second + MARGIN)
    };
    let unambiguous = candidates.iter().filter(|it| {
        let score = it.score();
        score >= SURE
            && is_best(score, of_from.get(&it.rename.from))
            && is_best(score, of_to.get(&it.rename.to))
    });
    unambiguous.collect()
}

/// Notes which pairs are the only ones that their names are in. A pair that nothing else speaks for is left alone.
pub(super) fn note_only_ones(candidates: &mut [Candidate]) {
    let mut count: BTreeMap<Nameable, usize> = BTreeMap::new();
    for it in candidates.iter() {
        for name in [&it.rename.from, &it.rename.to] {
            *count.entry(name.clone()).or_default() += 1;
        }
    }
    for it in candidates.iter_mut().filter(|it| !it.evidence.is_empty()) {
        let alone = |name: &Nameable| count.get(name) == Some(&1);
        if alone(&it.rename.from) && alone(&it.rename.to) {
            it.evidence.push(Evidence::OnlyOne);
        }
    }
}

fn are_similar(rename: &Rename) -> bool {
    let plain = |it: &Nameable| {
        let name = last_name(it);
        let letters = name.chars().filter(|it| *it != '_' && *it != '-');
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    plain(&rename.from) == plain(&rename.to)
}

/// The name itself, without those of schema and table.
pub(super) fn last_name(it: &Nameable) -> String {
    super::spelling::path(it).pop().unwrap_or_default()
}
