use driftless_catalog::{GrantClass, ObjectId};

use crate::common::{delta, pair};
use crate::{Change, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.schemas, &found.to.schemas) {
        // A schema has nothing of its own but what every object has.
        if let Some(delta) = delta(from, to, |_, _| false) {
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
