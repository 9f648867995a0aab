use std::fmt;

use driftless_catalog::ObjectId;

/// Declares the codes with their text.
macro_rules! codes {
    ($(#[doc = $doc:literal] $name:ident = $code:literal),+ $(,)?) => {
        /// What can go wrong, or who is hurt, when a statement runs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum HazardCode {
            $(#[doc = $doc] $name,)+
        }

        impl HazardCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable name: `DELETES_DATA`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// What it says, as a sentence.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$name => str::trim_ascii_start($doc),)+
                }
            }
        }
    };
}

codes! {
    /// Nobody reads or writes a table while the statement and its transaction run.
    AccessExclusiveLock = "ACQUIRES_ACCESS_EXCLUSIVE_LOCK",
    /// Nobody writes a table while the statement and its transaction run.
    ExclusiveLock = "ACQUIRES_EXCLUSIVE_LOCK",
    /// Nobody writes a table or changes its schema meanwhile.
    ShareRowExclusiveLock = "ACQUIRES_SHARE_ROW_EXCLUSIVE_LOCK",
    /// Nobody writes a table meanwhile; others may take the same lock.
    ShareLock = "ACQUIRES_SHARE_LOCK",
    /// A table is written anew.
    RewritesTable = "REWRITES_TABLE",
    /// Every row of a table is read under its lock.
    ScansTable = "SCANS_TABLE",
    /// An index is built.
    IndexBuild = "INDEX_BUILD",
    /// Queries may become slow.
    IndexDropped = "INDEX_DROPPED",
    /// It cannot run inside a transaction.
    NonTransactional = "NON_TRANSACTIONAL",
    /// It runs code of somebody else, and may do anything.
    UnknownEffects = "UNKNOWN_EFFECTS",
    /// Data is gone afterwards.
    DeletesData = "DELETES_DATA",
    /// Values are rounded or cut.
    ChangesData = "CHANGES_DATA",
    /// It fails if rows are as they may be.
    MayFail = "MAY_FAIL",
    /// It fails, whatever the rows are.
    Refused = "REFUSED",
    /// What used to be true of the data no longer has to be.
    Correctness = "CORRECTNESS",
    /// A person has to write it.
    UnmodeledKind = "UNMODELED_KIND",
    /// Nobody knows what a function body needs.
    UntrackableDependencies = "HAS_UNTRACKABLE_DEPENDENCIES",
    /// An extension gets another version.
    UpgradingExtension = "UPGRADING_EXTENSION_VERSION",
    /// It says who may do what.
    AuthzUpdate = "AUTHZ_UPDATE",
    /// Policies no longer count.
    RlsDisabled = "RLS_DISABLED",
    /// Policies let more rows be reached.
    RlsWidened = "RLS_WIDENED",
    /// Somebody may do more than before.
    GrantWidened = "GRANT_WIDENED",
    /// A view reads with the rights of its owner from now on.
    SecurityInvokerLost = "SECURITY_INVOKER_LOST",
    /// A function runs with the rights of its owner from now on.
    SecurityDefinerGained = "SECURITY_DEFINER_GAINED",
    /// Subscribers of the platform's realtime service hear no more of a table.
    RealtimeStopped = "REALTIME_STOPPED",
    /// The platform's API loses something, or gives it another type.
    ApiShapeBreak = "API_SHAPE_BREAK",
    /// Writes that worked are refused.
    ClientBreak = "CLIENT_BREAK",
    /// Something gets another name, and queries that say the old one fail.
    RenamesObject = "RENAMES_OBJECT",
}

impl fmt::Display for HazardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A hazard of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanHazard {
    /// Which.
    pub code: HazardCode,
    /// In words: what is deleted, who gets what.
    pub message: String,
    /// Whether it is so. If not, nobody can tell: whether one condition lets more rows through than another, whether
    /// there are rows that break a constraint.
    pub certain: bool,
}

impl PlanHazard {
    pub(crate) fn certain(code: HazardCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            certain: true,
        }
    }

    pub(crate) fn possible(code: HazardCode, message: impl Into<String>) -> Self {
        Self {
            certain: false,
            ..Self::certain(code, message)
        }
    }
}

/// A hazard of the difference between two states, by the object that brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateHazard {
    /// The object, by its name in the state after, or, where it goes, before.
    pub object: ObjectId,
    /// What it brings.
    pub hazard: PlanHazard,
}
