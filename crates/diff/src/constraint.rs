use std::collections::{HashMap, HashSet};

use driftless_catalog::{
    Catalog, Constraint, ConstraintKind, Ident, KeyColumns, MatchKind, ObjectId, QualifiedName,
    Table,
};

use crate::change::{Difference, Differences, sorted};
use crate::common::pair;
use crate::index::PARTITION_OF;
use crate::inheritance::lasting_parents;
use crate::{Change, Delta, Found};

pub(crate) fn diff<'a>(found: &mut Found<'a, '_>, from: &'a Table, to: &'a Table) {
    let mut gone: Vec<&Constraint> = Vec::new();
    let mut new: Vec<&Constraint> = Vec::new();
    let heritage = Heritage::of(found, &to.name);
    for (from, to_constraint) in pair(&from.constraints, &to.constraints) {
        match (from, to_constraint) {
            (Some(from), Some(it)) => {
                let with_parent = (heritage.goes_along(from), heritage.comes_along(it));
                match with_parent {
                    (true, true) => comment(found, &to.name, Some(from), it),
                    (false, true) if !it.has_index() => {
                        becomes_inherited(found, to, from, it, &heritage);
                    }
                    (_, _) => alter(found, &to.name, from, it),
                }
            }
            (Some(from), None) => gone.push(from),
            (None, Some(it)) => new.push(it),
            (None, None) => {}
        }
    }
    let table = &to.name;
    // One that only has another name is renamed.
    new.retain(|it| {
        // What a parent has named, nobody can rename here.
        let renamed =
            |before: &&Constraint| is_renamed(before, it) && !(before.inherited && it.inherited);
        let Some(at) = gone.iter().position(renamed) else {
            return true;
        };
        let before = gone.remove(at);
        alter(found, table, before, it);
        false
    });
    for it in gone.into_iter().filter(|it| !heritage.goes_along(it)) {
        let delta = Delta::Drop(it);
        found.changes.push(Change::Constraint { table, delta });
    }
    for it in new.into_iter().filter(|it| !heritage.comes_along(it)) {
        let delta = Delta::Create(it);
        found.changes.push(Change::Constraint { table, delta });
        comment(found, table, None, it);
    }
}

/// Which constraints of a table are those of the tables that it inherits from.
struct Heritage<'a>(Vec<(&'a Table, &'a Table)>);

impl<'a> Heritage<'a> {
    fn of(found: &Found<'a, '_>, table: &QualifiedName) -> Self {
        Self(lasting_parents(found.from, found.to, table))
    }

    /// Whether it goes with that of a parent. What a table had from one that it has left, it has for itself.
    fn goes_along(&self, it: &Constraint) -> bool {
        it.inherited && self.0.iter().any(|(before, _)| hands_down(before, it))
    }

    /// Whether it comes with that of a parent. A table that joins another one has to have its checks, and gets the rest.
    fn comes_along(&self, it: &Constraint) -> bool {
        let is_check = matches!(it.kind, ConstraintKind::Check { .. });
        it.inherited && (!is_check || self.0.iter().any(|(_, after)| hands_down(after, it)))
    }
}

/// A constraint of the table's own that is to be its parent's: the parent's takes the place of one that is alike, where
/// the table is a partition. A child would keep it as its own, too, and can drop none that a parent has.
fn becomes_inherited<'a>(
    found: &mut Found<'a, '_>,
    table: &'a Table,
    from: &'a Constraint,
    to: &'a Constraint,
    heritage: &Heritage<'_>,
) {
    let is_check = matches!(to.kind, ConstraintKind::Check { .. });
    let mut parents = heritage.0.iter();
    let is_merged = parents.any(|(before, _)| hands_down(before, from));
    let takes_place = table.partition.is_some() || !is_check || is_merged;
    let stays = is_renamed(from, to) && takes_place;
    if !stays {
        found.changes.push(Change::Constraint {
            table: &table.name,
            delta: Delta::Drop(from),
        });
    }
    comment(found, &table.name, Some(from).filter(|_| stays), to);
}

