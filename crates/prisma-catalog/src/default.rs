//! Defaults as Prisma writes them.

use driftless_psl::{DefaultValue, Enum, FieldType, ScalarType};

/// The text behind `DEFAULT`, or `None` if the database is told of none.
///
/// `element` is the column's type without `[]`. Follows the Prisma schema reference, `@default`.
pub(crate) fn default_text(
    value: &DefaultValue,
    ty: &FieldType,
    enumeration: Option<&Enum>,
    element: &str,
) -> Option<String> {
    let text = match value {
        // A `SERIAL` column says it by its type.
        DefaultValue::Autoincrement
        // Prisma Client makes these.
        | DefaultValue::Uuid(_)
        | DefaultValue::Ulid
        | DefaultValue::Cuid(_)
        | DefaultValue::Nanoid(_)
        | DefaultValue::DbGenerated(None) => return None,
        DefaultValue::Now => "CURRENT_TIMESTAMP".to_owned(),
        DefaultValue::DbGenerated(Some(expression)) => expression.clone(),
        DefaultValue::Number(number) => number.clone(),
        DefaultValue::Boolean(flag) => flag.to_string(),
        DefaultValue::EnumValue(name) => {
            let value = enumeration.and_then(|it| it.value(name));
            quoted(value.map_or(name, |it| it.database_name()))
        }
        DefaultValue::String(text) => string(text, ty),
        DefaultValue::List(items) => {
            let items: Vec<String> = items
                .iter()
                .filter_map(|it| default_text(it, ty, enumeration, element))
                .collect();
            format!("ARRAY[{}]::{element}[]", items.join(", "))
        }
    };
    Some(text)
}

fn string(text: &str, ty: &FieldType) -> String {
    match ty {
        FieldType::Scalar(ScalarType::Bytes) => match decode_base64(text) {
            Some(bytes) => {
                let digits: Vec<String> = bytes.iter().map(|it| format!("{it:02x}")).collect();
                format!("'\\x{}'", digits.concat())
            }
            None => quoted(text),
        },
        FieldType::Scalar(ScalarType::DateTime) => quoted(&date_time(text)),
        // A decimal may be written as a string to keep its digits.
        FieldType::Scalar(ScalarType::Decimal) => text.to_owned(),
        FieldType::Scalar(_) | FieldType::Enum(_) | FieldType::Unsupported(_) => quoted(text),
    }
}

/// A string constant with `standard_conforming_strings` on: only quotes are doubled.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// RFC 3339 as Prisma writes it back: a blank for the `T`, a blank before the zone, `Z` as `+00:00`, and a
/// fraction of none, three, six or nine digits.
fn date_time(text: &str) -> String {
    let parts = || {
        let (date, rest) = (text.get(..10)?, text.get(11..)?);
        let zone_at = rest.find(['Z', 'z', '+', '-'])?;
        let (clock, zone) = rest.split_at(zone_at);
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let fraction = match fraction.trim_end_matches('0') {
            "" => String::new(),
            digits => {
                let width = digits.len().div_ceil(3) * 3;
                format!(".{digits:0<width$}")
            }
        };
        let zone = if zone.eq_ignore_ascii_case("z") {
            "+00:00"
        } else {
            zone
        };
        Some(format!("{date} {clock}{fraction} {zone}"))
    };
    parts().unwrap_or_else(|| text.to_owned())
}

/// Follows RFC 4648, section 4. `None` for what is not base64; validation has said so already.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        buffer = (buffer << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_prisma_writes_it() {
        for (text, sql) in [
            ("2020-01-01T00:00:00Z", "2020-01-01 00:00:00 +00:00"),
            ("2020-01-01T00:00:00.1Z", "2020-01-01 00:00:00.100 +00:00"),
            (
                "2020-01-01T00:00:00.123456Z",
                "2020-01-01 00:00:00.123456 +00:00",
            ),
            (
                "2020-01-01T00:00:00.000+05:30",
                "2020-01-01 00:00:00 +05:30",
            ),
        ] {
            assert_eq!(date_time(text), sql);
        }
    }

    #[test]
    fn bytes_are_decoded() {
        assert_eq!(decode_base64("aGVsbG8=").unwrap(), b"hello");
        assert_eq!(decode_base64("").unwrap(), b"");
        assert_eq!(decode_base64("/+8=").unwrap(), [0xff, 0xef]);
        assert!(decode_base64("a b").is_none());
    }
}
