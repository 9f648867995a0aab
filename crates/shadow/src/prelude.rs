//! What a fresh database starts with.

use driftless_sql_text::statements;
use tokio_postgres::Client;

use crate::ShadowError;
use crate::database::Ground;
use crate::options::{MIGRATOR, Prelude};
use crate::stub::Stub;

/// The schema of everything that a replay needs in a database. Comparisons leave it out, along with the
/// event triggers whose names start with `driftless_`.
pub const HIDDEN_SCHEMA: &str = "driftless_shadow";

/// The comment on each role that we made, which says that it is ours.
pub(crate) const ROLE_MARK: &str = "made by driftless for its shadow databases";

const ROLES: &str = include_str!("../prelude/roles.sql");
const PUBLIC: &str = include_str!("../prelude/public.sql");
const AUTH: &str = include_str!("../prelude/auth.sql");
const STORAGE: &str = include_str!("../prelude/storage.sql");
const REALTIME: &str = include_str!("../prelude/realtime.sql");
const INSTRUMENTS: &str = include_str!("../prelude/instruments.sql");
const ADMINISTRATOR: &str = include_str!("../prelude/administrator.sql");
const LENT: &str = include_str!("../prelude/lent.sql");
const GUARD: &str = include_str!("../prelude/guard.sql");
const KEEPER: &str = include_str!("../prelude/keeper.sql");

/// What the search path of a session is, by prelude.
pub(crate) fn search_path(prelude: Prelude) -> &'static str {
    match prelude {
        Prelude::None => "\"$user\", public",
        Prelude::Supabase => "\"$user\", public, extensions",
    }
}

/// Makes the roles that are missing. They belong to the whole server.
///
/// With `withheld` none of them may make roles but the keeper, which runs such statements for the migrations.
pub(crate) async fn make_roles(
    client: &Client,
    migrator: &str,
    withheld: bool,
) -> Result<(), ShadowError> {
    let sql = with_migrator(ROLES, migrator)
        .replace("ROLE_MARK", ROLE_MARK)
        .replace("WITHHELD", if withheld { "true" } else { "false" });
    run(client, &sql).await
}

/// What watches over that which belongs to others, on a server that they use too.
fn guard(ground: &Ground) -> String {
    if !ground.shared {
        return String::new();
    }
    // The passwords are for superusers alone to see.
    let (roles, quiet) = match ground.superuser {
        true => ("pg_authid", "false"),
        false => ("pg_roles", "true"),
    };
    let guard = GUARD
        .replace("AUTHID", roles)
        .replace("QUIET_MATTERS", quiet);
    guard + if ground.withheld { KEEPER } else { "" }
}

/// Fills an empty database, as a superuser.
pub(crate) async fn fill(
    client: &Client,
    prelude: Prelude,
    ground: &Ground,
) -> Result<(), ShadowError> {
    let sql = match prelude {
        Prelude::None => [INSTRUMENTS, ADMINISTRATOR, &guard(ground)].concat(),
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
            with_migrator(&parts.concat(), &ground.migrator) + &guard(ground) + &extensions(ground)
        }
    };
    run(client, &sql).await
}

/// Fills an empty database as a role that is no superuser, and leaves out what it may not do.
///
/// The role owns everything then. Returns what was left out, each a sentence.
pub(crate) async fn fill_what_can_be(
    client: &Client,
    prelude: Prelude,
    ground: &Ground,
) -> Result<Vec<String>, ShadowError> {
    let failed = || ShadowError::server("preparing a database");
    let sql = match prelude {
        Prelude::None => [INSTRUMENTS, &guard(ground)].concat(),
        Prelude::Supabase => {
            let extensions = "CREATE EXTENSION pgcrypto SCHEMA extensions;\nCREATE EXTENSION \"uuid-ossp\" SCHEMA extensions;\n";
            let vault = Stub::of("supabase_vault")
                .map(|it| it.create_plainly(None))
                .unwrap_or_default();
            [
                INSTRUMENTS,
                &guard(ground),
                PUBLIC,
                extensions,
                AUTH,
                STORAGE,
                REALTIME,
                &vault,
            ]
            .concat()
        }
    };
    let sql = with_migrator(&sql, &ground.migrator);
    let (mut refused, mut first) = (0_usize, None);
    client.batch_execute("BEGIN").await.map_err(failed())?;
    for statement in statements(&sql) {
        let text = statement.text(&sql);
        let text = match text.split_once(" AUTHORIZATION ") {
            Some((schema, _)) if text.starts_with("CREATE SCHEMA") => schema,
            _ => text,
        };
        client
            .batch_execute("SAVEPOINT part")
            .await
            .map_err(failed())?;
        let end = match client.batch_execute(text).await {
            Ok(()) => "RELEASE SAVEPOINT part",
            Err(error) => {
                let Some(why) = error.as_db_error() else {
                    return Err(failed()(error));
                };
                refused += 1;
                first.get_or_insert_with(|| why.message().to_owned());
                "ROLLBACK TO SAVEPOINT part"
            }
        };
        client.batch_execute(end).await.map_err(failed())?;
    }
    client.batch_execute("COMMIT").await.map_err(failed())?;
    Ok(first
        .map(|first| {
            format!("{refused} statements of the prelude were refused, the first with: {first}")
        })
        .into_iter()
        .collect())
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
        + &with_migrator(
            "GRANT ALL ON ALL ROUTINES IN SCHEMA extensions TO postgres WITH GRANT OPTION;\n\
             GRANT ALL ON ALL TABLES IN SCHEMA extensions TO postgres WITH GRANT OPTION;\n\
             DELETE FROM driftless_shadow.event;\n",
            &ground.migrator,
        )
}

async fn run(client: &Client, sql: &str) -> Result<(), ShadowError> {
    let done = client.batch_execute(sql).await;
    done.map_err(ShadowError::server("preparing a database"))
}

/// A part of the prelude with the name that the role of migrations has. It is our own text, in which the word
/// stands for nothing else.
fn with_migrator(sql: &str, migrator: &str) -> String {
    sql.replace(MIGRATOR, migrator)
}
