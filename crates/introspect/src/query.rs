//! The catalog queries as text, made to fit the server's version.

/// What `{{scope}}` stands for: the numbers of the schemas that are looked at.
const SCOPE: &str = "SELECT oid FROM pg_catalog.pg_namespace \
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' \
    AND ($1::text[] IS NULL OR nspname = ANY ($1)) AND nspname <> ALL ($2)";

/// Fills in `{{scope}}`, and of each `{{15: new | old}}` the half that fits `major`.
pub(crate) fn fit(template: &str, major: u16) -> String {
    let mut out = String::with_capacity(template.len() + SCOPE.len());
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("{{") {
        let (slot, after) = behind.split_once("}}").unwrap_or((behind, ""));
        out.push_str(before);
        match slot.split_once(": ") {
            None => out.push_str(SCOPE),
            Some((since, halves)) => {
                let (new, old) = halves.rsplit_once(" | ").unwrap_or((halves, ""));
                let reached = since.parse().is_ok_and(|since: u16| major >= since);
                out.push_str(if reached { new } else { old });
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// All kinds that have no type of their own in the catalog, in one answer of one shape.
const OTHERS: &str = concat!(
    "SELECT o.kind, (pg_identify_object(o.classid, o.objid, 0)).identity, o.owner, o.acl, o.attributes::text,
            o.classid, o.objid
     FROM (",
    include_str!("queries/other/access_method.sql"),
    " UNION ALL ",
    include_str!("queries/other/aggregate.sql"),
    " UNION ALL ",
    include_str!("queries/other/base_type.sql"),
    " UNION ALL ",
    include_str!("queries/other/cast.sql"),
    " UNION ALL ",
    include_str!("queries/other/collation.sql"),
    " UNION ALL ",
    include_str!("queries/other/composite_type.sql"),
    " UNION ALL ",
    include_str!("queries/other/conversion.sql"),
    " UNION ALL ",
    include_str!("queries/other/event_trigger.sql"),
    " UNION ALL ",
    include_str!("queries/other/foreign_data_wrapper.sql"),
    " UNION ALL ",
    include_str!("queries/other/foreign_server.sql"),
    " UNION ALL ",
    include_str!("queries/other/foreign_table.sql"),
    " UNION ALL ",
    include_str!("queries/other/language.sql"),
    " UNION ALL ",
    include_str!("queries/other/operator.sql"),
    " UNION ALL ",
    include_str!("queries/other/operator_class.sql"),
    " UNION ALL ",
    include_str!("queries/other/operator_family.sql"),
    " UNION ALL ",
    include_str!("queries/other/publication.sql"),
    " UNION ALL ",
    include_str!("queries/other/range_type.sql"),
    " UNION ALL ",
    include_str!("queries/other/rule.sql"),
    " UNION ALL ",
    include_str!("queries/other/statistics_object.sql"),
    " UNION ALL ",
    include_str!("queries/other/subscription.sql"),
    " UNION ALL ",
    include_str!("queries/other/text_search_configuration.sql"),
    " UNION ALL ",
    include_str!("queries/other/text_search_dictionary.sql"),
    " UNION ALL ",
    include_str!("queries/other/text_search_parser.sql"),
    " UNION ALL ",
    include_str!("queries/other/text_search_template.sql"),
    " UNION ALL ",
    include_str!("queries/other/transform.sql"),
    " UNION ALL ",
    include_str!("queries/other/user_mapping.sql"),
    ") AS o(classid, objid, kind, owner, acl, attributes)"
);

/// What answering a query takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Rows of the catalogs, as they are.
    Rows,
    /// Expressions as text: the server opens each relation that one is about.
    Texts,
}

/// Declares the queries: an enum, and name, work and template of each.
macro_rules! queries {
    ($($query:ident $name:literal $work:ident $template:expr),+ $(,)?) => {
        /// A query on the catalogs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Query {
            $($query,)+
        }

        impl Query {
                        const ALL: &[Self] = &[$(Self::$query,)+];

            /// All, in the order in which their answers are needed.
            pub(crate) fn all() -> impl Iterator<Item = Self> {
                Self::ALL.iter().copied()
            }

            /// Those that take such work.
            pub(crate) fn of(work: Work) -> impl Iterator<Item = Self> {
                Self::all().filter(move |it| it.work() == work)
            }

            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$query => $name,)+
                }
            }

            pub(crate) fn work(self) -> Work {
                match self {
                    $(Self::$query => Work::$work,)+
                }
            }

            /// The query as SQL, with slots for [`fit`].
            pub(crate) fn template(self) -> &'static str {
                match self {
                    $(Self::$query => $template,)+
                }
            }
        }
    };
}

queries! {
    Schema "schema" Rows include_str!("queries/schema.sql"),
    Role "role" Rows include_str!("queries/role.sql"),
    Type "type" Rows include_str!("queries/type.sql"),
    Collation "collation" Rows include_str!("queries/collation.sql"),
    Opclass "opclass" Rows include_str!("queries/opclass.sql"),
    Member "member" Rows include_str!("queries/member.sql"),
    DataTable "data_table" Rows include_str!("queries/data_table.sql"),
    Extension "extension" Rows include_str!("queries/extension.sql"),
    Enum "enum" Rows include_str!("queries/enum.sql"),
    Relation "relation" Rows include_str!("queries/relation.sql"),
    Inheritance "inheritance" Rows include_str!("queries/inheritance.sql"),
    ColumnDefault "column_default" Rows include_str!("queries/column_default.sql"),
    Column "column" Rows include_str!("queries/column.sql"),
    Sequence "sequence" Rows include_str!("queries/sequence.sql"),
    Domain "domain" Rows include_str!("queries/domain.sql"),
    Constraint "constraint" Texts include_str!("queries/constraint.sql"),
    IndexColumn "index_column" Rows include_str!("queries/index_column.sql"),
    Index "index" Texts include_str!("queries/index.sql"),
    View "view" Texts include_str!("queries/view.sql"),
    Function "function" Texts include_str!("queries/function.sql"),
    Trigger "trigger" Texts include_str!("queries/trigger.sql"),
    Policy "policy" Texts include_str!("queries/policy.sql"),
    DefaultPrivilege "default_privilege" Rows include_str!("queries/default_privilege.sql"),
    Other "other" Rows OTHERS,
    SecurityLabel "security_label" Rows include_str!("queries/security_label.sql"),
    Comment "comment" Rows include_str!("queries/comment.sql"),
    Dependency "dependency" Rows include_str!("queries/dependency.sql"),
    MemberPrivilege "member_privilege" Rows include_str!("queries/member_privilege.sql"),
}

pub(crate) const STORAGE_BUCKET: &str = include_str!("queries/storage_bucket.sql");
pub(crate) const CRON_JOB: &str = include_str!("queries/cron_job.sql");
pub(crate) const SUBSCRIPTION_CONNECTION: &str =
    include_str!("queries/subscription_connection.sql");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_takes_the_half_that_fits() {
        assert_eq!(fit("a {{15: b | c}} d", 15), "a b d");
        assert_eq!(fit("a {{15: b | c}} d", 14), "a c d");
        assert!(fit("x IN ({{scope}})", 13).contains("pg_namespace"));
    }

    #[test]
    fn no_query_keeps_a_slot() {
        for query in Query::all() {
            for major in 13..=18 {
                let name = query.name();
                assert!(!fit(query.template(), major).contains("{{"), "{name}");
            }
        }
    }
}
