//! What has to be done to a statement so that it does here what it would do on the platform.
//!
//! On Supabase, migrations run as a `postgres` that is no superuser, and a module of the server lets a
//! known set of its statements pass all the same. Here the instruments of the database do that (see
//! `prelude/administrator.sql`); this is where such statements are recognised.

use std::borrow::Cow;
use std::ops::Range;

use driftless_sql_text::{
    Token, TokenKind, ident_value, quote_ident, quote_literal, string_value, tokens,
};

use super::rewrite::Rewritten;
use crate::database::Ground;
use crate::extension::{CreateExtension, mentions};
use crate::options::MIGRATOR;
use crate::stub::Stub;

/// How to run a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Plan {
    pub(super) sql: Sql,
    /// Whether the platform's own tables are lent to `postgres` meanwhile.
    pub(super) lend: bool,
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

/// The settings that the platform lets `postgres` change although only a superuser may; a point at the end
/// stands for all that start so.
const SETTINGS: &[&str] = &[
    "auto_explain.",
    "log_lock_waits",
    "log_min_messages",
    "pg_net.",
    "pgaudit.",
    "pgrst.",
    "plan_filter.",
    "safeupdate.enabled",
    "session_replication_role",
    "track_io_timing",
];

fn is_privileged_setting(name: &str) -> bool {
    let fits = |it: &&str| *it == name || (it.ends_with('.') && name.starts_with(*it));
    SETTINGS.iter().any(fits)
}

/// The plan for the statement `text` whose leading words are `words`.
pub(super) fn plan(text: &str, words: &[String], ground: &Ground) -> Plan {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut stubs = Vec::new();
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
            if changes_foreign_role(text, &words, ground) =>
        {
            Sql::PassOver("it would change a role of the shadow server that is not ours")
        }
        ["create", "extension", ..] => create_extension(text, ground, &mut stubs),
        ["do", ..] => do_block(text, ground, &mut stubs),
        ["set", "session", "authorization", "default", ..]
        | ["reset", "session", "authorization", ..] => Sql::Instead(ground.become_migrator()),
        ["discard", "all", ..] => Sql::Instead("DISCARD TEMP".to_owned()),
        _ if ground.superuser => on_behalf(text, &words, ground),
        _ => Sql::Original,
    };
    let sql = match sql {
        Sql::Original => exchange(text, &words, ground),
        Sql::Rewritten(_) | Sql::Instead(_) | Sql::PassOver(_) => sql,
    };
    Plan {
        sql,
        lend: ground.superuser && borrows(text, &words),
        stubs,
    }
}

/// Whether a statement changes a role that others use, or its memberships.
fn changes_foreign_role(text: &str, words: &[&str], ground: &Ground) -> bool {
    if ground.foreign_roles.is_empty() {
        return false;
    }
    let foreign = |name: Option<String>| name.is_some_and(|it| ground.foreign_roles.contains(&it));
    match words {
        ["comment", ..] => foreign(name_at(text, 3)),
        ["alter" | "drop", ..] => foreign(name_at(text, 2)),
        _ => {
            // A membership: roles on both sides and nothing that is granted `ON`.
            let tokens: Vec<Token> = tokens(text)
                .filter(|it| it.kind != TokenKind::Comment)
                .collect();
            let is = |it: &Token, word: &str| it.is_word(text, word);
            let parting = tokens.iter().position(|it| is(it, "to") || is(it, "from"));
            let on = tokens.iter().any(|it| is(it, "on"));
            let names = |range: &[Token]| {
                range
                    .iter()
                    .any(|it| foreign(Some(ident_value(it.text(text)).into_owned())))
            };
            parting.is_some_and(|at| !on && names(&tokens[..at]) && names(&tokens[at..]))
        }
    }
}

