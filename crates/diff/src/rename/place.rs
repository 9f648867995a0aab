//! The schema that a thing is in, and the same thing in another.

use driftless_catalog::{FunctionId, Ident, Nameable, ObjectId, OtherId, QualifiedName, Renames};

use super::keys::Key;

/// The schema that a thing is in, if it is no part.
pub(super) fn schema_of(it: &Nameable) -> Option<Ident> {
    whole_name(it).map(|it| it.schema)
}

pub(super) fn whole_name(it: &Nameable) -> Option<QualifiedName> {
    let Nameable::Object(object) = it else {
        return None;
    };
    match object {
        ObjectId::Enum(it)
        | ObjectId::Domain(it)
        | ObjectId::Sequence(it)
        | ObjectId::Table(it)
        | ObjectId::Index(it)
        | ObjectId::View(it)
        | ObjectId::MaterializedView(it) => Some(it.clone()),
        ObjectId::Function(it) => Some(it.name.clone()),
        ObjectId::Other(it) => it.type_name(),
        ObjectId::Schema(_)
        | ObjectId::Extension(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Column(..)
        | ObjectId::Constraint(..)
        | ObjectId::Trigger(..)
        | ObjectId::Policy(..)
        | ObjectId::DefaultPrivilege(_) => None,
    }
}

/// The same thing in another schema.
pub(super) fn in_schema(it: &Nameable, schema: &Ident) -> Option<Nameable> {
    let Nameable::Object(object) = it else {
        return None;
    };
    let moved = |it: &QualifiedName| QualifiedName::new(schema.clone(), it.name.clone());
    Some(Nameable::Object(match object {
        ObjectId::Enum(it) => ObjectId::Enum(moved(it)),
        ObjectId::Domain(it) => ObjectId::Domain(moved(it)),
        ObjectId::Sequence(it) => ObjectId::Sequence(moved(it)),
        ObjectId::Table(it) => ObjectId::Table(moved(it)),
        ObjectId::Index(it) => ObjectId::Index(moved(it)),
        ObjectId::View(it) => ObjectId::View(moved(it)),
        ObjectId::MaterializedView(it) => ObjectId::MaterializedView(moved(it)),
        ObjectId::Function(it) => ObjectId::Function(FunctionId {
            name: moved(&it.name),
            arguments: it.arguments.clone(),
        }),
        ObjectId::Other(it) => ObjectId::Other(OtherId {
            kind: it.kind,
            identity: moved(&it.type_name()?).to_string(),
        }),
        ObjectId::Schema(_)
        | ObjectId::Extension(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Column(..)
        | ObjectId::Constraint(..)
        | ObjectId::Trigger(..)
        | ObjectId::Policy(..)
        | ObjectId::DefaultPrivilege(_) => return None,
    }))
}

/// The name in its schema as that is called after.
pub(super) fn in_new_schema(key: Key, schemas: &Renames) -> Key {
    let moved = |it: QualifiedName| QualifiedName::new(schemas.schema(&it.schema), it.name);
    match key {
        Key::Relation(it) => Key::Relation(moved(it)),
        Key::Type(it) => Key::Type(moved(it)),
        Key::Function(mut id) => {
            id.name = moved(id.name);
            Key::Function(id)
        }
        key @ (Key::Schema(_) | Key::Part(..)) => key,
    }
}
