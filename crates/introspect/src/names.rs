//! Numbers to names: what the rest of the crate asks instead of joining on the server.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use driftless_catalog::{DataType, Expression, Ident, ObjectId, QualifiedName, TypeName};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::answers::Answers;
use crate::fields::Fields;
use crate::query::Query;

/// Catalogs by number, as `pg_depend` and `pg_description` name them. The numbers are fixed.
pub(crate) mod class {
    pub(crate) const ATTRDEF: u32 = 2604;
    pub(crate) const CONSTRAINT: u32 = 2606;
    pub(crate) const NAMESPACE: u32 = 2615;
    pub(crate) const POLICY: u32 = 3256;
    pub(crate) const PROC: u32 = 1255;
    pub(crate) const RELATION: u32 = 1259;
    pub(crate) const REWRITE: u32 = 2618;
    pub(crate) const TRIGGER: u32 = 2620;
    pub(crate) const TYPE: u32 = 1247;
    pub(crate) const EXTENSION: u32 = 3079;
}

/// What a number of `pg_type` stands for.
pub(crate) struct TypeRow {
    pub(crate) schema: u32,
    pub(crate) name: Arc<str>,
    pub(crate) kind: char,
    /// The element's type, of an array.
    pub(crate) element: u32,
    /// The relation whose rows it describes.
    pub(crate) relation: u32,
    pub(crate) owner: u32,
    pub(crate) acl: Option<Vec<String>>,
}

/// A schema.
pub(crate) struct SchemaRow {
    pub(crate) name: Ident,
    pub(crate) in_scope: bool,
}

/// An operator class.
pub(crate) struct OpclassRow {
    pub(crate) schema: Ident,
    pub(crate) name: String,
    pub(crate) is_default: bool,
}

/// Everything that later steps look up.
pub(crate) struct Names {
    pub(crate) major: u16,
    roles: HashMap<u32, Ident>,
    schemas: HashMap<u32, SchemaRow>,
    pub(crate) types: HashMap<u32, TypeRow>,
    collations: HashMap<u32, QualifiedName>,
    opclasses: HashMap<u32, OpclassRow>,
    /// Objects that belong to another, mostly to an extension, by catalog and number.
    members: HashMap<(u32, u32), (u32, u32)>,
    managed: HashSet<Ident>,
    /// What was decoded so far, for comments and dependencies.
    pub(crate) objects: HashMap<(u32, u32), ObjectId>,
    pub(crate) columns: HashMap<(u32, i16), Ident>,
    pub(crate) column_collations: HashMap<(u32, i16), u32>,
    /// The table or materialized view of each index.
    pub(crate) index_relations: HashMap<QualifiedName, QualifiedName>,
}

impl Names {
    /// The names of schemas.
    pub(crate) fn new(
        major: u16,
        schemas: &[Row],
        managed: &[Ident],
    ) -> Result<Self, IntrospectError> {
        let mut names = Self {
            major,
            roles: HashMap::new(),
            schemas: HashMap::new(),
            types: HashMap::new(),
            collations: HashMap::new(),
            opclasses: HashMap::new(),
            members: HashMap::new(),
            managed: managed.iter().cloned().collect(),
            objects: HashMap::new(),
            columns: HashMap::new(),
            column_collations: HashMap::new(),
            index_relations: HashMap::new(),
        };
        for row in schemas {
            let mut it = Fields::new("schema", row);
            let (oid, name) = (it.next()?, it.ident()?);
            let (_owner, _acl): (u32, Option<Vec<&str>>) = (it.next()?, it.next()?);
            let in_scope = it.next()?;
            names.schemas.insert(oid, SchemaRow { name, in_scope });
        }
        Ok(names)
    }

