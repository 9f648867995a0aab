//! How often introspection asks a server.

use driftless_connect::{ConnectOptions, ConnectUrl, connect};
use driftless_introspect::{Options, introspect};
use driftless_testkit::{ServerOptions, TestServer};

/// The statements that a server ran, by its own log.
fn statements(log: &str) -> usize {
    let is_statement = |it: &&str| it.contains("LOG:  statement:") || it.contains("LOG:  execute ");
    log.lines().filter(is_statement).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tables_take_no_more_statements_than_two() {
    let options = ServerOptions {
        settings: &["log_statement=all"],
        ..ServerOptions::default()
    };
    let Some(server) = TestServer::available(&options) else {
        return;
    };
    let url = ConnectUrl::parse(&server.socket_url("postgres", "postgres")).unwrap();
    let session = connect(&url, &ConnectOptions::default()).await.unwrap();
    let mut counts = Vec::new();
    for tables in [2, 1998] {
        // As one statement, so that the log has one line.
        let make = format!(
            "DO $$ BEGIN FOR i IN 1..{tables} LOOP EXECUTE format(
                 'CREATE TABLE t_{tables}_%s (id bigint PRIMARY KEY, of bigint REFERENCES t_{tables}_%s, \
                  name text NOT NULL DEFAULT ''x'' CHECK (name <> ''''));
                  CREATE INDEX ON t_{tables}_%s (name)', i, i, i); END LOOP; END $$"
        );
        session.batch_execute(&make).await.unwrap();
        let before = statements(&server.log());
        let found = introspect(&session, &Options::default()).await.unwrap();
        counts.push((
            found.catalog.tables.len(),
            statements(&server.log()) - before,
        ));
    }
    let [(2, few), (2000, many)] = counts[..] else {
        panic!("{counts:?}");
    };
    assert_eq!(few, many);
    assert!((1..100).contains(&few), "{few} statements");
}
