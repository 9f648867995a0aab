use driftless_catalog::{Collection, DefaultPrivilege, DefaultPrivilegeId, DefaultPrivilegeKind};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::acl;
use crate::fields::{Fields, unknown};
use crate::names::Names;

pub(crate) fn read(
    rows: &[Row],
    names: &Names,
) -> Result<Collection<DefaultPrivilege>, IntrospectError> {
    let mut found = Collection::default();
    for row in rows {
        let mut it = Fields::new("default_privilege", row);
        let id = DefaultPrivilegeId {
            role: names.role(it.next()?)?,
            schema: it.maybe_ident()?,
            kind: kind(it.code()?)?,
        };
        let items: Vec<&str> = it.next()?;
        let grants = acl::parse(&items)?;
        found.insert(DefaultPrivilege { id, grants });
    }
    Ok(found)
}

fn kind(code: char) -> Result<DefaultPrivilegeKind, IntrospectError> {
    match code {
        'r' => Ok(DefaultPrivilegeKind::Tables),
        'S' => Ok(DefaultPrivilegeKind::Sequences),
        'f' => Ok(DefaultPrivilegeKind::Functions),
        'T' => Ok(DefaultPrivilegeKind::Types),
        'n' => Ok(DefaultPrivilegeKind::Schemas),
        'L' => Ok(DefaultPrivilegeKind::LargeObjects),
        other => Err(unknown("pg_default_acl.defaclobjtype", other)),
    }
}
