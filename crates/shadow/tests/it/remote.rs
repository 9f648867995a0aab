//! Servers that run already, and that others use too.

use driftless_connect::{ConnectOptions, ConnectUrl, Connection, connect};
use driftless_shadow::{
    DatabaseOptions, ReplayMode, Shadow, ShadowError, ShadowOptions, ShadowSource,
};

use crate::replay::replay;
use crate::servers::remote;
use driftless_testkit::{ServerOptions, TestServer, server_programs};

async fn session(cluster: &TestServer, user: &str) -> Connection {
    let url = ConnectUrl::parse(&cluster.socket_url(user, "postgres")).unwrap();
    connect(&url, &ConnectOptions::default()).await.unwrap()
}

/// Everything on the server that does not belong to a database.
async fn shared(cluster: &TestServer, user: &str) -> Vec<String> {
    let sql = "SELECT 'database ' || datname FROM pg_database
               UNION ALL SELECT 'role ' || rolname || coalesce(rolconfig::text, '') || rolsuper FROM pg_roles
               UNION ALL SELECT 'member ' || roleid::regrole || ' ' || member::regrole FROM pg_auth_members
               ORDER BY 1";
    let session = session(cluster, user).await;
    let rows = session.query(sql, &[]).await.unwrap();
    session.close().await;
    rows.iter().map(|it| it.get(0)).collect()
}

const SCRIPT: &str = "
    create role made_here;
    do $$ begin create role made_inside; grant made_inside to postgres; end $$;
    create table t (id int);
    alter table t owner to postgres;
    grant select on t to made_here, postgres;
    alter default privileges for role postgres in schema public grant select on tables to made_here;
    create table u (id int);
    alter role not_ours set statement_timeout = 1;
    alter database postgres set statement_timeout = 2;
    create policy p on storage.objects to postgres using (true);
