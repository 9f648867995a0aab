//! Relations as a whole. Prisma schema reference, *Relations*.

use driftless_finding::{Code, Finding, Severity, Span};

use super::Rules;
use super::cycles::{self, Cycle};
use crate::findings::Findings;
use crate::relations::{Found, Inline};
use crate::schema::{
    Arity, Field, FieldId, FieldType, IndexKind, ManyToMany, Model, ModelId, ModelKind,
    ReferentialAction, RelationField, RelationMode,
};
use crate::text::{and, quoted};

/// A relation with one side.
pub(crate) static MISSING_OPPOSITE: Code = Code {
    name: "missing-opposite",
    severity: Severity::Error,
    summary: "a relation field has no counterpart on the other model",
    explanation: "Both models of a relation have a relation field: the one that references says `author User \
        @relation(fields: [authorId], references: [id])`, the other `posts Post[]`, or `post Post?` if there is at most one. \
        The formatter adds what is missing.",
};

/// A relation that does not say which columns it is made of.
pub(crate) static MISSING_RELATION_FIELDS: Code = Code {
    name: "missing-relation-fields",
    severity: Severity::Error,
    summary: "neither side of a relation says which fields it is made of",
    explanation: "One side lists its columns in `fields` and what they reference in `references`: in a one-to-many relation \
        the side that is not a list, in a one-to-one relation either, but the required one if only one is.",
};

/// A relation that says it on the wrong side.
pub(crate) static MISPLACED_RELATION_FIELDS: Code = Code {
    name: "misplaced-relation-fields",
    severity: Severity::Error,
    summary: "`fields`, `references` or an action stands on the wrong side of a relation, or on both",
    explanation: "`fields`, `references`, `onDelete` and `onUpdate` stand together on the side that has the columns of the \
        relation, and only there. In an implicit many-to-many relation, neither side has any.",
};

/// `fields: [a, b], references: [id]`
pub(crate) static RELATION_LENGTHS: Code = Code {
    name: "relation-lengths",
    severity: Severity::Error,
    summary: "`fields` and `references` are not equally long",
    explanation: "Each field of `fields` references the field at the same place of `references`.",
};

/// A column of another type than the one it references.
pub(crate) static RELATION_TYPES: Code = Code {
    name: "relation-types",
    severity: Severity::Error,
    summary: "a field of a relation and the field that it references have different types",
    explanation: "Each field of `fields` has the type of the field at the same place of `references`.",
};

/// A reference to what is no key.
pub(crate) static REFERENCES_NO_KEY: Code = Code {
    name: "references-no-key",
    severity: Severity::Error,
    summary: "a relation references fields that are no key",
    explanation: "A foreign key references a primary key or a unique index: the fields of `references` are, in any order, those \
        of an `@id`, `@@id`, `@unique` or `@@unique`.",
};

/// A required relation of columns that may be null.
pub(crate) static RELATION_ARITY: Code = Code {
    name: "relation-arity",
    severity: Severity::Error,
    summary: "a relation field is required although it may be missing",
    explanation: "A relation field is optional if one of its `fields` is. In a one-to-one relation, the side without `fields` is \
        always optional: the database cannot make sure that there is a row.",
};

/// A one-to-one relation of columns that are not unique.
pub(crate) static ONE_TO_ONE_NOT_UNIQUE: Code = Code {
    name: "one-to-one-not-unique",
    severity: Severity::Error,
    summary: "the fields of a one-to-one relation are not unique",
    explanation: "In a one-to-one relation, the `fields` are a key of their model: mark one with `@unique`, list several in \
        `@@unique`. Or make the other side a list.",
};

/// `SetNull` on a required column.
pub(crate) static SET_NULL_ON_REQUIRED: Code = Code {
    name: "set-null-on-required",
    severity: Severity::Warning,
    summary: "`SetNull` on a relation whose fields cannot be null",
    explanation: "PostgreSQL accepts the foreign key, and then refuses every delete or update that would set the column to null. \
        With `relationMode = \"prisma\"` this is an error.",
};

