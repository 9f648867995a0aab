//! Which server is taken, and why others are not.

use std::path::PathBuf;

use driftless_connect::{ConnectError, ConnectUrl};
use driftless_shadow::{
    DatabaseOptions, Prelude, ServerKind, Shadow, ShadowError, ShadowOptions, ShadowSource, probe,
};

use crate::servers::{on_each, start};

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_without_a_server_is_said_to_be_one() {
    let source = ShadowSource::Local {
        bin_dir: Some(PathBuf::from("/nonexistent")),
    };
    let options = ShadowOptions { source };
    let error = Shadow::start(&options).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no local shadow: /nonexistent: there is no `postgres` in it"
    );
    assert!(error.help().starts_with("install a PostgreSQL server"));
    let candidates = probe(&options).await;
    assert_eq!(
        candidates[0].outcome,
        Err("there is no `postgres` in it".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_url_is_told_with_its_cause() {
    let url = ConnectUrl::parse("postgresql://a:secret@127.0.0.1:1/b").unwrap();
    let options = ShadowOptions {
        source: ShadowSource::Url(Box::new(url)),
    };
    let error = Shadow::start(&options).await.unwrap_err();
    let ShadowError::Connect { source } = &error else {
        panic!("{error}")
    };
    assert!(matches!(source, ConnectError::Unreachable { .. }));
    assert!(!format!("{error:?}").contains("secret"));
    assert_eq!(
        probe(&options).await[0].place,
        "postgresql://a@127.0.0.1:1/b"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_probe_finds_first_is_what_is_started() {
    let candidates = probe(&ShadowOptions::default()).await;
    let usable = candidates.iter().find(|it| it.outcome.is_ok());
    let Some(shadow) = start(ShadowSource::Auto).await else {
        assert_eq!(usable, None);
        return;
    };
    let expected = usable.unwrap();
    assert_eq!(shadow.server().kind, expected.kind);
    assert_eq!(shadow.server().place, expected.place);
    shadow.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_may_go_without_the_prelude() {
    on_each(async |shadow| {
        let options = DatabaseOptions {
            prelude: Prelude::None,
            ..DatabaseOptions::default()
        };
        let database = shadow.database(&options).await.unwrap();
        let sql = "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1";
        let rows = database.client().query(sql, &[]).await.unwrap();
        let schemas: Vec<&str> = rows.iter().map(|it| it.get(0)).collect();
        assert_eq!(
            schemas,
            ["driftless_shadow", "information_schema", "public"]
        );
        assert!(database.stand_ins().is_empty());
        database
            .client()
            .batch_execute("create table t (id int)")
            .await
            .unwrap();
        database.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_of_a_shadow_live_side_by_side() {
    on_each(async |shadow| {
        let first = shadow.database(&DatabaseOptions::default()).await.unwrap();
        let second = shadow.database(&DatabaseOptions::default()).await.unwrap();
        first
            .client()
            .batch_execute("create table only_here (id int)")
            .await
            .unwrap();
        assert!(
            second
                .client()
                .batch_execute("select * from only_here")
                .await
                .is_err()
        );
        let expected = match shadow.server().kind {
            ServerKind::Embedded => vec![
                "pgcrypto",
                "uuid-ossp",
                "pg_stat_statements",
                "supabase_vault",
            ],
            ServerKind::Local | ServerKind::Url => vec!["supabase_vault"],
        };
        assert_eq!(first.stand_ins(), expected);
        first.close().await.unwrap();
        second.close().await.unwrap();
    })
    .await;
}
