//! The `//` comments of an existing schema, which Prisma forgets.

use std::collections::HashMap;

use driftless_finding::{Sources, Span};

/// The files of an existing schema, if their comments are to be kept.
#[derive(Clone, Copy, Default)]
pub(super) struct Comments<'p>(pub(super) Option<&'p Sources>);

/// The comments inside a block.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Inside {
    /// Those above a field or value, by the place where its name begins.
    above: HashMap<u32, Vec<String>>,
    /// All others: above attributes, and last in the block.
    pub(super) others: Vec<String>,
}

impl Inside {
    /// The comments above the field or value whose name is at `name`.
    pub(super) fn above(&self, name: Span) -> &[String] {
        self.above.get(&name.start).map_or(&[], Vec::as_slice)
    }
}

impl Comments<'_> {
    /// The comments between a block and what stands before it, in order.
    pub(super) fn above(self, block: Span) -> Vec<String> {
        let Some(sources) = self.0 else {
            return Vec::new();
        };
        let text = &sources.file(block.source).text()[..block.start as usize];
        let lines = text.lines().rev().map(str::trim);
        let mut found: Vec<String> = lines
            .take_while(|it| it.is_empty() || it.starts_with("//"))
            .filter(|it| is_comment(it))
            .map(str::to_owned)
            .collect();
        found.reverse();
        without_models(found)
    }

    /// The comment behind something on its line.
    pub(super) fn behind(self, span: Span) -> Option<String> {
        let text = &self.0?.file(span.source).text()[span.end as usize..];
        let rest = text.lines().next()?.trim();
        is_comment(rest).then(|| rest.to_owned())
    }

    /// The comments inside a block whose fields or values have their names at `names`.
    pub(super) fn inside(self, block: Span, names: impl Iterator<Item = Span>) -> Inside {
        let mut found = Inside::default();
        let Some(sources) = self.0 else {
            return found;
        };
        let names: Vec<u32> = names.map(|it| it.start).collect();
        let mut pending = Vec::new();
        let mut start = block.start;
        for line in sources.text(block).split_inclusive('\n') {
            let end = start + line.len() as u32;
            let words = line.trim();
            if is_comment(words) {
                pending.push(words.to_owned());
            } else if !words.is_empty() && !words.starts_with("///") {
                let at = names.partition_point(|it| *it < start);
                match names.get(at).filter(|it| **it < end) {
                    Some(name) => _ = found.above.insert(*name, std::mem::take(&mut pending)),
                    None => found.others.append(&mut pending),
                }
            }
            start = end;
        }
        found.others.append(&mut pending);
        found
    }

    /// The comments behind the last block of the last file.
    pub(super) fn at_the_end(self) -> Vec<String> {
        let last = self.0.and_then(|it| it.iter().last());
        let lines = last.iter().flat_map(|(_, it)| it.text().lines().rev());
        let mut found: Vec<String> = lines
            .map(str::trim)
            .take_while(|it| it.is_empty() || it.starts_with("//"))
            .filter(|it| is_comment(it))
            .map(str::to_owned)
            .collect();
        found.reverse();
        without_models(found)
    }
}

/// The lines without models that are commented out for want of columns: they are written anew.
fn without_models(lines: Vec<String>) -> Vec<String> {
    let mut inside = false;
    let mut is_kept = |line: &String| {
        inside |= line.starts_with("// model ") && line.ends_with('{');
        let was_inside = inside;
        inside &= line != "// }";
        !was_inside
    };
    lines.into_iter().filter(|it| is_kept(it)).collect()
}

/// Whether a line is a comment, and no documentation.
fn is_comment(line: &str) -> bool {
    line.starts_with("//") && !line.starts_with("///")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_that_are_commented_out_are_no_comments() {
        let lines = ["// a", "// model nothing {", "// }", "// b"].map(str::to_owned);
        assert_eq!(without_models(lines.to_vec()), ["// a", "// b"]);
    }

    #[test]
    fn comments_belong_to_what_follows() {
        let text = "// one\n\n/// doc\n// two\nmodel A {\n  // of id\n  id Int // behind\n\n  // of key\n  @@id([id])\n}\n// end\n";
        let mut sources = Sources::new();
        let file = sources.add("a.prisma", text).unwrap();
        let span = |words: &str| {
            let start = text.find(words).unwrap();
            sources.span(file, start..start + words.len())
        };
        let comments = Comments(Some(&sources));
        let block = span(&text[text.find("model").unwrap()..text.find("// end").unwrap() - 1]);
        assert_eq!(comments.above(block), ["// one", "// two"]);
        let inside = comments.inside(block, std::iter::once(span("id Int")));
        assert_eq!(inside.above(span("id Int")), ["// of id"]);
        assert_eq!(inside.others, ["// of key"]);
        assert_eq!(
            comments.behind(span("id Int")).as_deref(),
            Some("// behind")
        );
        assert_eq!(comments.at_the_end(), ["// end"]);
    }
}
