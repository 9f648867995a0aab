//! The forms of statements that keep those who use the database waiting as little as can be.
//!
//! What goes over all rows does so under a lock that lets rows be written, and what needs the strong lock finds
//! nothing left to do. Follows PostgreSQL, `CREATE INDEX`, Building Indexes Concurrently, and `ALTER TABLE`, Notes.

use std::collections::BTreeSet;

use driftless_catalog::{
    Catalog, Constraint, ConstraintKind, Deferral, Ident, Index, KeyColumns, QualifiedName, Table,
};
use driftless_diff::{Change, Delta};

use crate::Statement;
use driftless_sql_text::ident_value;

use crate::name::{ident, idents};
use crate::script::Context;
use crate::table::column_list;

/// Whether the relation has rows that the online forms are for, and is one that they are for: it was there before,
/// and neither is nor will be spread over partitions.
pub(crate) fn is_for(relation: &QualifiedName, context: &Context<'_>) -> bool {
    let from = context.from;
    let plain = |it: &Table| it.partition_by.is_none();
    let stays_plain = context.to.tables.get(relation).is_none_or(plain);
    let table = from.tables.get(relation);
    context.options.online
        && (table.is_some_and(plain) && stays_plain || from.materialized_views.contains(relation))
}

/// The name of an index while the one that takes its place is built.
fn retired(name: &Ident) -> Ident {
    with_suffix(name, "_retired")
}

/// A name with something behind, and shorter where it would be too long.
pub(crate) fn with_suffix(name: &Ident, suffix: &str) -> Ident {
    const LONGEST: usize = 63;
    let mut stem = name.as_str();
    while stem.len() + suffix.len() > LONGEST {
        let last = stem.char_indices().next_back().map_or(0, |(at, _)| at);
        stem = &stem[..last];
    }
    Ident::new(&format!("{stem}{suffix}")).unwrap_or_else(|_| name.clone())
}

/// Whether an index is dropped and made again under the same name, and may serve queries until then: no column
/// takes it along.
fn is_replaced(relation: &QualifiedName, name: &Ident, context: &Context<'_>) -> bool {
    let index = |it: &Catalog| {
        let table = it.tables.get(relation).map(|it| &it.indexes);
        let view = it.materialized_views.get(relation).map(|it| &it.indexes);
        table.or(view)?.get(name).cloned()
    };
    let (Some(before), Some(after)) = (index(context.from), index(context.to)) else {
        return false;
    };
    // One that stays as it is stands in the way of something else.
    let whole = before.partition_of.is_none() && after.partition_of.is_none();
    before.valid && whole && before != after && !context.rebuilt.contains(relation)
}

/// The relations whose indexes cannot outlive the changes: columns go or get another type, or the whole is made anew.
pub(crate) fn rebuilt(changes: &[Change<'_>], from: &Catalog) -> BTreeSet<QualifiedName> {
    let types = changes.iter().filter_map(|it| {
        if let Change::Enum(Delta::Alter { from, .. }) = it {
            return Some(&from.name);
        }
        let Change::Domain(Delta::Alter { from, .. }) = it else {
            return None;
        };
        Some(&from.name)
    });
    let altered: Vec<&QualifiedName> = types.collect();
    let over_altered = |it: &&Table| {
        let types = it
            .columns
            .iter()
            .filter_map(|it| it.data_type.name.user_defined());
        types.into_iter().any(|it| altered.contains(&&it))
    };
    let touched = |it: &Change<'_>| {
        if let Change::Column { table, delta } = it {
            let stays = match delta {
                Delta::Drop(_) => false,
                Delta::Create(_) => true,
                Delta::Alter { from, to } => from.data_type == to.data_type,
            };
            return (!stays).then(|| (*table).clone());
        }
        if let Change::MaterializedView(it) = it {
            return Some(it.object().name.clone());
        }
        let Change::Table(Delta::Create(it) | Delta::Drop(it)) = it else {
            return None;
        };
        Some(it.name.clone())
    };
    let over_altered = from.tables.iter().filter(over_altered);
    let over_altered = over_altered.map(|it| it.name.clone());
    changes
        .iter()
        .filter_map(touched)
        .chain(over_altered)
        .collect()
}