    /// Reads what else has a number and is looked up: roles, types and the like.
    pub(crate) async fn read(&mut self, answers: &mut Answers<'_>) -> Result<(), IntrospectError> {
        for row in &answers.all(Query::Role).await? {
            let mut it = Fields::new("role", row);
            self.roles.insert(it.next()?, it.ident()?);
        }
        let read = |rows: &[Row]| self.read_types(rows);
        answers.each(Query::Type, read).await?;
        for row in &answers.all(Query::Collation).await? {
            let mut it = Fields::new("collation", row);
            let (oid, schema, name) = (it.next()?, it.ident()?, it.ident()?);
            self.collations
                .insert(oid, QualifiedName::new(schema, name));
        }
        for row in &answers.all(Query::Opclass).await? {
            let mut it = Fields::new("opclass", row);
            let oid = it.next()?;
            let opclass = OpclassRow {
                schema: it.ident()?,
                name: it.next()?,
                is_default: it.next()?,
            };
            self.opclasses.insert(oid, opclass);
        }
        for row in &answers.all(Query::Member).await? {
            let mut it = Fields::new("member", row);
            let member = (it.next()?, it.next()?);
            self.members.insert(member, (it.next()?, it.next()?));
        }
        Ok(())
    }

    fn read_types(&mut self, rows: &[Row]) -> Result<(), IntrospectError> {
        for row in rows {
            let mut it = Fields::new("type", row);
            let oid = it.next()?;
            let name: &str = it.next()?;
            let ty = TypeRow {
                name: name.into(),
                schema: it.next()?,
                kind: it.code()?,
                element: it.next()?,
                relation: it.next()?,
                owner: it.next()?,
                acl: it.next()?,
            };
            self.types.insert(oid, ty);
        }
        Ok(())
    }

    /// The names of all roles.
    pub(crate) fn roles(&self) -> BTreeSet<Ident> {
        self.roles.values().cloned().collect()
    }

    pub(crate) fn role(&self, oid: u32) -> Result<Ident, IntrospectError> {
        match self.roles.get(&oid) {
            Some(name) => Ok(name.clone()),
            // The server itself prints the number of a role that was dropped under its objects.
            None => Ok(Ident::new(&oid.to_string())?),
        }
    }

    pub(crate) fn schema(&self, oid: u32) -> Result<&SchemaRow, IntrospectError> {
        self.schemas.get(&oid).ok_or(IntrospectError::Dangling {
            column: "relnamespace",
            oid,
        })
    }

    pub(crate) fn qualified(
        &self,
        schema: u32,
        name: Ident,
    ) -> Result<QualifiedName, IntrospectError> {
        Ok(QualifiedName::new(self.schema(schema)?.name.clone(), name))
    }

    pub(crate) fn is_managed(&self, schema: &Ident) -> bool {
        self.managed.contains(schema)
    }

    pub(crate) fn is_managed_text(&self, schema: &str) -> bool {
        Ident::new(schema).is_ok_and(|it| self.managed.contains(&it))
    }

    pub(crate) fn is_member(&self, class: u32, oid: u32) -> bool {
        self.members.contains_key(&(class, oid))
    }

    pub(crate) fn collation(&self, oid: u32) -> Option<&QualifiedName> {
        self.collations.get(&oid)
    }

    pub(crate) fn opclass(&self, oid: u32) -> Option<&OpclassRow> {
        self.opclasses.get(&oid)
    }

    pub(crate) fn printed(&self, text: &str) -> Expression {
        Expression::printed(text, self.major)
    }

    pub(crate) fn column(&self, relation: u32, number: i16) -> Result<Ident, IntrospectError> {
        self.columns
            .get(&(relation, number))
            .cloned()
            .ok_or(IntrospectError::Dangling {
                column: "a column number of relation",
                oid: relation,
            })
    }

    pub(crate) fn columns_of(
        &self,
        relation: u32,
        numbers: &[i16],
    ) -> Result<Vec<Ident>, IntrospectError> {
        numbers
            .iter()
            .map(|number| self.column(relation, *number))
            .collect()
    }

