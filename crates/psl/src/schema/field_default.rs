use driftless_finding::Span;

use super::Spanned;

/// A `@default` attribute. Prisma schema reference, *`@default`*.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDefault {
    /// The value.
    pub value: DefaultValue,
    /// `map`: a name for the default. PostgreSQL has none, so this is always absent in a valid schema.
    pub mapped_name: Option<Spanned<String>>,
    /// The whole attribute.
    pub span: Span,
}

/// What a field gets when a row does not say. Prisma schema reference, *`@default`*.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultValue {
    /// `autoincrement()`: a sequence of the database.
    Autoincrement,
    /// `now()`
    Now,
    /// `uuid()`, made by Prisma Client.
    Uuid(UuidVersion),
    /// `ulid()`, made by Prisma Client.
    Ulid,
    /// `cuid()`, made by Prisma Client.
    Cuid(CuidVersion),
    /// `nanoid()`, made by Prisma Client, with its length if written.
    Nanoid(Option<u8>),
    /// `dbgenerated()`: an expression of the database; without one, the database is not told of a default.
    DbGenerated(Option<String>),
    /// A string, escapes resolved: of a `String`, `Json`, `Bytes` (base64), `DateTime` (RFC 3339) or `Decimal` field.
    String(String),
    /// A number, character for character as written.
    Number(String),
    /// `true` or `false`
    Boolean(bool),
    /// The name of an enum value in the schema.
    EnumValue(String),
    /// A list of literals.
    List(Vec<DefaultValue>),
}

/// The version of a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UuidVersion {
    /// Random; also what `uuid()` without a version means.
    V4,
    /// Ordered by time.
    V7,
}

/// The version of a CUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CuidVersion {
    /// Also what `cuid()` without a version means.
    V1,
    /// Cuid2.
    V2,
}
