//! Servers that run already, and that others use too.

use driftless_connect::{ConnectOptions, ConnectUrl, Connection, connect};
use driftless_shadow::{
    DatabaseOptions, ReplayMode, Shadow, ShadowError, ShadowOptions, ShadowSource,
};

use crate::replay::replay;
use crate::servers::remote;
use driftless_testkit::{ServerOptions, TestServer};

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
        assert_eq!(migrator == "postgres", superuser != "postgres");
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
