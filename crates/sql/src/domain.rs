use driftless_catalog::{Column, Domain, DomainConstraint, QualifiedName, Table};
use driftless_diff::Delta;

use crate::column::by_way_of;
use crate::name::ident;
use crate::retyped::{columns_of, is_exchanged, leaving, meanwhile};
use crate::script::Context;
use crate::{Hazard, Label, SqlOptions, Statement};

pub(crate) fn render(delta: &Delta<'_, Domain>, context: &Context<'_>) -> (Label, Vec<Statement>) {
    let options = context.options;
    match delta {
        Delta::Create(it) => (Label::CreateDomain, create(it, options)),
        Delta::Drop(it) => {
            let sql = format!("DROP DOMAIN {}", options.name(&it.name));
            (Label::DropDomain, vec![Statement::new(sql)])
        }
        Delta::Alter { from, to } => (Label::AlterDomain, alter(from, to, context)),
    }
}

fn create(it: &Domain, options: &SqlOptions) -> Vec<Statement> {
    let name = options.name(&it.name);
    let mut sql = format!("CREATE DOMAIN {name} AS {}", options.data_type(&it.base));
    if let Some(collation) = &it.collation {
        sql.push_str(&format!(" COLLATE {}", options.name(collation)));
    }
    if let Some(default) = &it.default {
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if it.not_null {
        sql.push_str(" NOT NULL");
    }
    let mut statements = Vec::new();
    for check in &it.constraints {
        // A check that is not validated cannot be made with the domain.
        match check.validated {
            true => sql.push_str(&format!("\n    {}", check_clause(check))),
            false => {
                let sql = format!("ALTER DOMAIN {name} {}", add_clause(check));
                statements.push(Statement::new(sql));
            }
        }
    }
    statements.insert(0, Statement::new(sql));
    statements
}

fn check_clause(check: &DomainConstraint) -> String {
    format!(
        "CONSTRAINT {} CHECK ({})",
        ident(&check.name),
        check.expression
    )
}

fn add_clause(check: &DomainConstraint) -> String {
    let not_valid = if check.validated { "" } else { " NOT VALID" };
    format!("ADD {}{not_valid}", check_clause(check))
}

/// Checks are changes of their own, see [`render_check`].
fn alter(from: &Domain, to: &Domain, context: &Context<'_>) -> Vec<Statement> {
    if from.base != to.base || from.collation != to.collation {
        return rebuild(from, to, context);
    }
    let name = context.options.name(&to.name);
    let mut clauses: Vec<String> = Vec::new();
    if from.default != to.default {
        clauses.push(match &to.default {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        });
    }
    if from.not_null != to.not_null {
        let verb = if to.not_null { "SET" } else { "DROP" };
        clauses.push(format!("{verb} NOT NULL"));
    }
    let statement = |clause| Statement::new(format!("ALTER DOMAIN {name} {clause}"));
    clauses.into_iter().map(statement).collect()
}

/// A check of a domain that stays.
pub(crate) fn render_check(
    domain: &QualifiedName,
    delta: &Delta<'_, DomainConstraint>,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let clause = match delta {
        Delta::Create(it) => add_clause(it),
        Delta::Drop(it) => format!("DROP CONSTRAINT {}", ident(&it.name)),
        Delta::Alter { to, .. } => format!("VALIDATE CONSTRAINT {}", ident(&to.name)),
    };
    let sql = format!("ALTER DOMAIN {} {clause}", options.name(domain));
    (Label::AlterDomain, vec![Statement::new(sql)])
}

/// A domain keeps the type that it is over: a new one takes the place of the old one, column by column.
fn rebuild(from: &Domain, to: &Domain, context: &Context<'_>) -> Vec<Statement> {
    let options = context.options;
    let name = options.name(&to.name);
    let old = meanwhile(&to.name, "old", context);
    let rename = format!("ALTER DOMAIN {name} RENAME TO {}", ident(&old.name));
    let mut statements = vec![Statement::new(rename)];
    statements.extend(create(to, options));
    let base = options.data_type(&to.base);
    let held = columns_of(&to.name, context);
    let alter = |(table, column): &(&Table, &Column), clause: String| {
        let (table, column) = (options.name(&table.name), ident(&column.name));
        Statement::new(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} {clause}"
        ))
    };
    for it in &held {
        let default = default_before(it.0, it.1, context);
        statements.extend(default.map(|()| alter(it, "DROP DEFAULT".to_owned())));
    }
    for it in held.iter().filter(|it| is_exchanged(it.0, it.1, context)) {
        let (table, column) = it;
        let list = "[]".repeat(usize::from(column.data_type.dimensions));
        let value = match by_way_of(&from.base, &to.base, context) {
            Some(between) => format!("{}::{between}{list}", ident(&column.name)),
            None => ident(&column.name),
        };
        let cast = format!("TYPE {name}{list} USING ({value}::{base}{list}::{name}{list})");
        statements.push(alter(it, cast).hazard(Hazard::CastsValues {
            table: table.name.clone(),
            column: column.name.clone(),
            from: from.base.clone(),
            to: to.base.clone(),
        }));
    }
    for it in &held {
        let default = it.1.default.as_ref();
        statements.extend(default.map(|default| alter(it, format!("SET DEFAULT {default}"))));
    }
    let base = options.data_type(&from.base);
    for (table, column) in leaving(&to.name, context) {
        let list = "[]".repeat(usize::from(column.data_type.dimensions));
        let (table, column) = (options.name(&table.name), ident(&column.name));
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {base}{list}");
        statements.push(Statement::new(sql));
    }
    statements.push(Statement::new(format!(
        "DROP DOMAIN {}",
        options.name(&old)
    )));
    statements
}

/// Whether a column has a default now.
fn default_before(table: &Table, column: &Column, context: &Context<'_>) -> Option<()> {
    let before = context.from.tables.get(&table.name)?;
    before.column(&column.name)?.default.as_ref().map(|_| ())
}
