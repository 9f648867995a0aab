use driftless_catalog::{
    Catalog, Collection, Extension, ExtensionMember, FunctionId, GrantClass, ObjectId, ObjectKind,
    OtherId, QualifiedName,
};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::acl;
use crate::fields::{Fields, unknown};
use crate::names::{Names, class};

pub(crate) fn read(
    rows: &[Row],
    names: &mut Names,
) -> Result<Collection<Extension>, IntrospectError> {
    let mut found = Collection::default();
    for row in rows {
        let mut it = Fields::new("extension", row);
        let oid = it.next()?;
        let extension = Extension {
            name: it.ident()?,
            schema: Some(it.ident()?),
            version: Some(it.next()?),
            relocatable: it.next()?,
            members: Some(Collection::default()),
            comment: None,
        };
        let id = ObjectId::Extension(extension.name.clone());
        names.objects.insert((class::EXTENSION, oid), id);
        // Every database is made with it.
        if extension.name != "plpgsql" {
            found.insert(extension);
        }
    }
    Ok(found)
}

/// Adds the objects whose privileges are not those that their extension has given them.
pub(crate) fn members(
    rows: &[Row],
    names: &Names,
    catalog: &mut Catalog,
) -> Result<(), IntrospectError> {
    for row in rows {
        let mut it = Fields::new("member_privilege", row);
        let extension: u32 = it.next()?;
        let id = member(&mut it, names)?;
        let owner = names.role(it.next()?)?;
        let class = id.kind().grant_class().unwrap_or(GrantClass::Column);
        let mut grants = || acl::grants(it.next()?, class, Some(&owner), names.major);
        let (grants, initial) = (grants()?, grants()?);
        // Not every extension is in the catalog.
        if let Some(of @ ObjectId::Extension(name)) = names.object(class::EXTENSION, extension)
            && let Some(found) = catalog.extensions.get_mut(name)
            && grants != initial
        {
            let needs = catalog.dependencies.entry(id.clone()).or_default();
            if let Err(place) = needs.binary_search(of) {
                needs.insert(place, of.clone());
            }
            found
                .members
                .get_or_insert_default()
                .insert(ExtensionMember {
                    id,
                    initial,
                    grants,
                });
        }
    }
    Ok(())
}

/// Which object it is.
fn member(it: &mut Fields<'_>, names: &Names) -> Result<ObjectId, IntrospectError> {
    let kind: &str = it.next()?;
    let name = QualifiedName::new(it.ident()?, it.ident()?);
    let column = it.maybe_ident()?;
    let arguments: Vec<u32> = it.next::<Option<_>>()?.unwrap_or_default();
    let identity: String = it.next()?;
    let other = |kind| ObjectId::Other(OtherId { kind, identity });
    Ok(match (kind, column) {
        (_, Some(column)) => ObjectId::Column(name, column),
        ("r" | "p", None) => ObjectId::Table(name),
        ("v", None) => ObjectId::View(name),
        ("m", None) => ObjectId::MaterializedView(name),
        ("f", None) => other(ObjectKind::ForeignTable),
        ("S", None) => ObjectId::Sequence(name),
        ("a", None) => other(ObjectKind::Aggregate),
        ("P", None) => {
            let arguments = arguments.iter().map(|it| names.data_type(*it, -1, None));
            let arguments = arguments.collect::<Result<_, _>>()?;
            ObjectId::Function(FunctionId { name, arguments })
        }
        ("T", None) => other(ObjectKind::BaseType),
        (kind, None) => return Err(unknown("the kind of an extension's object", kind)),
    })
}