/// Drops an index while the table is in use. One that another takes the place of gives away its name, and goes when
/// that is there.
pub(crate) fn drop_index(
    relation: &QualifiedName,
    it: &Index,
    context: &Context<'_>,
) -> Vec<Statement> {
    let name = context.options.name(&relation.sibling(it.name.clone()));
    if is_replaced(relation, &it.name, context) {
        let retired = ident(&retired(&it.name));
        let sql = format!("ALTER INDEX {name} RENAME TO {retired}");
        return vec![Statement::new(sql)];
    }
    vec![Statement::new(format!("DROP INDEX CONCURRENTLY {name}")).outside()]
}

/// What follows on the making of an index that has taken another's place.
pub(crate) fn after_index(
    relation: &QualifiedName,
    it: &Index,
    context: &Context<'_>,
) -> Option<Statement> {
    is_replaced(relation, &it.name, context).then(|| {
        let name = context.options.name(&relation.sibling(retired(&it.name)));
        Statement::new(format!("DROP INDEX CONCURRENTLY {name}")).outside()
    })
}

/// A constraint that is added without looking at the rows, and then looks at them while they are written.
pub(crate) fn checked_later(
    table: &QualifiedName,
    name: &Ident,
    context: &Context<'_>,
) -> Statement {
    let table = context.options.name(table);
    let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {}", ident(name));
    Statement::new(sql).alone()
}

/// Whether rows can be looked at later: so it is with checks, foreign keys and `NOT NULL` by name.
pub(crate) fn can_check_later(constraint: &Constraint) -> bool {
    let kind = match &constraint.kind {
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => true,
        ConstraintKind::NotNull { .. } => true,
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Exclusion { .. } => false,
    };
    kind && constraint.validated && constraint.enforced
}

/// Whether a table begins to inherit: what it has to have for that has to be valid.
pub(crate) fn joins_parent(table: &QualifiedName, context: &Context<'_>) -> bool {
    let pair = context
        .from
        .tables
        .get(table)
        .zip(context.to.tables.get(table));
    pair.is_some_and(|(from, to)| to.inherits.iter().any(|it| !from.inherits.contains(it)))
}

/// A key whose index is built while the table is in use.
pub(crate) struct KeyByIndex {
    /// Builds the index.
    pub(crate) build: Statement,
    /// The clause of `ALTER TABLE` that makes it the key's.
    pub(crate) clause: String,
    /// Whether it can be built before the table is altered: the columns are there already, as they will be.
    pub(crate) first: bool,
}

/// The index of a primary key or unique constraint; `None` for other constraints.
pub(crate) fn key_by_index(
    table: &QualifiedName,
    constraint: &Constraint,
    context: &Context<'_>,
) -> Option<KeyByIndex> {
    let (word, key) = match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => ("PRIMARY KEY", key),
        ConstraintKind::Unique(key) => ("UNIQUE", key),
        ConstraintKind::ForeignKey(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => return None,
    };
    if key.without_overlaps || !is_for(table, context) {
        return None;
    }
    let before = context.from.tables.get(table)?;
    let taken =
        before.constraints.contains(&constraint.name) || before.indexes.contains(&constraint.name);
    let index = match taken {
        true => with_suffix(&constraint.name, "_new"),
        false => constraint.name.clone(),
    };
    let deferral = match constraint.deferral {
        Deferral::NotDeferrable => "",
        Deferral::Immediate => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    };
    Some(KeyByIndex {
        build: build(table, &index, key, context),
        clause: format!(
            "ADD CONSTRAINT {} {word} USING INDEX {}{deferral}",
            ident(&constraint.name),
            ident(&index)
        ),
        first: are_there(table, key, context),
    })
}

fn build(
    table: &QualifiedName,
    index: &Ident,
    key: &KeyColumns,
    context: &Context<'_>,
) -> Statement {
    let mut sql = format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {} ON {}({})",
        ident(index),
        context.options.name(table),
        idents(&key.columns)
    );
    if !key.include.is_empty() {
        sql.push_str(&format!(" INCLUDE {}", column_list(&key.include)));
    }
    if key.nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if !key.options.is_empty() {
        sql.push_str(&format!(" WITH ({})", key.options.join(", ")));
    }
    if let Some(tablespace) = &key.tablespace {
        sql.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
    }
    Statement::new(sql).outside()
}

