//! What has got another name: told, given, decided in the project's file, accepted.

use std::process::Command;

use driftless_testkit::{ServerOptions, TestServer};

use crate::app::App;
use crate::command::Run;
use crate::live::run_sql;

const FROM: &str = "datasource db {\n  provider = \"postgresql\"\n}\n\nmodel User {\n  id   Int    @id @default(autoincrement())\n  name String @map(\"nm\")\n  role Role   @default(ADMIN)\n\n  @@index([name])\n  @@map(\"users\")\n}\n\nenum Role {\n  USER\n  ADMIN\n}\n";

const PRISMA: &[&str] = &[
    "db-diff",
    "--from",
    "prisma:from.prisma",
    "--to",
    "prisma:to.prisma",
];

/// Two schemas, of which the second has `new` where the first has `old`.
fn schemas(edits: &[(&str, &str)]) -> App {
    let app = App::empty();
    app.write("from.prisma", FROM);
    app.write("to.prisma", FROM);
    for (old, new) in edits {
        app.edit("to.prisma", old, new);
    }
    app
}

fn run(app: &App, args: &[&str]) -> Run {
    app.run(&[PRISMA, args].concat())
}

fn script(app: &App, args: &[&str]) -> String {
    let shown = run(app, &[args, &["--script"]].concat());
    assert_eq!(shown.code, 0, "{shown}");
    shown.stdout
}

const COLUMN: &[(&str, &str)] = &[("@map(\"nm\")", "@map(\"full_name\")")];

const RENAMED: &str = "-- RenameColumn\nALTER TABLE \"users\" RENAME COLUMN \"nm\" TO \"full_name\";\n\n-- RenameIndex\nALTER INDEX \"users_nm_idx\" RENAME TO \"users_full_name_idx\";\n";

#[test]
fn a_column_that_may_have_another_name_is_told_with_what_speaks_for_it() {
    let app = schemas(COLUMN);
    insta::assert_snapshot!(run(&app, &[]));
    let off = run(&app, &["--renames", "off"]).to_string();
    assert!(!off.contains("rename-possible"), "{off}");
    // Nothing is renamed that nobody has decided.
    assert_eq!(script(&app, &[]), script(&app, &["--renames", "off"]));
    assert!(script(&app, &[]).contains("DROP COLUMN \"nm\""));
}

#[test]
fn what_is_sure_can_be_accepted() {
    let app = schemas(COLUMN);
    assert_eq!(script(&app, &["--renames", "accept"]), RENAMED);
    let told = run(&app, &["--renames", "accept"]).to_string();
    assert!(told.contains("info[rename-taken]"), "{told}");
    assert!(told.contains("warning[object-renamed]"), "{told}");
}

#[test]
fn a_rename_is_given_in_any_spelling() {
    let app = schemas(COLUMN);
    for spelled in [
        "public.users.nm=full_name",
        "column:public.users.nm=full_name",
        "\"public\".\"users\".\"nm\" = \"full_name\"",
        "public.users.nm=public.users.full_name",
        "public.users.nm=column:public.users.full_name",
    ] {
        assert_eq!(script(&app, &["--rename", spelled]), RENAMED, "{spelled}");
    }
    let twice = ["--rename", "public.users.nm=full_name"].repeat(2);
    assert_eq!(script(&app, &twice), RENAMED);
}

#[test]
fn tables_columns_and_labels_are_renamed_together() {
    let app = schemas(&[
        ("@map(\"nm\")", "@map(\"full_name\")"),
        ("@@map(\"users\")", "@@map(\"people\")"),
        ("@default(ADMIN)", "@default(OWNER)"),
        ("  ADMIN\n", "  OWNER\n"),
        ("enum Role {", "enum Rank {"),
        ("role Role ", "role Rank "),
    ]);
    let given = [
        "--rename",
        "public.users.nm=full_name",
        "--rename",
        "table:public.users=people",
        "--rename",
        "public.Role.ADMIN=OWNER",
        "--rename",
        "public.Role=Rank",
    ];
    insta::assert_snapshot!(script(&app, &given));
    // Three of these are sure, each once the one before it is known.
    let accepted = script(&app, &["--renames", "accept"]);
    for it in ["\"users\" RENAME TO \"people\"", "\"nm\" TO \"full_name\""] {
        assert!(accepted.contains(it), "{accepted}");
    }
}

