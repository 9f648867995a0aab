//! `ALTER … RENAME` and `ALTER … SET SCHEMA`.

use driftless_catalog::{Ident, Nameable, ObjectId, ObjectKind, OtherId, QualifiedName};
use driftless_diff::{Move, NewName};
use driftless_sql_text::{quote_always, quote_literal};

use crate::name::ident;
use crate::other;
use crate::{Hazard, Label, SqlOptions, Statement, Step};

/// The steps that make `moves`, in their order, each about the object by the name that it gets.
pub fn rename_steps(moves: &[Move], options: &SqlOptions) -> Vec<Step> {
    moves.iter().filter_map(|it| step(it, options)).collect()
}

fn step(it: &Move, options: &SqlOptions) -> Option<Step> {
    let mut statement = Statement::new(format!("ALTER {}", alteration(it, options)?));
    if it.decided && is_named_by_clients(&it.rename.from) {
        statement = statement.hazard(Hazard::RenamesObject {
            from: it.rename.from.clone(),
            to: it.rename.to.clone(),
        });
    }
    Some(Step {
        label: label(&it.of),
        object: object(&it.rename.to),
        statements: vec![statement],
    })
}

/// The object that a thing is, or is a part of.
pub(crate) fn object(it: &Nameable) -> ObjectId {
    match it {
        Nameable::Object(object) => object.clone(),
        Nameable::Label(of, _) => ObjectId::Enum(of.clone()),
        Nameable::Attribute(of, _) => ObjectId::Other(OtherId {
            kind: ObjectKind::CompositeType,
            identity: of.to_string(),
        }),
    }
}

/// What stands behind `ALTER`. Follows PostgreSQL, SQL Commands, the `RENAME` of each.
fn alteration(it: &Move, options: &SqlOptions) -> Option<String> {
    let to = match &it.to {
        NewName::Schema(schema) => {
            let Nameable::Object(object) = &it.of else {
                return None;
            };
            return Some(format!(
                "{} SET SCHEMA {}",
                options.object(object)?,
                ident(schema)
            ));
        }
        NewName::Name(name) => name,
    };
    let part = |table: &QualifiedName, what: &str, name: &Ident| {
        let (table, name, to) = (options.name(table), ident(name), quote_always(to));
        format!("TABLE {table} RENAME {what} {name} TO {to}")
    };
    let object = match &it.of {
        Nameable::Label(of, label) => {
            let (of, label, to) = (options.name(of), quote_literal(label), quote_literal(to));
            return Some(format!("TYPE {of} RENAME VALUE {label} TO {to}"));
        }
        Nameable::Attribute(of, name) => {
            let (of, name, to) = (options.name(of), ident(name), quote_always(to));
            return Some(format!("TYPE {of} RENAME ATTRIBUTE {name} TO {to}"));
        }
        Nameable::Object(object) => object,
    };
    Some(match object {
        ObjectId::Column(table, name) => part(table, "COLUMN", name),
        ObjectId::Constraint(table, name) => part(table, "CONSTRAINT", name),
        ObjectId::DomainConstraint(domain, name) => {
            let (domain, name, to) = (options.name(domain), ident(name), quote_always(to));
            format!("DOMAIN {domain} RENAME CONSTRAINT {name} TO {to}")
        }
        ObjectId::Schema(_)
        | ObjectId::Enum(_)
        | ObjectId::Domain(_)
        | ObjectId::Sequence(_)
        | ObjectId::Table(_)
        | ObjectId::Index(_)
        | ObjectId::Trigger(..)
        | ObjectId::Policy(..)
        | ObjectId::View(_)
        | ObjectId::MaterializedView(_)
        | ObjectId::Function(_) => {
            format!("{} RENAME TO {}", options.object(object)?, quote_always(to))
        }
        ObjectId::Other(id) => format!("{} RENAME TO {}", other::target(id)?, quote_always(to)),
        ObjectId::Extension(_) | ObjectId::DefaultPrivilege(_) => return None,
    })
}

/// Whether queries name such a thing, so that those of clients fail until they say the new name.
fn is_named_by_clients(it: &Nameable) -> bool {
    match it {
        Nameable::Label(..) | Nameable::Attribute(..) => true,
        Nameable::Object(object) => match object {
            ObjectId::Schema(_)
            | ObjectId::Enum(_)
            | ObjectId::Domain(_)
            | ObjectId::Sequence(_)
            | ObjectId::Table(_)
            | ObjectId::Column(..)
            | ObjectId::View(_)
            | ObjectId::MaterializedView(_)
            | ObjectId::Function(_)
            | ObjectId::Other(_) => true,
            ObjectId::Extension(_)
            | ObjectId::DomainConstraint(..)
            | ObjectId::Constraint(..)
            | ObjectId::Index(_)
            | ObjectId::Trigger(..)
            | ObjectId::Policy(..)
            | ObjectId::DefaultPrivilege(_) => false,
        },
    }
}

fn label(it: &Nameable) -> Label {
    match it {
        Nameable::Label(..) => Label::RenameValue,
        Nameable::Attribute(..) => Label::RenameAttribute,
        Nameable::Object(object) => match object {
            ObjectId::Schema(_) => Label::RenameSchema,
            ObjectId::Enum(_) => Label::RenameEnum,
            ObjectId::Domain(_) => Label::RenameDomain,
            ObjectId::DomainConstraint(..) | ObjectId::Constraint(..) => Label::RenameConstraint,
            ObjectId::Sequence(_) => Label::RenameSequence,
            ObjectId::Table(_) => Label::RenameTable,
            ObjectId::Column(..) => Label::RenameColumn,
            ObjectId::Index(_) => Label::RenameIndex,
            ObjectId::Trigger(..) => Label::RenameTrigger,
            ObjectId::Policy(..) => Label::RenamePolicy,
            ObjectId::View(_) | ObjectId::MaterializedView(_) => Label::RenameView,
            ObjectId::Function(_) => Label::RenameFunction,
            ObjectId::Other(_) | ObjectId::Extension(_) | ObjectId::DefaultPrivilege(_) => {
                Label::RenameType
            }
        },
    }
}
