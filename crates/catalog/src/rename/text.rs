//! SQL text with other names in it, word by word.
//!
//! What a server would print after the renames can be told for certain by a server alone; what is made here is that for
//! expressions over one table, and near it for queries. A text that is not hit differs from the one that is wanted, and
//! what has it is then made anew.

mod reader;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use driftless_sql_text::{Token, TokenKind, ident_value, string_value, tokens};

use self::reader::{Aliases, Reader, Replacement};
use super::{Renames, qualified_name};
use crate::{DataType, Expression, Ident, QualifiedName};

/// Renames, ready for many texts.
pub(super) struct Texts<'a> {
    renames: &'a Renames,
    /// Every word that becomes another, so that most texts need no second look.
    words: BTreeSet<&'a str>,
    /// Relations that get another name, or a column of which does.
    relations: BTreeSet<&'a QualifiedName>,
    /// The new names of functions, where all of a name get the same.
    functions: BTreeMap<&'a QualifiedName, Option<&'a QualifiedName>>,
}

impl Renames {
    /// A text with every qualified name as it is after: the identity of an object, a property.
    pub(super) fn in_names(&self, text: &str) -> String {
        let found = Texts::new(self).rewritten(text, None, None, true);
        found.unwrap_or_else(|| text.to_owned())
    }
}

impl<'a> Texts<'a> {
    pub(super) fn new(renames: &'a Renames) -> Self {
        let mut words: BTreeSet<&str> = renames.schemas.keys().map(Ident::as_str).collect();
        let names = renames.relations.keys().chain(renames.types.keys());
        words.extend(names.map(|it| it.name.as_str()));
        words.extend(renames.functions.keys().map(|it| it.name.name.as_str()));
        words.extend(renames.columns.keys().map(|(_, it)| it.as_str()));
        words.extend(renames.labels.keys().map(|(_, it)| it.as_str()));
        let mut functions = BTreeMap::new();
        for (from, to) in &renames.functions {
            let known = functions.entry(&from.name).or_insert(Some(to));
            *known = known.filter(|it| *it == to);
        }
        let columns = renames.columns.keys().map(|(of, _)| of);
        Self {
            renames,
            words,
            relations: renames.relations.keys().chain(columns).collect(),
            functions,
        }
    }

