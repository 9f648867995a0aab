//! What renames bring along: names that were made from others, and things whose name is taken.

use std::collections::BTreeSet;

use driftless_catalog::{
    Catalog, Constraint, ConstraintKind, Ident, Nameable, ObjectId, ObjectKind, OtherId,
    QualifiedName, Rename, Renames, Table,
};

use super::keys::{has_index, keys, spare_name, taken, with_name};
use super::moves::{Move, moves};
use super::objects;
use crate::{constraint, index};

/// Decided renames with all that belongs to them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RenamePlan {
    /// What every name of the state before becomes.
    pub names: Renames,
    /// What has to be done, in an order in which no name is taken twice.
    pub moves: Vec<Move>,
    /// All of them: the decided ones first, then what they bring along.
    renames: Vec<Rename>,
    /// How many are decided.
    decided: usize,
    /// Whether the server keeps names of `NOT NULL` constraints.
    names_not_null: bool,
}

/// The first version that keeps `NOT NULL` as a constraint with a name.
const NAMES_NOT_NULL: u16 = 18;

/// The first version in which a range type brings a type of lists of ranges along.
const MULTIRANGES: u16 = 14;

impl RenamePlan {
    /// The plan that makes `decided` of the names of `from`, on the way to `to`, on a server of that major version.
    ///
    /// Sequences, constraints and indexes of a renamed table or column whose names differ in nothing but that go along
    /// as renames of their own: Postgres leaves them as they are called. Whatever has a name that a rename needs, and is
    /// no more in the state after, is called `…_old` until it is dropped.
    pub fn new(from: &Catalog, to: &Catalog, decided: &[Rename], server_major: u16) -> Self {
        if decided.is_empty() {
            return Self::default();
        }
        let names_not_null = server_major >= NAMES_NOT_NULL;
        let (from, to) = match names_not_null {
            true => (with_not_null(from), with_not_null(to)),
            false => (from.clone(), to.clone()),
        };
        let mut all = decided.to_vec();
        all.extend(named_after(&from, &to, decided));
        if server_major >= MULTIRANGES {
            all.extend(decided.iter().filter_map(|it| multirange(&from, &to, it)));
        }
        all.extend(in_the_way(&from, &to, &all));
        Self {
            names: Renames::new(&from, &all),
            moves: moves(&from, &all, decided),
            renames: all,
            decided: decided.len(),
            names_not_null,
        }
    }

    /// Whether nothing is renamed.
    pub fn is_empty(&self) -> bool {
        self.renames.is_empty()
    }

    /// What leads from the names after back to those before; `after` is the state before, under the names after.
    pub fn moves_back(&self, after: &Catalog) -> Vec<Move> {
        let back: Vec<Rename> = self
            .renames
            .iter()
            .map(|it| Rename {
                from: it.to.clone(),
                to: it.from.clone(),
            })
            .collect();
        let after = match self.names_not_null {
            true => with_not_null(after),
            false => after.clone(),
        };
        moves(&after, &back, &back[..self.decided])
    }

    /// The state before, under the names after.
    #[must_use]
    pub fn apply(&self, from: &Catalog) -> Catalog {
        if !self.names_not_null {
            return from.renamed(&self.names);
        }
        let mut after = with_not_null(from).renamed(&self.names);
        for table in after.tables.iter_mut() {
            let (name, columns) = (&table.name, &table.columns);
            table.constraints.retain(|it| {
                let ConstraintKind::NotNull { column, .. } = &it.kind else {
                    return true;
                };
                let column = columns.iter().find(|it| it.name == *column);
                column.is_none_or(|column| column.not_null_name(name) != it.name)
            });
        }
        after
    }
}

