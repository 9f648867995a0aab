use driftless_catalog::{Collection, Column, Identity, Sequence, SequenceOptions, SequenceOwner};
use driftless_sql_text::{Value, sequence_name};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::fields::Fields;
use crate::names::Names;
use crate::table::Relations;

/// Reads sequences; those behind identity columns go to their columns, and `serial` columns are told.
pub(crate) fn read(
    rows: &[Row],
    names: &Names,
    relations: &mut Relations,
) -> Result<Collection<Sequence>, IntrospectError> {
    let mut found = Collection::default();
    for row in rows {
        let mut it = Fields::new("sequence", row);
        let oid: u32 = it.next()?;
        let options = SequenceOptions {
            data_type: names.data_type(it.next()?, -1, None)?,
            start: it.next()?,
            increment: it.next()?,
            min: it.next()?,
            max: it.next()?,
            cache: it.next()?,
            cycle: it.next()?,
        };
        let owner: Option<u32> = it.next()?;
        let (number, identity): (Option<i16>, Option<bool>) = (it.next()?, it.next()?);
        let Some(shell) = relations.sequences.remove(&oid) else {
            continue;
        };
        let owner = owner.zip(number);
        if identity == Some(true) {
            let kind = owner.and_then(|owner| relations.identities.get(&owner).copied());
            if let (Some(column), Some(kind)) = (owned_column(owner, names, relations), kind) {
                column.identity = Some(Box::new(Identity {
                    kind,
                    sequence: shell.name,
                    options,
                    common: shell.common,
                }));
            }
            continue;
        }
        let mut owned_by = None;
        if let Some((relation, number)) = owner
            && let Some(table) = relations.tables.get(&relation)
        {
            owned_by = Some(SequenceOwner {
                table: table.name.clone(),
                column: names.column(relation, number)?,
            });
        }
        if let Some(column) = owned_column(owner, names, relations)
            && is_next_value(column, &shell.name)
        {
            column.default = None;
            column.serial = Some(shell.name.clone());
        }
        found.insert(Sequence {
            name: shell.name,
            options,
            owned_by,
            persistence: shell.persistence,
            common: shell.common,
        });
    }
    Ok(found)
}

fn owned_column<'a>(
    owner: Option<(u32, i16)>,
    names: &Names,
    relations: &'a mut Relations,
) -> Option<&'a mut Column> {
    let (relation, number) = owner?;
    let name = names.columns.get(&(relation, number))?;
    let table = relations.tables.get_mut(&relation)?;
    table.columns.iter_mut().find(|it| it.name == *name)
}

/// Whether the column's default is `nextval('schema.sequence'::regclass)` and nothing else.
fn is_next_value(column: &Column, sequence: &driftless_catalog::QualifiedName) -> bool {
    let Some(default) = &column.default else {
        return false;
    };
    let Some(Value::NextVal(text)) = Value::parse(&default.text) else {
        return false;
    };
    sequence_name(&text).is_some_and(|(schema, name)| {
        sequence.name == name.as_str() && schema.is_some_and(|it| sequence.schema == it.as_str())
    })
}
