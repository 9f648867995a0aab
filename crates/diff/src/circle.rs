//! A table whose policy reads a view of that same table: neither can be dropped before the other. So what closes such
//! a circle is dropped on its own, before the table that it would go with; and a check that closes one is made on its
//! own, behind the table.

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Constraint, ConstraintKind, ObjectId, QualifiedName, Table};

use crate::{Change, Delta, Found};

/// Adds the drops of those parts of dropped tables that need what needs the table, and the same of new checks.
pub(crate) fn open(found: &mut Found<'_, '_>) {
    let mut parts = Vec::new();
    for change in &found.changes {
        if let Change::Table(Delta::Drop(table)) = change
            && !found.to.tables.contains(&table.name)
        {
            let parts_of = parts_of(table).into_iter();
            parts.extend(parts_of.filter(|it| leads_back(found.from, &it.object(), &table.name)));
        } else if let Change::Table(Delta::Create(table)) = change {
            let checks = checks(table).map(|it| Change::Constraint {
                table: &table.name,
                delta: Delta::Create(it),
            });
            parts.extend(checks.filter(|it| leads_back(found.to, &it.object(), &table.name)));
        }
    }
    found.changes.extend(parts);
}

fn checks(table: &Table) -> impl Iterator<Item = &Constraint> {
    let own = table.constraints.iter().filter(|it| !it.inherited);
    own.filter(|it| matches!(it.kind, ConstraintKind::Check { .. }))
}

/// The drops of the parts of a table that may need other objects.
fn parts_of(table: &Table) -> Vec<Change<'_>> {
    let name = &table.name;
    let policies = table.policies.iter().map(|it| Change::Policy {
        table: name,
        delta: Delta::Drop(it),
    });
    let triggers = table.triggers.iter().map(|it| Change::Trigger {
        relation: name,
        delta: Delta::Drop(it),
    });
    let checks = checks(table).map(|it| Change::Constraint {
        table: name,
        delta: Delta::Drop(it),
    });
    let defaults = table.columns.iter().filter_map(|it| {
        let default = it.default.as_ref().filter(|_| !it.inherited)?;
        Some(Change::Default {
            table: name,
            column: &it.name,
            delta: Delta::Drop(default),
        })
    });
    let all = policies.chain(triggers).chain(checks).chain(defaults);
    all.collect()
}

/// Whether something that a part needs, and that is not the table, needs the table.
fn leads_back(catalog: &Catalog, part: &ObjectId, table: &QualifiedName) -> bool {
    let is_own = |it: &&ObjectId| matches!(it, ObjectId::Table(name) | ObjectId::Column(name, _) if name == table);
    let mut needs = catalog.dependencies_of(part).filter(|it| !is_own(it));
    needs.any(|it| needs_table(catalog, it, table))
}

/// Whether a table and something that a part of it needs are not in each other's way: that itself needs the table, and
/// the part is dropped before, or made afterwards.
pub(crate) fn is_open(catalog: &Catalog, change: &Change<'_>, needed: &ObjectId) -> bool {
    let needs = |part: ObjectId| catalog.dependencies_of(&part).any(|it| it == needed);
    let (table, is_part) = if let Change::Table(Delta::Drop(table)) = change {
        let mut parts = parts_of(table).into_iter();
        (table, parts.any(|it| needs(it.object())))
    } else if let Change::Table(Delta::Create(table)) = change {
        let id = |it: &Constraint| ObjectId::Constraint(table.name.clone(), it.name.clone());
        (table, checks(table).any(|it| needs(id(it))))
    } else {
        return false;
    };
    is_part && needs_table(catalog, needed, &table.name)
}

fn needs_table(catalog: &Catalog, object: &ObjectId, table: &QualifiedName) -> bool {
    let mut waiting = vec![object.clone()];
    let mut seen: BTreeSet<ObjectId> = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if let ObjectId::Table(name) | ObjectId::Column(name, _) = &next
            && name == table
        {
            return true;
        }
        if !seen.insert(next.clone()) {
            continue;
        }
        waiting.extend(catalog.dependencies_of(&next).cloned());
        if let ObjectId::Column(relation, _) = &next {
            let relations = [ObjectId::View, ObjectId::MaterializedView, ObjectId::Table];
            waiting.extend(relations.map(|it| it(relation.clone())));
        } else if let ObjectId::Table(name) = &next
            && let Some(table) = catalog.tables.get(name)
        {
            for part in parts_of(table) {
                waiting.extend(catalog.dependencies_of(&part.object()).cloned());
            }
        }
    }
    false
}