/// A many-to-many relation that cannot be implicit.
pub(crate) static MANY_TO_MANY: Code = Code {
    name: "many-to-many",
    severity: Severity::Error,
    summary: "an implicit many-to-many relation that cannot be one",
    explanation: "Prisma manages the table of an implicit many-to-many relation, two lists without `fields` and `references`. \
        Both models have an `@id` of a single field, neither is a view, and there are no actions: everything is `Cascade`. For \
        anything else, write the join table as a model.",
};

pub(super) fn check(
    rules: &Rules<'_, '_>,
    number: usize,
    relation: &Found,
    cycle: Option<Cycle>,
    findings: &mut Findings,
) {
    match relation {
        Found::Inline(inline) => {
            let cycle = cycle.and_then(|it| cycles::finding(rules, inline, it));
            cycle.into_iter().for_each(|it| findings.push(it));
            check_inline(rules, number, inline, findings);
        }
        Found::ManyToMany(it) => check_many_to_many(rules, it, findings),
        Found::Embedded(it) => {
            for (model, field) in [(it.model_a, it.field_a), (it.model_b, it.field_b)] {
                let field = &rules.schema[model][field];
                let message = "two lists with `fields` are a relation of MongoDB";
                let finding = Finding::new(&MANY_TO_MANY, message).at(field.name.span);
                findings.push(finding.help("remove `fields` and `references` on both sides"));
            }
        }
    }
}

/// A side of a relation with a foreign key.
#[derive(Clone, Copy)]
struct Side<'s> {
    model: &'s Model,
    field: &'s Field,
    relation: &'s RelationField,
}

impl<'s> Side<'s> {
    fn new(rules: &Rules<'s, '_>, model: ModelId, field: Option<FieldId>) -> Option<Self> {
        let model = &rules.schema[model];
        let field = &model[field?];
        Some(Self {
            model,
            field,
            relation: field.as_relation()?,
        })
    }

    fn has_fields(&self) -> bool {
        self.relation
            .fields
            .as_ref()
            .is_some_and(|it| !it.is_empty())
    }

    fn has_references(&self) -> bool {
        self.relation
            .references
            .as_ref()
            .is_some_and(|it| !it.is_empty())
    }

    fn has_actions(&self) -> bool {
        self.relation.on_delete.is_some() || self.relation.on_update.is_some()
    }

    /// The columns that `fields` lists.
    fn columns(&self) -> impl Iterator<Item = &'s Field> + use<'s> {
        let model = self.model;
        self.relation
            .fields
            .iter()
            .flatten()
            .map(move |it| &model[*it])
    }

    fn finding(&self, code: &'static Code, message: String) -> Finding {
        Finding::new(code, message).at(self.field.name.span)
    }
}

fn check_inline(rules: &Rules<'_, '_>, number: usize, inline: &Inline, findings: &mut Findings) {
    let forward = Side::new(rules, inline.model, inline.forward);
    let back = Side::new(rules, inline.referenced, inline.back);
    if let Some(forward) = forward {
        let referenced = &rules.schema[inline.referenced];
        references_are_key(forward, referenced, findings);
        lengths(forward, findings);
        arity(forward, findings);
        types(forward, referenced, findings);
        let map = forward
            .relation
            .mapped_name
            .as_ref()
            .map_or(forward.field.name.span, |it| it.span);
        let name = rules.names.foreign_key(inline.model, number, map);
        name.into_iter().for_each(|it| findings.push(it));
        set_null(rules, forward, findings);
    }
    match (forward, back) {
        (Some(forward), Some(back)) if inline.one_to_one => one_to_one(forward, back, findings),
        (Some(forward), Some(back)) => one_to_many(forward, back, findings),
        (Some(one), None) | (None, Some(one)) => {
            let other = &rules.schema[one.relation.model].name;
            let message = format!("`{}` has no counterpart on `{other}`", one.field.name);
            let finding = one.finding(&MISSING_OPPOSITE, message);
            let back = match (forward.is_some(), inline.one_to_one) {
                (true, true) => format!("a field of type `{}?`", one.model.name),
                (true, false) => format!("a field of type `{}[]`", one.model.name),
                (false, _) => format!("a field of type `{}` with `@relation`", one.model.name),
            };
            findings.push(finding.help(format!(
                "add {back} to `{other}`, or let the formatter add it"
            )));
            if let Some(forward) = forward.filter(|_| inline.one_to_one) {
                unique(forward, findings);
            }
        }
        (None, None) => {}
    }
}

