//! What only Prisma 8 has: `namespace`, `types`, `policy_*`, `role` and `native_enum` blocks, `@@rls`, types of other contracts.
//!
//! A file that has any of it is brought into the form that the grammar of Prisma 7 reads, without moving a byte
//! ([`prepare`]): `policy_select name {` becomes a block of properties, `namespace` and its brace become blanks. Spans
//! are therefore those of the file. What the blocks mean is then taken out of the trees and put into the same models
//! that a schema of Prisma 7 has ([`Contract`]).
//!
//! Follows Prisma Next, *PSL top-level block SPI* and *Target-contributed model attributes*.

mod contract;
mod defaults;
mod policy;

use std::borrow::Cow;
use std::ops::Range;

use driftless_finding::{Code, Finding, Severity, SourceId, Span};
use memchr::memmem;

pub(crate) use contract::Contract;

/// Something that only Prisma 8 reads.
pub(crate) static PRISMA_8: Code = Code {
    name: "prisma-8",
    severity: Severity::Warning,
    summary: "something that only Prisma 8 reads",
    explanation: "Schemas are read as any Prisma reads them. `namespace`, `types`, `role`, `native_enum` and `policy_*` blocks and \
        `@@rls` are Prisma 8's; Prisma 6 and 7 stop at them. Prisma 8 in turn knows neither `datasource` nor `generator`, so \
        a schema that has both is for no Prisma at all.\n\n\
        Where Prisma 6 or 7 has to read the file, write `/// @@rls` and `/// @@policy(…)` instead.",
};

/// A block of Prisma 8 that cannot be understood.
pub(crate) static INVALID_BLOCK: Code = Code {
    name: "invalid-block",
    severity: Severity::Error,
    summary: "a block of Prisma 8 that cannot be understood",
    explanation: "`namespace` and `types` stand at the top level and are not nested. A policy has the properties `target`, a model \
        of the same namespace, `roles`, `using` and `withCheck`. Each brace stands at the end of its line or on a line of its own.",
};

/// A file in the form that the grammar reads, and what was taken from it.
pub(crate) struct Prepared<'t> {
    pub(crate) text: Cow<'t, str>,
    /// Ordered by place.
    found: Vec<(Range<usize>, Construct)>,
}

/// Something that only Prisma 8 has, at its keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Construct {
    /// `// use prisma-next`, with which a file may begin.
    Head,
    /// The range is that of the name.
    Namespace,
    NamespaceEnd,
    /// A `namespace` or `types` in a namespace.
    Nested,
    Types,
    Policy,
    Role,
    NativeEnum,
    RowSecurity,
    /// The type of a field that is a model of another contract.
    Foreign,
    /// The type of a field that is a `native_enum`.
    NativeEnumUse,
}

/// The comment that a file of Prisma 8 may begin with.
const HEAD: &str = "// use prisma-next";

/// Looks for what only Prisma 8 has. Where there is nothing, the text is as it was.
pub(crate) fn prepare(text: &str) -> Prepared<'_> {
    if !may_have_any(text) {
        return Prepared::unchanged(text);
    }
    let mut found = Vec::new();
    if text.starts_with(HEAD) {
        found.push((0..HEAD.len(), Construct::Head));
    }
    let mut scan = Scan {
        text,
        out: Vec::new(),
        found: &mut found,
        inside: Inside::Nothing,
        in_namespace: false,
    };
    scan.run();
    let out = std::mem::take(&mut scan.out);
    let text = match String::from_utf8(out) {
        Ok(changed) if !found.is_empty() => Cow::Owned(changed),
        // Only whole ASCII characters are exchanged, so the text stays what it is.
        _ => Cow::Borrowed(text),
    };
    Prepared { text, found }
}

/// Whether it is worth looking: nearly all schemas have none of these words.
fn may_have_any(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    let opens = |at: usize| text[at + "types".len()..].trim_start().starts_with('{');
    ["@@rls", "policy_", "namespace", "native_enum", HEAD]
        .into_iter()
        .any(has)
        || memmem::find_iter(bytes, "types").any(opens)
}

