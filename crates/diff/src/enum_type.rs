use driftless_catalog::{EnumType, GrantClass, ObjectId};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.enums, &found.to.enums) {
        let in_order = found.options.label_order;
        let differ = |from: &EnumType, to: &EnumType| match in_order {
            true => from.labels != to.labels,
            false => !same_labels(from, to),
        };
        if let Some(delta) = delta(from, to, differ) {
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

/// Whether labels go or change places: then the type is made anew.
pub(crate) fn is_anew(from: &EnumType, to: &EnumType) -> bool {
    let mut kept = to.labels.iter().filter(|it| from.labels.contains(it));
    !from.labels.iter().all(|it| kept.next() == Some(it))
}

/// Whether both have the same labels, in any order.
fn same_labels(from: &EnumType, to: &EnumType) -> bool {
    let among =
        |few: &EnumType, many: &EnumType| few.labels.iter().all(|it| many.labels.contains(it));
    among(from, to) && among(to, from)
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
