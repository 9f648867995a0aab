//! Kinds that have no type of their own in the catalog, and rows that are schema in spirit.

use std::collections::BTreeMap;

use driftless_catalog::{Attribute, Collection, Common, ObjectId, ObjectKind, Other, OtherId};
use serde_json::Value;
use tokio_postgres::{Client, Row};

use crate::IntrospectError;
use crate::acl;
use crate::fields::{Fields, unknown};
use crate::names::Names;
use crate::query::{CRON_JOB, STORAGE_BUCKET, SUBSCRIPTION_CONNECTION};
use crate::read::{Unread, rows};

/// The identity as servers before PostgreSQL 18 print it; that one leaves out a word of a transform's.
fn same_on_every_version(kind: ObjectKind, identity: String) -> String {
    const OLD: &str = " on language ";
    const NEW: &str = " language ";
    let parts = identity.rsplit_once(NEW);
    match parts.filter(|_| kind == ObjectKind::Transform && !identity.contains(OLD)) {
        Some((ty, language)) => format!("{ty}{OLD}{language}"),
        None => identity,
    }
}

pub(crate) fn read(
    rows: &[Row],
    security_labels: &[Row],
    names: &mut Names,
) -> Result<Collection<Other>, IntrospectError> {
    let mut found = Collection::default();
    for row in rows {
        let mut it = Fields::new("other", row);
        let kind = kind(it.next()?)?;
        let identity = same_on_every_version(kind, it.next()?);
        let owner: u32 = it.next()?;
        let acl: Option<Vec<String>> = it.next()?;
        let attributes = attributes(it.next()?)?;
        let (class, oid) = (it.next()?, it.next()?);
        if names.is_member(class, oid) || belongs_to_platform(kind, &attributes, names) {
            continue;
        }
        let owner = (owner != 0).then(|| names.role(owner)).transpose()?;
        let grants = kind
            .grant_class()
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
    for row in security_labels {
        let mut it = Fields::new("security_label", row);
        let (kind, schema): (&str, Option<&str>) = (it.next()?, it.next()?);
        let (name, provider): (&str, &str) = (it.next()?, it.next()?);
        if schema.is_some_and(|it| names.is_managed_text(it)) {
            continue;
        }
        let label: &str = it.next()?;
        let attributes = [
            ("provider", provider),
            ("object", name),
            ("kind", kind),
            ("label", label),
        ];
        found.insert(Other {
            id: OtherId {
                kind: ObjectKind::SecurityLabel,
                identity: format!("{provider} on {kind} {name}"),
            },
            attributes: attributes
                .into_iter()
                .map(|(name, value)| (name.to_owned(), Attribute::from(value)))
                .collect(),
            common: Common::default(),
        });
    }
    Ok(found)
}

/// Event triggers whose functions are in managed schemas come with the platform.
fn belongs_to_platform(
    kind: ObjectKind,
    attributes: &BTreeMap<String, Attribute>,
    names: &Names,
) -> bool {
    let managed = |it: &Attribute| matches!(it, Attribute::Text(it) if names.is_managed_text(it));
    kind == ObjectKind::EventTrigger && attributes.get("function_schema").is_some_and(managed)
}

/// What stands in tables that not everybody may read.
#[derive(Default)]
pub(crate) struct DataShaped {
    /// Storage buckets and cron jobs.
    found: Vec<Other>,
    /// Of each subscription the connection without a password, and whether it has one.
    connections: Vec<(OtherId, String, bool)>,
    /// What may not be read.
    unread: Vec<Unread>,
}

/// Reads storage buckets, cron jobs and the connections of subscriptions, where there are any, and says what it
/// may not read.
pub(crate) async fn data_shaped(
    client: &Client,
    tables: &[Row],
) -> Result<DataShaped, IntrospectError> {
    let mut data = DataShaped::default();
    for row in tables {
        let mut it = Fields::new("data_table", row);
        let (table, readable): (&str, bool) = (it.next()?, it.next()?);
        let (kind, query, sql) = match table {
            "storage.buckets" => (ObjectKind::StorageBucket, "storage_bucket", STORAGE_BUCKET),
            "cron.job" => (ObjectKind::CronJob, "cron_job", CRON_JOB),
            _ => {
                if readable {
                    data.connections = connections(client).await?;
                }
                continue;
            }
        };
        if !readable {
            let reason = format!("the role may not read all rows of {table}");
            data.unread.push(Unread { kind, reason });
            continue;
        }
        for row in rows(client, query, sql).await? {
            let mut it = Fields::new(query, &row);
            let (identity, values): (String, Value) = (it.next()?, it.next()?);
            data.found.push(Other {
                id: OtherId { kind, identity },
                attributes: flatten(values),
                common: Common::default(),
            });
        }
    }
    Ok(data)
}

async fn connections(client: &Client) -> Result<Vec<(OtherId, String, bool)>, IntrospectError> {
    let query = "subscription_connection";
    let rows = rows(client, query, SUBSCRIPTION_CONNECTION).await?;
    let connection = |row: &Row| {
        let mut it = Fields::new(query, row);
        let id = OtherId {
            kind: ObjectKind::Subscription,
            identity: it.next()?,
        };
        Ok((id, it.next()?, it.next()?))
    };
    rows.iter().map(connection).collect()
}

impl DataShaped {
    /// Puts it where it belongs, and returns what could not be read.
    pub(crate) fn fill(self, others: &mut Collection<Other>) -> Vec<Unread> {
        let mut unread = self.unread;
        for (id, connection, has_password) in self.connections {
            if let Some(it) = others.get_mut(&id) {
                it.attributes.remove("unread");
                let value = Attribute::Text(connection);
                it.attributes.insert("connection".to_owned(), value);
                let value = Attribute::Text(has_password.to_string());
                it.attributes.insert("password".to_owned(), value);
            }
        }
        for (kind, attribute) in [
            (ObjectKind::Subscription, "connection"),
            (ObjectKind::UserMapping, "options"),
        ] {
            if others
                .iter()
                .any(|it| it.id.kind == kind && it.hides(attribute))
            {
                let reason = format!("the role may not read their {attribute}");
                unread.push(Unread { kind, reason });
            }
        }
        others.extend(self.found);
        unread
    }
}

fn attributes(text: &str) -> Result<BTreeMap<String, Attribute>, IntrospectError> {
    let value = serde_json::from_str(text).map_err(|_| IntrospectError::Malformed {
        what: "the attributes of an object",
        text: text.to_owned(),
    })?;
    Ok(flatten(value))
}

/// The fields of a JSON object; those that are null are left out.
fn flatten(value: Value) -> BTreeMap<String, Attribute> {
    let Value::Object(fields) = value else {
        return BTreeMap::new();
    };
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, attribute(value)?)))
        .collect()
}

