//! Where SQL text stands in a catalog.

use crate::{
    Catalog, Collection, Column, ConstraintKind, DataType, Expression, FunctionBody, Index,
    IndexTarget, ObjectId, Policy, QualifiedName, Trigger, ViewColumn,
};

/// Where an expression stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpressionPlace<'a> {
    /// Whose it is.
    pub object: ObjectId,
    /// Which one of the object's.
    pub part: &'static str,
    /// Which one of several.
    pub index: usize,
    /// The relation whose columns it may name without a prefix.
    pub relation: Option<&'a QualifiedName>,
    /// The type of its value, where the object says it.
    pub data_type: Option<&'a DataType>,
}

impl<'a> ExpressionPlace<'a> {
    fn of(object: ObjectId, part: &'static str, relation: Option<&'a QualifiedName>) -> Self {
        Self {
            object,
            part,
            index: 0,
            relation,
            data_type: None,
        }
    }
}

impl Catalog {
    /// Calls `each` with every expression, kind by kind and by name. Those in attributes of other kinds are not told
    /// from other text.
    pub fn each_expression(&mut self, mut each: impl FnMut(&ExpressionPlace<'_>, &mut Expression)) {
        let each = &mut each;
        for domain in self.domains.iter_mut() {
            let object = ObjectId::Domain(domain.name.clone());
            if let Some(default) = &mut domain.default {
                let mut place = ExpressionPlace::of(object, "default", None);
                place.data_type = Some(&domain.base);
                each(&place, default);
            }
            for check in domain.constraints.iter_mut() {
                let object = ObjectId::DomainConstraint(domain.name.clone(), check.name.clone());
                let place = ExpressionPlace::of(object, "check", None);
                each(&place, &mut check.expression);
            }
        }
        for table in self.tables.iter_mut() {
            let name = &table.name;
            if let Some(by) = &mut table.partition_by {
                let object = ObjectId::Table(name.clone());
                let place = ExpressionPlace::of(object, "partition by", Some(name));
                each(&place, &mut by.key);
            }
            if let Some(partition) = &mut table.partition {
                let object = ObjectId::Table(name.clone());
                each(
                    &ExpressionPlace::of(object, "bound", None),
                    &mut partition.bound,
                );
            }
            for it in &mut table.columns {
                column(name, it, each);
            }
            for it in table.constraints.iter_mut() {
                let object = ObjectId::Constraint(name.clone(), it.name.clone());
                constraint(object, name, &mut it.kind, each);
            }
            indexes(name, &mut table.indexes, each);
            triggers(name, &mut table.triggers, each);
            policies(name, &mut table.policies, each);
        }
        for table in self.managed_tables.iter_mut() {
            triggers(&table.name, &mut table.triggers, each);
            policies(&table.name, &mut table.policies, each);
        }
        for view in self.views.iter_mut() {
            let object = ObjectId::View(view.name.clone());
            let place = ExpressionPlace::of(object, "definition", None);
            each(&place, &mut view.definition);
            view_columns(&view.name, &mut view.columns, each);
            triggers(&view.name, &mut view.triggers, each);
        }
        for view in self.materialized_views.iter_mut() {
            let object = ObjectId::MaterializedView(view.name.clone());
            let place = ExpressionPlace::of(object, "definition", None);
            each(&place, &mut view.definition);
            indexes(&view.name, &mut view.indexes, each);
        }
        for function in self.functions.iter_mut() {
            let object = ObjectId::Function(function.id.clone());
            for (at, argument) in function.arguments.iter_mut().enumerate() {
                if let Some(default) = &mut argument.default {
                    let mut place = ExpressionPlace::of(object.clone(), "argument", None);
                    place.index = at;
                    place.data_type = Some(&argument.data_type);
                    each(&place, default);
                }
            }
            if let FunctionBody::Sql(body) = &mut function.body {
                each(&ExpressionPlace::of(object, "body", None), body);
            }
        }
    }
}

fn column(
    table: &QualifiedName,
    column: &mut Column,
    each: &mut impl FnMut(&ExpressionPlace<'_>, &mut Expression),
) {
    let object = || ObjectId::Column(table.clone(), column.name.clone());
    if let Some(default) = &mut column.default {
        let mut place = ExpressionPlace::of(object(), "default", None);
        place.data_type = Some(&column.data_type);
        each(&place, default);
    }
    if let Some(generated) = &mut column.generated {
        let mut place = ExpressionPlace::of(object(), "generated", Some(table));
        place.data_type = Some(&column.data_type);
        each(&place, &mut generated.expression);
    }
}

fn view_columns(
    view: &QualifiedName,
    columns: &mut [ViewColumn],
    each: &mut impl FnMut(&ExpressionPlace<'_>, &mut Expression),
) {
    for column in columns {
        if let Some(default) = &mut column.default {
            let object = ObjectId::Column(view.clone(), column.name.clone());
            let mut place = ExpressionPlace::of(object, "default", None);
            place.data_type = Some(&column.data_type);
            each(&place, default);
        }
    }
}

fn constraint(
    object: ObjectId,
    table: &QualifiedName,
    kind: &mut ConstraintKind,
    each: &mut impl FnMut(&ExpressionPlace<'_>, &mut Expression),
) {
    let place = |part, index| ExpressionPlace {
        index,
        ..ExpressionPlace::of(object.clone(), part, Some(table))
    };
    match kind {
        ConstraintKind::Check { expression, .. } => each(&place("check", 0), expression),
        ConstraintKind::Exclusion {
            elements,
            predicate,
            ..
        } => {
            for (at, it) in elements.iter_mut().enumerate() {
                if let IndexTarget::Expression(text) = &mut it.key.target {
                    each(&place("key", at), text);
                }
            }
            if let Some(predicate) = predicate {
                each(&place("where", 0), predicate);
            }
        }
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::NotNull { .. } => {}
    }
}

fn indexes(
    relation: &QualifiedName,
    indexes: &mut Collection<Index>,
    each: &mut impl FnMut(&ExpressionPlace<'_>, &mut Expression),
) {
    for index in indexes.iter_mut() {
        let object = ObjectId::Index(relation.sibling(index.name.clone()));
        for (at, key) in index.keys.iter_mut().enumerate() {
            if let IndexTarget::Expression(text) = &mut key.target {
                let mut place = ExpressionPlace::of(object.clone(), "key", Some(relation));
                place.index = at;
                each(&place, text);
            }
        }
        if let Some(predicate) = &mut index.predicate {
            let place = ExpressionPlace::of(object, "where", Some(relation));
            each(&place, predicate);
        }
    }
}

fn triggers(
    relation: &QualifiedName,
    triggers: &mut Collection<Trigger>,
    each: &mut impl FnMut(&ExpressionPlace<'_>, &mut Expression),
) {
    for trigger in triggers.iter_mut() {
        if let Some(when) = &mut trigger.when {
            let object = ObjectId::Trigger(relation.clone(), trigger.name.clone());
            each(&ExpressionPlace::of(object, "when", Some(relation)), when);
        }
    }
}

fn policies(
    table: &QualifiedName,
    policies: &mut Collection<Policy>,
    each: &mut impl FnMut(&ExpressionPlace<'_>, &mut Expression),
) {
    for policy in policies.iter_mut() {
        let object = ObjectId::Policy(table.clone(), policy.name.clone());
        let parts = [
            ("using", &mut policy.using),
            ("with check", &mut policy.with_check),
        ];
        for (part, text) in parts {
            if let Some(text) = text {
                each(
                    &ExpressionPlace::of(object.clone(), part, Some(table)),
                    text,
                );
            }
        }
    }
}
