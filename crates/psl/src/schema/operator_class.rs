use std::fmt;

/// `ops` of an index column. Prisma schema reference, *`@@index`*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorClass {
    /// One that Prisma knows by name.
    Known(KnownOperatorClass),
    /// `raw("…")`: as the database writes it.
    Raw(String),
}

macro_rules! operator_classes {
    ($($(#[$doc:meta])* $name:ident = $sql:literal,)*) => {
        /// The operator classes that Prisma knows by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum KnownOperatorClass {
            $($(#[$doc])* $name,)*
        }

        impl KnownOperatorClass {
            /// All of them, in the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As it is written in a schema.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// As it is called in PostgreSQL.
            pub fn sql_name(self) -> &'static str {
                match self {
                    $(Self::$name => $sql,)*
                }
            }
        }
    };
}

operator_classes! {
    /// Gist or SP-GiST, `inet`
    InetOps = "inet_ops",
    /// GIN, `jsonb`
    JsonbOps = "jsonb_ops",
    /// GIN, `jsonb`
    JsonbPathOps = "jsonb_path_ops",
    /// GIN, `any array`
    ArrayOps = "array_ops",
    /// SP-GiST, `text`
    TextOps = "text_ops",
    /// BRIN, `bit`
    BitMinMaxOps = "bit_minmax_ops",
    /// BRIN, `varbit`
    VarBitMinMaxOps = "varbit_minmax_ops",
    /// BRIN, `char`
    BpcharBloomOps = "bpchar_bloom_ops",
    /// BRIN, `char`
    BpcharMinMaxOps = "bpchar_minmax_ops",
    /// BRIN, `bytea`
    ByteaBloomOps = "bytea_bloom_ops",
    /// BRIN, `bytea`
    ByteaMinMaxOps = "bytea_minmax_ops",
    /// BRIN, `date`
    DateBloomOps = "date_bloom_ops",
    /// BRIN, `date`
    DateMinMaxOps = "date_minmax_ops",
    /// BRIN, `date`
    DateMinMaxMultiOps = "date_minmax_multi_ops",
    /// BRIN, `real`
    Float4BloomOps = "float4_bloom_ops",
    /// BRIN, `real`
    Float4MinMaxOps = "float4_minmax_ops",
    /// BRIN, `real`
    Float4MinMaxMultiOps = "float4_minmax_multi_ops",
    /// BRIN, `double precision`
    Float8BloomOps = "float8_bloom_ops",
    /// BRIN, `double precision`
    Float8MinMaxOps = "float8_minmax_ops",
    /// BRIN, `double precision`
    Float8MinMaxMultiOps = "float8_minmax_multi_ops",
    /// BRIN, `inet`
    InetInclusionOps = "inet_inclusion_ops",
    /// BRIN, `inet`
    InetBloomOps = "inet_bloom_ops",
    /// BRIN, `inet`
    InetMinMaxOps = "inet_minmax_ops",
    /// BRIN, `inet`
    InetMinMaxMultiOps = "inet_minmax_multi_ops",
    /// BRIN, `smallint`
    Int2BloomOps = "int2_bloom_ops",
    /// BRIN, `smallint`
    Int2MinMaxOps = "int2_minmax_ops",
    /// BRIN, `smallint`
    Int2MinMaxMultiOps = "int2_minmax_multi_ops",
    /// BRIN, `integer`
    Int4BloomOps = "int4_bloom_ops",
    /// BRIN, `integer`
    Int4MinMaxOps = "int4_minmax_ops",
    /// BRIN, `integer`
    Int4MinMaxMultiOps = "int4_minmax_multi_ops",
    /// BRIN, `bigint`
    Int8BloomOps = "int8_bloom_ops",
    /// BRIN, `bigint`
    Int8MinMaxOps = "int8_minmax_ops",
    /// BRIN, `bigint`
    Int8MinMaxMultiOps = "int8_minmax_multi_ops",
    /// BRIN, `numeric`
    NumericBloomOps = "numeric_bloom_ops",
    /// BRIN, `numeric`
    NumericMinMaxOps = "numeric_minmax_ops",
    /// BRIN, `numeric`
    NumericMinMaxMultiOps = "numeric_minmax_multi_ops",
    /// BRIN, `oid`
    OidBloomOps = "oid_bloom_ops",
    /// BRIN, `oid`
    OidMinMaxOps = "oid_minmax_ops",
    /// BRIN, `oid`
    OidMinMaxMultiOps = "oid_minmax_multi_ops",
    /// BRIN, `text`
    TextBloomOps = "text_bloom_ops",
    /// BRIN, `text`
    TextMinMaxOps = "text_minmax_ops",
    /// BRIN, `timestamp`
    TimestampBloomOps = "timestamp_bloom_ops",
    /// BRIN, `timestamp`
    TimestampMinMaxOps = "timestamp_minmax_ops",
    /// BRIN, `timestamp`
    TimestampMinMaxMultiOps = "timestamp_minmax_multi_ops",
    /// BRIN, `timestamptz`
    TimestampTzBloomOps = "timestamptz_bloom_ops",
    /// BRIN, `timestamptz`
    TimestampTzMinMaxOps = "timestamptz_minmax_ops",
    /// BRIN, `timestamptz`
    TimestampTzMinMaxMultiOps = "timestamptz_minmax_multi_ops",
    /// BRIN, `time`
    TimeBloomOps = "time_bloom_ops",
    /// BRIN, `time`
    TimeMinMaxOps = "time_minmax_ops",
    /// BRIN, `time`
    TimeMinMaxMultiOps = "time_minmax_multi_ops",
    /// BRIN, `timetz`
    TimeTzBloomOps = "timetz_bloom_ops",
    /// BRIN, `timetz`
    TimeTzMinMaxOps = "timetz_minmax_ops",
    /// BRIN, `timetz`
    TimeTzMinMaxMultiOps = "timetz_minmax_multi_ops",
    /// BRIN, `uuid`
    UuidBloomOps = "uuid_bloom_ops",
    /// BRIN, `uuid`
    UuidMinMaxOps = "uuid_minmax_ops",
    /// BRIN, `uuid`
    UuidMinMaxMultiOps = "uuid_minmax_multi_ops",
}

impl KnownOperatorClass {
    /// The class called `name` in a schema.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == name)
    }
}

impl fmt::Display for KnownOperatorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