/// A list of texts or of objects as such, anything else as text; `None` for null.
fn attribute(value: Value) -> Option<Attribute> {
    let is_list = |items: &[Value]| items.iter().all(Value::is_string);
    let are_rows = |items: &[Value]| items.iter().all(Value::is_object);
    match value {
        Value::Array(items) if is_list(&items) => Some(Attribute::List(
            items.into_iter().filter_map(plain).collect(),
        )),
        Value::Array(items) if are_rows(&items) => {
            Some(Attribute::Rows(items.into_iter().map(row).collect()))
        }
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_)) => plain(other).map(Attribute::Text),
    }
}

fn row(value: Value) -> driftless_catalog::Fields {
    let Value::Object(fields) = value else {
        return BTreeMap::new();
    };
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, plain(value)?)))
        .collect()
}

/// A value as text; `None` for null.
fn plain(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(value.to_string())
        }
    }
}

/// The kinds that the query names.
const KINDS: [ObjectKind; 26] = [
    ObjectKind::AccessMethod,
    ObjectKind::Aggregate,
    ObjectKind::BaseType,
    ObjectKind::Cast,
    ObjectKind::Collation,
    ObjectKind::CompositeType,
    ObjectKind::Conversion,
    ObjectKind::EventTrigger,
    ObjectKind::ForeignDataWrapper,
    ObjectKind::ForeignServer,
    ObjectKind::ForeignTable,
    ObjectKind::Language,
    ObjectKind::Operator,
    ObjectKind::OperatorClass,
    ObjectKind::OperatorFamily,
    ObjectKind::Publication,
    ObjectKind::RangeType,
    ObjectKind::Rule,
    ObjectKind::StatisticsObject,
    ObjectKind::Subscription,
    ObjectKind::TextSearchConfiguration,
    ObjectKind::TextSearchDictionary,
    ObjectKind::TextSearchParser,
    ObjectKind::TextSearchTemplate,
    ObjectKind::Transform,
    ObjectKind::UserMapping,
];

/// The kind that a query calls `name`: its own name with underscores.
fn kind(name: &str) -> Result<ObjectKind, IntrospectError> {
    KINDS
        .into_iter()
        .find(|kind| kind.as_str().replace(' ', "_") == name)
        .ok_or_else(|| unknown("kind", name))
}
