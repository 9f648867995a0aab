//! `db-diff --plan`, `--online` and `--prove`: the script as data, for a database in use, and tried.

use insta::assert_snapshot;

use crate::app::App;
use crate::command::Run;

const BEFORE: &str = "
    CREATE TABLE docs (id int PRIMARY KEY, owner_id text, title text NOT NULL, public boolean NOT NULL DEFAULT false);
    CREATE VIEW titles WITH (security_invoker = on) AS SELECT id, title FROM docs;
    ALTER TABLE docs ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON docs FOR SELECT USING (owner_id = current_user AND public);
    CREATE TABLE notes (id int PRIMARY KEY, doc_id int);
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    REVOKE ALL ON notes FROM anon;
";

const AFTER: &str = "
    CREATE TABLE docs (id int PRIMARY KEY, owner_id text, title text NOT NULL, public boolean NOT NULL DEFAULT false);
    CREATE VIEW titles AS SELECT id, title FROM docs;
    ALTER TABLE docs ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON docs FOR SELECT USING (owner_id = current_user);
    CREATE TABLE notes (id int PRIMARY KEY, doc_id int NOT NULL REFERENCES docs);
    CREATE INDEX ON notes (doc_id);
    REVOKE INSERT, UPDATE, DELETE ON notes FROM anon;
";

fn app() -> App {
    let app = App::empty();
    app.write("before.sql", BEFORE);
    app.write("after.sql", AFTER);
    app
}

fn diff(app: &App, arguments: &[&str]) -> Run {
    let states = [
        "db-diff",
        "--from",
        "sql:before.sql",
        "--to",
        "sql:after.sql",
    ];
    app.run(&[&states[..], arguments].concat())
}

#[test]
fn a_plan_says_what_each_statement_does_to_a_database_in_use() {
    let run = diff(&app(), &["--plan", "text"]);
    assert_eq!(run.code, 0, "{run}");
    assert_snapshot!(run.stdout);
}

#[test]
fn a_plan_is_data_with_the_way_back() {
    let run = diff(&app(), &["--plan", "json"]);
    assert_eq!(run.code, 0, "{run}");
    assert_snapshot!(run.stdout);
}

#[test]
fn a_database_in_use_is_kept_waiting_as_little_as_can_be() {
    let run = diff(&app(), &["--script", "--online"]);
    assert_eq!(run.code, 0, "{run}");
    assert_snapshot!(run.stdout);
}

#[test]
fn a_script_is_tried_and_its_way_back_too() {
    let run = diff(&app(), &["--script", "--prove"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.starts_with("-- "), "{run}");
    for line in [
        "states", "rows", "runs", "locks", "target", "data", "way back",
    ] {
        let said = run.stderr.lines().find(|it| it.trim().starts_with(line));
        assert!(said.is_some_and(|it| it.contains("ok: ")), "{line}\n{run}");
    }
}

#[test]
fn without_a_difference_there_is_nothing_to_try() {
    let app = app();
    let arguments = [
        "db-diff",
        "--from",
        "sql:after.sql",
        "--to",
        "sql:after.sql",
    ];
    let run = app.run(&[&arguments[..], &["--plan", "text", "--prove"]].concat());
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(run.stdout, "nothing to do\n");
}
