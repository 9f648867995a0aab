//! `@map` and `@@map`: what the database calls a column, table, enum or label. Prisma schema reference, *`@map`*.

use driftless_finding::{Code, Finding, Severity};

use super::given::Given;
use super::{Column, ModelScope};
use crate::blocks::Meaning;
use crate::findings::Findings;
use crate::schema::{Enum, EnumValue, FieldId, FieldKind, Spanned};
use crate::values::string;

/// Two columns of a table with one name.
pub(crate) static DUPLICATE_COLUMN: Code = Code {
    name: "duplicate-column",
    severity: Severity::Error,
    summary: "two fields of a model are the same column of the database",
    explanation: "The column of a field is called as `@map` says, else as the field. No two columns of a table have \
        the same name. A field whose name is the column of another needs a `@map` of its own, and must be declared \
        above that other field: Prisma looks at the fields in order.",
};

/// `@map` on a relation field.
pub(crate) static MAP_ON_RELATION: Code = Code {
    name: "map-on-relation",
    severity: Severity::Error,
    summary: "`@map` on a relation field",
    explanation: "A relation field is no column and has no name in the database. The columns of the relation are in \
        its `fields`; the foreign key is named by `@relation(map: \"…\")`.",
};

pub(super) fn on_column<'a>(
    scope: &mut ModelScope<'_, 'a>,
    column: Column,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    let Some(name) = name(given, findings) else {
        return;
    };
    let fields = &mut scope.model.fields;
    if let FieldKind::Scalar(it) = &mut fields[column.id.0 as usize].kind {
        it.mapped_name = Some(Spanned::new(name.value.to_owned(), name.span));
    }
    let before = scope.mapped.insert(name.value, column.id);
    let same_name = scope
        .block
        .find(name.value)
        .and_then(|it| match it.meaning {
            Meaning::Column(id) | Meaning::Composite(id) if id != column.id => Some(id),
            Meaning::Column(_)
            | Meaning::Composite(_)
            | Meaning::Relation(_)
            | Meaning::Nothing => None,
        });
    // Prisma has not seen the `@map` of a field that is declared below, so it counts as called by its own name.
    let same_name = same_name.filter(|it| fields[it.0 as usize].database_name() == name.value);
    if let Some(other) = before.or(same_name) {
        let (field, other) = (&fields[column.id.0 as usize], &fields[other.0 as usize]);
        let message = format!(
            "`{}` and `{}` are both column `{}`",
            field.name, other.name, name.value
        );
        let finding = Finding::new(&DUPLICATE_COLUMN, message).at(name.span);
        findings.push(finding.label(other.name.span, "the other field"));
    }
}

pub(super) fn on_relation_field(
    _: &mut ModelScope<'_, '_>,
    _: FieldId,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    let finding = Finding::new(
        &MAP_ON_RELATION,
        "a relation field is no column and has no name to map",
    );
    findings.push(
        finding
            .at(given.attribute.span)
            .help("name the foreign key by `@relation(map: \"…\")`, or its columns by `@map` on the scalar fields"),
    );
    given.discard();
}

pub(super) fn on_model<'a>(
    scope: &mut ModelScope<'_, 'a>,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    scope.model.mapped_name = owned(name(given, findings));
}

pub(super) fn on_enum(it: &mut Enum, given: &mut Given<'_>, findings: &mut Findings) {
    it.mapped_name = owned(name(given, findings));
}

pub(super) fn on_value(it: &mut EnumValue, given: &mut Given<'_>, findings: &mut Findings) {
    it.mapped_name = owned(name(given, findings));
}

fn name<'a>(given: &mut Given<'a>, findings: &mut Findings) -> Option<Spanned<&'a str>> {
    string(given.take_default("name", findings)?, findings)
}

fn owned(name: Option<Spanned<&str>>) -> Option<Spanned<String>> {
    name.map(|it| Spanned::new(it.value.to_owned(), it.span))
}
