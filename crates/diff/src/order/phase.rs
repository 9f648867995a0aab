//! Where a kind of change stands when nothing forces another order.

use driftless_catalog::{ConstraintKind, ObjectKind};

use crate::change::Direction;
use crate::{Change, Delta};

/// Where a kind of change stands when nothing forces another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    CreateSchema,
    ReplaceExtension,
    CreateExtension,
    DropDependant,
    DetachPartition,
    CreateType,
    AlterType,
    DropForeignKey,
    DropIndex,
    CreateSequence,
    AlterTable,
    DropTable,
    DropRoutine,
    DropType,
    DropExtension,
    DropSchema,
    CreateFunction,
    CreateTable,
    MoveRows,
    SequenceOwner,
    CreateIndex,
    AttachPartition,
    AttachIndex,
    RenameForeignKey,
    AddForeignKey,
    RenameIndex,
    CreateView,
    CreateTrigger,
    // Policies are created before row security is enabled, and dropped after it is disabled: in between,
    // a table with row security and no policy would deny its readers every row.
    DisableRowSecurity,
    Policy,
    EnableRowSecurity,
    Other,
    Owner,
    Grants,
    DefaultPrivilege,
    Comment,
}

pub(super) fn phase(change: &Change<'_>) -> Phase {
    use Direction::{Alter, Create, Drop};
    let by = |create, drop, alter| match change.direction() {
        Create => create,
        Drop => drop,
        Alter => alter,
    };
    match change {
        Change::Schema(_) => by(Phase::CreateSchema, Phase::DropSchema, Phase::CreateSchema),
        Change::Extension(_) => by(
            Phase::CreateExtension,
            Phase::DropExtension,
            Phase::CreateExtension,
        ),
        Change::Enum(_) | Change::Domain(_) => {
            by(Phase::CreateType, Phase::DropType, Phase::AlterType)
        }
        Change::Sequence(_) => by(
            Phase::CreateSequence,
            Phase::DropRoutine,
            Phase::CreateSequence,
        ),
        Change::SequenceOwner { .. } => Phase::SequenceOwner,
        Change::Table(_) => by(Phase::CreateTable, Phase::DropTable, Phase::AlterTable),
        Change::Partition { to: None, .. } => Phase::DetachPartition,
        Change::Partition { to: Some(_), .. } => Phase::AttachPartition,
        Change::DomainConstraint { .. } => by(
            Phase::AddForeignKey,
            Phase::DropDependant,
            Phase::AddForeignKey,
        ),
        Change::Default { .. } => by(Phase::CreateIndex, Phase::DropDependant, Phase::CreateIndex),
        Change::Column { .. } => Phase::AlterTable,
        Change::Rows { .. } => Phase::MoveRows,
        Change::Constraint { delta, .. } => constraint_phase(delta),
        Change::Index { .. } => by(Phase::CreateIndex, Phase::DropIndex, Phase::RenameIndex),
        Change::AttachIndex { .. } => Phase::AttachIndex,
        Change::Trigger { .. } => by(
            Phase::CreateTrigger,
            Phase::DropDependant,
            Phase::CreateTrigger,
        ),
        Change::RowSecurity { to, .. } => match to.enabled {
            true => Phase::EnableRowSecurity,
            false => Phase::DisableRowSecurity,
        },
        Change::Policy { .. } => by(Phase::Policy, Phase::DropDependant, Phase::Policy),
        Change::View(_) | Change::MaterializedView(_) => {
            by(Phase::CreateView, Phase::DropDependant, Phase::CreateView)
        }
        Change::Function(_) => by(
            Phase::CreateFunction,
            Phase::DropRoutine,
            Phase::CreateFunction,
        ),
        Change::DefaultPrivilege(_) => Phase::DefaultPrivilege,
        Change::Other(it) => {
            let (create, drop, alter) = other_phases(it.object().id.kind);
            by(create, drop, alter)
        }
        Change::Owner { .. } => Phase::Owner,
        Change::Grants { .. } => Phase::Grants,
        Change::Comment { .. } => Phase::Comment,
    }
}

/// When one of a kind without a type of its own is made, dropped and altered.
fn other_phases(kind: ObjectKind) -> (Phase, Phase, Phase) {
    let early = (Phase::CreateType, Phase::DropType, Phase::AlterType);
    let routine = (
        Phase::CreateFunction,
        Phase::DropRoutine,
        Phase::CreateFunction,
    );
    let table = (Phase::CreateTable, Phase::DropTable, Phase::AlterTable);
    let late = (Phase::Other, Phase::DropDependant, Phase::Other);
    match kind {
        ObjectKind::CompositeType
        | ObjectKind::RangeType
        | ObjectKind::BaseType
        | ObjectKind::Collation
        | ObjectKind::AccessMethod
        | ObjectKind::Language
        | ObjectKind::TextSearchConfiguration
        | ObjectKind::TextSearchDictionary
        | ObjectKind::TextSearchParser
        | ObjectKind::TextSearchTemplate
        | ObjectKind::ForeignDataWrapper
        | ObjectKind::ForeignServer
        | ObjectKind::UserMapping => early,
        ObjectKind::Aggregate
        | ObjectKind::Cast
        | ObjectKind::Conversion
        | ObjectKind::Operator
        | ObjectKind::OperatorClass
        | ObjectKind::OperatorFamily
        | ObjectKind::Transform => routine,
        ObjectKind::ForeignTable => table,
        ObjectKind::Rule
        | ObjectKind::EventTrigger
        | ObjectKind::StatisticsObject
        | ObjectKind::Publication
        | ObjectKind::Subscription
        | ObjectKind::SecurityLabel
        | ObjectKind::StorageBucket
        | ObjectKind::CronJob
        | ObjectKind::Schema
        | ObjectKind::Extension
        | ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::DomainConstraint
        | ObjectKind::Sequence
        | ObjectKind::Table
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Trigger
        | ObjectKind::Policy
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Function
        | ObjectKind::DefaultPrivilege => late,
    }
}

fn constraint_phase(delta: &Delta<'_, driftless_catalog::Constraint>) -> Phase {
    let foreign = matches!(delta.object().kind, ConstraintKind::ForeignKey(_));
    match (foreign, delta) {
        (true, Delta::Create(_)) => Phase::AddForeignKey,
        (true, Delta::Drop(_)) => Phase::DropForeignKey,
        (true, Delta::Alter { .. }) => Phase::RenameForeignKey,
        (false, _) => Phase::AlterTable,
    }
}
