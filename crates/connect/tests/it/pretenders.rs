//! Listeners that are no server, or not much of one.

use std::time::{Duration, Instant};

use driftless_connect::{ConnectError, ConnectOptions, ConnectUrl, Environment, connect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Listens, lets `behave` deal with each connection, and returns a URL that leads there.
async fn listen<B, F>(behave: B) -> String
where
    B: Fn(TcpStream) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(behave(stream));
        }
    });
    format!("postgresql://app:secret@127.0.0.1:{port}/shop")
}

async fn refusal(url: &str) -> ConnectError {
    let url = ConnectUrl::parse_in(url, &Environment::empty()).unwrap();
    let options = ConnectOptions {
        timeout: Duration::from_millis(300),
        ..ConnectOptions::default()
    };
    let begun = Instant::now();
    let error = connect(&url, &options).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(!format!("{error} {error:?}").contains("secret"));
    error
}

#[tokio::test]
async fn who_accepts_and_says_nothing_is_not_waited_for() {
    let url = listen(async |stream| {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    for rest in ["?sslmode=disable", "?sslmode=require", ""] {
        let error = refusal(&(url.clone() + rest)).await;
        assert!(matches!(error, ConnectError::TimedOut { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn who_hangs_up_in_the_handshake_is_said_to() {
    let url = listen(async |mut stream| {
        let mut some = [0; 8];
        let _ = stream.read_exact(&mut some).await;
    })
    .await;
    for rest in ["?sslmode=disable", "?sslmode=require", ""] {
        let error = refusal(&(url.clone() + rest)).await;
        assert!(matches!(error, ConnectError::HungUp { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn who_speaks_another_language_is_no_server() {
    let url = listen(async |mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = stream.read(&mut [0; 64]).await;
    })
    .await;
    let error = refusal(&(url.clone() + "?sslmode=disable")).await;
    assert!(matches!(error, ConnectError::HungUp { .. }), "{error:?}");
    let error = refusal(&(url + "?sslmode=require")).await;
    let refused = matches!(
        error,
        ConnectError::TlsUnsupported { .. } | ConnectError::TlsFailed { .. }
    );
    assert!(refused, "{error:?}");
}

/// Says yes to everybody, and that it is `version`.
async fn greet(mut stream: TcpStream, version: &str) {
    let length = stream.read_u32().await.unwrap_or(4) as usize;
    let mut startup = vec![0; length.saturating_sub(4)];
    let _ = stream.read_exact(&mut startup).await;
    let mut answer = b"R\0\0\0\x08\0\0\0\0".to_vec();
    let parameter = [b"server_version\0", version.as_bytes(), b"\0"].concat();
    answer.push(b'S');
    answer.extend((parameter.len() as u32 + 4).to_be_bytes());
    answer.extend(parameter);
    answer.extend(b"Z\0\0\0\x05I");
    let _ = stream.write_all(&answer).await;
    let _ = stream.read(&mut [0; 64]).await;
}

#[tokio::test]
async fn a_server_before_13_is_too_old_and_one_after_18_is_not() {
    let url = listen(|stream| greet(stream, "12.22 (Debian 12.22-1)")).await + "?sslmode=disable";
    let error = refusal(&url).await;
    assert!(
        error
            .to_string()
            .ends_with("runs PostgreSQL 12.22; 13 is the oldest that is supported"),
        "{error}"
    );
    let url = listen(|stream| greet(stream, "21.0")).await + "?sslmode=disable";
    let url = ConnectUrl::parse_in(&url, &Environment::empty()).unwrap();
    let connection = connect(&url, &ConnectOptions::default()).await.unwrap();
    assert!(connection.server_version().is_newer_than_known());
}
