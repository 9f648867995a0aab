//! Which value a default expression stands for, as far as text alone can tell.

mod moment;

use self::moment::Moment;
use crate::{Token, TokenKind, ident_value, string_value, tokens};

/// The value of an expression that is a constant, or one of the calls that every schema has.
///
/// People write `now()`, `'5'`, `-5` or `ARRAY['a']`; a server prints `CURRENT_TIMESTAMP`,
/// `'-5'::integer` or `'{a}'::text[]`. Parsing takes casts and parentheses away, [`Value::same_as`]
/// compares what is left in the light of the column's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `NULL`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// As written, with its sign.
    Number(String),
    /// A string constant of any kind, decoded.
    String(String),
    /// `ARRAY[…]`
    Array(Vec<Value>),
    /// `now()`, `CURRENT_TIMESTAMP`
    Now,
    /// `nextval('…')`; the sequence's name as written in the string.
    NextVal(String),
}

/// What a column holds, as far as the comparison of constants depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueType {
    /// Of the column, or of an array's elements.
    pub class: ValueClass,
    /// Whether it is an array, so that a string constant lists its elements.
    pub array: bool,
}

/// The kinds of types whose constants are compared alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueClass {
    /// Integers, `numeric`, `real`, `double precision`; not `money`.
    Number,
    /// `boolean`
    Bool,
    /// `text`, `varchar`, `char`, `citext`, enums: the characters decide.
    Text,
    /// `uuid`
    Uuid,
    /// `json`: the text is kept as it was written.
    Json,
    /// `jsonb`: the meaning is kept.
    Jsonb,
    /// `bytea`
    Bytes,
    /// `date`
    Date,
    /// `time without time zone`
    Time,
    /// `timestamp without time zone`: a zone in the constant is ignored.
    Timestamp,
    /// `timestamp with time zone`
    TimestampTz,
    /// Whatever else: equal characters are equal, anything else is undecided.
    Other,
}

impl Value {
    /// The value of `expression`, or `None` if it is more than a constant.
    ///
    /// ```
    /// use driftless_sql_text::Value;
    ///
    /// assert_eq!(Value::parse("('-5'::integer)"), Some(Value::String("-5".into())));
    /// assert_eq!(Value::parse("NOW()"), Some(Value::Now));
    /// assert_eq!(Value::parse("lower('a')"), None);
    /// ```
    pub fn parse(expression: &str) -> Option<Self> {
        let tokens: Vec<Token> = tokens(expression)
            .filter(|it| it.kind != TokenKind::Comment)
            .collect();
        let mut parser = Parser {
            sql: expression,
            tokens: &tokens,
            at: 0,
            depth: 0,
        };
        let value = parser.value()?;
        (parser.at == tokens.len()).then_some(value)
    }

    /// Whether both are the same default of a column of `ty`, or `None` if text cannot tell.
    pub fn same_as(&self, other: &Self, ty: ValueType) -> Option<bool> {
        use Value::{Array, Bool, NextVal, Now, Null, Number, String};
        let class = ty.class;
        match (self, other) {
            (Null, Null) | (Now, Now) => Some(true),
            (Bool(a), Bool(b)) => Some(a == b),
            (Number(a), Number(b)) => same_number(a, b),
            (String(a), String(b)) if a == b => Some(true),
            (String(a), String(b)) if ty.array => {
                same_items(&array_items(a)?, &array_items(b)?, class)
            }
            (String(a), String(b)) => same_text(a, b, class),
            (String(text), Number(number)) | (Number(number), String(text)) => {
                (class == ValueClass::Number).then(|| same_number(text, number))?
            }
            (String(text), Bool(flag)) | (Bool(flag), String(text)) => {
                (class == ValueClass::Bool).then(|| Some(bool_of(text)? == *flag))?
            }
            (Array(a), Array(b)) => same_items(a, b, class),
            (Array(items), String(text)) | (String(text), Array(items)) => {
                same_items(items, &array_items(text)?, class)
            }
            // The same name may be written with and without its schema.
            (NextVal(a), NextVal(b)) => (a == b).then_some(true),
            (Null, Bool(_) | Number(_) | String(_) | Array(_) | Now | NextVal(_))
            | (Bool(_) | Number(_) | String(_) | Array(_) | Now | NextVal(_), Null) => Some(false),
            (Now | NextVal(_), Bool(_) | Number(_) | Array(_))
            | (Bool(_) | Number(_) | Array(_), Now | NextVal(_))
            | (Now, NextVal(_))
            | (NextVal(_), Now) => Some(false),
            // `'now'` is evaluated when the default is made, which nobody means; a server decides.
            (Now, String(_)) | (String(_), Now) => (class == ValueClass::Text).then_some(false),
            (NextVal(_), String(_)) | (String(_), NextVal(_)) => Some(false),
            (Bool(_) | Number(_), Array(_)) | (Array(_), Bool(_) | Number(_)) => Some(false),
            (Bool(_), Number(_)) | (Number(_), Bool(_)) => None,
        }
    }
}

