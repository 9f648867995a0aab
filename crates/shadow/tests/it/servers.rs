//! The servers that tests run on.

use driftless_connect::ConnectUrl;
use driftless_shadow::{
    DatabaseOptions, Shadow, ShadowDatabase, ShadowError, ShadowOptions, ShadowSource,
};

use driftless_testkit::{ServerOptions, TestServer, server_programs};

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

/// A shadow on a server that runs already, by its URL.
pub(crate) async fn remote(url: &str) -> Shadow {
    let url = ConnectUrl::parse(url).unwrap();
    let source = ShadowSource::Url(Box::new(url));
    Shadow::start(&ShadowOptions { source }).await.unwrap()
}

/// Runs `test` with a shadow of each kind and version there is: local, by URL, and embedded.
pub(crate) async fn on_each(test: impl AsyncFn(&mut Shadow)) {
    let run = async |mut shadow: Shadow| {
        println!("on {}", shadow.server());
        test(&mut shadow).await;
        shadow.stop().await.unwrap();
    };
    for bin_dir in server_programs() {
        let wanted = ServerOptions {
            programs: Some(&bin_dir),
            ..ServerOptions::default()
        };
        if let Some(cluster) = TestServer::available(&wanted) {
            run(remote(&cluster.socket_url("postgres", "postgres")).await).await;
        }
        if let Some(shadow) = start(ShadowSource::Local {
            bin_dir: Some(bin_dir),
        })
        .await
        {
            run(shadow).await;
        }
    }
    if cfg!(feature = "embedded")
        && let Some(shadow) = start(ShadowSource::Embedded).await
    {
        run(shadow).await;
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
