use driftless_catalog::{Collection, Common, GrantClass, Ident, ObjectId, Schema};
use tokio_postgres::Row;

use crate::acl;
use crate::fields::Fields;
use crate::names::{Names, class};
use crate::{IntrospectError, names::SchemaRow};

pub(crate) fn read(rows: &[Row], names: &mut Names) -> Result<Collection<Schema>, IntrospectError> {
    let mut found = Collection::default();
    for row in rows {
        let mut it = Fields::new("schema", row);
        let (oid, name, owner) = (it.next()?, it.ident()?, it.next()?);
        let SchemaRow { in_scope, .. } = names.schema(oid)?;
        if !in_scope || names.is_member(class::NAMESPACE, oid) {
            continue;
        }
        let owner = names.role(owner)?;
        let grants = acl::grants(it.next()?, GrantClass::Schema, Some(&owner), names.major)?;
        names
            .objects
            .insert((class::NAMESPACE, oid), ObjectId::Schema(name.clone()));
        found.insert(Schema {
            name,
            common: Common {
                owner: Some(owner),
                comment: None,
                grants: Some(grants),
            },
        });
    }
    Ok(found)
}

/// All schemas that are neither of the system nor managed, read or not, by name.
pub(crate) fn user_schemas(rows: &[Row], managed: &[Ident]) -> Result<Vec<Ident>, IntrospectError> {
    let mut found = Vec::new();
    for row in rows {
        let mut it = Fields::new("schema", row);
        let (_oid, name): (u32, Ident) = (it.next()?, it.ident()?);
        let system = name.as_str().starts_with("pg_") || name == "information_schema";
        if !system && !managed.contains(&name) {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}
