use std::fmt;

use super::NativeType;

/// A built-in field type. Prisma schema reference, *Model field scalar types*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScalarType {
    /// 32-bit integer.
    Int,
    /// 64-bit integer.
    BigInt,
    /// Floating point.
    Float,
    /// Exact decimal.
    Decimal,
    /// True or false.
    Boolean,
    /// Text.
    String,
    /// Date, time or both.
    DateTime,
    /// JSON.
    Json,
    /// Bytes.
    Bytes,
}

impl ScalarType {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 9] = [
        Self::String,
        Self::Boolean,
        Self::Int,
        Self::BigInt,
        Self::Float,
        Self::Decimal,
        Self::DateTime,
        Self::Json,
        Self::Bytes,
    ];

    /// As it is written in a schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Int => "Int",
            Self::BigInt => "BigInt",
            Self::Float => "Float",
            Self::Decimal => "Decimal",
            Self::Boolean => "Boolean",
            Self::String => "String",
            Self::DateTime => "DateTime",
            Self::Json => "Json",
            Self::Bytes => "Bytes",
        }
    }

    /// The type called `name`, letter case counts.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "Int" => Some(Self::Int),
            "BigInt" => Some(Self::BigInt),
            "Float" => Some(Self::Float),
            "Decimal" => Some(Self::Decimal),
            "Boolean" => Some(Self::Boolean),
            "String" => Some(Self::String),
            "DateTime" => Some(Self::DateTime),
            "Json" => Some(Self::Json),
            "Bytes" => Some(Self::Bytes),
            _ => None,
        }
    }

    /// The PostgreSQL type that a field gets without a `@db.` attribute.
    pub fn default_native_type(self) -> NativeType {
        match self {
            Self::Int => NativeType::Integer,
            Self::BigInt => NativeType::BigInt,
            Self::Float => NativeType::DoublePrecision,
            Self::Decimal => NativeType::Decimal(Some((65, 30))),
            Self::Boolean => NativeType::Boolean,
            Self::String => NativeType::Text,
            Self::DateTime => NativeType::Timestamp(Some(3)),
            Self::Json => NativeType::JsonB,
            Self::Bytes => NativeType::ByteA,
        }
    }
}

impl fmt::Display for ScalarType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