/// The state with the `NOT NULL` constraints that a catalog leaves out because their names are the usual ones.
fn with_not_null(from: &Catalog) -> Catalog {
    let mut catalog = from.clone();
    for table in catalog.tables.iter_mut() {
        let named = |column: &Ident| {
            let mut kinds = table.constraints.iter().map(|it| &it.kind);
            kinds.any(|it| matches!(it, ConstraintKind::NotNull { column: of, .. } if of == column))
        };
        let columns = table.columns.iter();
        let unnamed = columns.filter(|it| it.not_null && !it.inherited && !named(&it.name));
        let usual = |it: &driftless_catalog::Column| {
            let kind = ConstraintKind::NotNull {
                column: it.name.clone(),
                no_inherit: false,
            };
            Constraint::new(it.not_null_name(&table.name), kind)
        };
        let unnamed: Vec<Constraint> = unnamed.map(usual).collect();
        table.constraints.extend(unnamed);
    }
    catalog
}

/// The multirange of a renamed range type, if it is to have another name, too.
///
/// Follows PostgreSQL, `CREATE TYPE`, `multirange_type_name`.
fn multirange(from: &Catalog, to: &Catalog, rename: &Rename) -> Option<Rename> {
    let (Nameable::Object(ObjectId::Other(old)), Nameable::Object(ObjectId::Other(new))) =
        (&rename.from, &rename.to)
    else {
        return None;
    };
    let name = |catalog: &Catalog, id: &OtherId| -> Option<OtherId> {
        let of = id
            .type_name()
            .filter(|_| id.kind == ObjectKind::RangeType)?;
        let range = of.name.as_str();
        let usual = match range.contains("range") {
            true => range.replacen("range", "multirange", 1),
            false => format!("{range}_multirange"),
        };
        let usual = of.sibling(Ident::cut(&usual).ok()?).to_string();
        let set = catalog.others.get(id).and_then(|it| it.text("multirange"));
        Some(OtherId {
            kind: id.kind,
            identity: set.map_or(usual, str::to_owned),
        })
    };
    let (old, new) = (name(from, old)?, name(to, new)?);
    (old != new).then(|| objects(ObjectId::Other(old), ObjectId::Other(new)))
}

/// Sequences, constraints and indexes whose names follow from those of renamed tables and columns.
fn named_after(from: &Catalog, to: &Catalog, decided: &[Rename]) -> Vec<Rename> {
    let names = Renames::new(from, decided);
    let back = names.inverse();
    let middle = from.renamed(&names);
    let is_decided = |it: &Nameable| decided.iter().any(|rename| rename.from == *it);
    let mut found = Vec::new();
    for table in &middle.tables {
        let Some(wanted) = to.tables.get(&table.name) else {
            continue;
        };
        let old = back.relation(&table.name);
        let columns = table.columns.iter();
        let column_is_renamed = || {
            let mut columns = columns.map(|it| &it.name);
            columns.any(|it| back.column(&table.name, it) != *it)
        };
        if old == table.name && !column_is_renamed() {
            continue;
        }
        found.extend(sequences(table, wanted));
        found.extend(constraints(table, wanted));
        found.extend(indexes(table, wanted));
    }
    // The pairs are between the state in the middle and the one after; renames begin with the state before.
    found
        .into_iter()
        .map(|it| Rename {
            from: back.nameable(&it.from),
            to: it.to,
        })
        .filter(|it| it.from != it.to && !is_decided(&it.from))
        .collect()
}

/// The sequences of `serial` and identity columns.
fn sequences(table: &Table, wanted: &Table) -> Vec<Rename> {
    let sequence = |table: &Table, column: &Ident| -> Option<QualifiedName> {
        let column = table.column(column)?;
        let identity = column.identity.as_ref().map(|it| it.sequence.clone());
        column.serial.clone().or(identity)
    };
    let pairs = table.columns.iter().filter_map(|it| {
        let (from, to) = (sequence(table, &it.name)?, sequence(wanted, &it.name)?);
        (from != to).then(|| objects(ObjectId::Sequence(from), ObjectId::Sequence(to)))
    });
    pairs.collect()
}

