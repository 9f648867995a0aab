//! Whether another type of a column needs its table to be written anew.

use driftless_catalog::DataType;

/// What a new type does to the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rewrites {
    No,
    Yes,
    /// It hangs on the server's time zone, or on a type that is not known.
    Perhaps,
}

/// Whether values of one type are stored as the other has them, as `ALTER COLUMN … SET DATA TYPE` decides it.
///
/// Follows PostgreSQL, ALTER TABLE, Notes, and `pg_cast`.
pub(crate) fn rewrites(from: &DataType, to: &DataType) -> Rewrites {
    if from == to {
        return Rewrites::No;
    }
    if from.is_array() || to.is_array() {
        return array(from, to);
    }
    if !from.name.in_pg_catalog() || !to.name.in_pg_catalog() {
        return match from.name == to.name {
            true => Rewrites::Perhaps,
            false => user_defined(from, to),
        };
    }
    let modifier = |it: &DataType| it.modifier.as_deref().map(str::to_owned);
    let (before, after) = (modifier(from), modifier(to));
    let stays = match (&*from.name.name, &*to.name.name) {
        ("varchar" | "text", "varchar" | "text") => match (length(from), length(to)) {
            (_, None) => true,
            (Some(from), Some(to)) => from <= to,
            (None, Some(_)) => false,
        },
        ("varchar" | "text", "bpchar") => after.is_none(),
        ("varbit", "varbit") => match (length(from), length(to)) {
            (_, None) => true,
            (Some(from), Some(to)) => from <= to,
            (None, Some(_)) => false,
        },
        ("bit", "varbit") => after.is_none(),
        ("numeric", "numeric") => match (digits(from), digits(to)) {
            (_, None) => true,
            (Some((precision, scale)), Some((wider, same))) => precision <= wider && scale == same,
            (None, Some(_)) => false,
        },
        ("timestamp", "timestamp")
        | ("timestamptz", "timestamptz")
        | ("time", "time")
        | ("timetz", "timetz") => match (length(from), length(to)) {
            (_, None) => true,
            (from, Some(to)) => to >= 6 || from.is_some_and(|it| it <= to),
        },
        ("interval", "interval") => {
            return match after {
                None => Rewrites::No,
                Some(_) => Rewrites::Perhaps,
            };
        }
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") => {
            return match before == after || after.is_none() {
                true => Rewrites::Perhaps,
                false => Rewrites::Yes,
            };
        }
        ("cidr", "inet") => true,
        ("xml", "text" | "varchar") => after.is_none(),
        (before, after) => is_object_id(before) && is_object_id(after),
    };
    match stays {
        true => Rewrites::No,
        false => Rewrites::Yes,
    }
}

/// Types that hold an object's number.
fn is_object_id(name: &str) -> bool {
    name == "int4" || name == "oid" || name.starts_with("reg")
}

fn array(from: &DataType, to: &DataType) -> Rewrites {
    if from.is_array() != to.is_array() {
        return Rewrites::Yes;
    }
    // The modifier of an element is looked at element by element.
    let plain = to.modifier.is_none();
    match rewrites(&from.element(), &to.element()) {
        Rewrites::No if plain => Rewrites::No,
        Rewrites::Yes | Rewrites::No => Rewrites::Yes,
        Rewrites::Perhaps => Rewrites::Perhaps,
    }
}

/// `citext` is stored as `text` is; of others nothing is known, but that an enum is stored as nothing else.
fn user_defined(from: &DataType, to: &DataType) -> Rewrites {
    let text = |it: &DataType| matches!(&*it.name.name, "text" | "varchar" | "citext");
    match text(from) && text(to) && to.modifier.is_none() {
        true => Rewrites::No,
        false => Rewrites::Perhaps,
    }
}

fn length(ty: &DataType) -> Option<u32> {
    ty.modifier.as_deref()?.trim().parse().ok()
}

fn digits(ty: &DataType) -> Option<(i32, i32)> {
    let modifier = ty.modifier.as_deref()?;
    let (precision, scale) = modifier.split_once(',').unwrap_or((modifier, "0"));
    Some((precision.trim().parse().ok()?, scale.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_hold_the_same_bytes_need_no_rewrite() {
        let ty = |it: &str| DataType::parse(it).unwrap();
        for (from, to, expected) in [
            ("varchar(10)", "varchar(20)", Rewrites::No),
            ("varchar(20)", "varchar(10)", Rewrites::Yes),
            ("varchar(20)", "text", Rewrites::No),
            ("text", "varchar(20)", Rewrites::Yes),
            ("text", "varchar", Rewrites::No),
            ("char(3)", "text", Rewrites::Yes),
            ("numeric(8,2)", "numeric(10,2)", Rewrites::No),
            ("numeric(8,2)", "numeric(10,3)", Rewrites::Yes),
            ("numeric(8)", "numeric", Rewrites::No),
            ("integer", "bigint", Rewrites::Yes),
            ("timestamp(3)", "timestamp(6)", Rewrites::No),
            ("timestamp", "timestamp(3)", Rewrites::Yes),
            ("timestamp", "timestamptz", Rewrites::Perhaps),
            ("varchar(3)[]", "text[]", Rewrites::No),
            ("varchar(3)[]", "varchar(4)[]", Rewrites::Yes),
            ("integer", "oid", Rewrites::No),
        ] {
            assert_eq!(rewrites(&ty(from), &ty(to)), expected, "{from} to {to}");
        }
    }
}
