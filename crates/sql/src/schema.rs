use driftless_catalog::Schema;
use driftless_diff::Delta;

use crate::name::ident;
use crate::{Label, Statement};

pub(crate) fn render(delta: &Delta<'_, Schema>) -> (Label, Vec<Statement>) {
    match delta {
        Delta::Create(it) => {
            let sql = format!("CREATE SCHEMA IF NOT EXISTS {}", ident(&it.name));
            (Label::CreateSchema, vec![Statement::new(sql)])
        }
        Delta::Drop(it) => {
            let sql = format!("DROP SCHEMA {}", ident(&it.name));
            (Label::DropSchema, vec![Statement::new(sql)])
        }
        // A schema has nothing that could change but owner, comment and privileges.
        Delta::Alter { .. } => (Label::CreateSchema, Vec::new()),
    }
}
