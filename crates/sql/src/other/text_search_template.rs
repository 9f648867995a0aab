use driftless_catalog::Other;

use super::properties::Properties;
use crate::Statement;

/// Follows PostgreSQL, `CREATE TEXT SEARCH TEMPLATE`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let properties = Properties::new(it)
        .sql("INIT", "init")
        .sql("LEXIZE", "lexize");
    let name = &it.id.identity;
    let sql = format!("CREATE TEXT SEARCH TEMPLATE {name} ({})", properties.join());
    vec![Statement::new(sql)]
}
