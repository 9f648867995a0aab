//! Every code, for documentation.

use driftless_finding::Code;

use crate::{diff, drift, format};

/// Every code of every finding, by name.
pub fn all_codes() -> Vec<&'static Code> {
    let mut codes: Vec<&'static Code> = [
        driftless_psl::CODES,
        driftless_prisma_catalog::CODES,
        driftless_migrate::CODES,
        driftless_shadow::CODES,
        drift::CODES,
        diff::CODES,
        diff::HAZARD_CODES,
        diff::MANAGED_CODES,
        diff::PROOF_CODES,
        diff::RENAME_CODES,
        format::CODES,
        crate::policies::CODES,
        crate::doctor::CODES,
    ]
    .concat();
    codes.sort_by_key(|it| it.name);
    codes
}
