//! What a change of type does to the values of a column, as Prisma's engine judges it.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "between types that are not listed there is no way over"
)]

use driftless_catalog::{Catalog, Column, DataType};

/// What happens to the values of a column whose type changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// Every value fits.
    Safe,
    /// Some values may not fit: the statement fails, or cuts them.
    Risky,
    /// There is no way from one type to the other: the column is dropped and made again.
    None,
}

/// How the type of a column changes from one state to another; `None` if it does not.
///
/// Follows Prisma Migrate, which drops and makes again a column that becomes a list or an enum.
pub fn type_change(from: (&Column, &Catalog), to: (&Column, &Catalog)) -> Option<Cast> {
    let ((before, from), (after, to)) = (from, to);
    let (before, after) = (&before.data_type, &after.data_type);
    if before == after {
        return None;
    }
    match (is_enum(before, from), is_enum(after, to)) {
        // Prisma's statement does not run without a cast, but there is one.
        (true, true) if before.name == after.name => return Some(Cast::Risky),
        (true, _) | (_, true) => return Some(Cast::None),
        (false, false) => {}
    }
    if before.is_array() != after.is_array() {
        let text = match (after.is_array(), &*after.name.name, size(after)) {
            (false, "text", _) | (false, "varchar", None) => Cast::Safe,
            (false, "varchar" | "bpchar", _) => Cast::Risky,
            _ => Cast::None,
        };
        return Some(text);
    }
    Some(match (Native::of(before), Native::of(after)) {
        (Some(before), Some(after)) => between(before, after),
        (None, _) | (_, None) => Cast::Risky,
    })
}

/// Whether a change of type that succeeds for every value leaves something of some values behind: digits of a
/// number, the clock of a moment.
///
/// Prisma's engine takes such changes for safe. Follows PostgreSQL, *Data Types*.
pub fn loses_quietly(from: &DataType, to: &DataType) -> bool {
    use Native::{
        BigInt, Date, DoublePrecision, Integer, Real, Time, Timestamp, Timestamptz, Timetz,
    };
    let (Some(before), Some(after)) = (Native::of(from), Native::of(to)) else {
        return false;
    };
    let digits = |it: &DataType| size(it).unwrap_or(MOST_FRACTION_DIGITS);
    let is_clock = |it: Native| matches!(it, Timestamp | Timestamptz | Time | Timetz);
    match (before, after) {
        (BigInt, Real | DoublePrecision) | (Integer, Real) => true,
        (Timestamp | Timestamptz, Date | Time | Timetz) | (Timetz, Time) => true,
        (before, after) => is_clock(before) && is_clock(after) && digits(to) < digits(from),
    }
}

/// How many digits a fraction of a second has where the type does not say.
const MOST_FRACTION_DIGITS: u32 = 6;

fn is_enum(ty: &DataType, catalog: &Catalog) -> bool {
    let name = ty.name.user_defined();
    name.is_some_and(|it| catalog.enums.contains(&it))
}

/// The one number in parentheses.
fn size(ty: &DataType) -> Option<u32> {
    ty.modifier.as_deref()?.parse().ok()
}

/// A type that Prisma has a native type for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Native {
    Inet,
    Money,
    Citext,
    Oid,
    SmallInt,
    Integer,
    BigInt,
    Decimal(Option<(u32, u32)>),
    Real,
    DoublePrecision,
    VarChar(Option<u32>),
    Char(Option<u32>),
    Text,
    ByteA,
    Timestamp,
    Timestamptz,
    Date,
    Time,
    Timetz,
    Boolean,
    Bit(Option<u32>),
    VarBit(Option<u32>),
    Uuid,
    Xml,
    Json,
    JsonB,
}