#[test]
fn a_rename_that_fits_nothing_is_an_error_with_the_names_that_would() {
    let app = schemas(COLUMN);
    let told = |rename: &str| {
        let shown = run(&app, &["--rename", rename]);
        assert_eq!(shown.code, 2, "{shown}");
        assert_eq!(shown.stdout, "");
        shown.stderr
    };
    let shown = [
        "public.users.nn=full_name",
        "public.users.nm=fullname",
        "public.users.nm",
        "public.users.nm=full_name=x",
        "table:public.users.nm=full_name",
        "public.users.\"nm=full_name",
    ];
    let twice = run(
        &app,
        &[
            "--rename",
            "public.users.nm=full_name",
            "--rename",
            "public.users.id=full_name",
        ],
    );
    assert_eq!(twice.code, 2);
    assert!(
        twice
            .stderr
            .contains("another rename has one of these names"),
        "{twice}"
    );
    let shown: Vec<String> = shown
        .iter()
        .map(|it| format!("{it}\n{}", told(it)))
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

fn decide(app: &App, from: &str, to: &str, decided: &str) {
    app.write(
        "driftless.renames.toml",
        format!(
            "[[rename]]\n# a comment\nfrom = \"{from}\"\nto = \"{to}\"\ndecided = \"{decided}\"\n"
        ),
    );
}

#[test]
fn decisions_are_read_from_the_project() {
    let app = schemas(COLUMN);
    decide(&app, "public.users.nm", "full_name", "yes");
    assert_eq!(script(&app, &[]), RENAMED);
    assert_eq!(script(&app, &["--renames", "off"]), RENAMED);
    decide(
        &app,
        "column:public.users.nm",
        "column:public.users.full_name",
        "no",
    );
    let told = run(&app, &["--renames", "accept"]).to_string();
    assert!(!told.contains("rename-"), "{told}");
    assert!(told.contains("DROP COLUMN \"nm\""), "{told}");
    app.write("driftless.toml", "[renames]\nfile = \"db/names.toml\"\n");
    assert!(script(&app, &[]).contains("DROP COLUMN"));
    app.write(
        "db/names.toml",
        "[[rename]]\nfrom = \"public.users.nm\"\nto = \"full_name\"\ndecided = \"yes\"\n",
    );
    assert_eq!(script(&app, &[]), RENAMED);
}

#[test]
fn decisions_that_are_done_or_about_something_else_do_no_harm() {
    let app = schemas(&[]);
    for (from, to) in [
        ("public.users.nm", "full_name"),
        ("public.old.a", "b"),
        ("public.users.old", "nm"),
        // Both are there: nobody knows whether they have changed places.
        ("public.users.nm", "role"),
    ] {
        decide(&app, from, to, "yes");
        assert_eq!(
            script(&app, &[]),
            "-- This is an empty migration.\n",
            "{from}"
        );
    }
}

#[test]
fn a_file_of_decisions_that_is_not_understood_is_told_with_its_line() {
    let app = schemas(COLUMN);
    decide(&app, "public.users.nm", "full_name", "perhaps");
    let shown = run(&app, &[]);
    assert_eq!(shown.code, 2);
    assert!(shown.stderr.contains("driftless.renames.toml"), "{shown}");
    assert!(shown.stderr.contains("perhaps"), "{shown}");
    decide(&app, "public..nm", "full_name", "yes");
    assert_eq!(run(&app, &[]).code, 2);
}

#[test]
fn the_history_of_the_schema_is_evidence() {
    let git = |app: &App, args: &[&str]| {
        let identity = [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b.c",
            "-c",
            "init.defaultBranch=main",
        ];
        let run = Command::new("git")
            .args(identity)
            .args(args)
            .current_dir(app.path(""))
            .output();
        run.is_ok_and(|it| it.status.success())
    };
    // Another place and another type of column: nothing but the history speaks for it.
    let app = App::empty();
    app.write("from.prisma", FROM);
    app.write("to.prisma", FROM);
    if !git(&app, &["init", "--quiet"]) {
        return;
    }
    assert!(git(&app, &["add", "."]) && git(&app, &["commit", "--quiet", "-m", "Users"]));
    app.edit(
        "to.prisma",
        "  name String @map(\"nm\")\n",
        "  called String\n",
    );
    app.edit("to.prisma", "@@index([name])", "@@index([called])");
    let told = run(&app, &[]).to_string();
    assert!(
        told.contains("a change that is not committed took a line"),
        "{told}"
    );
    assert!(git(
        &app,
        &["commit", "--quiet", "--all", "-m", "Say called"]
    ));
    let told = run(&app, &[]).to_string();
    assert!(
        told.contains("(Say called) took a line with the one out"),
        "{told}"
    );
}

fn server() -> Option<TestServer> {
    TestServer::available(&ServerOptions::default())
}

#[test]
fn rows_of_live_databases_survive_what_is_accepted() {
    let Some(server) = server() else { return };
    let app = App::empty();
    let [from, to] = ["before", "after"].map(|it| server.socket_url("postgres", it));
    let admin = server.socket_url("postgres", "postgres");
    run_sql(&admin, "create database before");
    run_sql(&admin, "create database after");
    run_sql(
        &from,
        "create table users(id serial primary key, nm text check (nm <> ''), gone text);
         insert into users(nm, gone) select 'n' || i % 3, 'x' from generate_series(1, 60) i; analyze users",
    );
    run_sql(
        &to,
        "create table people(id serial primary key, full_name text check (full_name <> ''));
         insert into people(full_name) select 'n' || i % 3 from generate_series(1, 60) i; analyze people",
    );
    let args = [
        "db-diff",
        "--from",
        &from,
        "--to",
        &to,
        "--rename",
        "public.users=people",
    ];
    let shown = app
        .run(&[&args[..], &["--renames", "accept"]].concat())
        .to_string();
    // The rows are asked under the names that they have now; of statistics no value is told.
    for it in [
        "info[rename-taken]",
        "the values are spread alike: share of NULLs, number of distinct values, most common values",
        "warning[column-dropped]: the script deletes all values of column public.people.gone",
        "the database has some",
    ] {
        assert!(shown.contains(it), "{it}: {shown}");
    }
    assert!(!shown.contains("n0"), "{shown}");
    assert!(!shown.contains("could not be seen"), "{shown}");
    let script = app.run(&[&args[..], &["--renames", "accept", "--script"]].concat());
    run_sql(&from, &script.stdout);
    run_sql(
        &from,
        "do $$ begin assert (select count(full_name) from people) = 60; end $$",
    );
    let left = app.run(&["db-diff", "--from", &from, "--to", &to, "--script"]);
    assert_eq!(left.stdout, "-- This is an empty migration.\n");
}

#[test]
fn without_a_throwaway_server_what_cannot_be_told_is_made_anew() {
    let Some(server) = server() else { return };
    let app = App::empty();
    let admin = server.socket_url("postgres", "postgres");
    let [from, to] = ["before", "after"].map(|it| server.socket_url("postgres", it));
    run_sql(&admin, "create database before");
    run_sql(&admin, "create database after");
    let tables = |name: &str| {
        format!(
            "create table t(id int primary key, {name} text default 'nm', check ({name} <> 'nm'),
                            up text generated always as (upper({name})) stored);
             create index t_up on t (lower({name})) where {name} is not null;
             alter table t enable row level security;
             create policy p on t using ({name} = current_user);
             create view v as select x.id, x.nm from (select id, {name} as nm from t) x where x.nm <> '';
             create function f() returns trigger language plpgsql as 'begin return new; end';
             create trigger g before update of {name} on t for each row when (old.{name} <> new.{name}) execute function f();"
        )
    };
    run_sql(&from, &tables("nm"));
    run_sql(&from, "insert into t values (1, 'kept')");
    run_sql(&to, &tables("full_name"));
    let shadow = format!("local:{}", app.path("").display());
    let args = [
        "db-diff", "--from", &from, "--to", &to, "--shadow", &shadow, "--script",
    ];
    let script = app.run(&[&args[..], &["--rename", "public.t.nm=full_name"]].concat());
    insta::assert_snapshot!(script.stdout);
    run_sql(&from, &script.stdout);
    run_sql(
        &from,
        "do $$ begin assert (select full_name from t) = 'kept'; end $$",
    );
    let left = app.run(&args);
    assert_eq!(left.stdout, "-- This is an empty migration.\n", "{left}");
}

