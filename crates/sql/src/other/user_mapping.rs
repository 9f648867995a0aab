//! User mappings. Their passwords are never read, so they are never written: a person sets them.

use driftless_catalog::Other;
use driftless_sql_text::quote_always;

use super::options;
use crate::Statement;
use crate::comment::by_hand;

/// Follows PostgreSQL, `CREATE USER MAPPING`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let options = options::clause(it.list("options"));
    let sql = format!("CREATE USER MAPPING {}{options}", place(it));
    let mut statements = vec![Statement::new(sql)];
    statements.extend(secrets(it, it.list("secrets")));
    statements
}

pub(super) fn drop(it: &Other) -> Vec<Statement> {
    vec![Statement::new(format!("DROP USER MAPPING {}", place(it)))]
}

pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let (before, after) = (from.list("secrets"), to.list("secrets"));
    let gone: Vec<String> = before
        .iter()
        .filter(|it| !after.contains(it))
        .cloned()
        .collect();
    let new: Vec<String> = after
        .iter()
        .filter(|it| !before.contains(it))
        .cloned()
        .collect();
    let before = [from.list("options"), &gone].concat();
    let change = options::change(&before, to.list("options"));
    let statement = |it| Statement::new(format!("ALTER USER MAPPING {} {it}", place(to)));
    let mut statements: Vec<Statement> = change.map(statement).into_iter().collect();
    statements.extend(secrets(to, &new));
    statements
}

fn place(it: &Other) -> String {
    let role = match it.is("public") {
        true => "PUBLIC".to_owned(),
        false => quote_always(it.text("role").unwrap_or_default()),
    };
    let server = quote_always(it.text("server").unwrap_or_default());
    format!("FOR {role} SERVER {server}")
}

fn secrets(it: &Other, names: &[String]) -> Option<Statement> {
    let what = format!(
        "user mapping {} has secrets that are never read; set them by hand: {}",
        it.id,
        names.join(", ")
    );
    (!names.is_empty()).then(|| by_hand(what))
}
