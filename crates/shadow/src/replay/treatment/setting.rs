//! Settings that the platform lets `postgres` change.

use std::borrow::Cow;

use driftless_sql_text::{TokenKind, ident_value, quote_literal, string_value, tokens};

use super::Sql;

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

/// Whether `ALTER ROLE … SET` and its kin are about a setting that the platform lets `postgres` change.
pub(super) fn sets_privileged(text: &str) -> bool {
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

pub(super) fn setting(text: &str) -> Sql {
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
