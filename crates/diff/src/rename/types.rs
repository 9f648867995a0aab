//! Types, labels of enums and attributes of composite types that may have got another name.

use driftless_catalog::{
    Catalog, EnumType, Fields, Ident, Nameable, ObjectId, ObjectKind, Other, QualifiedName, Rename,
};

use super::tables::only_in;
use super::{Candidate, Evidence, objects};
use crate::domain;

/// Enums, domains, composite types and ranges.
pub(super) fn types(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut found = Vec::new();
    let new = only_in(&to.enums, &from.enums);
    for before in only_in(&from.enums, &to.enums) {
        for after in new.iter().filter(|it| it.name.schema == before.name.schema) {
            let rename = objects(
                ObjectId::Enum(before.name.clone()),
                ObjectId::Enum(after.name.clone()),
            );
            let shared = shared("labels", &before.labels, &after.labels);
            let users = users((from, &before.name), (to, &after.name));
            found.push(Candidate::new(rename).with(shared).with(users));
        }
    }
    let new = only_in(&to.domains, &from.domains);
    for before in only_in(&from.domains, &to.domains) {
        for after in new.iter().filter(|it| it.name.schema == before.name.schema) {
            let rename = objects(
                ObjectId::Domain(before.name.clone()),
                ObjectId::Domain(after.name.clone()),
            );
            let evidence = match domain::differences(before, after).is_empty() {
                true => Some(Evidence::SameDefinition),
                false if before.base == after.base => {
                    Some(Evidence::SameType(after.base.to_string()))
                }
                false => None,
            };
            let users = users((from, &before.name), (to, &after.name));
            found.push(Candidate::new(rename).with(evidence).with(users));
        }
    }
    others(from, to, &mut found);
    found
}

fn others(from: &Catalog, to: &Catalog, found: &mut Vec<Candidate>) {
    let new = only_in(&to.others, &from.others);
    for before in only_in(&from.others, &to.others) {
        let Some(name) = before.id.type_name() else {
            continue;
        };
        for after in new.iter().filter(|it| it.id.kind == before.id.kind) {
            let Some(other) = after.id.type_name().filter(|it| it.schema == name.schema) else {
                continue;
            };
            let evidence = match before.id.kind == ObjectKind::CompositeType {
                true => {
                    let (a, b) = (attribute_texts(before), attribute_texts(after));
                    shared("attributes", &a, &b)
                }
                false => {
                    let same = before.attributes == after.attributes;
                    same.then_some(Evidence::SameDefinition)
                }
            };
            let rename = objects(
                ObjectId::Other(before.id.clone()),
                ObjectId::Other(after.id.clone()),
            );
            let users = users((from, &name), (to, &other));
            found.push(Candidate::new(rename).with(evidence).with(users));
        }
    }
}

fn attribute_texts(it: &Other) -> Vec<String> {
    let rows = it.rows("attributes").iter();
    rows.map(|row| format!("{} {}", field(row, "name"), field(row, "type")))
        .collect()
}

fn field<'a>(row: &'a Fields, name: &str) -> &'a str {
    row.get(name).map_or("", String::as_str)
}

fn shared(what: &'static str, before: &[String], after: &[String]) -> Option<Evidence> {
    let same = before.iter().filter(|it| after.contains(it)).count();
    (same > 0).then(|| Evidence::Shared {
        what,
        same,
        of: before.len().max(after.len()),
    })
}

/// How many columns had the one type and have the other, if all do.
fn users(from: (&Catalog, &QualifiedName), to: (&Catalog, &QualifiedName)) -> Option<Evidence> {
    let columns = |(catalog, name): (&Catalog, &QualifiedName)| -> Vec<(QualifiedName, Ident)> {
        let tables = catalog.tables.iter();
        tables
            .flat_map(|table| {
                let is_of_type = |it: &&driftless_catalog::Column| {
                    it.data_type.name.user_defined().as_ref() == Some(name)
                };
                let columns = table.columns.iter().filter(is_of_type);
                let columns = columns.map(|it| (table.name.clone(), it.name.clone()));
                columns.collect::<Vec<_>>()
            })
            .collect()
    };
    let (before, after) = (columns(from), columns(to));
    (!before.is_empty() && before == after).then_some(Evidence::SameUsers(before.len()))
}

/// Labels of enums that are in both states.
pub(super) fn labels(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut found = Vec::new();
    for before in &from.enums {
        if let Some(after) = to.enums.get(&before.name) {
            labels_of(before, after, &mut found);
        }
    }
    found
}

fn labels_of(before: &EnumType, after: &EnumType, found: &mut Vec<Candidate>) {
    let of = || before.name.clone();
    for (was, old) in before.labels.iter().enumerate() {
        for (is, label) in after.labels.iter().enumerate() {
            if after.labels.contains(old) || before.labels.contains(label) {
                continue;
            }
            let mut evidence = Vec::new();
            if was == is {
                evidence.push(Evidence::SamePlace(is + 1));
                let same = before.labels.len() == after.labels.len();
                evidence.extend(same.then_some(Evidence::SameCount));
            }
            let rename = Rename {
                from: Nameable::Label(of(), old.clone()),
                to: Nameable::Label(of(), label.clone()),
            };
            found.push(Candidate::new(rename).with(evidence));
        }
    }
}

/// Attributes of composite types that are in both states.
pub(super) fn attributes(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut found = Vec::new();
    for before in &from.others {
        let name = before.id.type_name();
        let (Some(name), Some(after)) = (name, to.others.get(&before.id)) else {
            continue;
        };
        let (old, new) = (before.rows("attributes"), after.rows("attributes"));
        let has = |rows: &[Fields], row: &Fields| {
            rows.iter()
                .any(|it| field(it, "name") == field(row, "name"))
        };
        for (was, row) in old.iter().enumerate().filter(|(_, it)| !has(new, it)) {
            for (is, other) in new.iter().enumerate().filter(|(_, it)| !has(old, it)) {
                let names = [row, other].map(|it| Ident::new(field(it, "name")));
                let [Ok(from), Ok(to)] = names else { continue };
                let mut evidence = Vec::new();
                if field(row, "type") == field(other, "type") {
                    evidence.push(Evidence::SameType(field(other, "type").to_owned()));
                    evidence.extend((was == is).then_some(Evidence::SamePlace(is + 1)));
                }
                let rename = Rename {
                    from: Nameable::Attribute(name.clone(), from),
                    to: Nameable::Attribute(name.clone(), to),
                };
                found.push(Candidate::new(rename).with(evidence));
            }
        }
    }
    found
}
