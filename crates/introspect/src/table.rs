//! Relations of every kind: tables, views, materialized views, sequences.

use std::collections::{BTreeMap, HashMap};

use driftless_catalog::{
    Catalog, CheckOption, Collection, Common, Expression, GrantClass, Ident, IdentityKind,
    MaterializedView, ObjectId, Partition, PartitionBy, PartitionStrategy, Persistence,
    QualifiedName, ReplicaIdentity, RowSecurity, Table, View,
};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::acl;
use crate::fields::{Fields, unknown};
use crate::names::{Names, class};

/// What is being put together, by the number of the relation.
#[derive(Default)]
pub(crate) struct Relations {
    pub(crate) tables: BTreeMap<u32, Table>,
    pub(crate) views: BTreeMap<u32, View>,
    pub(crate) materialized_views: BTreeMap<u32, MaterializedView>,
    pub(crate) sequences: BTreeMap<u32, SequenceShell>,
    /// Identity columns, by relation and number; their sequences are read later.
    pub(crate) identities: HashMap<(u32, i16), IdentityKind>,
}

/// What `pg_class` says of a sequence.
pub(crate) struct SequenceShell {
    pub(crate) name: QualifiedName,
    pub(crate) persistence: Persistence,
    pub(crate) common: Common,
}

impl Relations {
    /// Adds relations.
    pub(crate) fn read(&mut self, rows: &[Row], names: &mut Names) -> Result<(), IntrospectError> {
        for row in rows {
            let shell = Shell::read(row, names)?;
            if names.is_member(class::RELATION, shell.oid) {
                continue;
            }
            let oid = shell.oid;
            let name = shell.name.clone();
            let id = match shell.kind {
                'r' | 'p' => {
                    self.tables.insert(oid, shell.table(names)?);
                    ObjectId::Table(name)
                }
                'v' => {
                    self.views.insert(oid, shell.view()?);
                    ObjectId::View(name)
                }
                'm' => {
                    self.materialized_views
                        .insert(oid, shell.materialized_view());
                    ObjectId::MaterializedView(name)
                }
                'S' => {
                    self.sequences.insert(oid, shell.sequence());
                    ObjectId::Sequence(name)
                }
                other => return Err(unknown("pg_class.relkind", other)),
            };
            names.objects.insert((class::RELATION, oid), id);
        }
        Ok(())
    }

    /// Fills in parents of partitions and of tables that inherit.
    pub(crate) fn inherit(&mut self, rows: &[Row]) -> Result<(), IntrospectError> {
        for row in rows {
            let mut it = Fields::new("inheritance", row);
            let child: u32 = it.next()?;
            let parent = QualifiedName::new(it.ident()?, it.ident()?);
            let Some(table) = self.tables.get_mut(&child) else {
                continue;
            };
            match &mut table.partition {
                Some(partition) => partition.of = parent,
                None => table.inherits.push(parent),
            }
        }
        Ok(())
    }

    /// Moves everything but the sequences into `catalog`.
    pub(crate) fn fill(self, catalog: &mut Catalog) {
        catalog.tables = self.tables.into_values().collect();
        catalog.views = self.views.into_values().collect();
        catalog.materialized_views = self.materialized_views.into_values().collect();
    }
}

/// A row of `pg_class` with what goes with it.
struct Shell {
    oid: u32,
    kind: char,
    name: QualifiedName,
    persistence: Persistence,
    row_security: RowSecurity,
    replica_identity: char,
    populated: bool,
    options: Vec<String>,
    access_method: Option<Ident>,
    tablespace: Option<Ident>,
    bound: Option<Expression>,
    partition_by: Option<PartitionBy>,
    of_type: u32,
    /// How many columns it has, those included that were dropped.
    column_count: i16,
    common: Common,
}

