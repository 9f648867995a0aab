//! Defaults of columns as defaults of fields.

mod array;
mod number;
mod reader;

use driftless_catalog::Ident;
use driftless_psl::{Arity, NativeType, ScalarType};

use super::column_type::ColumnType;
use super::search_path::visible;
use reader::Reader;

/// The default of a column, as far as Prisma understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SeenDefault {
    /// A sequence.
    Autoincrement,
    /// The current moment.
    Now,
    /// A constant.
    Value(Constant),
    /// Constants.
    List(Vec<Constant>),
    /// Anything else, as the server prints it.
    DbGenerated(String),
}

/// A constant of a default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Constant {
    /// Written in quotes.
    String(String),
    /// Written as it is: a number or a truth value.
    Plain(String),
    /// The label of an enum.
    Label(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// How defaults are read.
#[derive(Clone, Copy)]
pub(super) struct Defaults<'c> {
    /// The schema that names need not be qualified with.
    pub(super) schema: &'c Ident,
    /// Whether a list is read as Prisma reads it, also where it means something else.
    pub(super) prisma_compatible: bool,
}

impl Defaults<'_> {
    /// What the expression `printed` means for a column of that type; `None` for NULL.
    ///
    /// Prisma takes for a constant what looks like one of the column's type, a cast of it included; what does not
    /// is left to the database.
    pub(super) fn read(&self, printed: &str, ty: &ColumnType, arity: Arity) -> Option<SeenDefault> {
        if printed.trim_start().starts_with("NULL") {
            return None;
        }
        let understood = match arity {
            Arity::List => self.list(printed, ty).map(SeenDefault::List),
            Arity::Required | Arity::Optional => single(printed, ty),
        };
        Some(understood.unwrap_or_else(|| {
            SeenDefault::DbGenerated(visible(printed, self.schema).into_owned())
        }))
    }

    fn list(&self, printed: &str, ty: &ColumnType) -> Option<Vec<Constant>> {
        let mut reader = Reader::new(printed);
        let values = match reader.string() {
            Some(text) => array::literal(&text, ty, self.prisma_compatible)?,
            None => {
                let in_parentheses = reader.eat("(");
                let values = constructor(&mut reader, ty)?;
                if in_parentheses {
                    reader.cast();
                    // Prisma looks no further, and takes the first of several arrays for all of them.
                    (self.prisma_compatible || reader.eat(")")).then_some(())?;
                }
                values
            }
        };
        reader.cast();
        (self.prisma_compatible || reader.is_done()).then_some(values)
    }
}

fn single(printed: &str, ty: &ColumnType) -> Option<SeenDefault> {
    let mut reader = Reader::new(printed);
    let found = match ty.scalar() {
        Some(ScalarType::Int | ScalarType::BigInt) if reader.is_next_value() => {
            return Some(SeenDefault::Autoincrement);
        }
        Some(ScalarType::DateTime) => {
            let is_now = reader.is_now();
            reader.cast();
            is_now.then_some(SeenDefault::Now)
        }
        _ => constant(&mut reader, ty).map(SeenDefault::Value),
    };
    found.filter(|_| reader.is_done())
}

/// A constant of that type with a cast behind it, if there is one.
fn constant(reader: &mut Reader<'_>, ty: &ColumnType) -> Option<Constant> {
    let native = match ty {
        ColumnType::Native(NativeType::Uuid) | ColumnType::Unsupported(_) => return None,
        ColumnType::Enum(_) => {
            let label = reader.string().or_else(|| reader.word())?;
            reader.cast();
            return Some(Constant::Label(label));
        }
        ColumnType::Native(native) => native,
    };
    match native.scalar_type() {
        ScalarType::String | ScalarType::Json => {
            let text = reader.string()?;
            reader.cast();
            Some(Constant::String(text))
        }
        ScalarType::Int | ScalarType::BigInt => {
            let text = match reader.string() {
                Some(text) => {
                    reader.cast();
                    text
                }
                None => reader.number()?,
            };
            let number: i64 = text.parse().ok()?;
            Some(Constant::Plain(number.to_string()))
        }
        ScalarType::Float | ScalarType::Decimal => {
            let text = match reader.string() {
                Some(text) => text,
                None => {
                    let in_parentheses = reader.eat("(");
                    let text = reader.number()?;
                    (!in_parentheses || reader.eat(")")).then_some(())?;
                    text
                }
            };
            reader.cast();
            number::plain(&text).map(Constant::Plain)
        }
        ScalarType::Boolean => {
            let text = reader.word()?;
            let flag: bool = text.to_ascii_lowercase().parse().ok()?;
            Some(Constant::Plain(flag.to_string()))
        }
        ScalarType::Bytes => {
            let text = reader.string()?;
            reader.cast();
            number::hexadecimal(text.strip_prefix("\\x")?).map(Constant::Bytes)
        }
        ScalarType::DateTime => None,
    }
}

/// `ARRAY[…]` of constants.
fn constructor(reader: &mut Reader<'_>, ty: &ColumnType) -> Option<Vec<Constant>> {
    (reader.word()?.eq_ignore_ascii_case("array") && reader.eat("[")).then_some(())?;
    let mut values = Vec::new();
    while !reader.eat("]") {
        if !values.is_empty() {
            reader.eat(",").then_some(())?;
        }
        values.push(constant(reader, ty)?);
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(printed: &str, native: NativeType, arity: Arity) -> Option<SeenDefault> {
        let schema = Ident::new("public").unwrap();
        let defaults = Defaults {
            schema: &schema,
            prisma_compatible: false,
        };
        defaults.read(printed, &ColumnType::Native(native), arity)
    }

    fn value(text: &str) -> Option<SeenDefault> {
        Some(SeenDefault::Value(Constant::Plain(text.to_owned())))
    }

    fn generated(text: &str) -> Option<SeenDefault> {
        Some(SeenDefault::DbGenerated(text.to_owned()))
    }

    #[test]
    fn constants_are_told_from_expressions() {
        let one = |printed, native| read(printed, native, Arity::Required);
        assert_eq!(one("'-3'::integer", NativeType::Integer), value("-3"));
        assert_eq!(
            one("(5)::bigint", NativeType::BigInt),
            generated("(5)::bigint")
        );
        assert_eq!(one("(5)::numeric", NativeType::Decimal(None)), value("5"));
        assert_eq!(one("'1e-07'::real", NativeType::Real), value("0.0000001"));
        assert_eq!(one("true", NativeType::Boolean), value("true"));
        assert_eq!(one("NULL::text", NativeType::Text), None);
        assert_eq!(
            one("public.f('public.x'::text)", NativeType::Text),
            generated("f('public.x'::text)")
        );
        assert_eq!(
            one("nextval('public.s'::regclass)", NativeType::Integer),
            Some(SeenDefault::Autoincrement)
        );
        assert_eq!(one("now()", NativeType::Date), Some(SeenDefault::Now));
        assert_eq!(
            one("CURRENT_TIMESTAMP(3)", NativeType::Timestamp(Some(3))),
            generated("CURRENT_TIMESTAMP(3)")
        );
    }

    #[test]
    fn a_joined_array_is_no_constant() {
        let printed = "(ARRAY['a'::text] || ARRAY['b'::text])";
        let read = read(printed, NativeType::Text, Arity::List);
        assert_eq!(read, generated(printed));
    }
}