struct Parser<'a> {
    sql: &'a str,
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn text(&self, ahead: usize) -> &'a str {
        self.tokens
            .get(self.at + ahead)
            .map_or("", |it| it.text(self.sql))
    }

    fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.tokens
            .get(self.at + ahead)
            .is_some_and(|it| it.is_word(self.sql, word))
    }

    fn eat(&mut self, text: &str) -> Option<()> {
        let token = self.tokens.get(self.at)?;
        let found = token.is(self.sql, text);
        found.then(|| self.at += 1)
    }

    fn value(&mut self) -> Option<Value> {
        // Deeper than any default; what is deeper is for a server to read.
        if self.depth > 32 {
            return None;
        }
        self.depth += 1;
        let mut value = self.primary()?;
        while self.eat("::").is_some() {
            self.type_name()?;
            // A cast of a name to regclass is how nextval's argument is printed; others keep the value.
            value = value.cast()?;
        }
        self.depth -= 1;
        Some(value)
    }

    fn primary(&mut self) -> Option<Value> {
        let token = self.tokens.get(self.at)?.clone();
        let text = token.text(self.sql);
        match token.kind {
            TokenKind::Punctuation if text == "(" => {
                self.at += 1;
                let inner = self.value()?;
                self.eat(")")?;
                Some(inner)
            }
            TokenKind::Number => {
                self.at += 1;
                Some(Value::Number(text.to_owned()))
            }
            TokenKind::Operator if text == "-" || text == "+" => {
                self.at += 1;
                match self.primary()? {
                    Value::Number(it) if text == "-" && !it.starts_with('-') => {
                        Some(Value::Number(format!("-{it}")))
                    }
                    Value::Number(it) if text == "+" => Some(Value::Number(it)),
                    Value::Number(_)
                    | Value::Null
                    | Value::Bool(_)
                    | Value::String(_)
                    | Value::Array(_)
                    | Value::Now
                    | Value::NextVal(_) => None,
                }
            }
            TokenKind::String | TokenKind::EscapeString | TokenKind::DollarString => {
                self.at += 1;
                string_value(text).map(|it| Value::String(it.into_owned()))
            }
            TokenKind::Word => self.word(text),
            TokenKind::Punctuation
            | TokenKind::Operator
            | TokenKind::QuotedIdent
            | TokenKind::BitString
            | TokenKind::Parameter
            | TokenKind::Comment
            | TokenKind::Unterminated
            | TokenKind::Other => None,
        }
    }

    fn word(&mut self, text: &str) -> Option<Value> {
        if self.is_word(0, "pg_catalog") && self.text(1) == "." {
            self.at += 2;
            let function = self.text(0);
            return self
                .word(function)
                .filter(|it| matches!(it, Value::Now | Value::NextVal(_)));
        }
        match text.to_ascii_lowercase().as_str() {
            "null" => self.keyword(Value::Null),
            "true" => self.keyword(Value::Bool(true)),
            "false" => self.keyword(Value::Bool(false)),
            "current_timestamp" if self.text(1) != "(" => self.keyword(Value::Now),
            "now" if self.text(1) == "(" && self.text(2) == ")" => {
                self.at += 3;
                Some(Value::Now)
            }
            "nextval" if self.text(1) == "(" => {
                self.at += 2;
                let Value::String(name) = self.value()? else {
                    return None;
                };
                self.eat(")")?;
                Some(Value::NextVal(name))
            }
            "array" if self.text(1) == "[" => {
                self.at += 1;
                self.array()
            }
            _ => None,
        }
    }

    fn keyword(&mut self, value: Value) -> Option<Value> {
        self.at += 1;
        Some(value)
    }

    fn array(&mut self) -> Option<Value> {
        self.eat("[")?;
        let mut items = Vec::new();
        if self.eat("]").is_some() {
            return Some(Value::Array(items));
        }
        loop {
            items.push(self.value()?);
            if self.eat("]").is_some() {
                return Some(Value::Array(items));
            }
            self.eat(",")?;
        }
    }

    /// A type behind `::`, of any spelling: `pg_catalog."char"`, `timestamp(3) without time zone[]`.
    fn type_name(&mut self) -> Option<()> {
        let name = |it: &Token| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent);
        self.tokens.get(self.at).filter(|it| name(it))?;
        loop {
            while self.tokens.get(self.at).is_some_and(name) {
                self.at += 1;
            }
            if self.eat(".").is_some() {
                continue;
            }
            if self.text(0) == "(" {
                self.at += 1;
                while self.text(0) != ")" {
                    self.tokens.get(self.at)?;
                    self.at += 1;
                }
                self.at += 1;
                continue;
            }
            while self.text(0) == "[" {
                self.at += 1;
                while self.text(0) != "]" {
                    self.tokens.get(self.at)?;
                    self.at += 1;
                }
                self.at += 1;
            }
            return Some(());
        }
    }
}

