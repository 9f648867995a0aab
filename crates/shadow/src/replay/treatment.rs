//! What has to be done to a statement so that it does here what it would do on the platform.
//!
//! On Supabase, migrations run as a `postgres` that is no superuser, and a module of the server lets a
//! known set of its statements pass all the same. Here the instruments of the database do that (see
//! `prelude/administrator.sql`); this is where such statements are recognised.

mod extension;
mod keeper;
mod role;
mod setting;

use std::ops::Range;

use driftless_sql_text::{TokenKind, ident_value, quote_ident, quote_literal, tokens};

use super::rewrite::Rewritten;
use crate::database::Ground;
use crate::extension::mentions;
use crate::stub::Stub;

/// How to run a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Plan {
    pub(super) sql: Sql,
    /// Whether the platform's own tables are lent to `postgres` meanwhile.
    pub(super) lend: bool,
    /// What to send behind it.
    pub(super) after: Option<String>,
    /// Whether it changes roles, as far as its text tells.
    pub(super) roles: bool,
    /// The stand-ins that this takes.
    pub(super) stubs: Vec<&'static Stub>,
}

/// What to send for a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Sql {
    /// The statement as it stands.
    #[default]
    Original,
    /// The statement with some words exchanged.
    Rewritten(Rewritten),
    /// Another statement, which runs the original, or does what it would do.
    Instead(String),
    /// Nothing; why, for people.
    PassOver(&'static str),
}

/// Ranges of a statement and what is to stand there instead.
type Parts = Vec<(Range<usize>, String)>;

/// The plan for the statement `text` whose leading words are `words`.
pub(super) fn plan(text: &str, words: &[String], ground: &Ground) -> Plan {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut stubs = Vec::new();
    let mut roles = keeper::is_about_roles(text);
    let sql = match words[..] {
        ["create", "subscription", ..] | ["alter" | "drop", "subscription", ..] => {
            Sql::PassOver("a throwaway server does not connect to others")
        }
        ["create" | "drop", "database", ..] => {
            Sql::PassOver("a throwaway server has databases of its own")
        }
        ["alter", "system", ..] | ["create" | "alter" | "drop", "tablespace", ..] => {
            Sql::PassOver("it is about a server, and this one is thrown away")
        }
        ["alter" | "drop", "role" | "user" | "group", ..]
        | ["comment", "on", "role", ..]
        | ["grant" | "revoke", ..]
            if roles && role::changes_foreign_role(text, ground) =>
        {
            Sql::PassOver("it would change a role of the shadow server that is not ours")
        }
        ["alter", "database", ..] if role::is_about_foreign_database(text, 2, ground) => {
            Sql::PassOver(OTHER_DATABASE)
        }
        ["comment", "on", "database", ..] if role::is_about_foreign_database(text, 3, ground) => {
            Sql::PassOver(OTHER_DATABASE)
        }
        ["copy", ..] if goes_to_client(text) => {
            Sql::PassOver("its rows go to a client, and there is none")
        }
        ["create", "extension", ..] => extension::create_extension(text, ground, &mut stubs),
        ["do", ..] => {
            let block = do_block(text, ground, &mut stubs);
            roles = block.1;
            block.0
        }
        ["set", "session", "authorization", "default", ..]
        | ["reset", "session", "authorization", ..] => Sql::Instead(ground.become_migrator()),
        ["discard", "all", ..] => Sql::Instead("DISCARD TEMP".to_owned()),
        _ if ground.superuser => on_behalf(text, &words, ground),
        _ => Sql::Original,
    };
    let mut after = None;
    let sql = match sql {
        Sql::Original => {
            let mut parts = role::exchanges(text, &words, ground);
            if ground.superuser {
                let (relief, follows) = extension::relieve(text, &words, ground);
                parts.extend(relief);
                after = follows;
            }
            rewritten(text, parts)
        }
        Sql::Rewritten(_) | Sql::Instead(_) | Sql::PassOver(_) => sql,
    };
    Plan {
        sql,
        lend: ground.superuser && borrows(text, &words),
        after,
        roles,
        stubs,
    }
}

const OTHER_DATABASE: &str = "it is about a database of the shadow server that is not ours";

