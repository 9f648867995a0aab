//! Names of roles and of the database that are other ones here, and roles that are not ours.

use driftless_sql_text::{Token, TokenKind, ident_value, quote_ident, tokens};

use super::{Parts, name_at};
use crate::database::Ground;
use crate::extension::mentions;
use crate::options::MIGRATOR;

/// Whether a statement changes a role that others use, or its memberships.
pub(super) fn changes_foreign_role(text: &str, words: &[&str], ground: &Ground) -> bool {
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

/// Where a statement names the role of migrations or the database, which have other names here.
pub(super) fn exchanges(text: &str, words: &[&str], ground: &Ground) -> Parts {
    if !mentions(text, MIGRATOR) {
        return Parts::new();
    }
    let mut parts = match words {
        [
            "alter" | "comment" | "create" | "drop" | "grant" | "reassign" | "revoke" | "security"
            | "set",
            ..,
        ] => roles_in(text, 0, ground),
        _ => Parts::new(),
    };
    let mut database = false;
    for token in tokens(text).filter(|it| it.kind != TokenKind::Comment) {
        if database && ident_value(token.text(text)) == MIGRATOR {
            parts.push((token.range(), quote_ident(&ground.database).into_owned()));
        }
        database = token.is_word(text, "database");
    }
    parts
}

/// Where `sql` names the role of migrations by a name that it does not have here, moved by `offset`.
///
/// A role's name stands behind one of a few words, or behind a comma in a list of them.
pub(super) fn roles_in(sql: &str, offset: usize, ground: &Ground) -> Parts {
    let mut parts = Parts::new();
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
