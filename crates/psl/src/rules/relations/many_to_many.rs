//! Implicit many-to-many relations.

use driftless_finding::{Code, Finding, Severity};

use super::Side;
use crate::findings::Findings;
use crate::rules::Rules;
use crate::schema::{ManyToMany, ModelKind};

/// A many-to-many relation that cannot be implicit.
pub(crate) static MANY_TO_MANY: Code = Code {
    name: "many-to-many",
    severity: Severity::Error,
    summary: "an implicit many-to-many relation that cannot be one",
    explanation: "Prisma manages the table of an implicit many-to-many relation, two lists without `fields` and `references`. \
        Both models have an `@id` of a single field, neither is a view, and there are no actions: everything is `Cascade`. For \
        anything else, write the join table as a model.",
};

pub(super) fn check(rules: &Rules<'_, '_>, relation: &ManyToMany, findings: &mut Findings) {
    let sides = [
        Side::new(rules, relation.model_a, relation.field_a),
        Side::new(rules, relation.model_b, relation.field_b),
    ];
    let sides = || sides.into_iter().flatten();
    let by_model = "write the join table as a model";
    if sides().any(|it| it.model.kind == ModelKind::View) {
        for side in sides() {
            let name = &side.field.name;
            let message = format!("`{name}` joins a view, which has no key to join by");
            findings.push(side.finding(&MANY_TO_MANY, message));
        }
    }
    for side in sides() {
        let (name, other) = (&side.field.name, side.other());
        let key = other.primary_key.as_ref().filter(|it| it.fields.len() == 1);
        match (key, &side.relation.references) {
            (None, _) => {
                let message = format!("`{}` has no `@id` of a single field", other.name);
                findings.push(side.finding(&MANY_TO_MANY, message).help(by_model));
            }
            (Some(key), Some(references)) if references[..] != [key.fields[0].field] => {
                let message = format!("`{name}` can only reference the `@id` of `{}`", other.name);
                let finding = side.finding(&MANY_TO_MANY, message);
                findings.push(finding.help("remove the `references`"));
            }
            (Some(_), _) => {}
        }
    }
    for side in sides() {
        for action in side.actions() {
            let message = "an implicit many-to-many relation has no actions";
            let finding = Finding::new(&MANY_TO_MANY, message).at(action.span);
            findings.push(finding.help(by_model));
        }
        if side.relation.references.is_some() {
            let message = format!("`{}` cannot have `references`", side.field.name);
            let finding = side.finding(&MANY_TO_MANY, message);
            findings.push(finding.help("remove the `references`"));
        }
    }
}

/// Two lists that MongoDB would join.
pub(super) fn refuse(rules: &Rules<'_, '_>, relation: &ManyToMany, findings: &mut Findings) {
    for (model, field) in [
        (relation.model_a, relation.field_a),
        (relation.model_b, relation.field_b),
    ] {
        let field = &rules.schema[model][field];
        let message = "two lists with `fields` are a relation of MongoDB";
        let finding = Finding::new(&MANY_TO_MANY, message).at(field.name.span);
        findings.push(finding.help("remove `fields` and `references` on both sides"));
    }
}
