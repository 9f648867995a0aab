//! Owner, comment and privileges: the same for every kind.

use driftless_catalog::{Common, GrantClass, Grantee, Grants, Ident, Named, ObjectId, Privilege};

use crate::change::{Difference, difference};
use crate::{Change, Delta, Found};

/// Matches two collections by name.
pub(crate) fn pair<'a, T: Named + 'a>(
    from: impl IntoIterator<Item = &'a T>,
    to: impl IntoIterator<Item = &'a T>,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let (mut from, mut to) = (from.into_iter().peekable(), to.into_iter().peekable());
    let mut pairs = Vec::new();
    loop {
        let order = match (from.peek(), to.peek()) {
            (None, None) => return pairs,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(a), Some(b)) => a.name().cmp(b.name()),
        };
        pairs.push(match order {
            std::cmp::Ordering::Less => (from.next(), None),
            std::cmp::Ordering::Greater => (None, to.next()),
            std::cmp::Ordering::Equal => (from.next(), to.next()),
        });
    }
}

/// What happens to one of a pair, or `None` if both are there and equal, or `differ` says no.
pub(crate) fn delta<'a, T: PartialEq>(
    from: Option<&'a T>,
    to: Option<&'a T>,
    differ: impl Fn(&T, &T) -> bool,
) -> Option<Delta<'a, T>> {
    match (from, to) {
        (None, Some(to)) => Some(Delta::Create(to)),
        (Some(from), None) => Some(Delta::Drop(from)),
        (Some(from), Some(to)) => {
            (from != to && differ(from, to)).then_some(Delta::Alter { from, to })
        }
        (None, None) => None,
    }
}

impl<'a> Found<'a, '_> {
    /// Owner, comment and privileges of an object that should be there.
    pub(crate) fn common(
        &mut self,
        object: impl Fn() -> ObjectId,
        class: Option<GrantClass>,
        from: Option<&'a Common>,
        to: &'a Common,
    ) {
        self.owner(&object, from, to);
        self.besides_owner(object, class, from, to);
    }

    fn owner(&mut self, object: &impl Fn() -> ObjectId, from: Option<&'a Common>, to: &'a Common) {
        let before = from.map_or(self.options.role.as_ref(), |it| it.owner.as_ref());
        if let Some(owner) = to.owner.as_ref().filter(|_| self.options.owners)
            && before != Some(owner)
        {
            self.changes.push(Change::Owner {
                object: object(),
                from: from.and_then(|it| it.owner.as_ref()),
                to: owner,
            });
        }
    }

    /// Comment and privileges of an object whose owner is always that of another one.
    pub(crate) fn besides_owner(
        &mut self,
        object: impl Fn() -> ObjectId,
        class: Option<GrantClass>,
        from: Option<&'a Common>,
        to: &'a Common,
    ) {
        let options = self.options;
        self.comment(
            &object,
            from.and_then(|it| it.comment.as_deref()),
            to.comment.as_deref(),
        );
        let Some(grants) = to.grants.as_ref().filter(|_| options.grants) else {
            return;
        };
        let before = match (from, class) {
            (Some(from), _) => match &from.grants {
                Some(before) => moved(
                    before,
                    from.owner.as_ref(),
                    to.owner.as_ref(),
                    options.owners,
                ),
                None => return,
            },
            (None, Some(class)) => self.grants_of_new(&object(), class, to.owner.as_ref()),
            (None, None) => return,
        };
        self.grants(&object, before, grants);
    }

    pub(crate) fn comment(
        &mut self,
        object: &impl Fn() -> ObjectId,
        from: Option<&'a str>,
        to: Option<&'a str>,
    ) {
        if self.options.comments && from != to {
            self.changes.push(Change::Comment {
                object: object(),
                from,
                to,
            });
        }
    }

    pub(crate) fn grants(
        &mut self,
        object: &impl Fn() -> ObjectId,
        mut from: Grants,
        to: &'a Grants,
    ) {
        // A privilege that only one of the two servers has says nothing about the schema.
        let maintain = |grants: &Grants| grants.0.keys().any(|(_, it)| *it == Privilege::Maintain);
        if !maintain(to) {
            from.0.retain(|(_, it), _| *it != Privilege::Maintain);
        }
        let same = match maintain(&from) {
            true => from == *to,
            false => from.0.iter().eq(to
                .0
                .iter()
                .filter(|((_, privilege), _)| *privilege != Privilege::Maintain)),
        };
        if !same {
            self.changes.push(Change::Grants {
                object: object(),
                from,
                to,
            });
        }
    }

    /// What an object grants right after the target's role has made it and given it to `owner`.
    fn grants_of_new(&self, object: &ObjectId, class: GrantClass, owner: Option<&Ident>) -> Grants {
        let major = self.options.server_major;
        let Some(maker) = self.options.role.as_ref().or(owner) else {
            return Grants::built_in(class, None, major);
        };
        let schema = object.schema().or_else(|| self.schema_of_other(object));
        let grants = self.from.grants_of_new(class, schema, maker, major);
        moved(&grants, Some(maker), owner, self.options.owners)
    }
}

impl Found<'_, '_> {
    /// The schema of an object whose kind has no type of its own: it needs it.
    fn schema_of_other(&self, object: &ObjectId) -> Option<&Ident> {
        let mut needs = self.to.dependencies_of(object);
        needs.find_map(|it| {
            let ObjectId::Schema(name) = it else {
                return None;
            };
            Some(name)
        })
    }
}

/// `ALTER … OWNER` hands the old owner's privileges to the new one.
fn moved(grants: &Grants, from: Option<&Ident>, to: Option<&Ident>, owners: bool) -> Grants {
    let mut grants = grants.clone();
    if let (Some(from), Some(to), true) = (from, to, owners) {
        grants.rename_role(from, to);
    }
    grants
}

/// One difference for each grantee whose privileges differ.
pub(crate) fn grant_differences(from: &Grants, to: &Grants) -> Vec<Difference> {
    let mut grantees: Vec<&Grantee> = from.0.keys().chain(to.0.keys()).map(|(it, _)| it).collect();
    grantees.sort();
    grantees.dedup();
    let of = |grants: &Grants, grantee: &Grantee| {
        let items: Vec<String> = grants
            .iter()
            .filter(|(it, ..)| *it == grantee)
            .map(|(_, privilege, grantable)| {
                let option = if grantable { " WITH GRANT OPTION" } else { "" };
                format!("{privilege}{option}")
            })
            .collect();
        (!items.is_empty()).then(|| format!("{grantee}: {}", items.join(", ")))
    };
    grantees
        .into_iter()
        .map(|it| (of(from, it), of(to, it)))
        .filter(|(from, to)| from != to)
        .map(|(from, to)| difference("privileges", &from, &to))
        .collect()
}