/// Statements that the platform runs on behalf of `postgres`.
fn on_behalf(text: &str, words: &[&str], ground: &Ground) -> Sql {
    match words {
        ["alter", "extension", ..]
            if extension::is_stood_in(text, ground) && mentions(text, "update") =>
        {
            Sql::Instead("SELECT".to_owned())
        }
        ["alter" | "drop", "extension", ..] | ["comment", "on", "extension", ..] => {
            as_administrator(text)
        }
        ["create", "event", "trigger", ..] => for_migrator(text, "event trigger", 3, ground),
        ["create", "foreign", "data", "wrapper", ..] => {
            for_migrator(text, "foreign data wrapper", 4, ground)
        }
        ["create", "publication", ..] if is_wide(text) => {
            for_migrator(text, "publication", 2, ground)
        }
        ["alter", "publication", ..] if is_wide(text) => as_administrator(text),
        ["create" | "alter", "role" | "user", ..]
            if ground.version < 16 && grants_attributes(text) =>
        {
            match ground.withheld {
                true => as_administrator(&keeper::for_keeper(text, ground)),
                false => as_administrator(text),
            }
        }
        ["alter", "role" | "user" | "database", ..] if setting::sets_privileged(text) => {
            as_administrator(&exchanged(text, role::exchanges(text, words, ground)))
        }
        [
            "create" | "alter" | "drop" | "comment" | "grant" | "revoke",
            ..,
        ] if ground.withheld && keeper::is_about_roles(text) => keeper::by_keeper(text, ground),
        ["set" | "reset", ..] => setting::setting(text),
        _ => Sql::Original,
    }
}

/// Whether a `COPY` writes rows.
fn goes_to_client(text: &str) -> bool {
    let words: Vec<_> = tokens(text)
        .filter(|it| it.kind == TokenKind::Word)
        .collect();
    words
        .windows(2)
        .any(|it| it[0].is_word(text, "to") && it[1].is_word(text, "stdout"))
}

/// Whether a statement may manage policies or triggers of the platform's tables.
fn borrows(text: &str, words: &[&str]) -> bool {
    match words {
        ["create" | "alter" | "drop", "policy", ..] | ["drop", "trigger", ..] => {
            mentions_platform(text)
        }
        ["comment", "on", "policy" | "trigger", ..] => mentions_platform(text),
        ["do", ..] => {
            mentions_platform(text) && (mentions(text, "policy") || mentions(text, "trigger"))
        }
        _ => false,
    }
}

/// A `DO` block may create extensions and name roles. Also says whether it changes roles, as far as its text
/// tells.
fn do_block(text: &str, ground: &Ground, stubs: &mut Vec<&'static Stub>) -> (Sql, bool) {
    let Some(body) = tokens(text).find(|it| it.kind == TokenKind::DollarString) else {
        return (Sql::Original, false);
    };
    let quoted = body.text(text);
    let tag = quoted[1..]
        .find('$')
        .map_or(quoted, |end| &quoted[..end + 2]);
    let start = body.start + tag.len();
    let inside = &text[start..body.end - tag.len()];
    let about_roles = keeper::inside(inside);
    let mut parts = match ground.withheld {
        true => keeper::calls(&about_roles, start, tag, ground),
        false => Parts::new(),
    };
    let mut others = role::roles_in(inside, start, ground);
    if mentions(inside, "extension") {
        others.extend(extension::creations_in(inside, start, tag, ground, stubs));
    }
    others.retain(|(it, _)| {
        let apart =
            |(other, _): &(Range<usize>, String)| it.end <= other.start || other.end <= it.start;
        parts.iter().all(apart)
    });
    parts.extend(others);
    let roles = keeper::are_all(&about_roles, inside, ground);
    (rewritten(text, parts), roles)
}

fn rewritten(text: &str, mut parts: Parts) -> Sql {
    parts.sort_by_key(|(range, _)| range.start);
    match parts.is_empty() {
        true => Sql::Original,
        false => Sql::Rewritten(Rewritten::new(text, &parts)),
    }
}

/// The text with its parts exchanged.
fn exchanged(text: &str, parts: Parts) -> String {
    match rewritten(text, parts) {
        Sql::Rewritten(new) => new.text,
        Sql::Original | Sql::Instead(_) | Sql::PassOver(_) => text.to_owned(),
    }
}

fn as_administrator(text: &str) -> Sql {
    Sql::Instead(run(text))
}

fn run(sql: &str) -> String {
    format!("SELECT driftless_shadow.run({})", quote_literal(sql))
}

/// Runs the statement as the administrator and gives the object, whose name is the token at `index`, to
/// the role of migrations.
fn for_migrator(text: &str, kind: &str, index: usize, ground: &Ground) -> Sql {
    let Some(name) = name_at(text, index) else {
        return Sql::Original;
    };
    Sql::Instead(format!(
        "SELECT driftless_shadow.run_for({}, '{kind}', {}, {})",
        quote_literal(text),
        quote_literal(&name),
        quote_literal(&quote_ident(&ground.migrator)),
    ))
}

