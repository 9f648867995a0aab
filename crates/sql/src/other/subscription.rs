//! Subscriptions. No statement here makes the server connect to the publisher, except that one which is on works.

use driftless_catalog::Other;
use driftless_sql_text::{quote_always, quote_literal};

use crate::Statement;
use crate::comment::by_hand;

/// Options by the name that `SET` knows them by, which are attributes of the same name.
const OPTIONS: [&str; 8] = [
    "synchronous_commit",
    "binary",
    "streaming",
    "disable_on_error",
    "password_required",
    "run_as_owner",
    "origin",
    "failover",
];

/// Follows PostgreSQL, `CREATE SUBSCRIPTION`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let name = &it.id.identity;
    let Some(connection) = it.text("connection") else {
        let what = format!("subscription {name} is missing; its connection could not be read");
        return vec![by_hand(what)];
    };
    let slot = it
        .text("slot")
        .map_or_else(|| "NONE".to_owned(), quote_literal);
    let mut options = vec!["connect = false".to_owned(), format!("slot_name = {slot}")];
    options.extend(
        OPTIONS
            .into_iter()
            .filter(|name| it.text(name).is_some_and(|value| value != default(name)))
            .map(|name| option(it, name)),
    );
    if it.is("two_phase") {
        options.push("two_phase = true".to_owned());
    }
    let sql = format!(
        "CREATE SUBSCRIPTION {name} CONNECTION {} PUBLICATION {} WITH ({})",
        quote_literal(connection),
        publications(it),
        options.join(", ")
    );
    let mut statements = vec![Statement::new(sql)];
    if it.is("password") {
        let what = format!("subscription {name} has a password that is never read; set it by hand");
        statements.push(by_hand(what));
    }
    if it.is("enabled") {
        statements.push(Statement::new(format!("ALTER SUBSCRIPTION {name} ENABLE")));
    }
    statements
}

/// The slot stays at the publisher: to drop it there, the server would have to connect.
pub(super) fn drop(it: &Other) -> Vec<Statement> {
    let name = &it.id.identity;
    let mut statements = Vec::new();
    if it.is("enabled") {
        statements.push(format!("ALTER SUBSCRIPTION {name} DISABLE"));
    }
    if it.text("slot").is_some() {
        statements.push(format!("ALTER SUBSCRIPTION {name} SET (slot_name = NONE)"));
    }
    statements.push(format!("DROP SUBSCRIPTION {name}"));
    let mut statements: Vec<Statement> = statements.into_iter().map(Statement::new).collect();
    if let Some(slot) = it.text("slot") {
        let what = format!("replication slot {slot} of the publisher has to be dropped there");
        statements.push(by_hand(what));
    }
    statements
}

/// Follows PostgreSQL, `ALTER SUBSCRIPTION`.
pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let mut clauses: Vec<String> = Vec::new();
    // A slot can only change while nothing works on it.
    let other_slot = from.text("slot") != to.text("slot");
    let stops = from.is("enabled") && (!to.is("enabled") || other_slot);
    if stops {
        clauses.push("DISABLE".to_owned());
    }
    let seen = !from.hides("connection") && !to.hides("connection");
    if let Some(connection) = to.text("connection")
        && seen
        && from.text("connection") != to.text("connection")
    {
        clauses.push(format!("CONNECTION {}", quote_literal(connection)));
    }
    if from.list("publications") != to.list("publications") {
        let publications = publications(to);
        clauses.push(format!(
            "SET PUBLICATION {publications} WITH (refresh = false)"
        ));
    }
    let mut options: Vec<String> = Vec::new();
    if other_slot {
        let slot = to
            .text("slot")
            .map_or_else(|| "NONE".to_owned(), quote_literal);
        options.push(format!("slot_name = {slot}"));
    }
    let differs = |name: &&str| from.text(name) != to.text(name);
    options.extend(
        OPTIONS
            .into_iter()
            .filter(differs)
            .map(|name| option(to, name)),
    );
    if !options.is_empty() {
        clauses.push(format!("SET ({})", options.join(", ")));
    }
    if to.is("enabled") && (stops || !from.is("enabled")) {
        clauses.push("ENABLE".to_owned());
    }
    let name = &to.id.identity;
    let statement = |clause| Statement::new(format!("ALTER SUBSCRIPTION {name} {clause}"));
    let mut statements: Vec<Statement> = clauses.into_iter().map(statement).collect();
    if seen && from.text("password") != to.text("password") {
        let what = format!("subscription {name} has another password; set it by hand");
        statements.push(by_hand(what));
    }
    statements
}

fn publications(it: &Other) -> String {
    let names: Vec<String> = it
        .list("publications")
        .iter()
        .map(|it| quote_always(it))
        .collect();
    names.join(", ")
}

fn option(it: &Other, name: &str) -> String {
    let value = it.text(name).unwrap_or_else(|| default(name));
    format!("{name} = {value}")
}

/// What an option is if nobody says.
fn default(name: &str) -> &'static str {
    match name {
        "synchronous_commit" => "off",
        "password_required" => "true",
        "origin" => "any",
        "streaming" => "off",
        _ => "false",
    }
}
