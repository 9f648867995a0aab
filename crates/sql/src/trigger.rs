use driftless_catalog::{
    Deferral, QualifiedName, Trigger, TriggerEnabled, TriggerEvent, TriggerLevel, TriggerTiming,
};
use driftless_diff::Delta;
use driftless_sql_text::quote_literal;

use crate::name::{ident, idents};
use crate::{Label, SqlOptions, Statement};

pub(crate) fn render(
    relation: &QualifiedName,
    delta: &Delta<'_, Trigger>,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    match delta {
        Delta::Create(it) => {
            let mut statements = vec![Statement::new(create(relation, it, options))];
            if it.enabled != TriggerEnabled::Origin {
                statements.push(enable(relation, it, options));
            }
            (Label::CreateTrigger, statements)
        }
        Delta::Drop(it) => {
            let sql = format!(
                "DROP TRIGGER {} ON {}",
                ident(&it.name),
                options.name(relation)
            );
            (Label::DropTrigger, vec![Statement::new(sql)])
        }
        // Whatever else differs is dropped and made again.
        Delta::Alter { to, .. } => (Label::AlterTrigger, vec![enable(relation, to, options)]),
    }
}

fn create(relation: &QualifiedName, it: &Trigger, options: &SqlOptions) -> String {
    let constraint = if it.constraint.is_some() {
        "CONSTRAINT "
    } else {
        ""
    };
    let timing = match it.timing {
        TriggerTiming::Before => "BEFORE",
        TriggerTiming::After => "AFTER",
        TriggerTiming::InsteadOf => "INSTEAD OF",
    };
    let event = |event: &TriggerEvent| match event {
        TriggerEvent::Insert => "INSERT".to_owned(),
        TriggerEvent::Delete => "DELETE".to_owned(),
        TriggerEvent::Truncate => "TRUNCATE".to_owned(),
        TriggerEvent::Update if it.update_columns.is_empty() => "UPDATE".to_owned(),
        TriggerEvent::Update => format!("UPDATE OF {}", idents(&it.update_columns)),
    };
    let events: Vec<String> = it.events.iter().map(event).collect();
    let mut sql = format!(
        "CREATE {constraint}TRIGGER {} {timing} {} ON {}",
        ident(&it.name),
        events.join(" OR "),
        options.name(relation)
    );
    if let Some(references) = &it.references {
        sql.push_str(&format!(" FROM {}", options.name(references)));
    }
    match it.constraint {
        None | Some(Deferral::NotDeferrable) => {}
        Some(Deferral::Immediate) => sql.push_str(" DEFERRABLE"),
        Some(Deferral::Deferred) => sql.push_str(" DEFERRABLE INITIALLY DEFERRED"),
    }
    if it.old_table.is_some() || it.new_table.is_some() {
        sql.push_str(" REFERENCING");
    }
    if let Some(name) = &it.old_table {
        sql.push_str(&format!(" OLD TABLE AS {}", ident(name)));
    }
    if let Some(name) = &it.new_table {
        sql.push_str(&format!(" NEW TABLE AS {}", ident(name)));
    }
    sql.push_str(match it.level {
        TriggerLevel::Row => " FOR EACH ROW",
        TriggerLevel::Statement => " FOR EACH STATEMENT",
    });
    if let Some(when) = &it.when {
        sql.push_str(&format!(" WHEN ({when})"));
    }
    let arguments: Vec<String> = it.arguments.iter().map(|it| quote_literal(it)).collect();
    sql.push_str(&format!(
        " EXECUTE FUNCTION {}({})",
        options.name(&it.function),
        arguments.join(", ")
    ));
    sql
}

fn enable(relation: &QualifiedName, it: &Trigger, options: &SqlOptions) -> Statement {
    let verb = match it.enabled {
        TriggerEnabled::Origin => "ENABLE",
        TriggerEnabled::Disabled => "DISABLE",
        TriggerEnabled::Replica => "ENABLE REPLICA",
        TriggerEnabled::Always => "ENABLE ALWAYS",
    };
    let table = options.name(relation);
    Statement::new(format!(
        "ALTER TABLE {table} {verb} TRIGGER {}",
        ident(&it.name)
    ))
}
