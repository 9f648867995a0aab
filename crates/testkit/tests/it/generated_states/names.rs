//! Names that nobody should give, and somebody does.

use driftless_sql_text::quote_always;

use super::dice::Dice;

const HOSTILE: &[&str] = &[
    "a",
    "b",
    "item",
    "Upper",
    "select",
    "user",
    "public",
    "a.b",
    "two words",
    " ",
    "Größe",
    "日本😀",
    "it's",
    "quo\"te",
    "back\\slash",
    "$$",
    "$1",
    "--x",
    "/*c",
    "*/",
    "x;y",
    "100%s",
    "line\nbreak",
    "1st",
    "{}",
    "NULL",
    ":x",
];

/// Names that were given so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    given: Vec<String>,
}

impl Names {
    /// A name in quotes, most often one that nothing else has.
    pub(super) fn draw(&mut self, dice: &mut Dice) -> String {
        if !self.given.is_empty() && dice.once_in(12) {
            return dice.pick(&self.given);
        }
        let base = dice.pick(HOSTILE);
        let number = self.given.len();
        let name = match dice.below(8) {
            0 => {
                let long = format!("{base}{number}{}", "x".repeat(63));
                cut(&long, 63).to_owned()
            }
            1..=4 => format!("{base}{number}"),
            _ => base.to_owned(),
        };
        let quoted = quote_always(&name);
        match self.given.contains(&quoted) {
            true => self.given.push(quote_always(&format!("{base}{number}"))),
            false => self.given.push(quoted),
        }
        self.given[self.given.len() - 1].clone()
    }
}

/// The beginning of a text: at most so many bytes, in whole characters.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
