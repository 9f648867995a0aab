use driftless_catalog::{Collection, Extension, ObjectId};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Delta, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    let manner = found.options.manner;
    let versions = found.options.extension_versions;
    let differ = |from: &Extension, to: &Extension| {
        differences(from, to)
            .iter()
            .any(|it| versions || it.aspect != VERSION)
    };
    for (from, to) in pair(&found.from.extensions, &found.to.extensions) {
        // Prisma leaves alone what a schema does not name any more: others may need it.
        let counts =
            |it: &Delta<'_, Extension>| !(manner.is_prisma() && matches!(it, Delta::Drop(_)));
        if let Some(delta) = delta(from, to, differ).filter(counts) {
            found.changes.push(Change::Extension(delta));
        }
        if let Some(to) = to {
            member_grants(found, from, to);
        }
    }
}

/// The privileges on the objects of an extension that should be there.
pub(crate) fn member_grants<'a>(
    found: &mut Found<'a, '_>,
    from: Option<&'a Extension>,
    to: &'a Extension,
) {
    let Some(after) = to.members.as_ref().filter(|_| found.options.grants) else {
        return;
    };
    let untouched = Collection::default();
    let before = match from.map(|it| &it.members) {
        Some(Some(before)) => before,
        Some(None) => return,
        None => &untouched,
    };
    for it in after {
        let from = before
            .get(&it.id)
            .map_or(&it.initial, |before| &before.grants);
        found.grants(&|| it.id.clone(), from.clone(), &it.grants);
    }
    let only_before = from
        .and_then(|it| it.members.as_ref())
        .into_iter()
        .flatten();
    for it in only_before.filter(|it| !after.contains(&it.id)) {
        found.grants(&|| it.id.clone(), it.grants.clone(), &it.initial);
    }
}

const VERSION: &str = "version";

/// A side that does not say where or which does not differ in that. Comments come with the extension.
pub(crate) fn differences(from: &Extension, to: &Extension) -> Vec<Difference> {
    let Extension {
        name: _,
        schema,
        version,
        // That is the server's installation.
        relocatable: _,
        // Privileges are changes of their own.
        members: _,
        comment: _,
    } = from;
    let mut found = Differences::default();
    if schema.is_some() && to.schema.is_some() {
        found.maybe("schema", schema, &to.schema);
    }
    if version.is_some() && to.version.is_some() {
        found.maybe(VERSION, version, &to.version);
    }
    found.0
}

/// Whether statements on the extension as it is do it: not every one can be moved.
pub(crate) fn alters_in_place(from: &Extension, to: &Extension) -> bool {
    let moves = to.schema.is_some() && from.schema != to.schema;
    from.relocatable || !moves
}

/// The objects that lose their privileges if an extension is dropped and made again.
pub(crate) fn members_made_again(change: &Change<'_>) -> Vec<ObjectId> {
    let Change::Extension(Delta::Alter { from, to }) = change else {
        return Vec::new();
    };
    let members = [from, to].into_iter().flat_map(|it| &it.members);
    members.flatten().map(|it| it.id.clone()).collect()
}
