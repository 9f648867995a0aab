//! Comments that the server hands down: where the column of a partitioned table gets another type, an index or key over
//! it is built anew, and its parts in the partitions get what is said of it, over what was said of them.

use driftless_catalog::{Catalog, Constraint, Ident, ObjectId, Table};

use crate::dependants::{constrains, covers};
use crate::{Change, Delta, Found, parts_of};

/// Adds what is to be said of the parts.
pub(crate) fn restore(found: &mut Found<'_, '_>) {
    if !found.options.comments {
        return;
    }
    let mut restored = Vec::new();
    for change in &found.changes {
        if let Change::Column {
            table,
            delta: Delta::Alter { from, to },
        } = change
            && (from.data_type != to.data_type || from.collation != to.collation)
            && let Some(table) = found.to.tables.get(table)
            && table.partition_by.is_some()
        {
            restored.extend(of_table(found.to, table, &to.name));
        }
    }
    for comment in restored {
        let object = comment.object();
        let is_same =
            |it: &Change<'_>| matches!(it, Change::Comment { .. }) && it.object() == object;
        found.changes.retain(|it| !is_same(it));
        found.changes.push(comment);
    }
}

fn of_table<'a>(to: &'a Catalog, table: &'a Table, column: &Ident) -> Vec<Change<'a>> {
    let indexes = table.indexes.iter().filter(|it| covers(it, column));
    let indexes = indexes.map(|it| (&it.name, it.comment.as_deref()));
    let is_key = |it: &&Constraint| it.has_index() && constrains(it, column);
    let keys = table.constraints.iter().filter(is_key);
    let keys = keys.map(|it| (&it.name, it.index_comment.as_deref()));
    let mut found = Vec::new();
    for (name, handed) in indexes.chain(keys) {
        for part in parts_of(to, &table.name.sibling(name.clone())) {
            found.extend(of_part(to, part, handed));
        }
    }
    found
}

/// What is to be said of a part of which `handed` is said now.
fn of_part<'a>(to: &'a Catalog, part: ObjectId, handed: Option<&'a str>) -> Vec<Change<'a>> {
    let said = |object: ObjectId, from: Option<&'a str>, to: Option<&'a str>| {
        (from != to).then_some(Change::Comment { object, from, to })
    };
    if let ObjectId::Constraint(table, name) = &part {
        let key = to.tables.get(table).and_then(|it| it.constraints.get(name));
        let index = ObjectId::Index(table.sibling(name.clone()));
        let of_index = said(
            index,
            handed,
            key.and_then(|it| it.index_comment.as_deref()),
        );
        let of_key = said(part, None, key.and_then(|it| it.comment.as_deref()));
        return of_index.into_iter().chain(of_key).collect();
    }
    if let ObjectId::Index(name) = &part {
        let mut tables = to.tables.iter().filter(|it| it.name.schema == name.schema);
        let index = tables.find_map(|it| it.indexes.get(&name.name));
        let comment = index.and_then(|it| it.comment.as_deref());
        return said(part, handed, comment).into_iter().collect();
    }
    Vec::new()
}
