use driftless_catalog::{Persistence, QualifiedName, Sequence, SequenceOptions, SequenceOwner};
use driftless_diff::Delta;

use crate::name::ident;
use crate::{Label, SqlOptions, Statement};

pub(crate) fn render(delta: &Delta<'_, Sequence>, options: &SqlOptions) -> (Label, Vec<Statement>) {
    match delta {
        Delta::Create(it) => {
            let unlogged = match it.persistence {
                Persistence::Permanent => "",
                Persistence::Unlogged => "UNLOGGED ",
            };
            let name = options.name(&it.name);
            let clauses = clauses(None, &it.options, options);
            let sql = format!("CREATE {unlogged}SEQUENCE {name}{clauses}");
            (Label::CreateSequence, vec![Statement::new(sql)])
        }
        Delta::Drop(it) => {
            let sql = format!("DROP SEQUENCE {}", options.name(&it.name));
            let what = format!("the position of sequence {}", it.name);
            (Label::DropSequence, vec![Statement::new(sql).deletes(what)])
        }
        Delta::Alter { from, to } => (Label::AlterSequence, alter(from, to, options)),
    }
}

fn alter(from: &Sequence, to: &Sequence, options: &SqlOptions) -> Vec<Statement> {
    let name = options.name(&to.name);
    let mut statements = Vec::new();
    let clauses = clauses(Some(&from.options), &to.options, options);
    if !clauses.is_empty() {
        statements.push(Statement::new(format!("ALTER SEQUENCE {name}{clauses}")));
    }
    if from.persistence != to.persistence {
        let logged = match to.persistence {
            Persistence::Permanent => "LOGGED",
            Persistence::Unlogged => "UNLOGGED",
        };
        statements.push(Statement::new(format!(
            "ALTER SEQUENCE {name} SET {logged}"
        )));
    }
    statements
}

/// The clauses that lead from `from`, or from what the server would choose, to `to`.
pub(crate) fn clauses(
    from: Option<&SequenceOptions>,
    to: &SequenceOptions,
    options: &SqlOptions,
) -> String {
    let bigint = driftless_catalog::DataType::builtin("int8");
    let usual = SequenceOptions::of(to.data_type.clone());
    let before = from.unwrap_or(&usual);
    let mut text = String::new();
    let type_differs = match from {
        Some(from) => from.data_type != to.data_type,
        None => to.data_type != bigint,
    };
    if type_differs {
        text.push_str(&format!(" AS {}", options.data_type(&to.data_type)));
    }
    for (word, before, after) in [
        ("INCREMENT BY", before.increment, to.increment),
        ("MINVALUE", before.min, to.min),
        ("MAXVALUE", before.max, to.max),
        ("START WITH", before.start, to.start),
        ("CACHE", before.cache, to.cache),
    ] {
        if before != after {
            text.push_str(&format!(" {word} {after}"));
        }
    }
    if before.cycle != to.cycle {
        text.push_str(if to.cycle { " CYCLE" } else { " NO CYCLE" });
    }
    text
}

pub(crate) fn render_owner(
    sequence: &QualifiedName,
    to: Option<&SequenceOwner>,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let owner = match to {
        Some(it) => format!("{}.{}", options.name(&it.table), ident(&it.column)),
        None => "NONE".to_owned(),
    };
    let sql = format!("ALTER SEQUENCE {} OWNED BY {owner}", options.name(sequence));
    (Label::AlterSequence, vec![Statement::new(sql)])
}
