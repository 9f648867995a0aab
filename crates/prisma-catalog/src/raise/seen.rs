//! A database as Prisma sees it: which tables, columns, keys and indexes there are.

use std::collections::{HashMap, HashSet};

use driftless_catalog::{
    Catalog, Column, Constraint, ConstraintKind, Deferral, EnumType, Expression, ForeignKey, Ident,
    Index, IndexKey, IndexTarget, NullsOrder, Opclass, QualifiedName, Table, View, ViewColumn,
};
use driftless_psl::{Arity, IndexAlgorithm};

use super::column_type::{ColumnType, Types};
use super::default::{Defaults, SeenDefault};
use super::join_table::is_join_table;

/// The part of a catalog that becomes a Prisma schema. Tables, enums and views are ordered by schema and name.
pub(super) struct Seen<'c> {
    /// Without partitions and Prisma's own tables of migrations.
    pub(super) tables: Vec<SeenTable<'c>>,
    /// Without those that have no labels.
    pub(super) enums: Vec<&'c EnumType>,
    /// Whether or not views are asked for.
    pub(super) views: Vec<SeenView<'c>>,
}

/// A table.
pub(super) struct SeenTable<'c> {
    pub(super) table: &'c Table,
    pub(super) columns: Vec<SeenColumn<'c>>,
    /// Primary key, unique constraints and indexes by name; none with an expression.
    pub(super) keys: Vec<SeenKey<'c>>,
    /// By name.
    pub(super) foreign_keys: Vec<SeenForeignKey<'c>>,
    /// Whether it stands for an implicit many-to-many relation.
    pub(super) is_join_table: bool,
    /// Whether other tables are its partitions or inherit from it.
    pub(super) has_children: bool,
}

/// A view with columns.
pub(super) struct SeenView<'c> {
    pub(super) view: &'c View,
    pub(super) columns: Vec<SeenColumn<'c>>,
}

/// A column of a table or view.
pub(super) struct SeenColumn<'c> {
    pub(super) name: &'c Ident,
    pub(super) ty: ColumnType,
    pub(super) arity: Arity,
    pub(super) default: Option<SeenDefault>,
    pub(super) comment: Option<&'c str>,
    /// Of a table: all there is to know about it.
    pub(super) column: Option<&'c Column>,
}

/// The sorts of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    Primary,
    Unique,
    Normal,
}

/// A primary key, unique constraint or index.
pub(super) struct SeenKey<'c> {
    pub(super) name: &'c Ident,
    pub(super) kind: KeyKind,
    pub(super) columns: Vec<SeenKeyColumn<'c>>,
    /// For Prisma, one that it does not know is a B-tree; else such an index is not seen.
    pub(super) algorithm: IndexAlgorithm,
    pub(super) predicate: Option<&'c Expression>,
    pub(super) is_deferrable: bool,
}

/// A column of a [`SeenKey`].
pub(super) struct SeenKeyColumn<'c> {
    /// Its place in the table.
    pub(super) column: usize,
    pub(super) is_descending: bool,
    /// Whether NULLs go where the order does not put them.
    pub(super) has_moved_nulls: bool,
    /// Where it is not the default, and Prisma asks for it.
    pub(super) opclass: Option<&'c Opclass>,
}

/// A foreign key to a table that is seen, too, from columns of types that can reference those there.
pub(super) struct SeenForeignKey<'c> {
    pub(super) name: &'c Ident,
    /// Places in the table.
    pub(super) columns: Vec<usize>,
    /// The place of the referenced table.
    pub(super) references: usize,
    /// Places in the referenced table.
    pub(super) referenced_columns: Vec<usize>,
    pub(super) constraint: &'c Constraint,
    pub(super) key: &'c ForeignKey,
    /// Whether one before it, by name, has the same columns on both sides.
    pub(super) is_duplicate: bool,
}

impl SeenTable<'_> {
    pub(super) fn primary_key(&self) -> Option<&SeenKey<'_>> {
        self.keys.iter().find(|it| it.kind == KeyKind::Primary)
    }

    /// Whether Prisma Client can tell its rows apart: by a key of supported columns that are never NULL.
    pub(super) fn has_identifier(&self) -> bool {
        let is_usable = |it: &SeenKeyColumn<'_>| {
            let column = &self.columns[it.column];
            column.ty.is_supported() && column.arity == Arity::Required
        };
        let identifies = |it: &&SeenKey<'_>| it.kind != KeyKind::Normal && it.predicate.is_none();
        self.keys
            .iter()
            .filter(identifies)
            .any(|it| it.columns.iter().all(is_usable))
    }
}

/// How a database is looked at.
#[derive(Clone, Copy)]
pub(super) struct Look<'c> {
    pub(super) types: Types<'c>,
    pub(super) defaults: Defaults<'c>,
    /// Whether partial indexes are seen.
    pub(super) partial_indexes: bool,
    /// Whether indexes are seen with Prisma's faults: columns that an index only includes are its columns, one of an
    /// unknown access method is a B-tree, and operator classes of B-trees and hashes are not there.
    pub(super) prisma_compatible: bool,
}

