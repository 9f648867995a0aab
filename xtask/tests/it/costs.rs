//! What a script may cost, asked of the live database that it is for.

use driftless_testkit::{ServerOptions, TestServer};

use crate::app::App;
use crate::live::run_sql;

const SCHEMA: &str = "datasource db {\n  provider = \"postgresql\"\n}\n\nmodel User {\n  id Int @id\n  email String @unique\n  age Int?\n\n  @@map(\"users\")\n}\n";

const TABLES: &str = "
    create table users(id int primary key, email text, name text, age int);
    create table old(id int primary key);";

/// The codes that are told of the way to the schema, with their messages.
fn told(app: &App, url: &str) -> Vec<String> {
    let args = ["db-diff", "--from", url, "--to", "prisma:schema.prisma"];
    let shown = app.run(&args).to_string();
    let findings = shown.lines().filter(|it| it.starts_with("warning["));
    findings.map(str::to_owned).collect()
}

#[test]
fn what_no_row_makes_come_true_is_not_told() {
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let app = App::empty();
    app.write("schema.prisma", SCHEMA);
    let url = server.socket_url("postgres", "postgres");
    run_sql(&url, TABLES);
    assert_eq!(told(&app, &url), [""; 0]);
    run_sql(&url, "insert into users values (1, 'a@b.c'), (2, 'd@e.f')");
    // Whether two are alike is not counted, only whether there are two.
    assert_eq!(
        told(&app, &url),
        [
            "warning[unique-key-added]: the script fails if two rows of public.users have the same email"
        ]
    );
    run_sql(
        &url,
        "update users set name = 'x', email = null where id = 1; insert into old values (1)",
    );
    let told = told(&app, &url);
    for wanted in [
        "warning[table-dropped]: the script deletes all rows of table public.old",
        "warning[column-dropped]: the script deletes all values of column public.users.name",
        "warning[column-made-required]: the script fails: a row has NULL in public.users.email",
        "warning[unique-key-added]: the script fails if two rows of public.users have the same email",
    ] {
        assert!(told.iter().any(|it| it == wanted), "{told:#?}");
    }
    assert_eq!(told.len(), 4, "{told:#?}");
}

#[test]
fn rows_that_a_policy_hides_are_not_taken_for_none() {
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let app = App::empty();
    app.write(
        "schema.prisma",
        "datasource db {\n  provider = \"postgresql\"\n}\n",
    );
    let url = server.socket_url("postgres", "postgres");
    run_sql(
        &url,
        "create table old(id int primary key); insert into old values (1);
         alter table old enable row level security; create role reader login; grant select on old to reader;",
    );
    let reader = server.socket_url("reader", "postgres");
    let args = ["db-diff", "--from", &reader, "--to", "prisma:schema.prisma"];
    let shown = app.run(&args).to_string();
    assert!(shown.contains("warning[table-dropped]"), "{shown}");
    assert!(shown.contains("could not be seen"), "{shown}");
}
