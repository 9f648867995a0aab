//! What a script would change of what the platform makes.

use std::collections::BTreeSet;

use driftless_catalog::{Ident, ObjectId, ObjectKind};
use driftless_finding::{Code, Finding, Severity};
use driftless_sql::Step;

use super::hazards::Declarations;

/// The codes of these findings.
pub(crate) const CODES: &[&Code] = &[&PLATFORM_CHANGED];

static PLATFORM_CHANGED: Code = Code {
    name: "platform-changed",
    severity: Severity::Warning,
    summary: "the script changes something in a schema that the platform makes",
    explanation: "A Prisma schema may have models of tables that the platform makes, such as `auth.users`. Migrations run as a role \
that may not change these, so the script will be refused there; and where it is not, the platform's own services may no longer \
find what they need. A table without a model is dropped as soon as the datasource lists its schema.\n\n\
Make the model what the table is: `db-introspect actual --as prisma --schemas auth` writes it. A schema that is the project's own \
and only called like one of the platform's is taken out of `managed_schemas` in `driftless.toml`. Policies and triggers on the \
platform's tables are the project's, and no finding.",
};

/// A finding for each object in one of `schemas` that `steps` make, change or drop, in their order.
pub(super) fn findings(
    steps: &[Step],
    schemas: &[Ident],
    declarations: &Declarations,
) -> Vec<Finding> {
    let mut told = BTreeSet::new();
    let changed = steps.iter().filter_map(|it| whole(&it.object));
    let managed = changed.filter(|it| schema(it).is_some_and(|it| schemas.contains(it)));
    let first = managed.filter(|it| told.insert(it.clone()));
    first.map(|it| finding(&it, declarations)).collect()
}

fn finding(object: &ObjectId, declarations: &Declarations) -> Finding {
    let message = format!("the script changes {object}, and its schema is the platform's");
    let declaration = declarations.get(object);
    let help = match declaration {
        Some(_) => "make the model what the table is",
        None => "write a model of it, or leave its schema out of the datasource's `schemas`",
    };
    Finding::new(&PLATFORM_CHANGED, message)
        .object(object.to_string())
        .at_maybe(declaration.map(|it| it.span))
        .note("a migration may not do so")
        .help(format!(
            "{help}; if it is yours, take the schema out of `managed_schemas`"
        ))
}

/// The object, or the one that it is a part of. `None` for parts that a project may put on what is not its own.
fn whole(object: &ObjectId) -> Option<ObjectId> {
    if matches!(object.kind(), ObjectKind::Policy | ObjectKind::Trigger) {
        return None;
    }
    let table = object.parent().cloned().map(ObjectId::Table);
    Some(table.unwrap_or_else(|| object.clone()))
}

/// The schema that an object is in, or is.
fn schema(object: &ObjectId) -> Option<&Ident> {
    if let ObjectId::Schema(it) = object {
        return Some(it);
    }
    object.schema()
}
