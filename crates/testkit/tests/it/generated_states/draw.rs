//! Pieces of states, one after the other; each may need what was drawn before.

mod functions;
mod relations;
mod rights;
mod tables;
mod types;
mod views;

use super::dice::Dice;
use super::names::Names;
use super::pair::Piece;

/// A column, or an argument.
#[derive(Debug, Clone)]
struct Column {
    /// In quotes.
    name: String,
    /// The type in the first form of its piece.
    data_type: String,
}

/// What rows come out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Table,
    Partitioned,
    View,
    Materialized,
}

/// Something with columns.
#[derive(Debug, Clone)]
struct Relation {
    kind: Kind,
    /// With its schema.
    name: String,
    columns: Vec<Column>,
}

/// Something that comments, owners and grants are about, such as `VIEW` and its name.
#[derive(Debug, Clone)]
struct Thing {
    kind: &'static str,
    name: String,
}

/// What is drawn.
#[derive(Debug)]
pub(super) struct Drawing {
    dice: Dice,
    names: Names,
    pieces: Vec<Piece>,
    schemas: Vec<String>,
    /// Types of its own, with their schemas.
    types: Vec<String>,
    sequences: Vec<String>,
    relations: Vec<Relation>,
    /// Functions of a text that give one, by name.
    functions: Vec<String>,
    /// Functions for triggers, by name.
    trigger_functions: Vec<String>,
    things: Vec<Thing>,
}

/// The pieces of a seed.
pub(super) fn pieces(seed: u64) -> Vec<Piece> {
    let mut drawing = Drawing {
        dice: Dice::new(seed),
        names: Names::default(),
        pieces: Vec::new(),
        schemas: vec!["public".to_owned()],
        types: Vec::new(),
        sequences: Vec::new(),
        relations: Vec::new(),
        functions: Vec::new(),
        trigger_functions: Vec::new(),
        things: Vec::new(),
    };
    drawing.draw();
    drawing.pieces
}

impl Drawing {
    fn draw(&mut self) {
        for _ in 0..self.dice.below(3) {
            self.schema();
        }
        for _ in 0..self.dice.below(4) {
            self.a_type();
        }
        self.function();
        for _ in 0..2 + self.dice.below(2) {
            self.table();
        }
        let parts: [fn(&mut Self); 25] = [
            Self::schema,
            Self::a_type,
            Self::table,
            Self::function,
            Self::function,
            Self::trigger_function,
            Self::sequence,
            Self::column,
            Self::column,
            Self::column_options,
            Self::constraint,
            Self::constraint,
            Self::foreign_key,
            Self::partition,
            Self::child,
            Self::index,
            Self::index,
            Self::view,
            Self::view,
            Self::materialized_view,
            Self::trigger,
            Self::policy,
            Self::table_options,
            Self::statistics_or_rule,
            Self::rights,
        ];
        for _ in 0..15 + self.dice.below(40) {
            let part = self.dice.pick(&parts);
            part(self);
        }
        for _ in 0..self.dice.below(8) {
            self.rights();
        }
    }

    /// A name for something in a schema.
    fn name(&mut self) -> String {
        let name = self.names.draw(&mut self.dice);
        format!("{}.{name}", self.dice.pick(&self.schemas))
    }

    /// A name for something in a table.
    fn part_name(&mut self) -> String {
        self.names.draw(&mut self.dice)
    }

    /// Adds a piece: as it is drawn, with another choice somewhere, and with other choices everywhere. Names are given
    /// before.
    fn piece(&mut self, draw: impl Fn(&mut Self) -> String) {
        let seed = self.dice.seed();
        let form = |drawing: &mut Self, dice: Dice| {
            let usual = std::mem::replace(&mut drawing.dice, dice);
            let text = draw(drawing);
            let thrown = std::mem::replace(&mut drawing.dice, usual).thrown();
            (text, thrown)
        };
        let (usual, thrown) = form(self, Dice::new(seed));
        let mut forms = vec![usual];
        for _ in 0..3 {
            let other_at = self.dice.below(thrown.max(1));
            forms.push(form(self, Dice::but_one(seed, other_at)).0);
        }
        forms.push(form(self, Dice::new(seed.wrapping_add(1))).0);
        self.pieces.push(Piece { forms });
    }

    fn thing(&mut self, kind: &'static str, name: &str) {
        let name = name.to_owned();
        self.things.push(Thing { kind, name });
    }

    /// A relation of one of the kinds, if there is any.
    fn relation(&mut self, kinds: &[Kind]) -> Option<Relation> {
        let fitting = self
            .relations
            .iter()
            .filter(|it| kinds.contains(&it.kind) && !it.columns.is_empty());
        let fitting: Vec<Relation> = fitting.cloned().collect();
        (!fitting.is_empty()).then(|| self.dice.pick(&fitting))
    }

    /// A column by name.
    fn column_of(&mut self, relation: &Relation) -> String {
        self.dice.pick(&relation.columns).name
    }

    /// A text made of a column, whatever its type.
    fn text_of(&mut self, relation: &Relation) -> String {
        let text = format!("({})::text", self.column_of(relation));
        match self.dice.below(5) {
            0 => format!("upper({text})"),
            1 => format!("({text} || '--;')"),
            2 if !self.functions.is_empty() => {
                format!("{}({text})", self.dice.pick(&self.functions))
            }
            _ => text,
        }
    }

    /// A condition on a row, whatever the types.
    fn condition(&mut self, relation: &Relation) -> String {
        match self.dice.below(4) {
            0 => format!("({} IS NOT NULL)", self.column_of(relation)),
            1 => format!("(length({}) > 2)", self.text_of(relation)),
            _ => format!("({} <> 'it''s')", self.text_of(relation)),
        }
    }
}
