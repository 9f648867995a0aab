//! Texts that nobody writes, and that must not hurt.
//!
//! What takes too long does so by orders of magnitude, so the limits are generous: these tests run without
//! optimisation, on machines that have other things to do.

use std::time::{Duration, Instant};

use driftless_psl::format;
use insta::assert_snapshot;

use crate::support::{Checked, check_text};

const LIMIT: Duration = Duration::from_secs(30);

const HEAD: &str = "datasource db {\n  provider = \"postgresql\"\n  url = env(\"X\")\n}\n";

/// Reads and formats a text, which must not take long.
fn survives(text: &str) -> Checked {
    let start = Instant::now();
    let checked = check_text(text);
    if let Ok(formatted) = format(&checked.sources, &checked.files) {
        let again = check_text(&formatted[0]);
        let again = format(&again.sources, &again.files);
        assert!(again.is_ok_and(|it| it == formatted));
    }
    assert!(start.elapsed() < LIMIT, "it took {:?}", start.elapsed());
    checked
}

fn in_a_model(lines: &str) -> String {
    format!("{HEAD}model A {{\n  id Int @id\n{lines}\n}}\n")
}

/// The first findings: place, code and message of each.
fn first(checked: &Checked) -> String {
    let findings = checked.findings();
    let findings = findings.lines().filter(|it| !it.starts_with(' '));
    findings.take(3).map(|it| format!("{it}\n")).collect()
}

#[test]
fn texts_of_nothing_are_no_mistake() {
    for text in [
        "",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\t\t",
        "\u{a0}",
        "// only a comment",
        "/// only documentation",
        "/* only a comment */",
        "/* of\nlines */\n\n// and another\n",
    ] {
        let checked = survives(text);
        assert_eq!(checked.findings(), "", "{text:?}");
        assert!(checked.parsed.schema.models.is_empty());
    }
}

#[test]
fn zero_bytes_are_said_where_they_are() {
    assert_snapshot!(first(&survives(&in_a_model("  a\0 Int\n  b Int"))), @"7:3-7:9 error invalid-line: this line is neither a field nor a block attribute");
    assert_snapshot!(first(&survives(&in_a_model("  a String @default(\"\0\")"))), @"7:3-7:25 error invalid-line: this line is neither a field nor a block attribute");
    assert_eq!(survives(&in_a_model("  // \0")).errors().count(), 0);
    assert_eq!(survives(&"\0".repeat(100_000)).errors().count(), 1);
}

#[test]
fn a_lone_carriage_return_ends_a_line() {
    let text = in_a_model("  a Int\n  b Int // c").replace('\n', "\r");
    assert_eq!(survives(&text).findings(), "");
    // Lines are counted as editors count them, by line feeds.
    assert_snapshot!(first(&survives(&text.replace("b Int", "b Itn"))), @"1:97-1:100 error unknown-type: type `Itn` is neither built in nor declared");
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_language() {
    assert_snapshot!(first(&survives(&format!("\u{feff}{}", in_a_model("")))), @"
    warning datasource-missing: no file has a datasource
    1:1-1:17 error stray-line: the file begins with a byte order mark
    2:3-2:26 error stray-line: this line belongs to no block and begins none
    ");
}

#[test]
fn brackets_nest_as_deep_as_a_text_is_long() {
    const DEEP: usize = 100_000;
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("f(", ")"),
        ("[f(", ")]"),
        ("{ a: ", " }"),
        ("a: [", "]"),
    ] {
        let (opened, closed) = (open.repeat(DEEP), close.repeat(DEEP));
        for inside in [format!("{opened}{closed}"), opened, closed] {
            survives(&inside);
            survives(&in_a_model(&format!("  a Int @default({inside})")));
            survives(&in_a_model(&format!("  a Int {inside}")));
            survives(&in_a_model(&format!("  @@index({inside})")));
            survives(&format!(
                "{HEAD}generator g {{\n  provider = {inside}\n}}\n"
            ));
            survives(&format!("type A = {inside}\n"));
        }
    }
    let lines = "model A {\n".repeat(DEEP);
    survives(&lines);
    survives(&format!("{lines}{}", "}\n".repeat(DEEP)));
}

#[test]
fn brackets_nest_to_a_depth_of_64() {
    let nested = |depth| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        survives(&in_a_model(&format!("  @@index([id], map: {open}{close})")))
    };
    assert_snapshot!(first(&nested(63)), @"7:22-7:148 error wrong-value: a string is expected here, not a list");
    assert_snapshot!(first(&nested(64)), @"7:3-7:151 error nested-too-deep: brackets are nested more than 64 levels deep");
}

#[test]
fn a_line_may_have_ten_million_bytes() {
    const LONG: usize = 10_000_000;
    let comment = in_a_model(&format!("  // {}", "x".repeat(LONG)));
    assert_eq!(survives(&comment).errors().count(), 0);
    let string = in_a_model(&format!("  a String @default(\"{}\")", "x".repeat(LONG)));
    assert_eq!(survives(&string).errors().count(), 0);
    let word = "x".repeat(LONG);
    assert_eq!(survives(&word).errors().count(), 1);
    assert_eq!(survives(&in_a_model(&word)).errors().count(), 1);
}

