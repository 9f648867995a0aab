//! Facts about keys and indexes.

use driftless_catalog::{
    ConstraintKind, Ident, Index, IndexKey, IndexTarget, KeyColumns, NullsOrder,
};
use driftless_psl::IndexAlgorithm;

use crate::raise::Raising;
use crate::raise::prisma_notes::{EXPRESSION_INDEX, NULLS_ORDERED};
use crate::raise::spelling::Documentation;

impl Raising<'_> {
    pub(super) fn index_facts(&self, at: usize, documentation: &Documentation) -> Vec<String> {
        let table = self.seen.tables[at].table;
        let mut facts = Vec::new();
        for constraint in &table.constraints {
            let (ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key)) = &constraint.kind
            else {
                continue;
            };
            let of_key = of_constraint(key).into_iter();
            facts.extend(of_key.map(|it| format!("key {} {it}", constraint.name)));
        }
        let of_indexes = table.indexes.iter();
        facts.extend(of_indexes.filter_map(|it| self.of_index(it, documentation)));
        facts
    }

    fn of_index(&self, index: &Index, documentation: &Documentation) -> Option<String> {
        let what = match index.unique {
            true => format!("unique index {}", index.name),
            false => format!("index {}", index.name),
        };
        let is_expression = |it: &IndexKey| matches!(it.target, IndexTarget::Expression(_));
        let has_expression = index.keys.iter().any(is_expression);
        let is_partial = index.predicate.is_some() && !self.features.partial_indexes;
        if has_expression && !is_partial && documentation.has(EXPRESSION_INDEX) {
            return None;
        }
        if has_expression || is_partial || !is_known(&index.method) {
            let keys: Vec<String> = index.keys.iter().map(|it| target(&it.target)).collect();
            let condition = index.predicate.iter().map(|it| format!(" WHERE {it}"));
            let condition: String = condition.collect();
            let keys = keys.join(", ");
            return Some(format!("{what} USING {} ({keys}){condition}", index.method));
        }
        let of_keys = index.keys.iter();
        let mut facts: Vec<String> = of_keys.filter_map(|it| of_key(it, documentation)).collect();
        facts.extend(include(&index.include));
        if index.nulls_not_distinct {
            facts.push("NULLS NOT DISTINCT".to_owned());
        }
        facts.extend(with(&index.options));
        facts.extend(index.tablespace.iter().map(|it| format!("TABLESPACE {it}")));
        if !index.valid {
            facts.push("which is not valid".to_owned());
        }
        (!facts.is_empty()).then(|| format!("{what} {}", facts.join(" ")))
    }
}

/// Whether Prisma knows the access method.
fn is_known(method: &Ident) -> bool {
    let mut known = IndexAlgorithm::ALL.iter();
    known.any(|it| it.as_str().eq_ignore_ascii_case(method.as_str()))
}

fn of_key(key: &IndexKey, documentation: &Documentation) -> Option<String> {
    let mut facts = Vec::new();
    facts.extend(key.collation.iter().map(|it| format!("COLLATE {it}")));
    // The operator class itself is in the schema.
    let opclass = key.opclass.iter().filter(|it| !it.parameters.is_empty());
    facts.extend(opclass.map(|it| format!("{}({})", it.name, it.parameters.join(", "))));
    if let (Some(nulls), false) = (key.nulls, documentation.has(NULLS_ORDERED)) {
        facts.push(match nulls {
            NullsOrder::First => "NULLS FIRST".to_owned(),
            NullsOrder::Last => "NULLS LAST".to_owned(),
        });
    }
    (!facts.is_empty()).then(|| format!("({} {})", target(&key.target), facts.join(" ")))
}

fn of_constraint(key: &KeyColumns) -> Vec<String> {
    let mut facts: Vec<String> = include(&key.include).into_iter().collect();
    if key.nulls_not_distinct {
        facts.push("NULLS NOT DISTINCT".to_owned());
    }
    if key.without_overlaps {
        facts.push("WITHOUT OVERLAPS".to_owned());
    }
    facts.extend(with(&key.options));
    facts.extend(key.tablespace.iter().map(|it| format!("TABLESPACE {it}")));
    facts
}

fn include(columns: &[Ident]) -> Option<String> {
    let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
    (!columns.is_empty()).then(|| format!("INCLUDE ({})", columns.join(", ")))
}

fn with(options: &[String]) -> Option<String> {
    (!options.is_empty()).then(|| format!("WITH ({})", options.join(", ")))
}

fn target(target: &IndexTarget) -> String {
    match target {
        IndexTarget::Column(name) => name.to_string(),
        IndexTarget::Expression(expression) => expression.to_string(),
    }
}
