//! Foreign keys and join tables as relations: which model has a side of which, and what Prisma calls them.

use std::collections::{HashMap, HashSet};

use super::name::Name;
use super::seen::{Seen, SeenForeignKey};

/// Which side of a relation a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Of a foreign key the referencing one, of a join table that of column `A`.
    Forward,
    /// The other one.
    Back,
}

/// A side of a relation on a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Of a foreign key: table, place among its foreign keys, side.
    Inline(usize, usize, Side),
    /// Of a join table.
    Join(usize, Side),
}

/// What Prisma calls a relation that no existing schema names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RelationNames {
    /// Empty if it needs none.
    pub(super) relation: String,
    /// The field on the [`Side::Forward`].
    pub(super) forward: String,
    /// The field on the [`Side::Back`].
    pub(super) back: String,
}

/// All relations. The lists go with the tables of [`Seen`].
pub(super) struct Relations {
    /// The sides on a table, in Prisma's order: foreign keys by table and name, then join tables.
    pub(super) ends: Vec<Vec<End>>,
    /// Of foreign keys.
    pub(super) inline: Vec<Vec<RelationNames>>,
    /// Of join tables.
    pub(super) joins: HashMap<usize, RelationNames>,
}

impl Relations {
    pub(super) fn new(seen: &Seen<'_>) -> Self {
        let ambiguous = ambiguous(seen);
        let mut relations = Self {
            ends: vec![Vec::new(); seen.tables.len()],
            inline: vec![Vec::new(); seen.tables.len()],
            joins: HashMap::new(),
        };
        for (at, table) in seen
            .tables
            .iter()
            .enumerate()
            .filter(|(_, it)| !it.is_join_table)
        {
            for (place, key) in table.foreign_keys.iter().enumerate() {
                relations.inline[at].push(inline_names(seen, at, key, &ambiguous));
                if !key.is_duplicate {
                    relations.ends[at].push(End::Inline(at, place, Side::Forward));
                    relations.ends[key.references].push(End::Inline(at, place, Side::Back));
                }
            }
        }
        for (at, table) in seen
            .tables
            .iter()
            .enumerate()
            .filter(|(_, it)| it.is_join_table)
        {
            if let [a, b] = join_sides(seen, at)[..] {
                relations.ends[table.foreign_keys[a].references].push(End::Join(at, Side::Forward));
                relations.ends[table.foreign_keys[b].references].push(End::Join(at, Side::Back));
                relations.joins.insert(at, join_names(seen, at, &ambiguous));
            }
        }
        relations
    }
}

/// The foreign keys of a join table: that of column `A`, and that of column `B`.
pub(super) fn join_sides(seen: &Seen<'_>, table: usize) -> Vec<usize> {
    let table = &seen.tables[table];
    let column = |key: &SeenForeignKey<'_>| table.columns[key.columns[0]].name.as_str();
    let mut sides: Vec<usize> = (0..table.foreign_keys.len()).collect();
    sides.sort_by_key(|it| !column(&table.foreign_keys[*it]).eq_ignore_ascii_case("a"));
    sides
}

type Pair = (usize, usize);

fn pair(one: usize, other: usize) -> Pair {
    (one.min(other), one.max(other))
}

/// The pairs of tables with more than one relation between them, or with one whose field would be called like a
/// column of its own.
fn ambiguous(seen: &Seen<'_>) -> HashSet<Pair> {
    let mut found = HashSet::new();
    let mut first: HashMap<Pair, (usize, &[usize])> = HashMap::new();
    for (at, table) in seen.tables.iter().enumerate() {
        for key in &table.foreign_keys {
            let pair = pair(at, key.references);
            let columns = (at, &key.columns[..]);
            if *first.entry(pair).or_insert(columns) != columns {
                found.insert(pair);
            }
            let field = sql_name(seen, key.references).name;
            let clashes =
                |it: &usize| Name::of_field(table.columns[*it].name.as_str()).name == field;
            if !table.is_join_table && key.columns.iter().any(clashes) {
                found.insert(pair);
            }
        }
    }
    let mut joined: HashSet<Pair> = HashSet::new();
    for table in seen.tables.iter().filter(|it| it.is_join_table) {
        let [one, other] = &table.foreign_keys[..] else {
            continue;
        };
        let pair = pair(one.references, other.references);
        if !joined.insert(pair) || first.contains_key(&pair) {
            found.insert(pair);
        }
    }
    found
}

/// What a table would be called if it were alone: the names of relations heed neither an existing schema nor clashes.
fn sql_name(seen: &Seen<'_>, table: usize) -> Name {
    Name::of_block(seen.tables[table].table.name.name.as_str())
}

fn inline_names(
    seen: &Seen<'_>,
    table: usize,
    key: &SeenForeignKey<'_>,
    ambiguous: &HashSet<Pair>,
) -> RelationNames {
    let own = sql_name(seen, table).name;
    let referenced = sql_name(seen, key.references).name;
    let is_self = table == key.references;
    let other = if is_self { "other_" } else { "" };
    if !ambiguous.contains(&pair(table, key.references)) {
        return RelationNames {
            relation: match is_self {
                true => format!("{own}To{referenced}"),
                false => String::new(),
            },
            back: format!("{other}{own}"),
            forward: referenced,
        };
    }
    let columns = &seen.tables[table].columns;
    let names: Vec<String> = key
        .columns
        .iter()
        .map(|it| Name::of_field(columns[*it].name.as_str()).name)
        .collect();
    let relation = format!("{own}_{}To{referenced}", names.join("_"));
    RelationNames {
        forward: format!("{referenced}_{relation}"),
        back: format!("{other}{own}_{relation}"),
        relation,
    }
}

fn join_names(seen: &Seen<'_>, table: usize, ambiguous: &HashSet<Pair>) -> RelationNames {
    let join = &seen.tables[table];
    let (one, other) = match &join.foreign_keys[..] {
        [one, other] => pair(one.references, other.references),
        _ => (table, table),
    };
    let (first, second) = (sql_name(seen, one).name, sql_name(seen, other).name);
    let table_name = join.table.name.name.as_str();
    let is_ambiguous = ambiguous.contains(&(one, other));
    let suffix = if is_ambiguous { table_name } else { "" };
    let is_self = one == other;
    let (a, b) = if is_self { ("_A", "_B") } else { ("", "") };
    let needs_none = !is_ambiguous && !is_self && table_name[1..] == format!("{first}To{second}");
    RelationNames {
        relation: match needs_none {
            true => String::new(),
            false => table_name[1..].to_owned(),
        },
        forward: format!("{second}{suffix}{a}"),
        back: format!("{first}{suffix}{b}"),
    }
}
