//! What goes to stdout, for programs that read it.

use insta::assert_snapshot;
use serde_json::Value;

use crate::app::{App, SCHEMA};
use crate::command::Run;

/// The reference application with a schema that is not valid and a migration that does not run.
fn broken() -> App {
    let app = App::new();
    app.edit(
        SCHEMA,
        "model Activity {\n",
        "model Activity {\n  room Strng?\n",
    );
    app.write("supabase/migrations/20991231000000_wrong.sql", "SELEC 1;\n");
    app
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).expect("JSON on stdout")
}

#[test]
fn a_script_that_cannot_be_written_leaves_stdout_empty() {
    let app = broken();
    for args in [
        &["db-diff", "--from", "empty", "--to", "desired", "--script"][..],
        &["db-diff", "--from", "recorded", "--to", "empty", "--script"],
        &["db-introspect", "desired", "--as", "sql"],
        &["db-introspect", "recorded", "--as", "sql"],
        &["db-introspect", "recorded", "--as", "json"],
        &["db-introspect", "recorded", "--as", "prisma"],
        &[
            "db-introspect",
            "recorded",
            "--as",
            "sql",
            "--format",
            "json",
        ],
    ] {
        let run = app.run(args);
        assert_eq!(run.stdout, "", "{args:?}: {run}");
        assert_eq!(run.code, 1, "{args:?}: {run}");
        let said = ["unknown-type", "replay-failed", "state-incomplete"];
        assert!(said.iter().any(|it| run.stderr.contains(it)), "{run}");
    }
}

#[test]
fn a_report_for_programs_is_json_whatever_happens() {
    let app = broken();
    for (args, code) in [
        (&["db-validate"][..], 1),
        (&["db-format", "--check"], 1),
        (&["db-drift"], 1),
        (&["db-diff", "--from", "empty", "--to", "desired"], 1),
        (&["explain"], 0),
        (&["explain", "values-cast"], 0),
    ] {
        let run = app.run(&[args, &["--format", "json"]].concat());
        let report = json(&run);
        assert_eq!(run.code, code, "{args:?}: {run}");
        assert_eq!(report["error"], Value::Null, "{args:?}");
    }
    for args in [
        &["db-validate", "--schema", "nowhere.prisma"][..],
        &["db-format", "--schema", "nowhere.prisma"],
        &["db-drift", "--schema", "nowhere.prisma"],
        &["db-diff", "--from", "empty", "--to", "snapshot:nowhere"],
        &["db-doctor", "--config", "nowhere.toml"],
        &["explain", "value-cast"],
    ] {
        let run = app.run(&[args, &["--format", "json"]].concat());
        let report = json(&run);
        assert_eq!(run.code, 2, "{args:?}: {run}");
        let message = report["error"]["message"].as_str().expect("a message");
        assert!(
            run.stderr.contains(&format!("error: {message}\n")),
            "{args:?}: {run}"
        );
    }
}

#[test]
fn a_verb_that_cannot_work_says_why_in_json() {
    let app = App::empty();
    let args = ["explain", "value-cast", "--format", "json"];
    assert_snapshot!(app.run(&args));
    let data = ["db-introspect", "snapshot:nowhere", "--as", "json"];
    let run = app.run(&[&data[..], &["--format", "json"]].concat());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
}
