//! Facts about the tables of implicit many-to-many relations, which have no model.

use super::listed;
use crate::raise::Raising;
use crate::raise::relations::{End, Side};
use crate::raise::spelling::Documentation;

impl Raising<'_> {
    /// What relations do not tell of their tables, at the model that column `A` references.
    pub(super) fn join_table_facts(&self, at: usize) -> Vec<String> {
        let ends = self.relations.ends[at].iter();
        let joins = ends.filter_map(|it| match *it {
            End::Join(join, Side::Forward) => Some(join),
            End::Join(_, Side::Back) | End::Inline(..) => None,
        });
        joins.flat_map(|it| self.facts_of_join_table(it)).collect()
    }

    fn facts_of_join_table(&self, join: usize) -> Vec<String> {
        let seen = &self.seen.tables[join];
        let nothing = Documentation::default();
        let mut facts = self.table_facts(join, &nothing);
        facts.extend(self.index_facts(join, &nothing));
        for (place, column) in seen.columns.iter().enumerate() {
            let of_column = self.column_facts(join, place).into_iter();
            facts.extend(of_column.map(|it| format!("column {} {it}", column.name)));
        }
        let commented = seen.columns.iter().filter(|it| it.comment.is_some());
        let commented = commented.map(|it| it.name.to_string());
        facts.extend(listed(
            "comment on column",
            "comments on columns",
            commented,
        ));
        facts.extend(
            seen.table
                .common
                .comment
                .iter()
                .map(|_| "comment".to_owned()),
        );
        let name = &seen.table.name.name;
        facts
            .iter()
            .map(|it| format!("join table {name}: {it}"))
            .collect()
    }
}
