use std::borrow::Cow;
use std::fmt;

use super::{FieldId, ModelId, Schema, Spanned};

/// A relation with both its sides. Prisma schema reference, *Relations*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The name in `@relation("…")`, as the side that was declared first has it.
    pub explicit_name: Option<Spanned<String>>,
    /// What it is made of.
    pub kind: RelationKind,
}

/// The sorts of relations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelationKind {
    /// At most one row on each side.
    OneToOne(ForeignKey),
    /// Any number of rows on the referencing side.
    OneToMany(ForeignKey),
    /// Any number of rows on both, by a join table that Prisma manages.
    ManyToMany(ManyToMany),
}

/// A relation that is stored in columns of one of its models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The referencing model.
    pub model: ModelId,
    /// The relation field on it.
    pub field: FieldId,
    /// The referenced model.
    pub referenced_model: ModelId,
    /// The relation field on that.
    pub referenced_field: FieldId,
    /// The columns, in order.
    pub fields: Vec<FieldId>,
    /// What they reference, in the same order.
    pub references: Vec<FieldId>,
    /// `onDelete`
    pub on_delete: Action,
    /// `onUpdate`
    pub on_update: Action,
    /// `map`: the name of the foreign key.
    pub mapped_name: Option<Spanned<String>>,
}

/// An implicit many-to-many relation. `a` and `b` are the columns of the join table: the model that
/// comes first by name is A; in a self-relation, the field that comes first by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManyToMany {
    /// The model that column `A` references.
    pub model_a: ModelId,
    /// The relation field on it.
    pub field_a: FieldId,
    /// The model that column `B` references.
    pub model_b: ModelId,
    /// The relation field on it.
    pub field_b: FieldId,
}

/// A referential action as written, and as it takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    /// In the schema.
    pub explicit: Option<Spanned<ReferentialAction>>,
    /// What is written, else Prisma's default.
    pub effective: ReferentialAction,
}

/// What happens to a row when the row it references is deleted or changes its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferentialAction {
    /// Follow.
    Cascade,
    /// Refuse at once.
    Restrict,
    /// Refuse at the end of the statement or transaction.
    NoAction,
    /// Reference nothing.
    SetNull,
    /// Reference the default.
    SetDefault,
}

impl ReferentialAction {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 5] = [
        Self::Cascade,
        Self::Restrict,
        Self::NoAction,
        Self::SetNull,
        Self::SetDefault,
    ];

    /// As it is written in a schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cascade => "Cascade",
            Self::Restrict => "Restrict",
            Self::NoAction => "NoAction",
            Self::SetNull => "SetNull",
            Self::SetDefault => "SetDefault",
        }
    }

    /// The action called `name` in a schema.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }
}

impl fmt::Display for ReferentialAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Relation {
    /// The foreign key, or `None` for a many-to-many relation.
    pub fn foreign_key(&self) -> Option<&ForeignKey> {
        match &self.kind {
            RelationKind::OneToOne(it) | RelationKind::OneToMany(it) => Some(it),
            RelationKind::ManyToMany(_) => None,
        }
    }

    /// The name: as written, else both models' names in alphabetical order joined by `To`.
    pub fn name(&self, schema: &Schema) -> Cow<'_, str> {
        if let Some(name) = &self.explicit_name {
            return Cow::Borrowed(&name.value);
        }
        let (one, other) = match &self.kind {
            RelationKind::OneToOne(it) | RelationKind::OneToMany(it) => {
                (it.model, it.referenced_model)
            }
            RelationKind::ManyToMany(it) => (it.model_a, it.model_b),
        };
        let (one, other) = (&schema[one].name.value, &schema[other].name.value);
        Cow::Owned(format!("{}To{}", one.min(other), one.max(other)))
    }
}
