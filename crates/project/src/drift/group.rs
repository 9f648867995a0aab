//! Changes that tell one story: a table that is made or dropped, with everything on it.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{ObjectId, QualifiedName};
use driftless_diff::Change;

/// Changes of one object.
pub(super) struct Group<'a> {
    /// The object that the finding is about.
    pub(super) object: ObjectId,
    /// The change that the finding tells.
    pub(super) main: Change<'a>,
    /// What comes along.
    pub(super) rest: Vec<Change<'a>>,
}

impl<'a> Group<'a> {
    /// All changes of the group.
    pub(super) fn changes(&self) -> Vec<Change<'a>> {
        let mut changes = vec![self.main.clone()];
        changes.extend(self.rest.iter().cloned());
        changes
    }
}

/// Gathers the changes that belong to one object that is made or dropped; all others stand alone.
pub(super) fn group(changes: Vec<Change<'_>>) -> Vec<Group<'_>> {
    let whole: BTreeSet<ObjectId> = changes
        .iter()
        .filter(|it| (it.is_create() || it.is_drop()) && it.relation().is_none())
        .map(Change::object)
        .collect();
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places: BTreeMap<ObjectId, usize> = BTreeMap::new();
    let mut later: Vec<(ObjectId, Change<'_>)> = Vec::new();
    for change in changes {
        let object = change.object();
        let root = root(&change, &object, &whole);
        match root {
            Some(root) if root != object || !(change.is_create() || change.is_drop()) => {
                later.push((root, change));
            }
            _ => {
                places.entry(object.clone()).or_insert(groups.len());
                groups.push(Group {
                    object,
                    main: change,
                    rest: Vec::new(),
                });
            }
        }
    }
    for (root, change) in later {
        match places.get(&root) {
            Some(at) => groups[*at].rest.push(change),
            None => groups.push(Group {
                object: change.object(),
                main: change,
                rest: Vec::new(),
            }),
        }
    }
    groups
}

/// The object that is made or dropped as a whole and that the change belongs to.
fn root(change: &Change<'_>, object: &ObjectId, whole: &BTreeSet<ObjectId>) -> Option<ObjectId> {
    let relation = change.relation().or_else(|| object.parent());
    let owner = if let Change::Sequence(delta) = change {
        delta.object().owned_by.as_ref()
    } else if let Change::SequenceOwner { from, to, .. } = change {
        to.or(*from)
    } else {
        None
    };
    let relation = relation.or(owner.map(|it| &it.table));
    let candidates = relation.into_iter().flat_map(|name: &QualifiedName| {
        [
            ObjectId::Table(name.clone()),
            ObjectId::View(name.clone()),
            ObjectId::MaterializedView(name.clone()),
        ]
    });
    candidates
        .chain([object.clone()])
        .find(|it| whole.contains(it))
}
