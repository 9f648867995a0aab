use driftless_catalog::{Fields, Other};

use crate::Statement;

/// Follows PostgreSQL, `CREATE OPERATOR FAMILY`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let name = &it.id.identity;
    let mut statements = vec![Statement::new(format!("CREATE OPERATOR FAMILY {name}"))];
    statements.extend(clause(it, "ADD", members(it)));
    statements
}

/// What was changed goes and comes again.
pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let mut gone: Vec<String> = Vec::new();
    let mut new: Vec<String> = Vec::new();
    for (attribute, show) in SHOWN {
        let (before, after) = (from.rows(attribute), to.rows(attribute));
        let left = before.iter().filter(|it| !after.contains(it));
        gone.extend(left.map(|it| place(attribute, it)));
        new.extend(after.iter().filter(|it| !before.contains(it)).map(show));
    }
    let statements = [clause(to, "DROP", gone), clause(to, "ADD", new)];
    statements.into_iter().flatten().collect()
}

/// How a member of either list is written.
type Show = fn(&Fields) -> String;

const SHOWN: [(&str, Show); 2] = [("operators", operator), ("functions", function)];

/// The operators and functions, as classes and families list them.
pub(super) fn members(it: &Other) -> Vec<String> {
    SHOWN
        .iter()
        .flat_map(|(attribute, show)| it.rows(attribute).iter().map(show))
        .collect()
}

fn clause(of: &Other, verb: &str, items: Vec<String>) -> Option<Statement> {
    let (name, list) = (&of.id.identity, items.join(",\n    "));
    let sql = || format!("ALTER OPERATOR FAMILY {name} {verb}\n    {list}");
    (!items.is_empty()).then(|| Statement::new(sql()))
}

fn field<'a>(it: &'a Fields, name: &str) -> &'a str {
    it.get(name).map_or("", String::as_str)
}

fn operator(it: &Fields) -> String {
    let order = it.get("order_by").map(|it| format!(" FOR ORDER BY {it}"));
    let (number, operator) = (field(it, "number"), field(it, "operator"));
    format!("OPERATOR {number} {operator}{}", order.unwrap_or_default())
}

fn function(it: &Fields) -> String {
    let (number, types, function) = (
        field(it, "number"),
        field(it, "types"),
        field(it, "function"),
    );
    format!("FUNCTION {number} {types} {function}")
}

/// What `DROP` names: kind, number and types.
fn place(attribute: &str, it: &Fields) -> String {
    let word = if attribute == "operators" {
        "OPERATOR"
    } else {
        "FUNCTION"
    };
    format!("{word} {} {}", field(it, "number"), field(it, "types"))
}
