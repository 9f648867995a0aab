use driftless_catalog::Extension;
use driftless_diff::Delta;
use driftless_sql_text::quote_always;

use crate::name::ident;
use crate::{Label, Statement};

pub(crate) fn render(delta: &Delta<'_, Extension>) -> (Label, Vec<Statement>) {
    match delta {
        Delta::Create(it) => (Label::CreateExtension, vec![Statement::new(create(it))]),
        Delta::Drop(it) => {
            let sql = format!("DROP EXTENSION {}", ident(&it.name));
            let statement = Statement::new(sql);
            (Label::DropExtension, vec![statement])
        }
        Delta::Alter { from, to } => (Label::AlterExtension, alter(from, to)),
    }
}

fn create(it: &Extension) -> String {
    let mut sql = format!("CREATE EXTENSION IF NOT EXISTS {}", ident(&it.name));
    if it.schema.is_some() || it.version.is_some() {
        sql.push_str(" WITH");
    }
    if let Some(schema) = &it.schema {
        sql.push_str(&format!(" SCHEMA {}", ident(schema)));
    }
    if let Some(version) = &it.version {
        sql.push_str(&format!(" VERSION {}", quote_always(version)));
    }
    sql
}

fn alter(from: &Extension, to: &Extension) -> Vec<Statement> {
    let name = ident(&to.name);
    let mut statements = Vec::new();
    if let (Some(version), true) = (&to.version, from.version != to.version) {
        let sql = format!("ALTER EXTENSION {name} UPDATE TO {}", quote_always(version));
        statements.push(Statement::new(sql));
    }
    if let (Some(schema), true) = (&to.schema, from.schema != to.schema) {
        let sql = format!("ALTER EXTENSION {name} SET SCHEMA {}", ident(schema));
        statements.push(Statement::new(sql));
    }
    statements
}
