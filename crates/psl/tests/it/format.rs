//! Fixtures are formatted as Prisma formats them.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use driftless_psl::format;

use crate::support::{Case, cases, check, fixtures};

const FORMATTED: &str = "formatted.txt";

const KINDS: [&str; 2] = ["ok", "err"];

const HEAD: &str = "\
# Generated: the fixtures that `prisma format` changes, and what it makes of them.
# To update: DRIFTLESS_ORACLE=<folder with oracle.mjs> DRIFTLESS_UPDATE=1 cargo test -p driftless-psl format
";

/// Fixtures that are formatted otherwise than by Prisma, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "err/datasource_with_a_property_without_value",
        "Prisma loses the `=` and so the property",
    ),
    (
        "err/generator_with_a_property_without_value",
        "Prisma loses the `=` and so the property",
    ),
    (
        "err/relation_name_given_twice",
        "the field that is added has the name of the relation, which Prisma leaves out",
    ),
    (
        "err/relation_name_on_one_side_only",
        "the field that is added has the name of the relation, which Prisma leaves out",
    ),
    (
        "err/relation_names_differ",
        "the field that is added has the name of the relation, which Prisma leaves out",
    ),
    (
        "err/relation_that_lacks_something_beside_a_trailing_comma",
        "Prisma needs another run to add what is missing",
    ),
    (
        "err/relation_that_lacks_something_beside_prisma_1_syntax",
        "Prisma needs another run to add what is missing",
    ),
    (
        "ok/block_behind_the_closing_brace_of_another",
        "Prisma needs another run to come to rest, with this text",
    ),
    (
        "ok/comments_in_every_place",
        "Prisma loses the comment behind the `{`",
    ),
    (
        "ok/text_behind_the_opening_brace_is_ignored",
        "Prisma loses the text behind the `{`",
    ),
];

#[test]
fn fixtures_are_formatted_as_prisma_formats_them() {
    let recorded = fs::read_to_string(fixtures().join(FORMATTED)).unwrap();
    let mut differing = String::new();
    for case in files() {
        let checked = check(&case.files, None);
        // Prisma formats around the lines that it does not understand; here nothing is.
        let Ok(texts) = format(&checked.sources, &checked.files) else {
            assert_ne!(checked.errors().count(), 0, "{}", case.name);
            continue;
        };
        let written = section(&case, &texts[0]);
        let recorded = recorded_section(&recorded, &case.name);
        if let Some((name, reason)) = EXCEPTIONS.iter().find(|(it, _)| *it == case.name) {
            assert_ne!(written, recorded, "{name} is no exception: {reason}");
            continue;
        }
        if written != recorded {
            writeln!(differing, "ours{written}theirs{recorded}").unwrap();
        }
    }
    assert!(differing.is_empty(), "{differing}");
}

#[test]
fn prisma_still_formats_as_is_recorded() {
    let Some(oracle) = env::var_os("DRIFTLESS_ORACLE") else {
        println!("skipped: DRIFTLESS_ORACLE names no folder with oracle.mjs and its node_modules");
        return;
    };
    let script = Path::new(&oracle).join("oracle.mjs");
    let folder = env::temp_dir().join(format!("driftless-psl-format-{}", std::process::id()));
    for kind in KINDS {
        let output = Command::new("node")
            .arg(&script)
            .args(["format-batch", "--line", "7"])
            .args([fixtures().join(kind), folder.join(kind)])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let mut text = HEAD.to_owned();
    for case in files() {
        let formatted = folder.join(format!("{}.prisma", case.name));
        text += &section(&case, &fs::read_to_string(formatted).unwrap());
    }
    fs::remove_dir_all(folder).unwrap();
    let path = fixtures().join(FORMATTED);
    if env::var_os("DRIFTLESS_UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), text);
}

fn files() -> impl Iterator<Item = Case> {
    KINDS.into_iter().flat_map(cases)
}

/// What is recorded of a fixture: nothing, if formatting does not change it.
fn section(case: &Case, formatted: &str) -> String {
    let mut section = String::new();
    if case.files[0].1 != formatted {
        writeln!(section, "\n== {}", case.name).unwrap();
        for line in formatted.split('\n') {
            writeln!(section, "|{}", line.replace('\r', "\\r")).unwrap();
        }
    }
    section
}

fn recorded_section<'t>(recorded: &'t str, name: &str) -> &'t str {
    let Some(start) = recorded.find(&format!("\n== {name}\n")) else {
        return "";
    };
    let rest = &recorded[start..];
    let end = rest[1..].find("\n== ").map_or(rest.len(), |it| it + 1);
    &rest[..end]
}

#[test]
fn a_contract_of_prisma_8_is_left_alone() {
    let text = "namespace public {\n  model   Doc {\n id Int @id\n  @@rls\n}\n}\n";
    let mut sources = driftless_finding::Sources::new();
    let file = sources.add("schema.prisma", text).unwrap();
    let findings = format(&sources, &[file]).unwrap_err();
    let said: Vec<_> = findings
        .iter()
        .map(|it| (it.code.name, it.span.unwrap().start))
        .collect();
    assert_eq!(said, [("prisma-8", 10)]);
}