/// The name at a place among the tokens; `IF EXISTS` is passed over.
fn name_at(text: &str, index: usize) -> Option<String> {
    let mut tokens = tokens(text)
        .filter(|it| it.kind != TokenKind::Comment)
        .skip(index)
        .skip_while(|it| {
            it.is_word(text, "if") || it.is_word(text, "not") || it.is_word(text, "exists")
        });
    let token = tokens.next()?;
    matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent)
        .then(|| ident_value(token.text(text)).into_owned())
}

/// Whether a publication covers tables that it does not name.
fn is_wide(text: &str) -> bool {
    mentions(text, "all tables") || mentions(text, "in schema")
}

/// Whether attributes are given that before PostgreSQL 16 only a superuser could give.
fn grants_attributes(text: &str) -> bool {
    let word = |wanted: &str| tokens(text).any(|it| it.is_word(text, wanted));
    let given = ["bypassrls", "nobypassrls", "replication", "noreplication"];
    given.iter().any(|it| word(it)) && !word("superuser")
}

fn mentions_platform(text: &str) -> bool {
    ["auth", "storage", "realtime"]
        .iter()
        .any(|it| mentions(text, it))
}

#[cfg(test)]
mod tests {
    use driftless_sql_text::statements;

    use super::*;

    fn ground() -> Ground {
        Ground {
            migrator: "postgres".to_owned(),
            administrator: "supabase_admin".to_owned(),
            database: "shadow_1".to_owned(),
            version: 15,
            superuser: true,
            extensions: ["citext", "pg_cron"].map(str::to_owned).into(),
            foreign_roles: ["anon", "somebody"].map(str::to_owned).into(),
            shared: true,
            withheld: false,
        }
    }

    fn planned(sql: &str, ground: &Ground) -> Plan {
        let statement = statements(sql).remove(0);
        plan(statement.text(sql), &statement.words, ground)
    }

    fn treated(sql: &str) -> Sql {
        planned(sql, &ground()).sql
    }

    #[test]
    fn what_the_platform_lets_pass_is_run_as_the_administrator() {
        for (sql, expected) in [
            (
                "create extension citext version '1.4' with schema extensions",
                "SELECT driftless_shadow.run('create extension citext  with schema extensions')",
            ),
            (
                "drop extension if exists citext",
                "SELECT driftless_shadow.run('drop extension if exists citext')",
            ),
            (
                "create event trigger e on ddl_command_end execute function f()",
                "SELECT driftless_shadow.run_for('create event trigger e on ddl_command_end execute function f()', \
                 'event trigger', 'e', 'postgres')",
            ),
            (
                "set local session_replication_role = replica",
                "SELECT driftless_shadow.setting('session_replication_role', 'replica', true)",
            ),
            (
                "alter role authenticator set pgrst.db_schemas to 'a'",
                "SELECT driftless_shadow.run('alter role authenticator set pgrst.db_schemas to ''a''')",
            ),
            (
                "reset session authorization",
                "SET SESSION AUTHORIZATION \"postgres\"",
            ),
        ] {
            assert_eq!(treated(sql), Sql::Instead(expected.to_owned()), "{sql}");
        }
    }

    #[test]
    fn an_extension_that_is_missing_is_stood_in_for() {
        for sql in [
            "create extension if not exists vector with schema extensions",
            "create extension pg_cron",
        ] {
            let plan = planned(sql, &ground());
            assert_eq!(plan.stubs.len(), 1, "{sql}");
            let Sql::Instead(sql) = plan.sql else {
                panic!("{sql}")
            };
            assert!(sql.contains("driftless_shadow.stand_in("), "{sql}");
        }
        assert_eq!(treated("create extension nobody_has_it"), Sql::Original);
    }

    #[test]
    fn an_extension_inside_a_block_is_made_there() {
        let plan = planned(
            "do $x$ begin create extension if not exists citext; end $x$",
            &ground(),
        );
        let Sql::Rewritten(new) = plan.sql else {
            panic!("{plan:?}")
        };
        assert_eq!(
            new.text,
            "do $x$ begin PERFORM driftless_shadow.run('create extension if not exists citext'); end $x$"
        );
    }

    #[test]
    fn tables_of_the_platform_are_lent_for_their_policies() {
        for sql in [
            "create policy p on storage.objects using (true)",
            "drop trigger if exists t on auth.users",
            "do $$ begin create policy p on storage.objects using (true); end $$",
        ] {
            assert!(planned(sql, &ground()).lend, "{sql}");
        }
        for sql in [
            "create policy p on docs using (true)",
            "create trigger t after insert on auth.users execute function f()",
            "alter table storage.objects add column x int",
        ] {
            assert_eq!(planned(sql, &ground()), Plan::default(), "{sql}");
        }
    }

