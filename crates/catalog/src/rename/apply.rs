//! A catalog under other names.

use std::collections::BTreeSet;

use super::text::Texts;
use super::{Renames, part};
use crate::{
    Attribute, Catalog, Collection, Column, Constraint, ConstraintKind, Fields, ForeignKey,
    Function, Ident, Index, IndexKey, IndexTarget, KeyColumns, Named, ObjectKind, Other,
    QualifiedName, ReplicaIdentity, Table, Trigger, ViewColumn,
};

impl Catalog {
    /// The catalog after `renames`, with everything that names a renamed object by name or in an expression.
    ///
    /// Names are exact. Texts are rewritten word by word, which hits what the server would print for expressions over
    /// one table, and mostly for queries. The source of a function does not follow a rename, and does not here.
    #[must_use]
    pub fn renamed(&self, renames: &Renames) -> Self {
        let mut catalog = self.clone();
        if renames.is_empty() {
            return catalog;
        }
        let texts = Texts::new(renames);
        catalog.each_expression(|place, expression| {
            texts.rewrite(expression, place.relation, place.data_type);
        });
        catalog.under(renames, &texts);
        catalog
    }

    /// Whether an expression has a word in it that becomes another, so that only a server can tell for certain what it
    /// will be.
    pub fn is_told_of(&self, renames: &Renames) -> bool {
        let texts = Texts::new(renames);
        let mut found = false;
        self.clone().each_expression(|_, expression| {
            found = found || texts.touches(&expression.text);
        });
        let of_others = |it: &Other| {
            let mut attributes = it.attributes.values();
            attributes.any(|it| texts.touches(&it.to_string()))
        };
        found || self.others.iter().any(of_others)
    }

    /// Gives everything its new name; expressions stay as they are.
    fn under(&mut self, renames: &Renames, texts: &Texts<'_>) {
        let relation = |it: &QualifiedName| renames.relation(it);
        each(&mut self.schemas, |it| it.name = renames.schema(&it.name));
        each(&mut self.extensions, |it| {
            it.schema = it.schema.as_ref().map(|it| renames.schema(it));
        });
        each(&mut self.enums, |it| {
            for label in &mut it.labels {
                *label = renames.label(&it.name, label);
            }
            it.name = renames.type_name(&it.name);
        });
        each(&mut self.domains, |it| {
            let name = it.name.clone();
            each(&mut it.constraints, |check| {
                check.name = part(&renames.domain_constraints, &name, &check.name);
            });
            it.base = renames.data_type(&it.base);
            it.collation = it.collation.as_ref().map(|it| renames.in_schema(it));
            it.name = renames.type_name(&name);
        });
        each(&mut self.sequences, |it| {
            if let Some(owner) = &mut it.owned_by {
                owner.column = renames.column(&owner.table, &owner.column);
                owner.table = relation(&owner.table);
            }
            it.name = relation(&it.name);
        });
        each(&mut self.tables, |it| table(it, renames));
        each(&mut self.managed_tables, |it| {
            parts(&it.name, &mut it.triggers, renames);
        });
        each(&mut self.views, |it| {
            view_columns(&it.name, &mut it.columns, renames);
            parts(&it.name, &mut it.triggers, renames);
            it.name = relation(&it.name);
        });
        each(&mut self.materialized_views, |it| {
            view_columns(&it.name, &mut it.columns, renames);
            indexes(&it.name, &mut it.indexes, renames);
            it.name = relation(&it.name);
        });
        each(&mut self.functions, |it| function(it, renames));
        each(&mut self.default_privileges, |it| {
            it.id.schema = it.id.schema.as_ref().map(|it| renames.schema(it));
        });
        each(&mut self.others, |it| other(it, renames, texts));
        self.dependencies = self
            .dependencies
            .iter()
            .map(|(object, needs)| {
                let needs = needs.iter().map(|it| renames.object(it));
                // In order, and each once, as introspection has them.
                let needs: BTreeSet<_> = needs.collect();
                let needs: Vec<_> = needs.into_iter().collect();
                (renames.object(object), needs)
            })
            .collect();
    }
}

/// Changes all of a collection, names included.
fn each<T: Named>(all: &mut Collection<T>, mut change: impl FnMut(&mut T)) {
    let items = std::mem::take(all).into_iter();
    all.extend(items.map(|mut it| {
        change(&mut it);
        it
    }));
}

fn table(table: &mut Table, renames: &Renames) {
    let name = table.name.clone();
    for it in &mut table.columns {
        column(&name, it, renames);
    }
    each(&mut table.constraints, |it| constraint(&name, it, renames));
    if let ReplicaIdentity::Index(index) = &mut table.replica_identity {
        let by_constraint = part(&renames.constraints, &name, index);
        *index = match by_constraint == *index {
            true => renames.relation(&name.sibling(index.clone())).name,
            false => by_constraint,
        };
    }
    indexes(&name, &mut table.indexes, renames);
    parts(&name, &mut table.triggers, renames);
    each(&mut table.policies, |it| {
        it.name = part(&renames.policies, &name, &it.name);
    });
    if let Some(partition) = &mut table.partition {
        partition.of = renames.relation(&partition.of);
    }
    for parent in &mut table.inherits {
        *parent = renames.relation(parent);
    }
    table.of_type = table.of_type.as_ref().map(|it| renames.type_name(it));
    table.name = renames.relation(&name);
}

