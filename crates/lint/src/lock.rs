use std::fmt;

use driftless_catalog::QualifiedName;

/// A table-level lock mode, the weakest first.
///
/// Follows PostgreSQL, Explicit Locking, Table-Level Locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockMode {
    /// What reading takes.
    AccessShare,
    /// What `SELECT … FOR UPDATE` and the checks of foreign keys take.
    RowShare,
    /// What writing rows takes.
    RowExclusive,
    /// Lets rows be read and written, and keeps `VACUUM` and changes of the schema away.
    ShareUpdateExclusive,
    /// Lets rows be read, and written by nobody.
    Share,
    /// The same, and by one session at a time.
    ShareRowExclusive,
    /// Lets rows be read alone.
    Exclusive,
    /// Lets nothing at all be done.
    AccessExclusive,
}

/// Every mode, the weakest first.
const MODES: [LockMode; 8] = [
    LockMode::AccessShare,
    LockMode::RowShare,
    LockMode::RowExclusive,
    LockMode::ShareUpdateExclusive,
    LockMode::Share,
    LockMode::ShareRowExclusive,
    LockMode::Exclusive,
    LockMode::AccessExclusive,
];

impl LockMode {
    /// As `LOCK TABLE` names it: `ACCESS EXCLUSIVE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// The mode of that name, as `LOCK TABLE` spells it or as `pg_locks.mode` does (`AccessExclusiveLock`).
    pub fn parse(name: &str) -> Option<Self> {
        let plain = |it: &str| it.replace(' ', "").to_ascii_lowercase();
        let name = plain(name);
        let name = name.strip_suffix("lock").unwrap_or(&name);
        MODES.into_iter().find(|it| plain(it.as_str()) == name)
    }

    /// Whether rows cannot be read while it is held.
    pub fn blocks_reads(self) -> bool {
        self == Self::AccessExclusive
    }

    /// Whether rows cannot be written while it is held.
    pub fn blocks_writes(self) -> bool {
        self >= Self::Share
    }

    /// What stops working while it is held, in words.
    pub fn blocks(self) -> &'static str {
        match self {
            Self::AccessExclusive => "blocks reads and writes",
            Self::Exclusive | Self::ShareRowExclusive | Self::Share => "blocks writes",
            Self::ShareUpdateExclusive => "blocks vacuum and other changes of the schema",
            Self::RowExclusive | Self::RowShare | Self::AccessShare => {
                "blocks no reads and no writes"
            }
        }
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A lock on a relation that was there before, held until the transaction ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lock {
    /// The table, view, materialized view or sequence.
    pub relation: QualifiedName,
    /// Its strongest mode.
    pub mode: LockMode,
}

impl fmt::Display for Lock {
    /// `ACCESS EXCLUSIVE lock on public.docs: blocks reads and writes until commit`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { relation, mode } = self;
        write!(
            f,
            "{mode} lock on {relation}: {} until commit",
            mode.blocks()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_is_known_by_both_its_names() {
        for mode in MODES {
            assert_eq!(LockMode::parse(mode.as_str()), Some(mode));
            let of_view = format!("{}Lock", mode.as_str().to_lowercase().replace(' ', ""));
            assert_eq!(LockMode::parse(&of_view), Some(mode));
        }
        assert_eq!(
            LockMode::parse("AccessExclusiveLock"),
            Some(LockMode::AccessExclusive)
        );
        assert_eq!(LockMode::parse("none"), None);
    }
}
