//! A text as names, strings and the rest.

use std::borrow::Cow;
use std::collections::BTreeMap;

use driftless_sql_text::{
    Token, TokenKind, ident_value, quote_always, quote_ident, quote_literal, string_value,
};

use super::Texts;
use crate::{Ident, QualifiedName};

/// What stands in the place of a token.
pub(super) enum Replacement {
    Name(Ident),
    Text(String),
}

/// What relations are called in a text; `None` for a name of several.
pub(super) struct Aliases<'a>(pub(super) BTreeMap<String, Option<Cow<'a, QualifiedName>>>);

impl<'a> Aliases<'a> {
    fn add(&mut self, name: &str, of: Cow<'a, QualifiedName>) {
        let known = self.0.entry(name.to_owned());
        let known = known.or_insert_with(|| Some(of.clone()));
        if known.as_ref() != Some(&of) {
            *known = None;
        }
    }
}

/// A text as tokens without comments.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
}

impl<'a> Reader<'a> {
    pub(super) fn is(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|it| it.is(self.text, text))
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|it| it.is_word(self.text, word))
    }

    fn ident(&self, at: usize) -> Option<Cow<'a, str>> {
        let token = self.tokens.get(at)?;
        let is_ident = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent);
        is_ident.then(|| ident_value(token.text(self.text)))
    }

    pub(super) fn string(&self, at: usize) -> Option<Cow<'a, str>> {
        string_value(self.tokens.get(at)?.text(self.text))
    }

    /// The names that begin at `at`, with points between.
    pub(super) fn path(&self, at: usize) -> Vec<Cow<'a, str>> {
        let mut path = Vec::new();
        let mut next = at;
        while let Some(name) = self.ident(next) {
            path.push(name);
            if !self.is(next + 1, ".") || self.ident(next + 2).is_none() {
                break;
            }
            next += 2;
        }
        path
    }

    /// What the relations of `texts` are called: `FROM public.users u`. Those of a trigger's condition are its rows.
    pub(super) fn aliases<'t>(
        &self,
        texts: &Texts<'t>,
        relation: Option<&QualifiedName>,
    ) -> Aliases<'t> {
        let mut aliases = Aliases(BTreeMap::new());
        let mut at = 0;
        while at < self.tokens.len() {
            let path = self.path(at);
            let end = at + (path.len() * 2).saturating_sub(1).max(1);
            let is_type = at > 0 && self.is(at - 1, "::");
            if let ([schema, name], false) = (&path[..], is_type || self.is(end, "("))
                && let Some(name) = QualifiedName::of(schema, name)
                && let Some(of) = texts.relations.get(&name)
            {
                let behind = end + usize::from(self.is_word(end, "as"));
                let alias = self.ident(behind).filter(|_| self.is_alias(behind));
                let alias = alias.as_deref().unwrap_or(of.name.as_str());
                aliases.add(alias, Cow::Borrowed(*of));
            }
            at = end;
        }
        if let Some(relation) = relation {
            for name in [relation.name.as_str(), "old", "new"] {
                aliases.add(name, Cow::Owned(relation.clone()));
            }
        }
        aliases
    }

    /// Whether the name behind a relation is its alias. Words that go on with the query are reserved, so that a server
    /// would print an alias of that name in quotes.
    fn is_alias(&self, at: usize) -> bool {
        const CLAUSES: &[&str] = &[
            "where",
            "join",
            "left",
            "right",
            "inner",
            "full",
            "cross",
            "natural",
            "on",
            "using",
            "group",
            "having",
            "window",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
            "union",
            "intersect",
            "except",
            "tablesample",
            "returning",
            "set",
            "values",
            "default",
            "select",
            "end",
        ];
        !CLAUSES.iter().any(|it| self.is_word(at, it))
    }

    pub(super) fn write(&self, new: &BTreeMap<usize, Replacement>, printed: bool) -> String {
        let mut out = String::with_capacity(self.text.len() + 16);
        let mut done = 0;
        for (at, replacement) in new {
            let token = &self.tokens[*at];
            out.push_str(&self.text[done..token.start]);
            let keeps_quotes = !printed && token.kind == TokenKind::QuotedIdent;
            match replacement {
                Replacement::Name(it) if keeps_quotes => out.push_str(&quote_always(it.as_str())),
                Replacement::Name(it) => out.push_str(&quote_ident(it.as_str())),
                Replacement::Text(it) => out.push_str(&quote_literal(it)),
            }
            done = token.end;
        }
        out.push_str(&self.text[done..]);
        out
    }
}
