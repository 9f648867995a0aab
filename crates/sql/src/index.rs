use std::borrow::Cow;

use driftless_catalog::{
    Catalog, Ident, Index, IndexKey, IndexTarget, NullsOrder, ObjectId, Opclass, QualifiedName,
    ReplicaIdentity, SortOrder, Table,
};
use driftless_diff::{Delta, parts_of};
use driftless_sql_text::quote_ident;

use crate::name::ident;
use crate::rows::{alike, may_be_alike};
use crate::script::Context;
use crate::table::{column_list, option_changes};
use crate::{Hazard, Label, SqlOptions, Statement, online};

pub(crate) fn render(
    relation: &QualifiedName,
    delta: &Delta<'_, Index>,
    context: &Context<'_>,
) -> (Label, Vec<Statement>) {
    let options = context.options;
    match delta {
        Delta::Create(it) => {
            let mut statements = create(relation, it, context);
            if let Some(first) = statements.first_mut() {
                first.hazards.extend(hazard(relation, it, context));
            }
            let table = context.to.tables.get(relation);
            let identity = table.map(|it| &it.replica_identity);
            if identity == Some(&ReplicaIdentity::Index(it.name.clone())) {
                let (table, name) = (options.name(relation), ident(&it.name));
                let sql = format!("ALTER TABLE {table} REPLICA IDENTITY USING INDEX {name}");
                statements.push(Statement::new(sql));
            }
            if online::is_for(relation, context) {
                statements.extend(online::after_index(relation, it, context));
            }
            (Label::CreateIndex, statements)
        }
        Delta::Drop(it) => (Label::DropIndex, drop(relation, it, context)),
        Delta::Alter { from, to } => {
            let label = match from.name == to.name {
                true => Label::AlterIndex,
                false => Label::RenameIndex,
            };
            (label, alter(relation, from, to, context))
        }
    }
}

/// Nothing is left to drop of one that a new key takes over. The keys of partitions go with an index that theirs are
/// parts of, if the statement says so.
fn drop(relation: &QualifiedName, it: &Index, context: &Context<'_>) -> Vec<Statement> {
    let mut taken = context.taken.iter();
    if taken.any(|(key, index)| key.parent() == Some(relation) && index.name == it.name) {
        return Vec::new();
    }
    if online::is_for(relation, context) {
        return online::drop_index(relation, it, context);
    }
    let name = relation.sibling(it.name.clone());
    let is_partitioned = |it: &Table| it.partition_by.is_some();
    let partitioned = context
        .from
        .tables
        .get(relation)
        .is_some_and(is_partitioned);
    let is_key = |it: &ObjectId| matches!(it, ObjectId::Constraint(..));
    let with_keys = partitioned && parts_of(context.from, &name).iter().any(is_key);
    let cascade = if with_keys { " CASCADE" } else { "" };
    let sql = format!("DROP INDEX {}{cascade}", context.options.name(&name));
    vec![Statement::new(sql)]
}

fn create(relation: &QualifiedName, it: &Index, context: &Context<'_>) -> Vec<Statement> {
    let options = context.options;
    let unique = if it.unique { "UNIQUE " } else { "" };
    let only = match context
        .piecewise
        .is_index_alone(context.to, relation, &it.name)
    {
        true => "ONLY ",
        false => "",
    };
    let concurrently = online::concurrently(relation, context);
    let table = format!("{only}{}", options.name(relation));
    let keys: Vec<String> = it.keys.iter().map(|it| key(it, options)).collect();
    let keys = keys.join(", ");
    // Prisma names the method only where it is not the usual one, and leaves a space only then.
    let mut sql = match it.method == "btree" {
        true => format!(
            "CREATE {unique}INDEX {concurrently}{} ON {table}({keys})",
            ident(&it.name)
        ),
        false => format!(
            "CREATE {unique}INDEX {concurrently}{} ON {table} USING {} ({keys})",
            ident(&it.name),
            method(&it.method)
        ),
    };
    if !it.include.is_empty() {
        sql.push_str(&format!(" INCLUDE {}", column_list(&it.include)));
    }
    if it.nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if !it.options.is_empty() {
        sql.push_str(&format!(" WITH ({})", it.options.join(", ")));
    }
    if let Some(tablespace) = &it.tablespace {
        sql.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
    }
    if let Some(predicate) = &it.predicate {
        sql.push_str(&format!(" WHERE {predicate}"));
    }
    let made = Statement::new(sql);
    let mut statements = vec![match concurrently {
        "" => made,
        _ => made.outside(),
    }];
    let name = options.name(&relation.sibling(it.name.clone()));
    for (key, target) in &it.statistics {
        let sql = format!("ALTER INDEX {name} ALTER COLUMN {key} SET STATISTICS {target}");
        statements.push(Statement::new(sql));
    }
    if it.clustered {
        statements.push(cluster(relation, it, options));
    }
    statements
}

/// When making it fails.
fn hazard(relation: &QualifiedName, it: &Index, context: &Context<'_>) -> Option<Hazard> {
    let columns = it.columns().unwrap_or_default();
    // Under `NULLS NOT DISTINCT` rows without a value are alike, too.
    let may = it.nulls_not_distinct
        || may_be_alike(relation, &columns, context)
        || may_be_alike_in_view(relation, it, context);
    let has_rows = context.from.tables.contains(relation)
        || context.from.materialized_views.contains(relation);
    (it.unique && may && has_rows).then(|| {
        let compared = it.keys.iter().filter_map(compared_as_usual);
        let compared: Vec<&Ident> = compared.collect();
        let mut alike = alike(relation, &compared, it.nulls_not_distinct, context);
        alike.certain &= it.predicate.is_none() && compared.len() == it.keys.len();
        Hazard::AddsUnique {
            table: relation.clone(),
            columns: columns.into_iter().cloned().collect(),
            alike,
        }
    })
}

