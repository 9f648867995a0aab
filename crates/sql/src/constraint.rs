use driftless_catalog::{
    Constraint, ConstraintKind, Deferral, ForeignKey, Ident, KeyColumns, MatchKind, QualifiedName,
    Table,
};
use driftless_diff::Delta;

use crate::name::{ident, idents};
use crate::rows::{alike, may_be_alike, may_break};
use crate::script::Context;
use crate::table::column_list;
use crate::{Hazard, Label, SqlOptions, Statement, index, online};

/// `CONSTRAINT "name" …`, as it stands in `CREATE TABLE`.
pub(crate) fn definition(constraint: &Constraint, options: &SqlOptions) -> String {
    // Prisma writes no space between the columns of a key here, and the same byte is worth more than a nicer one.
    separated(constraint, ",", options)
}

/// `CONSTRAINT "name" …`, as it stands behind `ADD`.
pub(crate) fn added(
    table: &QualifiedName,
    constraint: &Constraint,
    context: &Context<'_>,
) -> String {
    let Some(index) = context.taken_index(table, &constraint.name) else {
        return separated(constraint, ", ", context.options);
    };
    let key = match constraint.kind {
        ConstraintKind::PrimaryKey(_) => "PRIMARY KEY",
        ConstraintKind::Unique(_)
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => "UNIQUE",
    };
    let (name, index) = (ident(&constraint.name), ident(&index.name));
    let deferral = deferral(constraint);
    format!("CONSTRAINT {name} {key} USING INDEX {index}{deferral}")
}

fn separated(constraint: &Constraint, separator: &str, options: &SqlOptions) -> String {
    let name = ident(&constraint.name);
    let body = match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => {
            let names: Vec<String> = key.columns.iter().map(ident).collect();
            let mut columns = names.join(separator);
            if key.without_overlaps {
                columns.push_str(" WITHOUT OVERLAPS");
            }
            format!("PRIMARY KEY ({columns}){}", key_clauses(key))
        }
        ConstraintKind::Unique(key) => {
            let nulls = if key.nulls_not_distinct {
                " NULLS NOT DISTINCT"
            } else {
                ""
            };
            let mut columns = idents(&key.columns);
            if key.without_overlaps {
                columns.push_str(" WITHOUT OVERLAPS");
            }
            format!("UNIQUE{nulls} ({columns}){}", key_clauses(key))
        }
        ConstraintKind::ForeignKey(key) => foreign_key(key, options),
        ConstraintKind::Check {
            expression,
            no_inherit,
        } => {
            let no_inherit = if *no_inherit { " NO INHERIT" } else { "" };
            format!("CHECK ({expression}){no_inherit}")
        }
        ConstraintKind::Exclusion {
            method,
            elements,
            include,
            predicate,
            options: parameters,
        } => {
            let element = |it: &driftless_catalog::ExclusionElement| {
                format!("{} WITH {}", index::key(&it.key, options), it.operator)
            };
            let elements: Vec<String> = elements.iter().map(element).collect();
            let mut sql = format!("EXCLUDE USING {} ({})", ident(method), elements.join(", "));
            if !include.is_empty() {
                sql.push_str(&format!(" INCLUDE {}", column_list(include)));
            }
            if !parameters.is_empty() {
                sql.push_str(&format!(" WITH ({})", parameters.join(", ")));
            }
            if let Some(predicate) = predicate {
                sql.push_str(&format!(" WHERE ({predicate})"));
            }
            sql
        }
        ConstraintKind::NotNull { column, no_inherit } => {
            let no_inherit = if *no_inherit { " NO INHERIT" } else { "" };
            format!("NOT NULL {}{no_inherit}", ident(column))
        }
    };
    let deferral = deferral(constraint);
    let enforced = if constraint.enforced {
        ""
    } else {
        " NOT ENFORCED"
    };
    format!("CONSTRAINT {name} {body}{deferral}{enforced}")
}

