//! Which change has to wait for which, and an order that follows from it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use driftless_catalog::ObjectId;

use crate::Change;
use crate::change::Direction;

/// Which change has to wait for which.
pub(crate) struct Graph {
    /// For each change, those that wait for it.
    followers: Vec<Vec<usize>>,
    /// For each change, how many it waits for.
    waits: Vec<usize>,
}

impl Graph {
    pub(crate) fn new(count: usize) -> Self {
        Self {
            followers: vec![Vec::new(); count],
            waits: vec![0; count],
        }
    }

    /// Lets `then` wait for `first`.
    pub(crate) fn add(&mut self, first: usize, then: usize) {
        // An edge that is added twice is taken away twice.
        if first != then {
            self.followers[first].push(then);
            self.waits[then] += 1;
        }
    }

    /// Lets `then` wait for `first`, unless that waits for `then`.
    pub(crate) fn prefer(&mut self, first: usize, then: usize) {
        if !self.leads(then, first) {
            self.add(first, then);
        }
    }

    fn leads(&self, from: usize, to: usize) -> bool {
        let mut seen = HashSet::from([from]);
        let mut waiting = vec![from];
        while let Some(at) = waiting.pop() {
            if at == to {
                return true;
            }
            waiting.extend(self.followers[at].iter().filter(|it| seen.insert(**it)));
        }
        false
    }

    /// All changes, each behind those it waits for; of those that need not wait, the lowest place first.
    ///
    /// Changes that wait for each other in a circle are taken by place: no order satisfies all of them.
    pub(crate) fn sort<P: Ord + Clone>(mut self, places: &[P]) -> Vec<usize> {
        let key = |at: usize| Reverse((places[at].clone(), at));
        let mut ready: BinaryHeap<_> = (0..places.len())
            .filter(|at| self.waits[*at] == 0)
            .map(key)
            .collect();
        let mut blocked: BinaryHeap<_> = (0..places.len()).map(key).collect();
        let mut done = vec![false; places.len()];
        let mut order = Vec::with_capacity(places.len());
        while order.len() < places.len() {
            let Some(Reverse((_, at))) = ready.pop().or_else(|| blocked.pop()) else {
                break;
            };
            if std::mem::replace(&mut done[at], true) {
                continue;
            }
            order.push(at);
            for then in std::mem::take(&mut self.followers[at]) {
                self.waits[then] -= 1;
                if self.waits[then] == 0 && !done[then] {
                    ready.push(key(then));
                }
            }
        }
        order
    }
}

/// Changes by the object that they make, drop or alter.
pub(crate) struct Lookup {
    pub(crate) made: HashMap<ObjectId, usize>,
    pub(crate) dropped: HashMap<ObjectId, usize>,
    pub(crate) altered: HashMap<ObjectId, usize>,
    /// The columns whose defaults go for a moment.
    freed: HashSet<ObjectId>,
}

impl Lookup {
    pub(crate) fn new(changes: &[Change<'_>]) -> Self {
        let mut lookup = Self {
            made: HashMap::new(),
            dropped: HashMap::new(),
            altered: HashMap::new(),
            freed: HashSet::new(),
        };
        let freed = changes
            .iter()
            .filter(|it| matches!(it, Change::Default { .. }) && it.is_drop());
        lookup.freed.extend(freed.map(Change::object));
        // Nothing waits for row security: it is enabled last. Who waits for partitions is told in
        // `order/inheritance.rs`. A default is not its column, and rows are not their table.
        let is_part = |it: &Change<'_>| {
            matches!(
                it,
                Change::RowSecurity { .. }
                    | Change::Partition { .. }
                    | Change::AttachIndex { .. }
                    | Change::Default { .. }
                    | Change::Rows { .. }
            )
        };
        let makes = |it: &Change<'_>| !it.is_about() && !is_part(it);
        for (at, change) in changes.iter().enumerate().filter(|(_, it)| makes(it)) {
            let map = match change.direction() {
                Direction::Create => &mut lookup.made,
                Direction::Drop => &mut lookup.dropped,
                Direction::Alter => &mut lookup.altered,
            };
            map.entry(change.object()).or_insert(at);
        }
        lookup
    }

    /// Whether a column needed that for its default alone, which goes for a moment.
    pub(crate) fn frees(&self, column: &ObjectId, needed: &ObjectId) -> bool {
        let is_called = matches!(needed, ObjectId::Function(_) | ObjectId::Extension(_));
        is_called && self.freed.contains(column)
    }

    /// What brings `object` into its new form, or the table that it comes with.
    pub(crate) fn maker(&self, object: &ObjectId) -> Option<usize> {
        let own = self.made.get(object);
        own.or_else(|| of_whole(&self.made, object))
            .or_else(|| self.altered.get(object))
            .copied()
    }

    /// What takes `object` away, or the table that it goes with.
    pub(crate) fn dropper(&self, object: &ObjectId) -> Option<usize> {
        let own = self.dropped.get(object);
        own.or_else(|| of_whole(&self.dropped, object)).copied()
    }
}

/// The change of the table or view that `object` is a part of.
fn of_whole<'a>(changes: &'a HashMap<ObjectId, usize>, object: &ObjectId) -> Option<&'a usize> {
    let parent = object.parent()?;
    let relations = [
        ObjectId::Table(parent.clone()),
        ObjectId::View(parent.clone()),
        ObjectId::MaterializedView(parent.clone()),
    ];
    relations.iter().find_map(|it| changes.get(it))
}
