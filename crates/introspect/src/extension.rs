use driftless_catalog::{Collection, Extension, ObjectId};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::fields::Fields;
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