#[test]
fn a_line_may_be_long_whatever_it_is_made_of() {
    const LONG: usize = 200_000;
    for line in [
        format!("  /* {} */", "x".repeat(LONG)),
        format!("  a String @default(\"{}\")", "\\n".repeat(LONG / 2)),
        format!("  a Int{}@unique", " ".repeat(LONG)),
        format!("  a Int[] @default([{}1])", "1,".repeat(LONG / 2)),
    ] {
        assert_eq!(survives(&in_a_model(&line)).errors().count(), 0);
    }
    for piece in ["\"", "@", "\\", "/*", "é", "()", "1,", "a "] {
        let line = piece.repeat(LONG / piece.len());
        assert_eq!(survives(&in_a_model(&line)).errors().count(), 1);
        assert_eq!(survives(&line).errors().count(), 1);
    }
}

#[test]
fn a_hundred_thousand_broken_lines_take_time_in_proportion() {
    const LINES: usize = 100_000;
    for line in ["the quick brown fox", "model A {", "/* never closed"] {
        let lines = format!("{line}\n").repeat(LINES);
        assert_ne!(survives(&lines).errors().count(), 0, "{line}");
    }
    for line in [
        "hello, world",
        "a Int /* never closed",
        "a String @default(\"never closed",
    ] {
        let lines = format!("  {line}\n").repeat(LINES);
        assert_ne!(survives(&in_a_model(&lines)).errors().count(), 0, "{line}");
    }
}

#[test]
fn broken_lines_of_any_kind_take_time_in_proportion() {
    const LINES: usize = 10_000;
    for line in [
        "model A { }",
        "}",
        "{",
        "\"never closed",
        "foo {",
        "foo {\n}",
        "type A = B @c(\"",
        "model A {\n}",
    ] {
        let lines = format!("{line}\n").repeat(LINES);
        assert_ne!(survives(&lines).errors().count(), 0, "{line}");
    }
    for line in [
        "a Int @@@",
        "a Int @default(((((",
        "a",
        "a Itn",
        "a Int a",
        "a Int",
        "@@indx([a])",
        "@@index([a, b, c])",
    ] {
        let lines = format!("  {line}\n").repeat(LINES);
        assert_ne!(survives(&in_a_model(&lines)).errors().count(), 0, "{line}");
    }
}

#[test]
fn findings_end_after_ten_thousand_and_say_how_many_there_are() {
    let checked = survives(&in_a_model(&"  a Itn\n".repeat(50_000)));
    let findings = &checked.parsed.findings;
    assert_eq!(findings.len(), 10_001);
    assert_snapshot!(findings[10_000].message, @"90000 more findings are left out");
}

#[test]
fn numbers_may_be_of_any_length() {
    let digits = "9".repeat(100_000);
    for line in [
        format!("a Int @default({digits})"),
        format!("a Int @default(-{digits})"),
        format!("a BigInt @default({digits})"),
        format!("a Float @default({digits}.{digits})"),
        format!("a String @db.VarChar({digits})"),
        format!("a Decimal @db.Decimal({digits}, {digits})"),
        format!("a String @default(nanoid({digits}))"),
        format!("a String @default(uuid({digits}))"),
        format!("@@index([id(length: {digits})])"),
    ] {
        assert_eq!(
            survives(&in_a_model(&format!("  {line}"))).errors().count(),
            1
        );
    }
    // PostgreSQL has numbers of 131,072 digits; Prisma hands them on.
    let long = "9".repeat(900);
    let decimal = format!("  a Decimal @default({long}.{long})");
    assert_eq!(survives(&in_a_model(&decimal)).errors().count(), 0);
}

