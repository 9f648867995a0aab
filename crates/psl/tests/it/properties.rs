//! What holds for every text.

use std::sync::LazyLock;

use driftless_psl::format;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::describe::describe;
use crate::support::{Checked, cases, check_text};

/// The texts of all fixtures that are valid.
static VALID: LazyLock<Vec<String>> = LazyLock::new(|| texts("ok"));

/// And of those that are not.
static INVALID: LazyLock<Vec<String>> = LazyLock::new(|| texts("err"));

fn texts(kind: &str) -> Vec<String> {
    let files = cases(kind).into_iter().flat_map(|it| it.files);
    files.map(|(_, text)| text).collect()
}

fn formatted(checked: &Checked) -> Option<String> {
    let texts = format(&checked.sources, &checked.files).ok()?;
    texts.into_iter().next()
}

/// What must hold, whatever the text is.
fn holds(text: &str) -> Result<(), TestCaseError> {
    let checked = check_text(text);
    for finding in &checked.parsed.findings {
        if let Some(span) = finding.span {
            // Panics if the span is not on character boundaries of the text.
            let _ = checked.sources.text(span);
        }
        for label in &finding.labels {
            let _ = checked.sources.text(label.span);
        }
        prop_assert!(!finding.message.is_empty());
    }
    let order = checked.parsed.findings.iter().map(|it| it.span);
    prop_assert!(order.is_sorted(), "findings are ordered by place");
    let Some(once) = formatted(&checked) else {
        prop_assert_ne!(
            checked.errors().count(),
            0,
            "what cannot be formatted is wrong"
        );
        return Ok(());
    };
    let again = check_text(&once);
    prop_assert_eq!(formatted(&again), Some(once));
    if checked.errors().next().is_none() {
        prop_assert_eq!(again.errors().count(), 0, "{}", again.findings());
        let (before, after) = (&checked.parsed.schema, &again.parsed.schema);
        // The formatter moves the lines of block comments, which are documentation.
        let is_moved = |line: &&str| text.contains("/*") && line.trim_start().starts_with("///");
        let (before, after) = (describe(before), describe(after));
        let kept = |it: &str| it.lines().filter(|it| !is_moved(it)).collect::<String>();
        prop_assert_eq!(kept(&before), kept(&after));
    }
    Ok(())
}

/// One change of a text.
#[derive(Debug, Clone)]
enum Edit {
    Remove(Index, Index),
    Insert(Index, &'static str),
    RepeatLine(Index, Index),
    RemoveLine(Index),
    Cut(Index),
}

const INSERTED: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "=",
    "?",
    "!",
    "@",
    "@@",
    "\"",
    "\\",
    "//",
    "/*",
    "*/",
    "\n",
    "\r",
    "\0",
    " ",
    ".",
    "-",
    "1",
    "é",
    "\u{a0}",
    "\u{feff}",
    "model A {\n",
    "\n}\n",
    "enum",
    "Int",
    "[]",
    "@id",
    "@unique",
    "@default(1)",
    "@ignore",
    "@map(\"x\")",
    "@relation(\"r\")",
    "@@ignore",
    "@@map(\"x\")",
    "\n  // a comment\n",
    "\n  /// of something\n",
    "dbgenerated()",
];

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let at = any::<Index>;
    let edit = prop_oneof![
        (at(), at()).prop_map(|(from, length)| Edit::Remove(from, length)),
        (at(), prop::sample::select(INSERTED)).prop_map(|(at, text)| Edit::Insert(at, text)),
        (at(), at()).prop_map(|(from, to)| Edit::RepeatLine(from, to)),
        at().prop_map(Edit::RemoveLine),
        at().prop_map(Edit::Cut),
    ];
    prop::collection::vec(edit, 1..5)
}

fn edited(mut text: String, edits: &[Edit]) -> String {
    for edit in edits {
        let place = |at: &Index, text: &str| text.floor_char_boundary(at.index(text.len() + 1));
        match edit {
            Edit::Remove(from, length) => {
                let from = place(from, &text);
                let to = text.floor_char_boundary((from + length.index(12)).min(text.len()));
                text.replace_range(from..to, "");
            }
            Edit::Insert(at, inserted) => text.insert_str(place(at, &text), inserted),
            Edit::RepeatLine(from, to) => {
                let mut lines: Vec<_> = text.split('\n').collect();
                let line = lines[from.index(lines.len())];
                lines.insert(to.index(lines.len() + 1), line);
                text = lines.join("\n");
            }
            Edit::RemoveLine(at) => {
                let mut lines: Vec<_> = text.split('\n').collect();
                lines.remove(at.index(lines.len()));
                text = lines.join("\n");
            }
            Edit::Cut(at) => text.truncate(place(at, &text)),
        }
    }
    text
}

#[test]
fn every_fixture_holds() {
    for text in VALID.iter().chain(INVALID.iter()) {
        holds(text).unwrap_or_else(|it| panic!("{it}\n{text}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_holds(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn any_text_in_a_block_holds(text in any::<String>()) {
        holds(&format!("model A {{\n  id Int @id\n  a Int {text}\n  {text}\n}}\n"))?;
    }

    #[test]
    fn any_edit_of_a_valid_schema_holds(base in any::<Index>(), edits in edits()) {
        holds(&edited(base.get(&VALID).clone(), &edits))?;
    }

    #[test]
    fn any_edit_of_an_invalid_schema_holds(base in any::<Index>(), edits in edits()) {
        holds(&edited(base.get(&INVALID).clone(), &edits))?;
    }

    #[test]
    fn formatting_keeps_every_comment(base in any::<Index>(), places in prop::collection::vec(any::<Index>(), 1..6)) {
        let text = base.get(&VALID).clone();
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        let count = lines.len();
        let comments: Vec<_> = (0..places.len()).map(|it| format!("remark{it}remark")).collect();
        for (number, place) in places.iter().enumerate().filter(|_| count > 0) {
            let (line, comment) = (&mut lines[place.index(count)], &comments[number]);
            match number % 2 {
                0 => *line = format!("  // {comment}\n{line}"),
                _ => *line = format!("{line} // {comment}"),
            }
        }
        let text = lines.join("\n");
        let written: Vec<_> = comments.iter().filter(|it| text.contains(*it)).collect();
        if let Some(formatted) = formatted(&check_text(&text)) {
            for comment in written {
                prop_assert_eq!(formatted.matches(comment).count(), 1, "{}", formatted);
            }
        }
    }
}