fn references_are_key(forward: Side<'_>, referenced: &Model, findings: &mut Findings) {
    let Some(references) = forward
        .relation
        .references
        .as_ref()
        .filter(|it| !it.is_empty())
    else {
        return;
    };
    let sorted = |fields: &mut dyn Iterator<Item = FieldId>| {
        let mut fields: Vec<_> = fields.collect();
        fields.sort_unstable();
        fields
    };
    let wanted = sorted(&mut references.iter().copied());
    let unique = referenced
        .indexes
        .iter()
        .filter(|it| it.kind == IndexKind::Unique);
    let mut keys = referenced
        .primary_key
        .iter()
        .map(|it| &it.fields)
        .chain(unique.map(|it| &it.fields));
    if keys.any(|key| sorted(&mut key.iter().map(|it| it.field)) == wanted) {
        return;
    }
    let names: Vec<_> = references
        .iter()
        .map(|it| &referenced[*it].name[..])
        .collect();
    let listed = and(names.iter().map(quoted));
    let message = format!(
        "{listed} of `{}` is no key that can be referenced",
        referenced.name
    );
    let finding = forward.finding(&REFERENCES_NO_KEY, message);
    findings.push(match names[..] {
        [one] => finding.help(format!(
            "mark `{one}` with `@unique`, or reference another field"
        )),
        [..] => finding.help(format!(
            "add `@@unique([{}])` to `{}`",
            names.join(", "),
            referenced.name
        )),
    });
}

fn lengths(forward: Side<'_>, findings: &mut Findings) {
    let (Some(fields), Some(references)) = (&forward.relation.fields, &forward.relation.references)
    else {
        return;
    };
    if fields.len() != references.len() {
        let message = format!(
            "{} fields cannot reference {}",
            fields.len(),
            references.len()
        );
        let finding = Finding::new(&RELATION_LENGTHS, message);
        findings.push(
            finding.at(forward
                .relation
                .attribute_span
                .unwrap_or(forward.field.span)),
        );
    }
}

fn arity(forward: Side<'_>, findings: &mut Findings) {
    let optional = forward.columns().filter(|it| it.arity == Arity::Optional);
    let names = and(optional.map(|it| quoted(&it.name.value)));
    if forward.field.arity == Arity::Required && !names.is_empty() {
        let message = format!(
            "`{}` is required, but {names} may be missing",
            forward.field.name
        );
        let finding = forward.finding(&RELATION_ARITY, message);
        findings
            .push(finding.help("add a `?` to the type of the relation field, or remove the other"));
    }
}

fn types(forward: Side<'_>, referenced: &Model, findings: &mut Findings) {
    let references = match &forward.relation.references {
        Some(references) => references.clone(),
        None => default_references(referenced),
    };
    for (field, reference) in forward.columns().zip(references) {
        let reference = &referenced[reference];
        let (Some(one), Some(other)) = (field.as_scalar(), reference.as_scalar()) else {
            continue;
        };
        if one.field_type != other.field_type {
            let message = format!(
                "`{}` and `{}.{}`, which it references, have different types",
                field.name, referenced.name, reference.name
            );
            let finding = forward.finding(&RELATION_TYPES, message);
            findings.push(
                finding
                    .label(field.type_span, "this type")
                    .label(reference.type_span, "and this one")
                    .help("give both the same type"),
            );
        }
    }
}

