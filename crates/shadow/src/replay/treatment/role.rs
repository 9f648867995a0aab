//! Names of roles and of the database that are other ones here, and roles that are not ours.

use driftless_sql_text::{Token, TokenKind, ident_value, quote_ident, tokens};

use super::{Parts, name_at};
use crate::database::Ground;
use crate::extension::mentions;
use crate::options::MIGRATOR;

/// Whether a statement about roles changes one that others use, or its memberships.
pub(super) fn changes_foreign_role(text: &str, ground: &Ground) -> bool {
    if ground.foreign_roles.is_empty() {
        return false;
    }
    let all: Vec<Token> = tokens(text)
        .filter(|it| it.kind != TokenKind::Comment)
        .collect();
    let is = |it: &Token, word: &str| it.is_word(text, word);
    let foreign = |it: &Token| {
        let is_name = matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent);
        let name = ident_value(it.text(text));
        // What the server itself predefines cannot be changed, and may be granted, but for what reaches files.
        let harmless = name.starts_with("pg_")
            && !name.ends_with("_server_files")
            && !name.ends_with("_server_program");
        is_name && !harmless && ground.foreign_roles.contains(name.as_ref())
    };
    let Some(first) = all.first() else {
        return false;
    };
    let start = match () {
        () if is(first, "comment") => return all.get(3).is_some_and(foreign),
        () if is(first, "alter") && !all.get(1).is_some_and(|it| is(it, "group")) => {
            return all.get(2).is_some_and(|it| foreign(it) || is(it, "all"));
        }
        () if is(first, "alter") || is(first, "drop") => 2,
        () if is(first, "grant") || is(first, "revoke") => {
            // A membership: roles on both sides and nothing that is granted `ON`.
            if all.iter().any(|it| is(it, "on")) {
                return false;
            }
            match all.iter().position(|it| is(it, "for")) {
                Some(at) => at + 1,
                None => 1,
            }
        }
        () => return false,
    };
    let ends = ["with", "granted", "cascade", "restrict"];
    all[start..]
        .iter()
        .take_while(|it| !ends.iter().any(|word| is(it, word)))
        .any(foreign)
}

/// Whether a statement is about a database of a shared server that is not ours, whose name stands at `index`.
pub(super) fn is_about_foreign_database(text: &str, index: usize, ground: &Ground) -> bool {
    let ours = |it: String| it == MIGRATOR || it == ground.database;
    ground.shared && !name_at(text, index).is_some_and(ours)
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
