//! What an object needs, and what its parts do.

use driftless_catalog::{
    Catalog, Column, ConstraintKind, DataType, ForeignKey, Index, ObjectId, QualifiedName, Table,
    Trigger,
};

use crate::Change;
use crate::graph::Lookup;

/// What the parts of a table or view need, which go with it: those that do not go before.
pub(super) fn parts_need(catalog: &Catalog, object: &ObjectId, lookup: &Lookup) -> Vec<ObjectId> {
    let (ObjectId::Table(name) | ObjectId::View(name) | ObjectId::MaterializedView(name)) = object
    else {
        return Vec::new();
    };
    parts(catalog, name)
        .iter()
        .filter(|it| !lookup.dropped.contains_key(it))
        .flat_map(|it| catalog.dependencies_of(it).cloned())
        .collect()
}

/// What goes with a table or view when it is dropped.
fn parts(catalog: &Catalog, relation: &QualifiedName) -> Vec<ObjectId> {
    let trigger = |it: &Trigger| ObjectId::Trigger(relation.clone(), it.name.clone());
    let index = |it: &Index| ObjectId::Index(relation.sibling(it.name.clone()));
    let mut found = Vec::new();
    if let Some(table) = catalog.tables.get(relation) {
        let columns = table.columns.iter().map(|it| &it.name);
        found.extend(columns.map(|it| ObjectId::Column(relation.clone(), it.clone())));
        let constraints = table.constraints.iter().map(|it| &it.name);
        found.extend(constraints.map(|it| ObjectId::Constraint(relation.clone(), it.clone())));
        let policies = table.policies.iter().map(|it| &it.name);
        found.extend(policies.map(|it| ObjectId::Policy(relation.clone(), it.clone())));
        found.extend(table.triggers.iter().map(trigger));
        found.extend(table.indexes.iter().map(index));
    }
    if let Some(view) = catalog.views.get(relation) {
        found.extend(view.triggers.iter().map(trigger));
    }
    if let Some(view) = catalog.materialized_views.get(relation) {
        found.extend(view.indexes.iter().map(index));
    }
    found
}

