//! What Prisma notes above a block about things that it cannot say.

use driftless_catalog::{ConstraintKind, Deferral, IndexTarget, Table};
use driftless_psl::{RelationMode, is_reserved_name};

use super::Raising;
use super::key::known_index;
use super::relations::{End, Side};
use super::spelling::Documentation;

pub(super) const COMMENTED_ENUM: &str = "This enum is commented in the database, and requires an additional setup for \
    migrations: Read more: https://pris.ly/d/database-comments";
pub(super) const COMMENTED_VIEW: &str = "This view or at least one of its fields has comments in the database, and \
    requires an additional setup for migrations: Read more: https://pris.ly/d/database-comments";
pub(super) const COMMENTED: &str = "This model or at least one of its fields has comments in the database, and requires \
    an additional setup for migrations: Read more: https://pris.ly/d/database-comments";
pub(super) const PARTITIONED: &str = "This table is a partition table and requires additional setup for migrations. \
    Visit https://pris.ly/d/partition-tables for more info.";
pub(super) const INHERITED: &str = "This table has subclasses and requires additional setup for migrations. \
    Visit https://pris.ly/d/table-inheritance for more info.";
pub(super) const CHECKED: &str = "This table contains check constraints and requires additional setup for migrations. \
    Visit https://pris.ly/d/check-constraints for more info.";
pub(super) const EXCLUDING: &str = "This table contains exclusion constraints and requires additional setup for \
    migrations. Visit https://pris.ly/d/exclusion-constraints for more info.";
pub(super) const WITHOUT_COLUMNS: &str = "We could not retrieve columns for the underlying table. Either it has none or \
    you are missing rights to see them. Please check your privileges.";
pub(super) const WITHOUT_IDENTIFIER: &str = "The underlying table does not contain a valid unique identifier and can \
    therefore currently not be handled by Prisma Client.";
pub(super) const DEFERRED: &str = "This model has constraints using non-default deferring rules and requires additional \
    setup for migrations. Visit https://pris.ly/d/constraint-deferring for more info.";
pub(super) const ROW_SECURITY: &str = "This model contains row level security and requires additional setup for \
    migrations. Visit https://pris.ly/d/row-level-security for more info.";
pub(super) const NULLS_ORDERED: &str = "This model contains an index with non-default null sort order and requires \
    additional setup for migrations. Visit https://pris.ly/d/default-index-null-ordering for more info.";
pub(super) const EXPRESSION_INDEX: &str = "This model contains an expression index which requires additional setup for \
    migrations. Visit https://pris.ly/d/expression-indexes for more info.";

/// A block that has another name because its own is reserved.
pub(super) fn renamed(what: &str, name: &str, original: &str) -> String {
    format!(
        "This {what} has been renamed to '{name}' during introspection, because the original name '{original}' is reserved."
    )
}

impl Raising<'_> {
    /// What is written above a model in an existing schema, and what Prisma notes there: most of it only above new ones.
    pub(super) fn model_documentation(&self, at: usize) -> Documentation {
        let seen = &self.seen.tables[at];
        let table = seen.table;
        let previous = self.previous.model(at);
        let is_new = previous.is_none();
        let mut documentation = self.documentation_with_annotations(at);
        let original = table.name.name.as_str();
        if is_new && is_reserved_name(original) {
            let name = &self.naming.models[at].name;
            documentation.push_once(&renamed("model", name, original));
        }
        let is_partitioned = table.partition_by.is_some();
        let has_comments =
            table.common.comment.is_some() || seen.columns.iter().any(|it| it.comment.is_some());
        let without_columns = seen.columns.is_empty();
        let by_hand = previous.is_some_and(|it| it.ignored);
        let notes = [
            (PARTITIONED, is_new && seen.has_children && is_partitioned),
            (INHERITED, is_new && seen.has_children && !is_partitioned),
            (CHECKED, is_new && has_checks(table)),
            (EXCLUDING, is_new && has_exclusions(table)),
            (WITHOUT_COLUMNS, without_columns),
            (WITHOUT_IDENTIFIER, self.lacks_identifier(at) && !by_hand),
            (COMMENTED, is_new && has_comments),
            (DEFERRED, is_new && self.has_deferrable(at)),
            (ROW_SECURITY, is_new && table.row_security.enabled),
            (NULLS_ORDERED, self.has_new_nulls_order(at)),
            (EXPRESSION_INDEX, self.has_expression_index(table)),
        ];
        let true_ones = notes.into_iter().filter(|(_, holds)| *holds);
        true_ones.for_each(|(note, _)| documentation.push_once(note));
        documentation
    }

    fn has_deferrable(&self, at: usize) -> bool {
        let of_key = self.seen.tables[at].keys.iter().any(|it| it.is_deferrable);
        let uses_foreign_keys = self.relation_mode() == RelationMode::ForeignKeys;
        let mut ends = self.relations.ends[at].iter().filter(|_| uses_foreign_keys);
        of_key
            || ends.any(|it| match *it {
                End::Inline(table, key, Side::Forward) => {
                    let key = &self.seen.tables[table].foreign_keys[key];
                    key.constraint.deferral != Deferral::NotDeferrable
                }
                End::Inline(_, _, Side::Back) | End::Join(..) => false,
            })
    }

    fn has_new_nulls_order(&self, at: usize) -> bool {
        let previous = self.previous.model(at);
        self.seen.tables[at].keys.iter().any(|key| {
            key.columns.iter().any(|it| it.has_moved_nulls)
                && previous.and_then(|it| known_index(it, key)).is_none()
        })
    }

    fn has_expression_index(&self, table: &Table) -> bool {
        let partial = self.features.partial_indexes;
        table.indexes.iter().any(|it| {
            let is_expression = |it: &IndexTarget| matches!(it, IndexTarget::Expression(_));
            (partial || it.predicate.is_none())
                && it.keys.iter().any(|it| is_expression(&it.target))
        })
    }
}

fn has_checks(table: &Table) -> bool {
    let is_check = |it: &ConstraintKind| matches!(it, ConstraintKind::Check { .. });
    table.constraints.iter().any(|it| is_check(&it.kind))
}

fn has_exclusions(table: &Table) -> bool {
    let is_exclusion = |it: &ConstraintKind| matches!(it, ConstraintKind::Exclusion { .. });
    table.constraints.iter().any(|it| is_exclusion(&it.kind))
}
