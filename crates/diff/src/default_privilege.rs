use driftless_catalog::DefaultPrivilege;

use crate::change::Difference;
use crate::common::{delta, grant_differences, pair};
use crate::{Change, Delta, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    if !found.options.grants {
        return;
    }
    for (from, to) in pair(&found.from.default_privileges, &found.to.default_privileges) {
        let differ = |from: &DefaultPrivilege, to: &DefaultPrivilege| from.grants != to.grants;
        // To set what holds anyway is to set nothing.
        let major = found.options.server_major;
        let counts = |it: &Delta<'_, DefaultPrivilege>| match it {
            Delta::Create(it) | Delta::Drop(it) => it.grants != it.id.unset(major),
            Delta::Alter { .. } => true,
        };
        if let Some(delta) = delta(from, to, differ).filter(counts) {
            found.changes.push(Change::DefaultPrivilege(delta));
        }
    }
}

pub(crate) fn differences(from: &DefaultPrivilege, to: &DefaultPrivilege) -> Vec<Difference> {
    grant_differences(&from.grants, &to.grants)
}
