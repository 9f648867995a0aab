//! Relations as a whole. Prisma schema reference, *Relations*.

pub(crate) mod many_to_many;
pub(crate) mod one_to_one;

use driftless_finding::{Code, Finding, Severity};

use super::Rules;
use super::cycles::{self, Cycle};
use crate::findings::Findings;
use crate::relations::{Found, Inline};
use crate::schema::{
    Arity, Field, FieldId, Model, ModelId, ReferentialAction, RelationField, RelationMode, Spanned,
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

/// `SetNull` on a required column.
pub(crate) static SET_NULL_ON_REQUIRED: Code = Code {
    name: "set-null-on-required",
    severity: Severity::Warning,
    summary: "`SetNull` on a relation whose fields cannot be null",
    explanation: "PostgreSQL accepts the foreign key, and then refuses every delete or update that would set the column to null. \
        With `relationMode = \"prisma\"` this is an error.",
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
        Found::ManyToMany(it) => many_to_many::check(rules, it, findings),
        Found::Embedded(it) => many_to_many::refuse(rules, it, findings),
    }
}

/// A side of a relation.
#[derive(Clone, Copy)]
struct Side<'s> {
    rules: &'s Rules<'s, 's>,
    id: ModelId,
    model: &'s Model,
    field: &'s Field,
    relation: &'s RelationField,
}

impl<'s> Side<'s> {
    fn new(rules: &'s Rules<'s, 's>, id: ModelId, field: FieldId) -> Option<Self> {
        let model = &rules.schema[id];
        let field = &model[field];
        Some(Self {
            rules,
            id,
            model,
            field,
            relation: field.as_relation()?,
        })
    }

    /// The model that the field refers to.
    fn other(&self) -> &'s Model {
        &self.rules.schema[self.relation.model]
    }

    /// `Model.field`
    fn path(&self) -> String {
        format!("{}.{}", self.model.name, self.field.name)
    }

    fn has_fields(&self) -> bool {
        let fields = &self.relation.fields;
        fields.as_ref().is_some_and(|it| !it.is_empty())
    }

    fn has_references(&self) -> bool {
        let references = &self.relation.references;
        references.as_ref().is_some_and(|it| !it.is_empty())
    }

    fn actions(&self) -> impl Iterator<Item = Spanned<ReferentialAction>> + use<> {
        let relation = self.relation;
        relation.on_delete.into_iter().chain(relation.on_update)
    }

    /// The columns that `fields` lists.
    fn columns(&self) -> impl Iterator<Item = &'s Field> + use<'s> {
        let model = self.model;
        let fields = self.relation.fields.iter().flatten();
        fields.map(move |it| &model[*it])
    }

    fn finding(&self, code: &'static Code, message: String) -> Finding {
        Finding::new(code, message).at(self.field.name.span)
    }
}

fn check_inline(rules: &Rules<'_, '_>, number: usize, inline: &Inline, findings: &mut Findings) {
    let forward = inline
        .forward
        .and_then(|it| Side::new(rules, inline.model, it));
    let back = inline
        .back
        .and_then(|it| Side::new(rules, inline.referenced, it));
    if let Some(forward) = forward {
        references_are_key(forward, findings);
        lengths(forward, findings);
        arity(forward, findings);
        types(forward, findings);
        set_null(forward, findings);
    }
    let named = match forward {
        Some(forward) => match &forward.relation.mapped_name {
            Some(name) => name.span,
            None => forward.field.name.span,
        },
        None => rules.schema[inline.referenced].name.span,
    };
    let duplicate = rules.names.foreign_key(inline.model, number, named);
    duplicate.into_iter().for_each(|it| findings.push(it));
    match (forward, back) {
        (Some(forward), Some(back)) if inline.one_to_one => {
            one_to_one::check(forward, back, findings);
        }
        (Some(forward), Some(back)) => one_to_many(forward, back, findings),
        // A contract of Prisma 8 needs no field on the other side.
        (Some(_), None) if rules.schema.is_contract => {}
        (Some(one), None) | (None, Some(one)) => {
            let (name, other) = (&one.model.name, &one.other().name);
            let message = format!("`{}` has no counterpart on `{other}`", one.field.name);
            let finding = one.finding(&MISSING_OPPOSITE, message);
            let back = match (forward.is_some(), inline.one_to_one) {
                (true, true) => format!("a field of type `{name}?`"),
                (true, false) => format!("a field of type `{name}[]`"),
                (false, _) => format!("a field of type `{name}` with `@relation`"),
            };
            findings.push(finding.help(format!(
                "add {back} to `{other}`, or let the formatter add it"
            )));
            if let Some(forward) = forward.filter(|_| inline.one_to_one) {
                one_to_one::unique(forward, findings);
            }
        }
        (None, None) => {}
    }
}

