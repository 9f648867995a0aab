//! What a fresh database starts with.

use tokio_postgres::Client;

use crate::ShadowError;
use crate::database::Ground;
use crate::options::{MIGRATOR, Prelude};
use crate::stub::Stub;

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
    run(client, migrator, ROLES).await
}

/// Fills an empty database, as a superuser.
pub(crate) async fn fill(
    client: &Client,
    prelude: Prelude,
    ground: &Ground,
) -> Result<(), ShadowError> {
    let sql = match prelude {
        Prelude::None => [INSTRUMENTS, ADMINISTRATOR].concat(),
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
            [parts.concat(), extensions(ground)].concat()
        }
    };
    run(client, &ground.migrator, &sql).await
}

/// The extensions that a project starts with.
const EXTENSIONS: [&str; 4] = [
    "pgcrypto",
    "uuid-ossp",
    "pg_stat_statements",
    "supabase_vault",
];

/// The stand-in that takes the place of an extension on such a server, if one does.
fn stub_for(name: &str, ground: &Ground) -> Option<&'static Stub> {
    Stub::of(name).filter(|it| it.always() || !ground.extensions.contains(name))
}

/// The extensions of the prelude that are stood in for on such a server.
pub(crate) fn stand_ins(prelude: Prelude, ground: &Ground) -> Vec<&'static str> {
    match prelude {
        Prelude::None => Vec::new(),
        Prelude::Supabase => EXTENSIONS
            .into_iter()
            .filter(|it| stub_for(it, ground).is_some())
            .collect(),
    }
}

/// SQL for the extensions that a project starts with, or their stand-ins.
fn extensions(ground: &Ground) -> String {
    let create = |name: &str| match stub_for(name, ground) {
        Some(stub) => format!(
            "{};\n",
            stub.create(Some("extensions"), true, &ground.migrator)
        ),
        None => format!("CREATE EXTENSION \"{name}\" SCHEMA extensions;\n"),
    };
    EXTENSIONS.map(create).concat()
        + "GRANT ALL ON ALL ROUTINES IN SCHEMA extensions TO postgres WITH GRANT OPTION;\n\
           GRANT ALL ON ALL TABLES IN SCHEMA extensions TO postgres WITH GRANT OPTION;\n\
           DELETE FROM driftless_shadow.event;\n"
}

async fn run(client: &Client, migrator: &str, sql: &str) -> Result<(), ShadowError> {
    // The prelude is our own text, in which the word stands for nothing but the role.
    let done = client.batch_execute(&sql.replace(MIGRATOR, migrator)).await;
    done.map_err(ShadowError::server("preparing a database"))
}
