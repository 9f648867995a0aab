use std::fmt;

use crate::{DefaultPrivilegeId, FunctionId, GrantClass, Ident, OtherId, QualifiedName};

/// Which object of a database: its kind and its name. Displays as `table public.users`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ObjectId {
    /// A schema.
    Schema(Ident),
    /// An extension.
    Extension(Ident),
    /// An enum type.
    Enum(QualifiedName),
    /// A domain.
    Domain(QualifiedName),
    /// A check of a domain.
    DomainConstraint(QualifiedName, Ident),
    /// A sequence.
    Sequence(QualifiedName),
    /// A table.
    Table(QualifiedName),
    /// A column of a table, view or materialized view.
    Column(QualifiedName, Ident),
    /// A constraint of a table.
    Constraint(QualifiedName, Ident),
    /// An index that no constraint owns; its own name.
    Index(QualifiedName),
    /// A trigger on a table or view.
    Trigger(QualifiedName, Ident),
    /// A policy on a table.
    Policy(QualifiedName, Ident),
    /// A view.
    View(QualifiedName),
    /// A materialized view.
    MaterializedView(QualifiedName),
    /// A function or procedure.
    Function(FunctionId),
    /// A default privilege.
    DefaultPrivilege(DefaultPrivilegeId),
    /// Anything else.
    Other(OtherId),
}

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ObjectKind {
    /// `CREATE SCHEMA`
    Schema,
    /// `CREATE EXTENSION`
    Extension,
    /// `CREATE TYPE … AS ENUM`
    Enum,
    /// `CREATE DOMAIN`
    Domain,
    /// A check of a domain.
    DomainConstraint,
    /// `CREATE SEQUENCE`
    Sequence,
    /// `CREATE TABLE`
    Table,
    /// A column.
    Column,
    /// A constraint of a table.
    Constraint,
    /// `CREATE INDEX`
    Index,
    /// `CREATE TRIGGER`
    Trigger,
    /// `CREATE POLICY`
    Policy,
    /// `CREATE VIEW`
    View,
    /// `CREATE MATERIALIZED VIEW`
    MaterializedView,
    /// `CREATE FUNCTION`, `CREATE PROCEDURE`
    Function,
    /// `ALTER DEFAULT PRIVILEGES`
    DefaultPrivilege,
    /// `CREATE AGGREGATE`
    Aggregate,
    /// `CREATE TYPE … AS (…)`
    CompositeType,
    /// `CREATE TYPE … AS RANGE`
    RangeType,
    /// `CREATE TYPE` with input and output functions.
    BaseType,
    /// `CREATE RULE`
    Rule,
    /// `CREATE EVENT TRIGGER`
    EventTrigger,
    /// `CREATE COLLATION`
    Collation,
    /// `CREATE STATISTICS`
    StatisticsObject,
    /// `CREATE FOREIGN TABLE`
    ForeignTable,
    /// `CREATE FOREIGN DATA WRAPPER`
    ForeignDataWrapper,
    /// `CREATE SERVER`
    ForeignServer,
    /// `CREATE USER MAPPING`
    UserMapping,
    /// `CREATE PUBLICATION`
    Publication,
    /// `CREATE SUBSCRIPTION`
    Subscription,
    /// `CREATE CAST`
    Cast,
    /// `CREATE CONVERSION`
    Conversion,
    /// `CREATE OPERATOR`
    Operator,
    /// `CREATE OPERATOR CLASS`
    OperatorClass,
    /// `CREATE OPERATOR FAMILY`
    OperatorFamily,
    /// `CREATE ACCESS METHOD`
    AccessMethod,
    /// `CREATE LANGUAGE`
    Language,
    /// `CREATE TRANSFORM`
    Transform,
    /// `CREATE TEXT SEARCH CONFIGURATION`
    TextSearchConfiguration,
    /// `CREATE TEXT SEARCH DICTIONARY`
    TextSearchDictionary,
    /// `CREATE TEXT SEARCH PARSER`
    TextSearchParser,
    /// `CREATE TEXT SEARCH TEMPLATE`
    TextSearchTemplate,
    /// `SECURITY LABEL`
    SecurityLabel,
    /// A row of Supabase's `storage.buckets`.
    StorageBucket,
    /// A row of `cron.job`.
    CronJob,
}

impl ObjectKind {
    /// What a person calls it, lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::DomainConstraint => "domain constraint",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::Column => "column",
            Self::Constraint => "constraint",
            Self::Index => "index",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Function => "function",
            Self::DefaultPrivilege => "default privileges on",
            Self::Aggregate => "aggregate",
            Self::CompositeType => "composite type",
            Self::RangeType => "range type",
            Self::BaseType => "base type",
            Self::Rule => "rule",
            Self::EventTrigger => "event trigger",
            Self::Collation => "collation",
            Self::StatisticsObject => "statistics object",
            Self::ForeignTable => "foreign table",
            Self::ForeignDataWrapper => "foreign data wrapper",
            Self::ForeignServer => "server",
            Self::UserMapping => "user mapping",
            Self::Publication => "publication",
            Self::Subscription => "subscription",
            Self::Cast => "cast",
            Self::Conversion => "conversion",
            Self::Operator => "operator",
            Self::OperatorClass => "operator class",
            Self::OperatorFamily => "operator family",
            Self::AccessMethod => "access method",
            Self::Language => "language",
            Self::Transform => "transform",
            Self::TextSearchConfiguration => "text search configuration",
            Self::TextSearchDictionary => "text search dictionary",
            Self::TextSearchParser => "text search parser",
            Self::TextSearchTemplate => "text search template",
            Self::SecurityLabel => "security label",
            Self::StorageBucket => "storage bucket",
            Self::CronJob => "cron job",
        }
    }
}