/// Whether a materialized view may hold rows that a unique index takes for alike: it has no such index as it is, or
/// another query fills it.
fn may_be_alike_in_view(relation: &QualifiedName, it: &Index, context: &Context<'_>) -> bool {
    let view = |catalog: &'_ Catalog| catalog.materialized_views.get(relation).cloned();
    let (Some(before), Some(after)) = (view(context.from), view(context.to)) else {
        return false;
    };
    let is_same = |known: &Index| known.unique && known.keys == it.keys;
    before.definition != after.definition || !before.indexes.iter().any(is_same)
}

/// The column that a key is, if values that differ in a query differ in the index, too, and the other way round.
fn compared_as_usual(key: &IndexKey) -> Option<&Ident> {
    match &key.target {
        IndexTarget::Column(it) => (key.collation.is_none() && key.opclass.is_none()).then_some(it),
        IndexTarget::Expression(_) => None,
    }
}

/// The access method in capitals, as Prisma writes it, unless its name needs quotes.
fn method(name: &Ident) -> String {
    match quote_ident(name.as_str()) {
        Cow::Borrowed(bare) => bare.to_uppercase(),
        Cow::Owned(quoted) => quoted,
    }
}

fn cluster(relation: &QualifiedName, it: &Index, options: &SqlOptions) -> Statement {
    let sql = format!(
        "ALTER TABLE {} CLUSTER ON {}",
        options.name(relation),
        ident(&it.name)
    );
    Statement::new(sql)
}

/// A key: column or expression with collation, operator class and order.
pub(crate) fn key(key: &IndexKey, options: &SqlOptions) -> String {
    let mut sql = match &key.target {
        IndexTarget::Column(name) => ident(name),
        IndexTarget::Expression(expression) => format!("({expression})"),
    };
    if let Some(collation) = &key.collation {
        sql.push_str(&format!(" COLLATE {}", options.name(collation)));
    }
    if let Some(opclass) = &key.opclass {
        sql.push_str(&format!(" {}", opclass_text(opclass)));
    }
    match key.order {
        Some(SortOrder::Ascending) => sql.push_str(" ASC"),
        Some(SortOrder::Descending) => sql.push_str(" DESC"),
        None => {}
    }
    match key.nulls {
        Some(NullsOrder::First) => sql.push_str(" NULLS FIRST"),
        Some(NullsOrder::Last) => sql.push_str(" NULLS LAST"),
        None => {}
    }
    sql
}

/// A name without a schema may be any text that a Prisma schema holds, and is written as it stands.
fn opclass_text(opclass: &Opclass) -> String {
    let name = match &opclass.schema {
        Some(schema) => format!("{}.{}", ident(schema), quote_ident(&opclass.name)),
        None => opclass.name.clone(),
    };
    match &opclass.parameters[..] {
        [] => name,
        parameters => format!("{name} ({})", parameters.join(", ")),
    }
}

fn alter(
    relation: &QualifiedName,
    from: &Index,
    to: &Index,
    context: &Context<'_>,
) -> Vec<Statement> {
    let options = context.options;
    let mut statements = Vec::new();
    if from.name != to.name {
        let before = options.name(&relation.sibling(from.name.clone()));
        let sql = format!("ALTER INDEX {before} RENAME TO {}", ident(&to.name));
        statements.push(Statement::new(sql));
    }
    let name = options.name(&relation.sibling(to.name.clone()));
    let mut push = |clause: String| {
        statements.push(Statement::new(format!("ALTER INDEX {name} {clause}")));
    };
    let (set, reset) = option_changes(&from.options, &to.options);
    if !reset.is_empty() {
        push(format!("RESET ({})", reset.join(", ")));
    }
    if !set.is_empty() {
        push(format!("SET ({})", set.join(", ")));
    }
    if from.tablespace != to.tablespace {
        let tablespace = to.tablespace.as_ref().map(ident);
        let tablespace = tablespace.unwrap_or_else(|| "pg_default".to_owned());
        push(format!("SET TABLESPACE {tablespace}"));
    }
    for (key, _) in &from.statistics {
        if !to.statistics.iter().any(|(it, _)| it == key) {
            push(format!("ALTER COLUMN {key} SET STATISTICS -1"));
        }
    }
    for (key, target) in to
        .statistics
        .iter()
        .filter(|it| !from.statistics.contains(it))
    {
        push(format!("ALTER COLUMN {key} SET STATISTICS {target}"));
    }
    match (from.clustered, to.clustered) {
        (false, true) => statements.push(cluster(relation, to, options)),
        // Where the rows go by another index now, this has been said with that.
        (true, false) if !is_clustered(relation, context) => {
            let sql = format!("ALTER TABLE {} SET WITHOUT CLUSTER", options.name(relation));
            statements.push(Statement::new(sql));
        }
        (true, true | false) | (false, false) => {}
    }
    statements
}

/// Whether the rows of a table are to be in the order of one of its indexes.
fn is_clustered(relation: &QualifiedName, context: &Context<'_>) -> bool {
    let table = context.to.tables.get(relation).map(|it| &it.indexes);
    let view = context.to.materialized_views.get(relation);
    let mut indexes = table.or(view.map(|it| &it.indexes)).into_iter().flatten();
    indexes.any(|it| it.clustered)
}
