use driftless_catalog::{Column, ObjectId, Table};

use super::{Laying, column, constraint, index, policy};

/// The table as it should be: `base` with the columns, keys and indexes that `wanted` asks for.
pub(super) fn merge(laying: &mut Laying<'_>, base: &Table, wanted: &Table) -> Table {
    let mut table = base.clone();
    table.columns = columns(laying, base, wanted);
    constraint::merge(laying, base, wanted, &mut table);
    index::merge(laying, base, wanted, &mut table);
    if laying.prisma.declares_row_security(&wanted.name) {
        policy::merge(laying, base, wanted, &mut table);
    }
    table
}

/// The columns that are there, in their order, without those that no field declares, and behind them the
/// new ones.
fn columns(laying: &mut Laying<'_>, base: &Table, wanted: &Table) -> Vec<Column> {
    let mut columns = Vec::new();
    for it in &base.columns {
        match wanted.column(&it.name) {
            Some(field) => {
                let object = ObjectId::Column(base.name.clone(), it.name.clone());
                columns.push(column::merge(laying, &object, it, field));
            }
            // Prisma has no generated columns, and none of a parent table's.
            None if it.generated.is_some() || it.inherited => columns.push(it.clone()),
            None => {}
        }
    }
    let new = wanted
        .columns
        .iter()
        .filter(|it| base.column(&it.name).is_none());
    columns.extend(new.cloned());
    columns
}
