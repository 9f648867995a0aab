use driftless_catalog::{Fields, Other};

use super::target;
use crate::Statement;
use crate::script::Context;

/// Follows PostgreSQL, `CREATE PUBLICATION`.
pub(super) fn create(it: &Other, context: &Context<'_>) -> Vec<Statement> {
    let mut sql = format!("CREATE PUBLICATION {}", it.id.identity);
    let members = members(it.rows("tables"), it.list("schemas"), context);
    match it.is("all_tables") {
        true => sql.push_str(" FOR ALL TABLES"),
        false if members.is_empty() => {}
        false => sql.push_str(&format!(" FOR {}", members.join(", "))),
    }
    let mut parameters: Vec<String> = Vec::new();
    if it.text("publish") != Some("insert, update, delete, truncate") {
        parameters.push(publish(it));
    }
    if it.is("via_root") {
        parameters.push("publish_via_partition_root = true".to_owned());
    }
    if let Some(columns) = it.text("generated_columns") {
        parameters.push(format!("publish_generated_columns = {columns}"));
    }
    if !parameters.is_empty() {
        sql.push_str(&format!(" WITH ({})", parameters.join(", ")));
    }
    vec![Statement::new(sql)]
}

/// Everything but whether it is for all tables can change.
///
/// Follows PostgreSQL, `ALTER PUBLICATION`.
pub(super) fn alter(from: &Other, to: &Other, context: &Context<'_>) -> Vec<Statement> {
    let mut clauses: Vec<String> = Vec::new();
    let mut parameters: Vec<String> = Vec::new();
    let differs = |name| from.text(name) != to.text(name);
    if differs("publish") {
        parameters.push(publish(to));
    }
    if differs("via_root") {
        let on = to.is("via_root");
        parameters.push(format!("publish_via_partition_root = {on}"));
    }
    if differs("generated_columns") {
        let columns = to.text("generated_columns").unwrap_or("none");
        parameters.push(format!("publish_generated_columns = {columns}"));
    }
    if !parameters.is_empty() {
        clauses.push(format!("SET ({})", parameters.join(", ")));
    }
    let gone = |it: &&Fields| !to.rows("tables").contains(it);
    let gone: Vec<Fields> = from.rows("tables").iter().filter(gone).map(named).collect();
    let new = |it: &&Fields| !from.rows("tables").contains(it);
    let new: Vec<Fields> = to.rows("tables").iter().filter(new).cloned().collect();
    let (before, after) = (from.list("schemas"), to.list("schemas"));
    let schemas_gone: Vec<String> = before
        .iter()
        .filter(|it| !after.contains(it))
        .cloned()
        .collect();
    let schemas_new: Vec<String> = after
        .iter()
        .filter(|it| !before.contains(it))
        .cloned()
        .collect();
    for (verb, tables, schemas) in [("DROP", gone, schemas_gone), ("ADD", new, schemas_new)] {
        let members = members(&tables, &schemas, context);
        if !members.is_empty() {
            clauses.push(format!("{verb} {}", members.join(", ")));
        }
    }
    let target = target(&to.id).unwrap_or_default();
    let statement = |clause| Statement::new(format!("ALTER {target} {clause}"));
    clauses.into_iter().map(statement).collect()
}

fn publish(it: &Other) -> String {
    format!("publish = '{}'", it.text("publish").unwrap_or_default())
}

/// The table without columns and condition, as `DROP` wants it.
fn named(it: &Fields) -> Fields {
    it.iter()
        .filter(|(name, _)| *name == "name")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// `TABLE a, b (c) WHERE (d)`, `TABLES IN SCHEMA e`
fn members(tables: &[Fields], schemas: &[String], context: &Context<'_>) -> Vec<String> {
    let tables: Vec<String> = tables.iter().map(|it| table(it, context)).collect();
    let mut members = Vec::new();
    if !tables.is_empty() {
        members.push(format!("TABLE {}", tables.join(", ")));
    }
    if !schemas.is_empty() {
        members.push(format!("TABLES IN SCHEMA {}", schemas.join(", ")));
    }
    members
}

fn table(it: &Fields, context: &Context<'_>) -> String {
    let name = it.get("name").map_or("", String::as_str);
    let is_parent = [context.from, context.to].into_iter().any(|catalog| {
        let mut parents = catalog.tables.iter().flat_map(|it| &it.inherits);
        parents.any(|it| it.to_string() == name)
    });
    // Otherwise its children would be named with it.
    let mut sql = if is_parent {
        format!("ONLY {name}")
    } else {
        name.to_owned()
    };
    if let Some(columns) = it.get("columns") {
        sql.push_str(&format!(" ({columns})"));
    }
    if let Some(condition) = it.get("where") {
        sql.push_str(&format!(" WHERE ({condition})"));
    }
    sql
}
