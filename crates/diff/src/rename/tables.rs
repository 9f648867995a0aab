//! Schemas, tables and sequences that may have got another name.

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Ident, ObjectId, Sequence, Table};

use super::{Candidate, Evidence, objects};
use crate::{constraint, index};

/// What is in the one collection and not in the other.
pub(super) fn only_in<'a, T: driftless_catalog::Named>(
    here: &'a driftless_catalog::Collection<T>,
    there: &driftless_catalog::Collection<T>,
) -> Vec<&'a T> {
    let only = here.iter().filter(|it| !there.contains(it.name()));
    only.collect()
}

/// Schemas: they are told by what they hold.
pub(super) fn schemas(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut found = Vec::new();
    let (gone, new) = (
        only_in(&from.schemas, &to.schemas),
        only_in(&to.schemas, &from.schemas),
    );
    for before in &gone {
        let held = names_in(from, &before.name);
        for after in &new {
            let holds = names_in(to, &after.name);
            let same = held.intersection(&holds).count();
            let shared = Evidence::Shared {
                what: "objects",
                same,
                of: held.len().max(holds.len()),
            };
            let (from, to) = (before.name.clone(), after.name.clone());
            let rename = objects(ObjectId::Schema(from), ObjectId::Schema(to));
            found.push(Candidate::new(rename).with((same > 0).then_some(shared)));
        }
    }
    found
}

/// The kinds and names of what is in a schema.
fn names_in(catalog: &Catalog, schema: &Ident) -> BTreeSet<(&'static str, Ident)> {
    let tables = catalog.tables.iter().map(|it| ("table", &it.name));
    let views = catalog.views.iter().map(|it| ("view", &it.name));
    let materialized = catalog.materialized_views.iter();
    let enums = catalog.enums.iter().map(|it| ("type", &it.name));
    let domains = catalog.domains.iter().map(|it| ("type", &it.name));
    let functions = catalog.functions.iter().map(|it| ("function", &it.id.name));
    let all = tables
        .chain(views)
        .chain(materialized.map(|it| ("view", &it.name)))
        .chain(enums)
        .chain(domains)
        .chain(functions);
    all.filter(|(_, it)| it.schema == *schema)
        .map(|(kind, it)| (kind, it.name.clone()))
        .collect()
}

/// Tables: they are told by their columns and keys.
pub(super) fn tables(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut found = Vec::new();
    let new = only_in(&to.tables, &from.tables);
    for before in only_in(&from.tables, &to.tables) {
        for after in new.iter().filter(|it| it.name.schema == before.name.schema) {
            let (from, to) = (before.name.clone(), after.name.clone());
            let rename = objects(ObjectId::Table(from), ObjectId::Table(to));
            found.push(Candidate::new(rename).with(evidence_of_tables(before, after)));
        }
    }
    found
}

/// Partitions of a table all have its columns, so that the rows they hold tell them apart.
fn evidence_of_tables(before: &Table, after: &Table) -> Vec<Evidence> {
    if let (Some(a), Some(b)) = (&before.partition, &after.partition) {
        let same = a.of == b.of && a.bound == b.bound;
        return same
            .then_some(Evidence::SameDefinition)
            .into_iter()
            .collect();
    }
    let is_same = |it: &&driftless_catalog::Column| {
        let other = after.column(&it.name);
        other.is_some_and(|other| other.data_type == it.data_type)
    };
    let same = before.columns.iter().filter(is_same).count();
    let of = before.columns.len().max(after.columns.len());
    // Tables that have less than half in common are others, whatever else they share.
    if same * 2 < of || same == 0 || before.partition.is_some() != after.partition.is_some() {
        return Vec::new();
    }
    let mut found = vec![Evidence::Shared {
        what: "columns",
        same,
        of,
    }];
    let keys = same_keys(before, after);
    if !keys.is_empty() {
        found.push(Evidence::SameKeys(keys));
    }
    found
}

/// The keys and indexes of the second table that the first has, too, whatever they are called there.
fn same_keys(before: &Table, after: &Table) -> Vec<String> {
    let constraints = after.constraints.iter().filter(|it| {
        let alike = |other: &driftless_catalog::Constraint| {
            let differences = constraint::differences(other, it);
            differences.iter().all(|it| it.aspect == "name")
        };
        before.constraints.iter().any(alike)
    });
    let indexes = after.indexes.iter().filter(|it| {
        let alike = |other: &driftless_catalog::Index| {
            let differences = index::differences(other, it);
            differences.iter().all(|it| it.aspect == "name")
        };
        before.indexes.iter().any(alike)
    });
    let names = constraints
        .map(|it| &it.name)
        .chain(indexes.map(|it| &it.name));
    names.map(Ident::to_string).collect()
}

/// Sequences: they are told by the column that they belong to, and by how they count.
pub(super) fn sequences(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut found = Vec::new();
    let new = only_in(&to.sequences, &from.sequences);
    for before in only_in(&from.sequences, &to.sequences) {
        for after in new.iter().filter(|it| it.name.schema == before.name.schema) {
            let (from, to) = (before.name.clone(), after.name.clone());
            let rename = objects(ObjectId::Sequence(from), ObjectId::Sequence(to));
            found.push(Candidate::new(rename).with(evidence_of_sequences(before, after)));
        }
    }
    found
}

/// That of a `serial` column goes along when its table is renamed, and is none of its own.
fn evidence_of_sequences(before: &Sequence, after: &Sequence) -> Vec<Evidence> {
    if before.options != after.options || before.owned_by != after.owned_by {
        return Vec::new();
    }
    let mut found = vec![Evidence::SameType(after.options.data_type.to_string())];
    if before.owned_by.is_some() {
        found.push(Evidence::SameUsers(1));
    }
    found
}