/// Looks at the schemas of `look`.
pub(super) fn seen<'c>(catalog: &'c Catalog, look: &Look<'c>) -> Seen<'c> {
    let schemas = look.types.schemas;
    let parents = parents(catalog);
    let mut tables: Vec<SeenTable<'c>> = catalog
        .tables
        .iter()
        .filter(|it| schemas.contains(&it.name.schema) && it.partition.is_none())
        .filter(|it| !is_history(it))
        .map(|it| table(it, look, parents.contains(&it.name)))
        .collect();
    add_foreign_keys(&mut tables, look);
    let joins: Vec<bool> = tables
        .iter()
        .map(|it| is_join_table(it, &tables, look.prisma_compatible))
        .collect();
    for (table, is_join_table) in tables.iter_mut().zip(joins) {
        table.is_join_table = is_join_table;
    }
    let enums = catalog.enums.iter();
    let views = catalog.views.iter();
    Seen {
        tables,
        enums: enums
            .filter(|it| schemas.contains(&it.name.schema) && !it.labels.is_empty())
            .collect(),
        views: views
            .filter(|it| schemas.contains(&it.name.schema) && !it.columns.is_empty())
            .map(|view| SeenView {
                columns: view
                    .columns
                    .iter()
                    .map(|it| view_column(it, look))
                    .collect(),
                view,
            })
            .collect(),
    }
}

/// The tables that others are partitions of or inherit from.
fn parents(catalog: &Catalog) -> HashSet<&QualifiedName> {
    catalog
        .tables
        .iter()
        .flat_map(|it| it.partition.iter().map(|it| &it.of).chain(&it.inherits))
        .collect()
}

/// Whether Prisma keeps its history of migrations in it, now or in its first version.
fn is_history(table: &Table) -> bool {
    const NOW: &[&str] = &[
        "id",
        "checksum",
        "finished_at",
        "migration_name",
        "logs",
        "rolled_back_at",
        "started_at",
        "applied_steps_count",
    ];
    const ONCE: &[&str] = &[
        "revision",
        "name",
        "datamodel",
        "status",
        "applied",
        "rolled_back",
        "datamodel_steps",
        "database_migration",
        "errors",
        "started_at",
        "finished_at",
    ];
    let has = |name: &&str| table.columns.iter().any(|it| it.name == **name);
    let is_relay = || {
        let stable = |it: &Column| {
            it.name
                .as_str()
                .eq_ignore_ascii_case("stablemodelidentifier")
        };
        has(&"id") && table.columns.iter().any(stable)
    };
    match table.name.name.as_str() {
        "_prisma_migrations" => NOW.iter().all(has),
        "_Migration" => ONCE.iter().all(has),
        "_RelayId" => is_relay(),
        _ => false,
    }
}

fn table<'c>(table: &'c Table, look: &Look<'c>, has_children: bool) -> SeenTable<'c> {
    let places: HashMap<&Ident, usize> = table.columns.iter().map(|it| &it.name).zip(0..).collect();
    let columns = table.columns.iter().map(|it| column(it, look)).collect();
    let mut keys: Vec<SeenKey<'c>> = table
        .constraints
        .iter()
        .filter_map(|it| constraint_key(it, &places, look))
        .chain(
            table
                .indexes
                .iter()
                .filter_map(|it| index_key(it, &places, look)),
        )
        .collect();
    keys.sort_by_key(|it| it.name);
    SeenTable {
        table,
        columns,
        keys,
        foreign_keys: Vec::new(),
        is_join_table: false,
        has_children,
    }
}

fn column<'c>(column: &'c Column, look: &Look<'c>) -> SeenColumn<'c> {
    let (ty, arity) = look.types.read(&column.data_type, column.not_null);
    let counts = column.serial.is_some() || column.identity.is_some();
    // Prisma takes the expression of a generated column for a default.
    let generated = column.generated.as_ref().map(|it| &it.expression);
    let default = match column.default.as_ref().or(generated) {
        _ if counts => Some(SeenDefault::Autoincrement),
        Some(expression) => look.defaults.read(&expression.text, &ty, arity),
        None => None,
    };
    SeenColumn {
        name: &column.name,
        ty,
        arity,
        default,
        comment: column.comment.as_deref(),
        column: Some(column),
    }
}

fn view_column<'c>(column: &'c ViewColumn, look: &Look<'c>) -> SeenColumn<'c> {
    let (ty, arity) = look.types.read(&column.data_type, false);
    let default = column.default.as_ref();
    SeenColumn {
        name: &column.name,
        default: default.and_then(|it| look.defaults.read(&it.text, &ty, arity)),
        ty,
        arity,
        comment: column.comment.as_deref(),
        column: None,
    }
}

fn plain_column<'c>(column: usize) -> SeenKeyColumn<'c> {
    SeenKeyColumn {
        column,
        is_descending: false,
        has_moved_nulls: false,
        opclass: None,
    }
}

