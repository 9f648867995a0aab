//! Files in, a database and findings out.

use driftless_finding::{Finding, Sources};
use driftless_shadow::{
    FileOutcome, Replay, ReplayFile, ReplayMode, ReplayOptions, ShadowDatabase,
};

use crate::servers::on_each_database;

/// Replays `texts` as files `1.sql`, `2.sql`, ….
async fn replay(
    database: &mut ShadowDatabase,
    mode: ReplayMode,
    texts: &[&str],
) -> (Sources, Replay) {
    let mut sources = Sources::new();
    let files: Vec<ReplayFile> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| ReplayFile {
            source: sources.add(format!("{}.sql", index + 1), *text).unwrap(),
            version: (index + 1).to_string(),
            name: String::new(),
        })
        .collect();
    let replay = database
        .replay(&sources, &files, &ReplayOptions { mode })
        .await
        .unwrap();
    (sources, replay)
}

fn shown(sources: &Sources, findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|it| {
            let place = it
                .span
                .map(|span| sources.locate(span).to_string())
                .unwrap_or_default();
            format!("{place} {}[{}] {}", it.severity, it.code, it.message)
        })
        .collect()
}

async fn tables(database: &ShadowDatabase) -> Vec<String> {
    let sql = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1";
    let rows = database.client().query(sql, &[]).await.unwrap();
    rows.iter().map(|it| it.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_run_in_order() {
    on_each_database(async |database| {
        let texts = [
            "create table a (id int primary key);",
            "create table b (a int references a);",
            "",
        ];
        let (sources, replay) = replay(database, ReplayMode::Strict, &texts).await;
        assert_eq!(shown(&sources, &replay.findings), [""; 0]);
        assert!(
            replay
                .files
                .iter()
                .all(|it| it.outcome == FileOutcome::Applied)
        );
        assert_eq!(tables(database).await, ["a", "b"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_stops_the_replay_unless_told_otherwise() {
    let texts = [
        "create table a ();\ncreate table b (x nonsense);\ncreate table c ();",
        "create table d ();",
    ];
    for (mode, expected, outcomes) in [
        (
            ReplayMode::Strict,
            vec![],
            [FileOutcome::Undone, FileOutcome::NotReached],
        ),
        (
            ReplayMode::File,
            vec!["d"],
            [FileOutcome::Undone, FileOutcome::Applied],
        ),
        (
            ReplayMode::Statement,
            vec!["a", "c", "d"],
            [FileOutcome::Partly, FileOutcome::Applied],
        ),
    ] {
        on_each_database(async |database| {
            let (sources, replay) = replay(database, mode, &texts).await;
            assert_eq!(
                shown(&sources, &replay.findings)[0],
                "1.sql:2:19 error[replay-failed] type \"nonsense\" does not exist"
            );
            assert_eq!(tables(database).await, expected);
            assert_eq!(
                replay.files.iter().map(|it| it.outcome).collect::<Vec<_>>(),
                outcomes
            );
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_project_may_do_succeeds() {
    let script = r#"
        create table public.profiles (id uuid primary key references auth.users on delete cascade, name text);
        alter table profiles enable row level security;
        create policy "own profile" on profiles using ((select auth.uid()) = id);
        create function public.on_signup() returns trigger language plpgsql security definer set search_path = ''
            as $$ begin insert into public.profiles (id) values (new.id); return new; end $$;
        create trigger on_signup after insert on auth.users for each row execute function public.on_signup();
        drop trigger if exists on_signup on auth.users;
        create trigger on_signup after insert on auth.users for each row execute function public.on_signup();
        insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true);
        create policy "avatars are public" on storage.objects for select using (bucket_id = 'avatars');
        alter policy "avatars are public" on storage.objects rename to "avatars";
        comment on policy "avatars" on storage.objects is 'everybody';
        do $$ begin
            create policy "upload" on storage.objects for insert to authenticated
                with check ((storage.foldername(name))[1] = (select auth.uid())::text);
        exception when duplicate_object then null; end $$;
        create policy "listen" on realtime.messages for select to authenticated using (realtime.topic() = 'x');
        create extension if not exists "uuid-ossp" with schema extensions;
        create extension if not exists citext;
        create extension if not exists pg_cron with schema extensions;
        select cron.schedule('nightly', '0 0 * * *', 'select 1');
        create table t (id uuid default uuid_generate_v4(), e citext, k uuid default extensions.uuid_generate_v4());
        alter publication supabase_realtime add table t;
        create publication everything for all tables;
        create function f() returns event_trigger language plpgsql as $$ begin end $$;
        create event trigger e on ddl_command_end execute function f();
        drop event trigger e;
        set session_replication_role = replica;
        set session_replication_role = default;
        insert into auth.users (id, email, encrypted_password, raw_app_meta_data)
            values (gen_random_uuid(), 'a@b.c', extensions.crypt('x', extensions.gen_salt('bf')), '{}');
        grant select on t to anon;
        alter default privileges in schema public revoke all on functions from anon;
        alter default privileges for role postgres in schema public grant select on tables to anon;
        create role app_role nologin bypassrls;
        grant app_role to authenticator;
        alter role authenticator set pgrst.db_schemas = 'public';
        alter database postgres set statement_timeout to '8s';
        select vault.create_secret('s', 'name');
        create extension pg_net;
        select net.http_get('http://example.com');
        grant usage on schema auth to app_role;
        set role authenticated; select 1; reset role;
    "#;
    on_each_database(async |database| {
        let (sources, replay) = replay(database, ReplayMode::Strict, &[script]).await;
        let found = shown(&sources, &replay.findings);
        let expected = "1.sql:21:9 info[extension-stood-in] extension `pg_cron` is stood in for on this server";
        assert!(found.contains(&expected.to_owned()), "{found:#?}");
        assert!(found.iter().all(|it| it.contains("stood-in") || it.contains("app_role")), "{found:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_project_may_not_do_fails() {
    for (sql, sqlstate) in [
        ("create table auth.t ()", "42501"),
        (
            "create function storage.f() returns int language sql as 'select 1'",
            "42501",
        ),
        ("alter table auth.users add column x int", "42501"),
        (
            "alter table storage.objects enable row level security",
            "42501",
        ),
        ("create index on storage.objects (name)", "42501"),
        ("drop table storage.buckets", "42501"),
        ("create policy p on vault.secrets using (true)", "42501"),
        ("alter role postgres superuser", "42501"),
        ("create role r superuser", "42501"),
    ] {
        on_each_database(async |database| {
            let (sources, replay) = replay(database, ReplayMode::Strict, &[sql]).await;
            let notes = &replay
                .findings
                .first()
                .unwrap_or_else(|| panic!("succeeds: {sql}"))
                .notes;
            assert_eq!(
                notes[0],
                format!("SQLSTATE {sqlstate}"),
                "{:?}",
                shown(&sources, &replay.findings)
            );
        })
        .await;
    }
}
