use std::fmt;
use std::sync::Arc;

use driftless_sql_text::quote_ident;

/// A PostgreSQL identifier: unquoted, 1 to 63 bytes, no zero byte. Cheap to clone.
///
/// The server cuts longer names with a mere notice (`NAMEDATALEN`, PostgreSQL, SQL Syntax, Identifiers and
/// Key Words); here they are refused, so that a name that was read and one that is about to be written
/// are the same. Displays in quotes only where SQL needs them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(Arc<str>);

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidIdent {
    /// The empty text.
    #[error("a name cannot be empty")]
    Empty,
    /// More than 63 bytes.
    #[error("`{name}` has {bytes} bytes, and PostgreSQL keeps 63")]
    TooLong {
        /// The whole text.
        name: String,
        /// Its length.
        bytes: usize,
    },
    /// A zero byte.
    #[error("a name cannot hold a zero byte")]
    ZeroByte,
}

impl Ident {
    /// The most bytes that a name has.
    pub const MAX_BYTES: usize = 63;

    /// `name` as it is.
    ///
    /// # Errors
    /// [`InvalidIdent`] if PostgreSQL would not keep it as it is.
    pub fn new(name: &str) -> Result<Self, InvalidIdent> {
        match name {
            "" => Err(InvalidIdent::Empty),
            _ if name.contains('\0') => Err(InvalidIdent::ZeroByte),
            _ if name.len() > Self::MAX_BYTES => Err(InvalidIdent::TooLong {
                name: name.to_owned(),
                bytes: name.len(),
            }),
            _ => Ok(Self(name.into())),
        }
    }

    /// `name` cut to 63 bytes at a character boundary, as the server does.
    ///
    /// # Errors
    /// [`InvalidIdent`] for an empty name and for a zero byte.
    pub fn cut(name: &str) -> Result<Self, InvalidIdent> {
        Self::new(&name[..name.floor_char_boundary(Self::MAX_BYTES)])
    }

    /// The name that the server chooses for a part of what has this name: `table_column_key`, or `table_pkey` if no
    /// `column` is given. Where it would be too long, the longer of the two parts gives way.
    ///
    /// Follows PostgreSQL, `makeObjectName`.
    pub fn joined(&self, column: Option<&str>, label: &str) -> Self {
        let (first, second) = (self.as_str(), column.unwrap_or_default());
        let underscores = if column.is_some() { 2 } else { 1 };
        let room = Self::MAX_BYTES.saturating_sub(label.len() + underscores);
        // Byte by byte, until the whole fits; then both end at a character.
        let (mut a, mut b) = (first.len(), second.len());
        while a + b > room {
            *(if a > b { &mut a } else { &mut b }) -= 1;
        }
        let first = &first[..first.floor_char_boundary(a)];
        let second = &second[..second.floor_char_boundary(b)];
        let name = match column {
            Some(_) => format!("{first}_{second}_{label}"),
            None => format!("{first}_{label}"),
        };
        // It is neither empty nor too long.
        Self::new(&name).unwrap_or_else(|_| self.clone())
    }

    /// The name without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote_ident(&self.0))
    }
}

impl AsRef<str> for Ident {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Ident {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Ident {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

/// A name with the schema it lives in. Displays as `public.users`, quoted where SQL needs it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct QualifiedName {
    /// The schema.
    pub schema: Ident,
    /// The name in it.
    pub name: Ident,
}

impl QualifiedName {
    /// `schema.name`.
    pub fn new(schema: Ident, name: Ident) -> Self {
        Self { schema, name }
    }

    /// Another name in the same schema: an index of this table, say.
    pub fn sibling(&self, name: Ident) -> Self {
        Self {
            schema: self.schema.clone(),
            name,
        }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Ident {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Ident {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::new(&name).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_postgres_would_not_keep_is_refused() {
        assert_eq!(Ident::new(""), Err(InvalidIdent::Empty));
        assert_eq!(Ident::new("a\0"), Err(InvalidIdent::ZeroByte));
        assert!(Ident::new(&"a".repeat(63)).is_ok());
        assert!(matches!(
            Ident::new(&"a".repeat(64)),
            Err(InvalidIdent::TooLong { bytes: 64, .. })
        ));
    }

    #[test]
    fn a_name_is_cut_between_characters() {
        let long = format!("{}é", "a".repeat(62));
        assert_eq!(Ident::cut(&long).unwrap().as_str().len(), 62);
    }

    #[test]
    fn names_show_their_quotes_where_sql_needs_them() {
        let name = QualifiedName::new(Ident::new("public").unwrap(), Ident::new("User").unwrap());
        assert_eq!(name.to_string(), "public.\"User\"");
    }
}
