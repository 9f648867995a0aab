//! Policies that a Prisma schema declares: compared with the migrations, refused at the word, written into scripts.

use driftless_testkit::server_programs;
use insta::assert_snapshot;

use crate::app::{App, SCHEMA};

const MIGRATION: &str = "supabase/migrations/20250101000000_docs.sql";

const TABLES: &str = r#"
CREATE TABLE "Doc" (
    "id" INTEGER NOT NULL,
    "ownerId" UUID NOT NULL,
    "state" TEXT NOT NULL,
    CONSTRAINT "Doc_pkey" PRIMARY KEY ("id")
);
"#;

const POLICIES: &str = r#"
CREATE POLICY docs_own ON "Doc" FOR SELECT TO service_role, authenticated
    USING ("ownerId" = (SELECT auth.uid()) AND state IN ('open', 'done'));
CREATE POLICY docs_add ON "Doc" AS RESTRICTIVE FOR INSERT WITH CHECK (auth.uid() = "ownerId");
CREATE POLICY docs_all ON "Doc" USING (true) WITH CHECK (state <> 'it''s "done"');
ALTER TABLE "Doc" ENABLE ROW LEVEL SECURITY;
"#;

const MODEL: &str = r#"
model Doc {
  id      Int    @id
  ownerId String @db.Uuid
  state   String
}
"#;

/// The same as `POLICIES`, written in other words.
const ANNOTATIONS: &str = r#"
/// @@rls
/// @@policy("docs_own", for: select, to: [authenticated, "service_role"],
///   using: "\"ownerId\" = ( select auth.uid() )
///     and state = any (array['open'::text, 'done']) -- what is on the table
///   ")
/// @@policy("docs_add", for: insert, as: restrictive, check: "auth.uid()=\u0022ownerId\u0022")
/// @@policy("docs_all", to: public, using: "TRUE", check: "state != 'it''s \"done\"'")"#;

fn app(schema: &str, migration: &str) -> App {
    let app = App::empty();
    let datasource = "datasource db {\n  provider = \"postgresql\"\n}\n";
    app.write(SCHEMA, format!("{datasource}{schema}"));
    app.write(MIGRATION, migration);
    app
}

#[test]
fn policies_that_mean_the_same_are_no_drift() {
    let app = app(
        &format!("{ANNOTATIONS}{MODEL}"),
        &format!("{TABLES}{POLICIES}"),
    );
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]), @r"
    exit code 0
    --- stdout
    desired   packages/db/schema.prisma: 1 model, 0 enums
    recorded  supabase/migrations: 1 migration, replayed on [server]
    actual    not compared: DATABASE_URL is not set

    no drift
    ");
}

#[test]
fn policies_of_a_model_that_says_nothing_of_them_are_no_drift() {
    let app = app(MODEL, &format!("{TABLES}{POLICIES}"));
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]), @r"
    exit code 0
    --- stdout
    desired   packages/db/schema.prisma: 1 model, 0 enums
    recorded  supabase/migrations: 1 migration, replayed on [server]
    actual    not compared: DATABASE_URL is not set

    no drift
    ");
}

#[test]
fn each_difference_is_a_finding_at_its_place_in_the_comment() {
    let schema = format!("{ANNOTATIONS}{MODEL}")
        .replace("to: [authenticated, \"service_role\"]", "to: authenticated")
        .replace("auth.uid()=", "auth.uid() <> ")
        .replace("docs_all", "docs_every")
        .replace("@@rls", "@@rls(force: true)");
    let app = app(&schema, &format!("{TABLES}{POLICIES}"));
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
}

#[test]
fn the_script_brings_the_policies_and_leaves_no_drift() {
    // The policies name columns and a table that no migration has made yet.
    let schema = format!("{ANNOTATIONS}{MODEL}").replace(
        "\n/// @@policy(\"docs_all\"",
        "\n/// @@policy(\"docs_new\", using: \"exists (select from \\\"Note\\\" n where n.doc = room)\")\n\
         /// @@policy(\"docs_all\"",
    );
    let schema = schema.replace("state   String", "state   String\n  room    Int");
    let schema = format!("{schema}\n/// @@rls\nmodel Note {{\n  doc Int @id\n}}\n");
    let app = app(&schema, TABLES);
    let args = [
        "db-diff", "--from", "recorded", "--to", "desired", "--script",
    ];
    let script = app.run(&args);
    assert_snapshot!(script.stdout);
    app.write(
        "supabase/migrations/20250102000000_policies.sql",
        &script.stdout,
    );
    let drift = app.run(&["db-drift"]);
    assert_eq!(drift.code, 0, "{drift}");
}

