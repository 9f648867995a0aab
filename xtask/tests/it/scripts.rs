//! `db-diff` and `db-introspect`: scripts and snapshots that go into a pipe.

use insta::assert_snapshot;

use crate::app::{App, SCHEMA};
use crate::command::{driftless, root};

const BEFORE: &str = "model Post {\n  id Int @id\n  title String\n}\n";
const AFTER: &str = "model Post {\n  id Int @id @default(autoincrement())\n  title String? @db.VarChar(80)\n  tags String[]\n\n  @@index([title])\n}\n";

fn two_schemas() -> App {
    let app = App::empty();
    let datasource = "datasource db {\n  provider = \"postgresql\"\n}\n\n";
    app.write("before.prisma", format!("{datasource}{BEFORE}"));
    app.write("after.prisma", format!("{datasource}{AFTER}"));
    app
}

#[test]
fn two_schemas_need_no_server() {
    let app = two_schemas();
    let args = [
        "db-diff",
        "--from",
        "prisma:before.prisma",
        "--to",
        "prisma:after.prisma",
    ];
    assert_snapshot!(app.run(&args));
    let run = app.run(&[&args[..], &["--script", "--exit-code"]].concat());
    assert_eq!(run.code, 1);
    assert_snapshot!("the_script_alone", run);
    let none = [
        "diff",
        "--from",
        "prisma:after.prisma",
        "--to",
        "prisma:after.prisma",
        "--exit-code",
    ];
    assert_snapshot!("no_difference", app.run(&none));
}

#[test]
fn the_schema_and_its_migrations_are_the_same_to_prisma() {
    let to = format!("prisma:{SCHEMA}");
    for args in [
        ["--from", "recorded", "--to", to.as_str()],
        ["--from", "desired", "--to", "recorded"],
    ] {
        let run = driftless(&root(), &[&["db-diff", "--script"][..], &args].concat());
        assert_snapshot!("nothing_to_do", run);
    }
}

#[test]
fn a_snapshot_stands_for_the_state_it_was_taken_of() {
    let app = App::new();
    let json = app.run(&["db-introspect", "recorded", "--as", "json"]);
    assert_eq!(json.code, 0, "{json}");
    app.write("taken.json", &json.stdout);
    let run = app.run(&[
        "db-diff",
        "--from",
        "snapshot:taken.json",
        "--to",
        "recorded",
        "--script",
    ]);
    assert_eq!(run.stdout, "-- This is an empty migration.\n", "{run}");
    assert_eq!(run.code, 0);
    let sql = app.run(&["db-introspect", "recorded", "--as", "sql"]);
    assert_eq!(sql.code, 0, "{sql}");
    app.write("state/all.sql", &sql.stdout);
    let run = app.run(&[
        "db-diff",
        "--from",
        "sql:state/all.sql",
        "--to",
        "recorded",
        "--script",
    ]);
    assert_eq!(run.stdout, "-- This is an empty migration.\n", "{run}");
}

#[test]
fn the_doctor_says_what_is_there() {
    let run = App::new().run(&["db-doctor"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(
        run.stdout
            .contains("packages/db/schema.prisma: 11 models, 5 enums"),
        "{run}"
    );
    assert!(run.stdout.contains("shadow "), "{run}");
}
