use driftless_catalog::{GrantClass, MaterializedView, ObjectId};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::view::{column_differences, columns};
use crate::{Change, Found, index};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.materialized_views, &found.to.materialized_views) {
        let differ =
            |from: &MaterializedView, to: &MaterializedView| !differences(from, to).is_empty();
        if let Some(delta) = delta(from, to, differ) {
            found.changes.push(Change::MaterializedView(delta));
        }
        if let Some(to) = to {
            hanging_on(found, from, to);
        }
    }
}

/// Indexes, owner, comment and privileges of a materialized view.
pub(crate) fn hanging_on<'a>(
    found: &mut Found<'a, '_>,
    from: Option<&'a MaterializedView>,
    to: &'a MaterializedView,
) {
    let indexes = from.map(|it| &it.indexes);
    index::diff(found, &to.name, indexes, Some(&to.indexes));
    let id = || ObjectId::MaterializedView(to.name.clone());
    let common = from.map(|it| &it.common);
    found.common(id, Some(GrantClass::Relation), common, &to.common);
    columns(found, &to.name, from.map(|it| &it.columns[..]), &to.columns);
}

pub(crate) fn differences(from: &MaterializedView, to: &MaterializedView) -> Vec<Difference> {
    let MaterializedView {
        name: _,
        columns,
        definition,
        populated: _,
        indexes: _,
        options,
        tablespace,
        common: _,
    } = from;
    let mut found = Differences::default();
    column_differences(&mut found, columns, &to.columns);
    found.value("query", definition, &to.definition);
    found.set("storage parameters", options, &to.options);
    found.maybe("tablespace", tablespace, &to.tablespace);
    found.0
}
