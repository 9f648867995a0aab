use std::fmt;

use super::ScalarType;

/// A PostgreSQL type as Prisma can name it: what stands behind `@db.`.
///
/// Prisma schema reference, *PostgreSQL native type attributes*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NativeType {
    /// `smallint`
    SmallInt,
    /// `integer`
    Integer,
    /// `bigint`
    BigInt,
    /// `numeric`, with precision and scale
    Decimal(Option<(u32, u32)>),
    /// `money`
    Money,
    /// `inet`
    Inet,
    /// `oid`
    Oid,
    /// `citext`, of the extension of that name
    Citext,
    /// `real`
    Real,
    /// `double precision`
    DoublePrecision,
    /// `varchar`, with a length
    VarChar(Option<u32>),
    /// `char`, with a length
    Char(Option<u32>),
    /// `text`
    Text,
    /// `bytea`
    ByteA,
    /// `timestamp`, with a precision
    Timestamp(Option<u32>),
    /// `timestamptz`, with a precision
    Timestamptz(Option<u32>),
    /// `date`
    Date,
    /// `time`, with a precision
    Time(Option<u32>),
    /// `timetz`, with a precision
    Timetz(Option<u32>),
    /// `boolean`
    Boolean,
    /// `bit`, with a length
    Bit(Option<u32>),
    /// `varbit`, with a length
    VarBit(Option<u32>),
    /// `uuid`
    Uuid,
    /// `xml`
    Xml,
    /// `json`
    Json,
    /// `jsonb`
    JsonB,
}

impl NativeType {
    /// As it is written behind `@db.`, without arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::SmallInt => "SmallInt",
            Self::Integer => "Integer",
            Self::BigInt => "BigInt",
            Self::Decimal(_) => "Decimal",
            Self::Money => "Money",
            Self::Inet => "Inet",
            Self::Oid => "Oid",
            Self::Citext => "Citext",
            Self::Real => "Real",
            Self::DoublePrecision => "DoublePrecision",
            Self::VarChar(_) => "VarChar",
            Self::Char(_) => "Char",
            Self::Text => "Text",
            Self::ByteA => "ByteA",
            Self::Timestamp(_) => "Timestamp",
            Self::Timestamptz(_) => "Timestamptz",
            Self::Date => "Date",
            Self::Time(_) => "Time",
            Self::Timetz(_) => "Timetz",
            Self::Boolean => "Boolean",
            Self::Bit(_) => "Bit",
            Self::VarBit(_) => "VarBit",
            Self::Uuid => "Uuid",
            Self::Xml => "Xml",
            Self::Json => "Json",
            Self::JsonB => "JsonB",
        }
    }

    /// The one field type that may have it.
    pub fn scalar_type(self) -> ScalarType {
        match self {
            Self::SmallInt | Self::Integer | Self::Oid => ScalarType::Int,
            Self::BigInt => ScalarType::BigInt,
            Self::Decimal(_) | Self::Money => ScalarType::Decimal,
            Self::Real | Self::DoublePrecision => ScalarType::Float,
            Self::Boolean => ScalarType::Boolean,
            Self::Json | Self::JsonB => ScalarType::Json,
            Self::ByteA => ScalarType::Bytes,
            Self::Timestamp(_)
            | Self::Timestamptz(_)
            | Self::Date
            | Self::Time(_)
            | Self::Timetz(_) => ScalarType::DateTime,
            Self::Inet
            | Self::Citext
            | Self::VarChar(_)
            | Self::Char(_)
            | Self::Text
            | Self::Bit(_)
            | Self::VarBit(_)
            | Self::Uuid
            | Self::Xml => ScalarType::String,
        }
    }

    /// The arguments in parentheses, in order.
    pub fn arguments(self) -> Vec<u32> {
        match self {
            Self::Decimal(Some((precision, scale))) => vec![precision, scale],
            Self::VarChar(Some(it))
            | Self::Char(Some(it))
            | Self::Timestamp(Some(it))
            | Self::Timestamptz(Some(it))
            | Self::Time(Some(it))
            | Self::Timetz(Some(it))
            | Self::Bit(Some(it))
            | Self::VarBit(Some(it)) => vec![it],
            Self::Decimal(None)
            | Self::VarChar(None)
            | Self::Char(None)
            | Self::Timestamp(None)
            | Self::Timestamptz(None)
            | Self::Time(None)
            | Self::Timetz(None)
            | Self::Bit(None)
            | Self::VarBit(None)
            | Self::SmallInt
            | Self::Integer
            | Self::BigInt
            | Self::Money
            | Self::Inet
            | Self::Oid
            | Self::Citext
            | Self::Real
            | Self::DoublePrecision
            | Self::Text
            | Self::ByteA
            | Self::Date
            | Self::Boolean
            | Self::Uuid
            | Self::Xml
            | Self::Json
            | Self::JsonB => vec![],
        }
    }
}

impl fmt::Display for NativeType {
    /// As it is written behind `@db.`: `VarChar(20)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match *self.arguments() {
            [] => Ok(()),
            [one] => write!(f, "({one})"),
            [ref first, ref rest @ ..] => {
                write!(f, "({first}")?;
                rest.iter().try_for_each(|it| write!(f, ", {it}"))?;
                f.write_str(")")
            }
        }
    }
}
