//! Where in the files an object comes from.

use driftless_catalog::{Catalog, DataType, FunctionId, FunctionKind, ObjectId, ObjectKind};
use driftless_finding::{Sources, Span};
use driftless_prisma_catalog::{Declaration, PrismaCatalog};
use driftless_shadow::Provenance;
use driftless_sql_text::{TokenKind, ident_value, tokens};

/// Declarations in the Prisma schema, and statements of migrations.
pub(super) struct Places<'a> {
    prisma: Option<&'a PrismaCatalog>,
    recorded: Option<Recorded<'a>>,
}

/// What a replay has left behind.
#[derive(Clone, Copy)]
pub(super) struct Recorded<'a> {
    pub(super) provenance: &'a Provenance,
    pub(super) catalog: &'a Catalog,
    pub(super) sources: &'a Sources,
}

impl<'a> Places<'a> {
    pub(super) fn new(prisma: Option<&'a PrismaCatalog>, recorded: Option<Recorded<'a>>) -> Self {
        Self { prisma, recorded }
    }

    /// Where the Prisma schema declares the object.
    pub(super) fn declared(&self, object: &ObjectId) -> Option<&'a Declaration> {
        self.prisma?.declarations.get(object)
    }

    /// The statement of a migration that made the object; of a column or constraint the place in it.
    pub(super) fn introduced(&self, object: &ObjectId) -> Option<Span> {
        let span = self.touching(object).first().copied()?;
        Some(self.narrowed(span, object))
    }

    /// Whether the object is a table that a migration has made.
    pub(super) fn is_recorded_table(&self, object: &ObjectId) -> bool {
        let ObjectId::Table(name) = object else {
            return false;
        };
        self.recorded
            .is_some_and(|it| it.catalog.tables.contains(name))
    }

    /// The place in a statement where it names a column or constraint as the thing it defines or alters.
    fn narrowed(&self, span: Span, object: &ObjectId) -> Span {
        let (ObjectId::Column(_, name) | ObjectId::Constraint(_, name)) = object else {
            return span;
        };
        let Some(recorded) = self.recorded else {
            return span;
        };
        let text = recorded.sources.text(span);
        let mut before = "(";
        for token in tokens(text).filter(|it| it.kind != TokenKind::Comment) {
            let here = token.text(text);
            let names = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent)
                && *name == *ident_value(here);
            let defines = ["(", ",", "column", "exists", "constraint", "add", "alter"];
            if names && defines.iter().any(|it| before.eq_ignore_ascii_case(it)) {
                return span.part(token.range());
            }
            before = here;
        }
        span
    }

    /// The statement of a migration that changed the object last. One that has `words` in it comes before
    /// others; those that only grant or comment do not count.
    pub(super) fn changed(&self, object: &ObjectId, words: &[&str]) -> Option<Span> {
        let sources = self.recorded?.sources;
        let all = self.touching(object);
        let changes = |span: &&Span| {
            let text = sources.text(**span);
            let first = tokens(text).next();
            !first.is_some_and(|it| {
                ["grant", "revoke", "comment"]
                    .iter()
                    .any(|word| it.is_word(text, word))
            })
        };
        let says = |span: &&Span| {
            let text = sources.text(**span).to_lowercase();
            !words.is_empty() && words.iter().all(|it| text.contains(it))
        };
        let mut found = all.iter().rev().filter(changes).filter(says);
        let any = || all.iter().rev().find(changes);
        let span = found.next().or_else(any).copied()?;
        Some(self.narrowed(span, object))
    }

    /// The last `GRANT` or `REVOKE` that is about the object, or about the table it is a column of.
    pub(super) fn privileges(&self, object: &ObjectId) -> Option<Span> {
        let recorded = self.recorded?;
        let of = |object: &ObjectId| {
            let (kind, identity) = identify(object, recorded.catalog)?;
            recorded.provenance.privileges(kind, &identity)
        };
        let table = || of(&ObjectId::Table(object.parent()?.clone()));
        of(object).or_else(table)
    }

    fn touching(&self, object: &ObjectId) -> &'a [Span] {
        let Some(recorded) = self.recorded else {
            return &[];
        };
        match identify(object, recorded.catalog) {
            Some((kind, identity)) => recorded.provenance.touching(kind, &identity),
            None => &[],
        }
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
        ObjectId::Other(it) => other_kind(it.kind)?,
        ObjectId::DefaultPrivilege(_) => return None,
    };
    Some((kind, object.name()))
}

/// The type of an object of a kind that has no type of its own in the catalog.
fn other_kind(kind: ObjectKind) -> Option<&'static str> {
    use ObjectKind::{
        BaseType, CompositeType, CronJob, RangeType, SecurityLabel, StatisticsObject, StorageBucket,
    };
    if matches!(kind, CompositeType | RangeType | BaseType) {
        return Some("type");
    }
    // These have no row that a migration's statement writes as such.
    if matches!(kind, StorageBucket | CronJob | SecurityLabel) {
        return None;
    }
    match kind == StatisticsObject {
        true => Some("statistics object"),
        false => Some(kind.as_str()),
    }
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
