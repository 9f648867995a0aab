//! Files in, a database and findings out.

use driftless_finding::{Finding, Sources};
use driftless_shadow::{
    DatabaseOptions, FileOutcome, Replay, ReplayFile, ReplayMode, ReplayOptions, ShadowDatabase,
    extensions_in,
};

use crate::servers::{on_each, on_each_database};

/// Replays `texts` as files `1.sql`, `2.sql`, ….
pub(crate) async fn replay(
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
    let cases = [
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
    ];
    on_each(async |shadow| {
        for (mode, expected, outcomes) in &cases {
            let mut database = shadow.database(&DatabaseOptions::default()).await.unwrap();
            let (sources, replay) = replay(&mut database, *mode, &texts).await;
            assert_eq!(
                shown(&sources, &replay.findings)[0],
                "1.sql:2:19 error[object-never-created] type \"nonsense\" does not exist"
            );
            assert_eq!(tables(&database).await, *expected);
            assert_eq!(
                replay.files.iter().map(|it| it.outcome).collect::<Vec<_>>(),
                outcomes
            );
            database.close().await.unwrap();
        }
    })
    .await;
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
    on_each(async |shadow| {
        let options = DatabaseOptions {
            extensions: extensions_in(script),
            ..DatabaseOptions::default()
        };
        let mut database = shadow.database(&options).await.unwrap();
        let (sources, replay) = replay(&mut database, ReplayMode::Strict, &[script]).await;
        let found = shown(&sources, &replay.findings);
        let expected = "1.sql:21:9 info[extension-stood-in] extension `pg_cron` is stood in for on this server";
        assert!(found.contains(&expected.to_owned()), "{found:#?}");
        assert!(found.iter().all(|it| it.contains("stood-in")), "{found:#?}");
        database.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_project_may_not_do_fails() {
    on_each_database(async |database| {
        for (sql, code) in [
            ("create table auth.t ()", "forbidden-schema"),
            (
                "create function storage.f() returns int language sql as 'select 1'",
                "forbidden-schema",
            ),
            (
                "alter table auth.users add column x int",
                "forbidden-schema",
            ),
            (
                "alter table storage.objects enable row level security",
                "forbidden-schema",
            ),
            ("create index on storage.objects (name)", "forbidden-schema"),
            ("drop table storage.buckets", "forbidden-schema"),
            (
                "create policy p on vault.secrets using (true)",
                "forbidden-schema",
            ),
            (
                "do $$ begin alter table storage.objects add column policy int; end $$",
                "forbidden-schema",
            ),
            ("alter role postgres superuser", "not-permitted"),
            ("create role r superuser", "not-permitted"),
            (
                "create function f() returns int language c as 'x'",
                "not-permitted",
            ),
        ] {
            let (sources, replay) = replay(database, ReplayMode::Strict, &[sql]).await;
            let found = shown(&sources, &replay.findings);
            let fits = found
                .first()
                .is_some_and(|it| it.contains(&format!("error[{code}]")));
            assert!(fits, "{sql}: {found:?}");
            assert_eq!(replay.findings[0].notes[0], "SQLSTATE 42501", "{sql}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_tells_its_likely_cause() {
    let causes: &[(&[&str], &str)] = &[
        (
            &[
                "create table a (id int references b);",
                "create table b (id int primary key);",
            ],
            "1.sql:1:1 error[object-created-later] relation \"b\" does not exist | table b | 2.sql:1:1 it is created here",
        ),
        (
            &["select f(1);\ncreate function f(int) returns int language sql as 'select 1';"],
            "1.sql:1:8 error[object-created-later] function f(integer) does not exist",
        ),
        (
            &[
                "create view v as select * from usres;",
                "create table users ();",
            ],
            "1.sql:1:32 error[object-never-created] relation \"usres\" does not exist | relation usres | help: did you mean `users`?",
        ),
        (
            &["create table t (a int);\ncreate index t_ai on t (a);\ndrop index t_a;"],
            "1.sql:3:1 error[object-never-created] index \"t_a\" does not exist | index t_a | help: did you mean `t_ai`?",
        ),
        (
            &["create table \"T\" ();\ndrop index \"x\";"],
            "1.sql:2:1 error[object-never-created] index \"x\" does not exist | index x | help: create it in a migration",
        ),
        (
            &["create table users ();\nalter index usres rename to x;"],
            "1.sql:2:1 error[object-never-created] relation \"usres\" does not exist | relation usres | help: create it in a migration",
        ),
        (
            &[
                "create table users ();",
                "drop table users;",
                "comment on table users is 'x';",
            ],
            "3.sql:1:1 error[object-never-created] relation \"users\" does not exist | relation users | 2.sql:1:1 it is dropped here",
        ),
        (
            &["set search_path = public;\ncreate table t (id uuid default uuid_generate_v4());"],
            "1.sql:2:33 error[extension-not-created] function uuid_generate_v4() does not exist | extension uuid-ossp",
        ),
        (
            &["create table t (e vector(3));"],
            "1.sql:1:19 error[extension-not-created] type \"vector\" does not exist",
        ),
        (
            &["create table t (a text); create index on t using gin (a gin_trgm_ops);"],
            "error[extension-not-created] operator class \"gin_trgm_ops\" does not exist",
        ),
        (
            &["create extension nobody_has_it;"],
            "error[extension-unavailable] ",
        ),
        (
            &[
                "create materialized view m as select 1 as a;",
                "create or replace view m as select 1 as a;",
            ],
            "2.sql:1:1 error[object-of-another-kind] \"m\" is not a view | m | 1.sql:1:1 it is a materialized view, created here",
        ),
        (
            &["create table t (at timestamptz);\ncreate index i on t (at) where at > now();"],
            "1.sql:2:1 error[not-immutable] functions in index predicate must be marked IMMUTABLE",
        ),
        (
            &["create table t (a timestamptz, b text generated always as (a::text) stored);"],
            "error[not-immutable] generation expression is not immutable",
        ),
        (
            &[
                "create type mood as enum ('a');",
                "alter type mood add value 'b';\ncreate table t (m mood default 'b');",
            ],
            "2.sql:2:32 error[enum-value-too-new] unsafe use of new value \"b\" of enum type mood | enum label b | 2.sql:1:1 it is added here",
        ),
        (
            &[
                "create function f() returns int language sql as 'select 1';",
                "create or replace function f() returns text language sql as 'select 1::text';",
            ],
            "2.sql:1:1 error[function-needs-drop] cannot change return type of existing function | help: use DROP FUNCTION f() first",
        ),
        (
            &[
                "create view v as select 1 as a;",
                "create or replace view v as select 'x'::text as b;",
            ],
            "error[view-needs-drop] cannot change name of view column \"a\" to \"b\"",
        ),
        (
            &["create table t ();", "create table t ();"],
            "2.sql:1:1 error[object-exists] relation \"t\" already exists | relation t | 1.sql:1:1 it is created here",
        ),
        (
            &["create table t (); grant select on t to nobody_knows;"],
            "error[role-unknown] role \"nobody_knows\" does not exist",
        ),
        (
            &[
                "create table a (id int primary key); create table b (id int references a);",
                "drop table a;",
            ],
            "2.sql:1:1 error[still-in-use] cannot drop table a because other objects depend on it",
        ),
        (
            &["create table t (a int);\nbegin;\ncreate index concurrently i on t (a);\ncommit;"],
            "1.sql:3:1 error[needs-no-transaction] ",
        ),
        (
            &["create table t (a int not null); insert into t values (null);"],
            "error[rows-differ] null value in column \"a\"",
        ),
        (
            &["set nonsense_timeout = 0;"],
            "error[setting-unknown] unrecognized configuration parameter",
        ),
        (
            &["create table t (a int,);\n"],
            "1.sql:1:23 error[syntax-error] syntax error at or near \")\"",
        ),
        (
            &["-- é\nselect 'ü', nonsense;"],
            "1.sql:2:13 error[object-never-created] column \"nonsense\" does not exist",
        ),
        (
            &["begin;\ncreate table t ();"],
            "1.sql:1:1 warning[transaction-left-open] ",
        ),
        (
            &["\\restrict x\nselect 1;"],
            "1.sql:1:1 info[psql-command] ",
        ),
        (
            &["create subscription s connection 'host=db' publication p;"],
            "1.sql:1:1 info[statement-passed-over] ",
        ),
    ];
    on_each(async |shadow| {
        let mut wrong = Vec::new();
        for (texts, expected) in causes {
            let mut database = shadow.database(&DatabaseOptions::default()).await.unwrap();
            let (sources, replay) = replay(&mut database, ReplayMode::Strict, texts).await;
            let found = replay
                .findings
                .first()
                .map(|it| in_full(&sources, it))
                .unwrap_or_default();
            if !found.contains(expected) {
                wrong.push(format!(
                    "\n{texts:?}\n  gives  {found}\n  and not {expected}"
                ));
            }
            database.close().await.unwrap();
        }
        assert!(wrong.is_empty(), "{}", wrong.concat());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dumps_and_odd_files_are_replayed() {
    let dump = "\u{feff}-- PostgreSQL database dump\n\\restrict abc\nSET statement_timeout = 0;\n\
        SELECT pg_catalog.set_config('search_path', '', false);\n\
        CREATE TABLE public.t (a integer, b text);\n\
        COPY public.t (a, b) FROM stdin;\n1\tit's; --\n2\t\\N\n\\.\n\
        ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (a);\n\\unrestrict abc\n\
        COPY public.t TO stdout;\n";
    let files = [
        dump,
        "",
        "  -- nothing\n;;\n",
        "insert into t values (3, 'search path is back');",
        "create index concurrently t_b on t (b);\nvacuum t;",
        "begin; create table u (); rollback; begin; create table v (); commit;",
        "create type mood as enum ('a');\nbegin;\nalter type mood add value 'b';\ncommit;\ncreate table w (m mood default 'b');",
    ];
    on_each_database(async |database| {
        let (sources, replay) = replay(database, ReplayMode::Strict, &files).await;
        let found = shown(&sources, &replay.findings);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(
            found.iter().all(|it| it.contains("info[psql-command]")
                || it.contains("info[statement-passed-over]"))
        );
        assert_eq!(tables(database).await, ["t", "v", "w"]);
        let rows = database
            .client()
            .query_one("SELECT count(*), count(b) FROM t", &[])
            .await
            .unwrap();
        assert_eq!((rows.get::<_, i64>(0), rows.get::<_, i64>(1)), (3, 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_among_rows_or_bytes_has_its_place() {
    on_each_database(async |database| {
        for (text, expected) in [
            ("create table t (a int);\ncopy t from stdin;\nx\n\\.\n", "1.sql:2:1 error[rows-differ] invalid input syntax for type integer"),
            ("select 1;\nselect 'a\0b';", "1.sql:2:10 error[syntax-error] a zero byte"),
            ("create table t (a int references t deferrable initially deferred);", "error["),
            ("create table d (a int primary key, b int references d deferrable initially deferred);\ninsert into d values (1, 2);",
             "1.sql:2:1 error[rows-differ] insert or update on table \"d\" violates foreign key"),
        ] {
            let (sources, replay) = replay(database, ReplayMode::Strict, &[text]).await;
            let found = shown(&sources, &replay.findings);
            assert!(found.first().is_some_and(|it| it.contains(expected)), "{found:?}");
            assert_eq!(replay.files[0].outcome, FileOutcome::Undone);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stand_ins_carry_what_is_declared_with_them() {
    let script = "
        create extension vector with schema extensions;
        create extension postgis;
        create table t (id int primary key, e extensions.vector(3), g geometry(Point, 4326), k text);
        create index by_e on t using hnsw (e vector_cosine_ops) with (m = 16, ef_construction = 64);
        create index by_l on t using ivfflat (e vector_l2_ops) with (lists = 100);
        insert into t (id, e) values (1, '[1,2,3]'), (2, '[1,2,4]');
        create function nearest(q vector(3)) returns setof int language sql as
            'select id from t order by e <-> q limit 1';
        create extension moddatetime schema extensions;
        create extension pg_jsonschema;
        create extension http with schema extensions;
        comment on extension vector is 'x';
        drop extension pg_jsonschema;
    ";
    on_each(async |shadow| {
        let options = DatabaseOptions {
            extensions: extensions_in(script),
            ..DatabaseOptions::default()
        };
        let mut database = shadow.database(&options).await.unwrap();
        let (sources, replay) = replay(&mut database, ReplayMode::Strict, &[script]).await;
        let found = shown(&sources, &replay.findings);
        assert!(found.iter().all(|it| it.contains("info[extension-stood-in]")), "{found:#?}");
        let sql = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'e'";
        let row = database.client().query_one(sql, &[]).await.unwrap();
        assert_eq!(row.get::<_, &str>(0), "vector(3)");
        let sql = "SELECT reloptions::text FROM pg_class WHERE relname IN ('by_e', 'by_l') ORDER BY relname";
        let rows = database.client().query(sql, &[]).await.unwrap();
        let options: Vec<&str> = rows.iter().map(|it| it.get(0)).collect();
        assert_eq!(options, ["{m=16,ef_construction=64}", "{lists=100}"]);
        let row = database.client().query_one("SELECT nearest('[1,2,5]')", &[]).await.unwrap();
        assert_eq!(row.get::<_, i32>(0), 2);
        database.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_stand_in_comes_and_goes() {
    let names = [
        "dblink",
        "http",
        "hypopg",
        "index_advisor",
        "moddatetime",
        "pg_cron",
        "pg_graphql",
        "pg_hashids",
        "pg_jsonschema",
        "pg_net",
        "pg_repack",
        "pg_stat_monitor",
        "pgaudit",
        "pgjwt",
        "pgmq",
        "pgroonga",
        "pgsodium",
        "pgtap",
        "plpgsql_check",
        "postgis",
        "postgis_topology",
        "postgres_fdw",
        "rum",
        "vector",
        "wrappers",
    ];
    let files: Vec<String> = names
        .iter()
        .map(|it| format!("create extension \"{it}\";\ncomment on extension \"{it}\" is 'x';\ndrop extension \"{it}\";"))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    on_each_database(async |database| {
        let (sources, replay) = replay(database, ReplayMode::Strict, &files).await;
        let found = shown(&sources, &replay.findings);
        assert!(
            found
                .iter()
                .all(|it| it.contains("info[extension-stood-in]")),
            "{found:#?}"
        );
        assert_eq!(replay.stubs.len(), found.len());
        let sql = "SELECT count(*) FROM pg_extension WHERE extname = ANY ($1)";
        let left = database
            .client()
            .query_one(sql, &[&names.as_slice()])
            .await
            .unwrap();
        assert_eq!(left.get::<_, i64>(0), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stand_ins_compute_what_the_extensions_compute() {
    // The shadow by URL, the local and the embedded one differ in which of these are real.
    let questions = "
        select encode(extensions.digest('abc', 'sha1'), 'hex') = 'a9993e364706816aba3e25717850c26c9cd0d89d';
        select encode(extensions.digest(''::bytea, 'sha1'), 'hex') = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
        select encode(extensions.digest(repeat('a', 119), 'sha1'), 'hex') = 'ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56';
        select encode(extensions.digest('abc', 'sha256'), 'hex') = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
        select encode(extensions.hmac('what do ya want for nothing?', 'Jefe', 'sha256'), 'hex')
            = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
        select encode(extensions.hmac('what do ya want for nothing?', 'Jefe', 'md5'), 'hex') = '750c783e6ab0b503eaa86e310a5db738';
        select length(extensions.gen_random_bytes(33)) = 33;
        select extensions.crypt('x', h) = h from (select extensions.crypt('x', extensions.gen_salt('bf')) as h) as it;
        select extensions.crypt('y', h) <> h from (select extensions.crypt('x', extensions.gen_salt('bf', 4)) as h) as it;
        select extensions.uuid_generate_v5(extensions.uuid_ns_dns(), 'www.example.com') = '2ed6657d-e927-568b-95e1-2665a8aea6a2';
        select extensions.uuid_generate_v3(extensions.uuid_ns_dns(), 'www.example.com') = '5df41881-3aed-3515-88a7-2f4a814cf09e';
        select substr(extensions.uuid_generate_v4()::text, 15, 1) = '4';
        select substr(extensions.uuid_generate_v1()::text, 15, 1) = '1';
        select auth.uid() is null and auth.role() is null;
        select set_config('request.jwt.claims', '{\"sub\": \"2ed6657d-e927-568b-95e1-2665a8aea6a2\", \"role\": \"anon\"}', false) is not null;
        select auth.uid() = '2ed6657d-e927-568b-95e1-2665a8aea6a2' and auth.role() = 'anon' and auth.jwt() ->> 'role' = 'anon';
        select storage.foldername('a/b/c.tar.gz') = '{a,b}' and storage.filename('a/b/c.png') = 'c.png';
        select storage.extension('a/b/c.tar.gz') = 'gz';
        select decrypted_secret = 's' from vault.decrypted_secrets;
    ";
    on_each_database(async |database| {
        for question in questions.split(";\n").filter(|it| !it.trim().is_empty()) {
            if question.contains("vault") {
                database
                    .client()
                    .execute("select vault.create_secret('s', 'n')", &[])
                    .await
                    .unwrap();
            }
            let rows = database
                .client()
                .query(question, &[])
                .await
                .unwrap_or_else(|error| panic!("{question}: {error:?}"));
            assert!(rows.iter().all(|it| it.get(0)), "{question}");
        }
    })
    .await;
}

/// A finding with everything that points somewhere else.
fn in_full(sources: &Sources, finding: &Finding) -> String {
    let mut parts = shown(sources, std::slice::from_ref(finding));
    parts.extend(finding.object.clone());
    parts.extend(
        finding
            .labels
            .iter()
            .map(|it| format!("{} {}", sources.locate(it.span), it.text)),
    );
    parts.extend(finding.help.iter().map(|it| format!("help: {it}")));
    parts.join(" | ")
}