impl Native {
    fn of(ty: &DataType) -> Option<Self> {
        if !ty.name.in_pg_catalog() {
            return (&*ty.name.name == "citext").then_some(Self::Citext);
        }
        Some(match &*ty.name.name {
            "inet" => Self::Inet,
            "money" => Self::Money,
            "oid" => Self::Oid,
            "int2" => Self::SmallInt,
            "int4" => Self::Integer,
            "int8" => Self::BigInt,
            "numeric" => Self::Decimal(precision_and_scale(ty)),
            "float4" => Self::Real,
            "float8" => Self::DoublePrecision,
            "varchar" => Self::VarChar(size(ty)),
            "bpchar" => Self::Char(size(ty)),
            "text" => Self::Text,
            "bytea" => Self::ByteA,
            "timestamp" => Self::Timestamp,
            "timestamptz" => Self::Timestamptz,
            "date" => Self::Date,
            "time" => Self::Time,
            "timetz" => Self::Timetz,
            "bool" => Self::Boolean,
            "bit" => Self::Bit(size(ty)),
            "varbit" => Self::VarBit(size(ty)),
            "uuid" => Self::Uuid,
            "xml" => Self::Xml,
            "json" => Self::Json,
            "jsonb" => Self::JsonB,
            _ => return None,
        })
    }
}

fn precision_and_scale(ty: &DataType) -> Option<(u32, u32)> {
    let text = ty.modifier.as_deref()?;
    let (precision, scale) = text.split_once(',').unwrap_or((text, "0"));
    Some((precision.trim().parse().ok()?, scale.trim().parse().ok()?))
}

fn between(from: Native, to: Native) -> Cast {
    use Native::{
        BigInt, Bit, Boolean, ByteA, Char, Citext, Date, Decimal, DoublePrecision, Inet, Integer,
        Json, JsonB, Money, Oid, Real, SmallInt, Text, Time, Timestamp, Timestamptz, Timetz, Uuid,
        VarBit, VarChar, Xml,
    };
    match (from, to) {
        (Inet, Citext | Text | VarChar(_)) => Cast::Safe,
        (Inet, _) => Cast::None,
        (Money, Citext | Text | VarChar(_)) => Cast::Safe,
        (Money, _) => Cast::Risky,
        (Citext, Text | VarChar(_)) => Cast::Safe,
        (Citext, _) => Cast::Risky,
        (Oid, Text | VarChar(_) | BigInt | Integer) => Cast::Safe,
        (Oid, _) => Cast::None,
        (SmallInt | Integer | BigInt, _) => from_integer(from, to),
        (Decimal(size), _) => from_decimal(size, to),
        (Real, Real | DoublePrecision | Text) | (DoublePrecision, DoublePrecision | Text) => {
            Cast::Safe
        }
        (Real | DoublePrecision, SmallInt | Integer | BigInt | Decimal(_) | Real) => Cast::Risky,
        (Real, VarChar(_) | Char(_)) => digits(to, 47),
        (DoublePrecision, VarChar(_) | Char(_)) => digits(to, 317),
        (Real | DoublePrecision, _) => Cast::None,
        (VarChar(_) | Char(_) | Text, _) => from_text(from, to),
        (ByteA, Text | VarChar(None)) => Cast::Safe,
        (ByteA, VarChar(Some(size)) | Char(Some(size))) if size > 2 => Cast::Risky,
        (ByteA, _) => Cast::None,
        (Timestamp | Timestamptz | Date | Time | Timetz, _) => from_time(from, to),
        (Boolean, Text | VarChar(_)) => Cast::Safe,
        (Boolean, Char(Some(size))) if size > 4 => Cast::Safe,
        (Boolean, Char(Some(4))) => Cast::Risky,
        (Boolean, _) => Cast::None,
        (Bit(_) | VarBit(_), _) => from_bits(from, to),
        (Uuid, Text | VarChar(None)) => Cast::Safe,
        (Uuid, VarChar(Some(size)) | Char(Some(size))) if size > 31 => Cast::Safe,
        (Uuid, _) => Cast::None,
        (Xml, Text | VarChar(None))
        | (Json, Text | JsonB | VarChar(None))
        | (JsonB, Text | Json | VarChar(None)) => Cast::Safe,
        (Xml | Json | JsonB, VarChar(_) | Char(_)) => Cast::Risky,
        (Xml | Json | JsonB, _) => Cast::None,
    }
}

