use driftless_catalog::{Column, Generated, Identity, ObjectId, QualifiedName, Table};

use crate::change::{Difference, Differences};
use crate::inheritance::{inherited_column, lasting_parents};
use crate::sequence::option_differences;
use crate::{Change, Delta, Found};

pub(crate) fn diff<'a>(found: &mut Found<'a, '_>, from: &'a Table, to: &'a Table) {
    let push = |found: &mut Found<'a, '_>, delta| {
        let table = &to.name;
        found.changes.push(Change::Column { table, delta });
    };
    let has_parents = !lasting_parents(found.from, found.to, &to.name).is_empty();
    // What parents change, they change here, too.
    let reached = |found: &Found<'a, '_>, name| {
        let reached = || inherited_column(found.from, found.to, &to.name, name);
        has_parents.then(reached).flatten()
    };
    for column in &from.columns {
        let is_gone = to.column(&column.name).is_none();
        let goes_by_itself = has_parents && reached(found, &column.name).is_none();
        if is_gone && !goes_by_itself {
            push(found, Delta::Drop(column));
        }
    }
    for column in &to.columns {
        let before = from.column(&column.name);
        match (before, reached(found, &column.name)) {
            (None, None) => push(found, Delta::Create(column)),
            (Some(before), reached)
                if before != column
                    && !differences(before, column).is_empty()
                    && reached
                        .as_ref()
                        .is_none_or(|it| !differences(it, column).is_empty()) =>
            {
                let delta = Delta::Alter {
                    from: before,
                    to: column,
                };
                push(found, delta);
            }
            (Some(_), _) | (None, Some(_)) => {}
        }
        common(found, &to.name, before, column);
    }
}

/// Comment and privileges of a column.
pub(crate) fn common<'a>(
    found: &mut Found<'a, '_>,
    table: &'a QualifiedName,
    from: Option<&'a Column>,
    to: &'a Column,
) {
    let id = || ObjectId::Column(table.clone(), to.name.clone());
    found.comment(
        &id,
        from.and_then(|it| it.comment.as_deref()),
        to.comment.as_deref(),
    );
    if let Some(grants) = to.grants.as_ref().filter(|_| found.options.grants) {
        let before = from.and_then(|it| it.grants.clone());
        found.grants(&id, before.unwrap_or_default(), grants);
    }
}

pub(crate) fn differences(from: &Column, to: &Column) -> Vec<Difference> {
    let Column {
        name: _,
        data_type,
        spelled_type: _,
        not_null,
        default,
        serial,
        identity,
        generated,
        collation,
        storage,
        compression,
        statistics,
        options,
        // That is the table's.
        inherited: _,
        comment: _,
        grants: _,
    } = from;
    let mut found = Differences::default();
    found.value("type", data_type, &to.data_type);
    found.value("not null", not_null, &to.not_null);
    // What a serial column is filled with is the next value of its sequence.
    let filled = |column: &Column| {
        let serial = column.serial.as_ref();
        serial
            .map(|it| format!("nextval('{it}')"))
            .or_else(|| column.default.as_ref().map(ToString::to_string))
    };
    if default != &to.default || serial != &to.serial {
        found.maybe("default", &filled(from), &filled(to));
    }
    if identity != &to.identity {
        let show = |it: &Option<Box<Identity>>| it.as_deref().map(identity_text);
        found.maybe("identity", &show(identity), &show(&to.identity));
    }
    let show = |it: &Generated| format!("{} {:?}", it.expression, it.kind).to_lowercase();
    found.maybe(
        "generated",
        &generated.as_ref().map(show),
        &to.generated.as_ref().map(show),
    );
    found.maybe("collation", collation, &to.collation);
    found.maybe("storage", storage, &to.storage);
    found.maybe("compression", compression, &to.compression);
    found.maybe("statistics target", statistics, &to.statistics);
    found.list("options", options, &to.options);
    found.0
}

/// The kind, and how its sequence differs from the usual one of its type.
fn identity_text(identity: &Identity) -> String {
    let usual = driftless_catalog::SequenceOptions::of(identity.options.data_type.clone());
    let mut text = format!("{:?} from {}", identity.kind, identity.sequence);
    for it in option_differences(&usual, &identity.options) {
        text.push_str(&format!(", {} {}", it.aspect, it.to));
    }
    text
}
