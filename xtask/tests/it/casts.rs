//! Scripts that change types, between all types that the server brings along.

use driftless_testkit::{ServerOptions, TestServer, server_programs};

use crate::app::App;
use crate::live::run_sql;

const TYPES: &[&str] = &[
    "bit(3)",
    "bool",
    "box",
    "bytea",
    "cidr",
    "circle",
    "date",
    "daterange",
    "float4",
    "float8",
    "inet",
    "int2",
    "int4",
    "int4range",
    "int8",
    "interval",
    "json",
    "jsonb",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "numeric",
    "oid",
    "path",
    "point",
    "polygon",
    "regclass",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "tsvector",
    "uuid",
    "varbit",
    "varchar(9)",
    "xml",
    "mood",
];

/// A table with a column for each pair of types, and one for each pair of lists of some.
fn table(ty: impl Fn(&'static str, &'static str) -> &'static str) -> String {
    let mut columns = Vec::new();
    for from in TYPES {
        for to in TYPES {
            columns.push(format!("c{} {}", columns.len(), ty(from, to)));
        }
    }
    let lists = ["bool", "int4", "int8", "numeric", "text", "uuid"];
    for from in lists {
        for to in lists {
            columns.push(format!("c{} {}[]", columns.len(), ty(from, to)));
        }
    }
    format!(
        "create type mood as enum ('low'); create table t ({})",
        columns.join(", ")
    )
}

#[test]
fn every_change_of_a_type_is_a_statement_that_the_server_understands() {
    for programs in server_programs() {
        let options = ServerOptions {
            programs: Some(&programs),
            ..ServerOptions::default()
        };
        let Some(server) = TestServer::available(&options) else {
            return;
        };
        let maintenance = server.socket_url("postgres", "postgres");
        run_sql(&maintenance, "create database a");
        run_sql(&maintenance, "create database b");
        let [a, b] = ["a", "b"].map(|it| server.socket_url("postgres", it));
        run_sql(&a, &table(|from, _| from));
        run_sql(&b, &table(|_, to| to));
        let app = App::empty();
        let diff = ["db-diff", "--from", &a, "--to", &b, "--script"];
        let script = app.run(&diff);
        run_sql(&a, &script.stdout);
        assert_eq!(app.run(&diff).stdout, "-- This is an empty migration.\n");
    }
}

#[test]
fn values_stay_that_have_a_text_which_the_new_type_reads() {
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let maintenance = server.socket_url("postgres", "postgres");
    run_sql(&maintenance, "create database a; ");
    run_sql(&maintenance, "create database b");
    let [a, b] = ["a", "b"].map(|it| server.socket_url("postgres", it));
    run_sql(
        &a,
        "create type digit as enum ('1', '2');
         create table t (a digit, b bool, c json, d numeric, e uuid);
         insert into t values ('2', true, '5', 1, '00000000-0000-0000-0000-000000000001')",
    );
    run_sql(
        &b,
        "create type digit as enum ('1', '2');
         create table t (a int, b bigint, c int, d digit, e bytea)",
    );
    let app = App::empty();
    let script = app.run(&["db-diff", "--from", &a, "--to", &b, "--script"]);
    run_sql(&a, &script.stdout);
    run_sql(
        &a,
        "do $$ begin assert (select (a, b, c, d) = (2, 1, 5, '1') from t); end $$",
    );
}
