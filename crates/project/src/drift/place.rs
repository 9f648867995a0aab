//! Where in the files an object comes from.

use driftless_catalog::{Catalog, DataType, FunctionId, FunctionKind, ObjectId, ObjectKind};
use driftless_finding::Span;
use driftless_prisma_catalog::{Declaration, PrismaCatalog};
use driftless_shadow::{Origin, Provenance};

/// Declarations in the Prisma schema, and statements of migrations.
pub(super) struct Places<'a> {
    prisma: Option<&'a PrismaCatalog>,
    recorded: Option<(&'a Provenance, &'a Catalog)>,
}

impl<'a> Places<'a> {
    pub(super) fn new(
        prisma: Option<&'a PrismaCatalog>,
        recorded: Option<(&'a Provenance, &'a Catalog)>,
    ) -> Self {
        Self { prisma, recorded }
    }

    /// Where the Prisma schema declares the object.
    pub(super) fn declared(&self, object: &ObjectId) -> Option<&'a Declaration> {
        self.prisma?.declarations.get(object)
    }

    /// The statement of a migration that made the object.
    pub(super) fn introduced(&self, object: &ObjectId) -> Option<Span> {
        Some(self.origin(object)?.introduced)
    }

    /// The statement of a migration that touched the object last.
    pub(super) fn changed(&self, object: &ObjectId) -> Option<Span> {
        Some(self.origin(object)?.changed)
    }

    /// The last `GRANT` or `REVOKE` that is about the object.
    pub(super) fn privileges(&self, object: &ObjectId) -> Option<Span> {
        let (provenance, catalog) = self.recorded?;
        let (kind, identity) = identify(object, catalog)?;
        provenance.privileges(kind, &identity)
    }

    fn origin(&self, object: &ObjectId) -> Option<Origin> {
        let (provenance, catalog) = self.recorded?;
        let (kind, identity) = identify(object, catalog)?;
        provenance.origin(kind, &identity)
    }
}

/// Type and identity of an object as `pg_identify_object` prints them, or `None` for what it does not know.
fn identify(object: &ObjectId, catalog: &Catalog) -> Option<(&'static str, String)> {
    let kind = match object {
        ObjectId::Schema(_) => "schema",
        ObjectId::Extension(_) => "extension",
        ObjectId::Enum(_) | ObjectId::Domain(_) => "type",
        ObjectId::DomainConstraint(..) => "domain constraint",
        ObjectId::Sequence(_) => "sequence",
        ObjectId::Table(_) => "table",
        ObjectId::Column(relation, _) if catalog.views.contains(relation) => "view column",
        ObjectId::Column(relation, _) if catalog.materialized_views.contains(relation) => {
            "materialized view column"
        }
        ObjectId::Column(..) => "table column",
        ObjectId::Constraint(..) => "table constraint",
        ObjectId::Index(_) => "index",
        ObjectId::Trigger(..) => "trigger",
        ObjectId::Policy(..) => "policy",
        ObjectId::View(_) => "view",
        ObjectId::MaterializedView(_) => "materialized view",
        ObjectId::Function(id) => {
            let function = catalog.functions.get(id);
            let identity = function_identity(id);
            let procedure = function.is_some_and(|it| it.kind == FunctionKind::Procedure);
            return Some((if procedure { "procedure" } else { "function" }, identity));
        }
        ObjectId::Other(it) => match it.kind {
            ObjectKind::CompositeType | ObjectKind::RangeType | ObjectKind::BaseType => "type",
            ObjectKind::StatisticsObject => "statistics object",
            // These have no row that a migration's statement writes as such.
            ObjectKind::StorageBucket | ObjectKind::CronJob | ObjectKind::SecurityLabel => {
                return None;
            }
            other => other.as_str(),
        },
        ObjectId::DefaultPrivilege(_) => return None,
    };
    Some((kind, object.name()))
}

/// `public.f(integer,pg_catalog.text)`: arguments without blanks between, and with the schema of every type
/// but those that the SQL standard knows by name.
fn function_identity(id: &FunctionId) -> String {
    const STANDARD: &[&str] = &[
        "bit",
        "bool",
        "bpchar",
        "float4",
        "float8",
        "int2",
        "int4",
        "int8",
        "interval",
        "numeric",
        "time",
        "timestamp",
        "timestamptz",
        "timetz",
        "varbit",
        "varchar",
    ];
    let argument = |ty: &DataType| {
        let text = match &*ty.name.name {
            "bpchar" if ty.name.in_pg_catalog() => "character".to_owned(),
            "bit" if ty.name.in_pg_catalog() => "bit".to_owned(),
            name if ty.name.in_pg_catalog() && !STANDARD.contains(&name) => {
                format!("pg_catalog.{}", ty.name)
            }
            _ => ty.name.to_string(),
        };
        format!("{text}{}", "[]".repeat(usize::from(ty.dimensions)))
    };
    let arguments: Vec<String> = id.arguments.iter().map(argument).collect();
    format!("{}({})", id.name, arguments.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_catalog::{Ident, QualifiedName};

    #[test]
    fn a_function_is_identified_as_the_server_does() {
        let ident = |it| Ident::new(it).unwrap();
        let id = FunctionId {
            name: QualifiedName::new(ident("public"), ident("F")),
            arguments: [
                "integer",
                "text",
                "uuid[]",
                "character varying",
                "app.\"Role\"",
            ]
            .map(|it| DataType::parse(it).unwrap())
            .to_vec(),
        };
        assert_eq!(
            function_identity(&id),
            "public.\"F\"(integer,pg_catalog.text,pg_catalog.uuid[],character varying,app.\"Role\")"
        );
    }
}
