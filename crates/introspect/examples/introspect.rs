//! Prints a database as a catalog snapshot: `cargo run --example introspect -- postgres://…`

use driftless_catalog::Snapshot;
use driftless_introspect::{Options, introspect};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("usage: introspect URL")?;
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    let found = introspect(&client, &Options::default()).await?;
    drop(client);
    connection.await??;
    let snapshot = Snapshot::new(found.catalog, found.server_major);
    let out = std::io::BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer_pretty(out, &snapshot)?;
    Ok(())
}
