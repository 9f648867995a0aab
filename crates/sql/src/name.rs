//! Names and types as SQL.

use driftless_catalog::{
    DataType, FunctionId, Grantee, Ident, ObjectId, PolicyRole, QualifiedName,
};
use driftless_diff::{Manner, Order};
use driftless_sql_text::{quote_always, quote_ident};

use crate::other;

/// How SQL is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SqlOptions {
    /// The schema that the search path finds by itself, so that names in it need no prefix. Prisma writes
    /// its scripts so; `None` qualifies every name.
    pub default_schema: Option<Ident>,
    /// The major version of the server that will run it, 0 if not known.
    pub server_major: u16,
    /// How changes are carried out: the same as for [`driftless_diff::plan`].
    pub manner: Manner,
    /// Whether those who use the database are to wait as little as can be, for the price of more statements that do
    /// not share a transaction.
    pub online: bool,
    /// The order in which the source had things made, which Prisma follows inside a step.
    pub order_before: Order,
    /// The order in which the target wants things made.
    pub order: Order,
}

impl SqlOptions {
    /// `"schema"."name"`, or `"name"` in the default schema.
    pub(crate) fn name(&self, name: &QualifiedName) -> String {
        match self.default_schema.as_ref() == Some(&name.schema) {
            true => ident(&name.name),
            false => format!("{}.{}", ident(&name.schema), ident(&name.name)),
        }
    }

    /// A type: built-in ones in capitals and in the shortest spelling of the standard, as Prisma does.
    pub(crate) fn data_type(&self, ty: &DataType) -> String {
        let modifier = ty.modifier.as_deref();
        let name = match ty.name.in_pg_catalog() {
            true => builtin(&ty.name.name, modifier),
            false => {
                let name = match ty.name.user_defined() {
                    Some(name) => self.name(&name),
                    None => quote_ident(&ty.name.name).into_owned(),
                };
                with_modifier(&name, modifier)
            }
        };
        format!("{name}{}", "[]".repeat(usize::from(ty.dimensions)))
    }

    /// `"schema"."f"(INTEGER, TEXT)`
    pub(crate) fn function(&self, id: &FunctionId) -> String {
        let types: Vec<String> = id.arguments.iter().map(|it| self.data_type(it)).collect();
        format!("{}({})", self.name(&id.name), types.join(", "))
    }

    /// What stands between `ALTER`, `GRANT … ON` or `COMMENT ON` and the rest, such as `TABLE "t"`.
    /// `None` for what no such statement can name.
    pub(crate) fn object(&self, object: &ObjectId) -> Option<String> {
        Some(match object {
            ObjectId::Schema(it) => format!("SCHEMA {}", ident(it)),
            ObjectId::Extension(it) => format!("EXTENSION {}", ident(it)),
            ObjectId::Enum(it) => format!("TYPE {}", self.name(it)),
            ObjectId::Domain(it) => format!("DOMAIN {}", self.name(it)),
            ObjectId::DomainConstraint(domain, it) => {
                format!("CONSTRAINT {} ON DOMAIN {}", ident(it), self.name(domain))
            }
            ObjectId::Sequence(it) => format!("SEQUENCE {}", self.name(it)),
            ObjectId::Table(it) => format!("TABLE {}", self.name(it)),
            ObjectId::Column(table, it) => format!("COLUMN {}.{}", self.name(table), ident(it)),
            ObjectId::Constraint(table, it) => {
                format!("CONSTRAINT {} ON {}", ident(it), self.name(table))
            }
            ObjectId::Index(it) => format!("INDEX {}", self.name(it)),
            ObjectId::Trigger(table, it) => {
                format!("TRIGGER {} ON {}", ident(it), self.name(table))
            }
            ObjectId::Policy(table, it) => format!("POLICY {} ON {}", ident(it), self.name(table)),
            ObjectId::View(it) => format!("VIEW {}", self.name(it)),
            ObjectId::MaterializedView(it) => format!("MATERIALIZED VIEW {}", self.name(it)),
            ObjectId::Function(it) => format!("ROUTINE {}", self.function(it)),
            ObjectId::Other(it) => return other::target(it),
            ObjectId::DefaultPrivilege(_) => return None,
        })
    }
}

