//! Views, functions, triggers and policies that differ in nothing but their names.

use driftless_catalog::{
    Catalog, Collection, Ident, Named, ObjectId, QualifiedName, Table, ViewColumn,
};

use super::tables::only_in;
use super::{Candidate, Evidence, objects};
use crate::{function, materialized_view, policy, trigger, view};

/// Pairs of what is the same.
pub(super) fn rest(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut found = Vec::new();
    pairs(
        &from.views,
        &to.views,
        |a, b| {
            a.name.schema == b.name.schema
                && same_columns(&a.columns, &b.columns)
                && view::differences(a, b).is_empty()
        },
        |it| ObjectId::View(it.name.clone()),
        &mut found,
    );
    pairs(
        &from.materialized_views,
        &to.materialized_views,
        |a, b| {
            a.name.schema == b.name.schema
                && same_columns(&a.columns, &b.columns)
                && materialized_view::differences(a, b).is_empty()
        },
        |it| ObjectId::MaterializedView(it.name.clone()),
        &mut found,
    );
    pairs(
        &from.functions,
        &to.functions,
        |a, b| {
            a.id.name.schema == b.id.name.schema
                && a.id.arguments == b.id.arguments
                && function::differences(a, b).is_empty()
        },
        |it| ObjectId::Function(it.id.clone()),
        &mut found,
    );
    for before in &from.tables {
        if let Some(after) = to.tables.get(&before.name) {
            of_table(before, after, &mut found);
        }
    }
    found
}

fn of_table(before: &Table, after: &Table, found: &mut Vec<Candidate>) {
    let id = |make: fn(QualifiedName, Ident) -> ObjectId, name: &Ident| {
        make(before.name.clone(), name.clone())
    };
    pairs(
        &before.triggers,
        &after.triggers,
        |a, b| trigger::differences(a, b).is_empty(),
        |it| id(ObjectId::Trigger, &it.name),
        found,
    );
    pairs(
        &before.policies,
        &after.policies,
        |a, b| policy::differences(a, b).is_empty(),
        |it| id(ObjectId::Policy, &it.name),
        found,
    );
}

fn same_columns(a: &[ViewColumn], b: &[ViewColumn]) -> bool {
    let same = |(a, b): (&ViewColumn, &ViewColumn)| a.name == b.name && a.data_type == b.data_type;
    a.len() == b.len() && a.iter().zip(b).all(same)
}

fn pairs<T: Named>(
    from: &Collection<T>,
    to: &Collection<T>,
    same: impl Fn(&T, &T) -> bool,
    id: impl Fn(&T) -> ObjectId,
    found: &mut Vec<Candidate>,
) {
    let new = only_in(to, from);
    for before in only_in(from, to) {
        for after in new.iter().filter(|it| same(before, it)) {
            let rename = objects(id(before), id(after));
            found.push(Candidate::new(rename).with([Evidence::SameDefinition]));
        }
    }
}