/// What a relation references that does not say: the first key without optional fields.
pub(crate) fn default_references(referenced: &Model) -> Vec<FieldId> {
    let unique = referenced
        .indexes
        .iter()
        .filter(|it| it.kind == IndexKind::Unique);
    let mut keys = referenced
        .primary_key
        .iter()
        .map(|it| &it.fields)
        .chain(unique.map(|it| &it.fields));
    let is_strict = |fields: &&Vec<crate::schema::IndexField>| {
        fields.iter().all(|it| {
            let field = &referenced[it.field];
            let is_unsupported = field
                .as_scalar()
                .is_some_and(|it| matches!(it.field_type, FieldType::Unsupported(_)));
            field.arity != Arity::Optional && !is_unsupported
        })
    };
    keys.find(is_strict)
        .map(|it| it.iter().map(|it| it.field).collect())
        .unwrap_or_default()
}

fn set_null(rules: &Rules<'_, '_>, forward: Side<'_>, findings: &mut Findings) {
    // Prisma asks whether all columns are optional. If there are none, they are not.
    let all_optional = forward
        .relation
        .fields
        .as_ref()
        .is_some_and(|_| forward.columns().all(|it| it.arity != Arity::Required));
    if all_optional {
        return;
    }
    let severity = match rules.schema.relation_mode() {
        RelationMode::ForeignKeys => Severity::Warning,
        RelationMode::Prisma => Severity::Error,
    };
    let actions = [
        ("onDelete", forward.relation.on_delete),
        ("onUpdate", forward.relation.on_update),
    ];
    for (name, action) in actions {
        let Some(action) = action.filter(|it| it.value == ReferentialAction::SetNull) else {
            continue;
        };
        let message = format!("`{name}` sets to null what cannot be null");
        let finding = Finding::new(&SET_NULL_ON_REQUIRED, message)
            .at(action.span)
            .severity(severity);
        findings.push(
            finding.help("choose another action, or make the fields of the relation optional"),
        );
    }
}

fn one_to_many(forward: Side<'_>, back: Side<'_>, findings: &mut Findings) {
    for (is_there, argument) in [
        (forward.has_fields(), "fields"),
        (forward.has_references(), "references"),
    ] {
        if !is_there {
            let message = format!("`{}` does not say its `{argument}`", forward.field.name);
            let finding = forward.finding(&MISSING_RELATION_FIELDS, message);
            findings.push(finding.help("write `@relation(fields: […], references: […])`"));
        }
    }
    let other = format!("`{}.{}`", forward.model.name, forward.field.name);
    if back.has_fields() || back.has_references() {
        let message = format!("`{}` is the side without columns", back.field.name);
        let finding = back.finding(&MISPLACED_RELATION_FIELDS, message);
        findings.push(finding.help(format!("write `fields` and `references` at {other}")));
    }
    if back.has_actions() {
        let message = format!("`{}` is the side without columns", back.field.name);
        let finding = back.finding(&MISPLACED_RELATION_FIELDS, message);
        findings.push(finding.help(format!("write `onDelete` and `onUpdate` at {other}")));
    }
}

