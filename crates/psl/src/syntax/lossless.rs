//! Nothing of a text is lost on the way to its tokens.

use proptest::prelude::*;

use super::lexer::{Lexed, Lexer};

/// The text, made again of the blanks between items, the tokens of blocks, and all other items as they are.
fn printed(text: &str) -> String {
    let mut lexer = Lexer::new(text);
    let mut printed = String::new();
    let mut end = 0;
    while let Some((lexed, range)) = lexer.next_item() {
        assert!(!range.is_empty(), "an item of nothing at {}", range.start);
        assert!(
            text[end..range.start].chars().all(char::is_whitespace),
            "between items: {:?}",
            &text[end..range.start]
        );
        printed += &text[end..range.start];
        end = range.end;
        if matches!(lexed, Lexed::Block(_)) {
            let tokens = &lexer.tokens;
            let starts = (0..=tokens.kinds.len()).map(|it| tokens.start(it) as usize);
            let starts: Vec<_> = starts.collect();
            assert_eq!([starts[0], starts[starts.len() - 1]], [range.start, end]);
            for token in starts.windows(2) {
                assert!(token[0] < token[1], "a token of nothing at {}", token[0]);
                printed += &text[token[0]..token[1]];
            }
        } else {
            printed += &text[range];
        }
    }
    printed + &text[end..]
}

#[test]
fn fixtures_are_printed_as_they_were() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    for kind in ["ok", "err"] {
        for entry in std::fs::read_dir(format!("{fixtures}/{kind}")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|it| it == "prisma") {
                let text = std::fs::read_to_string(path).unwrap();
                assert_eq!(printed(&text), text);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_printed_as_it_was(text in any::<String>()) {
        prop_assert_eq!(printed(&text), text);
    }

    #[test]
    fn any_words_of_the_language_are_printed_as_they_were(
        words in prop::collection::vec(
            prop::sample::select(WORDS.to_vec()),
            0..60,
        )
    ) {
        let text = words.concat();
        prop_assert_eq!(printed(&text), text);
    }
}

/// What lexing depends on.
const WORDS: &[&str] = &[
    "model A {\n",
    "enum E {\n",
    "datasource db {\n",
    "generator",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "}",
    "}\n",
    "{",
    "id Int",
    "@id",
    "@@index([a])",
    "\"",
    "\"x\"",
    "\\",
    "// c\n",
    "//",
    "/*",
    "*/",
    "/* c */",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "=",
    ".",
    "-",
    "1",
    "1.5",
    "1a",
    "_",
    "é",
    "\u{a0}",
    "\u{feff}",
    "\0",
    "漢",
    "type X = Int",
    "Unsupported(\"x\")",
    "?",
    "!",
];
