use driftless_catalog::{ObjectId, Policy, Table};

use super::{Laying, Question, QuestionKind};
use crate::policy::{can_be_declared, same_expression};

/// Brings row level security into the form that the model declares: its policies, and of others those that do nothing,
/// which no model can declare.
pub(super) fn merge(laying: &mut Laying<'_>, base: &Table, wanted: &Table, table: &mut Table) {
    table.row_security = wanted.row_security;
    table.policies.retain(|it| !can_be_declared(it));
    for policy in &wanted.policies {
        let policy = match base.policies.get(&policy.name) {
            Some(old) => laid(laying, base, old, policy),
            None => policy.clone(),
        };
        table.policies.insert(policy);
    }
}

/// The wanted policy, with expressions that are right but for their spelling as they are in the database.
fn laid(laying: &mut Laying<'_>, table: &Table, old: &Policy, wanted: &Policy) -> Policy {
    let mut policy = Policy {
        comment: old.comment.clone(),
        ..wanted.clone()
    };
    for (new, old) in [
        (&mut policy.using, &old.using),
        (&mut policy.with_check, &old.with_check),
    ] {
        let (Some(new), Some(old)) = (new, old) else {
            continue;
        };
        if same_expression(new, old) {
            new.clone_from(old);
        } else if new.printed_by.is_none() && old.printed_by.is_some() {
            laying.out.questions.push(Question {
                object: ObjectId::Policy(table.name.clone(), wanted.name.clone()),
                kind: QuestionKind::Policy,
                written: new.text.to_string(),
                printed: old.text.to_string(),
            });
            new.clone_from(old);
        }
    }
    policy
}
