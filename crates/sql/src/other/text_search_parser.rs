use driftless_catalog::Other;

use super::properties::Properties;
use crate::Statement;

/// Follows PostgreSQL, `CREATE TEXT SEARCH PARSER`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let properties = Properties::new(it)
        .sql("START", "start")
        .sql("GETTOKEN", "token")
        .sql("END", "end")
        .sql("LEXTYPES", "lextypes")
        .sql("HEADLINE", "headline");
    let name = &it.id.identity;
    let sql = format!("CREATE TEXT SEARCH PARSER {name} ({})", properties.join());
    vec![Statement::new(sql)]
}
