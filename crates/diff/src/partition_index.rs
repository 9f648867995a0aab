//! Indexes of partitioned tables and of their partitions: those of a partition are parts of those of its parent, come
//! with them and go with them, and can be altered only together.

mod node;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use driftless_catalog::{Catalog, Ident, ObjectId, QualifiedName, Table};

use self::node::{Node, Nodes, Part, nodes};
use crate::{Change, Delta, Found, index, using_index};

/// The indexes of both states, and what a plan does to their tables.
struct Forest<'a> {
    from: Nodes<'a>,
    to: Nodes<'a>,
    /// The partitions of each table, after.
    partitions: HashMap<&'a QualifiedName, Vec<&'a Table>>,
    /// The indexes of each table, after.
    of_table: HashMap<&'a QualifiedName, Vec<Node<'a>>>,
    /// The parts of each index, after.
    parts: HashMap<&'a QualifiedName, Vec<Node<'a>>>,
    made: HashSet<&'a QualifiedName>,
    dropped: HashSet<&'a QualifiedName>,
    /// Tables that become partitions, or do no longer.
    moved: HashSet<&'a QualifiedName>,
    /// What stays: the names after, by those before.
    kept: BTreeMap<QualifiedName, QualifiedName>,
    /// The same the other way round.
    origins: BTreeMap<QualifiedName, QualifiedName>,
}

/// Lets indexes of partitions come and go with those of their parents: what cannot be altered by itself is made again
/// together with all that it is a part of.
pub(crate) fn settle(found: &mut Found<'_, '_>) {
    let (from, to) = (nodes(found.from, found.to), nodes(found.to, found.from));
    if from.is_empty() && to.is_empty() {
        return;
    }
    let (mut of_table, mut parts): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
    for node in to.values() {
        of_table.entry(&node.table.name).or_default().push(*node);
        if let Some(whole) = node.whole() {
            parts.entry(whole).or_default().push(*node);
        }
    }
    let mut forest = Forest {
        from,
        to,
        of_table,
        parts,
        partitions: partitions(found.to),
        made: HashSet::new(),
        dropped: HashSet::new(),
        moved: HashSet::new(),
        kept: BTreeMap::new(),
        origins: BTreeMap::new(),
    };
    for change in &found.changes {
        if let Change::Table(Delta::Create(it)) = change {
            forest.made.insert(&it.name);
        } else if let Change::Table(Delta::Drop(it)) = change {
            forest.dropped.insert(&it.name);
        } else if let Change::Partition { table, .. } = change {
            forest.moved.insert(table);
        }
    }
    let alone = forest.stays_alone(&found.changes);
    forest.keep(alone.clone());
    forest.rewrite(found, &alone);
}

fn partitions(catalog: &Catalog) -> HashMap<&QualifiedName, Vec<&Table>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for table in &catalog.tables {
        if let Some(partition) = &table.partition {
            found.entry(&partition.of).or_default().push(table);
        }
    }
    found
}

/// Whether each partition of the table has its part of the index or key.
pub fn is_complete(catalog: &Catalog, table: &QualifiedName, index: &Ident) -> bool {
    let name = table.sibling(index.clone());
    let is_part = |it: &Table| {
        let indexes = it.indexes.iter().map(|it| &it.partition_of);
        let keys = it.constraints.iter().map(|it| &it.partition_of);
        indexes.chain(keys).flatten().any(|it| *it == name)
    };
    let of_table = |it: &&Table| it.partition.as_ref().is_some_and(|it| it.of == *table);
    catalog.tables.iter().filter(of_table).all(is_part)
}

/// Whether an index or key is no part of another one, while one that is like it is.
pub(crate) fn has_twin(table: &Table, name: &Ident) -> bool {
    let nodes: Vec<Node<'_>> = node::of_table(table).collect();
    let own = nodes.iter().find(|it| it.ident() == name);
    own.is_some_and(|own| {
        let mut others = nodes.iter().filter(|it| it.whole().is_some());
        own.whole().is_none() && others.any(|it| it.is_like(*own))
    })
}

/// The indexes and keys of partitions that are parts of the index, directly or not.
pub fn parts_of(catalog: &Catalog, index: &QualifiedName) -> Vec<ObjectId> {
    let nodes = nodes(catalog, catalog);
    let mut found = Vec::new();
    let mut wholes = vec![index.clone()];
    while let Some(whole) = wholes.pop() {
        for (name, part) in &nodes {
            if part.whole() == Some(&whole) {
                wholes.push(name.clone());
                found.push(part.object());
            }
        }
    }
    found
}

