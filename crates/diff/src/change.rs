use driftless_catalog::{
    Column, Constraint, DefaultPrivilege, Domain, DomainConstraint, EnumType, Expression,
    Extension, Function, Grants, Ident, Index, MaterializedView, ObjectId, Other, Partition,
    Policy, QualifiedName, RowSecurity, Schema, Sequence, SequenceOwner, Table, Trigger, View,
};

use crate::{
    column, constraint, default_privilege, domain, enum_type, extension, function, index,
    materialized_view, other, policy, sequence, table, trigger, view,
};

/// One step of the way from one state to another: one object, one aspect of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Change<'a> {
    /// A schema is made or dropped.
    Schema(Delta<'a, Schema>),
    /// An extension is installed, removed, moved or updated.
    Extension(Delta<'a, Extension>),
    /// An enum type.
    Enum(Delta<'a, EnumType>),
    /// A domain.
    Domain(Delta<'a, Domain>),
    /// A sequence.
    Sequence(Delta<'a, Sequence>),
    /// A sequence goes with another column, or with none.
    SequenceOwner {
        /// The sequence.
        sequence: &'a QualifiedName,
        /// As it is.
        from: Option<&'a SequenceOwner>,
        /// As it should be.
        to: Option<&'a SequenceOwner>,
    },
    /// A table as a whole. Made: with columns and all constraints but foreign keys. Altered: what is
    /// neither column nor constraint nor row security.
    Table(Delta<'a, Table>),
    /// A table that stays is attached to a partitioned table, or detached from one.
    Partition {
        /// The table.
        table: &'a QualifiedName,
        /// Which part of which table it is.
        from: Option<&'a Partition>,
        /// Which part of which table it should be.
        to: Option<&'a Partition>,
    },
    /// A column of a table that stays.
    Column {
        /// The table.
        table: &'a QualifiedName,
        /// The column.
        delta: Delta<'a, Column>,
    },
    /// A constraint of a table that stays, or a foreign key of any table.
    Constraint {
        /// The table.
        table: &'a QualifiedName,
        /// The constraint; an altered one may have another name.
        delta: Delta<'a, Constraint>,
    },
    /// An index that no constraint owns.
    Index {
        /// The table or materialized view.
        relation: &'a QualifiedName,
        /// The index; an altered one may have another name.
        delta: Delta<'a, Index>,
    },
    /// The index of a partition, its own or that of a key, becomes a part of the index of the partitioned table.
    AttachIndex {
        /// The partition.
        table: &'a QualifiedName,
        /// Its index.
        index: &'a Ident,
        /// The index of the partitioned table.
        to: &'a QualifiedName,
    },
    /// A trigger.
    Trigger {
        /// The table or view.
        relation: &'a QualifiedName,
        /// The trigger.
        delta: Delta<'a, Trigger>,
    },
    /// The rows of a table that is made anew, and which gave away its name meanwhile, move.
    Rows {
        /// The table as it is.
        from: &'a Table,
        /// The table as it should be.
        to: &'a Table,
    },
    /// The default of a column that stays: it goes for as long as what it calls is not there.
    Default {
        /// The table.
        table: &'a QualifiedName,
        /// The column.
        column: &'a Ident,
        /// The default, which is made or dropped.
        delta: Delta<'a, Expression>,
    },
    /// A check of a domain that stays.
    DomainConstraint {
        /// The domain.
        domain: &'a QualifiedName,
        /// The check.
        delta: Delta<'a, DomainConstraint>,
    },
    /// Row level security is switched.
    RowSecurity {
        /// The table.
        table: &'a QualifiedName,
        /// As it is.
        from: RowSecurity,
        /// As it should be.
        to: RowSecurity,
    },
    /// A policy.
    Policy {
        /// The table.
        table: &'a QualifiedName,
        /// The policy.
        delta: Delta<'a, Policy>,
    },
    /// A view.
    View(Delta<'a, View>),
    /// A materialized view.
    MaterializedView(Delta<'a, MaterializedView>),
    /// A function or procedure.
    Function(Delta<'a, Function>),
    /// A default privilege.
    DefaultPrivilege(Delta<'a, DefaultPrivilege>),
    /// Anything else.
    Other(Delta<'a, Other>),
    /// An object gets another owner.
    Owner {
        /// The object.
        object: ObjectId,
        /// Whose it is; `None` for an object that is just being made.
        from: Option<&'a Ident>,
        /// Whose it should be.
        to: &'a Ident,
    },
    /// An object gets another comment, or none.
    Comment {
        /// The object.
        object: ObjectId,
        /// As it is.
        from: Option<&'a str>,
        /// As it should be.
        to: Option<&'a str>,
    },
    /// Privileges are granted and revoked.
    Grants {
        /// The object.
        object: ObjectId,
        /// As it is, or as it will be when it has been made.
        from: Grants,
        /// As it should be.
        to: &'a Grants,
    },
}

/// What happens to an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Delta<'a, T> {
    /// It is missing.
    Create(&'a T),
    /// It should not be there.
    Drop(&'a T),
    /// It is there and different.
    Alter {
        /// As it is.
        from: &'a T,
        /// As it should be.
        to: &'a T,
    },
}

/// One property in which two versions of an object differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What the property is called: `type`, `default`, `USING`.
    pub aspect: &'static str,
    /// As it is, or `none`.
    pub from: String,
    /// As it should be, or `none`.
    pub to: String,
}

impl<'a, T> Delta<'a, T> {
    /// The object as it should be, or, if it is dropped, as it is.
    pub fn object(&self) -> &'a T {
        match self {
            Self::Create(it) | Self::Drop(it) | Self::Alter { to: it, .. } => it,
        }
    }

    /// The object as it is, or, if it is made, as it should be.
    pub fn before(&self) -> &'a T {
        match self {
            Self::Create(it) | Self::Drop(it) | Self::Alter { from: it, .. } => it,
        }
    }

    fn differences(&self, between: impl Fn(&T, &T) -> Vec<Difference>) -> Vec<Difference> {
        match self {
            Self::Create(_) | Self::Drop(_) => Vec::new(),
            Self::Alter { from, to } => between(from, to),
        }
    }
}

impl Change<'_> {
    /// The object that changes, by the name it should have.
    pub fn object(&self) -> ObjectId {
        match self {
            Self::Schema(it) => ObjectId::Schema(it.object().name.clone()),
            Self::Extension(it) => ObjectId::Extension(it.object().name.clone()),
            Self::Enum(it) => ObjectId::Enum(it.object().name.clone()),
            Self::Domain(it) => ObjectId::Domain(it.object().name.clone()),
            Self::Sequence(it) => ObjectId::Sequence(it.object().name.clone()),
            Self::SequenceOwner { sequence, .. } => ObjectId::Sequence((*sequence).clone()),
            Self::Table(it) => ObjectId::Table(it.object().name.clone()),
            Self::Rows { to, .. } => ObjectId::Table(to.name.clone()),
            Self::Column { table, delta } => {
                ObjectId::Column((*table).clone(), delta.object().name.clone())
            }
            Self::Default { table, column, .. } => {
                ObjectId::Column((*table).clone(), (*column).clone())
            }
            Self::DomainConstraint { domain, delta } => {
                ObjectId::DomainConstraint((*domain).clone(), delta.object().name.clone())
            }
            Self::Constraint { table, delta } => {
                ObjectId::Constraint((*table).clone(), delta.object().name.clone())
            }
            Self::Index { relation, delta } => {
                ObjectId::Index(relation.sibling(delta.object().name.clone()))
            }
            Self::AttachIndex { table, index, .. } => {
                ObjectId::Index(table.sibling((*index).clone()))
            }
            Self::Trigger { relation, delta } => {
                ObjectId::Trigger((*relation).clone(), delta.object().name.clone())
            }
            Self::Partition { table, .. } | Self::RowSecurity { table, .. } => {
                ObjectId::Table((*table).clone())
            }
            Self::Policy { table, delta } => {
                ObjectId::Policy((*table).clone(), delta.object().name.clone())
            }
            Self::View(it) => ObjectId::View(it.object().name.clone()),
            Self::MaterializedView(it) => ObjectId::MaterializedView(it.object().name.clone()),
            Self::Function(it) => ObjectId::Function(it.object().id.clone()),
            Self::DefaultPrivilege(it) => ObjectId::DefaultPrivilege(it.object().id.clone()),
            Self::Other(it) => ObjectId::Other(it.object().id.clone()),
            Self::Owner { object, .. }
            | Self::Comment { object, .. }
            | Self::Grants { object, .. } => object.clone(),
        }
    }

    /// The relation that the object is a part of, if it is one's part.
    pub fn relation(&self) -> Option<&QualifiedName> {
        match self {
            Self::Column { table, .. }
            | Self::AttachIndex { table, .. }
            | Self::Default { table, .. }
            | Self::Constraint { table, .. }
            | Self::RowSecurity { table, .. }
            | Self::Policy { table, .. } => Some(table),
            Self::Index { relation, .. } | Self::Trigger { relation, .. } => Some(relation),
            Self::Schema(_)
            | Self::Extension(_)
            | Self::Enum(_)
            | Self::Domain(_)
            | Self::DomainConstraint { .. }
            | Self::Sequence(_)
            | Self::SequenceOwner { .. }
            | Self::Table(_)
            | Self::Partition { .. }
            | Self::Rows { .. }
            | Self::View(_)
            | Self::MaterializedView(_)
            | Self::Function(_)
            | Self::DefaultPrivilege(_)
            | Self::Other(_)
            | Self::Owner { .. }
            | Self::Comment { .. }
            | Self::Grants { .. } => None,
        }
    }

    /// Whether it makes an object.
    pub fn is_create(&self) -> bool {
        self.direction() == Direction::Create
    }

    /// Whether it drops an object.
    pub fn is_drop(&self) -> bool {
        self.direction() == Direction::Drop
    }

    /// Whether it says something of an object, and leaves its definition as it is.
    pub(crate) fn is_about(&self) -> bool {
        matches!(
            self,
            Self::Owner { .. } | Self::Grants { .. } | Self::Comment { .. }
        )
    }

    pub(crate) fn direction(&self) -> Direction {
        match self {
            Self::Schema(it) => it.direction(),
            Self::Extension(it) => it.direction(),
            Self::Enum(it) => it.direction(),
            Self::Domain(it) => it.direction(),
            Self::Sequence(it) => it.direction(),
            Self::Table(it) => it.direction(),
            Self::Column { delta, .. } => delta.direction(),
            Self::Default { delta, .. } => delta.direction(),
            Self::DomainConstraint { delta, .. } => delta.direction(),
            Self::Constraint { delta, .. } => delta.direction(),
            Self::Index { delta, .. } => delta.direction(),
            Self::Trigger { delta, .. } => delta.direction(),
            Self::Policy { delta, .. } => delta.direction(),
            Self::View(it) => it.direction(),
            Self::MaterializedView(it) => it.direction(),
            Self::Function(it) => it.direction(),
            Self::DefaultPrivilege(it) => it.direction(),
            Self::Other(it) => it.direction(),
            Self::RowSecurity { .. }
            | Self::AttachIndex { .. }
            | Self::Partition { .. }
            | Self::Rows { .. }
            | Self::SequenceOwner { .. }
            | Self::Owner { .. }
            | Self::Comment { .. }
            | Self::Grants { .. } => Direction::Alter,
        }
    }

    /// In what the object differs, property by property; empty if it is made or dropped.
    pub fn differences(&self) -> Vec<Difference> {
        match self {
            Self::Schema(_) | Self::Rows { .. } => Vec::new(),
            Self::Extension(it) => it.differences(extension::differences),
            Self::Enum(it) => it.differences(enum_type::differences),
            Self::Domain(it) => it.differences(domain::differences),
            Self::Sequence(it) => it.differences(sequence::differences),
            Self::SequenceOwner { from, to, .. } => sequence::owner_differences(*from, *to),
            Self::Table(it) => it.differences(table::differences),
            Self::Partition { from, to, .. } => table::partition_differences(*from, *to),
            Self::Column { delta, .. } => delta.differences(column::differences),
            Self::Default { delta, .. } => {
                let show = |it: &Expression| Some(it.to_string());
                delta.differences(|from, to| vec![difference("default", &show(from), &show(to))])
            }
            Self::DomainConstraint { delta, .. } => {
                delta.differences(domain::constraint_differences)
            }
            Self::Constraint { delta, .. } => delta.differences(constraint::differences),
            Self::Index { delta, .. } => delta.differences(index::differences),
            Self::AttachIndex { to, .. } => {
                vec![difference(
                    index::PARTITION_OF,
                    &None,
                    &Some(to.to_string()),
                )]
            }
            Self::Trigger { delta, .. } => delta.differences(trigger::differences),
            Self::RowSecurity { from, to, .. } => table::row_security_differences(*from, *to),
            Self::Policy { delta, .. } => delta.differences(policy::differences),
            Self::View(it) => it.differences(view::differences),
            Self::MaterializedView(it) => it.differences(materialized_view::differences),
            Self::Function(it) => it.differences(function::differences),
            Self::DefaultPrivilege(it) => it.differences(default_privilege::differences),
            Self::Other(it) => it.differences(other::differences),
            Self::Owner { from, to, .. } => {
                vec![difference(
                    "owner",
                    &from.map(Ident::as_str),
                    &Some(to.as_str()),
                )]
            }
            Self::Comment { from, to, .. } => vec![difference("comment", from, to)],
            Self::Grants { from, to, .. } => crate::common::grant_differences(from, to),
        }
    }
}

/// What happens to an object, without the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Create,
    Drop,
    Alter,
}

impl<T> Delta<'_, T> {
    fn direction(&self) -> Direction {
        match self {
            Self::Create(_) => Direction::Create,
            Self::Drop(_) => Direction::Drop,
            Self::Alter { .. } => Direction::Alter,
        }
    }
}

/// A difference between two values that may be missing.
pub(crate) fn difference<T: ToString>(
    aspect: &'static str,
    from: &Option<T>,
    to: &Option<T>,
) -> Difference {
    let show = |it: &Option<T>| it.as_ref().map_or_else(|| "none".to_owned(), T::to_string);
    Difference {
        aspect,
        from: show(from),
        to: show(to),
    }
}

/// The texts by themselves: their order means nothing.
pub(crate) fn sorted(texts: &[String]) -> Vec<String> {
    let mut sorted = texts.to_vec();
    sorted.sort();
    sorted
}

/// Collects the properties in which two versions of an object differ.
#[derive(Default)]
pub(crate) struct Differences(pub(crate) Vec<Difference>);

impl Differences {
    /// Compares values that are always there.
    pub(crate) fn value<T: PartialEq + ToString>(
        &mut self,
        aspect: &'static str,
        from: &T,
        to: &T,
    ) {
        self.shown(aspect, from, to, T::to_string);
    }

    /// Compares values that may be missing.
    pub(crate) fn maybe<T: PartialEq + ToString>(
        &mut self,
        aspect: &'static str,
        from: &Option<T>,
        to: &Option<T>,
    ) {
        if from != to {
            self.0.push(difference(aspect, from, to));
        }
    }

    /// Compares lists.
    pub(crate) fn list<T: PartialEq + ToString>(
        &mut self,
        aspect: &'static str,
        from: &[T],
        to: &[T],
    ) {
        if from != to {
            let show = |it: &[T]| match it {
                [] => None,
                it => Some(it.iter().map(T::to_string).collect::<Vec<_>>().join(", ")),
            };
            self.0.push(difference(aspect, &show(from), &show(to)));
        }
    }

    /// Compares lists whose order means nothing.
    pub(crate) fn set(&mut self, aspect: &'static str, from: &[String], to: &[String]) {
        self.list(aspect, &sorted(from), &sorted(to));
    }

    /// Compares values that have to be shown in a way of their own.
    pub(crate) fn shown<T: PartialEq>(
        &mut self,
        aspect: &'static str,
        from: &T,
        to: &T,
        show: impl Fn(&T) -> String,
    ) {
        if from != to {
            self.0.push(Difference {
                aspect,
                from: show(from),
                to: show(to),
            });
        }
    }
}
