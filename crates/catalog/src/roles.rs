//! Owners and privileges across all kinds of objects.

use std::collections::BTreeSet;

use crate::{
    Catalog, Collection, Common, DefaultPrivilegeId, DefaultPrivilegeKind, GrantClass, Grantee,
    Grants, Ident, ObjectId, Policy, PolicyRole,
};

impl Catalog {
    /// Calls `each` with everything that has an owner and privileges.
    pub fn each_common(&mut self, mut each: impl FnMut(ObjectId, GrantClass, &mut Common)) {
        for it in self.schemas.iter_mut() {
            each(
                ObjectId::Schema(it.name.clone()),
                GrantClass::Schema,
                &mut it.common,
            );
        }
        for it in self.enums.iter_mut() {
            each(
                ObjectId::Enum(it.name.clone()),
                GrantClass::Type,
                &mut it.common,
            );
        }
        for it in self.domains.iter_mut() {
            each(
                ObjectId::Domain(it.name.clone()),
                GrantClass::Type,
                &mut it.common,
            );
        }
        for it in self.sequences.iter_mut() {
            each(
                ObjectId::Sequence(it.name.clone()),
                GrantClass::Sequence,
                &mut it.common,
            );
        }
        for it in self.tables.iter_mut() {
            each(
                ObjectId::Table(it.name.clone()),
                GrantClass::Relation,
                &mut it.common,
            );
        }
        for it in self.views.iter_mut() {
            each(
                ObjectId::View(it.name.clone()),
                GrantClass::Relation,
                &mut it.common,
            );
        }
        for it in self.materialized_views.iter_mut() {
            let id = ObjectId::MaterializedView(it.name.clone());
            each(id, GrantClass::Relation, &mut it.common);
        }
        for it in self.functions.iter_mut() {
            each(
                ObjectId::Function(it.id.clone()),
                GrantClass::Function,
                &mut it.common,
            );
        }
    }

    /// Calls `each` with the privileges of every column that has any of its own.
    pub fn each_column_grants(&mut self, mut each: impl FnMut(&mut Grants)) {
        let columns = self.tables.iter_mut().flat_map(|it| &mut it.columns);
        columns
            .filter_map(|it| it.grants.as_mut())
            .for_each(&mut each);
        let views = self.views.iter_mut().flat_map(|it| &mut it.columns);
        let materialized = self.materialized_views.iter_mut();
        views
            .chain(materialized.flat_map(|it| &mut it.columns))
            .filter_map(|it| it.grants.as_mut())
            .for_each(each);
    }

    /// Makes everything that is `from`'s, granted to it or said of it `to`'s.
    pub fn rename_role(&mut self, from: &Ident, to: &Ident) {
        self.each_common(|_, _, common| {
            if common.owner.as_ref() == Some(from) {
                common.owner = Some(to.clone());
            }
            if let Some(grants) = &mut common.grants {
                grants.rename_role(from, to);
            }
        });
        self.each_column_grants(|grants| grants.rename_role(from, to));
        let extensions = self.extensions.iter_mut();
        for it in extensions.flat_map(|it| it.members.iter_mut().flat_map(|it| it.iter_mut())) {
            it.initial.rename_role(from, to);
            it.grants.rename_role(from, to);
        }
        let others = std::mem::take(&mut self.others);
        self.others.extend(others.into_iter().map(|mut it| {
            if it.common.owner.as_ref() == Some(from) {
                it.common.owner = Some(to.clone());
            }
            if let Some(grants) = &mut it.common.grants {
                grants.rename_role(from, to);
            }
            it
        }));
        let privileges = std::mem::take(&mut self.default_privileges);
        for mut it in privileges {
            if it.id.role == *from {
                it.id.role = to.clone();
            }
            it.grants.rename_role(from, to);
            self.default_privileges.insert(it);
        }
        for it in self.tables.iter_mut() {
            rename_in_policies(&mut it.policies, from, to);
        }
        for it in self.managed_tables.iter_mut() {
            rename_in_policies(&mut it.policies, from, to);
        }
    }

