use driftless_catalog::{
    Catalog, Collection, Ident, Index, IndexKey, IndexTarget, NullsOrder, ObjectId, QualifiedName,
    Table,
};

use crate::change::{Difference, Differences};
use crate::common::pair;
use crate::{Change, Delta, Found, Manner};

pub(crate) fn diff<'a>(
    found: &mut Found<'a, '_>,
    relation: &'a QualifiedName,
    from: Option<&'a Collection<Index>>,
    to: Option<&'a Collection<Index>>,
) {
    let mut gone: Vec<&Index> = Vec::new();
    let mut new: Vec<&Index> = Vec::new();
    // Prisma pairs what is alike, whatever its name.
    let by_name = found.options.manner != Manner::PrismaWithFaults;
    for (from, to) in pair(from.into_iter().flatten(), to.into_iter().flatten()) {
        match (from, to) {
            (Some(from), Some(to)) if by_name => alter(found, relation, from, to),
            (Some(from), Some(to)) => {
                gone.push(from);
                new.push(to);
            }
            (Some(from), None) => gone.push(from),
            (None, Some(to)) => new.push(to),
            (None, None) => {}
        }
    }
    // One that only has another name is renamed.
    new.retain(|it| {
        let renamed = |before: &&Index| is_like(before, it);
        let same = gone
            .iter()
            .position(|before| before.name == it.name && renamed(before));
        let Some(at) = same.or_else(|| gone.iter().position(renamed)) else {
            return true;
        };
        alter(found, relation, gone.remove(at), it);
        false
    });
    // A partition's index comes and goes with that of the partitioned table, and is told with it.
    for it in gone.into_iter().filter(|it| it.partition_of.is_none()) {
        let delta = Delta::Drop(it);
        found.changes.push(Change::Index { relation, delta });
    }
    for it in new.into_iter().filter(|it| it.partition_of.is_none()) {
        let delta = Delta::Create(it);
        found.changes.push(Change::Index { relation, delta });
        comment(found, relation, None, it);
    }
}

fn alter<'a>(
    found: &mut Found<'a, '_>,
    relation: &'a QualifiedName,
    from: &'a Index,
    to: &'a Index,
) {
    let attached = |it: &Catalog| Some(it.tables.get(relation)?.partition.as_ref()?.of.clone());
    // A partition takes its indexes along when it is attached or detached.
    let moves = attached(found.from) != attached(found.to);
    // One of a partitioned table is valid as soon as it has all its parts.
    let is_whole = [found.from, found.to].iter().all(|it| {
        let table = it.tables.get(relation);
        table.is_some_and(|it| it.partition_by.is_some())
    });
    let counts = |it: &Difference| match it.aspect {
        PARTITION_OF => !moves,
        VALID => !is_whole,
        _ => true,
    };
    let differ = || differences(from, to).iter().any(counts);
    if from != to && differ() && !alters_with_whole(found, from, to) {
        let delta = Delta::Alter { from, to };
        found.changes.push(Change::Index { relation, delta });
    }
    comment(found, relation, Some(from), to);
}

/// Whether the index of the parent, which both are a part of, changes likewise.
fn alters_with_whole(found: &Found<'_, '_>, from: &Index, to: &Index) -> bool {
    let whole = from.partition_of.as_ref();
    let Some(whole) = whole.filter(|_| from.partition_of == to.partition_of) else {
        return false;
    };
    let index = |it: &Catalog| {
        let of_schema = |table: &&Table| table.name.schema == whole.schema;
        let mut tables = it.tables.iter().filter(of_schema);
        tables.find_map(|it| it.indexes.get(&whole.name)).cloned()
    };
    let pair = index(found.from).zip(index(found.to));
    pair.is_some_and(|(a, b)| differences(&a, &b) == differences(from, to))
}

/// Whether two indexes differ in name, and in what they are a part of, at most.
pub(crate) fn is_like(from: &Index, to: &Index) -> bool {
    let differences = differences(from, to);
    differences
        .iter()
        .all(|it| matches!(it.aspect, NAME | PARTITION_OF | VALID))
}

pub(crate) const PARTITION_OF: &str = "partition of";
const VALID: &str = "valid";

/// Comment of an index.
pub(crate) fn comment<'a>(
    found: &mut Found<'a, '_>,
    relation: &'a QualifiedName,
    from: Option<&'a Index>,
    to: &'a Index,
) {
    let id = || ObjectId::Index(relation.sibling(to.name.clone()));
    found.comment(
        &id,
        from.and_then(|it| it.comment.as_deref()),
        to.comment.as_deref(),
    );
}

const NAME: &str = "name";

pub(crate) fn differences(from: &Index, to: &Index) -> Vec<Difference> {
    let Index {
        name,
        method,
        unique,
        keys,
        include,
        nulls_not_distinct,
        predicate,
        options,
        tablespace,
        statistics,
        valid,
        clustered,
        partition_of,
        comment: _,
    } = from;
    let mut found = Differences::default();
    found.value(NAME, name, &to.name);
    found.value("method", method, &to.method);
    found.value("unique", unique, &to.unique);
    let key_texts = |it: &[IndexKey]| it.iter().map(key_text).collect::<Vec<_>>();
    found.list("keys", &key_texts(keys), &key_texts(&to.keys));
    found.list("include", include, &to.include);
    found.value(
        "nulls not distinct",
        nulls_not_distinct,
        &to.nulls_not_distinct,
    );
    found.maybe("where", predicate, &to.predicate);
    found.set("storage parameters", options, &to.options);
    found.maybe("tablespace", tablespace, &to.tablespace);
    let targets = |it: &[(u16, i32)]| {
        let show = |(key, target): &(u16, i32)| format!("key {key}: {target}");
        it.iter().map(show).collect::<Vec<_>>()
    };
    found.list("statistics", &targets(statistics), &targets(&to.statistics));
    found.value(VALID, valid, &to.valid);
    found.value("clustered", clustered, &to.clustered);
    found.maybe(PARTITION_OF, partition_of, &to.partition_of);
    found.0
}

/// A key in words close to SQL, for people; equal keys have equal texts, and no others.
pub(crate) fn key_text(key: &IndexKey) -> String {
    let IndexKey {
        target,
        collation,
        opclass,
        order: _,
        nulls,
    } = key;
    let mut text = match target {
        IndexTarget::Column(name) => name.to_string(),
        IndexTarget::Expression(expression) => format!("({expression})"),
    };
    if let Some(collation) = collation {
        text.push_str(&format!(" collate {collation}"));
    }
    if let Some(opclass) = opclass {
        let schema = opclass.schema.as_ref().map(Ident::to_string);
        let schema = schema.map_or_else(String::new, |it| format!("{it}."));
        text.push_str(&format!(" {schema}{}", opclass.name));
        if !opclass.parameters.is_empty() {
            text.push_str(&format!("({})", opclass.parameters.join(", ")));
        }
    }
    if key.is_descending() {
        text.push_str(" desc");
    }
    match nulls {
        Some(NullsOrder::First) => text.push_str(" nulls first"),
        Some(NullsOrder::Last) => text.push_str(" nulls last"),
        None => {}
    }
    text
}
