//! Encryption and whom to trust.

use driftless_connect::{ConnectError, Environment};

use crate::authority::{Authority, Identity, self_signed};
use crate::{is_encrypted, open, open_in, refusal};
use driftless_testkit::{ServerOptions, TestServer};

/// A server that speaks TLS alone, and knows the user `app` with the password `secret`.
fn server(identity: &Identity, authority: &Authority) -> Option<TestServer> {
    TestServer::available(&ServerOptions {
        access: &[
            "local all postgres trust",
            "hostssl all cert_user all cert",
            "hostssl all app all scram-sha-256",
        ],
        settings: &[
            "ssl=on",
            "ssl_cert_file='server.crt'",
            "ssl_key_file='server.key'",
            "ssl_ca_file='ca.crt'",
            "password_encryption='scram-sha-256'",
        ],
        files: &[
            ("server.crt", identity.certificate.clone()),
            ("server.key", identity.key.clone()),
            ("ca.crt", authority.pem()),
        ],
        ..ServerOptions::default()
    })
}

async fn make_users(cluster: &TestServer) {
    let admin = open(&cluster.socket_url("postgres", "postgres"))
        .await
        .unwrap();
    let sql = "CREATE ROLE app LOGIN PASSWORD 'secret'; CREATE ROLE cert_user LOGIN";
    admin.batch_execute(sql).await.unwrap();
}

fn file(cluster: &TestServer, name: &str, text: &str) -> String {
    let path = cluster.folder().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn sslmode_is_kept_to() {
    let authority = Authority::new();
    let Some(cluster) = server(&authority.identity(&["localhost"]), &authority) else {
        return;
    };
    make_users(&cluster).await;
    let root = file(&cluster, "root.pem", &authority.pem());
    let other_root = file(&cluster, "other.pem", &Authority::new().pem());
    let url = |host: &str, rest: &str| {
        format!(
            "postgresql://app:secret@{host}:{}/postgres?{rest}",
            cluster.port()
        )
    };

    for rest in [
        "",
        "sslmode=allow",
        "sslmode=prefer",
        "sslmode=require",
        "sslmode=require&channel_binding=require",
        "channel_binding=disable",
        &format!("sslmode=verify-ca&sslrootcert={root}"),
        &format!("sslmode=verify-full&sslrootcert={root}&channel_binding=require"),
        &format!("sslmode=verify-full&sslrootcert={root}&ssl_min_protocol_version=TLSv1.3"),
        &format!("sslmode=require&sslaccept=strict&sslcert={root}&schema=public&pgbouncer=true"),
    ] {
        let connection = open(&url("localhost", rest))
            .await
            .unwrap_or_else(|error| panic!("{rest}: {error}"));
        assert!(is_encrypted(&connection).await, "{rest}");
        connection.close().await;
    }
    // The name is another one, and only verify-full minds.
    open(&url(
        "127.0.0.1",
        &format!("sslmode=verify-ca&sslrootcert={root}"),
    ))
    .await
    .unwrap();
    let error = refusal(&url(
        "127.0.0.1",
        &format!("sslmode=verify-full&sslrootcert={root}"),
    ))
    .await;
    assert!(
        matches!(error, ConnectError::CertificateWrongName { .. }),
        "{error}"
    );

    let error = refusal(&url("localhost", "sslmode=disable")).await;
    assert!(matches!(error, ConnectError::TlsRequired { .. }), "{error}");
    for rest in [
        "sslmode=verify-full".to_owned(),
        format!("sslmode=require&sslrootcert={other_root}"),
    ] {
        let error = refusal(&url("localhost", &rest)).await;
        let refused = matches!(
            error,
            ConnectError::CertificateNotTrusted { .. } | ConnectError::NoRoots
        );
        assert!(refused, "{rest}: {error}");
    }
    let error = refusal(&url(
        "localhost",
        "sslmode=verify-full&sslrootcert=/nonexistent",
    ))
    .await;
    assert!(
        matches!(error, ConnectError::CertificateFile { .. }),
        "{error}"
    );

    let error = refusal(&url("localhost", "sslmode=require").replace("secret", "secret2")).await;
    assert!(
        matches!(error, ConnectError::PasswordRejected { .. }),
        "{error}"
    );
    let error = refusal(&url("localhost", "sslmode=require").replace(":secret", "")).await;
    assert!(
        matches!(error, ConnectError::PasswordMissing { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_password_comes_from_the_environment_or_the_password_file() {
    use std::os::unix::fs::PermissionsExt;
    let authority = Authority::new();
    let Some(cluster) = server(&authority.identity(&["localhost"]), &authority) else {
        return;
    };
    make_users(&cluster).await;
    let url = format!("postgresql://app@localhost:{}/postgres", cluster.port());
    let variable = Environment::empty().with("PGPASSWORD", "secret");
    open_in(&url, &variable).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(".pgpass");
    std::fs::write(
        &path,
        format!("localhost:{}:*:app:secret\n", cluster.port()),
    )
    .unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    open_in(&url, &Environment::empty().with_home(home.path()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_client_certificate_is_shown() {
    let authority = Authority::new();
    let Some(cluster) = server(&authority.identity(&["localhost"]), &authority) else {
        return;
    };
    make_users(&cluster).await;
    let user = authority.user("cert_user");
    let (certificate, key) = (
        file(&cluster, "user.crt", &user.certificate),
        file(&cluster, "user.key", &user.key),
    );
    let url = format!(
        "postgresql://cert_user@localhost:{}/postgres?sslmode=require",
        cluster.port()
    );
    open(&format!("{url}&sslcert={certificate}&sslkey={key}"))
        .await
        .unwrap();
    let error = refusal(&url).await;
    assert!(matches!(error, ConnectError::NotAllowed { .. }), "{error}");
}

#[tokio::test]
async fn a_certificate_is_judged_by_its_dates_and_its_signature() {
    let authority = Authority::new();
    let alone = self_signed(&["localhost"]);
    let elsewhere = self_signed(&["db.example.com"]);
    let expired = authority.expired(&["localhost"]);
    for (identity, root, mode, expected) in [
        (&alone, &alone.certificate, "verify-full", None),
        (&elsewhere, &elsewhere.certificate, "verify-ca", None),
        (
            &elsewhere,
            &elsewhere.certificate,
            "verify-full",
            Some("for another host"),
        ),
        (
            &alone,
            &elsewhere.certificate,
            "verify-ca",
            Some("no trusted authority signed it"),
        ),
        (
            &expired,
            &authority.pem(),
            "verify-ca",
            Some("it has expired"),
        ),
    ] {
        let Some(cluster) = server(identity, &authority) else {
            return;
        };
        make_users(&cluster).await;
        let root = file(&cluster, "root.pem", root);
        let url = format!(
            "postgresql://app:secret@localhost:{}/postgres?sslmode={mode}&sslrootcert={root}",
            cluster.port()
        );
        match expected {
            None => assert!(is_encrypted(&open(&url).await.unwrap()).await),
            Some(words) => {
                let error = refusal(&url).await.to_string();
                assert!(error.contains(words), "{error}");
            }
        }
    }
}
