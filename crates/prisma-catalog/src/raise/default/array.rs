//! `'{…}'`: an array as the server prints it.

use driftless_psl::{NativeType, ScalarType};

use super::{Constant, number};
use crate::raise::column_type::ColumnType;

/// The elements of an array, if all are constants that Prisma can write.
///
/// Prisma knows words of ASCII letters, digits, underscores and hyphens, numbers in arrays of numbers, and what
/// stands in double quotes. It takes NULL for a word.
///
/// Follows PostgreSQL, Arrays, Array Input and Output Syntax.
pub(super) fn literal(
    text: &str,
    ty: &ColumnType,
    prisma_compatible: bool,
) -> Option<Vec<Constant>> {
    let mut rest = text.strip_prefix('{')?;
    let mut values = Vec::new();
    if rest == "}" {
        return Some(values);
    }
    loop {
        let (element, behind) = match rest.strip_prefix('"') {
            Some(inner) => {
                let (element, behind) = quoted(inner)?;
                (element, behind)
            }
            None => {
                let (word, behind) = rest.split_at(rest.find([',', '}'])?);
                let is_null = word == "NULL" && !prisma_compatible;
                (is_bare(word, ty) && !is_null).then_some(())?;
                (word.to_owned(), behind)
            }
        };
        values.push(constant(element, ty)?);
        match behind.strip_prefix(',') {
            Some(behind) => rest = behind,
            None if behind == "}" => return Some(values),
            None => return None,
        }
    }
}

/// What stands in front of the closing quote, with escapes resolved, and what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, it)) = chars.next() {
        match it {
            '"' => return Some((out, &text[at + 1..])),
            '\\' => out.push(chars.next()?.1),
            it => out.push(it),
        }
    }
    None
}

fn is_bare(word: &str, ty: &ColumnType) -> bool {
    let is_number = word.starts_with(|it: char| it.is_ascii_digit() || it == '-');
    match is_number {
        true => matches!(
            ty.scalar(),
            Some(ScalarType::Int | ScalarType::BigInt | ScalarType::Float | ScalarType::Decimal)
        ),
        false => {
            word.starts_with(|it: char| it.is_ascii_alphabetic())
                && word
                    .bytes()
                    .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'))
        }
    }
}

fn constant(text: String, ty: &ColumnType) -> Option<Constant> {
    if *ty == ColumnType::Native(NativeType::Uuid) {
        return None;
    }
    match (ty, ty.scalar()) {
        (ColumnType::Enum(_), _) => Some(Constant::Label(text)),
        (_, Some(ScalarType::String | ScalarType::Json)) => Some(Constant::String(text)),
        (_, Some(ScalarType::Int | ScalarType::BigInt)) => {
            let number: i64 = text.parse().ok()?;
            Some(Constant::Plain(number.to_string()))
        }
        (_, Some(ScalarType::Float | ScalarType::Decimal)) => {
            number::plain(&text).map(Constant::Plain)
        }
        (_, Some(ScalarType::Boolean)) => match &*text {
            "t" | "true" => Some(Constant::Plain("true".to_owned())),
            "f" | "false" => Some(Constant::Plain("false".to_owned())),
            _ => None,
        },
        (_, Some(ScalarType::Bytes | ScalarType::DateTime) | None) => None,
    }
}
