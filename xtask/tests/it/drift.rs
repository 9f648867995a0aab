//! `db-drift` on the reference application: in step, and changed in one way at a time.

use driftless_testkit::{ServerOptions, TestServer, server_programs};
use insta::assert_snapshot;

use crate::app::{App, SCHEMA};
use crate::command::Run;
use crate::live::Live;

/// What `db-drift` says of the live database, whose name changes from run to run.
fn drift(app: &App, live: &Live) -> Run {
    let url = live.url();
    app.run_on(&url, &["db-drift"]).hiding(&[]).hiding_live()
}

impl Run {
    fn hiding_live(mut self) -> Self {
        let lines =
            self.stdout
                .split_inclusive('\n')
                .map(|line| match line.split_once("actual    ") {
                    Some(("", _)) => "actual    [live database]\n".to_owned(),
                    _ => line.to_owned(),
                });
        self.stdout = lines.collect();
        self
    }
}

#[test]
fn a_project_in_step_has_no_drift() {
    let run = App::new().run(&["db-drift"]);
    assert_snapshot!(run.hiding(&[]), @r"
    exit code 0
    --- stdout
    desired   packages/db/schema.prisma: 11 models, 5 enums
    recorded  supabase/migrations: 12 migrations, replayed on [server]
    actual    not compared: DATABASE_URL is not set

    no drift
    ");
}

#[test]
fn nothing_is_said_quietly() {
    let run = App::new().run(&["db-drift", "--quiet"]);
    assert_snapshot!(run, @"exit code 0");
}

#[test]
fn a_new_field_is_one_finding_at_its_place() {
    let app = App::new();
    app.edit(
        SCHEMA,
        "model Activity {\n",
        "model Activity {\n  room String?\n",
    );
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
    assert_snapshot!(
        "a_new_field_as_json",
        app.run(&["db-drift", "--format", "json"]).hiding(&[])
    );
}

#[test]
fn a_model_without_a_migration_is_one_finding() {
    let app = App::new();
    app.edit(
        SCHEMA,
        "model Activity {\n",
        "model Room {\n  id Int @id\n  name String @unique\n}\n\nmodel Activity {\n",
    );
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
}

#[test]
fn a_migration_without_a_field_points_at_the_statement() {
    let app = App::new();
    app.write(
        "supabase/migrations/20251001000000_rooms.sql",
        "-- Rooms.\nALTER TABLE public.activities ADD COLUMN room text;\n",
    );
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
}

#[test]
fn a_migration_that_fails_points_at_the_statement_and_says_why() {
    let app = App::new();
    app.write(
        "supabase/migrations/20240101000000_too_early.sql",
        "CREATE VIEW public.active AS\n  SELECT * FROM public.activities WHERE is_active;\n",
    );
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
}

#[test]
fn every_kind_of_shadow_gives_the_same_report() {
    let app = App::new();
    app.edit(
        SCHEMA,
        "model Activity {\n",
        "model Activity {\n  room String?\n",
    );
    app.write(
        "supabase/migrations/20251001000000_policy.sql",
        "CREATE POLICY everybody ON public.users FOR SELECT USING (true);\nDROP INDEX public.users_handle_key;\n",
    );
    let report = |shadow: &str| {
        app.run(&["db-drift", "--shadow", shadow])
            .hiding(&[])
            .to_string()
    };
    let expected = report("auto");
    assert!(expected.starts_with("exit code 1"), "{expected}");
    if cfg!(feature = "embedded") {
        assert_eq!(report("embedded"), expected);
    }
    for programs in server_programs() {
        assert_eq!(report(&format!("local:{}", programs.display())), expected);
        let options = ServerOptions {
            programs: Some(&programs),
            ..ServerOptions::default()
        };
        if let Some(server) = TestServer::available(&options) {
            assert_eq!(report(&server.socket_url("postgres", "postgres")), expected);
        }
    }
}

/// What is done by hand, what undoes it, and the name of the snapshot that tells what was found.
const CHANGES: &[(&str, &str, &str)] = &[
    (
        "an_index_was_dropped",
        "DROP INDEX public.submissions_status_submitted_at_idx",
        "CREATE INDEX submissions_status_submitted_at_idx ON public.submissions (status, submitted_at)",
    ),
    (
        "a_default_was_changed",
        "ALTER TABLE public.activities ALTER COLUMN default_points SET DEFAULT 20",
        "ALTER TABLE public.activities ALTER COLUMN default_points SET DEFAULT 10",
    ),
    (
        "a_policy_was_loosened",
        "CREATE TABLE public.kept AS SELECT pg_get_expr(polqual, polrelid) AS it FROM pg_policy
             WHERE polname = 'activities_select';
         ALTER TABLE public.kept SET SCHEMA driftless_shadow;
         ALTER POLICY activities_select ON public.activities USING (true)",
        "DO $$ BEGIN EXECUTE format('ALTER POLICY activities_select ON public.activities USING (%s)',
             (SELECT it FROM driftless_shadow.kept)); END $$",
    ),
    (
        "a_trigger_was_dropped",
        "ALTER TABLE public.submissions DISABLE TRIGGER submissions_guard_status",
        "ALTER TABLE public.submissions ENABLE TRIGGER submissions_guard_status",
    ),
    (
        "a_grant_was_widened",
        "GRANT SELECT ON public.users TO anon",
        "REVOKE SELECT ON public.users FROM anon",
    ),
    (
        "row_security_was_switched_off",
        "ALTER TABLE public.points_ledger DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE public.points_ledger ENABLE ROW LEVEL SECURITY",
    ),
    (
        "row_security_of_a_table_of_the_platform_was_switched_off",
        "ALTER TABLE storage.objects DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY",
    ),
    (
        "a_column_was_added",
        "ALTER TABLE public.badges ADD COLUMN colour text NOT NULL DEFAULT 'red'",
        "ALTER TABLE public.badges DROP COLUMN colour",
    ),
    (
        "a_column_may_be_null",
        "ALTER TABLE public.users ALTER COLUMN email DROP NOT NULL",
        "ALTER TABLE public.users ALTER COLUMN email SET NOT NULL",
    ),
    (
        "a_bucket_was_opened",
        "UPDATE storage.buckets SET public = true",
        "UPDATE storage.buckets SET public = false",
    ),
];

