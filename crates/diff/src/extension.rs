use driftless_catalog::Extension;

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
    }
}

const VERSION: &str = "version";

/// A side that does not say where or which does not differ in that. Comments come with the extension.
pub(crate) fn differences(from: &Extension, to: &Extension) -> Vec<Difference> {
    let Extension {
        name: _,
        schema,
        version,
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
