//! Two states of a database, piece by piece.

use std::ops::Range;

use fastrand::Rng;

/// A thing that a state may have, or a property of one: a statement that makes it, and the same with other properties.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) forms: Vec<String>,
}

/// Which form of a piece a state has, if it has the piece.
pub(super) type Presence = Option<usize>;

/// Pieces, with what of each is in the state before and in the state after.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) pieces: Vec<(Piece, Presence, Presence)>,
}

/// A state of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    From,
    To,
}

impl Pair {
    /// Draws what is in either state: few edits, many, or two states that have little to do with each other.
    pub(super) fn draw(pieces: Vec<Piece>, rng: &mut Rng) -> Self {
        let of_hundred = [4, 8, 15, 30, 90][rng.usize(..5)];
        let drawn = pieces.into_iter().map(|piece| {
            let last = piece.forms.len() - 1;
            let (from, to) = match rng.u32(..100) < of_hundred {
                false => (Some(0), Some(0)),
                true => match rng.u32(..4) {
                    0 => (None, Some(0)),
                    1 => (Some(0), None),
                    2 => (Some(rng.usize(1..=last)), Some(0)),
                    _ => (Some(0), Some(rng.usize(1..=last))),
                },
            };
            (piece, from, to)
        });
        Self {
            pieces: drawn.collect(),
        }
    }

    /// The statements that make a state, with the place of the piece of each.
    pub(super) fn statements(&self, side: Side) -> Vec<(usize, String)> {
        let chosen = self
            .pieces
            .iter()
            .enumerate()
            .filter_map(|(at, (piece, from, to))| {
                let form = match side {
                    Side::From => *from,
                    Side::To => *to,
                };
                Some((at, piece.forms.get(form?)?.clone()))
            });
        chosen.collect()
    }

    /// A state as a script.
    pub(super) fn script(&self, side: Side) -> String {
        let statements = self.statements(side).into_iter();
        statements.map(|(_, it)| format!("{it};\n")).collect()
    }

    /// Takes a piece out of a state: one that the server refuses there.
    pub(super) fn remove(&mut self, side: Side, at: usize) {
        if let Some((_, from, to)) = self.pieces.get_mut(at) {
            match side {
                Side::From => *from = None,
                Side::To => *to = None,
            }
        }
    }

    /// Leaves out pieces that are in neither state.
    pub(super) fn compact(&mut self) {
        self.pieces
            .retain(|(_, from, to)| from.is_some() || to.is_some());
    }

    /// The same without some of the pieces.
    pub(super) fn without(&self, places: Range<usize>) -> Self {
        let mut smaller = self.clone();
        smaller.pieces.drain(places);
        smaller
    }

    /// The same without the edits of some of the pieces, if those have any.
    pub(super) fn unedited(&self, places: Range<usize>) -> Option<Self> {
        let mut smaller = self.clone();
        let mut edits = 0;
        for (_, from, to) in smaller.pieces.get_mut(places)? {
            edits += usize::from(from != to);
            *to = *from;
        }
        (edits > 0).then_some(smaller)
    }
}
