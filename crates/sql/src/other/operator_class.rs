use driftless_catalog::Other;

use super::operator_family::members;
use crate::Statement;

/// Follows PostgreSQL, `CREATE OPERATOR CLASS`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let text = |name| it.text(name).unwrap_or_default();
    // The identity is `name USING method`.
    let (name, method) = it
        .id
        .identity
        .rsplit_once(" USING ")
        .unwrap_or((&it.id.identity, ""));
    let default = if it.is("default") { " DEFAULT" } else { "" };
    let mut items = members(it);
    if let Some(storage) = it.text("storage") {
        items.push(format!("STORAGE {storage}"));
    }
    // There has to be something, and this is what goes without saying.
    if items.is_empty() {
        items.push(format!("STORAGE {}", text("type")));
    }
    let (ty, family, items) = (text("type"), text("family"), items.join(",\n    "));
    let sql = format!(
        "CREATE OPERATOR CLASS {name}{default} FOR TYPE {ty} USING {method} FAMILY {family} AS\n    {items}"
    );
    vec![Statement::new(sql)]
}
