use driftless_finding::{Code, Severity, Span};

use crate::raise::{BEYOND_PRISMA, ROW_SECURITY_OFF};

/// Where a schema declares an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaration {
    /// The name of the model, field or enum; the attribute of a key, index, relation or policy.
    pub span: Span,
    /// The type of a field.
    pub data_type: Option<Span>,
    /// The `@default` of a field.
    pub default: Option<Span>,
    /// The `@@rls` of a model.
    pub row_security: Option<Span>,
    /// The roles of a policy.
    pub roles: Option<Span>,
    /// The string in which a policy's `using` stands, and that of its `check`.
    pub expressions: [Option<Span>; 2],
}

impl Declaration {
    pub(crate) fn at(span: Span) -> Self {
        Self {
            span,
            data_type: None,
            default: None,
            row_security: None,
            roles: None,
            expressions: [None, None],
        }
    }
}

/// The codes of this crate's findings.
pub const CODES: &[&Code] = &[&NAME_TOO_LONG, &BEYOND_PRISMA, &ROW_SECURITY_OFF];

pub(crate) static NAME_TOO_LONG: Code = Code {
    name: "name-too-long",
    severity: Severity::Warning,
    summary: "a name has more than the 63 bytes that PostgreSQL keeps",
    explanation: "PostgreSQL cuts names to 63 bytes with a mere notice. Prisma writes the name of a model's table \
uncut, then finds a table with another, shorter name in the database, and wants to drop and create it on every diff. \
Driftless writes the name as the server keeps it.\n\n\
Give the model a shorter name in the database with `@@map(\"…\")`, or the field with `@map(\"…\")`.",
};
