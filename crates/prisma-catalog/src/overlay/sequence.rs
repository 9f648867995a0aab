use driftless_catalog::{Column, DataType, Sequence, SequenceOptions, SequenceOwner};

use super::Laying;

/// Lays the sequences of columns that count up. New ones come with their columns, and those of columns that are gone are
/// gone. One that ends before its column does counts on, and where the type of a column changes, its sequence follows.
pub(super) fn lay(laying: &mut Laying<'_>) {
    let mut sequences = laying.out.catalog.sequences.clone();
    sequences.retain(|it| {
        let owner = it.owned_by.as_ref();
        owner.is_none_or(|owner| column(laying, owner).is_some())
    });
    for wanted in &laying.prisma.catalog.sequences {
        let owner = wanted.owned_by.as_ref();
        let column = owner.and_then(|it| column(laying, it));
        let is_used = column.is_some_and(|it| it.serial.as_ref() == Some(&wanted.name));
        if is_used && !sequences.contains(&wanted.name) {
            sequences.insert(wanted.clone());
        }
    }
    for sequence in sequences.iter_mut() {
        if let Some(ty) = type_to_have(laying, sequence) {
            sequence.options = counting_as(&sequence.options, &ty);
        }
    }
    laying.out.catalog.sequences = sequences;
}

/// The column as it should be.
fn column<'a>(laying: &'a Laying<'_>, owner: &SequenceOwner) -> Option<&'a Column> {
    let table = laying.out.catalog.tables.get(&owner.table)?;
    table.column(&owner.column)
}

/// The type of the field that the sequence counts for, if the sequence should get it: it is greater, or it is new.
///
/// A sequence whose type is greater than that of its column is none of Prisma's business: before PostgreSQL 10 all were,
/// and those that Prisma adds to a column that is there still are.
fn type_to_have(laying: &Laying<'_>, sequence: &Sequence) -> Option<DataType> {
    let owner = sequence.owned_by.as_ref()?;
    if column(laying, owner)?.serial.as_ref() != Some(&sequence.name) {
        return None;
    }
    let in_table = |it: &driftless_catalog::Catalog| {
        let table = it.tables.get(&owner.table)?;
        table.column(&owner.column).cloned()
    };
    let field = in_table(&laying.prisma.catalog)?;
    field.serial.as_ref()?;
    let changes = || {
        let (before, after) = (in_table(laying.base), column(laying, owner));
        matches!((before, after), (Some(a), Some(b)) if a.data_type != b.data_type)
    };
    let greatest = |ty: &DataType| SequenceOptions::of(ty.clone()).max;
    let (is, wanted) = (&sequence.options.data_type, field.data_type);
    let grows = greatest(is) < greatest(&wanted);
    (grows || *is != wanted && changes()).then_some(wanted)
}

/// The options after `AS ty`: limits that were those of the old type become those of the new one, and others stay as far
/// as it reaches.
///
/// Follows PostgreSQL, `ALTER SEQUENCE`, but for limits that the new type does not have: there the server refuses.
fn counting_as(options: &SequenceOptions, ty: &DataType) -> SequenceOptions {
    let (old, new) = (
        SequenceOptions::of(options.data_type.clone()),
        SequenceOptions::of(ty.clone()),
    );
    let lowest = |of: &SequenceOptions| -of.max - 1;
    let max = match options.max == old.max {
        true => new.max,
        false => options.max.min(new.max),
    };
    let min = match options.min == lowest(&old) {
        true => lowest(&new),
        false => options.min.max(lowest(&new)),
    };
    SequenceOptions {
        data_type: ty.clone(),
        max,
        min,
        ..options.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_the_type_change_with_it_and_others_stay() {
        let [small, int, big] = ["int2", "int4", "int8"].map(DataType::builtin);
        let usual = SequenceOptions::of(int.clone());
        assert_eq!(counting_as(&usual, &big), SequenceOptions::of(big.clone()));
        let chosen = SequenceOptions {
            max: 90_000,
            ..usual.clone()
        };
        assert_eq!(counting_as(&chosen, &big).max, 90_000);
        assert_eq!(counting_as(&chosen, &small).max, 32_767);
        let down = SequenceOptions {
            increment: -1,
            max: -1,
            min: i64::from(i32::MIN),
            ..usual
        };
        assert_eq!(counting_as(&down, &big).min, i64::MIN);
        assert_eq!(counting_as(&down, &small).min, i64::from(i16::MIN));
    }
}
