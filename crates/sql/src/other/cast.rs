use driftless_catalog::Other;

use crate::Statement;

/// Follows PostgreSQL, `CREATE CAST`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let how = match (it.text("function"), it.text("method")) {
        (Some(function), _) => format!("WITH FUNCTION {function}"),
        (None, Some("i")) => "WITH INOUT".to_owned(),
        (None, _) => "WITHOUT FUNCTION".to_owned(),
    };
    let context = match it.text("context") {
        Some("i") => " AS IMPLICIT",
        Some("a") => " AS ASSIGNMENT",
        _ => "",
    };
    let cast = &it.id.identity;
    vec![Statement::new(format!("CREATE CAST {cast} {how}{context}"))]
}
