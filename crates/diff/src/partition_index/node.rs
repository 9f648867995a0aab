//! An index of a partitioned table or of a partition.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{
    Catalog, Constraint, ConstraintKind, Ident, Index, IndexTarget, ObjectId, QualifiedName, Table,
};

use crate::{Change, Delta, Found, constraint, index};

/// An index of a table that is partitioned or a partition: one of its own, or that of a key.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) table: &'a Table,
    pub(super) part: Part<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    Index(&'a Index),
    Key(&'a Constraint),
}

impl<'a> Node<'a> {
    pub(super) fn ident(self) -> &'a Ident {
        match self.part {
            Part::Index(it) => &it.name,
            Part::Key(it) => &it.name,
        }
    }

    pub(super) fn name(self) -> QualifiedName {
        self.table.name.sibling(self.ident().clone())
    }

    /// The index that it is a part of.
    pub(super) fn whole(self) -> Option<&'a QualifiedName> {
        match self.part {
            Part::Index(it) => it.partition_of.as_ref(),
            Part::Key(it) => it.partition_of.as_ref(),
        }
    }

    pub(super) fn object(self) -> ObjectId {
        match self.part {
            Part::Index(it) => ObjectId::Index(self.table.name.sibling(it.name.clone())),
            Part::Key(it) => ObjectId::Constraint(self.table.name.clone(), it.name.clone()),
        }
    }

    pub(super) fn create(self) -> Change<'a> {
        let table = &self.table.name;
        match self.part {
            Part::Index(it) => Change::Index {
                relation: table,
                delta: Delta::Create(it),
            },
            Part::Key(it) => Change::Constraint {
                table,
                delta: Delta::Create(it),
            },
        }
    }

    pub(super) fn drop(self) -> Change<'a> {
        let table = &self.table.name;
        match self.part {
            Part::Index(it) => Change::Index {
                relation: table,
                delta: Delta::Drop(it),
            },
            Part::Key(it) => Change::Constraint {
                table,
                delta: Delta::Drop(it),
            },
        }
    }

    /// Adds its comment.
    pub(super) fn comment(self, found: &mut Found<'a, '_>) {
        let table = &self.table.name;
        match self.part {
            Part::Index(it) => index::comment(found, table, None, it),
            Part::Key(it) => constraint::comment(found, table, None, it),
        }
    }

    /// Whether the two say the same, apart from name and place.
    pub(super) fn is_like(self, other: Node<'_>) -> bool {
        match (self.part, other.part) {
            (Part::Index(a), Part::Index(b)) => index::is_like(a, b),
            (Part::Key(a), Part::Key(b)) => constraint::is_like(a, b),
            (Part::Index(_) | Part::Key(_), _) => false,
        }
    }

    /// Whether both are indexes, or both keys.
    pub(super) fn is_of_kind(self, other: Node<'_>) -> bool {
        matches!(self.part, Part::Index(_)) == matches!(other.part, Part::Index(_))
    }

    /// The name that the server gives to a part which it makes itself; `None` if that is not known.
    ///
    /// Follows PostgreSQL, `ChooseIndexName`.
    pub(super) fn usual_name(self) -> Option<Ident> {
        let table = &self.table.name.name;
        let columns = |it: &Index| {
            let key = |it: &driftless_catalog::IndexKey| match &it.target {
                IndexTarget::Column(name) => Some(name.clone()),
                IndexTarget::Expression(_) => None,
            };
            let keys: Option<Vec<Ident>> = it.keys.iter().map(key).collect();
            Some([keys?, it.include.clone()].concat())
        };
        let (columns, label) = match self.part {
            Part::Index(it) => (columns(it)?, "idx"),
            Part::Key(it) => match &it.kind {
                ConstraintKind::PrimaryKey(_) => return Some(table.joined(None, "pkey")),
                ConstraintKind::Unique(key) => {
                    ([&key.columns[..], &key.include[..]].concat(), "key")
                }
                ConstraintKind::Exclusion { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Check { .. }
                | ConstraintKind::NotNull { .. } => return None,
            },
        };
        let distinct: BTreeSet<&Ident> = columns.iter().collect();
        let names: Vec<&str> = columns.iter().map(Ident::as_str).collect();
        (distinct.len() == columns.len()).then(|| table.joined(Some(&names.join("_")), label))
    }
}

/// By the name of the index.
pub(super) type Nodes<'a> = BTreeMap<QualifiedName, Node<'a>>;

/// Those of tables that are partitioned or partitions, here or in the other state.
pub(super) fn nodes<'a>(catalog: &'a Catalog, other: &Catalog) -> Nodes<'a> {
    let is_in_tree = |it: &Table| it.partition.is_some() || it.partition_by.is_some();
    let tables = catalog.tables.iter().filter(|it| {
        let elsewhere = || other.tables.get(&it.name).is_some_and(is_in_tree);
        is_in_tree(it) || elsewhere()
    });
    tables
        .flat_map(of_table)
        .map(|it| (it.name(), it))
        .collect()
}

pub(super) fn of_table(table: &Table) -> impl Iterator<Item = Node<'_>> {
    let keys = table.constraints.iter().filter(|it| it.has_index());
    let indexes = table.indexes.iter().map(Part::Index);
    let parts = indexes.chain(keys.map(Part::Key));
    parts.map(move |part| Node { table, part })
}
