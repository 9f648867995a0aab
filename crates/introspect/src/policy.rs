use std::collections::BTreeSet;

use driftless_catalog::{
    Collection, ManagedTable, ObjectId, Policy, PolicyCommand, PolicyRole, QualifiedName,
    RowSecurity,
};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::fields::{Fields, unknown};
use crate::names::{Names, class};
use crate::table::Relations;
use crate::trigger::managed_table;

/// Puts policies on their tables, those of managed tables on these.
pub(crate) fn read(
    rows: &[Row],
    names: &mut Names,
    relations: &mut Relations,
    managed: &mut Collection<ManagedTable>,
) -> Result<(), IntrospectError> {
    for row in rows {
        let mut it = Fields::new("policy", row);
        let (oid, name, relation): (u32, _, u32) = (it.next()?, it.ident()?, it.next()?);
        let on = QualifiedName::new(it.ident()?, it.ident()?);
        let permissive = it.next()?;
        let command = command(it.code()?)?;
        let roles = roles(it.next()?, names)?;
        let mut expression = || -> Result<_, IntrospectError> {
            Ok(it.next::<Option<&str>>()?.map(|text| names.printed(text)))
        };
        let policy = Policy {
            name,
            permissive,
            command,
            roles,
            using: expression()?,
            with_check: expression()?,
            comment: None,
        };
        let row_security = RowSecurity {
            enabled: it.next()?,
            forced: it.next()?,
        };
        let id = ObjectId::Policy(on.clone(), policy.name.clone());
        if let Some(table) = relations.tables.get_mut(&relation) {
            table.policies.insert(policy);
        } else if names.is_managed(&on.schema) {
            let table = managed_table(managed, on);
            table.policies.insert(policy);
            table.row_security = Some(row_security);
        } else {
            continue;
        }
        names.objects.insert((class::POLICY, oid), id);
    }
    Ok(())
}

fn command(code: char) -> Result<PolicyCommand, IntrospectError> {
    match code {
        '*' => Ok(PolicyCommand::All),
        'r' => Ok(PolicyCommand::Select),
        'a' => Ok(PolicyCommand::Insert),
        'w' => Ok(PolicyCommand::Update),
        'd' => Ok(PolicyCommand::Delete),
        other => Err(unknown("pg_policy.polcmd", other)),
    }
}

fn roles(oids: Vec<u32>, names: &Names) -> Result<BTreeSet<PolicyRole>, IntrospectError> {
    oids.into_iter()
        .map(|oid| match oid {
            0 => Ok(PolicyRole::Public),
            oid => Ok(PolicyRole::Named(names.role(oid)?)),
        })
        .collect()
}
