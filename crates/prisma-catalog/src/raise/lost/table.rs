//! Facts about tables.

use driftless_catalog::{
    ConstraintKind, Deferral, MatchKind, PartitionStrategy, Persistence, ReplicaIdentity,
};
use driftless_psl::RelationMode;

use super::{constraints, listed, named};
use crate::policy::can_be_declared;
use crate::raise::Raising;
use crate::raise::prisma_notes::{
    CHECKED, DEFERRED, EXCLUDING, INHERITED, PARTITIONED, ROW_SECURITY,
};
use crate::raise::spelling::Documentation;

impl Raising<'_> {
    pub(super) fn table_facts(&self, at: usize, documentation: &Documentation) -> Vec<String> {
        let seen = &self.seen.tables[at];
        let table = seen.table;
        let mut facts: Vec<String> = Vec::new();
        let untold = |note: &str| !documentation.has(note);
        let declares = self.declares_row_security(at);
        if table.row_security.enabled && !declares && untold(ROW_SECURITY) {
            facts.push("row level security".to_owned());
        }
        if table.row_security.forced && !declares {
            facts.push("row level security, forced on the owner".to_owned());
        }
        let policies = table.policies.iter();
        let policies = policies.filter(|it| !declares || !can_be_declared(it));
        facts.extend(named("policy", "policies", policies.map(|it| &it.name)));
        let triggers = table.triggers.iter().map(|it| &it.name);
        facts.extend(named("trigger", "triggers", triggers));
        let rules = self.rules_of(&table.name).map(str::to_owned);
        facts.extend(listed("rule", "rules", rules));
        if untold(CHECKED) {
            let checks = constraints(table, |it| matches!(it.kind, ConstraintKind::Check { .. }));
            facts.extend(named("check constraint", "check constraints", checks));
        }
        if untold(EXCLUDING) {
            let exclusions = constraints(table, |it| {
                matches!(it.kind, ConstraintKind::Exclusion { .. })
            });
            facts.extend(named(
                "exclusion constraint",
                "exclusion constraints",
                exclusions,
            ));
        }
        if untold(DEFERRED) {
            let deferred = constraints(table, |it| it.deferral != Deferral::NotDeferrable);
            facts.extend(named(
                "deferrable constraint",
                "deferrable constraints",
                deferred,
            ));
        }
        facts.extend(self.foreign_key_facts(at));
        facts.extend(self.family_facts(at, documentation));
        facts.extend(self.storage_facts(at));
        facts
    }

    /// Foreign keys that are no relation, or are more than one.
    fn foreign_key_facts(&self, at: usize) -> Vec<String> {
        let seen = &self.seen.tables[at];
        let mut facts = Vec::new();
        for constraint in &seen.table.constraints {
            let ConstraintKind::ForeignKey(key) = &constraint.kind else {
                continue;
            };
            let name = &constraint.name;
            let relation = seen.foreign_keys.iter().find(|it| it.name == name);
            let is_relation = self.relation_mode() == RelationMode::ForeignKeys
                && relation.is_some_and(|it| !it.is_duplicate);
            if !is_relation {
                let columns: Vec<String> = key.columns.iter().map(ToString::to_string).collect();
                facts.push(format!(
                    "foreign key {name} ({}) to {}",
                    columns.join(", "),
                    key.references
                ));
            }
            if key.match_kind == MatchKind::Full {
                facts.push(format!("foreign key {name} MATCH FULL"));
            }
            if !key.on_delete_columns.is_empty() {
                let columns: Vec<String> = key
                    .on_delete_columns
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                facts.push(format!(
                    "foreign key {name} ON DELETE sets {} only",
                    columns.join(", ")
                ));
            }
            if key.period {
                facts.push(format!("foreign key {name} with PERIOD"));
            }
            if !constraint.validated {
                facts.push(format!("foreign key {name} NOT VALID"));
            }
            if !constraint.enforced {
                facts.push(format!("foreign key {name} NOT ENFORCED"));
            }
        }
        facts
    }

    /// Partitions and inheritance.
    fn family_facts(&self, at: usize, documentation: &Documentation) -> Vec<String> {
        let seen = &self.seen.tables[at];
        let table = seen.table;
        let mut facts = Vec::new();
        if let Some(by) = &table.partition_by {
            let strategy = match by.strategy {
                PartitionStrategy::Range => "RANGE",
                PartitionStrategy::List => "LIST",
                PartitionStrategy::Hash => "HASH",
            };
            facts.push(format!("PARTITION BY {strategy} ({})", by.key));
        } else if seen.has_children
            && !documentation.has(INHERITED)
            && !documentation.has(PARTITIONED)
        {
            facts.push("tables that inherit from this one".to_owned());
        }
        if !table.inherits.is_empty() {
            let parents: Vec<String> = table.inherits.iter().map(ToString::to_string).collect();
            facts.push(format!("INHERITS ({})", parents.join(", ")));
        }
        facts
    }

    /// How rows are kept.
    fn storage_facts(&self, at: usize) -> Vec<String> {
        let table = self.seen.tables[at].table;
        let mut facts = Vec::new();
        if table.persistence == Persistence::Unlogged {
            facts.push("UNLOGGED".to_owned());
        }
        if let Some(ty) = &table.of_type {
            facts.push(format!("OF {ty}"));
        }
        if !table.options.is_empty() {
            facts.push(format!("WITH ({})", table.options.join(", ")));
        }
        match &table.replica_identity {
            ReplicaIdentity::Default => {}
            ReplicaIdentity::Full => facts.push("REPLICA IDENTITY FULL".to_owned()),
            ReplicaIdentity::Nothing => facts.push("REPLICA IDENTITY NOTHING".to_owned()),
            ReplicaIdentity::Index(index) => {
                facts.push(format!("REPLICA IDENTITY USING INDEX {index}"));
            }
        }
        facts.extend(table.access_method.iter().map(|it| format!("USING {it}")));
        facts.extend(table.tablespace.iter().map(|it| format!("TABLESPACE {it}")));
        facts
    }
}
