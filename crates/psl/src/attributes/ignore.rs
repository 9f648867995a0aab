//! `@ignore` and `@@ignore`: Prisma Client does not see a field or model. Prisma schema reference, *`@ignore`*.

use driftless_finding::{Code, Finding, Severity};

use super::given::Given;
use super::{Column, ModelScope};
use crate::findings::Findings;
use crate::schema::{FieldId, FieldKind, FieldType};

/// `@ignore` where everything is ignored already.
pub(crate) static NEEDLESS_IGNORE: Code = Code {
    name: "needless-ignore",
    severity: Severity::Error,
    summary: "`@ignore` on a field that is ignored without it",
    explanation: "Prisma Client does not see fields of type `Unsupported`, nor any field of a model with `@@ignore`.",
};

pub(super) fn on_column(
    scope: &mut ModelScope<'_, '_>,
    column: Column,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    let field = &mut scope.model.fields[column.id.0 as usize];
    let unsupported = match &field.kind {
        FieldKind::Scalar(it) => matches!(it.field_type, FieldType::Unsupported(_)),
        FieldKind::Relation(_) => false,
    };
    if unsupported && !column.composite {
        let finding = Finding::new(
            &NEEDLESS_IGNORE,
            "a field of type `Unsupported` is ignored already",
        );
        findings.push(
            finding
                .at(given.attribute.span)
                .help("remove the `@ignore`"),
        );
    } else {
        field.ignored = true;
    }
}

pub(super) fn on_relation_field(
    scope: &mut ModelScope<'_, '_>,
    field: FieldId,
    _: &mut Given<'_>,
    _: &mut Findings,
) {
    scope.model.fields[field.0 as usize].ignored = true;
}

pub(super) fn on_model(scope: &mut ModelScope<'_, '_>, _: &mut Given<'_>, findings: &mut Findings) {
    for field in &scope.model.fields {
        if field.ignored && field.as_scalar().is_some() {
            let message = format!("`{}` is ignored already, like the whole model", field.name);
            let finding = Finding::new(&NEEDLESS_IGNORE, message).at(field.span);
            findings.push(finding.help("remove the `@ignore`"));
        }
    }
    scope.model.ignored = true;
}
