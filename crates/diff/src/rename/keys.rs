//! Which names can only be taken once.

use std::collections::BTreeMap;

use driftless_catalog::{
    Catalog, Constraint, FunctionId, Ident, Nameable, ObjectId, ObjectKind, QualifiedName,
};

/// A name in a namespace. Parts are by the name that their parent has before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Schema(Ident),
    /// Tables, views, sequences, indexes and composite types.
    Relation(QualifiedName),
    /// Enums, domains, ranges, composite types and the rows of tables.
    Type(QualifiedName),
    Function(FunctionId),
    /// A part of something: what kind of part, of what, and its name.
    Part(&'static str, QualifiedName, String),
}

/// The names that a thing takes. `has_index` says whether it is a constraint with an index of its name.
pub(super) fn keys(it: &Nameable, has_index: bool) -> Vec<Key> {
    let part = |kind, of: &QualifiedName, name: &Ident| {
        Key::Part(kind, of.clone(), name.as_str().to_owned())
    };
    let object = match it {
        Nameable::Object(object) => object,
        Nameable::Label(of, label) => return vec![Key::Part("label", of.clone(), label.clone())],
        Nameable::Attribute(of, name) => return vec![part("attribute", of, name)],
    };
    match object {
        ObjectId::Schema(name) => vec![Key::Schema(name.clone())],
        ObjectId::Table(name) | ObjectId::View(name) | ObjectId::MaterializedView(name) => {
            vec![Key::Relation(name.clone()), Key::Type(name.clone())]
        }
        ObjectId::Sequence(name) | ObjectId::Index(name) => vec![Key::Relation(name.clone())],
        ObjectId::Enum(name) | ObjectId::Domain(name) => vec![Key::Type(name.clone())],
        ObjectId::Function(id) => vec![Key::Function(id.clone())],
        ObjectId::Column(of, name) => vec![part("column", of, name)],
        ObjectId::Trigger(of, name) => vec![part("trigger", of, name)],
        ObjectId::Policy(of, name) => vec![part("policy", of, name)],
        ObjectId::DomainConstraint(of, name) => vec![part("domain constraint", of, name)],
        ObjectId::Constraint(of, name) => {
            let index = has_index.then(|| Key::Relation(of.sibling(name.clone())));
            let own = part("constraint", of, name);
            index.into_iter().chain([own]).collect()
        }
        ObjectId::Other(id) => {
            let name = id.type_name();
            let relation = name
                .clone()
                .filter(|_| id.kind == ObjectKind::CompositeType);
            let keys = [relation.map(Key::Relation), name.map(Key::Type)];
            keys.into_iter().flatten().collect()
        }
        ObjectId::Extension(_) | ObjectId::DefaultPrivilege(_) => Vec::new(),
    }
}

