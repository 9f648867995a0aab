use std::collections::BTreeMap;
use std::fmt;

use crate::{Common, Named, ObjectKind};

/// An object of a kind that has no type of its own here: known, told apart, compared, never silently equal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Other {
    /// Kind and identity.
    pub id: OtherId,
    /// Everything that was read of it, by the name of the catalog column or property. Names of other objects,
    /// types and expressions are SQL as the server prints it with an empty search path.
    pub attributes: BTreeMap<String, Attribute>,
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

/// What was read of an [`Other`] under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Attribute {
    /// One value; `true` and `false` for what is on or off.
    Text(String),
    /// Several, in an order that counts or in that of their text.
    List(Vec<String>),
    /// Several, each with fields: the attributes of a composite type, say.
    Rows(Vec<Fields>),
}

/// The fields of one of several things that an [`Attribute`] holds.
pub type Fields = BTreeMap<String, String>;

impl Other {
    /// The value of that name; `None` if there is none, or not just one.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.attributes.get(name)? {
            Attribute::Text(text) => Some(text),
            Attribute::List(_) | Attribute::Rows(_) => None,
        }
    }

    /// Whether the value of that name is `true`.
    pub fn is(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// The values of that name, none if there is no such list.
    pub fn list(&self, name: &str) -> &[String] {
        match self.attributes.get(name) {
            Some(Attribute::List(list)) => list,
            Some(Attribute::Text(_) | Attribute::Rows(_)) | None => &[],
        }
    }

    /// The things of that name, none if there are no such ones.
    pub fn rows(&self, name: &str) -> &[Fields] {
        match self.attributes.get(name) {
            Some(Attribute::Rows(rows)) => rows,
            Some(Attribute::Text(_) | Attribute::List(_)) | None => &[],
        }
    }

    /// Whether the role that read it was not allowed to see the attribute of that name: it may be there or not.
    pub fn hides(&self, name: &str) -> bool {
        self.list("unread").iter().any(|it| it == name)
    }
}

impl From<&str> for Attribute {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Lists with commas between, fields as `name: value`.
impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::List(list) => f.write_str(&list.join(", ")),
            Self::Rows(rows) => {
                let field = |(name, value): (&String, &String)| format!("{name}: {value}");
                let row = |it: &Fields| it.iter().map(field).collect::<Vec<_>>().join(", ");
                let rows: Vec<String> = rows.iter().map(row).collect();
                f.write_str(&rows.join("; "))
            }
        }
    }
}

/// Kind and identity of an [`Other`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OtherId {
    /// What it is.
    pub kind: ObjectKind,
    /// As the server's `pg_identify_object` prints it, for data-shaped objects their key.
    pub identity: String,
}

impl fmt::Display for OtherId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.identity)
    }
}

impl Named for Other {
    type Name = OtherId;

    fn name(&self) -> &OtherId {
        &self.id
    }
}