/// Into a string that has to hold up to `count` characters; `CHAR` alone holds one.
fn digits(to: Native, count: u32) -> Cast {
    match to {
        Native::VarChar(Some(size)) | Native::Char(Some(size)) if size < count => Cast::Risky,
        Native::Char(None) => Cast::Risky,
        _ => Cast::Safe,
    }
}

fn from_integer(from: Native, to: Native) -> Cast {
    use Native::{BigInt, Char, Decimal, DoublePrecision, Integer, Real, SmallInt, Text, VarChar};
    // How many digits a value may have, and how many characters with its sign, as Prisma counts them.
    let (whole, characters) = match from {
        SmallInt => (3, 4),
        Integer => (10, 11),
        _ => (19, 20),
    };
    match (from, to) {
        (SmallInt, Integer | BigInt) | (Integer, BigInt) => Cast::Safe,
        (Integer | BigInt, SmallInt) | (BigInt, Integer) => Cast::Risky,
        (_, Decimal(Some((precision, scale)))) if precision.saturating_sub(scale) < whole => {
            Cast::Risky
        }
        (_, Decimal(_) | Real | DoublePrecision | Text) => Cast::Safe,
        (_, VarChar(_) | Char(_)) => digits(to, characters),
        _ => Cast::None,
    }
}

fn from_decimal(from: Option<(u32, u32)>, to: Native) -> Cast {
    use Native::{BigInt, Char, Decimal, DoublePrecision, Integer, Real, SmallInt, Text, VarChar};
    let integer = |fits: u32| match from {
        Some((precision, 0)) if precision <= fits => Cast::Safe,
        _ => Cast::Risky,
    };
    match (from, to) {
        (_, SmallInt) => integer(2),
        (_, Integer) => integer(9),
        (_, BigInt) => integer(18),
        (None, Decimal(Some((precision, scale)))) if precision < 131_072 || scale < 16_383 => {
            Cast::Risky
        }
        (Some((a, b)), Decimal(Some((c, d))))
            if a.saturating_sub(b) > c.saturating_sub(d) || b > d =>
        {
            Cast::Risky
        }
        (_, Decimal(_) | Text) => Cast::Safe,
        (_, Real | DoublePrecision) => Cast::Risky,
        (Some((precision, 0)), VarChar(_) | Char(_)) => digits(to, precision + 1),
        (Some((precision, _)), VarChar(_) | Char(_)) => digits(to, precision + 2),
        (None, VarChar(_) | Char(_)) => digits(to, 131_073),
        _ => Cast::None,
    }
}

fn from_text(from: Native, to: Native) -> Cast {
    use Native::{Char, Citext, Text, VarChar};
    match (from, to) {
        (_, Text) | (Text, VarChar(None) | Citext) => Cast::Safe,
        (Text, VarChar(_) | Char(_)) => Cast::Risky,
        (Char(None), VarChar(_) | Char(_)) => Cast::Safe,
        (VarChar(None), Char(_) | VarChar(Some(_))) => Cast::Risky,
        (VarChar(Some(1)) | Char(Some(1)), VarChar(None) | Char(None)) => Cast::Safe,
        (VarChar(_) | Char(_), Char(None)) => Cast::Risky,
        (VarChar(Some(a)) | Char(Some(a)), VarChar(Some(b)) | Char(Some(b))) if a > b => {
            Cast::Risky
        }
        (VarChar(_) | Char(_), VarChar(_) | Char(_)) => Cast::Safe,
        _ => Cast::None,
    }
}

