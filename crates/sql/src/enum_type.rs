use driftless_catalog::{EnumType, Ident, QualifiedName};
use driftless_diff::Delta;
use driftless_sql_text::quote_literal;

use crate::name::ident;
use crate::script::Context;
use crate::{Hazard, Label, Statement};

pub(crate) fn render(
    delta: &Delta<'_, EnumType>,
    context: &Context<'_>,
) -> (Label, Vec<Statement>) {
    let options = context.options;
    match delta {
        Delta::Create(it) => {
            let sql = create(&options.name(&it.name), &it.labels);
            (Label::CreateEnum, vec![Statement::new(sql)])
        }
        Delta::Drop(it) => {
            let sql = format!("DROP TYPE {}", options.name(&it.name));
            (Label::DropEnum, vec![Statement::new(sql)])
        }
        Delta::Alter { from, to } => {
            let statements = match is_subsequence(&from.labels, &to.labels) {
                true => add_labels(from, to, context),
                false => rebuild(from, to, context),
            };
            (Label::AlterEnum, statements)
        }
    }
}

fn create(name: &str, labels: &[String]) -> String {
    let labels: Vec<String> = labels.iter().map(|it| quote_literal(it)).collect();
    format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))
}

/// Whether `few` are among `many` in the same order, so that labels only have to be added.
fn is_subsequence(few: &[String], many: &[String]) -> bool {
    let mut many = many.iter();
    few.iter().all(|wanted| many.any(|it| it == wanted))
}

fn add_labels(from: &EnumType, to: &EnumType, context: &Context<'_>) -> Vec<Statement> {
    let name = context.options.name(&to.name);
    let last = from.labels.last();
    let mut behind_last = last.is_none();
    let mut statements = Vec::new();
    for (at, label) in to.labels.iter().enumerate() {
        if from.labels.contains(label) {
            behind_last |= last == Some(label);
            continue;
        }
        // At the end a label needs no place of its own.
        let place = match (behind_last, at.checked_sub(1)) {
            (true, _) => String::new(),
            (false, Some(before)) => format!(" AFTER {}", quote_literal(&to.labels[before])),
            (false, None) => match from.labels.first() {
                Some(first) => format!(" BEFORE {}", quote_literal(first)),
                None => String::new(),
            },
        };
        let sql = format!(
            "ALTER TYPE {name} ADD VALUE {}{place}",
            quote_literal(label)
        );
        statements.push(Statement::new(sql));
    }
    statements
}

/// A label cannot be taken away: a new type takes the place of the old one, column by column.
fn rebuild(from: &EnumType, to: &EnumType, context: &Context<'_>) -> Vec<Statement> {
    let options = context.options;
    let with_suffix = |suffix: &str| {
        let name = format!("{}{suffix}", to.name.name.as_str());
        // A name with a suffix is never empty and is cut to what the server keeps.
        let name = Ident::cut(&name).unwrap_or_else(|_| to.name.name.clone());
        to.name.sibling(name)
    };
    let (new, old) = (with_suffix("_new"), with_suffix("_old"));
    let (name, new_name) = (options.name(&to.name), options.name(&new));
    let columns = columns_of(&to.name, context);
    let mut sql = vec!["BEGIN".to_owned(), create(&new_name, &to.labels)];
    for it in columns.iter().filter(|it| it.default_before.is_some()) {
        sql.push(format!(
            "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT",
            it.table, it.column
        ));
    }
    for it in &columns {
        let array = if it.array { "[]" } else { "" };
        let (table, column) = (&it.table, &it.column);
        sql.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} TYPE {new_name}{array} USING ({column}::text{array}::{new_name}{array})"
        ));
    }
    sql.push(format!("ALTER TYPE {name} RENAME TO {}", ident(&old.name)));
    sql.push(format!(
        "ALTER TYPE {new_name} RENAME TO {}",
        ident(&to.name.name)
    ));
    sql.push(format!("DROP TYPE {}", options.name(&old)));
    for it in &columns {
        if let Some(default) = &it.default_after {
            sql.push(format!(
                "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {default}",
                it.table, it.column
            ));
        }
    }
    sql.push("COMMIT".to_owned());
    let gone: Vec<&String> = from
        .labels
        .iter()
        .filter(|it| !to.labels.contains(it))
        .collect();
    let mut statements: Vec<Statement> = sql.into_iter().map(Statement::new).collect();
    if let (Some(label), Some(first)) = (gone.first(), statements.first_mut()) {
        first.hazards.push(Hazard::DependsOnData {
            what: format!("a row still holds a label that goes, such as '{label}'"),
        });
    }
    statements
}

/// A column of an enum type in the target state.
struct EnumColumn {
    table: String,
    column: String,
    array: bool,
    default_before: Option<String>,
    default_after: Option<String>,
}

/// The columns that have the type before and after.
fn columns_of(name: &QualifiedName, context: &Context<'_>) -> Vec<EnumColumn> {
    let mut found = Vec::new();
    for table in &context.from.tables {
        let Some(after) = context.to.tables.get(&table.name) else {
            continue;
        };
        for column in &table.columns {
            let is_of_type = |it: &driftless_catalog::Column| {
                it.data_type.name.user_defined().as_ref() == Some(name)
            };
            let Some(next) = after.column(&column.name).filter(|it| is_of_type(it)) else {
                continue;
            };
            if is_of_type(column) {
                let text = |it: &driftless_catalog::Column| {
                    it.default.as_ref().map(|it| it.text.to_string())
                };
                found.push(EnumColumn {
                    table: context.options.name(&table.name),
                    column: ident(&column.name),
                    array: column.data_type.is_array(),
                    default_before: text(column),
                    default_after: text(next),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_only_have_to_be_added_if_the_old_ones_keep_their_order() {
        let list = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert!(is_subsequence(&list(&["a", "c"]), &list(&["a", "b", "c"])));
        assert!(is_subsequence(&list(&[]), &list(&["a"])));
        assert!(!is_subsequence(&list(&["c", "a"]), &list(&["a", "b", "c"])));
        assert!(!is_subsequence(&list(&["a", "x"]), &list(&["a"])));
    }
}
