use driftless_catalog::{Collection, ObjectId, QualifiedName, Trigger};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Found};

pub(crate) fn diff<'a>(
    found: &mut Found<'a, '_>,
    relation: &'a QualifiedName,
    from: Option<&'a Collection<Trigger>>,
    to: Option<&'a Collection<Trigger>>,
) {
    for (from, to) in pair(from.into_iter().flatten(), to.into_iter().flatten()) {
        let differ = |from: &Trigger, to: &Trigger| !differences(from, to).is_empty();
        if let Some(delta) = delta(from, to, differ) {
            found.changes.push(Change::Trigger { relation, delta });
        }
        if let Some(to) = to {
            let id = || ObjectId::Trigger(relation.clone(), to.name.clone());
            let before = from.and_then(|it| it.comment.as_deref());
            found.comment(&id, before, to.comment.as_deref());
        }
    }
}

pub(crate) fn differences(from: &Trigger, to: &Trigger) -> Vec<Difference> {
    let Trigger {
        name: _,
        timing,
        events,
        update_columns,
        level,
        when,
        function,
        arguments,
        constraint,
        references,
        old_table,
        new_table,
        enabled,
        comment: _,
    } = from;
    let mut found = Differences::default();
    found.shown("timing", timing, &to.timing, |it| {
        format!("{it:?}").to_lowercase()
    });
    found.shown("events", events, &to.events, |it| {
        let names: Vec<String> = it
            .iter()
            .map(|it| format!("{it:?}").to_lowercase())
            .collect();
        names.join(", ")
    });
    found.list("update of", update_columns, &to.update_columns);
    found.shown("level", level, &to.level, |it| {
        format!("{it:?}").to_lowercase()
    });
    found.maybe("WHEN", when, &to.when);
    found.value("function", function, &to.function);
    found.list("arguments", arguments, &to.arguments);
    found.shown("constraint", constraint, &to.constraint, |it| match it {
        Some(deferral) => format!("{deferral:?}").to_lowercase(),
        None => "no".to_owned(),
    });
    found.maybe("from", references, &to.references);
    found.maybe("old table", old_table, &to.old_table);
    found.maybe("new table", new_table, &to.new_table);
    found.shown("enabled", enabled, &to.enabled, |it| {
        format!("{it:?}").to_lowercase()
    });
    found.0
}
