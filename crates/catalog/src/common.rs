use std::collections::BTreeMap;
use std::fmt;

use crate::Ident;

/// What most objects have: an owner, a comment, privileges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Common {
    /// The owning role; `None` where it is not known, as in a Prisma schema, or where the kind has none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub owner: Option<Ident>,
    /// What `COMMENT ON` has set.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub comment: Option<String>,
    /// Who may do what; `None` where it is not known.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub grants: Option<Grants>,
}

/// Privileges on one object, those of its owner included: an ACL with the built-in defaults written out.
///
/// The value says whether the grantee may grant it on. Who granted it is left out: it matters only to
/// `REVOKE … CASCADE`, and differs between databases that are otherwise alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(pub BTreeMap<(Grantee, Privilege), bool>);

/// Whom a privilege is granted to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grantee {
    /// Every role, now and later: the keyword `PUBLIC`.
    Public,
    /// One role.
    Role(Ident),
}

/// A privilege. Follows PostgreSQL, Data Definition, Privileges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Privilege {
    /// Read rows; on a sequence, read its value.
    Select,
    /// Add rows.
    Insert,
    /// Change rows; on a sequence, `nextval` and `setval`.
    Update,
    /// Remove rows.
    Delete,
    /// Empty a table.
    Truncate,
    /// Make foreign keys to a table.
    References,
    /// Make triggers on a table.
    Trigger,
    /// `VACUUM`, `REFRESH`, … (PostgreSQL 17)
    Maintain,
    /// Make objects in a schema or database.
    Create,
    /// Connect to a database.
    Connect,
    /// Make temporary tables in a database.
    Temporary,
    /// Call a function.
    Execute,
    /// Look into a schema, use a type, sequence, language, server.
    Usage,
    /// Set a parameter.
    Set,
    /// `ALTER SYSTEM` a parameter.
    AlterSystem,
}

impl Privilege {
    /// As it stands in `GRANT`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Truncate => "TRUNCATE",
            Self::References => "REFERENCES",
            Self::Trigger => "TRIGGER",
            Self::Maintain => "MAINTAIN",
            Self::Create => "CREATE",
            Self::Connect => "CONNECT",
            Self::Temporary => "TEMPORARY",
            Self::Execute => "EXECUTE",
            Self::Usage => "USAGE",
            Self::Set => "SET",
            Self::AlterSystem => "ALTER SYSTEM",
        }
    }

    /// The privilege of that name, as `aclexplode` prints it; `None` if a newer server has more.
    pub fn parse(name: &str) -> Option<Self> {
        ALL.into_iter().find(|it| it.as_str() == name)
    }
}

const ALL: [Privilege; 15] = [
    Privilege::Select,
    Privilege::Insert,
    Privilege::Update,
    Privilege::Delete,
    Privilege::Truncate,
    Privilege::References,
    Privilege::Trigger,
    Privilege::Maintain,
    Privilege::Create,
    Privilege::Connect,
    Privilege::Temporary,
    Privilege::Execute,
    Privilege::Usage,
    Privilege::Set,
    Privilege::AlterSystem,
];

impl fmt::Display for Privilege {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("PUBLIC"),
            Self::Role(role) => role.fmt(f),
        }
    }
}

/// The kinds of objects that differ in what they grant as long as nobody has said anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantClass {
    /// Tables, views, materialized views, foreign tables.
    Relation,
    /// Sequences.
    Sequence,
    /// Functions, procedures, aggregates.
    Function,
    /// Types and domains.
    Type,
    /// Schemas.
    Schema,
    /// Languages.
    Language,
    /// Foreign data wrappers and servers.
    Foreign,
    /// Columns, which grant nothing of their own.
    Column,
}

impl Grants {
    /// What an object of `class` grants that `owner` has made on a server of `major`, where no default
    /// privileges are set.
    ///
    /// Follows PostgreSQL, Data Definition, Privileges, table "Summary of Access Privileges".
    pub fn built_in(class: GrantClass, owner: Option<&Ident>, major: u16) -> Self {
        use Privilege::{
            Create, Delete, Execute, Insert, Maintain, References, Select, Trigger, Truncate,
            Update, Usage,
        };
        let (own, public): (&[Privilege], Option<Privilege>) = match class {
            GrantClass::Relation if major >= 17 => (
                &[
                    Select, Insert, Update, Delete, Truncate, References, Trigger, Maintain,
                ],
                None,
            ),
            GrantClass::Relation => (
                &[
                    Select, Insert, Update, Delete, Truncate, References, Trigger,
                ],
                None,
            ),
            GrantClass::Sequence => (&[Select, Update, Usage], None),
            GrantClass::Function => (&[Execute], Some(Execute)),
            GrantClass::Type | GrantClass::Language => (&[Usage], Some(Usage)),
            GrantClass::Schema => (&[Usage, Create], None),
            GrantClass::Foreign => (&[Usage], None),
            GrantClass::Column => (&[], None),
        };
        let mut grants = Self::default();
        if let Some(privilege) = public {
            grants.add(Grantee::Public, privilege, false);
        }
        for privilege in own {
            if let Some(owner) = owner {
                grants.add(Grantee::Role(owner.clone()), *privilege, false);
            }
        }
        grants
    }

    /// Adds a privilege; an existing one keeps its grant option if either has it.
    pub fn add(&mut self, grantee: Grantee, privilege: Privilege, grantable: bool) {
        *self.0.entry((grantee, privilege)).or_insert(false) |= grantable;
    }

    /// All privileges, by grantee.
    pub fn iter(&self) -> impl Iterator<Item = (&Grantee, Privilege, bool)> {
        self.0
            .iter()
            .map(|((grantee, privilege), grantable)| (grantee, *privilege, *grantable))
    }
}

#[cfg(feature = "serde")]
mod wire {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Grantee, Grants, Ident, Privilege};

    /// A role may be named `public`, so the keyword is a value of another kind: no role at all.
    #[derive(Serialize, Deserialize)]
    struct Grant {
        to: Option<Ident>,
        privilege: Privilege,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        grantable: bool,
    }

    impl Serialize for Grants {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.iter().map(|(grantee, privilege, grantable)| Grant {
                to: match grantee {
                    Grantee::Public => None,
                    Grantee::Role(role) => Some(role.clone()),
                },
                privilege,
                grantable,
            }))
        }
    }

    impl<'de> Deserialize<'de> for Grants {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let mut grants = Self::default();
            for it in Vec::<Grant>::deserialize(deserializer)? {
                let grantee = it.to.map_or(Grantee::Public, Grantee::Role);
                grants.add(grantee, it.privilege, it.grantable);
            }
            Ok(grants)
        }
    }
}
