//! Choices that depend on a seed alone.

use fastrand::Rng;

/// Makes choices. Thrown again with the same seed, all choices are the same but one.
#[derive(Debug)]
pub(super) struct Dice {
    rng: Rng,
    thrown: usize,
    /// The throw that is to fall another way.
    other_at: Option<usize>,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            thrown: 0,
            other_at: None,
        }
    }

    /// As [`Self::new`], with one of the choices another one.
    pub(super) fn but_one(seed: u64, other_at: usize) -> Self {
        Self {
            other_at: Some(other_at),
            ..Self::new(seed)
        }
    }

    /// How many choices were made.
    pub(super) fn thrown(&self) -> usize {
        self.thrown
    }

    /// A number that is less than `end`, which is more than 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let drawn = self.rng.usize(..end);
        let other = self.other_at == Some(self.thrown);
        self.thrown += 1;
        match other {
            true => (drawn + 1) % end,
            false => drawn,
        }
    }

    /// Whether something happens that happens once in `of`.
    pub(super) fn once_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    /// One of several.
    pub(super) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        let at = self.below(of.len());
        of[at].clone()
    }

    /// A text once in `of`, else none.
    pub(super) fn maybe(&mut self, of: usize, text: &str) -> String {
        match self.once_in(of) {
            true => text.to_owned(),
            false => String::new(),
        }
    }

    /// A seed for other dice.
    pub(super) fn seed(&mut self) -> u64 {
        self.rng.u64(..)
    }
}