fn deferral(constraint: &Constraint) -> &'static str {
    match constraint.deferral {
        Deferral::NotDeferrable => "",
        Deferral::Immediate => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

fn key_clauses(key: &KeyColumns) -> String {
    let mut sql = String::new();
    if !key.include.is_empty() {
        sql.push_str(&format!(" INCLUDE {}", column_list(&key.include)));
    }
    if !key.options.is_empty() {
        sql.push_str(&format!(" WITH ({})", key.options.join(", ")));
    }
    if let Some(tablespace) = &key.tablespace {
        sql.push_str(&format!(" USING INDEX TABLESPACE {}", ident(tablespace)));
    }
    sql
}

fn foreign_key(key: &ForeignKey, options: &SqlOptions) -> String {
    let list = |columns: &[Ident]| match (key.period, columns) {
        (true, [rest @ .., last]) => {
            let mut parts: Vec<String> = rest.iter().map(ident).collect();
            parts.push(format!("PERIOD {}", ident(last)));
            format!("({})", parts.join(", "))
        }
        (_, columns) => column_list(columns),
    };
    let full = match key.match_kind {
        MatchKind::Simple => "",
        MatchKind::Full => " MATCH FULL",
    };
    let set = match &key.on_delete_columns[..] {
        [] => String::new(),
        columns => format!(" {}", column_list(columns)),
    };
    format!(
        "FOREIGN KEY {} REFERENCES {}{}{full} ON DELETE {}{set} ON UPDATE {}",
        list(&key.columns),
        options.name(&key.references),
        list(&key.referenced_columns),
        key.on_delete.as_str(),
        key.on_update.as_str(),
    )
}

/// Whether a statement that makes all keys of a table would leave one out, because another one has the same index.
///
/// Follows PostgreSQL, `transformIndexConstraints`.
pub(crate) fn is_redundant(table: &Table, it: &Constraint) -> bool {
    let index = |it: &Constraint| {
        let key = match &it.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => key.clone(),
            ConstraintKind::ForeignKey(_)
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::NotNull { .. } => return None,
        };
        let compared = (key.columns, key.include, key.nulls_not_distinct);
        Some((compared, key.without_overlaps, it.deferral))
    };
    let is_primary = |it: &Constraint| matches!(it.kind, ConstraintKind::PrimaryKey(_));
    let constraints = table.constraints.iter();
    let mut first = constraints.filter(|other| is_primary(other) || other.name < it.name);
    !is_primary(it) && index(it).is_some() && first.any(|other| index(other) == index(it))
}

/// When adding it fails.
pub(crate) fn hazard(
    table: &QualifiedName,
    constraint: &Constraint,
    context: &Context<'_>,
) -> Option<Hazard> {
    if !constraint.validated {
        return None;
    }
    let may_be_alike = |key: &KeyColumns| {
        let columns: Vec<&Ident> = key.columns.iter().collect();
        key.nulls_not_distinct || may_be_alike(table, &columns, context)
    };
    let alike = |key: &KeyColumns| {
        let columns: Vec<&Ident> = key.columns.iter().collect();
        alike(table, &columns, key.nulls_not_distinct, context)
    };
    let table = table.clone();
    match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => may_be_alike(key).then(|| Hazard::AddsPrimaryKey {
            alike: alike(key),
            table,
            columns: key.columns.clone(),
        }),
        ConstraintKind::Unique(key) => may_be_alike(key).then(|| Hazard::AddsUnique {
            alike: alike(key),
            table,
            columns: key.columns.clone(),
        }),
        ConstraintKind::ForeignKey(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => {
            may_break(&table, constraint, context).then(|| Hazard::AddsConstraint {
                table,
                name: constraint.name.clone(),
            })
        }
    }
}

/// A foreign key; other constraints are rendered with their table.
pub(crate) fn render(
    table: &QualifiedName,
    delta: &Delta<'_, Constraint>,
    context: &Context<'_>,
) -> (Label, Vec<Statement>) {
    let options = context.options;
    let alter =
        |clause: String| Statement::new(format!("ALTER TABLE {} {clause}", options.name(table)));
    match delta {
        Delta::Create(it) => {
            let later = online::is_for(table, context) && online::can_check_later(it);
            let not_valid = if it.validated && !later {
                ""
            } else {
                " NOT VALID"
            };
            let statement = alter(format!("ADD {}{not_valid}", definition(it, options)));
            let mut hazards = hazard(table, it, context).into_iter().collect();
            let mut statements = match later {
                true => vec![statement, online::checked_later(table, &it.name, context)],
                false => vec![statement],
            };
            // It is the last that looks at the rows.
            if let Some(last) = statements.last_mut() {
                last.hazards.append(&mut hazards);
            }
            (Label::AddForeignKey, statements)
        }
        Delta::Drop(it) => {
            let statement = alter(format!("DROP CONSTRAINT {}", ident(&it.name)));
            (Label::DropForeignKey, vec![statement])
        }
        Delta::Alter { from, to } => {
            let mut statements = Vec::new();
            let mut label = Label::AlterForeignKey;
            if from.name != to.name {
                let (from, to) = (ident(&from.name), ident(&to.name));
                statements.push(alter(format!("RENAME CONSTRAINT {from} TO {to}")));
                label = Label::RenameForeignKey;
            }
            let name = ident(&to.name);
            if from.deferral != to.deferral {
                let deferral = match to.deferral {
                    Deferral::NotDeferrable => "NOT DEFERRABLE",
                    Deferral::Immediate => "DEFERRABLE INITIALLY IMMEDIATE",
                    Deferral::Deferred => "DEFERRABLE INITIALLY DEFERRED",
                };
                statements.push(alter(format!("ALTER CONSTRAINT {name} {deferral}")));
            }
            if to.validated && !from.validated {
                statements.push(alter(format!("VALIDATE CONSTRAINT {name}")));
            }
            (label, statements)
        }
    }
}
