//! The same migrations on servers of other kinds: what differs because of the server is no drift, and no fix
//! gives anybody more than the migrations do.

use driftless_testkit::{ServerOptions, TestServer, server_programs};
use insta::assert_snapshot;

use crate::app::App;
use crate::live::{Live, run_sql};

const SCHEMA: &str =
    "datasource db {\n  provider = \"postgresql\"\n}\n\nmodel T {\n  id Int @id\n  b  Int?\n}\n";

fn project(migrations: &[(&str, &str)]) -> App {
    let app = App::empty();
    app.write("packages/db/schema.prisma", SCHEMA);
    for (name, sql) in migrations {
        app.write(&format!("supabase/migrations/{name}.sql"), sql);
    }
    app
}

/// The findings, without what was compared.
fn findings(app: &App, url: &str) -> String {
    let run = app.run_on(url, &["db-drift"]);
    assert!(run.stderr.is_empty(), "{run}");
    let (_, found) = run.stdout.split_once("\n\n").unwrap_or_default();
    found.to_owned()
}

#[test]
fn a_plain_server_needs_no_privileges_of_the_platform() {
    let sql = "do $$ begin if not exists (select from pg_roles where rolname = 'ro') then create role ro; end if; end $$;
        alter default privileges in schema public grant select on tables to ro;
        create table \"T\" (id int primary key, b int);";
    let app = project(&[("20240101000000_a", sql)]);
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let url = server.socket_url("postgres", "postgres");
    run_sql(&url, sql);
    assert_eq!(findings(&app, &url), "no drift\n");
    run_sql(
        &url,
        "alter default privileges in schema public revoke select on tables from ro",
    );
    assert_snapshot!("a_default_privilege_of_a_migration", findings(&app, &url));
}

const CREATED: &str = "create table public.\"T\" (id int primary key, b int);
revoke all on public.\"T\" from anon, authenticated, service_role;
grant select, insert, update, delete on public.\"T\" to service_role;
grant select on public.\"T\" to authenticated;
create materialized view public.mv as select * from public.\"T\";
revoke all on public.mv from anon, authenticated, service_role;
create function public.f() returns int language sql security definer set search_path = '' as 'select 1';
revoke all on function public.f() from public, anon, authenticated, service_role;
";
const HARDENED: &str = "alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges revoke all on functions from public;
revoke select on public.\"T\" from authenticated;
grant select (id) on public.\"T\" to authenticated;
";

#[test]
fn a_fix_never_grants_what_the_migrations_revoke() {
    let app = project(&[
        ("20240101000000_a", CREATED),
        ("20240102000000_b", HARDENED),
    ]);
    let Some(mut live) = Live::new(&app) else {
        return;
    };
    assert_eq!(findings(&app, &live.url()), "no drift\n");
    live.change(
        "set session authorization postgres;
         alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
         alter default privileges in schema public grant all on functions to anon;
         grant insert on \"T\" to authenticated;
         drop materialized view mv; drop function f();
         reset session authorization",
    );
    assert_snapshot!(
        "default_privileges_were_widened",
        findings(&app, &live.url())
    );
    let script = [
        "db-diff", "--from", "actual", "--to", "recorded", "--script",
    ];
    let script = app.run_on(&live.url(), &script).stdout;
    live.change(&format!(
        "set session authorization postgres; {script}; reset session authorization"
    ));
    assert_eq!(findings(&app, &live.url()), "no drift\n");
}

#[test]
fn names_of_not_null_constraints_are_compared_only_where_both_servers_have_them() {
    let sql = "create table \"T0\" (id int constraint \"T_pkey\" primary key, a int not null);
        alter table \"T0\" rename to \"T\"; alter table \"T\" rename a to b; alter table \"T\" alter b drop not null;
        create schema z; create table z.q (a int constraint foo not null, c int not null, d int constraint un unique);
        alter table z.q rename c to cc;";
    let app = project(&[("20240101000000_a", sql)]);
    for programs in server_programs() {
        let options = ServerOptions {
            programs: Some(&programs),
            ..ServerOptions::default()
        };
        if let Some(server) = TestServer::available(&options) {
            let url = server.socket_url("postgres", "postgres");
            run_sql(&url, sql);
            assert_eq!(findings(&app, &url), "no drift\n", "{}", programs.display());
        }
    }
}

#[test]
fn another_name_of_a_not_null_constraint_leaves_the_column_not_null() {
    for programs in server_programs() {
        let options = ServerOptions {
            programs: Some(&programs),
            ..ServerOptions::default()
        };
        let Some(server) = TestServer::available(&options) else {
            continue;
        };
        let admin = server.socket_url("postgres", "postgres");
        run_sql(&admin, "create database one");
        run_sql(&admin, "create database two");
        let [one, two] = ["one", "two"].map(|it| server.socket_url("postgres", it));
        run_sql(&one, "create table t (a int not null)");
        run_sql(&two, "create table t (a int constraint foo not null)");
        let app = App::empty();
        let (one_state, two_state) = (format!("db:{one}"), format!("db:{two}"));
        for (url, from, to) in [
            (&one, &one_state, &two_state),
            (&two, &two_state, &one_state),
        ] {
            let args = ["db-diff", "--from", from, "--to", to, "--script"];
            let script = app.run(&args).stdout;
            run_sql(url, &script);
            let rest = app.run(&args);
            assert_eq!(
                rest.stdout, "-- This is an empty migration.\n",
                "{script}{rest}"
            );
            // The other way about from here on.
            run_sql(
                &two,
                "alter table t drop column a; alter table t add a int constraint foo not null",
            );
            run_sql(
                &one,
                "alter table t drop column a; alter table t add a int not null",
            );
        }
    }
}
