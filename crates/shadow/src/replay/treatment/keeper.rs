//! Statements about roles that the role of migrations may not run itself; see `prelude/keeper.sql`.

use driftless_sql_text::{
    Token, TokenKind, quote_ident, quote_literal, statements, string_value, tokens,
};

use super::{Parts, Sql, role};
use crate::database::Ground;

/// Whether a statement makes, changes or removes roles or memberships.
pub(super) fn is_about_roles(text: &str) -> bool {
    let tokens: Vec<Token> = tokens(text)
        .filter(|it| it.kind != TokenKind::Comment)
        .collect();
    let word = |index: usize, wanted: &[&str]| {
        let token: Option<&Token> = tokens.get(index);
        token.is_some_and(|it| wanted.iter().any(|word| it.is_word(text, word)))
    };
    let has = |wanted: &[&str]| (0..tokens.len()).any(|it| word(it, wanted));
    match () {
        () if word(0, &["create", "alter", "drop"]) => {
            word(1, &["role", "group"]) || (word(1, &["user"]) && !word(2, &["mapping"]))
        }
        () if word(0, &["comment"]) => word(1, &["on"]) && word(2, &["role"]),
        () if word(0, &["grant", "revoke"]) => !has(&["on"]) && has(&["to", "from"]),
        () => false,
    }
}

/// The statement run by the keeper of the roles.
pub(super) fn by_keeper(text: &str, ground: &Ground) -> Sql {
    Sql::Instead(format!("SELECT {}", call(text, ground)))
}

fn call(text: &str, ground: &Ground) -> String {
    let text = for_keeper(text, ground);
    format!("driftless_shadow.role({})", quote_literal(&text))
}

/// The statement as someone else has to say it.
///
/// No role gets the right to make roles: whoever has it reaches all others too.
pub(super) fn for_keeper(text: &str, ground: &Ground) -> String {
    let mut parts = role::roles_in(text, 0, ground);
    let all: Vec<Token> = tokens(text)
        .filter(|it| it.kind != TokenKind::Comment)
        .collect();
    for (index, token) in all.iter().enumerate().skip(2) {
        let is = |word: &str| token.is_word(text, word);
        if index > 2 && is("createrole") {
            parts.push((token.range(), String::new()));
        } else if is("current_user") || is("current_role") || is("session_user") {
            parts.push((token.range(), quote_ident(&ground.migrator).into_owned()));
        }
    }
    super::exchanged(text, parts)
}

/// A statement about roles inside of a block.
pub(super) struct Inside {
    /// Where it stands, with the `EXECUTE` that runs it, if one does.
    range: std::ops::Range<usize>,
    sql: String,
}

/// The statements about roles in the body of a block that stand there as they will be run: in the body's own
/// text, or in one string behind `EXECUTE`.
pub(super) fn inside(body: &str) -> Vec<Inside> {
    let all: Vec<Token> = tokens(body)
        .filter(|it| it.kind != TokenKind::Comment)
        .collect();
    let mut found = Vec::new();
    for (index, token) in all.iter().enumerate() {
        let begins = index.checked_sub(1).is_some_and(|before| {
            let before = &all[before];
            before.is(body, ";")
                || ["begin", "then", "else", "loop"]
                    .iter()
                    .any(|it| before.is_word(body, it))
        });
        let end = all[index..].iter().position(|it| it.is(body, ";"));
        let Some(end) = end.filter(|it| begins && *it > 0) else {
            continue;
        };
        let range = token.start..all[index + end - 1].end;
        let sql = match token.is_word(body, "execute") {
            true if end == 2 => string_value(all[index + 1].text(body))
                .filter(|it| statements(it).len() == 1)
                .map(|it| it.trim().trim_end_matches(';').to_owned()),
            true => None,
            false => Some(body[range.clone()].to_owned()),
        };
        if let Some(sql) = sql.filter(|it| is_about_roles(it)) {
            found.push(Inside { range, sql });
        }
    }
    found
}

/// Calls of the keeper in place of the statements that name no role of others, moved by `offset`. None has `tag`
/// in it, which would end the body. What is left as it is the server refuses.
pub(super) fn calls(found: &[Inside], offset: usize, tag: &str, ground: &Ground) -> Parts {
    let ours = |it: &&Inside| !role::changes_foreign_role(&it.sql, ground);
    let call = |it: &Inside| {
        let call = format!("PERFORM {}", call(&it.sql, ground));
        (it.range.start + offset..it.range.end + offset, call)
    };
    let calls = found.iter().filter(ours).map(call);
    calls.filter(|(_, call)| !call.contains(tag)).collect()
}

/// Whether they are all that the block does to roles, as far as its text tells, and none is about those of others.
pub(super) fn are_all(found: &[Inside], body: &str, ground: &Ground) -> bool {
    let executes = |text: &str| {
        tokens(text)
            .filter(|it| it.is_word(text, "execute"))
            .count()
    };
    let known = found.iter().map(|it| executes(&body[it.range.clone()]));
    !found.is_empty()
        && known.sum::<usize>() == executes(body)
        && !found
            .iter()
            .any(|it| role::changes_foreign_role(&it.sql, ground))
}