    /// What an object of `class` in `schema` grants right after `role` has made it here.
    ///
    /// Follows PostgreSQL, `ALTER DEFAULT PRIVILEGES`: what is set for all schemas takes the place of what is
    /// built in, what is set for one is added.
    pub fn grants_of_new(
        &self,
        class: GrantClass,
        schema: Option<&Ident>,
        role: &Ident,
        server_major: u16,
    ) -> Grants {
        let built_in = || Grants::built_in(class, Some(role), server_major);
        let Some(kind) = class.default_privilege_kind() else {
            return built_in();
        };
        let default = |schema: Option<&Ident>| {
            self.default_privileges.get(&DefaultPrivilegeId {
                role: role.clone(),
                schema: schema.cloned(),
                kind,
            })
        };
        let mut grants = default(None).map_or_else(built_in, |it| it.grants.clone());
        if let Some(local) = schema.and_then(|it| default(Some(it))) {
            for (grantee, privilege, grantable) in local.grants.iter() {
                grants.add(grantee.clone(), privilege, grantable);
            }
        }
        grants
    }
}

impl GrantClass {
    /// The word of `ALTER DEFAULT PRIVILEGES` for such objects, if there is one.
    pub fn default_privilege_kind(self) -> Option<DefaultPrivilegeKind> {
        match self {
            Self::Relation => Some(DefaultPrivilegeKind::Tables),
            Self::Sequence => Some(DefaultPrivilegeKind::Sequences),
            Self::Function => Some(DefaultPrivilegeKind::Functions),
            Self::Type => Some(DefaultPrivilegeKind::Types),
            Self::Schema => Some(DefaultPrivilegeKind::Schemas),
            Self::Language | Self::Foreign | Self::Column => None,
        }
    }
}

impl Grants {
    /// Hands what is granted to `from` over to `to`, as `ALTER … OWNER` does with the owner's privileges.
    pub fn rename_role(&mut self, from: &Ident, to: &Ident) {
        let renamed = |grantee: &Grantee| *grantee == Grantee::Role(from.clone());
        let moved: Vec<_> = self
            .iter()
            .filter(|(grantee, ..)| renamed(grantee))
            .map(|(_, privilege, grantable)| (privilege, grantable))
            .collect();
        self.0.retain(|(grantee, _), _| !renamed(grantee));
        for (privilege, grantable) in moved {
            self.add(Grantee::Role(to.clone()), privilege, grantable);
        }
    }
}

fn rename_in_policies(policies: &mut Collection<Policy>, from: &Ident, to: &Ident) {
    for policy in policies.iter_mut() {
        let roles: BTreeSet<PolicyRole> = std::mem::take(&mut policy.roles);
        policy.roles = roles
            .into_iter()
            .map(|role| match role {
                PolicyRole::Named(name) if name == *from => PolicyRole::Named(to.clone()),
                PolicyRole::Named(_) | PolicyRole::Public => role,
            })
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DefaultPrivilege, Privilege, QualifiedName, Table};

    fn ident(name: &str) -> Ident {
        Ident::new(name).unwrap()
    }

    #[test]
    fn a_renamed_role_keeps_what_it_has() {
        let mut table = Table::new(QualifiedName::new(ident("public"), ident("t")));
        table.common.owner = Some(ident("app"));
        let grants = table.common.grants.get_or_insert_default();
        grants.add(Grantee::Role(ident("app")), Privilege::Select, true);
        grants.add(Grantee::Role(ident("postgres")), Privilege::Select, false);
        let mut catalog = Catalog::default();
        catalog.tables.insert(table);
        catalog.rename_role(&ident("app"), &ident("postgres"));
        let common = &catalog.tables.iter().next().unwrap().common;
        assert_eq!(common.owner, Some(ident("postgres")));
        let grants: Vec<_> = common.grants.as_ref().unwrap().iter().collect();
        assert_eq!(
            grants,
            [(&Grantee::Role(ident("postgres")), Privilege::Select, true)]
        );
    }

    #[test]
    fn default_privileges_of_a_schema_are_added() {
        let mut catalog = Catalog::default();
        let mut grants = Grants::default();
        grants.add(Grantee::Role(ident("anon")), Privilege::Select, false);
        catalog.default_privileges.insert(DefaultPrivilege {
            id: DefaultPrivilegeId {
                role: ident("o"),
                schema: Some(ident("public")),
                kind: DefaultPrivilegeKind::Functions,
            },
            grants,
        });
        let of = |schema| {
            let grants =
                catalog.grants_of_new(GrantClass::Function, Some(&ident(schema)), &ident("o"), 15);
            grants.iter().count()
        };
        assert_eq!((of("public"), of("other")), (3, 2));
    }
}