    /// Whether the text has a word in it that becomes another.
    pub(super) fn touches(&self, text: &str) -> bool {
        tokens(text).any(|it| {
            let text = it.text(text);
            match it.kind {
                TokenKind::Word | TokenKind::QuotedIdent => self.has(&ident_value(text)),
                // A name may stand in it, or a label.
                TokenKind::String | TokenKind::EscapeString | TokenKind::DollarString => {
                    string_value(text).is_some_and(|it| {
                        self.has(&it)
                            || qualified_name(&it).is_some_and(|it| {
                                self.has(it.name.as_str()) || self.has(it.schema.as_str())
                            })
                    })
                }
                TokenKind::BitString
                | TokenKind::Number
                | TokenKind::Parameter
                | TokenKind::Operator
                | TokenKind::Punctuation
                | TokenKind::Comment
                | TokenKind::Unterminated
                | TokenKind::Other => false,
            }
        })
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The expression with other names in it, whose columns without a prefix are those of `relation`.
    pub(super) fn rewrite(
        &self,
        expression: &mut Expression,
        relation: Option<&QualifiedName>,
        data_type: Option<&DataType>,
    ) {
        let printed = expression.printed_by.is_some();
        if let Some(text) = self.rewritten(&expression.text, relation, data_type, printed) {
            expression.text = text.into();
        }
    }

    /// The text with other names in it; `None` if it stays as it is. What a server has printed has quotes only where
    /// they are needed.
    pub(super) fn rewritten(
        &self,
        text: &str,
        relation: Option<&QualifiedName>,
        data_type: Option<&DataType>,
        printed: bool,
    ) -> Option<String> {
        if !self.touches(text) {
            return None;
        }
        let tokens: Vec<Token> = tokens(text)
            .filter(|it| it.kind != TokenKind::Comment)
            .collect();
        let reader = Reader {
            text,
            tokens: &tokens,
        };
        let aliases = reader.aliases(self, relation);
        let mut new: BTreeMap<usize, Replacement> = BTreeMap::new();
        let mut at = 0;
        while at < tokens.len() {
            let path = reader.path(at);
            match path.len() {
                0 => {
                    if let Some(it) = self.constant(&reader, at, data_type) {
                        new.insert(at, it);
                    }
                    at += 1;
                }
                count => {
                    self.path(&reader, at, &path, relation, &aliases, &mut new);
                    at += count * 2 - 1;
                }
            }
        }
        (!new.is_empty()).then(|| reader.write(&new, printed))
    }

    /// A label with a cast behind it, a name with a cast to `regclass`, or a label that is all there is.
    fn constant(
        &self,
        reader: &Reader<'_>,
        at: usize,
        data_type: Option<&DataType>,
    ) -> Option<Replacement> {
        let value = reader.string(at)?;
        let cast = reader.is(at + 1, "::");
        let path = match cast {
            true => reader.path(at + 2),
            false => Vec::new(),
        };
        let label_of = match &path[..] {
            [schema, name] => QualifiedName::of(schema, name),
            [] if reader.tokens.len() == 1 => data_type?.name.user_defined(),
            _ => None,
        };
        if let Some(of) = label_of {
            let key = (of, value.into_owned());
            let to = self.renames.labels.get(&key)?;
            return Some(Replacement::Text(to.clone()));
        }
        let [word] = &path[..] else { return None };
        (word == "regclass").then_some(())?;
        let name = qualified_name(&value)?;
        let to = self.renames.relation(&name);
        (to != name).then(|| Replacement::Text(to.to_string()))
    }

    /// Names with points between, which begin at the token `at`.
    fn path(
        &self,
        reader: &Reader<'_>,
        at: usize,
        path: &[Cow<'_, str>],
        relation: Option<&QualifiedName>,
        aliases: &Aliases<'a>,
        new: &mut BTreeMap<usize, Replacement>,
    ) {
        // A field of a row, and a name that the text itself gives.
        if at > 0 && (reader.is(at - 1, ".") || reader.is_word(at - 1, "as")) {
            return;
        }
        let mut put = |place: usize, from: &str, to: &Ident| {
            if *to != *from {
                new.insert(at + place * 2, Replacement::Name(to.clone()));
            }
        };
        let end = at + path.len() * 2 - 1;
        let is_call = reader.is(end, "(");
        match path {
            [name] if !is_call && reader.is(end, ".") => {
                if let Some(Some(of)) = aliases.0.get(&**name) {
                    put(0, name, &self.qualifier(name, of));
                }
            }
            [name] if !is_call => {
                if let (Some(of), Ok(column)) = (relation, Ident::new(name)) {
                    put(0, name, &self.renames.column(of, &column));
                }
            }
            [schema, name] if is_call => {
                let Some(of) = QualifiedName::of(schema, name) else {
                    return;
                };
                match self.functions.get(&of) {
                    Some(Some(to)) => {
                        put(0, schema, &to.schema);
                        put(1, name, &to.name);
                    }
                    Some(None) => {}
                    None => put(0, schema, &self.renames.schema(&of.schema)),
                }
            }
            [qualifier, name] => {
                let Some(whole) = QualifiedName::of(qualifier, name) else {
                    return;
                };
                match aliases.0.get(&**qualifier) {
                    Some(Some(of)) => {
                        put(0, qualifier, &self.qualifier(qualifier, of));
                        put(1, name, &self.renames.column(of, &whole.name));
                    }
                    Some(None) => {}
                    None => {
                        let to = self.renames.type_name(&whole);
                        put(0, qualifier, &to.schema);
                        put(1, name, &to.name);
                    }
                }
            }
            [schema, name, column] => {
                let (Some(of), Ok(ident)) = (QualifiedName::of(schema, name), Ident::new(column))
                else {
                    return;
                };
                let to = self.renames.relation(&of);
                put(0, schema, &to.schema);
                put(1, name, &to.name);
                put(2, column, &self.renames.column(&of, &ident));
            }
            _ => {}
        }
    }

    /// A table without an alias is called by its own name.
    fn qualifier(&self, name: &str, of: &QualifiedName) -> Ident {
        match of.name == *name {
            true => self.renames.relation(of).name,
            false => Ident::new(name).unwrap_or_else(|_| of.name.clone()),
        }
    }
}

impl QualifiedName {
    fn of(schema: &str, name: &str) -> Option<Self> {
        let (schema, name) = (Ident::new(schema).ok()?, Ident::new(name).ok()?);
        Some(Self::new(schema, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalog, FunctionId, Nameable, ObjectId, Rename};

    fn name(text: &str) -> QualifiedName {
        qualified_name(text).unwrap()
    }

    fn ident(text: &str) -> Ident {
        Ident::new(text).unwrap()
    }

    fn object(from: ObjectId, to: ObjectId) -> Rename {
        let (from, to) = (Nameable::Object(from), Nameable::Object(to));
        Rename { from, to }
    }

    fn column(from: &str, to: &str) -> Rename {
        object(
            ObjectId::Column(name("public.t"), ident(from)),
            ObjectId::Column(name("public.t"), ident(to)),
        )
    }

    fn table(from: &str, to: &str) -> Rename {
        object(ObjectId::Table(name(from)), ObjectId::Table(name(to)))
    }

    fn rewritten(renames: &[Rename], text: &str) -> String {
        let renames = Renames::new(&Catalog::default(), renames);
        let found = Texts::new(&renames).rewritten(text, Some(&name("public.t")), None, true);
        found.unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn columns_are_told_from_other_words() {
        let renames = [column("a", "b c"), column("we\"ird", "plain")];
        for (text, wanted) in [
            ("(a > 0)", "(\"b c\" > 0)"),
            ("(\"we\"\"ird\" = 'a'::text)", "(plain = 'a'::text)"),
            ("public.a(a)", "public.a(\"b c\")"),
            ("(x).a", "(x).a"),
            (
                "(old.a IS DISTINCT FROM new.a)",
                "(old.\"b c\" IS DISTINCT FROM new.\"b c\")",
            ),
            ("('x'::public.a)", "('x'::public.a)"),
            (
                "(EXISTS ( SELECT 1 AS a FROM public.u WHERE ((u.a = t.a) AND (u.id = a))))",
                "(EXISTS ( SELECT 1 AS a FROM public.u WHERE ((u.a = t.\"b c\") AND (u.id = \"b c\"))))",
            ),
        ] {
            assert_eq!(rewritten(&renames, text), wanted);
        }
    }

    #[test]
    fn tables_go_with_their_qualifiers_and_not_with_aliases() {
        let renames = [table("public.t", "app.\"People\""), column("a", "b")];
        for (text, wanted) in [
            (
                " SELECT t.a FROM public.t",
                " SELECT \"People\".b FROM app.\"People\"",
            ),
            (
                " SELECT x.a, t.a FROM public.t x, public.u t",
                " SELECT x.b, t.a FROM app.\"People\" x, public.u t",
            ),
            (
                "nextval('public.t'::regclass)",
                "nextval('app.\"People\"'::regclass)",
            ),
            (
                "SELECT t.* FROM public.t WHERE true",
                "SELECT \"People\".* FROM app.\"People\" WHERE true",
            ),
        ] {
            let names = Renames::new(&Catalog::default(), &renames);
            let found = Texts::new(&names).rewritten(text, None, None, true);
            assert_eq!(found.as_deref().unwrap_or(text), wanted);
        }
    }

    #[test]
    fn names_change_places() {
        let renames = [column("a", "b"), column("b", "a")];
        assert_eq!(
            rewritten(&renames, "((a > b) AND (b > a))"),
            "((b > a) AND (a > b))"
        );
    }

    #[test]
    fn labels_change_where_they_are_of_the_type() {
        let role = name("public.role");
        let label = Rename {
            from: Nameable::Label(role.clone(), "ADMIN".to_owned()),
            to: Nameable::Label(role.clone(), "it's".to_owned()),
        };
        let text = "((r = 'ADMIN'::public.role) OR (s = 'ADMIN'::text))";
        let wanted = "((r = 'it''s'::public.role) OR (s = 'ADMIN'::text))";
        assert_eq!(rewritten(std::slice::from_ref(&label), text), wanted);
        let renames = Renames::new(&Catalog::default(), [&label]);
        let ty = DataType::user_defined(&role);
        let found = Texts::new(&renames).rewritten("'ADMIN'", None, Some(&ty), false);
        assert_eq!(found.as_deref(), Some("'it''s'"));
    }

    #[test]
    fn an_overload_that_keeps_its_name_makes_a_call_ambiguous() {
        let id = |name: &str, arguments: &[&str]| FunctionId {
            name: qualified_name(name).unwrap(),
            arguments: arguments.iter().map(|it| DataType::builtin(it)).collect(),
        };
        let rename = |from: &str, to: &str, arguments: &[&str]| {
            object(
                ObjectId::Function(id(from, arguments)),
                ObjectId::Function(id(to, arguments)),
            )
        };
        let both = [
            rename("public.f", "public.g", &["int4"]),
            rename("public.f", "public.h", &[]),
        ];
        assert_eq!(rewritten(&both[..1], "public.f(1)"), "public.g(1)");
        assert_eq!(rewritten(&both, "public.f(1)"), "public.f(1)");
    }

    #[test]
    fn what_a_person_wrote_keeps_its_quotes() {
        let renames = Renames::new(&Catalog::default(), &[column("a", "b")]);
        let found =
            Texts::new(&renames).rewritten("(\"a\" = 1)", Some(&name("public.t")), None, false);
        assert_eq!(found.as_deref(), Some("(\"b\" = 1)"));
    }
}