    /// The object of that catalog and number: one of the catalog's own, or the one it belongs to.
    pub(crate) fn object(&self, class: u32, oid: u32) -> Option<&ObjectId> {
        let key = (class, oid);
        let own = || self.objects.get(&key);
        own().or_else(|| self.objects.get(self.members.get(&key)?))
    }

    /// The type of that number with that modifier, -1 for none. `printed` is the whole as `format_type` prints it: only
    /// the functions of a type that is not built in know what its modifier means.
    pub(crate) fn data_type(
        &self,
        oid: u32,
        modifier: i32,
        printed: Option<&str>,
    ) -> Result<DataType, IntrospectError> {
        let dangling = |oid| IntrospectError::Dangling {
            column: "a type",
            oid,
        };
        let row = self.types.get(&oid).ok_or_else(|| dangling(oid))?;
        if row.element != 0 {
            return Ok(self.data_type(row.element, modifier, printed)?.array());
        }
        let schema = self.schema(row.schema)?.name.clone();
        let builtin = schema == "pg_catalog";
        let ty = DataType {
            name: TypeName {
                schema: Some(schema),
                name: Arc::clone(&row.name),
            },
            modifier: None,
            dimensions: 0,
        };
        let inner = match (modifier, printed) {
            (..0, _) => None,
            (_, None) if builtin => builtin_modifier(&row.name, modifier),
            (_, None) => None,
            (_, Some(text)) => Some(printed_modifier(text)?),
        };
        Ok(match inner {
            Some(inner) => ty.with_modifier(inner),
            None => ty,
        })
    }
}

/// What stands between the parentheses of a type's name.
fn printed_modifier(text: &str) -> Result<String, IntrospectError> {
    let inner = DataType::parse(text).and_then(|it| it.modifier);
    let inner = inner.ok_or_else(|| IntrospectError::Malformed {
        what: "a type with a modifier",
        text: text.to_owned(),
    })?;
    Ok(inner.to_string())
}

/// What `format_type` puts between the parentheses. Follows the `typmodout` functions of PostgreSQL.
fn builtin_modifier(name: &str, modifier: i32) -> Option<String> {
    const HEADER: i32 = 4;
    match name {
        "bpchar" | "varchar" => Some((modifier - HEADER).to_string()),
        "bit" | "varbit" | "time" | "timetz" | "timestamp" | "timestamptz" => {
            Some(modifier.to_string())
        }
        "numeric" => {
            let packed = modifier - HEADER;
            let precision = (packed >> 16) & 0xffff;
            // The scale is an 11-bit number with a sign since PostgreSQL 15, and was never so great before.
            let scale = ((packed & 0x7ff) ^ 1024) - 1024;
            Some(format!("{precision},{scale}"))
        }
        "interval" => interval_modifier(modifier),
        _ => None,
    }
}

fn interval_modifier(modifier: i32) -> Option<String> {
    let bit = |number: i32| 1 << number;
    let (month, year, day, hour, minute, second) =
        (bit(1), bit(2), bit(3), bit(10), bit(11), bit(12));
    let fields = match (modifier >> 16) & 0x7fff {
        0x7fff => "",
        it if it == year => "year",
        it if it == month => "month",
        it if it == day => "day",
        it if it == hour => "hour",
        it if it == minute => "minute",
        it if it == second => "second",
        it if it == year | month => "year to month",
        it if it == day | hour => "day to hour",
        it if it == day | hour | minute => "day to minute",
        it if it == day | hour | minute | second => "day to second",
        it if it == hour | minute => "hour to minute",
        it if it == hour | minute | second => "hour to second",
        it if it == minute | second => "minute to second",
        _ => return None,
    };
    match (fields, modifier & 0xffff) {
        ("", 0xffff) => None,
        ("", precision) => Some(precision.to_string()),
        (fields, 0xffff) => Some(fields.to_owned()),
        (fields, precision) => Some(format!("{fields}({precision})")),
    }
}
