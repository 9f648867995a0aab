use driftless_catalog::{GrantClass, ObjectId, Schema};

use crate::common::{delta, pair};
use crate::{Change, Delta, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.schemas, &found.to.schemas) {
        // A schema has nothing of its own but what every object has.
        // Prisma drops none: other people's objects may be in it.
        let manner = found.options.manner;
        let counts = |it: &Delta<'_, Schema>| !(manner.is_prisma() && matches!(it, Delta::Drop(_)));
        if let Some(delta) = delta(from, to, |_, _| false).filter(counts) {
            found.changes.push(Change::Schema(delta));
        }
        if let Some(to) = to {
            let id = || ObjectId::Schema(to.name.clone());
            found.common(
                id,
                Some(GrantClass::Schema),
                from.map(|it| &it.common),
                &to.common,
            );
        }
    }
}
