//! Text to names.

use super::SpelledName;

/// Every word that may stand in front of a name.
const KINDS: &[&str] = &[
    "schema",
    "table",
    "column",
    "constraint",
    "domain constraint",
    "index",
    "sequence",
    "view",
    "materialized view",
    "matview",
    "function",
    "trigger",
    "policy",
    "enum",
    "domain",
    "composite type",
    "range type",
    "base type",
    "type",
    "label",
    "value",
    "attribute",
];

/// What is left of a text to read.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a str,
}

impl Reader<'_> {
    /// Whether the letter comes next; then it is passed.
    pub(super) fn eat(&mut self, it: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(it) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Kind, parts and arguments of the next name.
    pub(super) fn name(&mut self) -> Result<SpelledName, &'static str> {
        let start = self.rest.trim_start();
        let kind = self.kind();
        let mut path = vec![self.part()?];
        while self.eat('.') {
            path.push(self.part()?);
        }
        let arguments = match self.eat('(') {
            true => {
                let (arguments, rest) = self
                    .rest
                    .split_once(')')
                    .ok_or("a parenthesis is not closed")?;
                self.rest = rest;
                Some(arguments.to_owned())
            }
            false => None,
        };
        self.rest = self.rest.trim_start();
        Ok(SpelledName {
            text: start[..start.len() - self.rest.len()].trim_end().to_owned(),
            kind,
            path,
            arguments,
        })
    }

    fn kind(&mut self) -> Option<String> {
        let (word, rest) = self.rest.split_once(':')?;
        let word = word.trim().to_lowercase().replace(['-', '_'], " ");
        KINDS.contains(&word.as_str()).then(|| {
            self.rest = rest;
            word
        })
    }

    fn part(&mut self) -> Result<String, &'static str> {
        self.rest = self.rest.trim_start();
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let end = self
                .rest
                .find(['.', '=', '(', '"'])
                .unwrap_or(self.rest.len());
            let (part, rest) = self.rest.split_at(end);
            self.rest = rest;
            return match part.trim() {
                "" => Err("a name is missing"),
                part => Ok(part.to_owned()),
            };
        };
        let mut part = String::new();
        let mut letters = quoted.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' if letters.next_if(|(_, it)| *it == '"').is_some() => part.push('"'),
                '"' => {
                    self.rest = &quoted[at + 1..];
                    return match part.is_empty() {
                        true => Err("a name is empty"),
                        false => Ok(part),
                    };
                }
                other => part.push(other),
            }
        }
        Err("a quote is not closed")
    }
}
