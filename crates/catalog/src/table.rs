use crate::{
    Collection, Column, Common, Constraint, ConstraintKind, Expression, Ident, Index, KeyColumns,
    Named, Policy, QualifiedName, Trigger,
};

/// A table: ordinary, partitioned, or a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Table {
    /// Its name.
    pub name: QualifiedName,
    /// By position.
    pub columns: Vec<Column>,
    /// Primary key, unique, foreign key, check, exclusion.
    #[cfg_attr(feature = "serde", serde(default))]
    pub constraints: Collection<Constraint>,
    /// Those that no constraint owns.
    #[cfg_attr(feature = "serde", serde(default))]
    pub indexes: Collection<Index>,
    /// Without the internal ones of foreign keys.
    #[cfg_attr(feature = "serde", serde(default))]
    pub triggers: Collection<Trigger>,
    /// Row level security policies.
    #[cfg_attr(feature = "serde", serde(default))]
    pub policies: Collection<Policy>,
    /// Whether policies count.
    #[cfg_attr(feature = "serde", serde(default))]
    pub row_security: RowSecurity,
    /// Logged or not.
    #[cfg_attr(feature = "serde", serde(default))]
    pub persistence: Persistence,
    /// How its rows are spread over partitions.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub partition_by: Option<PartitionBy>,
    /// The table it is a partition of.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub partition: Option<Partition>,
    /// Parent tables, in order, where it is no partition.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub inherits: Vec<QualifiedName>,
    /// Storage parameters, such as `fillfactor=70`; those of its TOAST table start with `toast.`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub options: Vec<String>,
    /// What identifies a row to a subscriber.
    #[cfg_attr(feature = "serde", serde(default))]
    pub replica_identity: ReplicaIdentity,
    /// The table access method, where it is not `heap`.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub access_method: Option<Ident>,
    /// The tablespace, where it is not the database's own.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub tablespace: Option<Ident>,
    /// The composite type that `CREATE TABLE … OF` named.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub of_type: Option<QualifiedName>,
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

/// `ENABLE` and `FORCE ROW LEVEL SECURITY`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RowSecurity {
    /// Whether policies count for others than the owner.
    pub enabled: bool,
    /// Whether they count for the owner, too.
    pub forced: bool,
}

/// Whether changes are written to the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Persistence {
    /// Yes.
    #[default]
    Permanent,
    /// No: empty after a crash, absent on standbys.
    Unlogged,
}

/// What identifies a row to a subscriber.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ReplicaIdentity {
    /// The primary key.
    #[default]
    Default,
    /// All columns.
    Full,
    /// Nothing.
    Nothing,
    /// The columns of an index.
    Index(Ident),
}

/// How a partitioned table spreads its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PartitionBy {
    /// By which comparison.
    pub strategy: PartitionStrategy,
    /// What stands in the parentheses of `PARTITION BY`, as the server prints it.
    pub key: Expression,
}

/// How partitions are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum PartitionStrategy {
    /// By ranges of values.
    Range,
    /// By lists of values.
    List,
    /// By remainders.
    Hash,
}

/// Which rows of which table a partition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Partition {
    /// The partitioned table.
    pub of: QualifiedName,
    /// `FOR VALUES …` or `DEFAULT`, as the server prints it.
    pub bound: Expression,
}

/// A table that the platform manages (`auth.users`, `storage.objects`): what the user has put on it, and
/// nothing of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ManagedTable {
    /// Its name.
    pub name: QualifiedName,
    /// Triggers that call a function outside the managed schemas.
    #[cfg_attr(feature = "serde", serde(default))]
    pub triggers: Collection<Trigger>,
    /// All its policies.
    #[cfg_attr(feature = "serde", serde(default))]
    pub policies: Collection<Policy>,
    /// Whether row security counts, if the table has policies that it counts for.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub row_security: Option<RowSecurity>,
}

impl Table {
    /// An ordinary table without columns.
    pub fn new(name: QualifiedName) -> Self {
        Self {
            name,
            columns: Vec::new(),
            constraints: Collection::default(),
            indexes: Collection::default(),
            triggers: Collection::default(),
            policies: Collection::default(),
            row_security: RowSecurity::default(),
            persistence: Persistence::Permanent,
            partition_by: None,
            partition: None,
            inherits: Vec::new(),
            options: Vec::new(),
            replica_identity: ReplicaIdentity::Default,
            access_method: None,
            tablespace: None,
            of_type: None,
            common: Common::default(),
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &Ident) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == *name)
    }

    /// The primary key with its name.
    pub fn primary_key(&self) -> Option<(&Constraint, &KeyColumns)> {
        self.constraints.iter().find_map(|it| match &it.kind {
            ConstraintKind::PrimaryKey(key) => Some((it, key)),
            ConstraintKind::Unique(_)
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::NotNull { .. } => None,
        })
    }
}

impl Named for Table {
    type Name = QualifiedName;

    fn name(&self) -> &QualifiedName {
        &self.name
    }
}

impl Named for ManagedTable {
    type Name = QualifiedName;

    fn name(&self) -> &QualifiedName {
        &self.name
    }
}
