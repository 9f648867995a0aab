//! The list of codes, and that each of them is said of some fixture.

use std::collections::BTreeSet;

use driftless_psl::CODES;

use crate::support::{all_cases, cases, check};

#[test]
fn codes_have_names_of_their_own_and_explain_themselves() {
    let mut names = BTreeSet::new();
    for code in CODES {
        let name = code.name;
        assert!(names.insert(name), "{name} is there twice");
        let is_kebab = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        assert!(name.chars().all(is_kebab), "{name}");
        assert!(!code.summary.ends_with('.'), "{name}: {}", code.summary);
        assert!(
            code.explanation.ends_with('.'),
            "{name}: {}",
            code.explanation
        );
    }
}

#[test]
fn each_code_is_said_of_a_fixture_and_each_that_is_said_is_listed() {
    let mut said = BTreeSet::new();
    for case in all_cases()
        .chain(cases("annotations"))
        .chain(cases("prisma8"))
    {
        let findings = check(&case.files, None).parsed.findings;
        said.extend(findings.iter().map(|it| it.code.name));
    }
    // This takes a schema of ten thousand mistakes; the tests of hostile texts have one.
    said.insert("too-many-findings");
    let listed: BTreeSet<_> = CODES.iter().map(|it| it.name).collect();
    let unsaid: Vec<_> = listed.difference(&said).collect();
    assert!(unsaid.is_empty(), "no fixture shows {unsaid:?}");
    let unlisted: Vec<_> = said.difference(&listed).collect();
    assert!(unlisted.is_empty(), "not listed: {unlisted:?}");
}
