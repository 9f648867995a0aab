use driftless_catalog::{
    Constraint, ConstraintKind, Ident, KeyColumns, MatchKind, ObjectId, QualifiedName, Table,
};

use crate::change::{Difference, Differences, sorted};
use crate::common::pair;
use crate::{Change, Delta, Found};

pub(crate) fn diff<'a>(found: &mut Found<'a, '_>, from: &'a Table, to: &'a Table) {
    let mut gone: Vec<&Constraint> = Vec::new();
    let mut new: Vec<&Constraint> = Vec::new();
    for (from, to_constraint) in pair(&from.constraints, &to.constraints) {
        match (from, to_constraint) {
            (Some(from), Some(it)) => {
                alter(found, &to.name, from, it);
            }
            (Some(from), None) => gone.push(from),
            (None, Some(it)) => new.push(it),
            (None, None) => {}
        }
    }
    // One that only has another name is renamed.
    new.retain(|it| {
        let Some(at) = gone.iter().position(|before| is_renamed(before, it)) else {
            return true;
        };
        let before = gone.remove(at);
        alter(found, &to.name, before, it);
        false
    });
    let table = &to.name;
    for it in gone.into_iter().filter(|it| !it.inherited) {
        let delta = Delta::Drop(it);
        found.changes.push(Change::Constraint { table, delta });
    }
    for it in new.into_iter().filter(|it| !it.inherited) {
        let delta = Delta::Create(it);
        found.changes.push(Change::Constraint { table, delta });
        comment(found, table, None, it);
    }
}

fn alter<'a>(
    found: &mut Found<'a, '_>,
    table: &'a QualifiedName,
    from: &'a Constraint,
    to: &'a Constraint,
) {
    if from != to && !differences(from, to).is_empty() {
        let delta = Delta::Alter { from, to };
        found.changes.push(Change::Constraint { table, delta });
    }
    comment(found, table, Some(from), to);
}

fn is_renamed(from: &Constraint, to: &Constraint) -> bool {
    differences(from, to)
        .iter()
        .all(|it| it.aspect == NAME || it.aspect == VALIDATED)
}

/// Comment of a constraint.
pub(crate) fn comment<'a>(
    found: &mut Found<'a, '_>,
    table: &'a QualifiedName,
    from: Option<&'a Constraint>,
    to: &'a Constraint,
) {
    let id = || ObjectId::Constraint(table.clone(), to.name.clone());
    found.comment(
        &id,
        from.and_then(|it| it.comment.as_deref()),
        to.comment.as_deref(),
    );
}

const NAME: &str = "name";
const VALIDATED: &str = "validated";

pub(crate) fn differences(from: &Constraint, to: &Constraint) -> Vec<Difference> {
    let Constraint {
        name,
        kind,
        deferral,
        validated,
        enforced,
        // That is the table's.
        inherited: _,
        comment: _,
    } = from;
    let mut found = Differences::default();
    found.value(NAME, name, &to.name);
    found.shown("definition", kind, &to.kind, definition);
    found.shown("deferral", deferral, &to.deferral, |it| {
        format!("{it:?}").to_lowercase()
    });
    found.value(VALIDATED, validated, &to.validated);
    found.value("enforced", enforced, &to.enforced);
    found.0
}

/// A constraint in words close to SQL, for people.
fn definition(kind: &ConstraintKind) -> String {
    let names = |it: &[Ident]| {
        it.iter()
            .map(Ident::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match kind {
        ConstraintKind::PrimaryKey(key) => key_definition("primary key", key),
        ConstraintKind::Unique(key) => key_definition("unique", key),
        ConstraintKind::ForeignKey(key) => {
            let set = match &key.on_delete_columns[..] {
                [] => String::new(),
                columns => format!(" ({})", names(columns)),
            };
            format!(
                "({}) references {} ({}) on delete {}{set} on update {}{}{}",
                names(&key.columns),
                key.references,
                names(&key.referenced_columns),
                key.on_delete.as_str().to_lowercase(),
                key.on_update.as_str().to_lowercase(),
                match key.match_kind {
                    MatchKind::Simple => "",
                    MatchKind::Full => " match full",
                },
                if key.period { " period" } else { "" },
            )
        }
        ConstraintKind::Check {
            expression,
            no_inherit,
        } => {
            let no_inherit = if *no_inherit { " no inherit" } else { "" };
            format!("check {expression}{no_inherit}")
        }
        ConstraintKind::Exclusion {
            method,
            elements,
            include,
            predicate,
            options,
        } => {
            let mut text = format!("exclude using {method} (");
            for (at, element) in elements.iter().enumerate() {
                let comma = if at > 0 { ", " } else { "" };
                let key = crate::index::key_text(&element.key);
                text.push_str(&format!("{comma}{key} with {}", element.operator));
            }
            text.push(')');
            if !include.is_empty() {
                text.push_str(&format!(" include ({})", names(include)));
            }
            if let Some(predicate) = predicate {
                text.push_str(&format!(" where {predicate}"));
            }
            if !options.is_empty() {
                text.push_str(&format!(" with ({})", sorted(options).join(", ")));
            }
            text
        }
        ConstraintKind::NotNull { column, no_inherit } => {
            let no_inherit = if *no_inherit { " no inherit" } else { "" };
            format!("not null {column}{no_inherit}")
        }
    }
}

fn names(idents: &[Ident]) -> String {
    let texts: Vec<String> = idents.iter().map(Ident::to_string).collect();
    texts.join(", ")
}

fn key_definition(word: &str, key: &KeyColumns) -> String {
    let KeyColumns {
        columns,
        include,
        nulls_not_distinct,
        without_overlaps,
        options,
        tablespace,
        clustered,
    } = key;
    let mut text = format!("{word} ({})", names(columns));
    if !include.is_empty() {
        text.push_str(&format!(" include ({})", names(include)));
    }
    if *nulls_not_distinct {
        text.push_str(" nulls not distinct");
    }
    if *without_overlaps {
        text.push_str(" without overlaps");
    }
    if !options.is_empty() {
        text.push_str(&format!(" with ({})", sorted(options).join(", ")));
    }
    if let Some(tablespace) = tablespace {
        text.push_str(&format!(" in tablespace {tablespace}"));
    }
    if *clustered {
        text.push_str(", clustered");
    }
    text
}
