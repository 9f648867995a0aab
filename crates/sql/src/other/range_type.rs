use driftless_catalog::Other;

use super::composite_type::{cast, columns, through_text};
use super::properties::Properties;
use crate::Statement;
use crate::script::Context;

/// Follows PostgreSQL, `CREATE TYPE … AS RANGE`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let properties = Properties::new(it)
        .sql("SUBTYPE", "subtype")
        .sql("SUBTYPE_OPCLASS", "opclass")
        .sql("COLLATION", "collation")
        .sql("CANONICAL", "canonical")
        .sql("SUBTYPE_DIFF", "subtype_diff")
        .sql("MULTIRANGE_TYPE_NAME", "multirange");
    let name = &it.id.identity;
    let sql = format!("CREATE TYPE {name} AS RANGE ({})", properties.join());
    vec![Statement::new(sql)]
}

/// Nothing of a range type can be altered: it is dropped and made again, while columns hold their values as text.
pub(super) fn alter(to: &Other, context: &Context<'_>) -> Vec<Statement> {
    let held = columns(to, context);
    let drop = format!("DROP TYPE {}", to.id.identity);
    let create = create(to).into_iter().map(|it| it.sql);
    let sql = through_text(&held, [drop].into_iter().chain(create), context);
    let mut statements: Vec<Statement> = sql.into_iter().map(Statement::new).collect();
    if let Some(first) = statements.first_mut() {
        let casts = held.iter().map(|it| cast(it.0, it.1));
        first.hazards.extend(casts);
    }
    statements
}
