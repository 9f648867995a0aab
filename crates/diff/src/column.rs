use driftless_catalog::{
    Column, Generated, GrantClass, Ident, Identity, ObjectId, QualifiedName, Table,
};

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
    // The columns of a typed table come and go with the attributes of its type.
    let typed = from.of_type.is_some() && from.of_type == to.of_type;
    for column in &from.columns {
        let is_gone = to.column(&column.name).is_none();
        let goes_by_itself = has_parents && reached(found, &column.name).is_none();
        if is_gone && !goes_by_itself && !typed {
            push(found, Delta::Drop(column));
        }
    }
    for column in &to.columns {
        let before = from.column(&column.name);
        match (before, reached(found, &column.name)) {
            (None, None) if !typed => push(found, Delta::Create(column)),
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
            (None | Some(_), _) => {}
        }
        common(found, &to.name, before, column);
    }
}

/// Drops the default of a column that stays, and sets it again if it is to have one.
pub(crate) fn free_default(found: &mut Found<'_, '_>, table: &QualifiedName, column: &Ident) {
    let (Some(before), Some(after)) = (found.from.tables.get(table), found.to.tables.get(table))
    else {
        return;
    };
    let table = &after.name;
    let (Some(before), Some(after)) = (before.column(column), after.column(column)) else {
        return;
    };
    let generated = before.generated.is_some() || after.generated.is_some();
    let (Some(from), false) = (&before.default, generated) else {
        return;
    };
    let column = &after.name;
    let is_same = |it: &Change<'_>| {
        matches!(it, Change::Column { table: of, delta: Delta::Alter { to, .. } }
            if *of == table && to.name == *column)
    };
    let altered = found.changes.iter().position(is_same);
    let sets = match altered {
        None => true,
        // The change of the column sets it, with its type and its sequence.
        Some(_) if before.data_type != after.data_type || after.serial.is_some() => false,
        Some(at) => {
            let differences = found.changes[at].differences();
            if differences.iter().all(|it| it.aspect == DEFAULT) {
                found.changes.remove(at);
                true
            } else {
                before.default == after.default
            }
        }
    };
    let drop = Some(Delta::Drop(from));
    let create = after.default.as_ref().filter(|_| sets).map(Delta::Create);
    let deltas = drop.into_iter().chain(create);
    let change = |delta| Change::Default {
        table,
        column,
        delta,
    };
    found.changes.extend(deltas.map(change));
}

const DEFAULT: &str = "default";

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
    if let Some(after) = &to.identity {
        let id = || ObjectId::Sequence(after.sequence.clone());
        let before = from.and_then(|it| it.identity.as_ref());
        let (class, before) = (Some(GrantClass::Sequence), before.map(|it| &it.common));
        found.besides_owner(id, class, before, &after.common);
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
        found.maybe(DEFAULT, &filled(from), &filled(to));
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
    found.set("options", options, &to.options);
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