fn are_there(table: &QualifiedName, key: &KeyColumns, context: &Context<'_>) -> bool {
    let column = |catalog: &Catalog, name: &Ident| {
        let column = catalog.tables.get(table)?.column(name)?;
        Some(column.data_type.clone())
    };
    let mut columns = key.columns.iter().chain(&key.include);
    columns.all(|it| {
        let before = column(context.from, it);
        before.is_some() && before == column(context.to, it)
    })
}

/// What lets a column become `NOT NULL` without its rows being read under the strong lock: a check that says so,
/// and goes again.
pub(crate) struct Proof {
    /// Adds the check and looks at the rows.
    pub(crate) first: Vec<Statement>,
    /// Drops the check.
    pub(crate) last: Statement,
}

pub(crate) fn proof_of_not_null(
    table: &QualifiedName,
    column: &Ident,
    context: &Context<'_>,
) -> Proof {
    // A script that was broken off may have left one.
    let taken = |it: &Ident| {
        let table = context.from.tables.get(table);
        table.is_some_and(|table| table.constraints.contains(it))
    };
    let names = (0_u32..).map(|count| match count {
        0 => with_suffix(column, "_not_null_proof"),
        count => with_suffix(column, &format!("_not_null_proof{count}")),
    });
    let mut free = names.filter(|it| !taken(it));
    let check = free.next().unwrap_or_else(|| column.clone());
    let (name, sql) = (ident(&check), context.options.name(table));
    let add = format!(
        "ALTER TABLE {sql} ADD CONSTRAINT {name} CHECK ({} IS NOT NULL) NOT VALID",
        ident(column)
    );
    Proof {
        first: vec![
            Statement::new(add).alone(),
            checked_later(table, &check, context),
        ],
        last: Statement::new(format!("ALTER TABLE {sql} DROP CONSTRAINT {name}")),
    }
}

/// Makes an index while the table is in use, if the relation lets it.
pub(crate) fn concurrently(relation: &QualifiedName, context: &Context<'_>) -> &'static str {
    match is_for(relation, context) {
        true => "CONCURRENTLY ",
        false => "",
    }
}

/// Detaches a partition while both tables are in use; `None` where that cannot be: before PostgreSQL 14, beside a
/// default partition, and where nobody can tell the name of the check that the server leaves.
///
/// Follows PostgreSQL, `ALTER TABLE`, `DETACH PARTITION CONCURRENTLY`.
pub(crate) fn detach(partition: &Table, context: &Context<'_>) -> Option<Vec<Statement>> {
    let options = context.options;
    if !options.online || options.server_major < 14 {
        return None;
    }
    let parent = &partition.partition.as_ref()?.of;
    let is_default = |it: &Table| {
        let partition = it.partition.as_ref();
        partition
            .is_some_and(|it| it.of == *parent && it.bound.text.eq_ignore_ascii_case("DEFAULT"))
    };
    if context.from.tables.iter().any(is_default) {
        return None;
    }
    let check = left_check(partition, context.from.tables.get(parent)?)?;
    let (parent, name) = (options.name(parent), options.name(&partition.name));
    let detach = format!("ALTER TABLE {parent} DETACH PARTITION {name} CONCURRENTLY");
    let tidy = format!(
        "ALTER TABLE {name} DROP CONSTRAINT IF EXISTS {}",
        ident(&check)
    );
    Some(vec![
        Statement::new(detach).outside(),
        Statement::new(tidy).alone(),
    ])
}

/// The name of the check that keeps to the bounds, unless another check has it.
fn left_check(partition: &Table, parent: &Table) -> Option<Ident> {
    let key = &parent.partition_by.as_ref()?.key.text;
    let columns: Vec<&str> = key.split(',').map(str::trim).collect();
    let column = |text: &str| Ident::new(&ident_value(text)).ok();
    let known = |it: &str| column(it).is_some_and(|it| parent.column(&it).is_some());
    if !columns.iter().all(|it| known(it)) {
        return None;
    }
    let table = partition.name.name.as_str();
    let name = match &columns[..] {
        [one] => format!("{table}_{}_check", column(one)?),
        _ => format!("{table}_check"),
    };
    // A longer one is cut in a way of the server's own.
    let name = Ident::new(&name).ok()?;
    (!partition.constraints.contains(&name)).then_some(name)
}