fn one_to_one(forward: Side<'_>, back: Side<'_>, findings: &mut Findings) {
    let sides = [(forward, back), (back, forward)];
    let arguments = [
        (
            "references",
            forward.has_references(),
            back.has_references(),
        ),
        ("fields", forward.has_fields(), back.has_fields()),
    ];
    for (argument, at_forward, at_back) in arguments {
        match (at_forward, at_back) {
            (false, false) => {
                for (side, other) in sides {
                    let message = format!(
                        "neither `{}` nor `{}.{}` says its `{argument}`",
                        side.field.name, other.model.name, other.field.name
                    );
                    let finding = side.finding(&MISSING_RELATION_FIELDS, message);
                    findings
                        .push(finding.help(
                            "write `@relation(fields: […], references: […])` at one of them",
                        ));
                }
            }
            (true, true) => {
                for (side, other) in sides {
                    let message = format!(
                        "both `{}` and `{}.{}` have `{argument}`",
                        side.field.name, other.model.name, other.field.name
                    );
                    let finding = side.finding(&MISPLACED_RELATION_FIELDS, message);
                    findings.push(
                        finding.help("remove them at the side whose model has no column for it"),
                    );
                }
            }
            (true, false) | (false, true) => {}
        }
    }
    if back.has_actions() {
        let both = forward.has_actions();
        for (side, _) in if both { &sides[..] } else { &sides[1..] } {
            let message = match both {
                true => format!("both sides have actions, `{}` is one", side.field.name),
                false => format!("`{}` is the side without columns", side.field.name),
            };
            let finding = side.finding(&MISPLACED_RELATION_FIELDS, message);
            findings.push(
                finding.help("write `onDelete` and `onUpdate` beside `fields`, and only there"),
            );
        }
    }
    unique(forward, findings);
    // What is left may follow from what was said so far.
    if !findings.has_errors() {
        mixed_up(forward, back, findings);
    }
    if !findings.has_errors() && back.field.arity == Arity::Required {
        let message = format!(
            "`{}` cannot be required: nothing makes sure of it",
            back.field.name
        );
        let finding = back.finding(&RELATION_ARITY, message);
        findings.push(finding.help(format!("write `{}?`", forward.model.name)));
    }
    let back_has_any = back.relation.fields.is_some() || back.relation.references.is_some();
    if !findings.has_errors() && forward.field.arity == Arity::Required && back_has_any {
        let message = format!("`{}` is not the required side", back.field.name);
        let finding = back.finding(&MISPLACED_RELATION_FIELDS, message);
        findings.push(finding.help(format!(
            "move `fields` and `references` to `{}.{}`, or make it optional",
            forward.model.name, forward.field.name
        )));
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

fn unique(forward: Side<'_>, findings: &mut Findings) {
    let Some(fields) = &forward.relation.fields else {
        return;
    };
    let model = forward.model;
    let unique = model
        .indexes
        .iter()
        .filter(|it| it.kind == IndexKind::Unique);
    let mut keys = model
        .primary_key
        .iter()
        .map(|it| &it.fields)
        .chain(unique.map(|it| &it.fields));
    if keys.any(|it| it.iter().map(|it| it.field).eq(fields.iter().copied())) {
        return;
    }
    let names: Vec<_> = forward.columns().map(|it| &it.name[..]).collect();
    let message = format!(
        "`{}` is one-to-one, but its fields are not unique",
        forward.field.name
    );
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

fn check_many_to_many(rules: &Rules<'_, '_>, relation: &ManyToMany, findings: &mut Findings) {
    let sides = [
        Side::new(rules, relation.model_a, Some(relation.field_a)),
        Side::new(rules, relation.model_b, Some(relation.field_b)),
    ];
    let by_model = "write the join table as a model";
    let is_view = |it: &Side<'_>| it.model.kind == ModelKind::View;
    if sides.iter().flatten().any(is_view) {
        for side in sides.iter().flatten() {
            let message = format!(
                "`{}` joins a view, which has no key to join by",
                side.field.name
            );
            findings.push(side.finding(&MANY_TO_MANY, message));
        }
    }
    for side in sides.iter().flatten() {
        let other = &rules.schema[side.relation.model];
        let key = other.primary_key.as_ref().filter(|it| it.fields.len() == 1);
        match (key, &side.relation.references) {
            (None, _) => {
                let message = format!("`{}` has no `@id` of a single field", other.name);
                findings.push(side.finding(&MANY_TO_MANY, message).help(by_model));
            }
            (Some(key), Some(references)) if references[..] != [key.fields[0].field] => {
                let message = format!(
                    "`{}` can only reference the `@id` of `{}`",
                    side.field.name, other.name
                );
                findings.push(
                    side.finding(&MANY_TO_MANY, message)
                        .help("remove the `references`"),
                );
            }
            (Some(_), _) => {}
        }
    }
    for side in sides.iter().flatten() {
        let actions = side
            .relation
            .on_delete
            .iter()
            .chain(&side.relation.on_update);
        for span in actions.map(|it| it.span).collect::<Vec<Span>>() {
            let finding = Finding::new(
                &MANY_TO_MANY,
                "an implicit many-to-many relation has no actions",
            );
            findings.push(finding.at(span).help(by_model));
        }
        if side.relation.references.is_some() {
            let message = format!("`{}` cannot have `references`", side.field.name);
            findings.push(
                side.finding(&MANY_TO_MANY, message)
                    .help("remove the `references`"),
            );
        }
    }
}