    #[test]
    fn names_that_are_others_here_are_exchanged() {
        let other = Ground {
            migrator: "driftless_postgres".to_owned(),
            ..ground()
        };
        for (sql, expected) in [
            (
                "grant all on table \"postgres\".t to postgres",
                "grant all on table \"postgres\".t to driftless_postgres",
            ),
            (
                "alter default privileges for role \"postgres\" revoke all on tables from public",
                "alter default privileges for role driftless_postgres revoke all on tables from public",
            ),
            (
                "create policy p on t to anon, postgres using (a in (b, postgres))",
                "create policy p on t to anon, driftless_postgres using (a in (b, postgres))",
            ),
            (
                "do $$ begin grant select on t to postgres; end $$",
                "do $$ begin grant select on t to driftless_postgres; end $$",
            ),
            (
                "alter database postgres set \"app.x\" to 'postgres'",
                "alter database shadow_1 set \"app.x\" to 'postgres'",
            ),
        ] {
            let Sql::Rewritten(new) = planned(sql, &other).sql else {
                panic!("{sql}")
            };
            assert_eq!(new.text, expected);
        }
        for sql in [
            "select postgres from t",
            "create table postgres (postgres int)",
            "create extension postgres_x",
        ] {
            assert_eq!(planned(sql, &other).sql, Sql::Original, "{sql}");
        }
        assert_eq!(treated("grant all on table t to postgres"), Sql::Original);
    }

    #[test]
    fn what_a_stand_in_cannot_bear_is_taken_out() {
        let index = "create index on t using hnsw (e vector_l2_ops) with (m = 16, ef_construction='64') where a";
        let plan = planned(index, &ground());
        let Sql::Rewritten(new) = plan.sql else {
            panic!("{plan:?}")
        };
        assert_eq!(
            new.text,
            "create index on t using hnsw (e vector_l2_ops)  where a"
        );
        assert_eq!(
            plan.after.unwrap(),
            "SELECT driftless_shadow.keep_options(string_to_array('m=16,ef_construction=64', ','))"
        );
        let table = "create table t (a geometry(Point, 4326), b extensions.geography(polygon,4326) not null)";
        let Sql::Rewritten(new) = treated(table) else {
            panic!("{table}")
        };
        assert_eq!(
            new.text,
            "create table t (a geometry, b extensions.geography not null)"
        );
    }

    #[test]
    fn statements_about_roles_are_run_by_their_keeper_where_the_right_is_withheld() {
        let withheld = Ground {
            withheld: true,
            migrator: "driftless_migrator".to_owned(),
            ..ground()
        };
        for (sql, expected) in [
            (
                "create role app createrole login",
                "SELECT driftless_shadow.role('create role app  login')",
            ),
            (
                "grant app to postgres, current_user",
                "SELECT driftless_shadow.role('grant app to driftless_migrator, driftless_migrator')",
            ),
            (
                "alter role app bypassrls",
                "SELECT driftless_shadow.run('alter role app bypassrls')",
            ),
        ] {
            assert_eq!(
                planned(sql, &withheld).sql,
                Sql::Instead(expected.to_owned())
            );
        }
        let block =
            "do $$ begin if a then create role app; else execute 'grant app to postgres;'; end if;
            drop role somebody; execute 'drop role ' || x; execute 'drop role somebody'; end $$";
        let Sql::Rewritten(new) = planned(block, &withheld).sql else {
            panic!("{block}")
        };
        assert_eq!(
            new.text,
            "do $$ begin if a then PERFORM driftless_shadow.role('create role app'); else \
             PERFORM driftless_shadow.role('grant app to driftless_migrator'); end if;
            drop role somebody; execute 'drop role ' || x; execute 'drop role somebody'; end $$"
        );
        for sql in [
            "drop user mapping if exists for somebody server s",
            "grant usage on schema app to somebody",
            "create table role (role int)",
        ] {
            let plan = planned(sql, &withheld);
            assert_eq!((plan.roles, plan.sql), (false, Sql::Original), "{sql}");
        }
    }

    #[test]
    fn what_would_reach_beyond_the_database_is_passed_over() {
        for sql in [
            "drop role if exists ours, somebody",
            "grant app to somebody with admin option",
            "alter role all set work_mem = 1",
            "alter database other set session_replication_role = replica",
            "comment on database other is ''",
            "create subscription s connection 'host=db' publication p",
            "alter system set x = 1",
            "drop database x",
            "alter role anon set statement_timeout = 0",
            "grant anon to somebody",
        ] {
            assert!(matches!(treated(sql), Sql::PassOver(_)), "{sql}");
        }
    }
}
