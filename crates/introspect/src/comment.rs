use driftless_catalog::{Catalog, ObjectId, QualifiedName};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::fields::Fields;
use crate::names::{Names, class};

/// Tells every object its comment.
pub(crate) fn read(
    rows: &[Row],
    names: &Names,
    catalog: &mut Catalog,
) -> Result<(), IntrospectError> {
    for row in rows {
        let mut it = Fields::new("comment", row);
        let (class, oid, number): (u32, u32, i32) = (it.next()?, it.next()?, it.next()?);
        let object = match (class, i16::try_from(number)) {
            (class::RELATION, Ok(number)) if number > 0 => names.column_object(oid, number),
            _ => names.objects.get(&(class, oid)).cloned(),
        };
        if let Some(slot) = object.and_then(|it| slot(catalog, names, &it)) {
            *slot = Some(it.next()?);
        }
    }
    Ok(())
}

fn slot<'a>(
    catalog: &'a mut Catalog,
    names: &Names,
    object: &ObjectId,
) -> Option<&'a mut Option<String>> {
    match object {
        ObjectId::Schema(it) => Some(&mut catalog.schemas.get_mut(it)?.common.comment),
        ObjectId::Extension(it) => Some(&mut catalog.extensions.get_mut(it)?.comment),
        ObjectId::Enum(it) => Some(&mut catalog.enums.get_mut(it)?.common.comment),
        ObjectId::Domain(it) => Some(&mut catalog.domains.get_mut(it)?.common.comment),
        ObjectId::DomainConstraint(it, name) => {
            let domain = catalog.domains.get_mut(it)?;
            Some(&mut domain.constraints.get_mut(name)?.comment)
        }
        ObjectId::Sequence(it) => Some(&mut catalog.sequences.get_mut(it)?.common.comment),
        ObjectId::Table(it) => Some(&mut catalog.tables.get_mut(it)?.common.comment),
        ObjectId::View(it) => Some(&mut catalog.views.get_mut(it)?.common.comment),
        ObjectId::MaterializedView(it) => {
            Some(&mut catalog.materialized_views.get_mut(it)?.common.comment)
        }
        ObjectId::Column(it, name) => column(catalog, it, name.as_str()),
        ObjectId::Constraint(it, name) => {
            let table = catalog.tables.get_mut(it)?;
            Some(&mut table.constraints.get_mut(name)?.comment)
        }
        ObjectId::Index(it) => index(catalog, names, it),
        ObjectId::Trigger(it, name) => {
            let triggers = match (
                catalog.tables.get_mut(it),
                catalog.views.get_mut(it),
                catalog.managed_tables.get_mut(it),
            ) {
                (Some(table), _, _) => &mut table.triggers,
                (_, Some(view), _) => &mut view.triggers,
                (_, _, managed) => &mut managed?.triggers,
            };
            Some(&mut triggers.get_mut(name)?.comment)
        }
        ObjectId::Policy(it, name) => {
            let policies = match catalog.tables.get_mut(it) {
                Some(table) => &mut table.policies,
                None => &mut catalog.managed_tables.get_mut(it)?.policies,
            };
            Some(&mut policies.get_mut(name)?.comment)
        }
        ObjectId::Function(it) => Some(&mut catalog.functions.get_mut(it)?.common.comment),
        ObjectId::Other(it) => Some(&mut catalog.others.get_mut(it)?.common.comment),
        // Nothing can be said about a default privilege.
        ObjectId::DefaultPrivilege(_) => None,
    }
}

fn column<'a>(
    catalog: &'a mut Catalog,
    relation: &QualifiedName,
    name: &str,
) -> Option<&'a mut Option<String>> {
    if let Some(table) = catalog.tables.get_mut(relation) {
        let column = table.columns.iter_mut().find(|it| it.name == name)?;
        return Some(&mut column.comment);
    }
    let columns = match catalog.views.get_mut(relation) {
        Some(view) => &mut view.columns,
        None => &mut catalog.materialized_views.get_mut(relation)?.columns,
    };
    let column = columns.iter_mut().find(|it| it.name == name)?;
    Some(&mut column.comment)
}

fn index<'a>(
    catalog: &'a mut Catalog,
    names: &Names,
    index: &QualifiedName,
) -> Option<&'a mut Option<String>> {
    let relation = names.index_relations.get(index)?;
    let indexes = match catalog.tables.get_mut(relation) {
        Some(table) => &mut table.indexes,
        None => &mut catalog.materialized_views.get_mut(relation)?.indexes,
    };
    Some(&mut indexes.get_mut(&index.name)?.comment)
}