impl Value {
    /// The value behind a cast. A cast may change a value (`'abc'::varchar(2)`, `1.5::int`), but a server
    /// has already evaluated what it prints, and people do not write such defaults for a column of
    /// another type; only calls whose result a cast converts are left to a server.
    fn cast(self) -> Option<Self> {
        match self {
            Self::Now | Self::NextVal(_) => None,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => {
                Some(self)
            }
        }
    }
}

fn same_items(a: &[Value], b: &[Value], class: ValueClass) -> Option<bool> {
    let element = ValueType {
        class,
        array: false,
    };
    if a.len() != b.len() {
        return Some(false);
    }
    let mut same = Some(true);
    for (a, b) in a.iter().zip(b) {
        match a.same_as(b, element) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => same = None,
        }
    }
    same
}

/// The items of an array constant such as `{a,"b c",NULL}`; nested arrays are not read.
fn array_items(text: &str) -> Option<Vec<Value>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut items = Vec::new();
    let mut chars = inner.chars().peekable();
    if inner.trim().is_empty() {
        return Some(items);
    }
    loop {
        while chars.next_if(|it| it.is_ascii_whitespace()).is_some() {}
        let mut item = String::new();
        let quoted = chars.next_if_eq(&'"').is_some();
        loop {
            match chars.peek() {
                Some('\\') => {
                    chars.next();
                    item.push(chars.next()?);
                }
                Some('"') if quoted => {
                    chars.next();
                    break;
                }
                Some('{' | '}' | '"') if !quoted => return None,
                Some(',') if !quoted => break,
                Some(it) => {
                    item.push(*it);
                    chars.next();
                }
                None if quoted => return None,
                None => break,
            }
        }
        let bare = item.trim_end();
        items.push(match quoted {
            false if bare.eq_ignore_ascii_case("null") => Value::Null,
            false => Value::String(bare.to_owned()),
            true => Value::String(item),
        });
        while chars.next_if(|it| it.is_ascii_whitespace()).is_some() {}
        match chars.next() {
            Some(',') => {}
            None => return Some(items),
            Some(_) => return None,
        }
    }
}

fn bool_of(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "t" | "true" | "y" | "yes" | "on" | "1" => Some(true),
        "f" | "false" | "n" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}

