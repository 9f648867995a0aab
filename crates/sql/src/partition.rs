//! Tables and indexes that become parts of others.

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Constraint, ConstraintKind, Ident, Partition, QualifiedName};
use driftless_diff::{Change, Delta, is_complete};

use crate::script::Context;
use crate::{Hazard, Label, SqlOptions, Statement, online};

/// What a plan makes piece by piece.
#[derive(Default)]
pub(crate) struct Piecewise {
    /// Indexes that get parts which are there already.
    wholes: BTreeSet<QualifiedName>,
    /// New partitions that are made as tables of their own.
    tables: BTreeSet<QualifiedName>,
    /// Keys of new tables that are not made with them, by table.
    keys: BTreeSet<(QualifiedName, Ident)>,
}

impl Piecewise {
    pub(crate) fn of(changes: &[Change<'_>]) -> Self {
        let mut found = Self::default();
        let mut made = BTreeSet::new();
        for change in changes {
            if let Change::Table(Delta::Create(it)) = change {
                made.insert(&it.name);
            } else if let Change::AttachIndex { to, .. } = change {
                found.wholes.insert((*to).clone());
            }
        }
        for change in changes {
            if let Change::Partition { table, .. } = change {
                found.tables.extend(made.get(table).map(|it| (*it).clone()));
            } else if let Change::Constraint {
                table,
                delta: Delta::Create(it),
            } = change
                && made.contains(table)
                && !matches!(it.kind, ConstraintKind::ForeignKey(_))
            {
                found.keys.insert(((*table).clone(), it.name.clone()));
            }
        }
        found
    }

    /// Whether a new table is attached by a statement of its own.
    pub(crate) fn is_attached(&self, table: &QualifiedName) -> bool {
        self.tables.contains(table)
    }

    /// Whether a key is made by a statement of its own.
    pub(crate) fn is_apart(&self, table: &QualifiedName, key: &Ident) -> bool {
        self.keys.contains(&(table.clone(), key.clone()))
    }

    /// Whether a key is made without parts, as [`Self::is_index_alone`] tells.
    pub(crate) fn is_alone(
        &self,
        to: &Catalog,
        table: &QualifiedName,
        constraint: &Constraint,
    ) -> bool {
        constraint.has_index() && self.is_index_alone(to, table, &constraint.name)
    }

    /// Whether an index is made without parts: some are there already, or are not to be there.
    pub(crate) fn is_index_alone(
        &self,
        to: &Catalog,
        table: &QualifiedName,
        index: &Ident,
    ) -> bool {
        let is_partitioned = to
            .tables
            .get(table)
            .is_some_and(|it| it.partition_by.is_some());
        let gets_parts = || self.wholes.contains(&table.sibling(index.clone()));
        is_partitioned && (gets_parts() || !is_complete(to, table, index))
    }
}

/// A table that is detached, or attached.
pub(crate) fn render(
    table: &QualifiedName,
    from: Option<&Partition>,
    to: Option<&Partition>,
    context: &Context<'_>,
) -> (Label, Vec<Statement>) {
    let options = context.options;
    let name = options.name(table);
    let stays = context.from.tables.get(table);
    let detached = stays.filter(|_| from.is_some());
    if let Some(statements) = detached.and_then(|it| online::detach(it, context)) {
        return (Label::AlterTable, statements);
    }
    let detach = from.map(|it| {
        let parent = options.name(&it.of);
        format!("ALTER TABLE {parent} DETACH PARTITION {name}")
    });
    let attach = to.map(|it| {
        let parent = options.name(&it.of);
        format!("ALTER TABLE {parent} ATTACH PARTITION {name} {}", it.bound)
    });
    let detach = detach.map(Statement::new).map(|mut it| {
        it.hazards = from.map_or_else(Vec::new, |from| left_behind(from, context));
        it
    });
    let statements = detach.into_iter().chain(attach.map(Statement::new));
    (Label::AlterTable, statements.collect())
}

/// The foreign keys that stay, and may lead to rows that leave with a partition.
fn left_behind(from: &Partition, context: &Context<'_>) -> Vec<Hazard> {
    let above = |it: &QualifiedName| {
        let table = context.from.tables.get(it)?;
        table.partition.as_ref().map(|it| it.of.clone())
    };
    let wholes: Vec<QualifiedName> = std::iter::successors(Some(from.of.clone()), above).collect();
    let mut found = Vec::new();
    for table in &context.from.tables {
        let after = context.to.tables.get(&table.name);
        for it in table.constraints.iter().filter(|it| !it.inherited) {
            let leads_there = matches!(&it.kind, ConstraintKind::ForeignKey(key) if wholes.contains(&key.references));
            let stays = || after.is_some_and(|after| after.constraints.contains(&it.name));
            if leads_there && stays() {
                found.push(Hazard::AddsConstraint {
                    table: table.name.clone(),
                    name: it.name.clone(),
                });
            }
        }
    }
    found
}

/// An index that becomes a part of another one.
pub(crate) fn render_index(
    table: &QualifiedName,
    index: &Ident,
    to: &QualifiedName,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let (part, whole) = (
        options.name(&table.sibling(index.clone())),
        options.name(to),
    );
    let sql = format!("ALTER INDEX {whole} ATTACH PARTITION {part}");
    (Label::AlterIndex, vec![Statement::new(sql)])
}
