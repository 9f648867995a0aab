use driftless_catalog::{Expression, ObjectId, Policy, Table};
use driftless_sql_text::same_tokens;

use super::{Laying, Question, QuestionKind};

/// Brings row level security into the form that the model declares: its policies and no others.
pub(super) fn merge(laying: &mut Laying<'_>, base: &Table, wanted: &Table, table: &mut Table) {
    table.row_security = wanted.row_security;
    table.policies.retain(|_| false);
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
        if !is_other(new, old) {
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

/// Whether two expressions have different tokens, so that only a server can tell whether they mean the same.
pub(super) fn is_other(a: &Expression, b: &Expression) -> bool {
    a != b && !same_tokens(&a.text, &b.text)
}