/// Statements that the platform runs on behalf of `postgres`.
fn on_behalf(text: &str, words: &[&str], ground: &Ground) -> Sql {
    match words {
        ["alter", "extension", ..] if is_stood_in(text, ground) && mentions(text, "update") => {
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
            as_administrator(text)
        }
        ["alter", "role" | "user" | "database", ..] if sets_privileged(text) => {
            as_administrator(text)
        }
        ["set" | "reset", ..] => setting(text),
        _ => Sql::Original,
    }
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

/// Creates it as the administrator, or makes a stand-in.
fn create_extension(text: &str, ground: &Ground, stubs: &mut Vec<&'static Stub>) -> Sql {
    let statement = CreateExtension::all(text).into_iter().next();
    match statement.and_then(|it| creation(text, &it, ground, stubs)) {
        Some(sql) => Sql::Instead(sql),
        // The server says best that it does not have it.
        None => Sql::Original,
    }
}

/// SQL that creates an extension or its stand-in, unless there is neither.
fn creation(
    text: &str,
    statement: &CreateExtension,
    ground: &Ground,
    stubs: &mut Vec<&'static Stub>,
) -> Option<String> {
    let there = ground.extensions.contains(&statement.name);
    if let Some(stub) =
        Stub::of(&statement.name).filter(|it| !there || (it.always() && ground.superuser))
    {
        stubs.push(stub);
        let schema = statement.schema.as_deref();
        return Some(match ground.superuser {
            true => stub.create(schema, statement.if_not_exists, &ground.migrator),
            false => stub.create_plainly(schema),
        });
    }
    // A version is the platform's own business: this server has the one it has.
    let range = &statement.range;
    let cut = statement
        .version
        .as_ref()
        .map_or(range.end..range.end, Clone::clone);
    let sql = [&text[range.start..cut.start], &text[cut.end..range.end]].concat();
    match (there, ground.superuser) {
        (true, true) => Some(run(&sql)),
        (true, false) => Some(sql),
        (false, _) => None,
    }
}

fn is_stood_in(text: &str, ground: &Ground) -> bool {
    let name = name_at(text, 2);
    name.is_some_and(|it| {
        Stub::of(&it).is_some_and(|stub| stub.always() || !ground.extensions.contains(&it))
    })
}

/// A `DO` block may create extensions and name roles.
fn do_block(text: &str, ground: &Ground, stubs: &mut Vec<&'static Stub>) -> Sql {
    let Some(body) = tokens(text).find(|it| it.kind == TokenKind::DollarString) else {
        return Sql::Original;
    };
    let quoted = body.text(text);
    let tag = quoted[1..]
        .find('$')
        .map_or(quoted, |end| &quoted[..end + 2]);
    let start = body.start + tag.len();
    let inside = &text[start..body.end - tag.len()];
    let mut parts = roles_in(inside, start, ground);
    if mentions(inside, "extension") {
        for it in CreateExtension::all(inside) {
            let sql = creation(inside, &it, ground, stubs);
            let call =
                sql.map(|it| it.replace("SELECT driftless_shadow.", "PERFORM driftless_shadow."));
            // A script with the block's own dollar quotes would end it.
            if let Some(call) = call.filter(|call| !call.contains(tag)) {
                parts.push((it.range.start + start..it.range.end + start, call));
            }
        }
    }
    rewritten(text, parts)
}

/// The names that are other ones here: the role of migrations, where it cannot be called `postgres`, and
/// the database.
fn exchange(text: &str, words: &[&str], ground: &Ground) -> Sql {
    if !mentions(text, MIGRATOR) {
        return Sql::Original;
    }
    let mut parts = match words {
        [
            "alter" | "comment" | "create" | "drop" | "grant" | "reassign" | "revoke" | "security"
            | "set",
            ..,
        ] => roles_in(text, 0, ground),
        _ => Vec::new(),
    };
    let mut database = false;
    for token in tokens(text).filter(|it| it.kind != TokenKind::Comment) {
        if database && ident_value(token.text(text)) == MIGRATOR {
            parts.push((token.range(), quote_ident(&ground.database).into_owned()));
        }
        database = token.is_word(text, "database");
    }
    rewritten(text, parts)
}

/// Where `sql` names the role of migrations by a name that it does not have here, moved by `offset`.
///
/// A role's name stands behind one of a few words, or behind a comma in a list of them.
fn roles_in(sql: &str, offset: usize, ground: &Ground) -> Vec<(Range<usize>, String)> {
    let mut parts = Vec::new();
    if ground.migrator == MIGRATOR {
        return parts;
    }
    let tokens: Vec<Token> = tokens(sql)
        .filter(|it| it.kind != TokenKind::Comment)
        .collect();
    let mut in_list = false;
    for (index, token) in tokens.iter().enumerate() {
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent);
        let before = index.checked_sub(1).map(|it| &tokens[it]);
        let introduced = before.is_some_and(|it| {
            ["to", "from", "role", "user", "group", "by", "authorization"]
                .iter()
                .any(|word| it.is_word(sql, word))
        });
        let listed = in_list && before.is_some_and(|it| it.is(sql, ","));
        let qualifies = tokens.get(index + 1).is_some_and(|it| it.is(sql, "."));
        in_list = introduced || listed || (in_list && token.is(sql, ","));
        if is_name
            && (introduced || listed)
            && !qualifies
            && ident_value(token.text(sql)) == MIGRATOR
        {
            parts.push((
                token.start + offset..token.end + offset,
                quote_ident(&ground.migrator).into_owned(),
            ));
        }
    }
    parts
}

