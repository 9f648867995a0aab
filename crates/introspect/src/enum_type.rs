use std::collections::BTreeMap;

use driftless_catalog::{Collection, Common, EnumType, GrantClass, Ident, ObjectId, QualifiedName};
use tokio_postgres::Row;

use crate::acl;
use crate::fields::Fields;
use crate::names::{Names, class};
use crate::{IntrospectError, names::TypeRow};

pub(crate) fn read(
    rows: &[Row],
    names: &mut Names,
) -> Result<Collection<EnumType>, IntrospectError> {
    let mut labels: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for row in rows {
        let mut it = Fields::new("enum", row);
        labels.entry(it.next()?).or_default().push(it.next()?);
    }
    let mut found = Collection::default();
    let mut ids = Vec::new();
    // An enum may have no label at all, so the types decide, not the labels.
    let mut enums: Vec<(&u32, &TypeRow)> =
        names.types.iter().filter(|it| it.1.kind == 'e').collect();
    enums.sort_by_key(|it| it.0);
    for (oid, row) in enums {
        if let Some((name, common)) = user_type(*oid, row, names)? {
            ids.push(((class::TYPE, *oid), ObjectId::Enum(name.clone())));
            found.insert(EnumType {
                name,
                labels: labels.remove(oid).unwrap_or_default(),
                common,
            });
        }
    }
    names.objects.extend(ids);
    Ok(found)
}

/// Name, owner and privileges of a type, if it is in scope and no extension owns it.
pub(crate) fn user_type(
    oid: u32,
    row: &TypeRow,
    names: &Names,
) -> Result<Option<(QualifiedName, Common)>, IntrospectError> {
    let schema = names.schema(row.schema)?;
    if !schema.in_scope || names.is_member(class::TYPE, oid) {
        return Ok(None);
    }
    let owner = names.role(row.owner)?;
    let grants = acl::grants(row.acl.clone(), GrantClass::Type, Some(&owner), names.major)?;
    let name = QualifiedName::new(schema.name.clone(), Ident::new(&row.name)?);
    let common = Common {
        owner: Some(owner),
        comment: None,
        grants: Some(grants),
    };
    Ok(Some((name, common)))
}
