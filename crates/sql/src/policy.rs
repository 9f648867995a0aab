use driftless_catalog::{Policy, PolicyCommand, QualifiedName};
use driftless_diff::Delta;

use crate::name::{ident, policy_role};
use crate::{Label, SqlOptions, Statement};

pub(crate) fn render(
    table: &QualifiedName,
    delta: &Delta<'_, Policy>,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let table = options.name(table);
    let (label, sql) = match delta {
        Delta::Create(it) => (Label::CreatePolicy, create(&table, it)),
        Delta::Drop(it) => {
            let sql = format!("DROP POLICY {} ON {table}", ident(&it.name));
            (Label::DropPolicy, sql)
        }
        Delta::Alter { from, to } => (Label::AlterPolicy, alter(&table, from, to)),
    };
    (label, vec![Statement::new(sql)])
}

fn create(table: &str, it: &Policy) -> String {
    let mut sql = format!("CREATE POLICY {} ON {table}", ident(&it.name));
    if !it.permissive {
        sql.push_str("\n    AS RESTRICTIVE");
    }
    if it.command != PolicyCommand::All {
        sql.push_str(&format!("\n    FOR {}", it.command.as_str()));
    }
    sql.push_str(&format!("\n    TO {}", roles(it)));
    sql.push_str(&expressions(it));
    sql
}

fn alter(table: &str, from: &Policy, to: &Policy) -> String {
    let mut sql = format!("ALTER POLICY {} ON {table}", ident(&to.name));
    if from.roles != to.roles {
        sql.push_str(&format!("\n    TO {}", roles(to)));
    }
    let changed = Policy {
        using: to.using.clone().filter(|_| from.using != to.using),
        with_check: to
            .with_check
            .clone()
            .filter(|_| from.with_check != to.with_check),
        ..to.clone()
    };
    sql.push_str(&expressions(&changed));
    sql
}

fn roles(it: &Policy) -> String {
    let roles: Vec<String> = it.roles.iter().map(policy_role).collect();
    roles.join(", ")
}

fn expressions(it: &Policy) -> String {
    let using = it.using.as_ref().map(|it| format!("\n    USING ({it})"));
    let check = it
        .with_check
        .as_ref()
        .map(|it| format!("\n    WITH CHECK ({it})"));
    [using, check].into_iter().flatten().collect()
}
