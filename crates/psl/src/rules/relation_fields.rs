//! Relation fields, each with regard to the others of its model.

use driftless_finding::{Code, Finding, Severity};

use super::names::check_length;
use super::{Ambiguous, Subject, client_names};
use crate::findings::Findings;
use crate::schema::{FieldId, ModelId, ReferentialAction, RelationField, RelationMode, Spanned};
use crate::text::{and, quoted};

/// More fields than a relation has sides.
pub(crate) static AMBIGUOUS_RELATION: Code = Code {
    name: "ambiguous-relation",
    severity: Severity::Error,
    summary: "it cannot be told which relation fields belong together",
    explanation: "If two models have more than one relation, each has a name, which both its sides give: \
        `@relation(\"author\", …)`. A relation of a model with itself has a name too, so that its two sides are known to be \
        one relation.",
};

/// A relation to an ignored model.
pub(crate) static RELATION_TO_IGNORED: Code = Code {
    name: "relation-to-ignored",
    severity: Severity::Error,
    summary: "a relation field leads to an ignored model, and is not ignored",
    explanation: "Prisma Client does not see a model with `@@ignore`, so it cannot see relation fields that lead there.",
};

/// An action that Prisma Client cannot take.
pub(crate) static UNSUPPORTED_ACTION: Code = Code {
    name: "unsupported-action",
    severity: Severity::Error,
    summary: "a referential action that does not exist with `relationMode = \"prisma\"`",
    explanation: "Without foreign keys, Prisma Client takes the actions `Cascade`, `Restrict` and `SetNull` itself. \
        `NoAction` and `SetDefault` need a foreign key.",
};

/// A relation without an index.
pub(crate) static MISSING_RELATION_INDEX: Code = Code {
    name: "missing-relation-index",
    severity: Severity::Warning,
    summary: "the fields of a relation have no index",
    explanation: "With `relationMode = \"prisma\"` there are no foreign keys, and every look at the other side of a relation reads \
        the whole table, unless an index begins with the fields of the relation.",
};

pub(super) fn check(
    subject: &Subject<'_, '_>,
    id: FieldId,
    relation: &RelationField,
    findings: &mut Findings,
) -> Result<(), Ambiguous> {
    let (schema, model) = (subject.rules.schema, subject.model);
    let field = &model[id];
    if let Some(finding) = ambiguity(subject, id, relation) {
        findings.push(finding);
        return Err(Ambiguous);
    }
    client_names::check_field(subject, field, findings);
    let other = &schema[relation.model];
    if other.ignored && !field.ignored && !model.ignored {
        let message = format!(
            "`{}` leads to `{}`, which is ignored",
            field.name, other.name
        );
        let finding = Finding::new(&RELATION_TO_IGNORED, message).at(field.name.span);
        let finding = finding.label(other.name.span, "the ignored model");
        findings.push(finding.help("add `@ignore`"));
    }
    if schema.relation_mode() == RelationMode::Prisma {
        let actions = relation.on_delete.into_iter().chain(relation.on_update);
        actions.for_each(|it| emulated(it, findings));
        indexed(subject, id, relation, findings);
    }
    check_length(relation.mapped_name.as_ref(), findings);
    Ok(())
}

/// What is wrong if more fields than two sides bear the name of the relation.
fn ambiguity(
    subject: &Subject<'_, '_>,
    field: FieldId,
    relation: &RelationField,
) -> Option<Finding> {
    let (id, model) = (subject.id, subject.model);
    let sides = &subject.rules.sides;
    let other = &subject.rules.schema[relation.model];
    let is_self = id == relation.model;
    let name = relation.name.as_ref().map(|it| it.value.as_str());
    let named = sides.named(id, relation.model, name);
    let alias = alias(subject, relation.model, name);
    let alias = alias
        .as_ref()
        .map(|it| sides.named(id, relation.model, it.as_deref()));
    let alias = alias.unwrap_or_default();
    let count = named.len() + alias.len();
    if count < 2 || name.is_some() && is_self && count == 2 {
        return None;
    }
    let mut same = [named, alias].concat();
    same.sort_unstable_by_key(|it| it.field);
    let fields = and(same.iter().map(|it| quoted(&model[it.field].name.value)));
    let message = match name {
        Some(name) => format!(
            "{fields} of `{}` all belong to relation \"{name}\"",
            model.name
        ),
        None => format!(
            "{fields} of `{}` all refer to `{}`, without a name",
            model.name, other.name
        ),
    };
    let help = match is_self && same.len() == 2 {
        true => {
            "if they are the two sides of one relation, give both the same name: `@relation(\"…\")`"
        }
        false => "give each relation a name of its own, on both sides: `@relation(\"…\")`",
    };
    let field = &model[field];
    Some(
        Finding::new(&AMBIGUOUS_RELATION, message)
            .at(field.name.span)
            .help(help),
    )
}

/// The other way to call a relation, or to leave its name out, that means the same: without a name, a relation is called
/// by its models, and a name may be just that. `None` if there is none that any field uses.
fn alias(subject: &Subject<'_, '_>, other: ModelId, name: Option<&str>) -> Option<Option<String>> {
    let (schema, sides) = (subject.rules.schema, &subject.rules.sides);
    if name.is_none() && !sides.have_names(subject.id, other) {
        return None;
    }
    let (one, another) = (&subject.model.name.value, &schema[other].name.value);
    let (first, last) = (one.min(another), one.max(another));
    match name {
        None => Some(Some(format!("{first}To{last}"))),
        Some(name) => {
            let rest = name.strip_prefix(&first[..])?.strip_prefix("To")?;
            (rest == last).then_some(None)
        }
    }
}

fn emulated(action: Spanned<ReferentialAction>, findings: &mut Findings) {
    match action.value {
        ReferentialAction::Cascade | ReferentialAction::Restrict | ReferentialAction::SetNull => {}
        ReferentialAction::NoAction | ReferentialAction::SetDefault => {
            let message = format!("Prisma Client cannot do `{action}` without a foreign key");
            let finding = Finding::new(&UNSUPPORTED_ACTION, message).at(action.span);
            findings.push(finding.help("write `Restrict`, `Cascade` or `SetNull`"));
        }
    }
}

fn indexed(
    subject: &Subject<'_, '_>,
    id: FieldId,
    relation: &RelationField,
    findings: &mut Findings,
) {
    let Some(fields) = &relation.fields else {
        return;
    };
    if !subject.rules.keys.begin_an_index(subject.id, fields) {
        let (model, field) = (subject.model, &subject.model[id]);
        let names: Vec<_> = fields.iter().map(|it| &model[*it].name[..]).collect();
        let message = format!("no index begins with the fields of `{}`", field.name);
        let span = relation.attribute_span.unwrap_or(field.span);
        let finding = Finding::new(&MISSING_RELATION_INDEX, message).at(span);
        findings.push(finding.help(format!("add `@@index([{}])`", names.join(", "))));
    }
}