/// What `object` needs in the state of `catalog`: as recorded, and as its own fields say.
pub(super) fn needs(catalog: &Catalog, object: &ObjectId, change: &Change<'_>) -> Vec<ObjectId> {
    let mut found: Vec<ObjectId> = catalog.dependencies_of(object).cloned().collect();
    if let Some(parent) = object.parent() {
        found.push(ObjectId::Table(parent.clone()));
    }
    if let Some(relation) = change.relation() {
        found.push(ObjectId::Table(relation.clone()));
        found.push(ObjectId::MaterializedView(relation.clone()));
        found.push(ObjectId::View(relation.clone()));
    }
    match object {
        ObjectId::Table(name) => {
            if let (Change::Table(_), Some(table)) = (change, catalog.tables.get(name)) {
                table_needs(catalog, table, &mut found);
            }
        }
        ObjectId::Column(table, column) => {
            let column = catalog.tables.get(table).and_then(|it| it.column(column));
            if let Some(column) = column {
                column_needs(catalog, column, &mut found);
            }
        }
        ObjectId::Constraint(table, name) => {
            let constraint = catalog
                .tables
                .get(table)
                .and_then(|it| it.constraints.get(name));
            if let Some(ConstraintKind::ForeignKey(key)) = constraint.map(|it| &it.kind) {
                foreign_key_needs(catalog, key, &mut found);
            }
        }
        ObjectId::Trigger(relation, name) => {
            let triggers = catalog
                .tables
                .get(relation)
                .map(|it| &it.triggers)
                .or_else(|| catalog.views.get(relation).map(|it| &it.triggers))
                .or_else(|| catalog.managed_tables.get(relation).map(|it| &it.triggers));
            if let Some(trigger) = triggers.and_then(|it| it.get(name)) {
                found.push(ObjectId::Function(driftless_catalog::FunctionId {
                    name: trigger.function.clone(),
                    arguments: Vec::new(),
                }));
            }
        }
        ObjectId::Function(id) => {
            if let Some(function) = catalog.functions.get(id) {
                for it in &function.arguments {
                    type_needs(catalog, &it.data_type, &mut found);
                }
                if let Some(it) = &function.returns {
                    type_needs(catalog, &it.data_type, &mut found);
                }
            }
        }
        ObjectId::Sequence(name) => {
            // That of a `serial` column is made with its table.
            let owner = catalog
                .sequences
                .get(name)
                .and_then(|it| it.owned_by.as_ref());
            if let Some(owner) = owner.filter(|_| change.is_about()) {
                found.push(ObjectId::Table(owner.table.clone()));
                found.push(ObjectId::Column(owner.table.clone(), owner.column.clone()));
            }
        }
        ObjectId::Domain(name) => {
            if let Some(domain) = catalog.domains.get(name) {
                type_needs(catalog, &domain.base, &mut found);
                for it in &domain.constraints {
                    let id = ObjectId::DomainConstraint(name.clone(), it.name.clone());
                    found.extend(catalog.dependencies_of(&id).cloned());
                }
            }
        }
        ObjectId::Schema(_)
        | ObjectId::Extension(_)
        | ObjectId::Enum(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Index(_)
        | ObjectId::Policy(..)
        | ObjectId::View(_)
        | ObjectId::MaterializedView(_)
        | ObjectId::DefaultPrivilege(_)
        | ObjectId::Other(_) => {}
    }
    found.extend(object.schema().cloned().map(ObjectId::Schema));
    found
}

fn table_needs(catalog: &Catalog, table: &Table, found: &mut Vec<ObjectId>) {
    for column in &table.columns {
        column_needs(catalog, column, found);
        // What a column's default needs, the whole table needs.
        let id = ObjectId::Column(table.name.clone(), column.name.clone());
        found.extend(catalog.dependencies_of(&id).cloned());
    }
    for constraint in &table.constraints {
        // Foreign keys come on their own, behind the tables they refer to.
        if !matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
            let id = ObjectId::Constraint(table.name.clone(), constraint.name.clone());
            found.extend(catalog.dependencies_of(&id).cloned());
        }
    }
    let parent = table.partition.as_ref().map(|it| &it.of);
    found.extend(
        parent
            .into_iter()
            .chain(&table.inherits)
            .cloned()
            .map(ObjectId::Table),
    );
}

fn column_needs(catalog: &Catalog, column: &Column, found: &mut Vec<ObjectId>) {
    type_needs(catalog, &column.data_type, found);
    found.extend(column.serial.clone().map(ObjectId::Sequence));
}

fn type_needs(catalog: &Catalog, ty: &DataType, found: &mut Vec<ObjectId>) {
    let Some(name) = ty.name.user_defined() else {
        return;
    };
    if catalog.enums.contains(&name) {
        found.push(ObjectId::Enum(name));
    } else if catalog.domains.contains(&name) {
        found.push(ObjectId::Domain(name));
    } else if catalog.tables.contains(&name) {
        found.push(ObjectId::Table(name));
    }
}

/// The referenced table, and whatever makes the referenced columns unique.
fn foreign_key_needs(catalog: &Catalog, key: &ForeignKey, found: &mut Vec<ObjectId>) {
    found.push(ObjectId::Table(key.references.clone()));
    let Some(table) = catalog.tables.get(&key.references) else {
        return;
    };
    for column in &key.referenced_columns {
        found.push(ObjectId::Column(table.name.clone(), column.clone()));
    }
    for it in &table.constraints {
        if matches!(
            it.kind,
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_)
        ) {
            found.push(ObjectId::Constraint(table.name.clone(), it.name.clone()));
        }
    }
    for it in table.indexes.iter().filter(|it| it.unique) {
        found.push(ObjectId::Index(table.name.sibling(it.name.clone())));
    }
}
