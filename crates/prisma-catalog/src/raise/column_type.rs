//! Column types as field types.

use driftless_catalog::{Catalog, DataType, ForeignKey, Ident, ObjectKind, QualifiedName, Table};
use driftless_psl::{Arity, NativeType, ScalarType};

/// The type of a field, without its arity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ColumnType {
    /// One that Prisma has a native type for.
    Native(NativeType),
    /// An enum of the schemas that are read.
    Enum(QualifiedName),
    /// Any other, by the name that Prisma writes.
    Unsupported(String),
}

impl ColumnType {
    /// The built-in type that Prisma Client sees.
    pub(super) fn scalar(&self) -> Option<ScalarType> {
        match self {
            Self::Native(it) => Some(it.scalar_type()),
            Self::Enum(_) | Self::Unsupported(_) => None,
        }
    }

    /// Whether a field of it may reference one of the other.
    fn may_reference(&self, other: &Self) -> bool {
        match (self.scalar(), other.scalar()) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self == other,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Whether Prisma Client can handle values of it.
    pub(super) fn is_supported(&self) -> bool {
        match self {
            Self::Native(_) | Self::Enum(_) => true,
            Self::Unsupported(_) => false,
        }
    }
}

/// Types of a catalog, read as Prisma reads them.
#[derive(Clone, Copy)]
pub(crate) struct Types<'c> {
    pub(crate) catalog: &'c Catalog,
    /// The schemas that are read.
    pub(crate) schemas: &'c [Ident],
    /// Whether types that Prisma has no native type for go by the name that Prisma writes: without modifier, and for an
    /// array mostly that of the array's own type, which cannot be made a column of. And whether a number has digits that
    /// Prisma does not accept in a schema.
    pub(crate) prisma_compatible: bool,
}

impl Types<'_> {
    /// The type of a field for a column of `data_type`, and its arity.
    ///
    /// Of a domain, Prisma sees the type below it, and only one below.
    pub(super) fn read(&self, data_type: &DataType, not_null: bool) -> (ColumnType, Arity) {
        let name = data_type.name.user_defined();
        let domain = name.filter(|_| !data_type.is_array());
        let domain = domain.and_then(|it| self.catalog.domains.get(&it));
        let (data_type, not_null) = match domain {
            Some(domain) => (&domain.base, not_null || domain.not_null),
            None => (data_type, not_null),
        };
        let element = self.element(data_type);
        let arity = match not_null {
            _ if data_type.is_array() => Arity::List,
            _ if self.prisma_compatible && is_vector(data_type) => Arity::List,
            true => Arity::Required,
            false => Arity::Optional,
        };
        (element, arity)
    }

    /// Whether a foreign key can be a relation: Prisma accepts none between an `Int` and a `BigInt`.
    pub(crate) fn can_relate(&self, table: &Table, key: &ForeignKey) -> bool {
        let Some(referenced) = self.catalog.tables.get(&key.references) else {
            return false;
        };
        let pairs = key.columns.iter().zip(&key.referenced_columns);
        let types = pairs.map(|(own, other)| Some((table.column(own)?, referenced.column(other)?)));
        types.flatten().all(|(own, other)| {
            let [own, other] = [own, other].map(|it| self.read(&it.data_type, it.not_null).0);
            own.may_reference(&other)
        })
    }

    fn element(&self, data_type: &DataType) -> ColumnType {
        if let Some(native) = native(data_type, self.prisma_compatible) {
            return ColumnType::Native(native);
        }
        let type_name = &*data_type.name.name;
        let user_defined = data_type.name.user_defined();
        let here = user_defined.filter(|it| self.schemas.contains(&it.schema));
        match here {
            Some(name) if self.is_enum(&name) => ColumnType::Enum(name),
            _ if !self.prisma_compatible => ColumnType::Unsupported(with_modifier(data_type)),
            // Of an array whose elements are no base type of these schemas, Prisma takes the array's own name.
            Some(name) if self.is_base_type(&name) => ColumnType::Unsupported(type_name.to_owned()),
            _ if data_type.is_array() => ColumnType::Unsupported(format!("_{type_name}")),
            _ => ColumnType::Unsupported(type_name.to_owned()),
        }
    }

    /// Whether Prisma sees the enum: one without labels it does not.
    fn is_enum(&self, name: &QualifiedName) -> bool {
        let found = self.catalog.enums.get(name);
        found.is_some_and(|it| !it.labels.is_empty())
    }

    /// A type that is nothing else has functions of its own for input and output, and mostly an extension.
    fn is_base_type(&self, name: &QualifiedName) -> bool {
        let catalog = self.catalog;
        let is_other = catalog.others.iter().any(|it| {
            matches!(
                it.id.kind,
                ObjectKind::CompositeType | ObjectKind::RangeType
            ) && it.id.identity == name.to_string()
        });
        !is_other
            && !catalog.enums.contains(name)
            && !catalog.domains.contains(name)
            && !catalog.tables.contains(name)
            && !catalog.views.contains(name)
            && !catalog.materialized_views.contains(name)
    }
}