impl ObjectKind {
    /// What can be granted on objects of the kind; `None` if nothing.
    pub fn grant_class(self) -> Option<GrantClass> {
        match self {
            Self::Schema => Some(GrantClass::Schema),
            Self::Sequence => Some(GrantClass::Sequence),
            Self::Table | Self::View | Self::MaterializedView | Self::ForeignTable => {
                Some(GrantClass::Relation)
            }
            Self::Column => Some(GrantClass::Column),
            Self::Function | Self::Aggregate => Some(GrantClass::Function),
            Self::Enum | Self::Domain | Self::CompositeType | Self::RangeType | Self::BaseType => {
                Some(GrantClass::Type)
            }
            Self::ForeignDataWrapper | Self::ForeignServer => Some(GrantClass::Foreign),
            Self::Language => Some(GrantClass::Language),
            Self::Extension
            | Self::DomainConstraint
            | Self::Constraint
            | Self::Index
            | Self::Trigger
            | Self::Policy
            | Self::DefaultPrivilege
            | Self::Rule
            | Self::EventTrigger
            | Self::Collation
            | Self::StatisticsObject
            | Self::UserMapping
            | Self::Publication
            | Self::Subscription
            | Self::Cast
            | Self::Conversion
            | Self::Operator
            | Self::OperatorClass
            | Self::OperatorFamily
            | Self::AccessMethod
            | Self::Transform
            | Self::TextSearchConfiguration
            | Self::TextSearchDictionary
            | Self::TextSearchParser
            | Self::TextSearchTemplate
            | Self::SecurityLabel
            | Self::StorageBucket
            | Self::CronJob => None,
        }
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ObjectId {
    /// Its kind.
    pub fn kind(&self) -> ObjectKind {
        match self {
            Self::Schema(_) => ObjectKind::Schema,
            Self::Extension(_) => ObjectKind::Extension,
            Self::Enum(_) => ObjectKind::Enum,
            Self::Domain(_) => ObjectKind::Domain,
            Self::DomainConstraint(..) => ObjectKind::DomainConstraint,
            Self::Sequence(_) => ObjectKind::Sequence,
            Self::Table(_) => ObjectKind::Table,
            Self::Column(..) => ObjectKind::Column,
            Self::Constraint(..) => ObjectKind::Constraint,
            Self::Index(_) => ObjectKind::Index,
            Self::Trigger(..) => ObjectKind::Trigger,
            Self::Policy(..) => ObjectKind::Policy,
            Self::View(_) => ObjectKind::View,
            Self::MaterializedView(_) => ObjectKind::MaterializedView,
            Self::Function(_) => ObjectKind::Function,
            Self::DefaultPrivilege(_) => ObjectKind::DefaultPrivilege,
            Self::Other(it) => it.kind,
        }
    }

    /// Its name without its kind: `public.users`, `public.users.email`, `"read own" on public.users`.
    pub fn name(&self) -> String {
        match self {
            Self::Schema(it) | Self::Extension(it) => it.to_string(),
            Self::Enum(it)
            | Self::Domain(it)
            | Self::Sequence(it)
            | Self::Table(it)
            | Self::Index(it)
            | Self::View(it)
            | Self::MaterializedView(it) => it.to_string(),
            Self::Column(table, column) => format!("{table}.{column}"),
            Self::DomainConstraint(parent, name)
            | Self::Constraint(parent, name)
            | Self::Trigger(parent, name)
            | Self::Policy(parent, name) => format!("{name} on {parent}"),
            Self::Function(it) => it.to_string(),
            Self::DefaultPrivilege(it) => it.to_string(),
            Self::Other(it) => it.to_string(),
        }
    }

    /// The schema it lives in, if it is no part of another object and its kind lives in one.
    pub fn schema(&self) -> Option<&Ident> {
        match self {
            Self::Enum(it)
            | Self::Domain(it)
            | Self::Sequence(it)
            | Self::Table(it)
            | Self::Index(it)
            | Self::View(it)
            | Self::MaterializedView(it) => Some(&it.schema),
            Self::Function(it) => Some(&it.name.schema),
            Self::Schema(_)
            | Self::Extension(_)
            | Self::DomainConstraint(..)
            | Self::Column(..)
            | Self::Constraint(..)
            | Self::Trigger(..)
            | Self::Policy(..)
            | Self::DefaultPrivilege(_)
            | Self::Other(_) => None,
        }
    }

    /// The object it is a part of, which cannot go without it going, too.
    pub fn parent(&self) -> Option<&QualifiedName> {
        match self {
            Self::Column(parent, _)
            | Self::DomainConstraint(parent, _)
            | Self::Constraint(parent, _)
            | Self::Trigger(parent, _)
            | Self::Policy(parent, _) => Some(parent),
            Self::Schema(_)
            | Self::Extension(_)
            | Self::Enum(_)
            | Self::Domain(_)
            | Self::Sequence(_)
            | Self::Table(_)
            | Self::Index(_)
            | Self::View(_)
            | Self::MaterializedView(_)
            | Self::Function(_)
            | Self::DefaultPrivilege(_)
            | Self::Other(_) => None,
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.name())
    }
}