fn same_text(a: &str, b: &str, class: ValueClass) -> Option<bool> {
    match class {
        ValueClass::Text | ValueClass::Json => Some(false),
        ValueClass::Uuid => same_uuid(a, b),
        ValueClass::Number => same_number(a, b),
        ValueClass::Bool => Some(bool_of(a)? == bool_of(b)?),
        ValueClass::Jsonb => {
            let (a, b) = (parse_json(a)?, parse_json(b)?);
            Some(a == b)
        }
        ValueClass::Bytes => Some(bytes_of(a)? == bytes_of(b)?),
        ValueClass::Date => Some(Moment::parse(a)?.date == Moment::parse(b)?.date),
        ValueClass::Time => Some(Moment::parse(a)?.micros == Moment::parse(b)?.micros),
        ValueClass::Timestamp => {
            let (a, b) = (Moment::parse(a)?, Moment::parse(b)?);
            Some((a.date?, a.micros) == (b.date?, b.micros))
        }
        ValueClass::TimestampTz => {
            Some(Moment::parse(a)?.instant()? == Moment::parse(b)?.instant()?)
        }
        ValueClass::Other => None,
    }
}

/// `None` also for numbers with so many digits that a double might not hold them.
fn parse_json(text: &str) -> Option<serde_json::Value> {
    let long = text
        .split(|it: char| !it.is_ascii_digit() && it != '.')
        .any(|it| it.len() > 15);
    (!long).then(|| serde_json::from_str(text).ok())?
}

fn same_uuid(a: &str, b: &str) -> Option<bool> {
    let digits = |text: &str| -> Option<String> {
        let found: String = text
            .chars()
            .filter(|it| !matches!(it, '-' | '{' | '}'))
            .map(|it| it.to_ascii_lowercase())
            .collect();
        (found.len() == 32 && found.bytes().all(|it| it.is_ascii_hexdigit())).then_some(found)
    };
    Some(digits(a)? == digits(b)?)
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let Some(hex) = text.strip_prefix("\\x") else {
        return (!text.contains('\\')).then(|| text.as_bytes().to_vec());
    };
    let digits: Vec<u8> = hex
        .chars()
        .filter(|it| !it.is_ascii_whitespace())
        .map(|it| it.to_digit(16).map(|it| it as u8))
        .collect::<Option<_>>()?;
    digits
        .len()
        .is_multiple_of(2)
        .then(|| digits.chunks(2).map(|it| it[0] << 4 | it[1]).collect())
}

/// Compares decimal spellings exactly: `1`, `1.0`, `+1`, `10e-1` are the same.
fn same_number(a: &str, b: &str) -> Option<bool> {
    Some(Decimal::parse(a)? == Decimal::parse(b)?)
}

/// Sign, digits without zeros at either end, and the power of ten of the last digit.
#[derive(PartialEq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all: String = [whole, fraction].concat();
        if all.is_empty() || !all.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        let digits = all.trim_start_matches('0');
        let short = digits.trim_end_matches('0');
        let dropped = (digits.len() - short.len()) as i64;
        let zero = short.is_empty();
        Some(Self {
            negative: negative && !zero,
            digits: short.to_owned(),
            exponent: if zero {
                0
            } else {
                i64::from(exponent) - fraction.len() as i64 + dropped
            },
        })
    }
}