";

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_server_is_left_as_it_was() {
    for superuser in ["postgres", "admin"] {
        let wanted = ServerOptions {
            superuser,
            ..ServerOptions::default()
        };
        let Some(cluster) = TestServer::available(&wanted) else {
            return;
        };
        let admin = session(&cluster, superuser).await;
        for sql in [
            "create role not_ours; create role anon",
            "create database theirs",
        ] {
            admin.batch_execute(sql).await.unwrap();
        }
        admin.close().await;
        let before = shared(&cluster, superuser).await;

        let mut shadow = remote(&cluster.socket_url(superuser, "postgres")).await;
        let migrator = shadow.server().migrator.clone();
        let old = shadow.server().version.major() < 16;
        let expected = match superuser {
            _ if old => "driftless_migrator",
            "postgres" => "driftless_postgres",
            _ => "postgres",
        };
        assert_eq!(migrator, expected);
        let mut database = shadow.database(&DatabaseOptions::default()).await.unwrap();
        let (_, replay) = replay(&mut database, ReplayMode::Strict, &[SCRIPT]).await;
        let codes: Vec<&str> = replay.findings.iter().map(|it| it.code.name).collect();
        assert_eq!(codes, ["statement-passed-over"], "{:?}", replay.findings);

        let sql = "SELECT relowner::regrole::text, relacl::text FROM pg_class WHERE relname = 'u'";
        let row = database.client().query_one(sql, &[]).await.unwrap();
        assert_eq!(row.get::<_, &str>(0), migrator);
        assert!(row.get::<_, &str>(1).contains("made_here=r/"), "{row:?}");
        let sql =
            "SELECT setconfig::text FROM pg_db_role_setting JOIN pg_database ON oid = setdatabase
                   WHERE datname = current_database()";
        assert_eq!(database.client().query(sql, &[]).await.unwrap().len(), 1);
        database.close().await.unwrap();
        shadow.stop().await.unwrap();
        assert_eq!(shared(&cluster, superuser).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dropped_is_removed_as_well() {
    let Some(cluster) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let before = shared(&cluster, "postgres").await;
    let mut shadow = remote(&cluster.socket_url("postgres", "postgres")).await;
    let database = shadow.database(&DatabaseOptions::default()).await.unwrap();
    drop(shadow);
    drop(database);
    assert_eq!(shared(&cluster, "postgres").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_is_removed_by_the_next_run_and_what_lives_is_not() {
    let Some(cluster) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let admin = session(&cluster, "postgres").await;
    admin
        .batch_execute("create database driftless_shadow_0badcafe_1")
        .await
        .unwrap();
    admin
        .batch_execute("create database driftless_shadow_notes")
        .await
        .unwrap();
    let url = cluster.socket_url("postgres", "postgres");
    let mut first = remote(&url).await;
    let database = first.database(&DatabaseOptions::default()).await.unwrap();
    let mut second = remote(&url).await;
    let other = second.database(&DatabaseOptions::default()).await.unwrap();
    other.close().await.unwrap();
    second.stop().await.unwrap();
    // The first run's database and roles are still there.
    database
        .client()
        .batch_execute("create table t (); grant select on t to anon")
        .await
        .unwrap();
    database.close().await.unwrap();
    first.stop().await.unwrap();
    let left = shared(&cluster, "postgres").await;
    let ours: Vec<&String> = left
        .iter()
        .filter(|it| it.contains("driftless") || it.contains("supabase"))
        .collect();
    assert_eq!(ours, ["database driftless_shadow_notes"]);
    admin.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_without_superuser_does_what_it_can_and_says_so() {
    let Some(cluster) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let admin = session(&cluster, "postgres").await;
    admin
        .batch_execute("create role maker login createdb createrole; create role nobody_much login")
        .await
        .unwrap();
    admin.close().await;
    let mut shadow = remote(&cluster.socket_url("maker", "postgres")).await;
    let mut database = shadow.database(&DatabaseOptions::default()).await.unwrap();
    assert_eq!(shadow.server().migrator, "maker");
    let script = "
        create table profiles (id uuid primary key references auth.users, d bytea default extensions.gen_random_bytes(4));
        alter table profiles enable row level security;
        create policy own on profiles using (auth.uid() = id);
        alter table profiles owner to postgres;
        create extension citext;
        insert into storage.buckets (id, name) values ('a', 'a');
    ";
    let (_, replay) = replay(&mut database, ReplayMode::Strict, &[script]).await;
    assert_eq!(replay.findings, []);
    assert!(
        replay
            .provenance
            .origin("policy", "own on public.profiles")
            .is_some()
    );
    assert!(shadow.server().limits[0].starts_with("role `maker` is no superuser"));
    database.close().await.unwrap();
    shadow.stop().await.unwrap();

    let url = ConnectUrl::parse(&cluster.socket_url("nobody_much", "postgres")).unwrap();
    let source = ShadowSource::Url(Box::new(url));
    let error = Shadow::start(&ShadowOptions { source }).await.unwrap_err();
    assert!(matches!(error, ShadowError::Unusable { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "no url shadow: role `nobody_much` may not create databases"
    );
}

/// What others have on the server, to the last bit: roles with their passwords, memberships, settings, databases.
async fn theirs(cluster: &TestServer) -> Vec<String> {
    let sql = "SELECT 'role ' || oid || pg_authid::text || coalesce(shobj_description(oid, 'pg_authid'), '')
               FROM pg_authid
               UNION ALL SELECT 'member ' || pg_auth_members::text FROM pg_auth_members
               UNION ALL SELECT 'setting ' || pg_db_role_setting::text FROM pg_db_role_setting
               UNION ALL SELECT 'tablespace ' || pg_tablespace::text FROM pg_tablespace
               UNION ALL SELECT 'database ' || ROW(datname, datdba, datacl, datconnlimit)::text FROM pg_database
               ORDER BY 1";
    let session = session(cluster, "postgres").await;
    let rows = session.query(sql, &[]).await.unwrap();
    session.close().await;
    rows.iter().map(|it| it.get(0)).collect()
}

const THEIR_ROLES: &str = "
    create role rev_app login password 'prod';
    create role rev_lim nologin;
    create role rev_group;
    grant rev_group to rev_app;
    alter role rev_app set statement_timeout = 7;
    create role anon;
";

/// Runs `test` on a server of each version there is, on which others have roles and a database.
async fn on_each_used_server(test: impl AsyncFn(&TestServer)) {
    for programs in server_programs() {
        let wanted = ServerOptions {
            programs: Some(&programs),
            ..ServerOptions::default()
        };
        let Some(cluster) = TestServer::available(&wanted) else {
            continue;
        };
        println!("on {}", programs.display());
        let admin = session(&cluster, "postgres").await;
        admin.batch_execute(THEIR_ROLES).await.unwrap();
        admin.batch_execute("create database theirs").await.unwrap();
        admin.close().await;
        test(&cluster).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_migration_does_changes_what_others_have() {
    const SCRIPTS: &[&str] = &[
        "do $$ begin drop role if exists rev_app; create role rev_app nologin; end $$",
        "create function mk() returns void language plpgsql as $$ begin alter role rev_lim password 'hacked'; end $$;
         select mk()",
        "do $$ begin execute 'alter role rev_lim login'; end $$",
        "do $$ begin execute 'alter role ' || 'rev_lim' || ' login'; end $$",
        "do $$ begin execute 'grant rev_group to rev_lim'; revoke rev_group from rev_app; end $$",
        "do $$ begin alter role rev_app set work_mem = '1MB'; end $$",
        "do $$ begin execute 'alter role all set work_mem = ''1MB'''; end $$",
        "do $$ begin comment on role rev_app is 'x'; end $$",
        "do $$ begin alter role anon createrole; end $$",
        "set role anon; do $$ begin alter role anon password 'x'; end $$",
        "create role boss createrole; grant boss to postgres; set role boss; do $$ begin drop role rev_lim; end $$",
        "set role supabase_functions_admin; do $$ begin drop role rev_lim; end $$",
        "alter role postgres createrole; do $$ begin drop role rev_lim; end $$",
        "create role mate in role rev_group",
        "do $$ begin create role mate in role rev_group; end $$",
        "do $$ begin create role fine; execute 'alter role rev_' || 'lim login'; end $$",
        "do $$ begin perform driftless_shadow.run('alter role rev_lim login'); end $$",
        "do $$ begin reset session authorization; drop role rev_lim; end $$",
        "begin; do $$ begin reset session authorization; alter role rev_app password 'x'; end $$; commit",
        "create function e() returns event_trigger language plpgsql as $$ begin alter role rev_lim login; end $$;
         create event trigger e on ddl_command_end execute function e(); create extension citext",
        "do $$ begin alter database theirs set work_mem = '1MB'; end $$",
        "do $$ begin alter tablespace pg_default set (seq_page_cost = 2); end $$",
        "do $$ begin alter system set work_mem = '1MB'; end $$",
        "do $$ begin reset session authorization; alter database theirs set work_mem = '1MB'; end $$",
        "begin; commit; do $$ begin reset session authorization; drop role rev_lim; commit; end $$",
        "begin; commit; do $$ begin drop role rev_lim; commit; end $$",
        "do $$ begin reset session authorization; alter tablespace pg_default set (seq_page_cost = 2); end $$",
    ];
    const PASSED_OVER: &[&str] = &[
        "drop role if exists rev_app",
        "drop role if exists nobody, rev_lim",
        "alter group rev_group add user rev_lim",
        "alter role all set work_mem = '1MB'",
        "grant rev_group to postgres",
        "alter database theirs set session_replication_role = replica",
        "comment on database theirs is 'x'",
    ];
    on_each_used_server(async |cluster| {
        let before = theirs(cluster).await;
        let mut shadow = remote(&cluster.socket_url("postgres", "postgres")).await;
        for (scripts, passed_over) in [(SCRIPTS, false), (PASSED_OVER, true)] {
            for script in scripts {
                // Each in a transaction of its own too.
                for script in [(*script).to_owned(), format!("{script}; vacuum pg_class")] {
                    let options = DatabaseOptions::default();
                    let mut database = shadow.database(&options).await.unwrap();
                    let (_, replay) = replay(&mut database, ReplayMode::Strict, &[&script]).await;
                    database.close().await.unwrap();
                    let is_said = replay.findings.iter().any(|it| match passed_over {
                        true => it.code.name == "statement-passed-over",
                        false => it.code.severity == driftless_finding::Severity::Error,
                    });
                    assert!(is_said, "{script}: {:?}", replay.findings);
                    let during = theirs(cluster).await;
                    let changed = before.iter().find(|it| !during.contains(it));
                    assert_eq!(changed, None, "{script}");
                }
            }
        }
        shadow.stop().await.unwrap();
        assert_eq!(theirs(cluster).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_of_our_own_are_made_and_changed_beside_those_of_others() {
    const SCRIPT: &str = "
        do $$ begin
            if not exists (select from pg_roles where rolname = 'app') then create role app nologin; end if;
            if not exists (select from pg_roles where rolname = 'rev_app') then create role rev_app; end if;
        end $$;
        do $x$ declare n int; begin
            begin
                create user app_reader with password 'it''s' noinherit;
            exception when duplicate_object then raise notice 'there';
            end;
            execute 'create role app_writer';
            execute $y$grant app_reader to app_writer$y$;
            grant app to postgres, app_writer;
        end $x$;
        create role worker bypassrls in role app;
        create role boss createrole;
        create group team;
        alter group team add user worker;
        alter role worker rename to labourer;
        alter role labourer set statement_timeout = 5;
        alter role postgres set statement_timeout = 6;
        comment on role labourer is 'works';
        grant labourer to boss with admin option;
        grant pg_monitor to labourer;
        alter default privileges for role app grant select on tables to labourer;
        create table t (id int);
        grant select on t to anon;
        set role app; reset role;
        revoke app from labourer;
        drop role if exists team, nobody;
        alter database postgres set statement_timeout = 7;
    ";
    on_each_used_server(async |cluster| {
        let before = theirs(cluster).await;
        let mut shadow = remote(&cluster.socket_url("postgres", "postgres")).await;
        let mut database = shadow.database(&DatabaseOptions::default()).await.unwrap();
        let (_, replay) = replay(&mut database, ReplayMode::Strict, &[SCRIPT]).await;
        assert_eq!(replay.findings, []);
        let sql = "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles
                   WHERE rolname IN ('app', 'app_reader', 'app_writer', 'boss', 'labourer', 'team')";
        let made: String = database.client().query_one(sql, &[]).await.unwrap().get(0);
        assert_eq!(made, "app app_reader app_writer boss labourer");
        let script = "begin; commit; create procedure p() language plpgsql as $$ begin commit; end $$; call p()";
        let (_, replay) = crate::replay::replay(&mut database, ReplayMode::Strict, &[script]).await;
        assert_eq!(replay.findings, []);
        database.close().await.unwrap();
        shadow.stop().await.unwrap();
        assert_eq!(theirs(cluster).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_role_is_out_of_reach_is_said() {
    on_each_used_server(async |cluster| {
        let mut shadow = remote(&cluster.socket_url("postgres", "postgres")).await;
        let old = shadow.server().version.major() < 16;
        let mut database = shadow.database(&DatabaseOptions::default()).await.unwrap();
        let script = "do $$ begin execute 'create role made_' || 'as_it_runs'; drop role made_as_it_runs; end $$";
        let (_, replay) = replay(&mut database, ReplayMode::Strict, &[script]).await;
        let codes: Vec<&str> = replay.findings.iter().map(|it| it.code.name).collect();
        assert_eq!(codes, if old { &["role-out-of-reach"][..] } else { &[] });
        assert_eq!(shadow.server().limits.len(), usize::from(old));
        database.close().await.unwrap();
        shadow.stop().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_may_make_roles_changes_none_of_others() {
    on_each_used_server(async |cluster| {
        let admin = session(cluster, "postgres").await;
        let maker = "create role maker login createdb createrole";
        admin.batch_execute(maker).await.unwrap();
        admin.close().await;
        let before = theirs(cluster).await;
        let mut shadow = remote(&cluster.socket_url("maker", "postgres")).await;
        for script in [
            "do $$ begin alter role rev_lim password 'x'; end $$",
            "do $$ begin create role fine; execute 'alter role rev_' || 'lim password ''x'''; end $$",
            "do $$ begin drop role rev_app; create role rev_app nologin; end $$",
            "do $$ begin execute 'alter role rev_lim password ''x'''; end $$",
            "create function mk() returns void language plpgsql as $$ begin alter role rev_lim login; end $$; select mk()",
            "create role fine; do $$ begin execute 'alter role rev_lim login'; end $$; drop role fine",
        ] {
            let mut database = shadow.database(&DatabaseOptions::default()).await.unwrap();
            let (_, replay) = replay(&mut database, ReplayMode::Strict, &[script]).await;
            assert_eq!(replay.findings.len(), 1, "{script}");
            database.close().await.unwrap();
            let during = theirs(cluster).await;
            let changed = before.iter().find(|it| !during.contains(it));
            assert_eq!(changed, None, "{script}");
        }
        shadow.stop().await.unwrap();
    })
    .await;
}