fn column(table: &QualifiedName, column: &mut Column, renames: &Renames) {
    column.name = renames.column(table, &column.name);
    let data_type = renames.data_type(&column.data_type);
    if data_type != column.data_type {
        column.spelled_type = None;
    }
    column.data_type = data_type;
    column.serial = column.serial.as_ref().map(|it| renames.relation(it));
    if let Some(identity) = &mut column.identity {
        identity.sequence = renames.relation(&identity.sequence);
    }
    column.collation = column.collation.as_ref().map(|it| renames.in_schema(it));
}

fn view_columns(view: &QualifiedName, columns: &mut [ViewColumn], renames: &Renames) {
    for column in columns {
        column.name = renames.column(view, &column.name);
        column.data_type = renames.data_type(&column.data_type);
    }
}

fn constraint(table: &QualifiedName, constraint: &mut Constraint, renames: &Renames) {
    constraint.name = part(&renames.constraints, table, &constraint.name);
    match &mut constraint.kind {
        ConstraintKind::PrimaryKey(KeyColumns {
            columns, include, ..
        })
        | ConstraintKind::Unique(KeyColumns {
            columns, include, ..
        }) => {
            names(table, columns, renames);
            names(table, include, renames);
        }
        ConstraintKind::ForeignKey(ForeignKey {
            columns,
            references,
            referenced_columns,
            on_delete_columns,
            ..
        }) => {
            names(table, columns, renames);
            names(table, on_delete_columns, renames);
            names(references, referenced_columns, renames);
            *references = renames.relation(references);
        }
        ConstraintKind::Check { .. } => {}
        ConstraintKind::Exclusion {
            elements, include, ..
        } => {
            for it in elements {
                key(table, &mut it.key, renames);
            }
            names(table, include, renames);
        }
        ConstraintKind::NotNull { column, .. } => *column = renames.column(table, column),
    }
}

fn names(table: &QualifiedName, columns: &mut [Ident], renames: &Renames) {
    for it in columns {
        *it = renames.column(table, it);
    }
}

fn key(table: &QualifiedName, key: &mut IndexKey, renames: &Renames) {
    if let IndexTarget::Column(it) = &mut key.target {
        *it = renames.column(table, it);
    }
    key.collation = key.collation.as_ref().map(|it| renames.in_schema(it));
    if let Some(opclass) = &mut key.opclass {
        opclass.schema = opclass.schema.as_ref().map(|it| renames.schema(it));
    }
}

fn indexes(relation: &QualifiedName, indexes: &mut Collection<Index>, renames: &Renames) {
    each(indexes, |it| {
        for one in &mut it.keys {
            key(relation, one, renames);
        }
        names(relation, &mut it.include, renames);
        it.partition_of = it.partition_of.as_ref().map(|it| renames.relation(it));
        it.name = renames.relation(&relation.sibling(it.name.clone())).name;
    });
}

fn parts(relation: &QualifiedName, triggers: &mut Collection<Trigger>, renames: &Renames) {
    each(triggers, |it| {
        it.name = part(&renames.triggers, relation, &it.name);
        names(relation, &mut it.update_columns, renames);
        let function = crate::FunctionId {
            name: it.function.clone(),
            arguments: Vec::new(),
        };
        it.function = renames.function(&function).name;
        it.references = it.references.as_ref().map(|it| renames.relation(it));
    });
}

fn function(function: &mut Function, renames: &Renames) {
    function.id = renames.function(&function.id);
    for it in &mut function.arguments {
        it.data_type = renames.data_type(&it.data_type);
    }
    if let Some(returns) = &mut function.returns {
        returns.data_type = renames.data_type(&returns.data_type);
    }
    function.support = function.support.as_ref().map(|it| renames.in_schema(it));
}

fn other(other: &mut Other, renames: &Renames, texts: &Texts<'_>) {
    let rewritten = |text: &mut String| {
        if let Some(new) = texts.rewritten(text, None, None, true) {
            *text = new;
        }
    };
    let name = other.id.type_name();
    for (key, attribute) in &mut other.attributes {
        match attribute {
            Attribute::Text(text) => rewritten(text),
            Attribute::List(list) => list.iter_mut().for_each(rewritten),
            Attribute::Rows(rows) => {
                for row in rows {
                    let of_type = name.as_ref().filter(|_| {
                        other.id.kind == ObjectKind::CompositeType && key == "attributes"
                    });
                    match of_type {
                        Some(of) => attribute_of(of, row, renames, rewritten),
                        None => row.values_mut().for_each(rewritten),
                    }
                }
            }
        }
    }
    other.id = renames.other(&other.id);
}

/// An attribute of a composite type: its name stands without quotes, its type as SQL.
fn attribute_of(
    of: &QualifiedName,
    row: &mut Fields,
    renames: &Renames,
    rewritten: impl Fn(&mut String),
) {
    for (field, text) in row.iter_mut() {
        match field.as_str() {
            "name" => {
                if let Ok(name) = Ident::new(text) {
                    *text = part(&renames.attributes, of, &name).as_str().to_owned();
                }
            }
            _ => rewritten(text),
        }
    }
}
