//! The servers that tests run on.

use std::path::PathBuf;

use driftless_shadow::{
    DatabaseOptions, Shadow, ShadowDatabase, ShadowError, ShadowOptions, ShadowSource,
};

/// What every test runs on: the local server, and those that the environment names.
fn sources() -> Vec<ShadowSource> {
    let named = std::env::var("DRIFTLESS_TEST_PG_BINDIRS").unwrap_or_default();
    let named = named
        .split(':')
        .filter(|it| !it.is_empty())
        .map(|it| Some(PathBuf::from(it)));
    std::iter::once(None)
        .chain(named)
        .map(|bin_dir| ShadowSource::Local { bin_dir })
        .chain(cfg!(feature = "embedded").then_some(ShadowSource::Embedded))
        .collect()
}

/// Starts `source`, or says that the test is skipped.
pub(crate) async fn start(source: ShadowSource) -> Option<Shadow> {
    match Shadow::start(&ShadowOptions { source }).await {
        Ok(shadow) => Some(shadow),
        Err(ShadowError::Unusable { reason, .. }) => {
            let required = std::env::var("DRIFTLESS_REQUIRE_POSTGRES").is_ok_and(|it| it == "1");
            assert!(!required, "no server: {reason}");
            println!("skipped: {reason}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// Runs `test` with a shadow of each kind and version there is.
pub(crate) async fn on_each(test: impl AsyncFn(&mut Shadow)) {
    for source in sources() {
        if let Some(mut shadow) = start(source).await {
            println!("on {}", shadow.server());
            test(&mut shadow).await;
            shadow.stop().await.unwrap();
        }
    }
}

/// The same with a fresh database that has the Supabase prelude.
pub(crate) async fn on_each_database(test: impl AsyncFn(&mut ShadowDatabase)) {
    on_each(async |shadow| {
        let mut database = shadow.database(&DatabaseOptions::default()).await.unwrap();
        test(&mut database).await;
        database.close().await.unwrap();
    })
    .await;
}
