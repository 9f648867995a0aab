use driftless_catalog::Other;

use crate::Statement;

/// Follows PostgreSQL, `CREATE ACCESS METHOD`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let ty = if it.text("type") == Some("t") {
        "TABLE"
    } else {
        "INDEX"
    };
    let (name, handler) = (&it.id.identity, it.text("handler").unwrap_or_default());
    let sql = format!("CREATE ACCESS METHOD {name} TYPE {ty} HANDLER {handler}");
    vec![Statement::new(sql)]
}
