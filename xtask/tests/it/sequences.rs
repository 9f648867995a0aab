//! Sequences of fields with `@default(autoincrement())`, and how far they count.

use driftless_testkit::{ServerOptions, TestServer};
use insta::assert_snapshot;

use crate::app::App;
use crate::live::run_sql;

const TABLES: &str =
    "create table \"A\" (id serial, n int, constraint \"A_pkey\" primary key (id));";

/// A project with one model whose key is of that type.
fn app(ty: &str) -> App {
    let app = App::empty();
    app.write(
        "packages/db/schema.prisma",
        format!(
            "datasource db {{\n  provider = \"postgresql\"\n}}\n\nmodel A {{\n  id {ty} @id @default(autoincrement())\n  n  Int?\n}}\n"
        ),
    );
    app
}

/// The script from a database to the schema of `app`.
fn script(app: &App, url: &str, more: &[&str]) -> String {
    let args = ["db-diff", "--from", url, "--to", "desired", "--script"];
    app.run(&[&args[..], more].concat()).stdout
}

#[test]
fn a_sequence_counts_as_far_as_its_column_after_a_change_of_type() {
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let url = server.socket_url("postgres", "postgres");
    run_sql(&url, TABLES);
    for (ty, wanted) in [
        ("BigInt", "AS BIGINT MAXVALUE 9223372036854775807"),
        ("Int", "AS INTEGER MAXVALUE 2147483647"),
        ("Int @db.SmallInt", "AS SMALLINT MAXVALUE 32767"),
    ] {
        let app = app(ty);
        let sql = script(&app, &url, &[]);
        let statement = format!("ALTER SEQUENCE \"A_id_seq\" {wanted};");
        assert!(sql.contains(&statement), "{sql}");
        run_sql(&url, &sql);
        assert_eq!(script(&app, &url, &[]), "-- This is an empty migration.\n");
    }
}

#[test]
fn a_sequence_that_ends_before_its_column_is_drift() {
    let app = app("BigInt");
    app.write(
        "supabase/migrations/20250101000000_a.sql",
        format!("{TABLES}\nalter table \"A\" alter id type bigint;\n"),
    );
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let url = server.socket_url("postgres", "postgres");
    run_sql(&url, TABLES);
    run_sql(&url, "alter table \"A\" alter id type bigint");
    // Prisma's engine does not see it.
    assert_snapshot!(script(&app, &url, &["--prisma-compatible"]), @"-- This is an empty migration.");
    run_sql(&url, &script(&app, &url, &[]));
    run_sql(
        &url,
        "select setval('\"A_id_seq\"', 2147483647); insert into \"A\" default values;",
    );
    assert_snapshot!(script(&app, &url, &[]), @"-- This is an empty migration.");
}

#[test]
fn only_the_type_of_a_sequence_is_looked_at() {
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let url = server.socket_url("postgres", "postgres");
    run_sql(&url, TABLES);
    // Greater than its column, as those of PostgreSQL 9 are, and those that Prisma adds to a column.
    run_sql(&url, "alter sequence \"A_id_seq\" as bigint");
    assert_snapshot!(script(&app("Int"), &url, &[]), @"-- This is an empty migration.");
    run_sql(
        &url,
        "alter table \"A\" alter id type bigint;
         alter sequence \"A_id_seq\" maxvalue 5000 increment 5 cycle;",
    );
    assert_snapshot!(script(&app("BigInt"), &url, &[]), @"-- This is an empty migration.");
    // A sequence that nobody owns may be for other tables, too.
    run_sql(
        &url,
        "alter sequence \"A_id_seq\" owned by none; alter sequence \"A_id_seq\" as integer;",
    );
    assert_snapshot!(script(&app("BigInt"), &url, &[]), @"-- This is an empty migration.");
}
