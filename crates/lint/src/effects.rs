use std::collections::BTreeMap;
use std::time::Duration;

use driftless_catalog::QualifiedName;

use crate::{Lock, LockMode};

/// What running a statement does to what was there before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// Locks stronger than those of readers, by relation. Relations that the same script has made before are not
    /// here: nobody else sees them.
    pub locks: Vec<Lock>,
    /// What takes longer the more rows there are, by relation.
    pub work: Vec<Work>,
    /// Whether it must not run inside a transaction.
    pub outside_transaction: bool,
    /// Whether this is all it does. A `DO` block, a call or an unknown statement may do anything.
    pub complete: bool,
}

/// What is done with every row of a relation while its lock is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Work {
    /// The table or materialized view.
    pub relation: QualifiedName,
    /// What is done.
    pub kind: WorkKind,
    /// Whether it is done in any case; if not, it hangs on what the catalog does not tell, such as the time zone.
    pub certain: bool,
}

/// What is done with every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkKind {
    /// The table and its indexes are written anew.
    Rewrite,
    /// Every row is read.
    Scan,
    /// An index is built.
    BuildIndex,
}

/// How long a statement should be let wait and run, as `SET lock_timeout` and `SET statement_timeout` take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// How long it may wait for a lock: whoever comes later waits behind it. `None` if it blocks nobody.
    pub lock: Option<Duration>,
    /// How long it may run. `None` if there is no bound that fits.
    pub statement: Option<Duration>,
}

/// Long enough for a short transaction to end, and short enough for those who wait behind.
const WAIT: Duration = Duration::from_secs(3);
/// What changes the catalog alone takes milliseconds.
const BRIEF: Duration = Duration::from_secs(10);
/// What goes over all rows, and blocks those who write them.
const LONG: Duration = Duration::from_secs(20 * 60);

impl Effects {
    /// What locks and works the least.
    pub(crate) fn nothing() -> Self {
        Self {
            complete: true,
            ..Self::default()
        }
    }

    /// The strongest lock, if there is one.
    pub fn strongest(&self) -> Option<&Lock> {
        self.locks.iter().max_by_key(|it| it.mode)
    }

    /// How long it should be let wait and run.
    pub fn timeouts(&self) -> Timeouts {
        let blocks = |it: &Lock| it.mode >= LockMode::ShareUpdateExclusive;
        let waits = self.locks.iter().any(blocks);
        let statement = match (self.complete, &self.work[..]) {
            (true, []) => Some(BRIEF),
            (true, _) if !self.outside_transaction => Some(LONG),
            _ => None,
        };
        Timeouts {
            // `CREATE INDEX CONCURRENTLY` waits for others by design, and nobody waits behind it.
            lock: (waits && !self.outside_transaction).then_some(WAIT),
            statement,
        }
    }
}

/// Effects while they are gathered: one lock for each relation, the strongest.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    locks: BTreeMap<QualifiedName, LockMode>,
    work: BTreeMap<(QualifiedName, WorkKind), bool>,
}

impl Gathered {
    pub(crate) fn lock(&mut self, relation: &QualifiedName, mode: LockMode) {
        let held = self.locks.entry(relation.clone()).or_insert(mode);
        *held = mode.max(*held);
    }

    pub(crate) fn locks<'a>(
        &mut self,
        relations: impl IntoIterator<Item = &'a QualifiedName>,
        mode: LockMode,
    ) {
        for it in relations {
            self.lock(it, mode);
        }
    }

    pub(crate) fn work(&mut self, relation: &QualifiedName, kind: WorkKind, certain: bool) {
        let known = self.work.entry((relation.clone(), kind)).or_default();
        *known |= certain;
    }

    /// Without what is done to relations that `is_new`.
    pub(crate) fn finish(self, is_new: impl Fn(&QualifiedName) -> bool) -> Effects {
        let locks = self.locks.into_iter();
        let locks = locks.filter(|(it, mode)| *mode > LockMode::AccessShare && !is_new(it));
        let work = self.work.into_iter().filter(|((it, _), _)| !is_new(it));
        Effects {
            locks: locks
                .map(|(relation, mode)| Lock { relation, mode })
                .collect(),
            work: work
                .map(|((relation, kind), certain)| Work {
                    relation,
                    kind,
                    certain,
                })
                .collect(),
            ..Effects::nothing()
        }
    }
}