#[test]
fn what_is_never_closed_costs_its_own_lines() {
    let string = in_a_model("  a String @default(\"x)\n  b Int");
    assert_snapshot!(first(&survives(&string)), @"7:3-7:24 error invalid-line: this line is neither a field nor a block attribute");
    let comment = in_a_model("  a Int /* x\n  b Int");
    assert_snapshot!(first(&survives(&comment)), @"7:3-7:13 error invalid-line: this line is neither a field nor a block attribute");
    let block = format!("{HEAD}model A {{\n  id Int @id\n");
    assert_snapshot!(first(&survives(&block)), @"
    5:1-5:10 error stray-line: this block is never closed
    6:3-6:13 error stray-line: this line belongs to no block and begins none
    ");
    let brackets = in_a_model("  a Int @default(1\n  b Int\n  @@index([id\n  c Int");
    assert_snapshot!(first(&survives(&brackets)), @"
    7:3-7:19 error invalid-line: this line is neither a field nor a block attribute
    9:3-9:14 error invalid-line: this line is neither a field nor a block attribute
    ");
}

#[test]
fn escapes_are_right_or_said_where_they_are() {
    let default = |text: &str| survives(&in_a_model(&format!("  a String @default(\"{text}\")")));
    for right in [
        r"\n\r\t\\\u0041",
        r#"\""#,
        r"\ud83d\ude00",
        r"\uD83D\uDE00",
        r"\u0000",
        r"\uffff",
    ] {
        assert_eq!(default(right).findings(), "", "{right}");
    }
    assert_snapshot!(first(&default(r"ab\x")), @r"7:24-7:26 error unknown-escape: `\x` is no escape that a string can have");
    assert_snapshot!(first(&default(r"ab\u12")), @r"7:24-7:28 error invalid-unicode-escape: `\u12` stands for no character");
    assert_snapshot!(first(&default(r"ab\ud83d")), @r"7:24-7:30 error invalid-unicode-escape: `\ud83d` stands for no character");
    assert_snapshot!(first(&default(r"ab\ud83dx\ude00")), @r"
    7:24-7:30 error invalid-unicode-escape: `\ud83d` stands for no character
    7:31-7:37 error invalid-unicode-escape: `\ude00` stands for no character
    ");
    assert_snapshot!(first(&default(r"ab\ude00")), @r"7:24-7:30 error invalid-unicode-escape: `\ude00` stands for no character");
    assert_snapshot!(first(&default(r"\é")), @r"7:22-7:24 error unknown-escape: `\é` is no escape that a string can have");
}

#[test]
fn ten_thousand_annotations_are_read_as_fast_as_one_after_the_other() {
    let many = |line: &str| {
        format!(
            "{HEAD}/// @@rls\n{}model A {{\n  id Int @id\n}}\n",
            line.repeat(10_000)
        )
    };
    let checked = survives(&many(
        "/// @@policy(\"a\", to: [anon, b], using: \"\\\"a\\\" = 1\")\n",
    ));
    assert_eq!(checked.parsed.schema.models[0].policies.len(), 10_000);
    assert_eq!(checked.errors().count(), 9_999);
    for line in [
        "/// @@policy(\"a\n",
        "/// @@policy(\n",
        "/// @@policy(\"a\", to: [\n",
        "/// @@policy(\"\\\n",
        "/// @@\n",
        "/// @@polcy\n",
        "/// @@rls(\n/// \"\n",
        "/// @@policy(a, a, a, a, a, a, a, a, a, a, a, a)\n",
    ] {
        survives(&many(line));
    }
    survives(&format!(
        "{HEAD}/// @@policy(\"{}",
        "x\n/// ".repeat(100_000)
    ));
    survives(&format!("{HEAD}/// @@policy({}", "[".repeat(100_000)));
    survives(&format!("{HEAD}/// @@policy({}", "a, ".repeat(100_000)));
}

#[test]
fn annotations_of_any_shape_are_read_without_a_panic() {
    for line in [
        "@@policy(\"",
        "@@policy(\"\\u12",
        "@@policy(\"\u{1F600}",
        "@@policy(\u{2028}\"a\")",
        "@@policy(:)",
        "@@policy(a:",
        "@@policy()",
        "@@rls(]",
        "@@rls\0",
        "@@policy(\"a\",\u{a0}to:\u{feff}x)",
        "@@rls(force:\r\n/// true)",
        "@@rls(force:\r   /// true)",
        "@@policy(\"\\",
        "@@policy(\"a\" \"b\")",
        "@@",
        "@@policyé",
        "@@rls.x",
    ] {
        for end in ["", "\n", "\r\n", "\r"] {
            survives(&format!("{HEAD}/// {line}{end}"));
            survives(&format!(
                "{HEAD}model A {{\n  id Int @id\n/// {line}{end}\n}}"
            ));
        }
    }
}

#[test]
fn words_of_prisma_8_are_read_as_fast_as_one_after_the_other() {
    for line in [
        "namespace a {\n",
        "namespace a {\n}\n",
        "types {\n",
        "types {\nA = B\n}\n",
        "policy_select a {\n",
        "policy_select a {\ntarget = A\nusing = \"true\"\n}\n",
        "native_enum a {\n@@map(\"\n}\n",
        "native_enum a {\n@@map(\"é\") )é\n}\n",
        "role é {\n é\n}\n",
        "model A {\n@@rls\n}\n",
        "model A {\n@@rls()é\na a:b.c\na a:b?\na pg.enum(é)\na pg.enum(a)?\na pg.enum(\n}\n",
        "}\n",
        "{\n",
        "/*\n",
        "namespace a {\u{2028}}\n",
    ] {
        survives(&line.repeat(10_000));
        survives(&format!("types {{\n{}", line.repeat(100)));
    }
    let models: String = (0..3_000)
        .map(|it| format!("model M{it} {{\n  id Int @id\n  @@rls\n}}\npolicy_all p {{\n  target = M{it}\n  using = \"true\"\n}}\n"))
        .collect();
    let checked = survives(&format!("namespace a {{\n{models}}}\n"));
    assert_eq!(checked.errors().count(), 0);
    let last = checked.parsed.schema.models.last().unwrap();
    assert!(last.row_security.is_some() && last.policies.len() == 1);
}