#[test]
fn a_live_database_is_led_to_a_schema_with_other_names() {
    let Some(server) = server() else { return };
    let app = schemas(&[
        ("@map(\"nm\")", "@map(\"full_name\")"),
        ("@@map(\"users\")", "@@map(\"people\")"),
    ]);
    let url = server.socket_url("postgres", "postgres");
    let made = app.run(&[
        "db-diff",
        "--from",
        "empty",
        "--to",
        "prisma:from.prisma",
        "--script",
    ]);
    run_sql(&url, &made.stdout);
    run_sql(
        &url,
        "insert into users(nm) values ('ann'); create view v as select nm from users",
    );
    let args = [
        "db-diff",
        "--from",
        &url,
        "--to",
        "prisma:to.prisma",
        "--script",
    ];
    let script = app.run(&[&args[..], &["--renames", "accept"]].concat());
    insta::assert_snapshot!(script.stdout);
    run_sql(&url, &script.stdout);
    run_sql(
        &url,
        "do $$ begin assert (select nm from v) = 'ann'; end $$",
    );
    let left = app.run(&args);
    assert_eq!(left.stdout, "-- This is an empty migration.\n", "{left}");
    // And back, from the schema to what is live.
    let args = [
        "db-diff",
        "--from",
        "prisma:from.prisma",
        "--to",
        &url,
        "--script",
    ];
    let script = app.run(&[&args[..], &["--renames", "accept"]].concat());
    assert!(script.stdout.contains("RENAME TO \"people\""), "{script}");
    assert!(!script.stdout.contains("DROP"), "{script}");
}

#[test]
fn a_plan_tells_of_renames_and_of_the_way_back() {
    let app = schemas(COLUMN);
    let plan = run(
        &app,
        &["--rename", "public.users.nm=full_name", "--plan", "json"],
    );
    let plan: serde_json::Value = serde_json::from_str(&plan.stdout).expect("it is JSON");
    let first = plan["statements"][0].to_string();
    assert!(first.contains("RENAMES_OBJECT"), "{first}");
    assert!(first.contains("ACQUIRES_ACCESS_EXCLUSIVE_LOCK"), "{first}");
    let reverse = plan["reverse"].to_string();
    let back = r#"RENAME COLUMN \"full_name\" TO \"nm\""#;
    assert!(reverse.contains(back), "{reverse}");
}