/// Says that a file is not formatted, if it has blocks or types of Prisma 8.
pub(crate) fn not_formatted(text: &str, source: SourceId) -> Option<Finding> {
    let prepared = prepare(text);
    let mut found = prepared.found.iter();
    let (range, _) = found.find(|(_, it)| *it != Construct::RowSecurity)?;
    let place = Span {
        source,
        start: range.start as u32,
        end: range.end as u32,
    };
    let finding = Finding::new(&PRISMA_8, "a contract of Prisma 8 is not formatted");
    let finding = finding.at(place).severity(Severity::Error);
    Some(finding.help("format it with Prisma 8, `prisma-next format`"))
}

impl<'t> Prepared<'t> {
    /// The text as it is.
    pub(crate) fn unchanged(text: &'t str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            found: Vec::new(),
        }
    }
}

/// The block that a line stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Comment,
    Model,
    Types,
    NativeEnum,
    Role,
    Other,
}

struct Scan<'t, 'f> {
    text: &'t str,
    out: Vec<u8>,
    found: &'f mut Vec<(Range<usize>, Construct)>,
    inside: Inside,
    in_namespace: bool,
}

impl Scan<'_, '_> {
    fn run(&mut self) {
        self.out = self.text.as_bytes().to_vec();
        let text = self.text;
        let mut start = 0;
        for line in text.split_inclusive(['\n', '\r']) {
            let begin = start + line.len() - line.trim_start().len();
            let line_end = start + line.trim_end().len();
            start += line.len();
            if begin < line_end {
                self.line(begin..line_end);
            }
        }
    }

    /// A line without the blanks around it.
    fn line(&mut self, range: Range<usize>) {
        let line = &self.text[range.clone()];
        if self.inside == Inside::Comment || line.starts_with("/*") {
            let ends = line.contains("*/");
            let within = self.inside == Inside::Comment || self.inside == Inside::Nothing;
            if within {
                self.inside = if ends {
                    Inside::Nothing
                } else {
                    Inside::Comment
                };
            }
            return;
        }
        if line.starts_with("//") {
            return;
        }
        if line.starts_with('}') && self.inside != Inside::Nothing {
            if self.inside == Inside::Role {
                self.blank(range.start..range.start + 1);
            }
            self.inside = Inside::Nothing;
            return;
        }
        match self.inside {
            Inside::Nothing => self.at_top_level(range),
            Inside::Model => self.in_model(range),
            Inside::Types => self.replace_first(range, b'=', b' '),
            Inside::NativeEnum => self.mapped(range),
            Inside::Role => self.blank(range),
            Inside::Comment | Inside::Other => {}
        }
    }

    fn at_top_level(&mut self, range: Range<usize>) {
        let line = &self.text[range.clone()];
        if line.starts_with('}') && self.in_namespace {
            self.blank(range.start..range.start + 1);
            self.found.push((range, Construct::NamespaceEnd));
            self.in_namespace = false;
            return;
        }
        let Some(open) = line.find('{') else {
            return;
        };
        let mut words = line[..open].split_ascii_whitespace();
        let (Some(keyword), name, None) = (words.next(), words.next(), words.next()) else {
            return;
        };
        let at = |word: &str| {
            let start = word.as_ptr() as usize - line.as_ptr() as usize + range.start;
            start..start + word.len()
        };
        let place = at(keyword);
        let construct = match (keyword, name) {
            ("namespace", Some(name)) if !self.in_namespace => {
                self.in_namespace = true;
                self.blank(range.start..range.start + open + 1);
                self.found.push((at(name), Construct::Namespace));
                return;
            }
            ("namespace", Some(_)) => {
                self.inside = Inside::Other;
                Construct::Nested
            }
            ("types", None) if self.in_namespace => {
                self.inside = Inside::Other;
                Construct::Nested
            }
            ("types", None) => {
                self.inside = Inside::Types;
                Construct::Types
            }
            ("role", Some(_)) => {
                let whole = line[open..].contains('}');
                self.inside = if whole { Inside::Nothing } else { Inside::Role };
                self.blank(range.clone());
                Construct::Role
            }
            ("native_enum", Some(_)) => {
                self.inside = Inside::NativeEnum;
                self.block_of_properties(place.clone());
                Construct::NativeEnum
            }
            (_, Some(_)) if policy::command(keyword).is_some() => {
                self.inside = Inside::Other;
                self.block_of_properties(place.clone());
                Construct::Policy
            }
            ("model" | "view", _) => {
                self.inside = Inside::Model;
                return;
            }
            _ => {
                self.inside = Inside::Other;
                return;
            }
        };
        self.found.push((place, construct));
    }

