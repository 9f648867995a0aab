//! Renames one after the other: chains from their end, circles by way of a spare name.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{
    Catalog, FunctionId, Ident, Nameable, ObjectId, QualifiedName, Rename, Renames,
};

use super::candidate::last_name;
use super::keys::{Key, has_index, keys, spare_name, taken, with_name};
use super::place::{in_new_schema, in_schema, schema_of, whole_name};

/// One statement: a thing as it is called at that moment, and what becomes of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// What is renamed, by the name that it has then.
    pub of: Nameable,
    /// What is new.
    pub to: NewName,
    /// The rename that this carries out, or a part of.
    pub rename: Rename,
    /// Whether somebody has decided it, and this is the first that is done for it. Others are brought along by one.
    pub decided: bool,
}

/// What a [`Move`] changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewName {
    /// The name itself; the text of a label.
    Name(String),
    /// The schema.
    Schema(Ident),
}

/// The statements for `renames`, of which `decided` are those that somebody has decided.
pub(super) fn moves(from: &Catalog, renames: &[Rename], decided: &[Rename]) -> Vec<Move> {
    let schemas = renames.iter().filter(|it| is_schema(&it.from));
    let names = Renames::new(from, schemas);
    let occupied = taken(from).into_keys();
    let mut work = Work {
        occupied: occupied.map(|it| in_new_schema(it, &names)).collect(),
        schemas: names,
        current: BTreeMap::new(),
        decided,
        moves: Vec::new(),
    };
    let mut pending: Vec<Pending> = renames
        .iter()
        .map(|it| Pending::new(it, has_index(from, &it.from)))
        .collect();
    pending.sort_by_key(|it| it.rank);
    // All else is called by the new names of its schemas.
    let others = pending.split_off(pending.partition_point(|it| it.rank == 0));
    work.do_all(pending);
    work.do_all(others);
    work.moves
}

/// A rename that is not done yet.
struct Pending {
    rename: Rename,
    has_index: bool,
    /// Schemas first, then what is in them, then columns, then what is named after those.
    rank: u8,
    /// The name of its own that it has by now.
    name: String,
    /// Whether that is a spare one.
    is_aside: bool,
}

impl Pending {
    fn new(rename: &Rename, has_index: bool) -> Self {
        let rank = match &rename.from {
            Nameable::Object(ObjectId::Schema(_)) => 0,
            Nameable::Object(ObjectId::Column(..))
            | Nameable::Label(..)
            | Nameable::Attribute(..) => 2,
            Nameable::Object(ObjectId::Index(_) | ObjectId::Sequence(_)) => 3,
            Nameable::Object(it) if it.parent().is_some() => 3,
            Nameable::Object(_) => 1,
        };
        Self {
            rename: rename.clone(),
            has_index,
            rank,
            name: last_name(&rename.from),
            is_aside: false,
        }
    }
}

struct Work<'a> {
    /// The names that are taken at this moment, in schemas under their new names.
    occupied: BTreeSet<Key>,
    schemas: Renames,
    /// What relations, types and functions that have been renamed are called at this moment.
    current: BTreeMap<Nameable, Nameable>,
    decided: &'a [Rename],
    moves: Vec<Move>,
}

