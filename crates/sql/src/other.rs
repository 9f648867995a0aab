//! Kinds that have no type of their own in the catalog: one file for each.
//!
//! Their identities and attributes are SQL as the server prints it, and so is what is made of them.

mod access_method;
mod aggregate;
mod cast;
mod collation;
mod composite_type;
mod conversion;
mod cron_job;
mod event_trigger;
mod foreign_data_wrapper;
mod foreign_server;
mod foreign_table;
mod language;
mod operator;
mod operator_class;
mod operator_family;
mod options;
mod properties;
mod publication;
mod range_type;
mod rule;
mod security_label;
mod statistics_object;
mod storage_bucket;
mod subscription;
mod target;
mod text_search_configuration;
mod text_search_dictionary;
mod text_search_parser;
mod text_search_template;
mod transform;
mod user_mapping;

use driftless_catalog::{ObjectKind, Other};
use driftless_diff::Delta;

pub(crate) use target::{granted, target};

use crate::comment::by_hand;
use crate::script::Context;
use crate::{Label, Statement};

pub(crate) fn render(delta: &Delta<'_, Other>, context: &Context<'_>) -> (Label, Vec<Statement>) {
    let (create, alter, drop) = labels(delta.object().id.kind);
    match delta {
        Delta::Create(it) => (create, made(it, context)),
        Delta::Alter { from, to } => (alter, altered(from, to, context)),
        Delta::Drop(it) => (drop, dropped(it)),
    }
}

/// What steps that make, alter and drop one of the kind are called.
fn labels(kind: ObjectKind) -> (Label, Label, Label) {
    use Label as L;
    match kind {
        ObjectKind::Aggregate => (L::CreateAggregate, L::AlterAggregate, L::DropAggregate),
        ObjectKind::CompositeType => (L::CreateType, L::AlterType, L::DropType),
        ObjectKind::RangeType => (L::CreateType, L::AlterType, L::DropType),
        ObjectKind::BaseType => (L::CreateType, L::AlterType, L::DropType),
        ObjectKind::Rule => (L::CreateRule, L::AlterRule, L::DropRule),
        ObjectKind::EventTrigger => (
            L::CreateEventTrigger,
            L::AlterEventTrigger,
            L::DropEventTrigger,
        ),
        ObjectKind::Collation => (L::CreateCollation, L::AlterCollation, L::DropCollation),
        ObjectKind::StatisticsObject => {
            (L::CreateStatistics, L::AlterStatistics, L::DropStatistics)
        }
        ObjectKind::ForeignTable => (
            L::CreateForeignTable,
            L::AlterForeignTable,
            L::DropForeignTable,
        ),
        ObjectKind::ForeignDataWrapper => (
            L::CreateForeignDataWrapper,
            L::AlterForeignDataWrapper,
            L::DropForeignDataWrapper,
        ),
        ObjectKind::ForeignServer => (L::CreateServer, L::AlterServer, L::DropServer),
        ObjectKind::UserMapping => (
            L::CreateUserMapping,
            L::AlterUserMapping,
            L::DropUserMapping,
        ),
        ObjectKind::Publication => (
            L::CreatePublication,
            L::AlterPublication,
            L::DropPublication,
        ),
        ObjectKind::Subscription => (
            L::CreateSubscription,
            L::AlterSubscription,
            L::DropSubscription,
        ),
        ObjectKind::Cast => (L::CreateCast, L::AlterCast, L::DropCast),
        ObjectKind::Conversion => (L::CreateConversion, L::AlterConversion, L::DropConversion),
        ObjectKind::Operator => (L::CreateOperator, L::AlterOperator, L::DropOperator),
        ObjectKind::OperatorClass => (
            L::CreateOperatorClass,
            L::AlterOperatorClass,
            L::DropOperatorClass,
        ),
        ObjectKind::OperatorFamily => (
            L::CreateOperatorFamily,
            L::AlterOperatorFamily,
            L::DropOperatorFamily,
        ),
        ObjectKind::AccessMethod => (
            L::CreateAccessMethod,
            L::AlterAccessMethod,
            L::DropAccessMethod,
        ),
        ObjectKind::Language => (L::CreateLanguage, L::AlterLanguage, L::DropLanguage),
        ObjectKind::Transform => (L::CreateTransform, L::AlterTransform, L::DropTransform),
        ObjectKind::TextSearchConfiguration => (
            L::CreateTextSearchConfiguration,
            L::AlterTextSearchConfiguration,
            L::DropTextSearchConfiguration,
        ),
        ObjectKind::TextSearchDictionary => (
            L::CreateTextSearchDictionary,
            L::AlterTextSearchDictionary,
            L::DropTextSearchDictionary,
        ),
        ObjectKind::TextSearchParser => (
            L::CreateTextSearchParser,
            L::AlterTextSearchParser,
            L::DropTextSearchParser,
        ),
        ObjectKind::TextSearchTemplate => (
            L::CreateTextSearchTemplate,
            L::AlterTextSearchTemplate,
            L::DropTextSearchTemplate,
        ),
        ObjectKind::SecurityLabel => (L::SecurityLabel, L::SecurityLabel, L::SecurityLabel),
        ObjectKind::StorageBucket => (L::CreateBucket, L::AlterBucket, L::DropBucket),
        ObjectKind::CronJob => (L::CreateCronJob, L::AlterCronJob, L::DropCronJob),
        ObjectKind::Schema
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
        | ObjectKind::DefaultPrivilege => (L::Unmodelled, L::Unmodelled, L::Unmodelled),
    }
}

