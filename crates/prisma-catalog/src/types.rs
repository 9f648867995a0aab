//! Prisma's types as PostgreSQL's.

use driftless_catalog::{DataType, TypeName};
use driftless_psl::NativeType;

/// A type with the spelling that Prisma writes.
pub(crate) struct Spelled {
    pub(crate) data_type: DataType,
    pub(crate) text: String,
}

/// Follows the Prisma schema reference, "PostgreSQL", Native type mapping.
pub(crate) fn native(ty: NativeType) -> Spelled {
    let (name, word) = match ty {
        NativeType::SmallInt => ("int2", "SMALLINT"),
        NativeType::Integer => ("int4", "INTEGER"),
        NativeType::BigInt => ("int8", "BIGINT"),
        NativeType::Decimal(_) => ("numeric", "DECIMAL"),
        NativeType::Money => ("money", "MONEY"),
        NativeType::Inet => ("inet", "INET"),
        NativeType::Oid => ("oid", "OID"),
        NativeType::Citext => ("citext", "CITEXT"),
        NativeType::Real => ("float4", "REAL"),
        NativeType::DoublePrecision => ("float8", "DOUBLE PRECISION"),
        NativeType::VarChar(_) => ("varchar", "VARCHAR"),
        NativeType::Char(_) => ("bpchar", "CHAR"),
        NativeType::Text => ("text", "TEXT"),
        NativeType::ByteA => ("bytea", "BYTEA"),
        NativeType::Timestamp(_) => ("timestamp", "TIMESTAMP"),
        NativeType::Timestamptz(_) => ("timestamptz", "TIMESTAMPTZ"),
        NativeType::Date => ("date", "DATE"),
        NativeType::Time(_) => ("time", "TIME"),
        NativeType::Timetz(_) => ("timetz", "TIMETZ"),
        NativeType::Boolean => ("bool", "BOOLEAN"),
        NativeType::Bit(_) => ("bit", "BIT"),
        NativeType::VarBit(_) => ("varbit", "VARBIT"),
        NativeType::Uuid => ("uuid", "UUID"),
        NativeType::Xml => ("xml", "XML"),
        NativeType::Json => ("json", "JSON"),
        NativeType::JsonB => ("jsonb", "JSONB"),
    };
    let arguments: Vec<String> = ty.arguments().iter().map(u32::to_string).collect();
    let modifier = (!arguments.is_empty()).then(|| arguments.join(","));
    let text = match &modifier {
        Some(modifier) => format!("{word}({modifier})"),
        None => word.to_owned(),
    };
    // What the standard implies, the server writes down.
    let length_one = matches!(ty, NativeType::Char(None) | NativeType::Bit(None));
    let implied = length_one.then(|| "1".to_owned());
    // It comes with an extension, in whatever schema that is.
    let mut name = TypeName::builtin(name);
    if ty == NativeType::Citext {
        name.schema = None;
    }
    Spelled {
        data_type: DataType {
            name,
            modifier: modifier.or(implied).map(Into::into),
            dimensions: 0,
        },
        text,
    }
}

/// `Unsupported("…")`: any text. One that cannot be read as a type stands for itself.
pub(crate) fn unsupported(text: &str) -> Spelled {
    let data_type = DataType::parse(text).unwrap_or_else(|| DataType {
        name: TypeName {
            schema: None,
            name: text.into(),
        },
        modifier: None,
        dimensions: 0,
    });
    Spelled {
        data_type,
        text: text.to_owned(),
    }
}

/// The operator class that the extensions `btree_gin` and `btree_gist` have for a type that is no list.
///
/// Follows PostgreSQL, Additional Supplied Modules.
pub(crate) fn scalar_opclass(method: &str, type_name: &str) -> String {
    match (method, type_name) {
        ("gist", "varchar") => "gist_text_ops".to_owned(),
        ("gist", "money") => "gist_cash_ops".to_owned(),
        ("gist", "varbit") => "gist_vbit_ops".to_owned(),
        ("gist", name) => format!("gist_{name}_ops"),
        (_, name) => format!("{name}_ops"),
    }
}

impl Spelled {
    /// An array of it.
    pub(crate) fn array(self) -> Self {
        Self {
            data_type: self.data_type.array(),
            text: format!("{}[]", self.text),
        }
    }
}
