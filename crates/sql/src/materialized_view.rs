use driftless_catalog::{MaterializedView, ViewColumn};
use driftless_diff::Delta;

use crate::column::set_settings;
use crate::name::ident;
use crate::table::option_changes;
use crate::{Label, SqlOptions, Statement};

pub(crate) fn render(
    delta: &Delta<'_, MaterializedView>,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    match delta {
        Delta::Create(it) => {
            let mut statements = vec![Statement::new(create(it, options))];
            statements.extend(settings(&[], it, options));
            (Label::CreateMaterializedView, statements)
        }
        Delta::Drop(it) => {
            let sql = format!("DROP MATERIALIZED VIEW {}", options.name(&it.name));
            (Label::DropMaterializedView, vec![Statement::new(sql)])
        }
        Delta::Alter { from, to } => (Label::AlterMaterializedView, alter(from, to, options)),
    }
}

fn create(it: &MaterializedView, options: &SqlOptions) -> String {
    let mut sql = format!("CREATE MATERIALIZED VIEW {}", options.name(&it.name));
    if !it.options.is_empty() {
        sql.push_str(&format!(" WITH ({})", it.options.join(", ")));
    }
    if let Some(tablespace) = &it.tablespace {
        sql.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
    }
    let no_data = if it.populated { "" } else { "\nWITH NO DATA" };
    format!("{sql} AS\n{}{no_data}", it.definition)
}

/// The query cannot be altered: a view with another one is dropped and made again.
fn alter(from: &MaterializedView, to: &MaterializedView, options: &SqlOptions) -> Vec<Statement> {
    let name = options.name(&to.name);
    let mut clauses = Vec::new();
    let (set, reset) = option_changes(&from.options, &to.options);
    if !reset.is_empty() {
        clauses.push(format!("RESET ({})", reset.join(", ")));
    }
    if !set.is_empty() {
        clauses.push(format!("SET ({})", set.join(", ")));
    }
    if from.tablespace != to.tablespace {
        let tablespace = to.tablespace.as_ref().map(ident);
        let tablespace = tablespace.unwrap_or_else(|| "pg_default".to_owned());
        clauses.push(format!("SET TABLESPACE {tablespace}"));
    }
    let statement = |clause| Statement::new(format!("ALTER MATERIALIZED VIEW {name} {clause}"));
    let mut statements: Vec<Statement> = clauses.into_iter().map(statement).collect();
    statements.extend(settings(&from.columns, to, options));
    statements
}

/// How columns keep their values.
fn settings(from: &[ViewColumn], to: &MaterializedView, options: &SqlOptions) -> Vec<Statement> {
    let name = options.name(&to.name);
    let clauses = to.columns.iter().flat_map(|it| {
        let before = from.iter().find(|before| before.name == it.name);
        let before = before.map(|it| it.settings.clone()).unwrap_or_default();
        set_settings(&it.name, &it.data_type, &before, &it.settings)
    });
    let statement = |clause| Statement::new(format!("ALTER MATERIALIZED VIEW {name} {clause}"));
    clauses.map(statement).collect()
}
