//! What a fresh database starts with.

use tokio_postgres::Client;

use crate::ShadowError;
use crate::options::{MIGRATOR, Prelude};

/// The schema of everything that a replay needs in a database. Comparisons leave it out, along with the
/// event triggers whose names start with `driftless_`.
pub const HIDDEN_SCHEMA: &str = "driftless_shadow";

const ROLES: &str = include_str!("../prelude/roles.sql");
const PUBLIC: &str = include_str!("../prelude/public.sql");
const AUTH: &str = include_str!("../prelude/auth.sql");
const STORAGE: &str = include_str!("../prelude/storage.sql");
const REALTIME: &str = include_str!("../prelude/realtime.sql");
const INSTRUMENTS: &str = include_str!("../prelude/instruments.sql");
const ADMINISTRATOR: &str = include_str!("../prelude/administrator.sql");
const LENT: &str = include_str!("../prelude/lent.sql");

/// What the search path of a session is, by prelude.
pub(crate) fn search_path(prelude: Prelude) -> &'static str {
    match prelude {
        Prelude::None => "\"$user\", public",
        Prelude::Supabase => "\"$user\", public, extensions",
    }
}

/// Makes the roles that are missing. They belong to the whole server.
pub(crate) async fn make_roles(client: &Client, migrator: &str) -> Result<(), ShadowError> {
    run(client, migrator, &[ROLES]).await
}

/// Fills an empty database, as a superuser.
pub(crate) async fn fill(
    client: &Client,
    prelude: Prelude,
    migrator: &str,
) -> Result<(), ShadowError> {
    match prelude {
        Prelude::None => run(client, migrator, &[INSTRUMENTS, ADMINISTRATOR]).await,
        Prelude::Supabase => {
            let parts = [
                PUBLIC,
                AUTH,
                STORAGE,
                REALTIME,
                INSTRUMENTS,
                ADMINISTRATOR,
                LENT,
            ];
            run(client, migrator, &parts).await
        }
    }
}

async fn run(client: &Client, migrator: &str, parts: &[&str]) -> Result<(), ShadowError> {
    let sql = parts.concat();
    let sql = match migrator {
        MIGRATOR => sql,
        other => with_migrator(&sql, other),
    };
    let done = client.batch_execute(&sql).await;
    done.map_err(ShadowError::server("preparing a database"))
}

/// The prelude with another role in the place of `postgres`. It is our own text, in which the word stands
/// for nothing else.
fn with_migrator(sql: &str, migrator: &str) -> String {
    sql.replace(MIGRATOR, migrator)
}
