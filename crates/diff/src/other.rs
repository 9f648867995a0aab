use std::collections::BTreeSet;

use driftless_catalog::{ObjectId, Other};

use crate::change::{Difference, difference};
use crate::common::{delta, pair};
use crate::{Change, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.others, &found.to.others) {
        let differ = |from: &Other, to: &Other| from.attributes != to.attributes;
        if let Some(delta) = delta(from, to, differ) {
            found.changes.push(Change::Other(delta));
        }
        if let (Some(from), Some(to)) = (from, to) {
            let id = || ObjectId::Other(to.id.clone());
            found.common(id, None, Some(&from.common), &to.common);
        }
    }
}

/// The names of the attributes are those of the catalogs, so the aspect is the same for all.
pub(crate) fn differences(from: &Other, to: &Other) -> Vec<Difference> {
    let names: BTreeSet<&String> = from.attributes.keys().chain(to.attributes.keys()).collect();
    let show = |it: &Other, name: &String| {
        let value = it.attributes.get(name)?;
        Some(format!("{name} = {value}"))
    };
    names
        .into_iter()
        .map(|name| (show(from, name), show(to, name)))
        .filter(|(from, to)| from != to)
        .map(|(from, to)| difference("attribute", &from, &to))
        .collect()
}