fn references_are_key(forward: Side<'_>, findings: &mut Findings) {
    let (keys, referenced) = (&forward.rules.keys, forward.other());
    let references = forward.relation.references.as_ref();
    let Some(references) = references.filter(|it| !it.is_empty()) else {
        return;
    };
    if keys.is_key_in_any_order(forward.relation.model, references) {
        return;
    }
    let names: Vec<_> = references
        .iter()
        .map(|it| &referenced[*it].name[..])
        .collect();
    let listed = and(names.iter().map(quoted));
    let name = &referenced.name;
    let message = format!("{listed} of `{name}` is no key that can be referenced");
    let finding = forward.finding(&REFERENCES_NO_KEY, message);
    findings.push(match names[..] {
        [one] => finding.help(format!(
            "mark `{one}` with `@unique`, or reference another field"
        )),
        [..] => {
            let names = names.join(", ");
            finding.help(format!("add `@@unique([{names}])` to `{name}`"))
        }
    });
}

fn lengths(forward: Side<'_>, findings: &mut Findings) {
    let relation = forward.relation;
    let (Some(fields), Some(references)) = (&relation.fields, &relation.references) else {
        return;
    };
    if fields.len() != references.len() {
        let message = format!(
            "{} fields cannot reference {}",
            fields.len(),
            references.len()
        );
        let span = relation.attribute_span.unwrap_or(forward.field.span);
        findings.push(Finding::new(&RELATION_LENGTHS, message).at(span));
    }
}

fn arity(forward: Side<'_>, findings: &mut Findings) {
    let mut optional = forward.columns().filter(|it| it.arity == Arity::Optional);
    if forward.field.arity == Arity::Required
        && let Some(first) = optional.next()
    {
        let optional = std::iter::once(first).chain(optional);
        let names = and(optional.map(|it| quoted(&it.name.value)));
        let message = format!(
            "`{}` is required, but {names} may be missing",
            forward.field.name
        );
        let finding = forward.finding(&RELATION_ARITY, message);
        let help = "add a `?` to the type of the relation field, or remove the other";
        findings.push(finding.help(help));
    }
}

fn types(forward: Side<'_>, findings: &mut Findings) {
    let (keys, referenced) = (&forward.rules.keys, forward.other());
    let references = match &forward.relation.references {
        Some(references) => references,
        None => keys.first_strict(forward.relation.model),
    };
    for (field, reference) in forward.columns().zip(references) {
        let reference = &referenced[*reference];
        let (Some(one), Some(other)) = (field.as_scalar(), reference.as_scalar()) else {
            continue;
        };
        if one.field_type != other.field_type {
            let message = format!(
                "`{}` and `{}.{}`, which it references, have different types",
                field.name, referenced.name, reference.name
            );
            let finding = forward.finding(&RELATION_TYPES, message);
            let finding = finding.label(field.type_span, "this type");
            let finding = finding.label(reference.type_span, "and this one");
            findings.push(finding.help("give both the same type"));
        }
    }
}

fn set_null(forward: Side<'_>, findings: &mut Findings) {
    // Prisma asks whether all columns are optional. If there are none, they are not.
    let has_columns = forward.relation.fields.is_some();
    if has_columns && forward.columns().all(|it| it.arity != Arity::Required) {
        return;
    }
    let severity = match forward.rules.schema.relation_mode() {
        RelationMode::ForeignKeys => Severity::Warning,
        RelationMode::Prisma => Severity::Error,
    };
    let actions = [
        ("onDelete", forward.relation.on_delete),
        ("onUpdate", forward.relation.on_update),
    ];
    for (name, action) in actions {
        let is_set_null = |it: &Spanned<_>| it.value == ReferentialAction::SetNull;
        let Some(action) = action.filter(is_set_null) else {
            continue;
        };
        let message = format!("`{name}` sets to null what cannot be null");
        let finding = Finding::new(&SET_NULL_ON_REQUIRED, message).at(action.span);
        let help = "choose another action, or make the fields of the relation optional";
        findings.push(finding.severity(severity).help(help));
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
    let mut misplaced = |is_there: bool, what: &str| {
        if is_there {
            let message = format!("`{}` is the side without columns", back.field.name);
            let finding = back.finding(&MISPLACED_RELATION_FIELDS, message);
            let other = forward.path();
            findings.push(finding.help(format!("write {what} at `{other}`")));
        }
    };
    let has_any = back.has_fields() || back.has_references();
    misplaced(has_any, "`fields` and `references`");
    misplaced(back.actions().next().is_some(), "`onDelete` and `onUpdate`");
}
