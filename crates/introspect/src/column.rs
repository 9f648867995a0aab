use std::collections::HashMap;

use driftless_catalog::{
    Column, DataType, Expression, Generated, GeneratedKind, GrantClass, IdentityKind, ObjectId,
    ViewColumn,
};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::acl;
use crate::fields::{Fields, unknown};
use crate::names::{Names, class};
use crate::table::Relations;

/// Reads the columns of tables, views and materialized views, by position.
pub(crate) fn read(
    rows: &[Row],
    defaults: &mut Defaults,
    names: &mut Names,
    relations: &mut Relations,
) -> Result<(), IntrospectError> {
    for row in rows {
        let mut it = Fields::new("column", row);
        let (relation, number): (u32, i16) = (it.next()?, it.next()?);
        let (mut column, codes) = column(it, names)?;
        let default = defaults.texts.remove(&(relation, number));
        match generated_kind(codes.generated)? {
            Some(kind) => {
                column.generated = default.map(|expression| Generated { expression, kind });
            }
            None => column.default = default,
        }
        if let Some(kind) = identity_kind(codes.identity)? {
            relations.identities.insert((relation, number), kind);
        }
        let key = (relation, number);
        names.columns.insert(key, column.name.clone());
        names.column_collations.insert(key, codes.collation);
        if let Some(table) = relations.tables.get_mut(&relation) {
            table.columns.push(column);
        } else if let Some(view) = relations.views.get_mut(&relation) {
            view.columns.push(view_column(column));
        } else if let Some(view) = relations.materialized_views.get_mut(&relation) {
            view.columns.push(view_column(column));
        }
    }
    Ok(())
}

/// What a column's row says that is not in the column as it is.
struct Codes {
    identity: char,
    generated: char,
    collation: u32,
}

/// The column as far as its own row tells.
fn column(mut it: Fields<'_>, names: &Names) -> Result<(Column, Codes), IntrospectError> {
    let name = it.ident()?;
    let data_type: DataType = names.data_type(it.next()?, it.next()?, it.next()?)?;
    let not_null = it.next()?;
    let (identity, generated) = (it.code()?, it.code()?);
    let (collation, own_collation): (u32, bool) = (it.next()?, it.next()?);
    let (storage, compression) = (it.code()?, it.code()?);
    let statistics: Option<i16> = it.next()?;
    let options: Option<Vec<String>> = it.next()?;
    let inherited = it.next()?;
    let grants = acl::grants(it.next()?, GrantClass::Column, None, names.major)?;
    let column = Column {
        not_null,
        collation: names
            .collation(collation)
            .filter(|_| own_collation)
            .cloned(),
        storage: storage_name(storage)?.map(str::to_owned),
        compression: compression_name(compression)?.map(str::to_owned),
        statistics: statistics.map(i32::from),
        options: options.unwrap_or_default(),
        inherited,
        grants: Some(grants),
        ..Column::new(name, data_type)
    };
    let codes = Codes {
        identity,
        generated,
        collation,
    };
    Ok((column, codes))
}

fn view_column(column: Column) -> ViewColumn {
    ViewColumn {
        settings: column.settings(),
        name: column.name,
        data_type: column.data_type,
        default: column.default,
        comment: None,
        grants: column.grants,
    }
}

/// What columns are filled or computed with, before it is put on them.
#[derive(Default)]
pub(crate) struct Defaults {
    texts: HashMap<(u32, i16), Expression>,
    /// Number of the default, its relation and its column.
    places: Vec<(u32, u32, i16)>,
}

impl Defaults {
    /// Adds defaults.
    pub(crate) fn read(&mut self, rows: &[Row], names: &Names) -> Result<(), IntrospectError> {
        for row in rows {
            let mut it = Fields::new("column_default", row);
            let (oid, relation, number) = (it.next()?, it.next()?, it.next()?);
            let text = names.printed(it.next()?);
            self.texts.insert((relation, number), text);
            self.places.push((oid, relation, number));
        }
        Ok(())
    }

    /// Makes dependencies of defaults known as those of their columns.
    pub(crate) fn register(self, names: &mut Names) {
        for (oid, relation, number) in self.places {
            if let Some(column) = names.column_object(relation, number) {
                names.objects.insert((class::ATTRDEF, oid), column);
            }
        }
    }
}

impl Names {
    /// The column of that relation, if the relation is in the catalog.
    pub(crate) fn column_object(&self, relation: u32, number: i16) -> Option<ObjectId> {
        let column = self.columns.get(&(relation, number))?.clone();
        match self.objects.get(&(class::RELATION, relation))? {
            ObjectId::Table(name) | ObjectId::View(name) | ObjectId::MaterializedView(name) => {
                Some(ObjectId::Column(name.clone(), column))
            }
            ObjectId::Schema(_)
            | ObjectId::Extension(_)
            | ObjectId::Enum(_)
            | ObjectId::Domain(_)
            | ObjectId::DomainConstraint(..)
            | ObjectId::Sequence(_)
            | ObjectId::Column(..)
            | ObjectId::Constraint(..)
            | ObjectId::Index(_)
            | ObjectId::Trigger(..)
            | ObjectId::Policy(..)
            | ObjectId::Function(_)
            | ObjectId::DefaultPrivilege(_)
            | ObjectId::Other(_) => None,
        }
    }
}

fn identity_kind(code: char) -> Result<Option<IdentityKind>, IntrospectError> {
    match code {
        ' ' => Ok(None),
        'a' => Ok(Some(IdentityKind::Always)),
        'd' => Ok(Some(IdentityKind::ByDefault)),
        other => Err(unknown("pg_attribute.attidentity", other)),
    }
}

fn generated_kind(code: char) -> Result<Option<GeneratedKind>, IntrospectError> {
    match code {
        ' ' => Ok(None),
        's' => Ok(Some(GeneratedKind::Stored)),
        'v' => Ok(Some(GeneratedKind::Virtual)),
        other => Err(unknown("pg_attribute.attgenerated", other)),
    }
}

fn storage_name(code: char) -> Result<Option<&'static str>, IntrospectError> {
    match code {
        ' ' => Ok(None),
        'p' => Ok(Some("PLAIN")),
        'e' => Ok(Some("EXTERNAL")),
        'x' => Ok(Some("EXTENDED")),
        'm' => Ok(Some("MAIN")),
        other => Err(unknown("pg_attribute.attstorage", other)),
    }
}

fn compression_name(code: char) -> Result<Option<&'static str>, IntrospectError> {
    match code {
        ' ' => Ok(None),
        'p' => Ok(Some("pglz")),
        'l' => Ok(Some("lz4")),
        other => Err(unknown("pg_attribute.attcompression", other)),
    }
}
