use std::fmt;

use crate::{GrantClass, Grantee, Grants, Ident, Named, Privilege};

/// What `ALTER DEFAULT PRIVILEGES` has set for objects that a role will make.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DefaultPrivilege {
    /// For whose objects, where, of which kind.
    pub id: DefaultPrivilegeId,
    /// With a schema: what is granted on top. Without: all that is granted, instead of the built-in.
    pub grants: Grants,
}

/// What tells one default privilege from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DefaultPrivilegeId {
    /// The role that will make the objects.
    pub role: Ident,
    /// The schema they will be in; `None` for any.
    pub schema: Option<Ident>,
    /// The kind of objects.
    pub kind: DefaultPrivilegeKind,
}

/// The kind of objects that a default privilege is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum DefaultPrivilegeKind {
    /// Tables, views, materialized views, foreign tables.
    Tables,
    /// Sequences.
    Sequences,
    /// Functions, procedures, aggregates.
    Functions,
    /// Types and domains.
    Types,
    /// Schemas.
    Schemas,
    /// Large objects (PostgreSQL 18).
    LargeObjects,
}

impl DefaultPrivilegeKind {
    /// As it stands behind `ON`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tables => "TABLES",
            Self::Sequences => "SEQUENCES",
            Self::Functions => "FUNCTIONS",
            Self::Types => "TYPES",
            Self::Schemas => "SCHEMAS",
            Self::LargeObjects => "LARGE OBJECTS",
        }
    }
}

impl DefaultPrivilegeId {
    /// What is granted where nobody has set it, on a server of `major`: with a schema nothing on top, without
    /// one the built-in privileges.
    ///
    /// Follows PostgreSQL, `ALTER DEFAULT PRIVILEGES`.
    pub fn unset(&self, major: u16) -> Grants {
        let class = match (&self.schema, self.kind) {
            (Some(_), _) => return Grants::default(),
            (None, DefaultPrivilegeKind::Tables) => GrantClass::Relation,
            (None, DefaultPrivilegeKind::Sequences) => GrantClass::Sequence,
            (None, DefaultPrivilegeKind::Functions) => GrantClass::Function,
            (None, DefaultPrivilegeKind::Types) => GrantClass::Type,
            (None, DefaultPrivilegeKind::Schemas) => GrantClass::Schema,
            (None, DefaultPrivilegeKind::LargeObjects) => {
                let mut grants = Grants::default();
                for privilege in [Privilege::Select, Privilege::Update] {
                    grants.add(Grantee::Role(self.role.clone()), privilege, false);
                }
                return grants;
            }
        };
        Grants::built_in(class, Some(&self.role), major)
    }
}

impl fmt::Display for DefaultPrivilegeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.kind.as_str().to_lowercase(), self.role)?;
        match &self.schema {
            Some(schema) => write!(f, " in {schema}"),
            None => Ok(()),
        }
    }
}

impl Named for DefaultPrivilege {
    type Name = DefaultPrivilegeId;

    fn name(&self) -> &DefaultPrivilegeId {
        &self.id
    }
}
