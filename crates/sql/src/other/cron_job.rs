use driftless_catalog::Other;
use driftless_sql_text::quote_literal;

use crate::Statement;

/// Follows the documentation of `pg_cron`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let text = |name| quote_literal(it.text(name).unwrap_or_default());
    let name = it.text("name").map(|it| format!("{}, ", quote_literal(it)));
    let (name, schedule, command) = (name.unwrap_or_default(), text("schedule"), text("command"));
    let sql = format!("SELECT cron.schedule({name}{schedule}, {command})");
    let mut statements = vec![Statement::new(sql)];
    if it.text("active") == Some("false") {
        statements.push(change(it, "active := false"));
    }
    statements
}

pub(super) fn drop(it: &Other) -> Vec<Statement> {
    let sql = format!(
        "SELECT cron.unschedule(jobid) FROM cron.job WHERE {}",
        condition(it)
    );
    vec![Statement::new(sql)]
}

pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let differs = |name: &&str| from.text(name) != to.text(name);
    let argument = |name: &str| {
        let value = to.text(name).unwrap_or_default();
        match name {
            "active" => format!("{name} := {value}"),
            _ => format!("{name} := {}", quote_literal(value)),
        }
    };
    let arguments: Vec<String> = ["schedule", "command", "active"]
        .into_iter()
        .filter(differs)
        .map(argument)
        .collect();
    vec![change(to, &arguments.join(", "))]
}

fn change(it: &Other, arguments: &str) -> Statement {
    let condition = condition(it);
    let sql = format!("SELECT cron.alter_job(jobid, {arguments}) FROM cron.job WHERE {condition}");
    Statement::new(sql)
}

/// A job of another database on the same server may have the same name.
fn condition(it: &Other) -> String {
    let text = |name| quote_literal(it.text(name).unwrap_or_default());
    let which = match it.text("name") {
        Some(name) => format!("jobname = {}", quote_literal(name)),
        None => {
            let (schedule, command) = (text("schedule"), text("command"));
            format!("jobname IS NULL AND schedule = {schedule} AND command = {command}")
        }
    };
    format!("{which} AND database = current_database()")
}
