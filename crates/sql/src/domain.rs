use driftless_catalog::{Domain, DomainConstraint};
use driftless_diff::Delta;

use crate::comment::by_hand;
use crate::name::ident;
use crate::{Label, SqlOptions, Statement};

pub(crate) fn render(delta: &Delta<'_, Domain>, options: &SqlOptions) -> (Label, Vec<Statement>) {
    match delta {
        Delta::Create(it) => (Label::CreateDomain, create(it, options)),
        Delta::Drop(it) => {
            let sql = format!("DROP DOMAIN {}", options.name(&it.name));
            (Label::DropDomain, vec![Statement::new(sql)])
        }
        Delta::Alter { from, to } => (Label::AlterDomain, alter(from, to, options)),
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

fn alter(from: &Domain, to: &Domain, options: &SqlOptions) -> Vec<Statement> {
    let name = options.name(&to.name);
    if from.base != to.base || from.collation != to.collation {
        let what = format!(
            "domain {} has another base type; its columns have to be moved to a new domain",
            to.name
        );
        return vec![by_hand(what)];
    }
    let mut clauses: Vec<String> = Vec::new();
    for check in &from.constraints {
        if to.constraints.get(&check.name).map(|it| &it.expression) != Some(&check.expression) {
            clauses.push(format!("DROP CONSTRAINT {}", ident(&check.name)));
        }
    }
    if from.default != to.default {
        clauses.push(match &to.default {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        });
    }
    if from.not_null != to.not_null {
        clauses.push(
            if to.not_null {
                "SET NOT NULL"
            } else {
                "DROP NOT NULL"
            }
            .to_owned(),
        );
    }
    for check in &to.constraints {
        match from.constraints.get(&check.name) {
            Some(before) if before.expression == check.expression => {
                if check.validated && !before.validated {
                    clauses.push(format!("VALIDATE CONSTRAINT {}", ident(&check.name)));
                }
            }
            _ => clauses.push(add_clause(check)),
        }
    }
    let statement = |clause| Statement::new(format!("ALTER DOMAIN {name} {clause}"));
    clauses.into_iter().map(statement).collect()
}
