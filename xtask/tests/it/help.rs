//! Help, and arguments that are not understood.

use insta::assert_snapshot;

use crate::command::{driftless, root};

#[test]
fn without_arguments_the_help_is_shown_and_the_exit_code_is_that_of_usage() {
    let run = driftless(&root(), &[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("db-drift"), "{run}");
}

#[test]
fn a_verb_that_does_not_exist_names_the_nearest() {
    assert_snapshot!(driftless(&root(), &["db-drfit"]));
}

#[test]
fn a_format_that_does_not_exist_names_those_that_do() {
    assert_snapshot!(driftless(&root(), &["db-drift", "--format", "xml"]));
}

#[test]
fn a_source_that_does_not_exist_names_those_that_do() {
    assert_snapshot!(driftless(
        &root(),
        &["db-diff", "--from", "here", "--to", "there"]
    ));
}

#[test]
fn a_code_is_explained() {
    let run = driftless(&root(), &["explain", "drift-changed-by-hand"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(
        run.stdout.starts_with("drift-changed-by-hand (error): "),
        "{run}"
    );
}

#[test]
fn a_code_that_does_not_exist_names_the_nearest() {
    assert_snapshot!(driftless(&root(), &["explain", "drift-changd-by-hand"]));
}
