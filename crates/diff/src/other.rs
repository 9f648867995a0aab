use std::collections::BTreeSet;

use driftless_catalog::{Attribute, Catalog, ObjectId, ObjectKind, Other};

use crate::change::{Difference, difference, sorted};
use crate::common::{delta, pair};
use crate::{Change, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.others, &found.to.others) {
        let differ = |from: &Other, to: &Other| !differing(from, to).is_empty();
        if let Some(delta) = delta(from, to, differ) {
            found.changes.push(Change::Other(delta));
        }
        if let Some(to) = to {
            hanging_on(found, from, to);
        }
    }
}

/// Owner, comment and privileges of one that should be there.
pub(crate) fn hanging_on<'a>(found: &mut Found<'a, '_>, from: Option<&'a Other>, to: &'a Other) {
    let id = || ObjectId::Other(to.id.clone());
    let from = from.map(|it| &it.common);
    found.common(id, to.id.kind.grant_class(), from, &to.common);
}

/// The names of the attributes that differ, as far as both could be read.
fn differing<'a>(from: &'a Other, to: &'a Other) -> BTreeSet<&'a str> {
    let names = from.attributes.keys().chain(to.attributes.keys());
    names
        .map(String::as_str)
        .filter(|name| *name != "unread" && !from.hides(name) && !to.hides(name))
        .filter(|name| {
            let of = |it: &'a Other| it.attributes.get(*name);
            !is_same(of(from), of(to), to.id.kind, name)
        })
        .collect()
}

/// The columns of a foreign table, like those of any table, have no order that counts, and neither have options.
fn is_same(from: Option<&Attribute>, to: Option<&Attribute>, kind: ObjectKind, name: &str) -> bool {
    match (from, to) {
        (Some(Attribute::List(from)), Some(Attribute::List(to))) if name == "options" => {
            sorted(from) == sorted(to)
        }
        (Some(Attribute::Rows(from)), Some(Attribute::Rows(to)))
            if kind == ObjectKind::ForeignTable =>
        {
            from.len() == to.len() && from.iter().all(|it| to.contains(it))
        }
        (from, to) => from == to,
    }
}

/// Whether statements on the object as it is lead from one to the other.
///
/// Follows the `ALTER` and `CREATE OR REPLACE` commands of PostgreSQL.
pub(crate) fn alters_in_place(from: &Other, to: &Other) -> bool {
    let differing = differing(from, to);
    let only = |names: &[&str]| differing.iter().all(|it| names.contains(it));
    let none_of = |names: &[&str]| !differing.iter().any(|it| names.contains(it));
    match to.id.kind {
        ObjectKind::Aggregate => none_of(&["arguments", "kind", "result"]),
        ObjectKind::EventTrigger => only(&["enabled"]),
        ObjectKind::ForeignServer => only(&["version", "options"]),
        ObjectKind::ForeignTable => none_of(&["server", "partition_of", "bound"]),
        ObjectKind::Operator => {
            let linked = |name| from.text(name).is_none() || !differing.contains(name);
            let alterable = ["restrict", "join", "commutator", "negator"];
            only(&alterable) && linked("commutator") && linked("negator")
        }
        ObjectKind::Publication => none_of(&["all_tables"]),
        ObjectKind::StatisticsObject => only(&["target"]),
        ObjectKind::Subscription => none_of(&["two_phase"]),
        ObjectKind::TextSearchConfiguration => only(&["mappings"]),
        ObjectKind::TextSearchDictionary => only(&["options"]),
        ObjectKind::CronJob => none_of(&["name"]),
        ObjectKind::Collation
        | ObjectKind::Cast
        | ObjectKind::Conversion
        | ObjectKind::OperatorClass
        | ObjectKind::AccessMethod
        | ObjectKind::TextSearchParser
        | ObjectKind::TextSearchTemplate => false,
        // A range type gives way within one step, in which columns let go of it.
        ObjectKind::CompositeType
        | ObjectKind::RangeType
        | ObjectKind::BaseType
        | ObjectKind::Rule
        | ObjectKind::ForeignDataWrapper
        | ObjectKind::UserMapping
        | ObjectKind::OperatorFamily
        | ObjectKind::Language
        | ObjectKind::Transform
        | ObjectKind::SecurityLabel
        | ObjectKind::StorageBucket
        | ObjectKind::Schema
        | ObjectKind::Extension
        | ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::DomainConstraint
        | ObjectKind::Sequence
        | ObjectKind::Table
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Trigger
        | ObjectKind::Policy
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Function
        | ObjectKind::DefaultPrivilege => true,
    }
}

