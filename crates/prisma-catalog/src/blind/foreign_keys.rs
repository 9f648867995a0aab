//! Foreign keys that are like another one of the same table.

use std::collections::HashMap;

use driftless_catalog::{
    Collection, Constraint, ConstraintKind, ForeignKey, Ident, Named, ObjectId, Table,
};

/// Where an object stands in its schema, before and after: the first of several is the one that Prisma finds.
pub(super) struct Orders<'a> {
    before: HashMap<&'a ObjectId, usize>,
    after: HashMap<&'a ObjectId, usize>,
}

impl<'a> Orders<'a> {
    pub(super) fn new(before: &'a [ObjectId], after: &'a [ObjectId]) -> Self {
        let places = |it: &'a [ObjectId]| it.iter().zip(0..).collect();
        Self {
            before: places(before),
            after: places(after),
        }
    }
}

fn in_order<'a, T: Named>(
    all: &'a Collection<T>,
    places: &HashMap<&ObjectId, usize>,
    object: impl Fn(&T) -> ObjectId,
) -> Vec<&'a T> {
    let mut ordered: Vec<&T> = all.iter().collect();
    ordered.sort_by_key(|it| places.get(&object(it)).copied().unwrap_or(usize::MAX));
    ordered
}

/// The foreign keys that Prisma leads to: one that is like another of before is not made, one that is like another
/// of after is not dropped, and that the referenced table is in another schema does not count.
pub(super) fn keep_alike(table: &mut Table, before: &Table, orders: &Orders<'_>) {
    let key_of = |it: &Constraint| match &it.kind {
        ConstraintKind::ForeignKey(key) => Some(key.clone()),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => None,
    };
    let retyped = |it: &Ident| {
        let ty = |table: &Table| table.column(it).map(|it| it.data_type.clone());
        ty(before) != ty(table)
    };
    let alike = |a: &Constraint, b: &Constraint| {
        let (Some(a), Some(b)) = (key_of(a), key_of(b)) else {
            return false;
        };
        let moved = ForeignKey {
            references: b.references.clone(),
            ..a.clone()
        };
        a.references.name == b.references.name && moved == b && !b.columns.iter().any(retyped)
    };
    let object = |it: &Constraint| ObjectId::Constraint(table.name.clone(), it.name.clone());
    let mut old = in_order(&before.constraints, &orders.before, object);
    let mut new = in_order(&table.constraints, &orders.after, object);
    for it in [&mut old, &mut new] {
        it.retain(|it| key_of(it).is_some());
    }
    let mut led_to = table.constraints.clone();
    led_to.retain(|it| key_of(it).is_none());
    let mut taken: Vec<&Ident> = Vec::new();
    for it in &old {
        let likes = || new.iter().filter(|other| alike(it, other));
        if likes().next().is_none() {
            continue;
        }
        let mut kept = (*it).clone();
        if let Some(like) = likes().find(|it| !taken.contains(&&it.name)) {
            taken.push(&like.name);
            kept.name = like.name.clone();
        }
        led_to.insert(kept);
    }
    let is_new = |it: &&&Constraint| !old.iter().any(|other| alike(other, it));
    led_to.extend(new.iter().filter(is_new).map(|it| (*it).clone()));
    table.constraints = led_to;
}
