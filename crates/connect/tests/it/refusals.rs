//! Servers that say no, each with a variant of its own.

use driftless_connect::ConnectError;

use crate::{open, refusal};
use driftless_testkit::{ServerOptions, TestServer};

#[tokio::test]
async fn every_refusal_is_told_apart() {
    let Some(cluster) = TestServer::available(&ServerOptions {
        access: &[
            "local all all trust",
            "host all unwelcome all reject",
            "host all app all md5",
            "host all all all trust",
        ],
        settings: &["password_encryption='md5'"],
        ..ServerOptions::default()
    }) else {
        return;
    };
    let admin = open(&cluster.socket_url("postgres", "postgres"))
        .await
        .unwrap();
    let sql = "CREATE ROLE app LOGIN PASSWORD 'secret'; CREATE ROLE crowd LOGIN CONNECTION LIMIT 0;
               CREATE ROLE unwelcome LOGIN; CREATE ROLE reader LOGIN; ALTER ROLE reader SET default_transaction_read_only = on;";
    admin.batch_execute(sql).await.unwrap();
    let url = |login: &str, rest: &str| {
        format!("postgresql://{login}@127.0.0.1:{}/{rest}", cluster.port())
    };

    type Is = fn(&ConnectError) -> bool;
    let cases: &[(&str, &str, Is)] = &[
        (
            "app:secret",
            "nowhere",
            |it| matches!(it, ConnectError::NoSuchDatabase { database, .. } if database == "nowhere"),
        ),
        (
            "nobody_known",
            "postgres",
            |it| matches!(it, ConnectError::NoSuchRole { user, .. } if user == "nobody_known"),
        ),
        ("app:secret2", "postgres", |it| {
            matches!(it, ConnectError::PasswordRejected { .. })
        }),
        ("app", "postgres", |it| {
            matches!(it, ConnectError::PasswordMissing { .. })
        }),
        ("unwelcome", "postgres", |it| {
            matches!(it, ConnectError::NotAllowed { .. })
        }),
        ("crowd", "postgres", |it| {
            matches!(it, ConnectError::TooManyConnections { .. })
        }),
        ("app:secret", "postgres?sslmode=require", |it| {
            matches!(it, ConnectError::TlsUnsupported { .. })
        }),
        ("app:secret", "postgres?channel_binding=require", |it| {
            matches!(it, ConnectError::Authentication { .. })
        }),
        (
            "app:secret",
            "postgres?target_session_attrs=standby",
            |it| {
                matches!(
                    it,
                    ConnectError::NoSuchSession {
                        wanted: "standby",
                        ..
                    }
                )
            },
        ),
        ("reader", "postgres?target_session_attrs=read-write", |it| {
            matches!(it, ConnectError::NoSuchSession { .. })
        }),
        ("app:secret", "postgres?options=-c%20nonsense%3D1", |it| {
            matches!(it, ConnectError::Refused { .. })
        }),
    ];
    for (login, rest, is) in cases {
        let error = refusal(&url(login, rest)).await;
        assert!(is(&error), "{login} {rest}: {error:?}");
    }
    for (login, rest) in [
        ("app:secret", "postgres"),
        ("app:secret", "postgres?sslmode=allow"),
        ("reader", "postgres?target_session_attrs=read-only"),
        ("app:secret", "postgres?target_session_attrs=prefer-standby"),
    ] {
        open(&url(login, rest)).await.unwrap();
    }
}

#[tokio::test]
async fn a_host_that_is_not_there_is_told_from_a_name_that_is_not() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    for (url, expected) in [
        (
            format!("postgresql://a@127.0.0.1:{closed}/b"),
            "cannot reach 127.0.0.1",
        ),
        (
            "postgresql://a@nowhere.invalid/b".to_owned(),
            "host `nowhere.invalid` was not found",
        ),
        (
            "host=/nonexistent user=a".to_owned(),
            "cannot reach /nonexistent/.s.PGSQL.5432",
        ),
        (
            format!("postgresql://a@nowhere.invalid,127.0.0.1:{closed}/b"),
            "cannot reach 127.0.0.1",
        ),
    ] {
        let error = refusal(&url).await;
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