impl<'a> Forest<'a> {
    /// What stays or is altered in place, if each is looked at by itself.
    fn stays_alone(&self, changes: &[Change<'a>]) -> BTreeMap<QualifiedName, QualifiedName> {
        let mut dropped: HashSet<ObjectId> = HashSet::new();
        let mut altered: HashMap<QualifiedName, QualifiedName> = HashMap::new();
        for change in changes {
            if let Change::Index {
                relation,
                delta: Delta::Alter { from, to },
            } = change
            {
                altered.insert(
                    relation.sibling(from.name.clone()),
                    relation.sibling(to.name.clone()),
                );
            } else if let Change::Constraint {
                table,
                delta: Delta::Alter { from, to },
            } = change
            {
                altered.insert(
                    table.sibling(from.name.clone()),
                    table.sibling(to.name.clone()),
                );
            } else if change.is_drop() {
                dropped.insert(change.object());
            }
        }
        let mut found = self.taken();
        for (name, before) in &self.from {
            let next = altered.get(name).unwrap_or(name);
            let Some(after) = self.to.get(next) else {
                continue;
            };
            let same_place = after.table.name == before.table.name && after.is_of_kind(*before);
            let same = altered.contains_key(name) || before.is_like(*after);
            let made = self.made.contains(&after.table.name);
            if same_place && same && !made && !dropped.contains(&before.object()) {
                found.insert(name.clone(), next.clone());
            }
        }
        found
    }

    /// The indexes that become those of keys.
    fn taken(&self) -> BTreeMap<QualifiedName, QualifiedName> {
        let mut free: HashMap<&QualifiedName, Vec<(&QualifiedName, &driftless_catalog::Index)>> =
            HashMap::new();
        for (name, node) in &self.from {
            let stays = self.to.get(name).is_some_and(|it| it.is_of_kind(*node));
            if let (Part::Index(index), false) = (node.part, stays) {
                free.entry(&node.table.name)
                    .or_default()
                    .push((name, index));
            }
        }
        let mut found = BTreeMap::new();
        for (name, after) in &self.to {
            let is_new = self.from.get(name).is_none_or(|it| !it.is_of_kind(*after));
            let (Part::Key(key), true) = (after.part, is_new) else {
                continue;
            };
            let Some(indexes) = free.get_mut(&after.table.name) else {
                continue;
            };
            let candidates: Vec<_> = indexes.iter().map(|(_, it)| *it).collect();
            let before = indexes.first().and_then(|(name, _)| self.from.get(*name));
            let at = before
                .and_then(|it| using_index::taken_by(key, &candidates, it.table, after.table));
            if let Some(at) = at {
                found.insert(indexes.remove(at).0.clone(), name.clone());
            }
        }
        found
    }

    /// Takes out what cannot stay because of what it is a part of, or what is a part of it.
    fn keep(&mut self, alone: BTreeMap<QualifiedName, QualifiedName>) {
        self.kept = alone;
        loop {
            self.origins = self
                .kept
                .iter()
                .map(|(a, b)| (b.clone(), a.clone()))
                .collect();
            let before = self.from.iter();
            let before = before.filter_map(|(name, it)| self.obstacle(name, *it));
            let after = self.to.iter().filter_map(|(name, it)| {
                let wrong = self.gives_too_much(*it) || self.is_taken_for_part(*it);
                self.origins.get(name).filter(|_| wrong).cloned()
            });
            let leaving: BTreeSet<QualifiedName> = before.chain(after).collect();
            if leaving.is_empty() {
                return;
            }
            self.kept.retain(|name, _| !leaving.contains(name));
        }
    }

    /// What cannot stay if `before` is as it is: itself, because what it is a part of goes, or what it is a part of,
    /// because it has to leave that.
    fn obstacle(&self, name: &QualifiedName, before: Node<'a>) -> Option<QualifiedName> {
        let whole = before.whole()?;
        if self.moved.contains(&before.table.name) || self.dropped.contains(&before.table.name) {
            return None;
        }
        let after = self.kept.get(name);
        match (after, self.kept.get(whole)) {
            (Some(_), None) => Some(name.clone()),
            (Some(after), Some(whole_after)) => {
                let stays = self
                    .to
                    .get(after)
                    .is_some_and(|it| it.whole() == Some(whole_after));
                (!stays).then(|| whole.clone())
            }
            (None, Some(_)) => Some(whole.clone()),
            (None, None) => None,
        }
    }

    /// Whether a table becomes a partition without a part of the index, if that stays: the table would get one.
    fn gives_too_much(&self, after: Node<'a>) -> bool {
        let partitions = self.partitions.get(&after.table.name).into_iter().flatten();
        let mut coming = partitions.filter(|it| self.arrives(it));
        let name = after.name();
        coming.any(|it| self.part(it, &name).is_none())
    }

    /// Whether the server would take the index, when its table becomes a partition, for the part that another one is to
    /// be.
    fn is_taken_for_part(&self, after: Node<'a>) -> bool {
        self.moved.contains(&after.table.name) && has_twin(after.table, after.ident())
    }

    /// Whether the plan makes a partition of the table.
    fn arrives(&self, table: &Table) -> bool {
        self.made.contains(&table.name) || self.moved.contains(&table.name)
    }

    /// The parts of an index, after.
    fn parts(&self, whole: &QualifiedName) -> &[Node<'a>] {
        self.parts.get(whole).map_or(&[], |it| it)
    }

    /// The part of an index that a partition has, after.
    fn part(&self, partition: &Table, whole: &QualifiedName) -> Option<Node<'a>> {
        let mut parts = self.parts(whole).iter();
        parts.find(|it| it.table.name == partition.name).copied()
    }

