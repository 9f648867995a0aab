//! Relation fields, each with regard to the others of its model.

use driftless_finding::{Code, Finding, Severity};

use super::fields::client_name;
use super::names::check_length;
use super::{Ambiguous, Rules};
use crate::findings::Findings;
use crate::schema::{
    FieldId, Model, ModelId, ReferentialAction, RelationField, RelationMode, Spanned,
};
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
    rules: &Rules<'_, '_>,
    id: ModelId,
    model: &Model,
    field: FieldId,
    findings: &mut Findings,
) -> Result<(), Ambiguous> {
    let it = &model[field];
    let Some(relation) = it.as_relation() else {
        return Ok(());
    };
    if let Some(finding) = ambiguity(rules, id, model, field, relation) {
        findings.push(finding);
        return Err(Ambiguous);
    }
    client_name(model, it, findings);
    let other = &rules.schema[relation.model];
    if other.ignored && !it.ignored && !model.ignored {
        let message = format!("`{}` leads to `{}`, which is ignored", it.name, other.name);
        let finding = Finding::new(&RELATION_TO_IGNORED, message).at(it.name.span);
        findings.push(
            finding
                .label(other.name.span, "the ignored model")
                .help("add `@ignore`"),
        );
    }
    if rules.schema.relation_mode() == RelationMode::Prisma {
        for action in [relation.on_delete, relation.on_update]
            .into_iter()
            .flatten()
        {
            emulated(action, findings);
        }
    }
    check_length(relation.mapped_name.as_ref(), findings);
    if rules.schema.relation_mode() == RelationMode::Prisma {
        indexed(model, field, relation, findings);
    }
    Ok(())
}

/// What is wrong if more fields than two sides bear the name of the relation.
fn ambiguity(
    rules: &Rules<'_, '_>,
    id: ModelId,
    model: &Model,
    field: FieldId,
    relation: &RelationField,
) -> Option<Finding> {
    let other = &rules.schema[relation.model];
    let is_self = id == relation.model;
    let name = relation.name.as_ref().map(|it| it.value.as_str());
    // Without a name, a relation is called like this. A name may be just that, and then means the same.
    let (one, another) = (&model.name.value, &other.name.value);
    let unnamed = format!("{}To{}", one.min(another), one.max(another));
    let alias = match name {
        None => Some(Some(unnamed.as_str())),
        Some(name) if name == unnamed => Some(None),
        Some(_) => None,
    };
    let mut same = rules.sides.named(id, relation.model, name).to_vec();
    same.extend(
        alias
            .into_iter()
            .flat_map(|it| rules.sides.named(id, relation.model, it)),
    );
    if same.len() < 2 || name.is_some() && is_self && same.len() == 2 {
        return None;
    }
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

fn indexed(model: &Model, field: FieldId, relation: &RelationField, findings: &mut Findings) {
    let Some(fields) = &relation.fields else {
        return;
    };
    let key = model.primary_key.iter().map(|it| &it.fields);
    let mut indexes = key.chain(model.indexes.iter().map(|it| &it.fields));
    let is_indexed = indexes.any(|index| {
        index.len() >= fields.len()
            && index
                .iter()
                .zip(fields)
                .all(|(it, field)| it.field == *field)
    });
    if !is_indexed {
        let names: Vec<_> = fields.iter().map(|it| &model[*it].name[..]).collect();
        let message = format!("no index begins with the fields of `{}`", model[field].name);
        let span = relation.attribute_span.unwrap_or(model[field].span);
        let finding = Finding::new(&MISSING_RELATION_INDEX, message).at(span);
        findings.push(finding.help(format!("add `@@index([{}])`", names.join(", "))));
    }
}
