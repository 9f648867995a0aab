use driftless_catalog::{Collection, ObjectId, Policy, PolicyRole, QualifiedName};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Found};

pub(crate) fn diff<'a>(
    found: &mut Found<'a, '_>,
    table: &'a QualifiedName,
    from: Option<&'a Collection<Policy>>,
    to: Option<&'a Collection<Policy>>,
) {
    for (from, to) in pair(from.into_iter().flatten(), to.into_iter().flatten()) {
        let differ = |from: &Policy, to: &Policy| !differences(from, to).is_empty();
        if let Some(delta) = delta(from, to, differ) {
            found.changes.push(Change::Policy { table, delta });
        }
        if let Some(to) = to {
            let id = || ObjectId::Policy(table.clone(), to.name.clone());
            let before = from.and_then(|it| it.comment.as_deref());
            found.comment(&id, before, to.comment.as_deref());
        }
    }
}

pub(crate) fn differences(from: &Policy, to: &Policy) -> Vec<Difference> {
    let Policy {
        name: _,
        permissive,
        command,
        roles,
        using,
        with_check,
        comment: _,
    } = from;
    let mut found = Differences::default();
    found.shown("kind", permissive, &to.permissive, |it| {
        if *it { "permissive" } else { "restrictive" }.to_owned()
    });
    found.shown("command", command, &to.command, |it| it.as_str().to_owned());
    found.shown("roles", roles, &to.roles, |it| {
        let names: Vec<String> = it.iter().map(PolicyRole::to_string).collect();
        names.join(", ")
    });
    found.maybe("USING", using, &to.using);
    found.maybe("WITH CHECK", with_check, &to.with_check);
    found.0
}