/// The name of a type, or of an array's elements, with what stands in its parentheses.
fn with_modifier(data_type: &DataType) -> String {
    let name = &data_type.name.name;
    match &data_type.modifier {
        None => name.to_string(),
        // Its fields stand in front of the parentheses.
        Some(_) if data_type.name.in_pg_catalog() => data_type.element().to_string(),
        Some(modifier) => format!("{name}({modifier})"),
    }
}

/// Arrays by storage, though not by name.
fn is_vector(data_type: &DataType) -> bool {
    let name = &data_type.name;
    name.is_builtin("int2vector") || name.is_builtin("oidvector")
}

/// The native type of a type, or of an array's elements.
///
/// Prisma goes by the bare name, whatever the schema. Follows the Prisma schema reference, *PostgreSQL native
/// type attributes*.
fn native(data_type: &DataType, prisma_compatible: bool) -> Option<NativeType> {
    let numbers: Vec<u32> = data_type
        .modifier
        .iter()
        .flat_map(|it| it.split(','))
        .filter_map(|it| it.trim().parse().ok())
        .collect();
    let length = numbers.first().copied();
    // The server tells the precision of a time, implied or not, but for arrays.
    let precision = match data_type.is_array() {
        true => length,
        false => length.or(Some(6)),
    };
    Some(match &*data_type.name.name {
        "int2" => NativeType::SmallInt,
        "int4" => NativeType::Integer,
        "int8" => NativeType::BigInt,
        "oid" => NativeType::Oid,
        "float4" => NativeType::Real,
        "float8" => NativeType::DoublePrecision,
        "bool" => NativeType::Boolean,
        "text" => NativeType::Text,
        "citext" => NativeType::Citext,
        "varchar" => NativeType::VarChar(length),
        "bpchar" => NativeType::Char(length),
        "char" => NativeType::Char(None),
        "date" => NativeType::Date,
        "bytea" => NativeType::ByteA,
        "json" => NativeType::Json,
        "jsonb" => NativeType::JsonB,
        "uuid" => NativeType::Uuid,
        "xml" => NativeType::Xml,
        "bit" => NativeType::Bit(length),
        "varbit" => NativeType::VarBit(length),
        "numeric" => decimal(data_type, prisma_compatible)?,
        "money" => NativeType::Money,
        "time" => NativeType::Time(precision),
        "timetz" => NativeType::Timetz(precision),
        "timestamp" => NativeType::Timestamp(precision),
        "timestamptz" => NativeType::Timestamptz(precision),
        "inet" => NativeType::Inet,
        _ => return None,
    })
}

/// The native type of a `numeric`; `None` for one that rounds to tens or has only zeros behind the point, which Prisma
/// does not accept. Prisma itself writes it all the same, a negative scale as the server stores it, in eleven bits, and
/// that of an array not at all.
fn decimal(data_type: &DataType, prisma_compatible: bool) -> Option<NativeType> {
    let Some(modifier) = &data_type.modifier else {
        return Some(NativeType::Decimal(None));
    };
    let (precision, scale) = modifier.split_once(',')?;
    let precision: u32 = precision.trim().parse().ok()?;
    let scale: i32 = scale.trim().parse().ok()?;
    Some(NativeType::Decimal(match u32::try_from(scale) {
        Ok(scale) if scale <= precision || prisma_compatible => Some((precision, scale)),
        Err(_) if prisma_compatible && data_type.is_array() => None,
        Err(_) if prisma_compatible => Some((precision, scale.cast_unsigned() & 0x7ff)),
        Ok(_) | Err(_) => return None,
    }))
}
