//! Sessions that work, and sessions that end.

use std::time::Duration;

use driftless_connect::{ConnectOptions, ConnectUrl, Environment, Host, connect};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use crate::open;
use driftless_testkit::{ServerOptions, TestServer};

#[tokio::test]
async fn settings_and_names_reach_the_server() {
    let Some(cluster) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let url =
        cluster.socket_url("postgres", "postgres") + "&options=-c%20work_mem%3D5MB&schema=app";
    let url = ConnectUrl::parse_in(&url, &Environment::empty()).unwrap();
    assert_eq!(url.schema(), Some("app"));
    let options = ConnectOptions {
        settings: [(
            "search_path".to_owned(),
            "\"$user\", public, a\\b".to_owned(),
        )]
        .into(),
        keep_notices: true,
        ..ConnectOptions::default()
    };
    let connection = connect(&url, &options).await.unwrap();
    for (setting, expected) in [
        ("search_path", "\"$user\", public, a\\b"),
        ("work_mem", "5MB"),
        ("application_name", "driftless"),
    ] {
        let row = connection
            .query_one("SELECT current_setting($1)", &[&setting])
            .await
            .unwrap();
        assert_eq!(row.get::<_, &str>(0), expected);
    }
    assert!(connection.server_version().major() >= 13);
    connection
        .batch_execute("DO $$ BEGIN RAISE WARNING 'careful'; END $$")
        .await
        .unwrap();
    let heard: Vec<String> = connection
        .take_notices()
        .iter()
        .map(|it| it.message().to_owned())
        .collect();
    assert_eq!(heard, ["careful"]);
    assert!(connection.lost().is_none());
    connection.close().await;
}

#[tokio::test]
async fn the_first_host_that_answers_is_taken() {
    let Some(cluster) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!(
        "postgresql://postgres@127.0.0.1:{closed},localhost:{}/postgres",
        cluster.port()
    );
    let connection = open(&url).await.unwrap();
    assert!(matches!(connection.host(), Host::Tcp { name, .. } if name == "localhost"));
    let url = format!(
        "host=db.example.com hostaddr=127.0.0.1 port={} user=postgres dbname=postgres",
        cluster.port()
    );
    open(&url).await.unwrap();
}

#[tokio::test]
async fn a_session_that_the_server_ends_says_why() {
    let Some(cluster) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let url = cluster.socket_url("postgres", "postgres");
    let (connection, other) = (open(&url).await.unwrap(), open(&url).await.unwrap());
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE application_name = 'driftless' AND pid <> pg_backend_pid()";
    other.query(sql, &[]).await.unwrap();
    let lost = lost(&connection).await;
    assert!(
        lost.contains("terminating connection due to administrator command"),
        "{lost}"
    );
}

#[tokio::test]
async fn a_session_that_is_cut_in_a_query_is_lost() {
    let Some(cluster) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    // A cable that is cut as soon as half a second has gone.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, behind) = (listener.local_addr().unwrap().port(), cluster.port());
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut server = TcpStream::connect(("127.0.0.1", behind)).await.unwrap();
        let _ = tokio::time::timeout(
            Duration::from_millis(500),
            copy_bidirectional(&mut client, &mut server),
        )
        .await;
    });
    let connection = open(&format!(
        "postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
    ))
    .await
    .unwrap();
    let error = connection
        .query("SELECT pg_sleep(60)", &[])
        .await
        .unwrap_err();
    assert!(error.is_closed() || error.as_db_error().is_none());
    let lost = lost(&connection).await;
    assert!(lost.starts_with("the connection to 127.0.0.1:"), "{lost}");
}

/// Why the session is gone; the background task may hear of it a moment later than the query.
async fn lost(connection: &driftless_connect::Connection) -> String {
    for _ in 0..200 {
        if let Some(error) = connection.lost() {
            assert!(!error.help().is_empty());
            return error.to_string();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the session is still there")
}
