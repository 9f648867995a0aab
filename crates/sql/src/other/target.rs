//! How statements name an object of a kind that has no type of its own.

use driftless_catalog::{ObjectKind, OtherId};
use driftless_sql_text::{quote_always, tokens};

/// What stands between `DROP`, `ALTER` or `COMMENT ON` and the rest; `None` for what no such statement can name.
///
/// The identity is what the server prints, quoted where needed.
pub(crate) fn target(id: &OtherId) -> Option<String> {
    let identity = &id.identity;
    let word = match id.kind {
        // Takes the arguments of ordered-set aggregates, too, without `ORDER BY`.
        ObjectKind::Aggregate => "ROUTINE",
        ObjectKind::CompositeType | ObjectKind::RangeType | ObjectKind::BaseType => "TYPE",
        ObjectKind::Rule => return Some(rule(identity)),
        ObjectKind::EventTrigger => "EVENT TRIGGER",
        ObjectKind::Collation => "COLLATION",
        ObjectKind::StatisticsObject => "STATISTICS",
        ObjectKind::ForeignTable => "FOREIGN TABLE",
        ObjectKind::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        ObjectKind::ForeignServer => "SERVER",
        ObjectKind::Publication => "PUBLICATION",
        ObjectKind::Subscription => "SUBSCRIPTION",
        ObjectKind::Cast => "CAST",
        ObjectKind::Conversion => "CONVERSION",
        ObjectKind::Operator => "OPERATOR",
        ObjectKind::OperatorClass => "OPERATOR CLASS",
        ObjectKind::OperatorFamily => "OPERATOR FAMILY",
        ObjectKind::AccessMethod => "ACCESS METHOD",
        ObjectKind::Language => "LANGUAGE",
        ObjectKind::Transform => return transform(identity),
        ObjectKind::TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        ObjectKind::TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        ObjectKind::TextSearchParser => "TEXT SEARCH PARSER",
        ObjectKind::TextSearchTemplate => "TEXT SEARCH TEMPLATE",
        ObjectKind::UserMapping
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
        | ObjectKind::DefaultPrivilege => return None,
    };
    Some(format!("{word} {identity}"))
}

/// What `GRANT … ON` calls it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a new kind is called what its target is called, which is matched in full"
)]
pub(crate) fn granted(id: &OtherId) -> Option<String> {
    match id.kind {
        ObjectKind::ForeignServer => Some(format!("FOREIGN SERVER {}", id.identity)),
        ObjectKind::ForeignTable => Some(format!("TABLE {}", id.identity)),
        _ if id.kind.grant_class().is_none() => None,
        _ => target(id),
    }
}

/// From `name on schema.relation`.
fn rule(identity: &str) -> String {
    let name = tokens(identity).next();
    let name = name.map_or("", |it| it.text(identity));
    let relation = identity[name.len()..].trim_start();
    let relation = relation.strip_prefix("on ").unwrap_or(relation);
    format!("RULE {name} ON {relation}")
}

/// From `for type on language name`, where the name has no quotes.
fn transform(identity: &str) -> Option<String> {
    let (ty, language) = identity
        .strip_prefix("for ")?
        .rsplit_once(" on language ")?;
    Some(format!(
        "TRANSFORM FOR {ty} LANGUAGE {}",
        quote_always(language)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: ObjectKind, identity: &str) -> Option<String> {
        target(&OtherId {
            kind,
            identity: identity.to_owned(),
        })
    }

    #[test]
    fn a_hostile_name_stays_a_name() {
        assert_eq!(
            named(ObjectKind::Rule, "\"a on \"\"b\" on public.\"x on y\"").unwrap(),
            "RULE \"a on \"\"b\" ON public.\"x on y\""
        );
        assert_eq!(
            named(ObjectKind::Transform, "for public.t on language pl\"x").unwrap(),
            "TRANSFORM FOR public.t LANGUAGE \"pl\"\"x\""
        );
    }
}