impl Work<'_> {
    fn do_all(&mut self, mut pending: Vec<Pending>) {
        while !pending.is_empty() {
            if let Some(at) = pending.iter().position(|it| self.is_free(it)) {
                let it = pending.remove(at);
                self.finish(&it);
            } else if let Some(it) = pending.iter_mut().find(|it| !it.is_aside) {
                // Every one waits for another.
                self.step_aside(it);
            } else {
                // Two are to have one name: the server says so.
                let it = pending.remove(0);
                self.finish(&it);
            }
        }
    }

    /// The names that it has at this moment. Parts are told by their parents as these are called before.
    fn keys_now(&self, it: &Pending) -> Vec<Key> {
        let now = with_name(&it.rename.from, &it.name);
        let found = now.map_or_else(Vec::new, |now| keys(&now, it.has_index));
        let found = found
            .into_iter()
            .map(|key| in_new_schema(key, &self.schemas));
        found.collect()
    }

    /// The names that it is to have.
    fn keys_then(&self, it: &Pending) -> Vec<Key> {
        let of = |then: &Nameable| {
            let then = with_name(&it.rename.from, &last_name(then))?;
            Some(keys(&then, it.has_index))
        };
        let in_schema = |key: Key| {
            let key = in_new_schema(key, &self.schemas);
            match (key, schema_of(&it.rename.to)) {
                (Key::Relation(name), Some(schema)) => {
                    Key::Relation(QualifiedName::new(schema, name.name))
                }
                (Key::Type(name), Some(schema)) => Key::Type(QualifiedName::new(schema, name.name)),
                (Key::Function(mut id), Some(schema)) => {
                    id.name.schema = schema;
                    Key::Function(id)
                }
                (key, _) => key,
            }
        };
        let found = of(&it.rename.to).unwrap_or_default();
        found.into_iter().map(in_schema).collect()
    }

    fn is_free(&self, it: &Pending) -> bool {
        let now = self.keys_now(it);
        let then = self.keys_then(it);
        then.iter()
            .all(|key| now.contains(key) || !self.occupied.contains(key))
    }

    fn finish(&mut self, it: &Pending) {
        let (now, then) = (self.keys_now(it), self.keys_then(it));
        let name = last_name(&it.rename.to);
        let moves_to = self.new_schema(it);
        // The schema it comes from, or the one it goes to, may have something of the one name or of the other.
        let taken_here = |schema: &Ident| {
            let sibling = QualifiedName::new(
                schema.clone(),
                Ident::new(&name).unwrap_or_else(|_| schema.clone()),
            );
            let mine = now.contains(&Key::Relation(sibling.clone()));
            !mine && self.occupied.contains(&Key::Relation(sibling))
        };
        let renames_first = match (&moves_to, self.schema_now(it)) {
            (Some(_), Some(here)) => !taken_here(&here),
            (Some(_) | None, _) => true,
        };
        let schema = moves_to.map(NewName::Schema);
        let own = (it.name != name).then_some(NewName::Name(name));
        let steps = match renames_first {
            true => [own, schema],
            false => [schema, own],
        };
        for step in steps.into_iter().flatten() {
            self.push(it, step);
        }
        self.occupied.retain(|key| !now.contains(key));
        self.occupied.extend(then);
    }

    fn step_aside(&mut self, it: &mut Pending) {
        let now = self.keys_now(it);
        let is_taken = |name: &str| {
            let other = with_name(&it.rename.from, name);
            let keys = other.map_or_else(Vec::new, |other| keys(&other, it.has_index));
            keys.into_iter()
                .map(|key| in_new_schema(key, &self.schemas))
                .any(|key| self.occupied.contains(&key))
        };
        let spare = spare_name(&it.name, is_taken);
        self.push(it, NewName::Name(spare.clone()));
        it.name = spare;
        it.is_aside = true;
        self.occupied.retain(|key| !now.contains(key));
        let now = self.keys_now(it);
        self.occupied.extend(now);
    }

    fn push(&mut self, it: &Pending, to: NewName) {
        let mut of = self.now(&it.rename.from);
        if let (true, Some(schema)) = (self.goes_along(it), schema_of(&it.rename.to)) {
            of = in_schema(&of, &schema).unwrap_or(of);
        }
        let after = match &to {
            NewName::Name(name) => with_name(&of, name),
            NewName::Schema(schema) => in_schema(&of, schema),
        };
        if let Some(after) = after {
            self.current.insert(it.rename.from.clone(), after);
        }
        let rename = it.rename.clone();
        let is_first = !self.moves.iter().any(|it| it.rename == rename);
        self.moves.push(Move {
            of,
            to,
            decided: is_first && self.decided.contains(&rename),
            rename,
        });
    }

    /// A thing as it is called at this moment.
    fn now(&self, it: &Nameable) -> Nameable {
        if let Some(now) = self.current.get(it) {
            return self.under_parent(now, it);
        }
        match is_schema(it) {
            true => it.clone(),
            false => self.under_parent(&self.schemas.nameable(it), it),
        }
    }

    /// `now`, which was called `before`, with its parent as that is called at this moment.
    fn under_parent(&self, now: &Nameable, before: &Nameable) -> Nameable {
        let table = |of: &QualifiedName| self.relation_now(of);
        match (now, before) {
            (Nameable::Label(_, label), Nameable::Label(of, _)) => {
                Nameable::Label(self.type_now(of), label.clone())
            }
            (Nameable::Attribute(_, name), Nameable::Attribute(of, _)) => {
                Nameable::Attribute(self.type_now(of), name.clone())
            }
            (Nameable::Object(now), Nameable::Object(before)) => {
                Nameable::Object(match (now, before) {
                    (ObjectId::Column(_, name), ObjectId::Column(of, _)) => {
                        ObjectId::Column(table(of), name.clone())
                    }
                    (ObjectId::Constraint(_, name), ObjectId::Constraint(of, _)) => {
                        ObjectId::Constraint(table(of), name.clone())
                    }
                    (ObjectId::Trigger(_, name), ObjectId::Trigger(of, _)) => {
                        ObjectId::Trigger(table(of), name.clone())
                    }
                    (ObjectId::Policy(_, name), ObjectId::Policy(of, _)) => {
                        ObjectId::Policy(table(of), name.clone())
                    }
                    (ObjectId::DomainConstraint(_, name), ObjectId::DomainConstraint(of, _)) => {
                        ObjectId::DomainConstraint(self.type_now(of), name.clone())
                    }
                    (ObjectId::Function(now), ObjectId::Function(before)) => {
                        let arguments = before.arguments.iter();
                        ObjectId::Function(FunctionId {
                            name: now.name.clone(),
                            arguments: arguments.map(|it| self.data_type_now(it)).collect(),
                        })
                    }
                    (now, _) => now.clone(),
                })
            }
            (now, _) => now.clone(),
        }
    }

    fn relation_now(&self, of: &QualifiedName) -> QualifiedName {
        let kinds: [fn(QualifiedName) -> ObjectId; 3] =
            [ObjectId::Table, ObjectId::View, ObjectId::MaterializedView];
        let now = kinds.iter().find_map(|kind| {
            let now = self.current.get(&Nameable::Object(kind(of.clone())))?;
            whole_name(now)
        });
        now.unwrap_or_else(|| self.schemas.relation(of))
    }

    fn type_now(&self, of: &QualifiedName) -> QualifiedName {
        let found = self.current.iter().find(|(before, _)| {
            let is_type = match before {
                Nameable::Object(ObjectId::Enum(_) | ObjectId::Domain(_)) => true,
                Nameable::Object(ObjectId::Other(id)) => id.type_name().is_some(),
                Nameable::Object(_) | Nameable::Label(..) | Nameable::Attribute(..) => false,
            };
            is_type && whole_name(before).as_ref() == Some(of)
        });
        let now = found.and_then(|(_, now)| whole_name(now));
        now.unwrap_or_else(|| self.schemas.type_name(of))
    }

    fn data_type_now(&self, ty: &driftless_catalog::DataType) -> driftless_catalog::DataType {
        let mut now = ty.clone();
        if let Some(name) = ty.name.user_defined() {
            let name = match self.type_now(&name) {
                same if same == name => self.relation_now(&name),
                other => other,
            };
            now.name = driftless_catalog::TypeName::qualified(&name);
        }
        now
    }

    /// The schema that it is in at this moment.
    fn schema_now(&self, it: &Pending) -> Option<Ident> {
        schema_of(&self.now(&it.rename.from))
    }

    /// Whether it is moved to another schema with its table.
    fn goes_along(&self, it: &Pending) -> bool {
        match &it.rename.from {
            Nameable::Object(ObjectId::Index(_)) => true,
            Nameable::Object(ObjectId::Sequence(_)) => !self.decided.contains(&it.rename),
            Nameable::Object(_) | Nameable::Label(..) | Nameable::Attribute(..) => false,
        }
    }

    /// The schema that it has to be moved to.
    fn new_schema(&self, it: &Pending) -> Option<Ident> {
        let to = schema_of(&it.rename.to)?;
        let moves = self.schema_now(it).as_ref() != Some(&to);
        (moves && !self.goes_along(it)).then_some(to)
    }
}

fn is_schema(it: &Nameable) -> bool {
    matches!(it, Nameable::Object(ObjectId::Schema(_)))
}
