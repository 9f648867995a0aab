use std::collections::BTreeMap;

use driftless_catalog::{Collection, Domain, DomainConstraint, ObjectId};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::constraint::ConstraintRow;
use crate::enum_type::user_type;
use crate::fields::Fields;
use crate::names::{Names, class};

/// Domains by number, without their constraints.
pub(crate) fn read(
    rows: &[Row],
    names: &mut Names,
) -> Result<BTreeMap<u32, Domain>, IntrospectError> {
    let mut domains: BTreeMap<u32, Domain> = BTreeMap::new();
    for row in rows {
        let mut it = Fields::new("domain", row);
        let (oid, base, modifier): (u32, u32, i32) = (it.next()?, it.next()?, it.next()?);
        let printed: Option<&str> = it.next()?;
        let not_null = it.next()?;
        let default = it.next::<Option<&str>>()?.map(|it| names.printed(it));
        let collation = names.collation(it.next()?).cloned();
        let ty = names.types.get(&oid).ok_or(IntrospectError::Dangling {
            column: "pg_type.oid",
            oid,
        })?;
        let Some((name, common)) = user_type(oid, ty, names)? else {
            continue;
        };
        let domain = Domain {
            name,
            base: names.data_type(base, modifier, printed)?,
            not_null,
            default,
            collation,
            constraints: Collection::default(),
            common,
        };
        let id = ObjectId::Domain(domain.name.clone());
        names.objects.insert((class::TYPE, oid), id);
        domains.insert(oid, domain);
    }
    Ok(domains)
}

/// Puts a constraint on its domain.
pub(crate) fn constrain(domain: &mut Domain, row: &ConstraintRow, names: &mut Names) {
    // From PostgreSQL 17 on a domain's NOT NULL has a row, too; `not_null` says the same.
    let Some(text) = &row.expression else {
        return;
    };
    let id = ObjectId::DomainConstraint(domain.name.clone(), row.name.clone());
    names.objects.insert((class::CONSTRAINT, row.oid), id);
    domain.constraints.insert(DomainConstraint {
        name: row.name.clone(),
        expression: names.printed(text),
        validated: row.validated,
        comment: None,
    });
}
