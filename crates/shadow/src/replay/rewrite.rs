//! A statement with some of its words exchanged, and the way back to where they stood.

use std::ops::Range;

/// A text with exchanged parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rewritten {
    pub(super) text: String,
    /// In order, without overlaps.
    exchanges: Vec<Exchange>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Exchange {
    /// Where the part stood in the original.
    original: Range<usize>,
    /// Where the new part stands.
    start: usize,
    length: usize,
}

impl Rewritten {
    /// `text` with each range exchanged for its new text. The ranges are in order and do not overlap.
    pub(super) fn new(text: &str, parts: &[(Range<usize>, String)]) -> Self {
        let mut out = String::with_capacity(text.len());
        let mut exchanges = Vec::new();
        let mut from = 0;
        for (range, new) in parts {
            out.push_str(&text[from..range.start]);
            exchanges.push(Exchange {
                original: range.clone(),
                start: out.len(),
                length: new.len(),
            });
            out.push_str(new);
            from = range.end;
        }
        out.push_str(&text[from..]);
        Self {
            text: out,
            exchanges,
        }
    }

    /// Where in the original the byte at `offset` of the new text comes from.
    pub(super) fn original(&self, offset: usize) -> usize {
        let before = self
            .exchanges
            .iter()
            .take_while(|it| it.start <= offset)
            .last();
        match before {
            None => offset,
            Some(it) if offset < it.start + it.length => it.original.start,
            Some(it) => it.original.end + (offset - it.start - it.length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_leads_back() {
        let text = "grant a to postgres, b; x";
        let new = Rewritten::new(
            text,
            &[
                (11..19, "\"shadow_role\"".to_owned()),
                (21..22, String::new()),
            ],
        );
        assert_eq!(new.text, "grant a to \"shadow_role\", ; x");
        assert_eq!(new.original(6), 6);
        assert_eq!(new.original(15), 11);
        assert_eq!(&text[new.original(24)..], ", b; x");
        assert_eq!(&text[new.original(new.text.len() - 1)..], "x");
    }
}
