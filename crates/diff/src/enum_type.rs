use driftless_catalog::{EnumType, GrantClass, ObjectId};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.enums, &found.to.enums) {
        if let Some(delta) = delta(from, to, |from, to| from.labels != to.labels) {
            found.changes.push(Change::Enum(delta));
        }
        if let Some(to) = to {
            let id = || ObjectId::Enum(to.name.clone());
            found.common(
                id,
                Some(GrantClass::Type),
                from.map(|it| &it.common),
                &to.common,
            );
        }
    }
}

pub(crate) fn differences(from: &EnumType, to: &EnumType) -> Vec<Difference> {
    let EnumType {
        name: _,
        labels,
        common: _,
    } = from;
    let mut found = Differences::default();
    found.list("labels", labels, &to.labels);
    found.0
}
