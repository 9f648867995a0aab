//! Passwords that stand where they do not belong are shown nowhere.

use insta::assert_snapshot;

use crate::app::{App, SCHEMA};
use crate::command::Run;

const URL: &str = "postgres://app:geheim@db.example.com/shop";

/// The run as text, which holds no password.
fn silent(run: Run) -> Run {
    assert!(!run.to_string().contains("geheim"), "{run}");
    run
}

#[test]
fn a_line_of_the_configuration_is_quoted_without_its_password() {
    let app = App::new();
    let run = |line: &str| {
        app.write("driftless.toml", format!("[database]\n{line}\n"));
        silent(app.run(&["db-drift"]))
    };
    for (name, line) in [
        ("a_setting_that_does_not_exist", format!("ur = \"{URL}\"")),
        ("a_setting_of_another_type", format!("schemas = \"{URL}\"")),
        ("a_quote_that_is_not_closed", format!("url = \"{URL}")),
        (
            "a_password_as_a_setting",
            "password = \"geheim\"".to_owned(),
        ),
    ] {
        assert_snapshot!(name, run(&line));
    }
}

#[test]
fn a_url_as_an_argument_that_is_none_is_quoted_without_its_password() {
    let app = App::new();
    for kind in ["snapshot", "sql", "migrations", "prisma", "postgres", "x"] {
        let from = format!("{kind}:{URL}");
        let run = silent(app.run(&["db-diff", "--from", &from, "--to", "empty"]));
        assert_eq!(run.code, 2, "{run}");
    }
    let shadow = format!("local:{URL}");
    let cases: &[(&[&str], i32)] = &[
        (&["db-introspect", "app:geheim@db/shop", "--as", "sql"], 2),
        (&["db-introspect", "sql:password=geheim", "--as", "sql"], 2),
        (&["db-drift", "--schema", URL], 2),
        (&["db-drift", "--config", URL], 2),
        (&["db-drift", "--shadow", &shadow], 3),
        (&["db-drift", "--format", URL], 2),
        (&["db-drift", URL], 2),
        (&["db-doctor", "--shadow", &shadow], 3),
        (&["explain", URL], 2),
    ];
    for (args, code) in cases {
        let run = silent(app.run(args));
        assert_eq!(run.code, *code, "{args:?} {run}");
    }
    let run = silent(app.run(&["db-drift", "--fail-on", URL]));
    assert_snapshot!("a_url_as_a_severity", run);
    assert_snapshot!("a_url_as_a_verb", silent(app.run(&[URL])));
}

#[test]
fn a_statement_that_fails_is_quoted_without_its_password() {
    let app = App::new();
    app.write(
        "supabase/migrations/20251001000000_role.sql",
        "ALTER ROLE nobody_knows PASSWORD 'geheim' VALID UNTIL 'tomorrow';\n",
    );
    assert_snapshot!(silent(app.run(&["db-drift"])).hiding(&[]));
    silent(app.run(&["db-drift", "--format", "json"]));
}

#[test]
fn a_line_of_the_schema_is_quoted_without_its_password() {
    let app = App::new();
    let text = format!("datasource db {{\n  provider = \"postgresql\"\n  ulr = \"{URL}\"\n}}\n");
    app.write(SCHEMA, text);
    silent(app.run(&["db-validate"]));
}