/// Whether it is about privileges of a language that will not be trusted: nobody can grant or revoke any then.
pub(crate) fn takes_no_grants(to: &Catalog, change: &Change<'_>) -> bool {
    let Change::Grants {
        object: ObjectId::Other(id),
        ..
    } = change
    else {
        return false;
    };
    let language = to
        .others
        .get(id)
        .filter(|_| id.kind == ObjectKind::Language);
    language.is_some_and(|it| !it.is("trusted"))
}

/// Whether nothing is lost if it is dropped and made again, because what it uses is: it holds no rows, and columns
/// are not of it.
pub(crate) fn is_free_to_go(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Aggregate
        | ObjectKind::Rule
        | ObjectKind::EventTrigger
        | ObjectKind::StatisticsObject
        | ObjectKind::ForeignTable
        | ObjectKind::ForeignDataWrapper
        | ObjectKind::ForeignServer
        | ObjectKind::UserMapping
        | ObjectKind::Publication
        | ObjectKind::Cast
        | ObjectKind::Conversion
        | ObjectKind::Operator
        | ObjectKind::OperatorClass
        | ObjectKind::OperatorFamily
        | ObjectKind::Transform
        | ObjectKind::TextSearchConfiguration
        | ObjectKind::TextSearchDictionary => true,
        ObjectKind::CompositeType
        | ObjectKind::RangeType
        | ObjectKind::BaseType
        | ObjectKind::Collation
        | ObjectKind::Subscription
        | ObjectKind::AccessMethod
        | ObjectKind::Language
        | ObjectKind::TextSearchParser
        | ObjectKind::TextSearchTemplate
        | ObjectKind::SecurityLabel
        | ObjectKind::StorageBucket
        | ObjectKind::CronJob
        | ObjectKind::Schema
        | ObjectKind::Extension
        | ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::DomainConstraint
        | ObjectKind::Sequence
        | ObjectKind::Table
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Trigger
        | ObjectKind::Policy
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Function
        | ObjectKind::DefaultPrivilege => false,
    }
}

/// Whether a range type is dropped and made again.
pub(crate) fn is_range_anew(from: &Other, to: &Other) -> bool {
    from.id.kind == ObjectKind::RangeType && !differing(from, to).is_empty()
}

/// Whether values of a type are written in another way afterwards: a range type changes, or the type of an attribute
/// that a composite type keeps.
pub(crate) fn retypes(from: &Other, to: &Other) -> bool {
    if is_range_anew(from, to) {
        return true;
    }
    let value = |it: &driftless_catalog::Fields, name: &str| it.get(name).cloned();
    let (before, after) = (from.rows("attributes"), to.rows("attributes"));
    from.id.kind == ObjectKind::CompositeType
        && before.iter().any(|it| {
            let same = |row: &&driftless_catalog::Fields| value(row, "name") == value(it, "name");
            after.iter().find(same).is_some_and(|row| {
                value(row, "type") != value(it, "type")
                    || value(row, "collation") != value(it, "collation")
            })
        })
}

/// Whether an attribute of a composite type goes.
pub(crate) fn loses(from: &Other, to: &Other) -> bool {
    let (before, after) = (from.rows("attributes"), to.rows("attributes"));
    let is_left =
        |it: &driftless_catalog::Fields| after.iter().any(|row| row.get("name") == it.get("name"));
    from.id.kind == ObjectKind::CompositeType && !before.iter().all(is_left)
}

/// In what they differ, attribute by attribute.
///
/// The names of the attributes are those of the catalogs, so the aspect is the same for all.
pub(crate) fn differences(from: &Other, to: &Other) -> Vec<Difference> {
    let show = |it: &Other, name: &str| {
        let value = it.attributes.get(name)?;
        Some(format!("{name} = {value}"))
    };
    differing(from, to)
        .into_iter()
        .map(|name| difference("attribute", &show(from, name), &show(to, name)))
        .collect()
}
