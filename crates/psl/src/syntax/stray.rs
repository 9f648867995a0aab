//! Text that is no Prisma.

use driftless_finding::{Code, Finding, Severity, Span};

use super::lexer::Refused;
use super::tree::Keyword;
use crate::findings::Findings;

/// A line outside of all blocks.
pub(crate) static STRAY_LINE: Code = Code {
    name: "stray-line",
    severity: Severity::Error,
    summary: "a line at the top level that begins no block",
    explanation: "At the top level stand `datasource`, `generator`, `model`, `view` and `enum` blocks, and comments. \
        A block begins with `keyword Name {` on a line of its own, and ends with a `}` that is the first thing on its \
        line. If a `}` is missing, none of the block's lines can be understood.",
};

/// A line inside a block.
pub(crate) static INVALID_LINE: Code = Code {
    name: "invalid-line",
    severity: Severity::Error,
    summary: "a line inside a block that is no statement of that block",
    explanation: "A model or view has fields (`name Type @attribute`) and block attributes (`@@name(…)`), an enum has \
        values, a datasource or generator has properties (`name = value`). A statement stands on one line, and only a \
        comment may follow it.",
};

/// `word { … }`
pub(crate) static UNKNOWN_BLOCK: Code = Code {
    name: "unknown-block",
    severity: Severity::Error,
    summary: "a block that begins with no keyword",
    explanation: "A block begins with `datasource`, `generator`, `model`, `view`, `type` or `enum`, and a name.",
};

/// `type A = B`
pub(crate) static TYPE_ALIAS: Code = Code {
    name: "type-alias",
    severity: Severity::Error,
    summary: "a `type` that stands for another type",
    explanation: "Type aliases were an experiment of Prisma 2. Write the type and its attributes at each field.",
};

/// Brackets in brackets in brackets.
pub(crate) static NESTED_TOO_DEEP: Code = Code {
    name: "nested-too-deep",
    severity: Severity::Error,
    summary: "a line has brackets nested more than 64 levels deep",
    explanation: "No part of the language needs more than four levels.",
};

/// A name of a kilobyte.
pub(crate) static LONG_WORD: Code = Code {
    name: "long-word",
    severity: Severity::Error,
    summary: "a word is longer than 1000 bytes",
    explanation: "PostgreSQL keeps 63 bytes of a name.",
};

const KEYWORDS: [&str; 6] = ["datasource", "generator", "model", "view", "type", "enum"];

pub(super) fn at_top_level(span: Span, line: &str, findings: &mut Findings) -> Finding {
    let span = without_end(span, line);
    let word = line
        .split(|it: char| !it.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let is_keyword = KEYWORDS.contains(&word);
    let header = line.trim_end().strip_suffix('{').map(str::trim_end);
    let names: Vec<_> = header.iter().flat_map(|it| it.split_whitespace()).collect();
    let finding = |message: &str| Finding::new(&STRAY_LINE, message).at(span);
    let none = finding("this line belongs to no block and begins none");
    if line.starts_with('\u{feff}') {
        return finding("the file begins with a byte order mark").help("save it without one");
    }
    match (&names[..], line.trim_end()) {
        ([_, name], _) if is_keyword && name.starts_with('_') => {
            finding("no block has a name that begins with `_`").help("begin it with a letter")
        }
        ([_, name], _) if is_keyword && name.chars().all(is_part_of_name) => {
            finding("this block is never closed").help("close it with a `}` that begins a line")
        }
        ([first, name], _) if !is_keyword && first.chars().all(is_part_of_name) => {
            let finding = finding(&format!("`{first}` begins no kind of block"));
            let help = format!("write `model {name} {{`, or another keyword");
            findings.did_you_mean(finding, first, KEYWORDS, &help)
        }
        (_, "}") => none.help("remove it, or look for a block above that ends too early"),
        _ if is_keyword => none.help(format!(
            "write `{word} Name {{` on a line of its own, and close the block with a `}}` that begins a line"
        )),
        _ => {
            let help = "begin a block with `model`, `view`, `enum`, `datasource` or `generator`";
            findings.did_you_mean(none, word, KEYWORDS, help)
        }
    }
}

/// The span of a line without its end and the blanks before that.
fn without_end(span: Span, line: &str) -> Span {
    let end = span.start + line.trim_end().len() as u32;
    Span { end, ..span }
}

fn is_part_of_name(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '-')
}

pub(super) fn in_block(keyword: Keyword, span: Span, line: &str) -> Finding {
    let span = without_end(span, line);
    let (message, help) = match keyword {
        Keyword::Model | Keyword::View | Keyword::Type => (
            "this line is neither a field nor a block attribute",
            "write `name Type @attribute` or `@@attribute(…)`, all on one line",
        ),
        Keyword::Enum => (
            "this line is neither a value of the enum nor a block attribute",
            "write one value on each line, without punctuation",
        ),
        Keyword::Datasource | Keyword::Generator => (
            "this line is no property",
            "write `name = value`, all on one line",
        ),
    };
    let word = line.split_whitespace().next().unwrap_or_default();
    let finding = Finding::new(&INVALID_LINE, message).at(span);
    if KEYWORDS.contains(&word) && line.trim_end().ends_with('{') {
        return finding.help("close the block above with a `}` on a line of its own first");
    }
    finding.help(slip(line).unwrap_or(help))
}

/// What to do about the usual slip of a line that is nearly right.
fn slip(line: &str) -> Option<&'static str> {
    let (mut in_string, mut depth, mut single_quotes) = (false, 0i64, 0);
    let mut bytes = line.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            _ if in_string => {}
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'\'' => single_quotes += 1,
            _ => {}
        }
    }
    if in_string {
        return Some("close the string with a `\"` on the same line");
    }
    if single_quotes > 1 {
        return Some("write strings in double quotes");
    }
    match depth {
        0 => None,
        1.. => Some("close every bracket on the same line"),
        ..0 => Some("remove the bracket that closes none"),
    }
}

pub(super) fn block(span: Span, word: &str, findings: &mut Findings) -> Finding {
    let finding =
        Finding::new(&UNKNOWN_BLOCK, format!("`{word}` begins no kind of block")).at(span);
    if KEYWORDS.contains(&word) {
        return finding.help(format!("name it: `{word} Name {{`"));
    }
    let help = format!("write `model {word} {{`, or another keyword");
    findings.did_you_mean(finding, word, KEYWORDS, &help)
}

pub(super) fn type_alias(span: Span) -> Finding {
    Finding::new(&TYPE_ALIAS, "a type cannot stand for another type")
        .at(span)
        .help("write the type and its attributes at each field")
}

pub(super) fn refused(why: Refused, span: Span, line: &str) -> Finding {
    let span = without_end(span, line);
    let finding = match why {
        Refused::NestedTooDeep => Finding::new(
            &NESTED_TOO_DEEP,
            "brackets are nested more than 64 levels deep",
        ),
        Refused::LongWord => {
            Finding::new(&LONG_WORD, "this line has a word of more than 1000 bytes")
        }
    };
    finding.at(span)
}
