use driftless_catalog::Other;

use super::properties::Properties;
use crate::Statement;

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
