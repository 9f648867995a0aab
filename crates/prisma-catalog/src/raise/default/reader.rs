//! The tokens of a default, read from the left.

use driftless_sql_text::{Token, TokenKind, string_value, tokens};

/// A default, and how far it was read.
pub(super) struct Reader<'e> {
    text: &'e str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'e> Reader<'e> {
    pub(super) fn new(text: &'e str) -> Self {
        Self {
            text,
            tokens: tokens(text).collect(),
            at: 0,
        }
    }

    /// Whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.at == self.tokens.len()
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next_if(&mut self, fits: impl Fn(&Token) -> bool) -> Option<&'e str> {
        let token = self.peek().filter(|it| fits(it))?.clone();
        self.at += 1;
        Some(token.text(self.text))
    }

    /// Goes past that sign; whether it was there.
    pub(super) fn eat(&mut self, sign: &str) -> bool {
        let text = self.text;
        self.next_if(|it| it.is(text, sign)).is_some()
    }

    /// A string.
    pub(super) fn string(&mut self) -> Option<String> {
        let is_string = |it: &Token| matches!(it.kind, TokenKind::String | TokenKind::EscapeString);
        let text = self.next_if(is_string)?;
        string_value(text).map(|it| it.into_owned())
    }

    /// A word without quotes.
    pub(super) fn word(&mut self) -> Option<String> {
        self.next_if(|it| it.kind == TokenKind::Word)
            .map(str::to_owned)
    }

    /// A number, perhaps with a minus sign.
    pub(super) fn number(&mut self) -> Option<String> {
        let sign = if self.eat("-") { "-" } else { "" };
        let digits = self.next_if(|it| it.kind == TokenKind::Number)?;
        Some(format!("{sign}{digits}"))
    }

    /// Goes past a cast, if there is one: `::schema."Type"(10,2)[]`.
    pub(super) fn cast(&mut self) {
        if !self.eat("::") {
            return;
        }
        let is_name = |it: &Token| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent);
        while self.next_if(is_name).is_some() || self.eat(".") {}
        if self.eat("(") {
            while !self.is_done() && !self.eat(")") {
                self.at += 1;
            }
        }
        let names_follow = |it: &Token| it.kind == TokenKind::Word;
        while self.next_if(names_follow).is_some() {}
        if self.eat("[") {
            self.eat("]");
        }
    }

    /// Whether it is the current moment; if so, goes past it.
    pub(super) fn is_now(&mut self) -> bool {
        let Some(word) = self.word() else {
            return false;
        };
        let no_arguments = !self.eat("(") || self.eat(")");
        no_arguments
            && (word.eq_ignore_ascii_case("now") || word.eq_ignore_ascii_case("current_timestamp"))
    }

    /// Whether it is the next value of a sequence, and nothing else: `nextval('name'::regclass)`, also with the name
    /// as a text that is cast.
    pub(super) fn is_next_value(&self) -> bool {
        let mut rest = Reader::new(self.text);
        let is_call = rest
            .word()
            .is_some_and(|it| it.eq_ignore_ascii_case("nextval"))
            && rest.eat("(");
        let in_parentheses = is_call && rest.eat("(");
        if !is_call || rest.string().is_none() {
            return false;
        }
        rest.cast();
        if in_parentheses {
            rest.eat(")");
            rest.cast();
        }
        let is_closed = rest.eat(")");
        rest.cast();
        is_closed && rest.is_done()
    }
}