/// The name inside `nextval('…')`, split at its point: schema if written, and name, both unquoted.
pub fn sequence_name(text: &str) -> Option<(Option<String>, String)> {
    let mut parts = Vec::new();
    let mut expects_name = true;
    for token in tokens(text) {
        match token.kind {
            TokenKind::Word | TokenKind::QuotedIdent if expects_name => {
                parts.push(ident_value(token.text(text)).into_owned());
            }
            TokenKind::Punctuation if !expects_name && token.is(text, ".") => {}
            TokenKind::Word
            | TokenKind::QuotedIdent
            | TokenKind::String
            | TokenKind::EscapeString
            | TokenKind::BitString
            | TokenKind::DollarString
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Operator
            | TokenKind::Punctuation
            | TokenKind::Comment
            | TokenKind::Unterminated
            | TokenKind::Other => return None,
        }
        expects_name = !expects_name;
    }
    let name = parts.pop()?;
    match (parts.pop(), parts.is_empty(), expects_name) {
        (schema, true, false) => Some((schema, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::ValueClass::*;
    use super::*;

    fn same(a: &str, b: &str, class: ValueClass) -> Option<bool> {
        let array = [a, b].iter().any(|it| it.contains("[]"));
        Value::parse(a)?.same_as(&Value::parse(b)?, ValueType { class, array })
    }

    #[test]
    fn what_a_server_prints_equals_what_people_write() {
        for (written, printed, class) in [
            ("CURRENT_TIMESTAMP", "now()", TimestampTz),
            ("-5", "'-5'::integer", Number),
            ("1.50", "1.5", Number),
            ("1e3", "1000", Number),
            ("-1", "(-1)", Number),
            ("true", "true", Bool),
            ("'t'", "true", Bool),
            ("'USER'", "'USER'::public.\"Role\"", Text),
            ("'it''s'", "'it''s'::character varying(20)", Text),
            ("ARRAY['a', 'b']::TEXT[]", "'{a,b}'::text[]", Text),
            ("'{a, \"b\"}'", "'{a,b}'::text[]", Text),
            ("ARRAY[]::TEXT[]", "'{}'::text[]", Text),
            ("ARRAY[1, -2]::INTEGER[]", "'{1,-2}'::integer[]", Number),
            ("ARRAY['a'::text]", "ARRAY['a'::text]", Text),
            ("'{\"a\":1}'", "'{\"a\": 1}'::jsonb", Jsonb),
            ("'\\x0A'", "'\\x0a'::bytea", Bytes),
            (
                "'2020-01-01 00:00:00.000 +00:00'",
                "'2020-01-01 00:00:00+00'::timestamp with time zone",
                TimestampTz,
            ),
            (
                "'2020-01-01T01:30:00+01:30'",
                "'2020-01-01 00:00:00+00'::timestamp with time zone",
                TimestampTz,
            ),
            (
                "'2020-01-01 12:00:00.5 +02:00'",
                "'2020-01-01 12:00:00.5'::timestamp without time zone",
                Timestamp,
            ),
            ("'2020-02-29 00:00:00 +00:00'", "'2020-02-29'::date", Date),
            (
                "'1970-01-01 12:34:56 +00:00'",
                "'12:34:56'::time without time zone",
                Time,
            ),
            (
                "'6B29FC40-CA47-1067-B31D-00DD010662DA'",
                "'6b29fc40-ca47-1067-b31d-00dd010662da'::uuid",
                Uuid,
            ),
        ] {
            assert_eq!(
                same(written, printed, class),
                Some(true),
                "{written} | {printed}"
            );
        }
    }

    #[test]
    fn different_values_are_different() {
        for (a, b, class) in [
            ("5", "'-5'::integer", Number),
            ("'a'", "'b'::text", Text),
            ("true", "false", Bool),
            ("CURRENT_TIMESTAMP", "'a'::text", Text),
            ("ARRAY['a']", "'{a,b}'::text[]", Text),
            ("'{a,b}'", "'{a,c}'::text[]", Text),
            ("'{a}'", "'{ a }'::text", Text),
            ("'{\"a\":1}'", "'{\"a\": 2}'::jsonb", Jsonb),
            (
                "'2020-01-01 00:00:00Z'",
                "'2020-01-01 00:00:00+01'::timestamptz",
                TimestampTz,
            ),
            ("NULL", "1", Number),
        ] {
            assert_eq!(same(a, b, class), Some(false), "{a} | {b}");
        }
    }

    #[test]
    fn what_text_cannot_tell_is_undecided() {
        assert_eq!(same("'1 year'", "'12 mons'::interval", Other), None);
        assert_eq!(
            same(
                "'2020-01-01 00:00:00'",
                "'2020-01-01 00:00:00+00'::timestamptz",
                TimestampTz
            ),
            None
        );
        for sql in [
            "now() + '1 day'",
            "lower('a')",
            "now()::date",
            "a",
            "",
            "(",
            "ARRAY[1",
            "'a' || 'b'",
        ] {
            assert_eq!(Value::parse(sql), None, "{sql}");
        }
    }

    #[test]
    fn nesting_without_end_is_left_to_a_server() {
        assert_eq!(Value::parse(&"(".repeat(100_000)), None);
        assert_eq!(Value::parse(&"-".repeat(100_000)), None);
    }

    #[test]
    fn a_sequence_name_is_split_and_unquoted() {
        assert_eq!(
            sequence_name("public.\"User_id_seq\""),
            Some((Some("public".into()), "User_id_seq".into()))
        );
        assert_eq!(sequence_name("a_seq"), Some((None, "a_seq".into())));
        assert_eq!(sequence_name("a.b.c"), None);
        assert_eq!(sequence_name("a."), None);
    }
}
