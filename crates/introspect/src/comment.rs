use std::collections::HashMap;

use driftless_catalog::{Catalog, Column, Ident, ObjectId, QualifiedName, Table};
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
    let mut identities = None;
    for row in rows {
        let mut it = Fields::new("comment", row);
        let (class, oid, number): (u32, u32, i32) = (it.next()?, it.next()?, it.next()?);
        let object = match (class, i16::try_from(number)) {
            (class::RELATION, Ok(number)) if number > 0 => names.column_object(oid, number),
            _ => names.objects.get(&(class, oid)).cloned(),
        };
        let slot = object.and_then(|object| {
            // That of the rule that a view is.
            let is_view = matches!(object, ObjectId::View(_) | ObjectId::MaterializedView(_));
            let behind = is_view && class == class::REWRITE;
            (!behind).then(|| slot(catalog, names, &mut identities, class, &object))?
        });
        if let Some(slot) = slot {
            *slot = Some(it.next()?);
        }
    }
    Ok(())
}

/// The columns that count by sequences of their own, by those: the table and the name.
type IdentityColumns = HashMap<QualifiedName, (QualifiedName, Ident)>;

fn identity_columns(catalog: &Catalog) -> IdentityColumns {
    let of_table = |table: &'_ Table| {
        let name = table.name.clone();
        let identity =
            |it: &Column| Some((it.identity.as_ref()?.sequence.clone(), it.name.clone()));
        let columns: Vec<_> = table.columns.iter().filter_map(identity).collect();
        columns
            .into_iter()
            .map(move |(sequence, column)| (sequence, (name.clone(), column)))
    };
    catalog.tables.iter().flat_map(of_table).collect()
}

fn slot<'a>(
    catalog: &'a mut Catalog,
    names: &Names,
    identities: &mut Option<IdentityColumns>,
    class: u32,
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
        ObjectId::Sequence(it) if catalog.sequences.contains(it) => {
            Some(&mut catalog.sequences.get_mut(it)?.common.comment)
        }
        ObjectId::Sequence(it) => {
            let identities = identities.get_or_insert_with(|| identity_columns(catalog));
            let (table, column) = identities.get(it)?;
            let columns = &mut catalog.tables.get_mut(table)?.columns;
            let column = columns.iter_mut().find(|it| it.name == *column)?;
            Some(&mut column.identity.as_mut()?.common.comment)
        }
        ObjectId::Table(it) => Some(&mut catalog.tables.get_mut(it)?.common.comment),
        ObjectId::View(it) => Some(&mut catalog.views.get_mut(it)?.common.comment),
        ObjectId::MaterializedView(it) => {
            Some(&mut catalog.materialized_views.get_mut(it)?.common.comment)
        }
        ObjectId::Column(it, name) => column(catalog, it, name.as_str()),
        ObjectId::Constraint(it, name) => {
            let constraint = catalog.tables.get_mut(it)?.constraints.get_mut(name)?;
            // What is said of the index behind a key is another thing.
            Some(match class {
                class::RELATION => &mut constraint.index_comment,
                _ => &mut constraint.comment,
            })
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
