use driftless_catalog::{CheckOption, View};
use driftless_diff::Delta;

use crate::name::ident;
use crate::{Label, SqlOptions, Statement};

pub(crate) fn render(delta: &Delta<'_, View>, options: &SqlOptions) -> (Label, Vec<Statement>) {
    match delta {
        Delta::Create(it) => (Label::CreateView, create(it, "CREATE VIEW", options)),
        Delta::Drop(it) => {
            let sql = format!("DROP VIEW {}", options.name(&it.name));
            (Label::DropView, vec![Statement::new(sql)])
        }
        Delta::Alter { from, to } => (Label::AlterView, alter(from, to, options)),
    }
}

fn create(it: &View, verb: &str, options: &SqlOptions) -> Vec<Statement> {
    let name = options.name(&it.name);
    // Replacing a view without naming an option would take the option away.
    let settings = settings(it);
    let with = match &settings[..] {
        [] => String::new(),
        settings => {
            let pairs: Vec<String> = settings
                .iter()
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            format!(" WITH ({})", pairs.join(", "))
        }
    };
    let mut statements = vec![Statement::new(format!(
        "{verb} {name}{with} AS\n{}",
        it.definition
    ))];
    for column in &it.columns {
        if let Some(default) = &column.default {
            let column = ident(&column.name);
            let sql = format!("ALTER VIEW {name} ALTER COLUMN {column} SET DEFAULT {default}");
            statements.push(Statement::new(sql));
        }
    }
    statements
}

fn settings(it: &View) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    if it.security_invoker {
        found.push(("security_invoker", "true"));
    }
    if it.security_barrier {
        found.push(("security_barrier", "true"));
    }
    match it.check_option {
        Some(CheckOption::Local) => found.push(("check_option", "local")),
        Some(CheckOption::Cascaded) => found.push(("check_option", "cascaded")),
        None => {}
    }
    found
}

fn alter(from: &View, to: &View, options: &SqlOptions) -> Vec<Statement> {
    if from.definition != to.definition || from.columns.len() != to.columns.len() {
        let mut statements = create(to, "CREATE OR REPLACE VIEW", options);
        statements.extend(dropped_defaults(from, to, options));
        return statements;
    }
    let name = options.name(&to.name);
    let (before, after) = (settings(from), settings(to));
    let mut statements = Vec::new();
    for (setting, value) in after.iter().filter(|it| !before.contains(it)) {
        let sql = format!("ALTER VIEW {name} SET ({setting} = {value})");
        statements.push(Statement::new(sql));
    }
    for (setting, _) in &before {
        if !after.iter().any(|(it, _)| it == setting) {
            statements.push(Statement::new(format!(
                "ALTER VIEW {name} RESET ({setting})"
            )));
        }
    }
    for (before, after) in from.columns.iter().zip(&to.columns) {
        if let (Some(default), true) = (&after.default, before.default != after.default) {
            let column = ident(&after.name);
            let sql = format!("ALTER VIEW {name} ALTER COLUMN {column} SET DEFAULT {default}");
            statements.push(Statement::new(sql));
        }
    }
    statements.extend(dropped_defaults(from, to, options));
    statements
}

fn dropped_defaults(from: &View, to: &View, options: &SqlOptions) -> Vec<Statement> {
    let name = options.name(&to.name);
    let pairs = from.columns.iter().zip(&to.columns);
    pairs
        .filter(|(before, after)| before.default.is_some() && after.default.is_none())
        .map(|(_, after)| {
            let column = ident(&after.name);
            Statement::new(format!(
                "ALTER VIEW {name} ALTER COLUMN {column} DROP DEFAULT"
            ))
        })
        .collect()
}
