//! What a script may cost, asked of the live database that it is for.

use driftless_testkit::{ServerOptions, TestServer, server_programs};

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
    let is_finding = |it: &&str| it.starts_with("warning[") || it.starts_with("error[");
    let findings = shown.lines().filter(is_finding);
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
    assert_eq!(told(&app, &url), [""; 0]);
    run_sql(
        &url,
        "insert into users values (3, 'a@b.c'); insert into old values (1);
         update users set name = 'x', email = null where id = 2",
    );
    let told = told(&app, &url);
    for wanted in [
        "warning[table-dropped]: the script deletes all rows of table public.old",
        "warning[column-dropped]: the script deletes all values of column public.users.name",
        "error[column-made-required]: the script fails: a row has NULL in public.users.email",
        "error[unique-key-added]: the script fails: two rows of public.users have the same email",
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

const HEAD: &str = "datasource db {\n  provider = \"postgresql\"\n}\n\n";

#[test]
fn rows_without_a_value_are_not_alike() {
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let app = App::empty();
    app.write(
        "schema.prisma",
        format!("{HEAD}model t {{\n  id Int @id\n  a Int?\n  b Int?\n  c BigInt @default(0)\n\n  @@unique([a, b])\n  @@unique([a, c])\n}}\n"),
    );
    let url = server.socket_url("postgres", "postgres");
    run_sql(
        &url,
        "create table t(id int primary key, a int, b int, c int not null default 0);
         insert into t select n, null, null, n from generate_series(1, 9) n;
         insert into t values (10, 1, null, 10), (11, 1, null, 11), (12, null, 2, 12), (13, null, 2, 13)",
    );
    // Of (a, c) only a is there as it will be, and two rows have the same.
    let might =
        "warning[unique-key-added]: the script fails if two rows of public.t have the same (a, c)";
    assert_eq!(told(&app, &url), [might]);
    run_sql(&url, "insert into t values (14, 2, 2, 14), (15, 2, 2, 15)");
    let does =
        "error[unique-key-added]: the script fails: two rows of public.t have the same (a, b)";
    assert_eq!(told(&app, &url), [does, might]);
    run_sql(&url, "delete from t where a is not null");
    assert_eq!(told(&app, &url), [""; 0]);
}

/// Of each cast, a value that comes through and one that does not.
const CASTS: &[(&str, &str, &str, &str)] = &[
    ("bigint", "Int", "'2147483647'", "'2147483648'"),
    ("double precision", "Int", "'3'", "'2.5'"),
    ("double precision", "Int", "'-7'", "'NaN'"),
    ("numeric", "Int", "'12.00'", "'NaN'"),
    ("double precision", "Float @db.Real", "'0.5'", "'1e300'"),
    (
        "bigint",
        "Float",
        "'9007199254740992'",
        "'9007199254740993'",
    ),
    (
        "numeric(10,2)",
        "Decimal @db.Decimal(10, 0)",
        "'3.00'",
        "'3.01'",
    ),
    (
        "numeric(10,2)",
        "Decimal @db.Decimal(4, 2)",
        "'99.99'",
        "'100.00'",
    ),
    ("numeric(10,2)", "String @db.VarChar(3)", "null", "'1.50'"),
    ("text", "String @db.VarChar(3)", "'abc'", "'abcd'"),
    ("text", "String @db.Char(3)", "'ab'", "'abcd'"),
    (
        "varchar(9)[]",
        "String[] @db.VarChar(3)",
        "'{abc}'",
        "'{a,abcd}'",
    ),
    (
        "timestamp(6)",
        "DateTime @db.Timestamp(3)",
        "'2020-01-01 01:02:03.004'",
        "'2020-01-01 01:02:03.0004'",
    ),
    (
        "timestamp",
        "DateTime @db.Date",
        "'2020-01-01'",
        "'2020-01-01 00:00:01'",
    ),
    (
        "timestamptz",
        "DateTime @db.Timestamptz(0)",
        "'2020-01-01 01:02:03+05'",
        "'2020-01-01 01:02:03.5+05'",
    ),
    ("bigint[]", "Int[]", "'{1,null}'", "'{1,2147483648}'"),
];

#[test]
fn values_that_come_through_a_cast_are_not_told_on_any_server() {
    for programs in server_programs() {
        let options = ServerOptions {
            programs: Some(&programs),
            ..ServerOptions::default()
        };
        let Some(server) = TestServer::available(&options) else {
            return;
        };
        let url = server.socket_url("postgres", "postgres");
        let mut fields = String::new();
        for (number, (before, after, fits, _)) in CASTS.iter().enumerate() {
            let after = match after.contains("[]") {
                true => (*after).to_owned(),
                false => after.replacen(' ', "? ", 1),
            };
            let after = match after.contains(['?', '[']) {
                true => after,
                false => format!("{after}?"),
            };
            fields.push_str(&format!("  c{number} {after}\n"));
            run_sql(
                &url,
                &format!(
                    "create table if not exists t(id serial primary key);
                     alter table t add c{number} {before}; insert into t(c{number}) values ({fits}), (null)"
                ),
            );
        }
        let app = App::empty();
        let id = "id Int @id @default(autoincrement())";
        app.write(
            "schema.prisma",
            format!("{HEAD}model t {{\n  {id}\n{fields}}}\n"),
        );
        assert_eq!(told(&app, &url), [""; 0], "{}", programs.display());
        let to = "prisma:schema.prisma";
        let script = app.run(&["db-diff", "--from", &url, "--to", to, "--script"]);
        run_sql(&url, &format!("begin; {} rollback", script.stdout));
        for (number, (.., lost)) in CASTS.iter().enumerate() {
            run_sql(&url, &format!("insert into t(c{number}) values ({lost})"));
        }
        let told = told(&app, &url);
        assert_eq!(told.len(), CASTS.len(), "{}: {told:#?}", programs.display());
        let wanted =
            "warning[values-cast]: the script fails or changes values: a value of public.t.c";
        assert!(told.iter().all(|it| it.starts_with(wanted)), "{told:#?}");
    }
}

#[test]
fn casts_that_hang_on_the_session_are_told_if_there_is_a_value() {
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let app = App::empty();
    app.write(
        "schema.prisma",
        format!("{HEAD}model t {{\n  id Int @id\n  d DateTime? @db.Date\n}}\n"),
    );
    let url = server.socket_url("postgres", "postgres");
    run_sql(&url, "create table t(id int primary key, d timestamptz)");
    assert_eq!(told(&app, &url), [""; 0]);
    // A day's beginning in one time zone is none in another.
    run_sql(&url, "insert into t values (1, '2020-01-01 00:00:00+00')");
    assert_eq!(
        told(&app, &url),
        [
            "warning[values-cast]: the script fails or changes values if a value of public.t.d does not fit into date"
        ]
    );
}
