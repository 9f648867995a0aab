//! Models of tables that the platform makes.

use driftless_testkit::{ServerOptions, TestServer};
use insta::assert_snapshot;

use crate::app::App;
use crate::live::run_sql;

const SCHEMA: &str = r#"datasource db {
  provider = "postgresql"
  schemas  = ["public", "auth"]
}

model users {
  id       String    @id @db.Uuid
  nickname String?
  profile  profiles?

  @@schema("auth")
}

model profiles {
  id   String @id @db.Uuid
  user users  @relation(fields: [id], references: [id], onDelete: Cascade)

  @@schema("public")
}
"#;

const MIGRATION: &str = "\
create table public.profiles (id uuid not null, constraint profiles_pkey primary key (id));
alter table public.profiles add constraint profiles_id_fkey foreign key (id)
  references auth.users (id) on delete cascade on update cascade;
";

fn app() -> App {
    let app = App::empty();
    app.write("packages/db/schema.prisma", SCHEMA);
    app.write("supabase/migrations/20250101000000_profiles.sql", MIGRATION);
    app
}

#[test]
fn migrations_do_not_make_them() {
    let app = app();
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]), @"
    exit code 0
    --- stdout
    desired   packages/db/schema.prisma: 2 models, 0 enums
              not compared: auth.users is in a schema that the platform makes
    recorded  supabase/migrations: 1 migration, replayed on [server]
    actual    not compared: DATABASE_URL is not set

    no drift
    ");
    assert_snapshot!(
        app.run(&["db-diff", "--from", "recorded", "--to", "desired", "--script"]).hiding(&[]),
        @"
    exit code 0
    --- stdout
    -- This is an empty migration.
    "
    );
}

#[test]
fn a_database_that_a_schema_governs_is_read_with_them() {
    let app = app();
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let url = server.socket_url("postgres", "postgres");
    let ddl = app.run(&["db-diff", "--from", "empty", "--to", "desired", "--script"]);
    run_sql(&url, &ddl.stdout);
    let source = format!("db:{url}");
    let diff = ["db-diff", "--from", &source, "--to", "desired", "--script"];
    assert_snapshot!(app.run(&diff).stdout, @"-- This is an empty migration.");
    run_sql(
        &url,
        "ALTER TABLE auth.users DROP COLUMN nickname; CREATE TABLE auth.sessions (id int);
         CREATE TYPE auth.aal AS ENUM ('aal1')",
    );
    assert_snapshot!(app.run(&diff));
    // A project may have a schema of its own that is called so.
    app.write("driftless.toml", "[supabase]\nmanaged_schemas = []\n");
    let own = app.run(&diff);
    assert!(!own.stderr.contains("platform-changed"), "{own}");
}

#[test]
fn what_a_project_puts_on_them_is_its_own() {
    let app = app();
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let url = server.socket_url("postgres", "postgres");
    let ddl = app.run(&["db-diff", "--from", "empty", "--to", "desired", "--script"]);
    assert!(ddl.stderr.contains("platform-changed"), "{ddl}");
    run_sql(&url, &ddl.stdout);
    run_sql(&url, "ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY");
    app.edit(
        "packages/db/schema.prisma",
        "model users {\n",
        "/// @@rls\n/// @@policy(\"own\", using: \"true\")\nmodel users {\n",
    );
    let source = format!("db:{url}");
    let run = app.run(&["db-diff", "--from", &source, "--to", "desired", "--script"]);
    assert!(run.stdout.contains("CREATE POLICY"), "{run}");
    assert!(!run.stderr.contains("platform-changed"), "{run}");
}