fn rewritten(text: &str, mut parts: Vec<(Range<usize>, String)>) -> Sql {
    parts.sort_by_key(|(range, _)| range.start);
    match parts.is_empty() {
        true => Sql::Original,
        false => Sql::Rewritten(Rewritten::new(text, &parts)),
    }
}

/// Whether `ALTER ROLE … SET` and its kin are about a setting that the platform lets `postgres` change.
fn sets_privileged(text: &str) -> bool {
    let mut tokens = tokens(text).filter(|it| it.kind != TokenKind::Comment);
    if !tokens.any(|it| it.is_word(text, "set") || it.is_word(text, "reset")) {
        return false;
    }
    // A name of two parts is two words with a point between.
    let name: String = tokens
        .take_while(|it| !it.is_word(text, "to") && !it.is(text, "="))
        .map(|it| ident_value(it.text(text)).into_owned())
        .collect();
    is_privileged_setting(&name)
}

fn setting(text: &str) -> Sql {
    let words: Vec<(TokenKind, String)> = tokens(text)
        .filter(|it| it.kind != TokenKind::Comment)
        .take(6)
        .map(|it| {
            let raw = it.text(text);
            let value =
                string_value(raw).map_or_else(|| ident_value(raw).into_owned(), Cow::into_owned);
            (it.kind, value)
        })
        .collect();
    let mut values = words.iter().map(|(_, value)| value.as_str()).peekable();
    let resets = values.next() == Some("reset");
    let local = values.peek() == Some(&"local");
    if local || values.peek() == Some(&"session") {
        values.next();
    }
    let Some(name) = values.next().filter(|it| is_privileged_setting(it)) else {
        return Sql::Original;
    };
    let value = match (resets, values.next(), values.next()) {
        (true, _, _) | (false, _, Some("default")) => None,
        (false, Some("=" | "to"), Some(value)) => Some(value),
        _ => return Sql::Original,
    };
    let value = value.map_or_else(
        || {
            format!(
                "(SELECT reset_val FROM pg_catalog.pg_settings WHERE name = {})",
                quote_literal(name)
            )
        },
        quote_literal,
    );
    Sql::Instead(format!(
        "SELECT driftless_shadow.setting({}, {value}, {local})",
        quote_literal(name)
    ))
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
            foreign_roles: ["anon", "authenticator"].map(str::to_owned).into(),
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
    fn what_would_reach_beyond_the_database_is_passed_over() {
        for sql in [
            "create subscription s connection 'host=db' publication p",
            "alter system set x = 1",
            "drop database x",
            "alter role anon set statement_timeout = 0",
            "grant anon to authenticator",
        ] {
            assert!(matches!(treated(sql), Sql::PassOver(_)), "{sql}");
        }
    }
}
