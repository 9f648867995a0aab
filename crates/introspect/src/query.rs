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

/// Declares the queries: a constant array of name and template, and a struct with the rows of each.
macro_rules! queries {
    ($($field:ident = $template:expr),+ $(,)?) => {
        /// The rows of every query.
        pub(crate) struct Answers {
            $(pub(crate) $field: Vec<tokio_postgres::Row>,)+
        }

        pub(crate) const QUERIES: &[(&str, &str)] = &[
            $((stringify!($field), $template),)+
        ];

        impl Answers {
            /// From the answers to [`QUERIES`], in their order.
            pub(crate) fn new(answers: Vec<Vec<tokio_postgres::Row>>) -> Self {
                let mut answers = answers.into_iter();
                Self { $($field: answers.next().unwrap_or_default(),)+ }
            }
        }
    };
}

queries! {
    roles = include_str!("queries/role.sql"),
    schemas = include_str!("queries/schema.sql"),
    extensions = include_str!("queries/extension.sql"),
    members = include_str!("queries/member.sql"),
    member_privileges = include_str!("queries/member_privilege.sql"),
    types = include_str!("queries/type.sql"),
    modifiers = include_str!("queries/modifier.sql"),
    collations = include_str!("queries/collation.sql"),
    opclasses = include_str!("queries/opclass.sql"),
    relations = include_str!("queries/relation.sql"),
    inheritance = include_str!("queries/inheritance.sql"),
    columns = include_str!("queries/column.sql"),
    column_defaults = include_str!("queries/column_default.sql"),
    constraints = include_str!("queries/constraint.sql"),
    indexes = include_str!("queries/index.sql"),
    index_columns = include_str!("queries/index_column.sql"),
    triggers = include_str!("queries/trigger.sql"),
    policies = include_str!("queries/policy.sql"),
    views = include_str!("queries/view.sql"),
    sequences = include_str!("queries/sequence.sql"),
    enums = include_str!("queries/enum.sql"),
    domains = include_str!("queries/domain.sql"),
    functions = include_str!("queries/function.sql"),
    default_privileges = include_str!("queries/default_privilege.sql"),
    others = OTHERS,
    security_labels = include_str!("queries/security_label.sql"),
    comments = include_str!("queries/comment.sql"),
    dependencies = include_str!("queries/dependency.sql"),
    data_tables = include_str!("queries/data_table.sql"),
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
        for (name, template) in QUERIES {
            for major in 13..=18 {
                assert!(!fit(template, major).contains("{{"), "{name}");
            }
        }
    }
}
