//! `@updatedAt`: Prisma Client sets the time of every write. Prisma schema reference, *`@updatedAt`*.

use driftless_finding::{Code, Finding, Severity};

use super::given::Given;
use super::{Column, ModelScope};
use crate::findings::Findings;
use crate::schema::{Arity, FieldKind, FieldType, ScalarType};

/// `@updatedAt` on something that is no time.
pub(crate) static UPDATED_AT_TYPE: Code = Code {
    name: "updated-at-type",
    severity: Severity::Error,
    summary: "`@updatedAt` on a field that is no single `DateTime`",
    explanation: "The time of the last write is one `DateTime`, required or optional.",
};

pub(super) fn on_column(
    scope: &mut ModelScope<'_, '_>,
    column: Column,
    given: &mut Given<'_>,
    findings: &mut Findings,
) {
    let field = &mut scope.model.fields[column.id.0 as usize];
    let FieldKind::Scalar(scalar) = &mut field.kind else {
        return;
    };
    scalar.updated_at = true;
    if scalar.field_type != FieldType::Scalar(ScalarType::DateTime) || field.arity == Arity::List {
        let message = format!(
            "`@updatedAt` needs a single `DateTime`, which `{}` is not",
            field.name
        );
        let finding = Finding::new(&UPDATED_AT_TYPE, message).at(given.attribute.span);
        findings.push(finding.help("write `DateTime` or `DateTime?`, or remove the `@updatedAt`"));
    }
}