fn constraint_key<'c>(
    constraint: &'c Constraint,
    places: &HashMap<&Ident, usize>,
    look: &Look<'c>,
) -> Option<SeenKey<'c>> {
    let (kind, key) = match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => (KeyKind::Primary, key),
        ConstraintKind::Unique(key) => (KeyKind::Unique, key),
        ConstraintKind::ForeignKey(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => return None,
    };
    // It is kept as an exclusion is.
    if key.without_overlaps {
        return None;
    }
    let included = key.include.iter().filter(|_| look.prisma_compatible);
    let columns = key.columns.iter().chain(included);
    Some(SeenKey {
        name: &constraint.name,
        kind,
        columns: columns
            .map(|it| places.get(it).copied().map(plain_column))
            .collect::<Option<_>>()?,
        algorithm: IndexAlgorithm::BTree,
        predicate: None,
        is_deferrable: constraint.deferral != Deferral::NotDeferrable,
    })
}

fn index_key<'c>(
    index: &'c Index,
    places: &HashMap<&Ident, usize>,
    look: &Look<'c>,
) -> Option<SeenKey<'c>> {
    if index.predicate.is_some() && !look.partial_indexes {
        return None;
    }
    let known = IndexAlgorithm::ALL
        .into_iter()
        .find(|it| it.as_str().to_ascii_lowercase() == index.method.as_str());
    let algorithm = match known {
        Some(it) => it,
        None if look.prisma_compatible => IndexAlgorithm::BTree,
        None => return None,
    };
    let key_column = |it: &'c IndexKey| match &it.target {
        IndexTarget::Column(name) => Some(SeenKeyColumn {
            column: *places.get(name)?,
            is_descending: it.is_descending(),
            has_moved_nulls: algorithm == IndexAlgorithm::BTree
                && matches!(it.nulls, Some(NullsOrder::First | NullsOrder::Last)),
            opclass: it
                .opclass
                .as_ref()
                .filter(|it| is_asked_for(it, algorithm, look)),
        }),
        IndexTarget::Expression(_) => None,
    };
    let included = index.include.iter().filter(|_| look.prisma_compatible);
    let included = included.map(|it| places.get(it).copied().map(plain_column));
    Some(SeenKey {
        name: &index.name,
        kind: match index.unique {
            true => KeyKind::Unique,
            false => KeyKind::Normal,
        },
        columns: index
            .keys
            .iter()
            .map(key_column)
            .chain(included)
            .collect::<Option<_>>()?,
        algorithm,
        predicate: index.predicate.as_ref(),
        is_deferrable: false,
    })
}

/// Whether the operator class is written: Prisma forgets those of B-trees and hashes. One that is a default and only
/// has parameters is not.
fn is_asked_for(opclass: &Opclass, algorithm: IndexAlgorithm, look: &Look<'_>) -> bool {
    const DEFAULTS_WITH_PARAMETERS: &[&str] = &[
        "tsvector_ops",
        "gist__int_ops",
        "gist_hstore_ops",
        "gist_ltree_ops",
        "gist__ltree_ops",
    ];
    let is_default =
        !opclass.parameters.is_empty() && DEFAULTS_WITH_PARAMETERS.contains(&opclass.name.as_str());
    let is_forgotten = matches!(algorithm, IndexAlgorithm::BTree | IndexAlgorithm::Hash);
    let is_left_out = is_default || is_forgotten && look.prisma_compatible;
    !is_left_out
}

fn add_foreign_keys(tables: &mut [SeenTable<'_>], look: &Look<'_>) {
    let places: HashMap<&QualifiedName, usize> =
        tables.iter().map(|it| &it.table.name).zip(0..).collect();
    let columns: Vec<HashMap<&Ident, usize>> = tables
        .iter()
        .map(|it| it.columns.iter().map(|it| it.name).zip(0..).collect())
        .collect();
    for (at, seen) in tables.iter_mut().enumerate() {
        let mut found: Vec<SeenForeignKey<'_>> = Vec::new();
        for constraint in &seen.table.constraints {
            let ConstraintKind::ForeignKey(key) = &constraint.kind else {
                continue;
            };
            if !look.prisma_compatible && !look.types.can_relate(seen.table, key) {
                continue;
            }
            let Some(&references) = places.get(&key.references) else {
                continue;
            };
            let place_of = |table: usize, names: &[Ident]| -> Option<Vec<usize>> {
                names
                    .iter()
                    .map(|it| columns[table].get(it).copied())
                    .collect()
            };
            let Some((own, referenced)) =
                place_of(at, &key.columns).zip(place_of(references, &key.referenced_columns))
            else {
                continue;
            };
            let same = |it: &SeenForeignKey<'_>| {
                it.references == references
                    && it.columns == own
                    && it.referenced_columns == referenced
            };
            found.push(SeenForeignKey {
                name: &constraint.name,
                is_duplicate: found.iter().any(same),
                columns: own,
                references,
                referenced_columns: referenced,
                constraint,
                key,
            });
        }
        seen.foreign_keys = found;
    }
}
