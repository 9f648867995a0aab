//! One-to-one relations.

use driftless_finding::{Code, Severity};

use super::{MISPLACED_RELATION_FIELDS, MISSING_RELATION_FIELDS, RELATION_ARITY, Side};
use crate::findings::Findings;
use crate::schema::Arity;

/// A one-to-one relation of columns that are not unique.
pub(crate) static ONE_TO_ONE_NOT_UNIQUE: Code = Code {
    name: "one-to-one-not-unique",
    severity: Severity::Error,
    summary: "the fields of a one-to-one relation are not unique",
    explanation: "In a one-to-one relation, the `fields` are a key of their model: mark one with `@unique`, list several in \
        `@@unique`. Or make the other side a list.",
};

pub(super) fn check(forward: Side<'_>, back: Side<'_>, findings: &mut Findings) {
    let (has, back_has) = (forward.has_references(), back.has_references());
    on_one_side(forward, back, "references", has, back_has, findings);
    let (has, back_has) = (forward.has_fields(), back.has_fields());
    on_one_side(forward, back, "fields", has, back_has, findings);
    actions(forward, back, findings);
    unique(forward, findings);
    // What is left may follow from what was said so far.
    if !findings.has_errors() {
        mixed_up(forward, back, findings);
    }
    if !findings.has_errors() && back.field.arity == Arity::Required {
        let name = &back.field.name;
        let message = format!("`{name}` cannot be required: nothing makes sure of it");
        let finding = back.finding(&RELATION_ARITY, message);
        findings.push(finding.help(format!("write `{}?`", forward.model.name)));
    }
    let back_has_any = back.relation.fields.is_some() || back.relation.references.is_some();
    if !findings.has_errors() && forward.field.arity == Arity::Required && back_has_any {
        let message = format!("`{}` is not the required side", back.field.name);
        let finding = back.finding(&MISPLACED_RELATION_FIELDS, message);
        let forward = forward.path();
        findings.push(finding.help(format!(
            "move `fields` and `references` to `{forward}`, or make it optional"
        )));
    }
}

/// The fields of the relation are a key, or there could be more than one.
pub(super) fn unique(forward: Side<'_>, findings: &mut Findings) {
    let Some(fields) = &forward.relation.fields else {
        return;
    };
    if forward.rules.keys.is_key(forward.id, fields) {
        return;
    }
    let names: Vec<_> = forward.columns().map(|it| &it.name[..]).collect();
    let name = &forward.field.name;
    let message = format!("`{name}` is one-to-one, but its fields are not unique");
    let finding = forward.finding(&ONE_TO_ONE_NOT_UNIQUE, message);
    findings.push(match names[..] {
        [one] => finding.help(format!(
            "mark `{one}` with `@unique`, or make the other side a list"
        )),
        [..] => finding.help(format!(
            "add `@@unique([{}])`, or make the other side a list",
            names.join(", ")
        )),
    });
}

/// Exactly one side has the argument.
fn on_one_side(
    forward: Side<'_>,
    back: Side<'_>,
    argument: &str,
    at_forward: bool,
    at_back: bool,
    findings: &mut Findings,
) {
    if at_forward != at_back {
        return;
    }
    for (side, other) in [(forward, back), (back, forward)] {
        let (name, other) = (&side.field.name, other.path());
        findings.push(if at_forward {
            let message = format!("both `{name}` and `{other}` have `{argument}`");
            side.finding(&MISPLACED_RELATION_FIELDS, message)
                .help("remove them at the side whose model has no column for it")
        } else {
            let message = format!("neither `{name}` nor `{other}` says its `{argument}`");
            side.finding(&MISSING_RELATION_FIELDS, message)
                .help("write `@relation(fields: […], references: […])` at one of them")
        });
    }
}

fn actions(forward: Side<'_>, back: Side<'_>, findings: &mut Findings) {
    if back.actions().next().is_none() {
        return;
    }
    let help = "write `onDelete` and `onUpdate` beside `fields`, and only there";
    if forward.actions().next().is_some() {
        for side in [forward, back] {
            let message = format!("both sides have actions, `{}` is one", side.field.name);
            findings.push(side.finding(&MISPLACED_RELATION_FIELDS, message).help(help));
        }
    } else {
        let message = format!("`{}` is the side without columns", back.field.name);
        findings.push(back.finding(&MISPLACED_RELATION_FIELDS, message).help(help));
    }
}

/// `fields` on one side, `references` on the other.
fn mixed_up(forward: Side<'_>, back: Side<'_>, findings: &mut Findings) {
    let finding = |side: Side<'_>| {
        let message = "`fields` and `references` stand on different sides".to_owned();
        side.finding(&MISPLACED_RELATION_FIELDS, message)
            .help("write both at the same field")
    };
    if forward.has_fields() && back.has_references() {
        findings.push(finding(forward));
        findings.push(finding(back));
    }
    if forward.has_references() && back.has_fields() {
        findings.push(finding(forward));
    }
}
