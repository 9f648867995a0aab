//! Kinds that have no type of their own in the catalog, and rows that are schema in spirit.

use std::collections::BTreeMap;

use driftless_catalog::{Collection, Common, GrantClass, ObjectId, ObjectKind, Other, OtherId};
use serde_json::Value;
use tokio_postgres::{Client, Row};

use crate::IntrospectError;
use crate::acl;
use crate::fields::{Fields, unknown};
use crate::names::Names;
use crate::query::{Answers, CRON_JOB, STORAGE_BUCKET};
use crate::read::{Unread, rows};

pub(crate) fn read(
    answers: &Answers,
    names: &mut Names,
) -> Result<Collection<Other>, IntrospectError> {
    let mut found = Collection::default();
    for row in &answers.others {
        let mut it = Fields::new("other", row);
        let (kind, default) = kind(it.next()?)?;
        let identity = it.next()?;
        let owner: u32 = it.next()?;
        let acl: Option<Vec<String>> = it.next()?;
        let attributes = attributes(it.next()?)?;
        let (class, oid) = (it.next()?, it.next()?);
        if names.is_member(class, oid) || belongs_to_platform(kind, &attributes, names) {
            continue;
        }
        let owner = (owner != 0).then(|| names.role(owner)).transpose()?;
        let grants = default
            .map(|default| acl::grants(acl, default, owner.as_ref(), names.major))
            .transpose()?;
        let id = OtherId { kind, identity };
        names
            .objects
            .insert((class, oid), ObjectId::Other(id.clone()));
        found.insert(Other {
            id,
            attributes,
            common: Common {
                owner,
                comment: None,
                grants,
            },
        });
    }
    for row in &answers.security_labels {
        let mut it = Fields::new("security_label", row);
        let (kind, schema): (&str, Option<&str>) = (it.next()?, it.next()?);
        let (name, provider): (&str, &str) = (it.next()?, it.next()?);
        if schema.is_some_and(|it| names.is_managed_text(it)) {
            continue;
        }
        let label: &str = it.next()?;
        found.insert(Other {
            id: OtherId {
                kind: ObjectKind::SecurityLabel,
                identity: format!("{provider} on {kind} {name}"),
            },
            attributes: BTreeMap::from([("label".to_owned(), label.to_owned())]),
            common: Common::default(),
        });
    }
    Ok(found)
}

/// Event triggers whose functions are in managed schemas come with the platform.
fn belongs_to_platform(
    kind: ObjectKind,
    attributes: &BTreeMap<String, String>,
    names: &Names,
) -> bool {
    kind == ObjectKind::EventTrigger
        && attributes
            .get("function_schema")
            .is_some_and(|it| names.is_managed_text(it))
}

/// Reads storage buckets and cron jobs, where their tables are there, and says what it may not read.
pub(crate) async fn data_shaped(
    client: &Client,
    tables: &[Row],
) -> Result<(Vec<Other>, Vec<Unread>), IntrospectError> {
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for row in tables {
        let mut it = Fields::new("data_table", row);
        let (table, readable): (&str, bool) = (it.next()?, it.next()?);
        let (kind, query, sql) = match table {
            "storage.buckets" => (ObjectKind::StorageBucket, "storage_bucket", STORAGE_BUCKET),
            _ => (ObjectKind::CronJob, "cron_job", CRON_JOB),
        };
        if !readable {
            let reason = format!("the role may not read all rows of {table}");
            unread.push(Unread { kind, reason });
            continue;
        }
        for row in rows(client, query, sql).await? {
            let mut it = Fields::new(query, &row);
            let (identity, values): (String, Value) = (it.next()?, it.next()?);
            found.push(Other {
                id: OtherId { kind, identity },
                attributes: flatten(values),
                common: Common::default(),
            });
        }
    }
    Ok((found, unread))
}

fn attributes(text: &str) -> Result<BTreeMap<String, String>, IntrospectError> {
    let value = serde_json::from_str(text).map_err(|_| IntrospectError::Malformed {
        what: "the attributes of an object",
        text: text.to_owned(),
    })?;
    Ok(flatten(value))
}

/// The fields of a JSON object as text; those that are null are left out.
fn flatten(value: Value) -> BTreeMap<String, String> {
    let Value::Object(fields) = value else {
        return BTreeMap::new();
    };
    fields
        .into_iter()
        .filter_map(|(name, value)| match value {
            Value::Null => None,
            Value::String(text) => Some((name, text)),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                Some((name, value.to_string()))
            }
        })
        .collect()
}

/// The kinds that the query names, with what they grant as long as nobody has changed it.
const KINDS: [(ObjectKind, Option<GrantClass>); 26] = [
    (ObjectKind::AccessMethod, None),
    (ObjectKind::Aggregate, Some(GrantClass::Function)),
    (ObjectKind::BaseType, Some(GrantClass::Type)),
    (ObjectKind::Cast, None),
    (ObjectKind::Collation, None),
    (ObjectKind::CompositeType, Some(GrantClass::Type)),
    (ObjectKind::Conversion, None),
    (ObjectKind::EventTrigger, None),
    (ObjectKind::ForeignDataWrapper, Some(GrantClass::Foreign)),
    (ObjectKind::ForeignServer, Some(GrantClass::Foreign)),
    (ObjectKind::ForeignTable, Some(GrantClass::Relation)),
    (ObjectKind::Language, Some(GrantClass::Language)),
    (ObjectKind::Operator, None),
    (ObjectKind::OperatorClass, None),
    (ObjectKind::OperatorFamily, None),
    (ObjectKind::Publication, None),
    (ObjectKind::RangeType, Some(GrantClass::Type)),
    (ObjectKind::Rule, None),
    (ObjectKind::StatisticsObject, None),
    (ObjectKind::Subscription, None),
    (ObjectKind::TextSearchConfiguration, None),
    (ObjectKind::TextSearchDictionary, None),
    (ObjectKind::TextSearchParser, None),
    (ObjectKind::TextSearchTemplate, None),
    (ObjectKind::Transform, None),
    (ObjectKind::UserMapping, None),
];

/// The kind that a query calls `name`: its own name with underscores.
fn kind(name: &str) -> Result<(ObjectKind, Option<GrantClass>), IntrospectError> {
    KINDS
        .into_iter()
        .find(|(kind, _)| kind.as_str().replace(' ', "_") == name)
        .ok_or_else(|| unknown("kind", name))
}
