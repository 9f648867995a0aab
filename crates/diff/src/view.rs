use driftless_catalog::{GrantClass, ObjectId, QualifiedName, View, ViewColumn};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Found, trigger};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.views, &found.to.views) {
        let differ = |from: &View, to: &View| !differences(from, to).is_empty();
        if let Some(delta) = delta(from, to, differ) {
            found.changes.push(Change::View(delta));
        }
        if let Some(to) = to {
            hanging_on(found, from, to);
        }
    }
}

/// Triggers, owner, comment and privileges of a view.
pub(crate) fn hanging_on<'a>(found: &mut Found<'a, '_>, from: Option<&'a View>, to: &'a View) {
    let triggers = from.map(|it| &it.triggers);
    trigger::diff(found, &to.name, triggers, Some(&to.triggers));
    let id = || ObjectId::View(to.name.clone());
    let common = from.map(|it| &it.common);
    found.common(id, Some(GrantClass::Relation), common, &to.common);
    columns(found, &to.name, from.map(|it| &it.columns[..]), &to.columns);
}

/// Comments and privileges of a view's columns.
pub(crate) fn columns<'a>(
    found: &mut Found<'a, '_>,
    view: &'a QualifiedName,
    from: Option<&'a [ViewColumn]>,
    to: &'a [ViewColumn],
) {
    for column in to {
        let before = from.and_then(|it| it.iter().find(|it| it.name == column.name));
        let id = || ObjectId::Column(view.clone(), column.name.clone());
        let comment = before.and_then(|it| it.comment.as_deref());
        found.comment(&id, comment, column.comment.as_deref());
        if let Some(grants) = column.grants.as_ref().filter(|_| found.options.grants) {
            let before = before.and_then(|it| it.grants.clone());
            found.grants(&id, before.unwrap_or_default(), grants);
        }
    }
}

/// Names, types, defaults and settings of columns.
pub(crate) fn column_differences(found: &mut Differences, from: &[ViewColumn], to: &[ViewColumn]) {
    let show = |it: &ViewColumn| format!("{} {}", it.name, it.data_type);
    let columns = |it: &[ViewColumn]| it.iter().map(show).collect::<Vec<_>>();
    found.list("columns", &columns(from), &columns(to));
    let default = |it: &ViewColumn| {
        let default = it.default.as_ref()?;
        Some(format!("{}: {default}", it.name))
    };
    let defaults = |it: &[ViewColumn]| it.iter().filter_map(default).collect::<Vec<_>>();
    found.list("defaults", &defaults(from), &defaults(to));
    let settings = |it: &[ViewColumn]| it.iter().filter_map(settings).collect::<Vec<_>>();
    found.list(SETTINGS, &settings(from), &settings(to));
}

pub(crate) const SETTINGS: &str = "column settings";

fn settings(column: &ViewColumn) -> Option<String> {
    let it = &column.settings;
    let set = |name: &str, value: &Option<String>| {
        let value = value.as_ref()?;
        Some(format!("{name} {value}"))
    };
    let statistics = it.statistics.map(|it| it.to_string());
    let known = [
        set("storage", &it.storage),
        set("compression", &it.compression),
        set("statistics", &statistics),
    ];
    let mut all: Vec<String> = known.into_iter().flatten().collect();
    all.extend(it.options.iter().cloned());
    (!all.is_empty()).then(|| format!("{}: {}", column.name, all.join(", ")))
}

pub(crate) fn differences(from: &View, to: &View) -> Vec<Difference> {
    let View {
        name: _,
        columns,
        definition,
        security_invoker,
        security_barrier,
        check_option,
        triggers: _,
        common: _,
    } = from;
    let mut found = Differences::default();
    column_differences(&mut found, columns, &to.columns);
    found.value("query", definition, &to.definition);
    found.value("security_invoker", security_invoker, &to.security_invoker);
    found.value("security_barrier", security_barrier, &to.security_barrier);
    found.shown(
        "check option",
        check_option,
        &to.check_option,
        |it| match it {
            Some(it) => format!("{it:?}").to_lowercase(),
            None => "none".to_owned(),
        },
    );
    found.0
}
