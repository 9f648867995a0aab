use std::fmt;
use std::sync::Arc;

use driftless_sql_text::{Token, TokenKind, ident_value, quote_ident, tokens};

use crate::{Ident, QualifiedName};

/// A type as a column, argument or cast has it: which type, with which modifier, an array or not.
///
/// Displays as the server's `format_type` does with an empty search path: `character varying(20)`,
/// `timestamp(3) without time zone`, `public."Role"[]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataType {
    /// Which type.
    pub name: TypeName,
    /// What stands in parentheses, with one space after no comma: `20`, `65,30`, `Point,4326`; for an
    /// `interval` also its fields: `day to second(3)`.
    pub modifier: Option<Arc<str>>,
    /// How many `[]`. PostgreSQL keeps only whether there are any.
    pub dimensions: u8,
}

/// The name of a type as it stands in `pg_type`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeName {
    /// `pg_catalog` for built-in types; `None` if the search path decides, as for what a person wrote.
    pub schema: Option<Ident>,
    /// `int4`, `varchar`, `Role`: never the longer spelling of the SQL standard.
    pub name: Arc<str>,
}

/// Built-in types whose SQL name is not their `pg_type.typname`.
const SPELLED: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("bpchar", "character"),
    ("varchar", "character varying"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("varbit", "bit varying"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
];

/// Further spellings that people use.
const ALIASES: &[(&str, &str)] = &[
    ("int", "int4"),
    ("decimal", "numeric"),
    ("dec", "numeric"),
    ("char", "bpchar"),
    ("char varying", "varchar"),
    ("national character varying", "varchar"),
    ("national char varying", "varchar"),
    ("nchar varying", "varchar"),
    ("nchar", "bpchar"),
    ("national character", "bpchar"),
    ("national char", "bpchar"),
    ("float", "float8"),
    ("serial", "int4"),
    ("serial4", "int4"),
    ("bigserial", "int8"),
    ("serial8", "int8"),
    ("smallserial", "int2"),
    ("serial2", "int2"),
];

impl TypeName {
    /// A type of `pg_catalog` by its `typname`, such as `int4`.
    pub fn builtin(name: &str) -> Self {
        Self {
            // A constant of this length is always a name.
            schema: Ident::new("pg_catalog").ok(),
            name: name.into(),
        }
    }

    /// A type with its schema.
    pub fn qualified(name: &QualifiedName) -> Self {
        Self {
            schema: Some(name.schema.clone()),
            name: name.name.as_str().into(),
        }
    }

    /// Whether it is the built-in type with that `typname`.
    pub fn is_builtin(&self, name: &str) -> bool {
        self.in_pg_catalog() && &*self.name == name
    }

    /// Whether it is a built-in type.
    pub fn in_pg_catalog(&self) -> bool {
        self.schema.as_ref().is_some_and(|it| *it == "pg_catalog")
    }

    /// The name of a type that is not built in, if its schema is known.
    pub fn user_defined(&self) -> Option<QualifiedName> {
        match &self.schema {
            Some(schema) if !self.in_pg_catalog() => Some(QualifiedName::new(
                schema.clone(),
                Ident::new(&self.name).ok()?,
            )),
            _ => None,
        }
    }
}

impl DataType {
    /// A built-in type by its `typname`, without modifier.
    pub fn builtin(name: &str) -> Self {
        Self {
            name: TypeName::builtin(name),
            modifier: None,
            dimensions: 0,
        }
    }

    /// A type with a schema of its own, without modifier.
    pub fn user_defined(name: &QualifiedName) -> Self {
        Self {
            name: TypeName::qualified(name),
            modifier: None,
            dimensions: 0,
        }
    }

    /// With that modifier.
    #[must_use]
    pub fn with_modifier(mut self, modifier: impl Into<Arc<str>>) -> Self {
        self.modifier = Some(modifier.into());
        self
    }

    /// An array of it.
    #[must_use]
    pub fn array(mut self) -> Self {
        self.dimensions = 1;
        self
    }

    /// Whether it is an array.
    pub fn is_array(&self) -> bool {
        self.dimensions > 0
    }

    /// The type of the elements of an array, or the type itself.
    #[must_use]
    pub fn element(&self) -> Self {
        Self {
            dimensions: 0,
            ..self.clone()
        }
    }

    /// Reads a type as SQL spells it, in any spelling that PostgreSQL accepts, or `None` if it is none.
    ///
    /// Names without a schema are built-in types if PostgreSQL has one of that name, else left to the
    /// search path. `serial` is read as the integer that it is.
    ///
    /// ```
    /// use driftless_catalog::DataType;
    ///
    /// let read = |text| DataType::parse(text).unwrap().to_string();
    /// assert_eq!(read("VARCHAR ( 20 )"), "character varying(20)");
    /// assert_eq!(read("timestamptz(3)[]"), "timestamp(3) with time zone[]");
    /// assert_eq!(read("Decimal(65, 30)"), "numeric(65,30)");
    /// assert_eq!(read("extensions.vector(3)"), "extensions.vector(3)");
    /// assert_eq!(read("double precision"), "double precision");
    /// assert!(DataType::parse("a +").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let tokens: Vec<Token> = tokens(text)
            .filter(|it| it.kind != TokenKind::Comment)
            .collect();
        Reader {
            text,
            tokens: &tokens,
            at: 0,
        }
        .read()
    }

    /// Whether both hold the same values: modifiers that PostgreSQL implies are written out, and a name
    /// without schema fits any.
    pub fn same_as(&self, other: &Self) -> bool {
        let same_name = match (&self.name.schema, &other.name.schema) {
            (Some(a), Some(b)) => a == b && self.name.name == other.name.name,
            (None, _) | (_, None) => self.name.name == other.name.name,
        };
        same_name
            && self.is_array() == other.is_array()
            && self.effective_modifier() == other.effective_modifier()
    }

    fn effective_modifier(&self) -> Option<&str> {
        let implied = || match &*self.name.name {
            _ if !self.name.in_pg_catalog() => None,
            "time" | "timetz" | "timestamp" | "timestamptz" => Some("6"),
            _ => None,
        };
        self.modifier.as_deref().or_else(implied)
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn read(mut self) -> Option<DataType> {
        let first = self.tokens.first()?;
        let quoted = first.kind == TokenKind::QuotedIdent;
        let mut name = self.ident()?;
        let mut schema = None;
        if self.eat(".") {
            schema = Some(Ident::cut(&name).ok()?);
            name = self.ident()?;
        }
        let mut words = vec![name];
        while !quoted && schema.is_none() && self.word_is_part_of_name(&words) {
            words.push(self.ident()?);
        }
        let mut modifier = self.parentheses()?;
        if words.first().is_some_and(|it| it == "interval") && schema.is_none() {
            modifier = self.interval_fields(modifier)?;
        }
        // `timestamp(3) with time zone`: the name goes on behind the modifier.
        let zone = ["with", "without"]
            .into_iter()
            .find(|it| self.word(0) == Some(*it));
        if zone.is_some() {
            self.at += 1;
            (self.ident()? == "time" && self.ident()? == "zone").then_some(())?;
        }
        let dimensions = self.brackets()?;
        if self.at != self.tokens.len() {
            return None;
        }
        let spelled = words.join(" ");
        // The standard's `character` and `bit` have length 1; `bpchar` and `"bit"` have none.
        let length_one = [
            "char",
            "character",
            "nchar",
            "national char",
            "national character",
            "bit",
        ];
        if !quoted && schema.is_none() && length_one.contains(&spelled.as_str()) {
            modifier.get_or_insert_with(|| "1".to_owned());
        }
        let name = match (schema, quoted) {
            (Some(schema), _) => TypeName {
                schema: Some(schema),
                name: words.pop()?.into(),
            },
            (None, true) => quoted_name(words.pop()?),
            (None, false) => unquoted_name(&spelled, zone),
        };
        Some(DataType {
            name,
            modifier: modifier.map(Into::into),
            dimensions,
        })
    }

    fn ident(&mut self) -> Option<String> {
        let token = self.tokens.get(self.at)?;
        matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent).then_some(())?;
        self.at += 1;
        Some(ident_value(token.text(self.text)).into_owned())
    }

    fn eat(&mut self, punctuation: &str) -> bool {
        let found = self
            .tokens
            .get(self.at)
            .is_some_and(|it| it.is(self.text, punctuation));
        self.at += usize::from(found);
        found
    }

    /// The unquoted word `ahead` tokens further on, if it is one that belongs to a type's name.
    fn word(&self, ahead: usize) -> Option<&'static str> {
        let token = self.tokens.get(self.at + ahead)?;
        [
            "varying",
            "precision",
            "with",
            "without",
            "character",
            "char",
            "to",
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "second",
        ]
        .into_iter()
        .find(|it| token.is_word(self.text, it))
    }

    fn word_is_part_of_name(&self, before: &[String]) -> bool {
        let last = before.last().map_or("", String::as_str);
        match self.word(0) {
            Some("varying") => matches!(last, "character" | "char" | "nchar" | "bit"),
            Some("precision") => last == "double",
            Some("character" | "char") => last == "national",
            _ => false,
        }
    }

    fn parentheses(&mut self) -> Option<Option<String>> {
        if !self.eat("(") {
            return Some(None);
        }
        let mut inner = String::new();
        while !self.eat(")") {
            inner.push_str(self.tokens.get(self.at)?.text(self.text));
            self.at += 1;
        }
        Some(Some(inner))
    }

    fn interval_fields(&mut self, precision: Option<String>) -> Option<Option<String>> {
        let mut fields = Vec::new();
        while let Some(word) = self.word(0) {
            fields.push(word);
            self.at += 1;
        }
        let precision = match precision {
            None if !fields.is_empty() => self.parentheses()?,
            other => other,
        };
        let fields = fields.join(" ");
        Some(match (fields.is_empty(), precision) {
            (true, precision) => precision,
            (false, Some(precision)) => Some(format!("{fields}({precision})")),
            (false, None) => Some(fields),
        })
    }

    fn brackets(&mut self) -> Option<u8> {
        let mut dimensions = 0u8;
        while self.eat("[") {
            while !self.eat("]") {
                (self.tokens.get(self.at)?.kind == TokenKind::Number).then_some(())?;
                self.at += 1;
            }
            dimensions = dimensions.saturating_add(1);
        }
        Some(dimensions)
    }
}