/// Adds the constraints that a table is to have by itself and loses with its parent's, and the validation of those that a
/// parent has without.
pub(crate) fn restore(found: &mut Found<'_, '_>) {
    let mut dropped: HashSet<(&QualifiedName, &Ident)> = HashSet::new();
    let mut not_valid: HashMap<(&QualifiedName, &Ident), &Constraint> = HashMap::new();
    for change in &found.changes {
        if let Change::Constraint { table, delta } = change {
            match delta {
                Delta::Drop(it) => drop(dropped.insert((table, &it.name))),
                Delta::Create(it) if !it.validated => {
                    not_valid.insert((table, &it.name), it);
                }
                Delta::Create(_) | Delta::Alter { .. } => {}
            }
        }
    }
    let (mut again, mut valid) = (Vec::new(), Vec::new());
    for (from, to) in pair(&found.from.tables, &found.to.tables) {
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        let heritage = Heritage::of(found, &to.name);
        let lost = |it: &&Constraint| {
            let before = from.constraints.get(&it.name);
            let goes = before.is_some_and(|it| heritage.goes_along(it));
            let mut parents = heritage.0.iter().map(|(before, _)| &before.name);
            goes && !it.inherited
                && !it.has_index()
                && parents.any(|parent| dropped.contains(&(parent, &it.name)))
        };
        again.extend(to.constraints.iter().filter(lost).map(|it| (&to.name, it)));
        for it in to.constraints.iter().filter(|it| it.validated) {
            let mut parents = heritage.0.iter().map(|(before, _)| &before.name);
            let model = parents.find_map(|parent| not_valid.get(&(parent, &it.name)));
            if let Some(from) = model.filter(|_| heritage.comes_along(it)) {
                valid.push((&to.name, *from, it));
            }
        }
    }
    for (table, from, to) in valid {
        let delta = Delta::Alter { from, to };
        found.changes.push(Change::Constraint { table, delta });
    }
    for (table, it) in again {
        let delta = Delta::Create(it);
        found.changes.push(Change::Constraint { table, delta });
        comment(found, table, None, it);
    }
}

/// Whether a table has the constraint because `parent` has it.
fn hands_down(parent: &Table, it: &Constraint) -> bool {
    match &it.kind {
        ConstraintKind::Check { .. } => parent.constraints.contains(&it.name),
        ConstraintKind::NotNull { column, .. } => {
            let column = parent.column(column);
            column.is_some_and(|it| it.not_null)
        }
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion { .. } => parent.partition_by.is_some(),
    }
}

fn alter<'a>(
    found: &mut Found<'a, '_>,
    table: &'a QualifiedName,
    from: &'a Constraint,
    to: &'a Constraint,
) {
    let attached = |it: &Catalog| Some(it.tables.get(table)?.partition.as_ref()?.of.clone());
    // A partition takes its keys along when it is attached or detached.
    let moves = attached(found.from) != attached(found.to);
    let counts = |it: &Difference| it.aspect != PARTITION_OF || !moves;
    if from != to && differences(from, to).iter().any(counts) {
        let delta = Delta::Alter { from, to };
        found.changes.push(Change::Constraint { table, delta });
    }
    comment(found, table, Some(from), to);
}

fn is_renamed(from: &Constraint, to: &Constraint) -> bool {
    differences(from, to)
        .iter()
        .all(|it| matches!(it.aspect, NAME | VALIDATED | PARTITION_OF))
}

/// Whether two constraints differ in name, and in what they are a part of, at most.
pub(crate) fn is_like(from: &Constraint, to: &Constraint) -> bool {
    let differences = differences(from, to);
    differences
        .iter()
        .all(|it| matches!(it.aspect, NAME | PARTITION_OF))
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
    let index = || ObjectId::Index(table.sibling(to.name.clone()));
    found.comment(
        &index,
        from.and_then(|it| it.index_comment.as_deref()),
        to.index_comment.as_deref(),
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
        partition_of,
        comment: _,
        index_comment: _,
    } = from;
    let mut found = Differences::default();
    found.value(NAME, name, &to.name);
    found.shown("definition", kind, &to.kind, definition);
    found.shown("deferral", deferral, &to.deferral, |it| {
        format!("{it:?}").to_lowercase()
    });
    found.value(VALIDATED, validated, &to.validated);
    found.value("enforced", enforced, &to.enforced);
    found.maybe(PARTITION_OF, partition_of, &to.partition_of);
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