/// A name, always in quotes, as Prisma writes names.
pub(crate) fn ident(name: &Ident) -> String {
    quote_always(name.as_str())
}

/// Names with commas between.
pub(crate) fn idents<'a>(names: impl IntoIterator<Item = &'a Ident>) -> String {
    let names: Vec<String> = names.into_iter().map(ident).collect();
    names.join(", ")
}

/// `PUBLIC`, or a role's name.
pub(crate) fn grantee(grantee: &Grantee) -> String {
    match grantee {
        Grantee::Public => "PUBLIC".to_owned(),
        Grantee::Role(role) => ident(role),
    }
}

/// `PUBLIC`, or a role's name.
pub(crate) fn policy_role(role: &PolicyRole) -> String {
    match role {
        PolicyRole::Public => "PUBLIC".to_owned(),
        PolicyRole::Named(role) => ident(role),
    }
}

fn with_modifier(name: &str, modifier: Option<&str>) -> String {
    match modifier {
        Some(modifier) => format!("{name}({modifier})"),
        None => name.to_owned(),
    }
}

fn builtin(name: &str, modifier: Option<&str>) -> String {
    let spelled = match (name, modifier) {
        ("bool", _) => "BOOLEAN",
        ("int2", _) => "SMALLINT",
        ("int4", _) => "INTEGER",
        ("int8", _) => "BIGINT",
        ("float4", _) => "REAL",
        ("float8", _) => "DOUBLE PRECISION",
        ("numeric", _) => "DECIMAL",
        ("bpchar", Some(_)) => "CHAR",
        ("varbit", _) => "VARBIT",
        // Without a length these are not the types of the standard, which have length 1.
        ("bit", None) => return "\"bit\"".to_owned(),
        ("char", _) => return "\"char\"".to_owned(),
        ("interval", Some(fields)) if !fields.starts_with(|it: char| it.is_ascii_digit()) => {
            return format!("INTERVAL {}", fields.to_uppercase());
        }
        _ => return with_modifier(&name.to_uppercase(), modifier),
    };
    with_modifier(spelled, modifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_spelled_as_prisma_does() {
        for (ty, sql) in [
            ("integer", "INTEGER"),
            ("character varying(20)", "VARCHAR(20)"),
            ("character(3)", "CHAR(3)"),
            ("bpchar", "BPCHAR"),
            ("bit(3)", "BIT(3)"),
            ("timestamp(3) without time zone", "TIMESTAMP(3)"),
            ("timestamp with time zone[]", "TIMESTAMPTZ[]"),
            ("numeric(65,30)", "DECIMAL(65,30)"),
            ("double precision", "DOUBLE PRECISION"),
            ("interval day to second(3)", "INTERVAL DAY TO SECOND(3)"),
            ("\"char\"", "\"char\""),
            ("public.\"Role\"[]", "\"Role\"[]"),
            ("extensions.vector(3)", "\"extensions\".\"vector\"(3)"),
        ] {
            let options = SqlOptions {
                default_schema: Ident::new("public").ok(),
                ..SqlOptions::default()
            };
            assert_eq!(options.data_type(&DataType::parse(ty).unwrap()), sql);
        }
    }

    #[test]
    fn a_hostile_name_stays_a_name() {
        let name = QualifiedName::new(
            Ident::new("a\".b").unwrap(),
            Ident::new("x\"; DROP TABLE t; --").unwrap(),
        );
        assert_eq!(
            SqlOptions::default().name(&name),
            "\"a\"\".b\".\"x\"\"; DROP TABLE t; --\""
        );
    }
}