fn quoted_name(name: String) -> TypeName {
    match name == "char" || is_builtin(&name) {
        true => TypeName::builtin(&name),
        false => TypeName {
            schema: None,
            name: name.into(),
        },
    }
}

fn unquoted_name(spelled: &str, zone: Option<&str>) -> TypeName {
    let name = match (spelled, zone) {
        ("timestamp", Some("with")) => "timestamptz",
        ("time", Some("with")) => "timetz",
        (other, _) => SPELLED
            .iter()
            .map(|(name, spelled)| (*spelled, *name))
            .chain(ALIASES.iter().copied())
            .find(|(spelled, _)| *spelled == other)
            .map_or(other, |(_, name)| name),
    };
    match is_builtin(name) {
        true => TypeName::builtin(name),
        false => TypeName {
            schema: None,
            name: name.into(),
        },
    }
}

/// The base and range types of `pg_catalog` that columns have.
fn is_builtin(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "aclitem",
        "bit",
        "bool",
        "box",
        "bpchar",
        "bytea",
        "cid",
        "cidr",
        "circle",
        "date",
        "datemultirange",
        "daterange",
        "float4",
        "float8",
        "gtsvector",
        "inet",
        "int2",
        "int2vector",
        "int4",
        "int4multirange",
        "int4range",
        "int8",
        "int8multirange",
        "int8range",
        "interval",
        "json",
        "jsonb",
        "jsonpath",
        "line",
        "lseg",
        "macaddr",
        "macaddr8",
        "money",
        "name",
        "nummultirange",
        "numrange",
        "numeric",
        "oid",
        "oidvector",
        "path",
        "pg_lsn",
        "pg_snapshot",
        "point",
        "polygon",
        "refcursor",
        "regclass",
        "regcollation",
        "regconfig",
        "regdictionary",
        "regnamespace",
        "regoper",
        "regoperator",
        "regproc",
        "regprocedure",
        "regrole",
        "regtype",
        "text",
        "tid",
        "time",
        "timestamp",
        "timestamptz",
        "timetz",
        "tsmultirange",
        "tsquery",
        "tsrange",
        "tstzmultirange",
        "tstzrange",
        "tsvector",
        "txid_snapshot",
        "uuid",
        "varbit",
        "varchar",
        "void",
        "trigger",
        "record",
        "xid",
        "xid8",
        "xml",
    ];
    NAMES.contains(&name)
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.in_pg_catalog() {
            if let Some(schema) = &self.schema {
                write!(f, "{schema}.")?;
            }
            return f.write_str(&quote_ident(&self.name));
        }
        match SPELLED.iter().find(|(name, _)| **name == *self.name) {
            Some((_, spelled)) => f.write_str(spelled),
            None if &*self.name == "char" => f.write_str("\"char\""),
            // These are keywords, but as type names they go bare.
            None => f.write_str(&self.name),
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.to_string();
        match (&self.modifier, name.split_once(' ')) {
            (Some(modifier), Some((head, tail)))
                if self.name.in_pg_catalog() && tail.ends_with("time zone") =>
            {
                write!(f, "{head}({modifier}) {tail}")?;
            }
            (Some(modifier), _) if self.name.is_builtin("interval") => {
                match modifier.starts_with(|it: char| it.is_ascii_digit()) {
                    true => write!(f, "{name}({modifier})")?,
                    false => write!(f, "{name} {modifier}")?,
                }
            }
            (Some(modifier), _) => write!(f, "{name}({modifier})")?,
            // Without a length it is not the `character` of the standard, which has length 1.
            (None, _) if self.name.is_builtin("bpchar") => f.write_str("bpchar")?,
            (None, _) if self.name.is_builtin("bit") => f.write_str("\"bit\"")?,
            (None, _) => f.write_str(&name)?,
        }
        (0..self.dimensions).try_for_each(|_| f.write_str("[]"))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for DataType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for DataType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no type")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> DataType {
        DataType::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn what_format_type_prints_is_read_back() {
        for text in [
            "integer",
            "character varying(20)",
            "character(3)",
            "bpchar",
            "\"char\"",
            "\"bit\"",
            "bit(4)",
            "bit varying(4)",
            "timestamp(3) without time zone",
            "timestamp with time zone",
            "time(0) with time zone",
            "numeric(10,2)",
            "numeric(3,-2)",
            "interval",
            "interval(3)",
            "interval day to second(3)",
            "interval year to month",
            "double precision[]",
            "public.\"Role\"[]",
            "extensions.vector(3)",
            "public.geometry(Point,4326)",
            "\"my schema\".\"my \"\"type\"",
            "text[]",
        ] {
            assert_eq!(read(text).to_string(), text);
        }
    }

    #[test]
    fn other_spellings_are_the_same_type() {
        for (a, b) in [
            ("INT", "integer"),
            ("Float8", "double precision"),
            ("VARBIT(3)", "bit varying(3)"),
            ("CHAR(3)", "character(3)"),
            ("CHAR", "character(1)"),
            ("national character varying(3)", "character varying(3)"),
            ("timestamptz", "timestamp with time zone"),
            ("text[3][]", "text[]"),
            ("bigserial", "bigint"),
            ("pg_catalog.int4", "integer"),
        ] {
            let (a, b) = (read(a), read(b));
            assert!(a.same_as(&b), "{a} | {b}");
        }
    }

    #[test]
    fn implied_modifiers_are_the_same_but_kept_apart() {
        assert!(read("timestamp").same_as(&read("timestamp(6)")));
        assert_ne!(read("timestamp"), read("timestamp(6)"));
        assert!(!read("timestamp").same_as(&read("timestamp(3)")));
        assert!(!read("varchar").same_as(&read("varchar(1)")));
        assert!(!read("bpchar").same_as(&read("char")));
    }

    #[test]
    fn a_name_without_schema_fits_any_schema() {
        assert!(read("citext").same_as(&read("extensions.citext")));
        assert!(!read("public.citext").same_as(&read("extensions.citext")));
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for text in [
            "", "a b c", "(3)", "a.b.c", "text[", "numeric(", "1", "a; drop",
        ] {
            assert!(DataType::parse(text).is_none(), "{text}");
        }
    }
}