#[test]
fn every_change_by_hand_is_found_and_nothing_else() {
    let app = App::new();
    let Some(mut live) = Live::new(&app) else {
        return;
    };
    assert_snapshot!("nothing_was_changed", drift(&app, &live));
    for (name, change, undo) in CHANGES {
        live.change(change);
        assert_snapshot!(*name, drift(&app, &live));
        live.change(undo);
    }
    live.change("DROP TRIGGER submissions_guard_status ON public.submissions; DROP FUNCTION private.is_reviewer() CASCADE");
    assert_snapshot!("a_trigger_and_a_function_were_dropped", drift(&app, &live));
}

#[test]
fn a_live_database_behind_its_migrations_has_them_pending() {
    let app = App::new();
    let Some(live) = Live::new(&app) else {
        return;
    };
    app.write(
        "supabase/migrations/20251001000000_rooms.sql",
        "ALTER TABLE public.activities ADD COLUMN room text;\nCREATE INDEX activities_room_idx ON public.activities (room);\n",
    );
    app.edit(
        SCHEMA,
        "model Activity {\n",
        "model Activity {\n  room String?\n  @@index([room])\n",
    );
    assert_snapshot!(drift(&app, &live));
}

#[test]
fn a_history_of_another_shape_is_as_good_as_none() {
    let app = App::new();
    let Some(mut live) = Live::new(&app) else {
        return;
    };
    live.change(
        "ALTER TABLE supabase_migrations.schema_migrations DROP CONSTRAINT schema_migrations_pkey",
    );
    live.change("ALTER TABLE supabase_migrations.schema_migrations ALTER version DROP NOT NULL");
    live.change("INSERT INTO supabase_migrations.schema_migrations VALUES (NULL)");
    let run = drift(&app, &live);
    assert_eq!(run.code, 0, "{run}");
    live.change("ALTER TABLE supabase_migrations.schema_migrations RENAME version TO id");
    assert_snapshot!(drift(&app, &live));
}

#[test]
fn a_role_that_may_only_read_sees_the_same() {
    let app = App::new();
    let Some(mut live) = Live::new(&app) else {
        return;
    };
    live.change("CREATE ROLE reader LOGIN");
    let url = live.url_of("reader");
    let run = app.run_on(&url, &["db-drift"]);
    assert_eq!(run.code, 0, "{run}");
    live.change("DROP INDEX public.submissions_status_submitted_at_idx");
    let run = app.run_on(&url, &["db-drift"]);
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(run.stdout.matches("error[").count(), 1, "{run}");
    live.change("DROP ROLE reader");
}
