//! Facts about keys and indexes.

use driftless_catalog::{Ident, Index, IndexKey, IndexTarget, KeyColumns};
use driftless_psl::IndexAlgorithm;

use crate::raise::Raising;
use crate::raise::key::is_on;
use crate::raise::prisma_notes::{EXPRESSION_INDEX, NULLS_ORDERED};
use crate::raise::seen::KeyKind;
use crate::raise::spelling::Documentation;

impl Raising<'_> {
    pub(super) fn index_facts(&self, at: usize, documentation: &Documentation) -> Vec<String> {
        let seen = &self.seen.tables[at];
        let mut facts = Vec::new();
        for key in &seen.keys {
            // Of several unique keys on one column, `@unique` stands for the first.
            let hidden = (0..seen.columns.len()).any(|column| {
                let first = || self.unique_key(at, column);
                key.kind == KeyKind::Unique
                    && is_on(key, column)
                    && first().is_some_and(|it| it.name != key.name)
            });
            if hidden {
                facts.push(format!("another unique key {}", key.name));
            }
            let of_key = key.constraint.map(|(_, it)| of_constraint(it));
            facts.extend(
                of_key
                    .into_iter()
                    .flatten()
                    .map(|it| format!("key {} {it}", key.name)),
            );
        }
        for constraint in &seen.table.constraints {
            use driftless_catalog::ConstraintKind::{PrimaryKey, Unique};
            if let PrimaryKey(key) | Unique(key) = &constraint.kind
                && key.without_overlaps
            {
                facts.push(format!("key {} WITHOUT OVERLAPS", constraint.name));
            }
        }
        for index in &seen.table.indexes {
            facts.extend(self.of_index(index, documentation));
        }
        facts
    }

    fn of_index(&self, index: &Index, documentation: &Documentation) -> Option<String> {
        let is_expression = |it: &IndexKey| matches!(it.target, IndexTarget::Expression(_));
        let has_expression = index.keys.iter().any(is_expression);
        let is_partial = index.predicate.is_some() && !self.features.partial_indexes;
        let unique = if index.unique {
            "unique index"
        } else {
            "index"
        };
        let name = &index.name;
        if has_expression && !is_partial && documentation.has(EXPRESSION_INDEX) {
            return None;
        }
        if has_expression || is_partial {
            let keys: Vec<String> = index.keys.iter().map(|it| target(&it.target)).collect();
            let condition = index.predicate.iter().map(|it| format!(" WHERE {it}"));
            let condition: String = condition.collect();
            let method = &index.method;
            return Some(format!(
                "{unique} {name} USING {method} ({}){condition}",
                keys.join(", ")
            ));
        }
        let mut facts = Vec::new();
        let known =
            |it: &IndexAlgorithm| *index.method.as_str() == it.as_str().to_ascii_lowercase();
        let algorithm = IndexAlgorithm::ALL.into_iter().find(known);
        if algorithm.is_none() {
            facts.push(format!("USING {}", index.method));
        }
        for key in &index.keys {
            facts.extend(of_key(key, algorithm, documentation));
        }
        facts.extend(include(&index.include));
        if index.nulls_not_distinct {
            facts.push("NULLS NOT DISTINCT".to_owned());
        }
        if !index.options.is_empty() {
            facts.push(format!("WITH ({})", index.options.join(", ")));
        }
        facts.extend(index.tablespace.iter().map(|it| format!("TABLESPACE {it}")));
        if !index.valid {
            facts.push("which is not valid".to_owned());
        }
        (!facts.is_empty()).then(|| format!("{unique} {name} {}", facts.join(" ")))
    }
}

fn of_key(
    key: &IndexKey,
    algorithm: Option<IndexAlgorithm>,
    documentation: &Documentation,
) -> Option<String> {
    let mut facts = Vec::new();
    facts.extend(key.collation.iter().map(|it| format!("COLLATE {it}")));
    // Those of the other methods are in the schema.
    let is_unsaid = matches!(
        algorithm,
        Some(IndexAlgorithm::BTree | IndexAlgorithm::Hash) | None
    );
    if let Some(opclass) = &key.opclass {
        let parameters = match opclass.parameters.is_empty() {
            true => String::new(),
            false => format!("({})", opclass.parameters.join(", ")),
        };
        if is_unsaid || !opclass.parameters.is_empty() {
            facts.push(format!("{}{parameters}", opclass.name));
        }
    }
    if let (Some(nulls), false) = (key.nulls, documentation.has(NULLS_ORDERED)) {
        facts.push(match nulls {
            driftless_catalog::NullsOrder::First => "NULLS FIRST".to_owned(),
            driftless_catalog::NullsOrder::Last => "NULLS LAST".to_owned(),
        });
    }
    (!facts.is_empty()).then(|| format!("({} {})", target(&key.target), facts.join(" ")))
}

fn of_constraint(key: &KeyColumns) -> Vec<String> {
    let mut facts: Vec<String> = include(&key.include).into_iter().collect();
    if key.nulls_not_distinct {
        facts.push("NULLS NOT DISTINCT".to_owned());
    }
    if !key.options.is_empty() {
        facts.push(format!("WITH ({})", key.options.join(", ")));
    }
    facts.extend(key.tablespace.iter().map(|it| format!("TABLESPACE {it}")));
    facts
}

fn include(columns: &[Ident]) -> Option<String> {
    let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
    (!columns.is_empty()).then(|| format!("INCLUDE ({})", columns.join(", ")))
}

fn target(target: &IndexTarget) -> String {
    match target {
        IndexTarget::Column(name) => name.to_string(),
        IndexTarget::Expression(expression) => expression.to_string(),
    }
}