/// Everything in a catalog whose name can change.
pub(super) fn nameables(catalog: &Catalog) -> Vec<Nameable> {
    let renamable = |it: &ObjectId| match it {
        ObjectId::Extension(_) | ObjectId::DefaultPrivilege(_) => false,
        ObjectId::Other(id) => id.type_name().is_some(),
        ObjectId::Schema(_)
        | ObjectId::Enum(_)
        | ObjectId::Domain(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Sequence(_)
        | ObjectId::Table(_)
        | ObjectId::Column(..)
        | ObjectId::Constraint(..)
        | ObjectId::Index(_)
        | ObjectId::Trigger(..)
        | ObjectId::Policy(..)
        | ObjectId::View(_)
        | ObjectId::MaterializedView(_)
        | ObjectId::Function(_) => true,
    };
    let objects = catalog.object_ids().into_iter().filter(renamable);
    let mut found: Vec<Nameable> = objects.map(Nameable::Object).collect();
    let views = catalog.views.iter().map(|it| (&it.name, &it.columns));
    let materialized = catalog.materialized_views.iter();
    for (name, columns) in views.chain(materialized.map(|it| (&it.name, &it.columns))) {
        let column = |name: &QualifiedName, column: &Ident| {
            Nameable::Object(ObjectId::Column(name.clone(), column.clone()))
        };
        found.extend(columns.iter().map(|it| column(name, &it.name)));
    }
    for it in &catalog.enums {
        let label = |label: &String| Nameable::Label(it.name.clone(), label.clone());
        found.extend(it.labels.iter().map(label));
    }
    for it in &catalog.others {
        if let Some(name) = it.id.type_name() {
            let names = it
                .rows("attributes")
                .iter()
                .filter_map(|row| row.get("name"));
            let names = names.filter_map(|it| Ident::new(it).ok());
            found.extend(names.map(|it| Nameable::Attribute(name.clone(), it)));
        }
    }
    found
}

/// Every name that is taken in a catalog, and by what.
pub(super) fn taken(catalog: &Catalog) -> BTreeMap<Key, Nameable> {
    let mut taken = BTreeMap::new();
    for it in nameables(catalog) {
        for key in keys(&it, has_index(catalog, &it)) {
            taken.insert(key, it.clone());
        }
    }
    for table in &catalog.tables {
        for identity in table.columns.iter().filter_map(|it| it.identity.as_ref()) {
            let name = identity.sequence.clone();
            let object = Nameable::Object(ObjectId::Sequence(name.clone()));
            taken.insert(Key::Relation(name), object);
        }
    }
    taken
}

/// Whether it is a constraint that an index of the same name belongs to.
pub(super) fn has_index(catalog: &Catalog, it: &Nameable) -> bool {
    let Nameable::Object(ObjectId::Constraint(of, name)) = it else {
        return false;
    };
    let table = catalog.tables.get(of);
    table
        .and_then(|it| it.constraints.get(name))
        .is_some_and(Constraint::has_index)
}

/// The same thing with another name of its own, in the same schema or parent.
pub(super) fn with_name(it: &Nameable, name: &str) -> Option<Nameable> {
    if let Nameable::Label(of, _) = it {
        return Some(Nameable::Label(of.clone(), name.to_owned()));
    }
    let name = Ident::new(name).ok()?;
    let object = match it {
        Nameable::Label(..) => return None,
        Nameable::Attribute(of, _) => return Some(Nameable::Attribute(of.clone(), name)),
        Nameable::Object(object) => object,
    };
    Some(Nameable::Object(match object {
        ObjectId::Schema(_) => ObjectId::Schema(name),
        ObjectId::Enum(it) => ObjectId::Enum(it.sibling(name)),
        ObjectId::Domain(it) => ObjectId::Domain(it.sibling(name)),
        ObjectId::DomainConstraint(of, _) => ObjectId::DomainConstraint(of.clone(), name),
        ObjectId::Sequence(it) => ObjectId::Sequence(it.sibling(name)),
        ObjectId::Table(it) => ObjectId::Table(it.sibling(name)),
        ObjectId::Column(of, _) => ObjectId::Column(of.clone(), name),
        ObjectId::Constraint(of, _) => ObjectId::Constraint(of.clone(), name),
        ObjectId::Index(it) => ObjectId::Index(it.sibling(name)),
        ObjectId::Trigger(of, _) => ObjectId::Trigger(of.clone(), name),
        ObjectId::Policy(of, _) => ObjectId::Policy(of.clone(), name),
        ObjectId::View(it) => ObjectId::View(it.sibling(name)),
        ObjectId::MaterializedView(it) => ObjectId::MaterializedView(it.sibling(name)),
        ObjectId::Function(it) => ObjectId::Function(FunctionId {
            name: it.name.sibling(name),
            arguments: it.arguments.clone(),
        }),
        ObjectId::Other(it) => {
            let identity = it.type_name()?.sibling(name).to_string();
            ObjectId::Other(driftless_catalog::OtherId {
                kind: it.kind,
                identity,
            })
        }
        ObjectId::Extension(_) | ObjectId::DefaultPrivilege(_) => return None,
    }))
}

/// `name_old`, or with a number behind, so that it is free and no longer than names may be.
pub(super) fn spare_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    (1..)
        .map(|count: u32| match count {
            1 => "_old".to_owned(),
            count => format!("_old{count}"),
        })
        .map(|suffix| {
            let room = Ident::MAX_BYTES - suffix.len();
            format!("{}{suffix}", &name[..name.floor_char_boundary(room)])
        })
        .find(|it| !is_taken(it))
        .unwrap_or_default()
}
