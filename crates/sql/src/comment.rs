//! `COMMENT ON` and `ALTER … OWNER TO`.

use driftless_catalog::{Ident, ObjectId};
use driftless_sql_text::quote_literal;

use crate::name::ident;
use crate::{Hazard, Label, SqlOptions, Statement};

pub(crate) fn render(
    object: &ObjectId,
    to: Option<&str>,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let text = to.map_or_else(|| "NULL".to_owned(), quote_literal);
    let statement = match options.object(object) {
        Some(target) => Statement::new(format!("COMMENT ON {target} IS {text}")),
        None => by_hand(format!("{object} has another comment: {text}")),
    };
    (Label::Comment, vec![statement])
}

pub(crate) fn render_owner(
    object: &ObjectId,
    to: &Ident,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let statement = match options.object(object) {
        Some(target) => Statement::new(format!("ALTER {target} OWNER TO {}", ident(to))),
        None => by_hand(format!("{object} has another owner: {to}")),
    };
    (Label::AlterOwner, vec![statement])
}

/// A note for a person, where no statement can be made.
pub(crate) fn by_hand(what: String) -> Statement {
    let lines: Vec<String> = what.lines().map(|line| format!("-- {line}")).collect();
    Statement::new(lines.join("\n")).hazard(Hazard::Unmodelled { what })
}
