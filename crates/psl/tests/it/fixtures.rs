//! Every fixture has the verdict of its folder, and what is said of it is written down beside it.
//!
//! To add one, add a file to `ok/` or `err/`, or a folder to `folders/`; its name states a fact. `cargo insta review`
//! shows what is said of it, and the heads of `prisma.tsv` and `formatted.txt` say how to ask Prisma about it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use insta::{Settings, assert_snapshot};

use crate::describe::describe;
use crate::support::{Case, cases, check, fixtures};

#[test]
fn ok_fixtures_have_no_errors_and_mean_what_is_written_beside_them() {
    snapshots("ok", |case| {
        let checked = check(&case.files, None);
        assert_eq!(checked.error_lines(), [""; 0], "{}", case.name);
        format!("{}{}", checked.findings(), describe(&checked.parsed.schema))
    });
}

#[test]
fn err_fixtures_have_the_errors_that_are_written_beside_them() {
    snapshots("err", |case| {
        let checked = check(&case.files, None);
        assert_ne!(checked.errors().count(), 0, "{}", case.name);
        checked.findings()
    });
}

#[test]
fn folders_have_findings_that_name_the_right_file() {
    snapshots("folders", |case| {
        let checked = check(&case.files, None);
        format!("{}{}", checked.findings(), describe(&checked.parsed.schema))
    });
}

#[test]
fn annotations_have_the_findings_that_are_written_beside_them() {
    snapshots("annotations", |case| {
        let checked = check(&case.files, None);
        format!("{}{}", checked.findings(), describe(&checked.parsed.schema))
    });
}

#[test]
fn contracts_of_prisma_8_mean_what_is_written_beside_them() {
    snapshots("prisma8", |case| {
        let checked = check(&case.files, None);
        format!("{}{}", checked.findings(), describe(&checked.parsed.schema))
    });
}

/// Compares what is to be `shown` of each fixture with the file beside it. All differences are shown before the test fails.
fn snapshots(kind: &str, shown: impl Fn(&Case) -> String) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path(fixtures().join(kind));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _bound = settings.bind_to_scope();
    let mut differing = Vec::new();
    for case in cases(kind) {
        let (_, name) = case.name.split_once('/').unwrap();
        let compare = || assert_snapshot!(name, shown(&case));
        if catch_unwind(AssertUnwindSafe(compare)).is_err() {
            differing.push(case.name);
        }
    }
    assert!(differing.is_empty(), "these differ: {differing:#?}");
}