fn constraints(table: &Table, wanted: &Table) -> Vec<Rename> {
    let gone = |it: &&Constraint| !wanted.constraints.contains(&it.name) && !it.inherited;
    let mut gone: Vec<&Constraint> = table.constraints.iter().filter(gone).collect();
    let new = |it: &&Constraint| !table.constraints.contains(&it.name) && !it.inherited;
    let mut found = Vec::new();
    for it in wanted.constraints.iter().filter(new) {
        let alike = |before: &&Constraint| {
            let differences = constraint::differences(before, it);
            differences.iter().all(|it| it.aspect == "name")
        };
        if let Some(at) = gone.iter().position(alike) {
            let id = |it: &Ident| ObjectId::Constraint(table.name.clone(), it.clone());
            found.push(objects(id(&gone.remove(at).name), id(&it.name)));
        }
    }
    found
}

fn indexes(table: &Table, wanted: &Table) -> Vec<Rename> {
    let gone = table.indexes.iter();
    let mut gone: Vec<_> = gone
        .filter(|it| !wanted.indexes.contains(&it.name))
        .collect();
    let mut found = Vec::new();
    let new = wanted.indexes.iter();
    for it in new.filter(|it| !table.indexes.contains(&it.name)) {
        let alike = |before: &&driftless_catalog::Index| {
            let differences = index::differences(before, it);
            differences.iter().all(|it| it.aspect == "name")
        };
        if let Some(at) = gone.iter().position(alike) {
            let id = |it: &Ident| ObjectId::Index(table.name.sibling(it.clone()));
            found.push(objects(id(&gone.remove(at).name), id(&it.name)));
        }
    }
    found
}

/// What has a name that a rename needs, and is not renamed itself: it gives way.
fn in_the_way(from: &Catalog, to: &Catalog, renames: &[Rename]) -> Vec<Rename> {
    let names = Renames::new(from, renames);
    let before = taken(from);
    let after = taken(to);
    let back = names.inverse();
    let moving: BTreeSet<&Nameable> = renames.iter().map(|it| &it.from).collect();
    let targets: BTreeSet<&Nameable> = renames.iter().map(|it| &it.to).collect();
    let mut given: BTreeSet<Nameable> = BTreeSet::new();
    let mut found = Vec::new();
    for rename in renames {
        // The names that it will take, as they are taken before: in the schema or parent that is now called otherwise.
        let wanted = keys(&rename.to, has_index(from, &rename.from));
        for key in wanted.into_iter().map(|it| key_before(it, &back)) {
            let Some(occupant) = before.get(&key) else {
                continue;
            };
            if moving.contains(occupant) || !given.insert(occupant.clone()) {
                continue;
            }
            let to_name = names.nameable(occupant);
            let is_taken = |name: &str| {
                let key = with_name(occupant, name);
                let new = with_name(&to_name, name);
                if new.as_ref().is_some_and(|it| targets.contains(it)) {
                    return true;
                }
                let has =
                    |catalog: &Catalog, taken: &std::collections::BTreeMap<_, _>, it: &Nameable| {
                        keys(it, has_index(catalog, occupant))
                            .iter()
                            .any(|it| taken.contains_key(it))
                    };
                key.is_none_or(|it| has(from, &before, &it))
                    || new.is_none_or(|it| has(from, &after, &it))
            };
            let spare = spare_name(&super::candidate::last_name(occupant), is_taken);
            if let Some(to) = with_name(&to_name, &spare) {
                let from = occupant.clone();
                found.push(Rename { from, to });
            }
        }
    }
    found
}

/// The name in its namespace as that is called before.
fn key_before(key: super::keys::Key, back: &Renames) -> super::keys::Key {
    use super::keys::Key;
    let schema = |it: QualifiedName| QualifiedName::new(back.schema(&it.schema), it.name);
    match key {
        Key::Schema(it) => Key::Schema(it),
        Key::Relation(it) => Key::Relation(schema(it)),
        Key::Type(it) => Key::Type(schema(it)),
        Key::Function(mut id) => {
            id.name = schema(id.name);
            id.arguments = id.arguments.iter().map(|it| back.data_type(it)).collect();
            Key::Function(id)
        }
        Key::Part(kind, of, name) => {
            let of = match kind {
                "label" | "attribute" | "domain constraint" => back.type_name(&of),
                _ => back.relation(&of),
            };
            Key::Part(kind, of, name)
        }
    }
}