fn from_time(from: Native, to: Native) -> Cast {
    use Native::{Char, Date, Text, Time, Timestamp, Timestamptz, Timetz, VarChar};
    let characters = match from {
        Timestamp => 22,
        Timestamptz | Date => 27,
        Time => 13,
        _ => 18,
    };
    match (from, to) {
        (_, Text | VarChar(None)) => Cast::Safe,
        (_, VarChar(Some(size)) | Char(Some(size))) if size > characters => Cast::Safe,
        (Timestamp | Timestamptz, Timestamp | Timestamptz | Date | Time | Timetz)
        | (Date, Timestamp | Timestamptz)
        | (Time, Timetz)
        | (Timetz, Time | Timetz) => Cast::Safe,
        _ => Cast::None,
    }
}

fn from_bits(from: Native, to: Native) -> Cast {
    use Native::{Bit, Char, Text, VarBit, VarChar};
    match (from, to) {
        (_, Text | VarChar(None) | VarBit(None)) => Cast::Safe,
        (Bit(None), VarChar(_) | Char(_) | VarBit(_)) => Cast::Safe,
        (Bit(Some(a)), VarChar(Some(b)) | VarBit(Some(b)) | Char(Some(b))) if b >= a => Cast::Safe,
        (VarBit(Some(a)), VarBit(Some(b))) if b > a => Cast::Safe,
        (VarBit(Some(a)), VarChar(Some(b)) | Char(Some(b))) if b >= a => Cast::Safe,
        (VarBit(Some(a)), Bit(Some(b))) if b <= a => Cast::Risky,
        (VarBit(_), VarChar(_) | Char(_) | Bit(None)) => Cast::Risky,
        (VarBit(None), Bit(_)) => Cast::Risky,
        _ => Cast::None,
    }
}

#[cfg(test)]
mod tests {
    use driftless_catalog::Ident;

    use super::*;

    fn cast(from: &str, to: &str) -> Option<Cast> {
        let catalog = Catalog::default();
        let column = |ty: &str| Column::new(Ident::new("c").unwrap(), DataType::parse(ty).unwrap());
        type_change((&column(from), &catalog), (&column(to), &catalog))
    }

    #[test]
    fn what_always_fits_is_safe() {
        for (from, to) in [
            ("int4", "int8"),
            ("varchar(10)", "varchar(20)"),
            ("numeric(10,2)", "numeric(12,2)"),
            ("uuid", "text"),
            ("int4[]", "text"),
            ("timestamp(3)", "timestamptz(6)"),
        ] {
            assert_eq!(cast(from, to), Some(Cast::Safe), "{from} to {to}");
        }
    }

    #[test]
    fn what_may_not_fit_is_risky() {
        for (from, to) in [
            ("int8", "int4"),
            ("text", "varchar(20)"),
            ("numeric(10,2)", "numeric(10,0)"),
            ("float8", "float4"),
            ("point", "circle"),
        ] {
            assert_eq!(cast(from, to), Some(Cast::Risky), "{from} to {to}");
        }
    }

    #[test]
    fn what_succeeds_may_still_lose_something() {
        let loses = |from: &str, to: &str| {
            loses_quietly(
                &DataType::parse(from).unwrap(),
                &DataType::parse(to).unwrap(),
            )
        };
        for (from, to) in [
            ("int8", "float8"),
            ("timestamptz(3)", "date"),
            ("timestamp", "timestamp(3)"),
            ("timestamp(6)", "timestamptz(3)"),
        ] {
            assert!(loses(from, to), "{from} to {to}");
        }
        for (from, to) in [
            ("int4", "float8"),
            ("timestamp(3)", "timestamp"),
            ("date", "timestamp(0)"),
            ("varchar(3)", "text"),
        ] {
            assert!(!loses(from, to), "{from} to {to}");
        }
    }

    #[test]
    fn what_has_no_way_over_is_made_again() {
        for (from, to) in [
            ("text", "int4"),
            ("int4", "timestamp(3)"),
            ("text", "text[]"),
            ("json", "uuid"),
        ] {
            assert_eq!(cast(from, to), Some(Cast::None), "{from} to {to}");
        }
        assert_eq!(cast("text", "text"), None);
    }
}