    fn is_complete(&self, whole: Node<'a>) -> bool {
        let name = whole.name();
        let mut partitions = self.partitions.get(&whole.table.name).into_iter().flatten();
        partitions.all(|it| self.part(it, &name).is_some())
    }

    /// Whether the server makes the part just like that when it makes what it is a part of, or the partition.
    fn is_usual(&self, part: Node<'a>) -> bool {
        let name = part.name();
        let whole = part.whole().and_then(|it| self.to.get(it));
        // The server takes one that is there already.
        let is_taken = |it: &Node<'_>| {
            let stays = self.origins.contains_key(&it.name()) || self.made.contains(&it.table.name);
            it.whole().is_none() && it.is_like(part) && stays
        };
        let mut others = self.of_table.get(&part.table.name).into_iter().flatten();
        whole.is_some_and(|it| it.is_like(part))
            && part.usual_name().as_ref() == Some(part.ident())
            && !self.origins.contains_key(&name)
            && !others.any(is_taken)
            && self.is_complete(part)
            && self.parts(&name).iter().all(|it| self.is_usual(*it))
    }

    /// Whether an index is there already when the table becomes a partition, so that it gets a part then.
    fn is_there(&self, whole: Node<'a>, table: &QualifiedName) -> bool {
        // Indexes of partitioned tables are made behind new tables, and keys before them.
        let before = self.moved.contains(table) || matches!(whole.part, Part::Key(_));
        self.origins.contains_key(&whole.name()) || before && self.is_complete(whole)
    }

    /// Whether a part comes when its table becomes a partition, made by the server or taken from what is there.
    fn comes_at_arrival(&self, part: Node<'a>) -> bool {
        let whole = part.whole().and_then(|it| self.to.get(it));
        let table = &part.table.name;
        self.arrives(part.table) && whole.is_some_and(|it| self.is_there(*it, table))
    }

    /// Whether a new partition is made as a table of its own, which is attached when its indexes are there: the server
    /// would make others.
    fn is_attached_later(&self, table: &QualifiedName) -> bool {
        let own = self.of_table.get(table).into_iter().flatten();
        let mut parts = own.filter(|it| self.comes_at_arrival(**it));
        self.made.contains(table) && parts.any(|it| !self.is_usual(*it))
    }

    /// Whether no statement is needed to make the part.
    fn comes_along(&self, part: Node<'a>) -> bool {
        if self.is_attached_later(&part.table.name) {
            return false;
        }
        if self.comes_at_arrival(part) {
            return self.is_usual(part);
        }
        let Some(whole) = part.whole().and_then(|it| self.to.get(it)) else {
            return false;
        };
        let name = whole.name();
        let mut parts = self.parts(&name).iter();
        !self.origins.contains_key(&name)
            && self.is_complete(*whole)
            && parts.all(|it| self.comes_at_arrival(*it) || self.is_usual(*it))
    }

    /// Puts the changes in the place of those that look at each index by itself.
    fn rewrite(&self, found: &mut Found<'a, '_>, alone: &BTreeMap<QualifiedName, QualifiedName>) {
        let objects = |nodes: &Nodes<'a>| -> HashMap<ObjectId, Node<'a>> {
            nodes.values().map(|it| (it.object(), *it)).collect()
        };
        let (before, after) = (objects(&self.from), objects(&self.to));
        let (mut dropped, mut created) = (HashSet::new(), HashSet::new());
        let changes = std::mem::take(&mut found.changes);
        for change in changes {
            let object = change.object();
            let is_part = matches!(change, Change::Index { .. } | Change::Constraint { .. });
            let is_after = !change.is_drop() && after.contains_key(&object);
            let stays = after
                .get(&object)
                .is_some_and(|it| self.origins.contains_key(&it.name()));
            let is_comment = matches!(change, Change::Comment { .. });
            if is_part && change.is_drop() && before.contains_key(&object) {
                dropped.insert(object);
            } else if is_part && change.is_create() && after.contains_key(&object) {
                created.insert(object);
            } else if is_part && is_after && (!stays || is_membership(&change)) {
                // What is made again need not be altered, and membership is told below.
            } else if is_comment && after.contains_key(&object) && !stays {
                // It is told of what is made.
            } else if matches!(change, Change::AttachIndex { .. }) {
                // That of an earlier look: it is told anew.
            } else {
                found.changes.push(change);
            }
        }
        for (name, node) in &self.from {
            let next = self.kept.get(name).and_then(|it| self.to.get(it));
            let is_taken = next.is_some_and(|it| !it.is_of_kind(*node));
            let leaves = node.whole().is_some() && self.moved.contains(&node.table.name);
            let unwanted = dropped.contains(&node.object()) || alone.contains_key(name) || leaves;
            let alone = node.whole().is_none() || leaves;
            let goes =
                next.is_none() && unwanted && alone && !self.dropped.contains(&node.table.name);
            if goes || is_taken {
                found.changes.push(node.drop());
            }
        }
        for (name, node) in &self.to {
            self.make(found, name, *node, &created);
        }
        for table in found
            .to
            .tables
            .iter()
            .filter(|it| self.is_attached_later(&it.name))
        {
            if let (Some(partition), false) = (&table.partition, self.moved.contains(&table.name)) {
                found.changes.push(Change::Partition {
                    table: &table.name,
                    from: None,
                    to: Some(partition),
                });
            }
        }
    }

    /// Adds what makes an index, its comment, and what makes it a part of another.
    fn make(
        &self,
        found: &mut Found<'a, '_>,
        name: &QualifiedName,
        node: Node<'a>,
        created: &HashSet<ObjectId>,
    ) {
        let origin = self.origins.get(name).and_then(|it| self.from.get(it));
        let is_new = origin.is_none_or(|it| !it.is_of_kind(node));
        let was_there = self.from.contains_key(name);
        let is_wanted = node.whole().is_some() || created.contains(&node.object()) || was_there;
        if is_new && !is_wanted && !self.made.contains(&node.table.name) {
            return;
        }
        if is_new {
            let with_table = self.made.contains(&node.table.name)
                && matches!(node.part, Part::Key(_))
                && (node.whole().is_some() || self.is_complete(node));
            if !with_table && !self.comes_along(node) {
                found.changes.push(node.create());
            }
            node.comment(found);
        }
        let Some(whole) = node.whole() else { return };
        let is_part = origin.and_then(|it| self.kept.get(it.whole()?)) == Some(whole);
        let at_arrival = self.comes_at_arrival(node) || self.is_attached_later(&node.table.name);
        if !is_part && !at_arrival && !self.comes_along(node) {
            found.changes.push(Change::AttachIndex {
                table: &node.table.name,
                index: node.ident(),
                to: whole,
            });
        }
    }
}

/// Whether the change says no more than what an index is a part of.
fn is_membership(change: &Change<'_>) -> bool {
    let differences = change.differences();
    // What is made or dropped, and what is only said of an object, has no differences of its definition.
    !differences.is_empty()
        && !change.is_about()
        && differences
            .iter()
            .all(|it| it.aspect == index::PARTITION_OF)
}
