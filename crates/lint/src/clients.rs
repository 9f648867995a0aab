//! What stops working for those who use a database, from one state to the next.

use driftless_catalog::{
    Catalog, Column, ConstraintKind, Ident, IdentityKind, ObjectId, QualifiedName,
};
use driftless_diff::{Change, Delta};

use crate::hazard::{HazardCode, PlanHazard, StateHazard};

/// Which of `changes`, all differences to the state `from`, take something away from the API of the schemas
/// `exposed`, and which have writes refused that worked.
pub(crate) fn broken(
    changes: &[Change<'_>],
    from: &Catalog,
    exposed: &[Ident],
) -> Vec<StateHazard> {
    let mut found = Vec::new();
    for change in changes {
        let object = change.object();
        let mut push = |hazard| {
            found.push(StateHazard {
                object: object.clone(),
                hazard,
            });
        };
        if let Some((schema, message)) = lost(change)
            && exposed.contains(&schema)
        {
            push(PlanHazard::certain(HazardCode::ApiShapeBreak, message));
        }
        if let Some(hazard) = refused(change, from) {
            push(hazard);
        }
    }
    found
}

/// What an API that is made from the schema loses, and in which schema.
fn lost(change: &Change<'_>) -> Option<(Ident, String)> {
    let gone = |name: &QualifiedName, kind| (name.schema.clone(), format!("{kind} {name} is gone"));
    match change {
        Change::Table(Delta::Drop(it)) => Some(gone(&it.name, "table")),
        Change::View(Delta::Drop(it)) => Some(gone(&it.name, "view")),
        Change::MaterializedView(Delta::Drop(it)) => Some(gone(&it.name, "materialized view")),
        Change::Function(Delta::Drop(it)) => {
            let schema = it.id.name.schema.clone();
            Some((schema, format!("function {} is gone", it.id)))
        }
        Change::Function(Delta::Alter { from, to }) if from.returns != to.returns => {
            let schema = to.id.name.schema.clone();
            Some((schema, format!("function {} returns something else", to.id)))
        }
        Change::Column { table, delta } => {
            let message = match delta {
                Delta::Create(_) => return None,
                Delta::Drop(it) => format!("column {table}.{} is gone", it.name),
                Delta::Alter { from, to } if from.data_type != to.data_type => format!(
                    "column {table}.{} is {} instead of {}",
                    to.name, to.data_type, from.data_type
                ),
                Delta::Alter { .. } => return None,
            };
            Some((table.schema.clone(), message))
        }
        Change::View(Delta::Alter { from, to }) => {
            let missing = from.columns.iter().find(|it| {
                let kept = to.columns.iter().find(|after| after.name == it.name);
                kept.is_none_or(|after| after.data_type != it.data_type)
            })?;
            let message = format!("column {}.{} is gone or another", to.name, missing.name);
            Some((to.name.schema.clone(), message))
        }
        Change::Schema(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Domain(_)
        | Change::DomainConstraint { .. }
        | Change::Default { .. }
        | Change::Rows { .. }
        | Change::Sequence(_)
        | Change::SequenceOwner { .. }
        | Change::Table(_)
        | Change::Partition { .. }
        | Change::AttachIndex { .. }
        | Change::View(_)
        | Change::Constraint { .. }
        | Change::Index { .. }
        | Change::Trigger { .. }
        | Change::RowSecurity { .. }
        | Change::Policy { .. }
        | Change::MaterializedView(_)
        | Change::Function(_)
        | Change::DefaultPrivilege(_)
        | Change::Other(_)
        | Change::Owner { .. }
        | Change::Comment { .. }
        | Change::Grants { .. } => None,
    }
}

/// Writes that worked and are refused from now on.
fn refused(change: &Change<'_>, before: &Catalog) -> Option<PlanHazard> {
    const CODE: HazardCode = HazardCode::ClientBreak;
    match change {
        Change::Column { table, delta } => {
            let message = match delta {
                Delta::Create(it) if needs_value(it) => {
                    format!("rows of {table} need a value for {}", it.name)
                }
                Delta::Alter { from, to } if needs_value(to) && !needs_value(from) => {
                    format!("rows of {table} need a value for {}", to.name)
                }
                Delta::Alter { from, to } if to.not_null && !from.not_null => {
                    format!("column {table}.{} takes no NULL", to.name)
                }
                Delta::Alter { from, to } if is_computed(to) && !is_computed(from) => {
                    format!("column {table}.{} takes no value", to.name)
                }
                Delta::Create(_) | Delta::Drop(_) | Delta::Alter { .. } => return None,
            };
            Some(PlanHazard::certain(CODE, message))
        }
        Change::Constraint {
            table,
            delta: Delta::Create(it),
        } if before.tables.contains(*table) => {
            let what = match it.kind {
                ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) => "that are alike under",
                ConstraintKind::ForeignKey(_)
                | ConstraintKind::Check { .. }
                | ConstraintKind::Exclusion { .. }
                | ConstraintKind::NotNull { .. } => "that do not obey",
            };
            let message = format!("rows of {table} {what} {} are refused", it.name);
            Some(PlanHazard::possible(CODE, message))
        }
        Change::Index {
            relation,
            delta: Delta::Create(it),
        } if it.unique && before.tables.contains(*relation) => {
            let message = format!(
                "rows of {relation} that are alike under {} are refused",
                it.name
            );
            Some(PlanHazard::possible(CODE, message))
        }
        Change::Enum(Delta::Alter { from, to }) => {
            let gone: Vec<&str> = from
                .labels
                .iter()
                .filter(|it| !to.labels.contains(it))
                .map(|it| it.as_str())
                .collect();
            let message = format!("{} has no {} any more", to.name, gone.join(", "));
            (!gone.is_empty()).then(|| PlanHazard::certain(CODE, message))
        }
        Change::DomainConstraint {
            domain,
            delta: Delta::Create(it),
        } => {
            let name = &it.name;
            let message = format!("values of {domain} that do not obey {name} are refused");
            Some(PlanHazard::possible(CODE, message))
        }
        Change::Constraint { .. }
        | Change::Index { .. }
        | Change::Enum(_)
        | Change::Schema(_)
        | Change::Extension(_)
        | Change::Domain(_)
        | Change::DomainConstraint { .. }
        | Change::Default { .. }
        | Change::Rows { .. }
        | Change::Sequence(_)
        | Change::SequenceOwner { .. }
        | Change::Table(_)
        | Change::Partition { .. }
        | Change::AttachIndex { .. }
        | Change::Trigger { .. }
        | Change::RowSecurity { .. }
        | Change::Policy { .. }
        | Change::View(_)
        | Change::MaterializedView(_)
        | Change::Function(_)
        | Change::DefaultPrivilege(_)
        | Change::Other(_)
        | Change::Owner { .. }
        | Change::Comment { .. }
        | Change::Grants { .. } => None,
    }
}

fn needs_value(it: &Column) -> bool {
    it.not_null
        && it.default.is_none()
        && it.serial.is_none()
        && it.identity.is_none()
        && it.generated.is_none()
}

fn is_computed(it: &Column) -> bool {
    let always = it.identity.as_ref();
    it.generated.is_some() || always.is_some_and(|it| it.kind == IdentityKind::Always)
}

/// The object that a hazard is told with, if none of its own is changed: the table of a policy, say.
pub(crate) fn parent(object: &ObjectId) -> Option<ObjectId> {
    object.parent().cloned().map(ObjectId::Table)
}