fn made(it: &Other, context: &Context<'_>) -> Vec<Statement> {
    match it.id.kind {
        ObjectKind::Aggregate => aggregate::create(it),
        ObjectKind::CompositeType => composite_type::create(it),
        ObjectKind::RangeType => range_type::create(it),
        ObjectKind::Rule => rule::create(it),
        ObjectKind::EventTrigger => event_trigger::create(it),
        ObjectKind::Collation => collation::create(it),
        ObjectKind::StatisticsObject => statistics_object::create(it),
        ObjectKind::ForeignTable => foreign_table::create(it),
        ObjectKind::ForeignDataWrapper => foreign_data_wrapper::create(it),
        ObjectKind::ForeignServer => foreign_server::create(it),
        ObjectKind::UserMapping => user_mapping::create(it),
        ObjectKind::Publication => publication::create(it, context),
        ObjectKind::Subscription => subscription::create(it),
        ObjectKind::Cast => cast::create(it),
        ObjectKind::Conversion => conversion::create(it),
        ObjectKind::Operator => operator::create(it),
        ObjectKind::OperatorClass => operator_class::create(it),
        ObjectKind::OperatorFamily => operator_family::create(it),
        ObjectKind::AccessMethod => access_method::create(it),
        ObjectKind::Language => language::create(it),
        ObjectKind::Transform => transform::create(it),
        ObjectKind::TextSearchConfiguration => text_search_configuration::create(it),
        ObjectKind::TextSearchDictionary => text_search_dictionary::create(it),
        ObjectKind::TextSearchParser => text_search_parser::create(it),
        ObjectKind::TextSearchTemplate => text_search_template::create(it),
        ObjectKind::SecurityLabel => security_label::set(it),
        ObjectKind::StorageBucket => storage_bucket::create(it),
        ObjectKind::CronJob => cron_job::create(it),
        ObjectKind::BaseType
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
        | ObjectKind::DefaultPrivilege => {
            let what = format!(
                "{} {} is missing and has to be made by hand",
                it.id.kind, it.id
            );
            vec![note(it, what)]
        }
    }
}

fn altered(from: &Other, to: &Other, context: &Context<'_>) -> Vec<Statement> {
    match to.id.kind {
        ObjectKind::Aggregate => aggregate::alter(to),
        ObjectKind::CompositeType => composite_type::alter(from, to, context),
        ObjectKind::Rule => rule::alter(from, to),
        ObjectKind::EventTrigger => event_trigger::alter(to),
        ObjectKind::StatisticsObject => statistics_object::alter(to),
        ObjectKind::ForeignTable => foreign_table::alter(from, to),
        ObjectKind::ForeignDataWrapper => foreign_data_wrapper::alter(from, to),
        ObjectKind::ForeignServer => foreign_server::alter(from, to),
        ObjectKind::UserMapping => user_mapping::alter(from, to),
        ObjectKind::RangeType => range_type::alter(to, context),
        ObjectKind::Publication => publication::alter(from, to, context),
        ObjectKind::Subscription => subscription::alter(from, to),
        ObjectKind::Operator => operator::alter(from, to),
        ObjectKind::OperatorFamily => operator_family::alter(from, to),
        ObjectKind::Language => language::alter(to),
        ObjectKind::Transform => transform::alter(to),
        ObjectKind::TextSearchConfiguration => text_search_configuration::alter(from, to),
        ObjectKind::TextSearchDictionary => text_search_dictionary::alter(from, to),
        ObjectKind::SecurityLabel => security_label::set(to),
        ObjectKind::StorageBucket => storage_bucket::alter(from, to),
        ObjectKind::CronJob => cron_job::alter(from, to),
        // A plan drops these and makes them again; a base type is in use.
        ObjectKind::AccessMethod
        | ObjectKind::Cast
        | ObjectKind::Collation
        | ObjectKind::Conversion
        | ObjectKind::OperatorClass
        | ObjectKind::TextSearchParser
        | ObjectKind::TextSearchTemplate
        | ObjectKind::BaseType
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
        | ObjectKind::DefaultPrivilege => {
            let what = format!(
                "{} {} differs and has to be altered by hand",
                to.id.kind, to.id
            );
            vec![note(to, what)]
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a new kind is dropped by its target, which is matched in full"
)]
fn dropped(it: &Other) -> Vec<Statement> {
    match it.id.kind {
        ObjectKind::UserMapping => user_mapping::drop(it),
        ObjectKind::Subscription => subscription::drop(it),
        ObjectKind::SecurityLabel => security_label::drop(it),
        ObjectKind::StorageBucket => storage_bucket::drop(it),
        ObjectKind::CronJob => cron_job::drop(it),
        // Its functions need it as much as it needs them.
        ObjectKind::BaseType => {
            let what = format!(
                "base type {} should not be there and has to be dropped by hand",
                it.id
            );
            vec![note(it, what)]
        }
        _ => {
            let target = target(&it.id).unwrap_or_default();
            vec![Statement::new(format!("DROP {target}"))]
        }
    }
}

/// What is left to a person, with all that is known.
fn note(it: &Other, mut what: String) -> Statement {
    for (name, value) in &it.attributes {
        what.push_str(&format!("\n  {name}: {value}"));
    }
    by_hand(what)
}