    fn in_model(&mut self, range: Range<usize>) {
        let line = &self.text[range.clone()];
        if let Some(rest) = line.strip_prefix("@@rls") {
            let rest = rest.strip_prefix("()").unwrap_or(rest);
            if rest.is_empty()
                || rest.trim_start().starts_with("//") && rest.starts_with([' ', '\t', '/'])
            {
                let place = range.start..range.end - rest.len();
                self.blank(place.clone());
                self.found.push((place, Construct::RowSecurity));
            }
            return;
        }
        // The type is the second word.
        let Some(blank) = line.find([' ', '\t']) else {
            return;
        };
        let behind = line[blank..].trim_start();
        let start = range.end - behind.len();
        if let Some(call) = behind.strip_prefix("pg.enum(") {
            let len = word_len(call);
            if len > 0 && call[len..].starts_with(')') {
                let name = start + "pg.enum(".len();
                self.blank(start..name);
                self.blank(name + len..name + len + 1);
                self.found
                    .push((name..name + len, Construct::NativeEnumUse));
            }
            return;
        }
        let Some(len) = foreign_type_len(behind) else {
            return;
        };
        let place = start..start + len;
        for byte in &mut self.out[place.clone()] {
            if matches!(byte, b':' | b'.') {
                *byte = b'_';
            }
        }
        self.found.push((place, Construct::Foreign));
    }

    /// The keyword of a block becomes one whose block holds properties.
    fn block_of_properties(&mut self, keyword: Range<usize>) {
        const KEYWORD: &[u8] = b"generator";
        self.blank(keyword.clone());
        self.out[keyword.start..keyword.start + KEYWORD.len()].copy_from_slice(KEYWORD);
    }

    /// `@@map("x")` becomes the property `map = "x"`.
    fn mapped(&mut self, range: Range<usize>) {
        let line = &self.text[range.clone()];
        if line.starts_with("@@map(\"")
            && let Some(close) = line.rfind(')')
        {
            let start = range.start;
            self.out[start..start + 6].copy_from_slice(b"map = ");
            self.blank(start + close..start + close + 1);
        }
    }

    fn replace_first(&mut self, range: Range<usize>, from: u8, to: u8) {
        if let Some(byte) = self.out[range].iter_mut().find(|it| **it == from) {
            *byte = to;
        }
    }

    fn blank(&mut self, range: Range<usize>) {
        self.out[range].fill(b' ');
    }
}

fn word_len(text: &str) -> usize {
    let is_part = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_';
    text.bytes().take_while(is_part).count()
}

/// The length of `space:namespace.Model` or `space:Model`.
fn foreign_type_len(text: &str) -> Option<usize> {
    let space = word_len(text);
    let rest = text[space..].strip_prefix(':')?;
    let first = word_len(rest);
    let second = rest[first..].strip_prefix('.').map(word_len);
    let len = space + 1 + first + second.map_or(0, |it| it + 1);
    (space > 0 && first > 0 && second != Some(0)).then_some(len)
}