#[test]
fn prisma_itself_knows_of_no_policies() {
    let app = app(&format!("{ANNOTATIONS}{MODEL}"), TABLES);
    let args = [
        "db-diff", "--from", "recorded", "--to", "desired", "--script",
    ];
    let compatible = [&args[..], &["--prisma-compatible"]].concat();
    assert_eq!(
        app.run(&compatible).stdout,
        "-- This is an empty migration.\n"
    );
}

#[test]
fn a_script_between_two_schemas_needs_no_server() {
    let app = app(&format!("{ANNOTATIONS}{MODEL}"), TABLES);
    let changed = format!("{ANNOTATIONS}{MODEL}").replace("for: select", "for: delete");
    app.write(
        "after.prisma",
        format!("datasource db {{\n  provider = \"postgresql\"\n}}\n{changed}"),
    );
    let args = [
        "db-diff",
        "--from",
        "desired",
        "--to",
        "prisma:after.prisma",
        "--script",
    ];
    let args = [&args[..], &["--shadow", "local:/nowhere"]].concat();
    assert_snapshot!(app.run(&args).stdout);
}

const REFUSED: &str = r#"
/// @@rls
/// @@policy("unquoted", for: insert, to: autenticated, check: "ownerId = auth.uid()")
/// @@policy("lines", using: "
///   'ü' <> '' and
///     auth.uidd() = \"ownerId\"
/// ")
/// @@policy("through_an_alias", using: "exists (select 1 from \"Doc\" d where d.stat = 'x')")
/// @@policy("no_boolean", using: "id + 1")
/// @@policy("two_expressions", using: "true \"state\"")
/// @@policy("no_operand", using: "state =")"#;

#[test]
fn every_server_reads_policies_in_the_same_way() {
    let right = app(
        &format!("{ANNOTATIONS}{MODEL}"),
        &format!("{TABLES}{POLICIES}"),
    );
    let refused = app(&format!("{REFUSED}{MODEL}"), TABLES);
    let places = |shadow: &str| {
        let run = refused.run(&["db-drift", "--shadow", shadow]);
        let places = run.stdout.lines().filter(|it| it.contains("--> "));
        places.map(str::to_owned).collect::<Vec<_>>()
    };
    let expected = places("auto");
    assert_eq!(expected.len(), 8, "{expected:?}");
    for programs in server_programs() {
        let shadow = format!("local:{}", programs.display());
        assert_eq!(places(&shadow), expected, "{shadow}");
        let run = right.run(&["db-drift", "--shadow", &shadow]);
        assert_eq!(run.code, 0, "{shadow}: {run}");
    }
}

#[test]
fn what_postgres_refuses_is_shown_at_the_word_in_the_comment() {
    let app = app(&format!("{REFUSED}{MODEL}"), TABLES);
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
}

#[test]
fn an_annotation_that_is_wrong_is_found_without_a_database() {
    let schema = "\n/// @@rls\n/// @@policy(\"a\", fro: select, using: \"true\")";
    let app = app(&format!("{schema}{MODEL}"), TABLES);
    assert_snapshot!(app.run(&["db-validate"]).hiding(&[]));
}

#[test]
fn a_contract_of_prisma_8_is_compared_with_what_prisma_8_has_made() {
    let contract = r#"// use prisma-next

types {
  Uuid = String @db.Uuid
}

namespace public {
  model Doc {
    id      Int      @id
    ownerId Uuid
    owner   supabase:auth.AuthUser @relation(fields: [ownerId], references: [id], onDelete: Cascade)
    made    DateTime @default(now())
    kind    pg.enum(Kind)

    @@rls
  }

  native_enum Kind {
    letter = "letter"
    book   = "book"
    @@map("kind")
  }

  policy_select doc_own {
    target = Doc
    roles  = [authenticated]
    using  = "\"ownerId\"::uuid = auth.uid()"
  }
}
"#;
    let migration = r#"
CREATE TYPE kind AS ENUM ('letter', 'book');
CREATE TABLE doc (
    id int4 NOT NULL, "ownerId" uuid NOT NULL, made timestamptz NOT NULL DEFAULT now(), kind kind NOT NULL,
    CONSTRAINT doc_pkey PRIMARY KEY (id),
    CONSTRAINT "doc_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES auth.users (id) ON DELETE CASCADE
);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY doc_own_1a2b3c4d ON doc FOR SELECT TO authenticated USING ("ownerId"::uuid = auth.uid());
"#;
    let app = App::empty();
    app.write(SCHEMA, contract);
    app.write(MIGRATION, migration);
    let run = app.run(&["db-drift"]);
    assert_eq!(run.code, 0, "{run}");
    app.edit(SCHEMA, "auth.uid()\"", "auth.uuid()\"");
    app.edit(MIGRATION, "ENABLE", "DISABLE");
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
}