impl Shell {
    fn read(row: &Row, names: &Names) -> Result<Self, IntrospectError> {
        let mut it = Fields::new("relation", row);
        let (oid, name, schema) = (it.next()?, it.ident()?, it.next()?);
        let kind = it.code()?;
        let persistence = persistence(it.code()?)?;
        let owner = names.role(it.next()?)?;
        let default = if kind == 'S' {
            GrantClass::Sequence
        } else {
            GrantClass::Relation
        };
        let grants = acl::grants(it.next()?, default, Some(&owner), names.major)?;
        let row_security = RowSecurity {
            enabled: it.next()?,
            forced: it.next()?,
        };
        let (replica_identity, populated) = (it.code()?, it.next()?);
        let mut options: Vec<String> = it.next::<Option<_>>()?.unwrap_or_default();
        let toast: Vec<&str> = it.next::<Option<_>>()?.unwrap_or_default();
        options.extend(toast.into_iter().map(|it| format!("toast.{it}")));
        let access_method = it.maybe_ident()?;
        let tablespace = it.maybe_ident()?;
        let bound = it.next::<Option<&str>>()?.map(|it| names.printed(it));
        let (strategy, key) = (it.code()?, it.next::<Option<&str>>()?);
        Ok(Self {
            oid,
            kind,
            name: names.qualified(schema, name)?,
            persistence,
            row_security,
            replica_identity,
            populated,
            options,
            access_method,
            tablespace,
            bound,
            partition_by: key
                .map(|key| partition_by(strategy, key, names))
                .transpose()?,
            of_type: it.next()?,
            column_count: it.next()?,
            common: Common {
                owner: Some(owner),
                comment: None,
                grants: Some(grants),
            },
        })
    }

    fn table(self, names: &Names) -> Result<Table, IntrospectError> {
        let of_type = match self.of_type {
            0 => None,
            oid => names.data_type(oid, -1, None)?.name.user_defined(),
        };
        Ok(Table {
            row_security: self.row_security,
            persistence: self.persistence,
            partition_by: self.partition_by,
            // Its parent's name comes with the inheritance rows.
            partition: self.bound.map(|bound| Partition {
                of: self.name.clone(),
                bound,
            }),
            options: self.options,
            replica_identity: replica_identity(self.replica_identity)?,
            access_method: self.access_method.filter(|it| *it != "heap"),
            tablespace: self.tablespace,
            of_type,
            common: self.common,
            columns: Vec::with_capacity(usize::try_from(self.column_count).unwrap_or(0)),
            ..Table::new(self.name)
        })
    }

    fn view(self) -> Result<View, IntrospectError> {
        let mut view = View {
            name: self.name,
            columns: Vec::new(),
            definition: Expression::written(""),
            security_invoker: false,
            security_barrier: false,
            check_option: None,
            triggers: Collection::default(),
            common: self.common,
        };
        for option in &self.options {
            let (name, value) = option.split_once('=').unwrap_or((option, "true"));
            let on = matches!(value, "true" | "on" | "yes" | "1");
            match (name, value) {
                ("security_invoker", _) => view.security_invoker = on,
                ("security_barrier", _) => view.security_barrier = on,
                ("check_option", "local") => view.check_option = Some(CheckOption::Local),
                ("check_option", "cascaded") => view.check_option = Some(CheckOption::Cascaded),
                _ => return Err(unknown("pg_class.reloptions of a view", option)),
            }
        }
        Ok(view)
    }

    fn materialized_view(self) -> MaterializedView {
        MaterializedView {
            name: self.name,
            columns: Vec::new(),
            definition: Expression::written(""),
            populated: self.populated,
            indexes: Collection::default(),
            options: self.options,
            tablespace: self.tablespace,
            common: self.common,
        }
    }

    fn sequence(self) -> SequenceShell {
        SequenceShell {
            name: self.name,
            persistence: self.persistence,
            common: self.common,
        }
    }
}

fn persistence(code: char) -> Result<Persistence, IntrospectError> {
    match code {
        'p' => Ok(Persistence::Permanent),
        'u' => Ok(Persistence::Unlogged),
        other => Err(unknown("pg_class.relpersistence", other)),
    }
}

fn replica_identity(code: char) -> Result<ReplicaIdentity, IntrospectError> {
    match code {
        // Which index it is, the index itself says.
        'd' | 'i' => Ok(ReplicaIdentity::Default),
        'f' => Ok(ReplicaIdentity::Full),
        'n' => Ok(ReplicaIdentity::Nothing),
        other => Err(unknown("pg_class.relreplident", other)),
    }
}

fn partition_by(code: char, key: &str, names: &Names) -> Result<PartitionBy, IntrospectError> {
    let strategy = match code {
        'r' => PartitionStrategy::Range,
        'l' => PartitionStrategy::List,
        'h' => PartitionStrategy::Hash,
        other => return Err(unknown("pg_partitioned_table.partstrat", other)),
    };
    // The server prints `RANGE (a, b)`.
    let inner = key.split_once('(').map_or(key, |(_, rest)| rest);
    let inner = inner.strip_suffix(')').unwrap_or(inner);
    Ok(PartitionBy {
        strategy,
        key: names.printed(inner),
    })
}
