//! Which objects there are.

use crate::{Catalog, ObjectId, QualifiedName};

impl Catalog {
    /// The objects, parts of tables and views included, kind by kind and by name.
    pub fn object_ids(&self) -> Vec<ObjectId> {
        let mut ids: Vec<ObjectId> = Vec::new();
        ids.extend(
            self.schemas
                .iter()
                .map(|it| ObjectId::Schema(it.name.clone())),
        );
        ids.extend(
            self.extensions
                .iter()
                .map(|it| ObjectId::Extension(it.name.clone())),
        );
        ids.extend(self.enums.iter().map(|it| ObjectId::Enum(it.name.clone())));
        for it in &self.domains {
            ids.push(ObjectId::Domain(it.name.clone()));
            let checks = it.constraints.iter();
            ids.extend(
                checks.map(|check| ObjectId::DomainConstraint(it.name.clone(), check.name.clone())),
            );
        }
        ids.extend(
            self.sequences
                .iter()
                .map(|it| ObjectId::Sequence(it.name.clone())),
        );
        for it in &self.tables {
            let of = |name: &QualifiedName| name.clone();
            ids.push(ObjectId::Table(of(&it.name)));
            ids.extend(
                it.columns
                    .iter()
                    .map(|part| ObjectId::Column(of(&it.name), part.name.clone())),
            );
            let constraints = it.constraints.iter();
            ids.extend(
                constraints.map(|part| ObjectId::Constraint(of(&it.name), part.name.clone())),
            );
            let indexes = it.indexes.iter();
            ids.extend(indexes.map(|part| ObjectId::Index(it.name.sibling(part.name.clone()))));
            ids.extend(
                it.triggers
                    .iter()
                    .map(|part| ObjectId::Trigger(of(&it.name), part.name.clone())),
            );
            ids.extend(
                it.policies
                    .iter()
                    .map(|part| ObjectId::Policy(of(&it.name), part.name.clone())),
            );
        }
        for it in &self.managed_tables {
            let triggers = it.triggers.iter();
            ids.extend(triggers.map(|part| ObjectId::Trigger(it.name.clone(), part.name.clone())));
            let policies = it.policies.iter();
            ids.extend(policies.map(|part| ObjectId::Policy(it.name.clone(), part.name.clone())));
        }
        for it in &self.views {
            ids.push(ObjectId::View(it.name.clone()));
            let triggers = it.triggers.iter();
            ids.extend(triggers.map(|part| ObjectId::Trigger(it.name.clone(), part.name.clone())));
        }
        for it in &self.materialized_views {
            ids.push(ObjectId::MaterializedView(it.name.clone()));
            let indexes = it.indexes.iter();
            ids.extend(indexes.map(|part| ObjectId::Index(it.name.sibling(part.name.clone()))));
        }
        ids.extend(
            self.functions
                .iter()
                .map(|it| ObjectId::Function(it.id.clone())),
        );
        let privileges = self.default_privileges.iter();
        ids.extend(privileges.map(|it| ObjectId::DefaultPrivilege(it.id.clone())));
        ids.extend(self.others.iter().map(|it| ObjectId::Other(it.id.clone())));
        ids
    }
}
