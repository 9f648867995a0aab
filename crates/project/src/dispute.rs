//! Expressions that differ as text, and may still be the same.

use std::collections::BTreeSet;

use driftless_catalog::{
    Catalog, Collection, Column, ConstraintKind, Domain, Expression, Index, IndexTarget, ObjectId,
    Policy, QualifiedName, Table, Trigger,
};
use driftless_sql_text::same_skeleton;

/// Whether only a server can tell if the two are the same. What one version has printed twice differs in casts and
/// brackets at most, if it does not differ.
pub(crate) fn is_open(a: &Expression, b: &Expression) -> bool {
    let one_version = a.printed_by.is_some() && a.printed_by == b.printed_by;
    a != b && (!one_version || same_skeleton(&a.text, &b.text))
}

/// The objects of both states that have such an expression: parts of a table or view by their own names.
pub(crate) fn objects(from: &Catalog, to: &Catalog) -> BTreeSet<ObjectId> {
    let mut found = Disputes::default();
    for table in &from.tables {
        if let Some(other) = to.tables.get(&table.name) {
            found.table(table, other);
        }
    }
    for table in &from.managed_tables {
        if let Some(other) = to.managed_tables.get(&table.name) {
            found.policies(&table.name, &table.policies, &other.policies);
            found.triggers(&table.name, &table.triggers, &other.triggers);
        }
    }
    for view in &from.views {
        if let Some(other) = to.views.get(&view.name) {
            let id = || ObjectId::View(view.name.clone());
            found.pair(id, &view.definition, &other.definition);
        }
    }
    for view in &from.materialized_views {
        if let Some(other) = to.materialized_views.get(&view.name) {
            let id = || ObjectId::MaterializedView(view.name.clone());
            found.pair(id, &view.definition, &other.definition);
            found.indexes(&view.name, &view.indexes, &other.indexes);
        }
    }
    for domain in &from.domains {
        if let Some(other) = to.domains.get(&domain.name) {
            found.domain(domain, other);
        }
    }
    found.0
}

#[derive(Default)]
struct Disputes(BTreeSet<ObjectId>);

impl Disputes {
    fn pair(&mut self, id: impl FnOnce() -> ObjectId, a: &Expression, b: &Expression) {
        if is_open(a, b) {
            self.0.insert(id());
        }
    }

    fn maybe(
        &mut self,
        id: impl FnOnce() -> ObjectId,
        a: Option<&Expression>,
        b: Option<&Expression>,
    ) {
        if let (Some(a), Some(b)) = (a, b) {
            self.pair(id, a, b);
        }
    }

    fn table(&mut self, table: &Table, other: &Table) {
        let name = &table.name;
        for column in &table.columns {
            let Some(other) = other.column(&column.name) else {
                continue;
            };
            let id = || ObjectId::Column(name.clone(), column.name.clone());
            self.maybe(id, column.default.as_ref(), other.default.as_ref());
            let generated = |it: &Column| it.generated.as_ref().map(|it| it.expression.clone());
            self.maybe(id, generated(column).as_ref(), generated(other).as_ref());
        }
        for constraint in &table.constraints {
            let other = other.constraints.get(&constraint.name).map(|it| &it.kind);
            if let (
                ConstraintKind::Check { expression, .. },
                Some(ConstraintKind::Check {
                    expression: other, ..
                }),
            ) = (&constraint.kind, other)
            {
                let id = || ObjectId::Constraint(name.clone(), constraint.name.clone());
                self.pair(id, expression, other);
            }
        }
        self.indexes(name, &table.indexes, &other.indexes);
        self.policies(name, &table.policies, &other.policies);
        self.triggers(name, &table.triggers, &other.triggers);
    }

    fn indexes(
        &mut self,
        relation: &QualifiedName,
        indexes: &Collection<Index>,
        others: &Collection<Index>,
    ) {
        for index in indexes {
            let Some(other) = others.get(&index.name) else {
                continue;
            };
            let id = || ObjectId::Index(relation.sibling(index.name.clone()));
            self.maybe(id, index.predicate.as_ref(), other.predicate.as_ref());
            for (key, other) in index.keys.iter().zip(&other.keys) {
                if let (IndexTarget::Expression(a), IndexTarget::Expression(b)) =
                    (&key.target, &other.target)
                {
                    self.pair(id, a, b);
                }
            }
        }
    }

    fn policies(
        &mut self,
        table: &QualifiedName,
        policies: &Collection<Policy>,
        others: &Collection<Policy>,
    ) {
        for policy in policies {
            if let Some(other) = others.get(&policy.name) {
                let id = || ObjectId::Policy(table.clone(), policy.name.clone());
                self.maybe(id, policy.using.as_ref(), other.using.as_ref());
                self.maybe(id, policy.with_check.as_ref(), other.with_check.as_ref());
            }
        }
    }

    fn triggers(
        &mut self,
        table: &QualifiedName,
        triggers: &Collection<Trigger>,
        others: &Collection<Trigger>,
    ) {
        for trigger in triggers {
            let other = others.get(&trigger.name).and_then(|it| it.when.as_ref());
            let id = || ObjectId::Trigger(table.clone(), trigger.name.clone());
            self.maybe(id, trigger.when.as_ref(), other);
        }
    }

    fn domain(&mut self, domain: &Domain, other: &Domain) {
        let id = || ObjectId::Domain(domain.name.clone());
        self.maybe(id, domain.default.as_ref(), other.default.as_ref());
        for check in &domain.constraints {
            if let Some(other) = other.constraints.get(&check.name) {
                let id = || ObjectId::DomainConstraint(domain.name.clone(), check.name.clone());
                self.pair(id, &check.expression, &other.expression);
            }
        }
    }
}
