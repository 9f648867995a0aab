//! Literals of `@default` whose form the type of the field limits.

use driftless_finding::{Code, Finding, Severity};

use crate::schema::{DefaultValue, ScalarType};

/// A string that is no JSON, no time, and so on.
pub(crate) static MALFORMED_DEFAULT: Code = Code {
    name: "malformed-default",
    severity: Severity::Error,
    summary: "the default of a field cannot be read as a value of its type",
    explanation: "The default of a `Json` field is JSON, of a `Bytes` field Base64 with its padding, of a `DateTime` a time in \
        the form of RFC 3339 (`2024-02-29T12:00:00Z`), of a `Decimal` a number, and of an `Int` or `BigInt` a whole number of \
        at most 64 bits.",
};

/// What is wrong with a default of type `scalar`.
pub(super) fn check(scalar: ScalarType, value: &DefaultValue) -> Option<Finding> {
    let (is_right, form, example) = match (scalar, value) {
        (ScalarType::Json, DefaultValue::String(text)) => (is_json(text), "JSON", "\"{}\""),
        (ScalarType::Bytes, DefaultValue::String(text)) => (is_base64(text), "Base64", "\"aGk=\""),
        (ScalarType::DateTime, DefaultValue::String(text)) => (
            is_rfc3339(text),
            "a time as in RFC 3339",
            "\"2024-02-29T12:00:00Z\"",
        ),
        (ScalarType::Decimal, DefaultValue::String(text)) => {
            (is_decimal(text), "a number", "\"1.5\"")
        }
        (ScalarType::Int | ScalarType::BigInt, DefaultValue::Number(text)) => (
            text.parse::<i64>().is_ok(),
            "a whole number of at most 64 bits",
            "0",
        ),
        _ => return None,
    };
    if is_right {
        return None;
    }
    let (DefaultValue::String(text) | DefaultValue::Number(text)) = value else {
        return None;
    };
    let message = format!("`{}` is not {form}", text.escape_debug());
    Some(
        Finding::new(&MALFORMED_DEFAULT, message).help(format!("write something like `{example}`")),
    )
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

/// Base64 with padding, and with no bit set that the padding cuts off.
fn is_base64(text: &str) -> bool {
    let digit = |it: u8| match it {
        b'A'..=b'Z' => Some(it - b'A'),
        b'a'..=b'z' => Some(it - b'a' + 26),
        b'0'..=b'9' => Some(it - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let bare = text.trim_end_matches('=').as_bytes();
    let cut_off = match text.len() - bare.len() {
        0 => 0,
        1 => 0b11,
        2 => 0b1111,
        _ => return false,
    };
    text.len().is_multiple_of(4)
        && bare.iter().all(|it| digit(*it).is_some())
        && bare
            .last()
            .and_then(|it| digit(*it))
            .is_none_or(|it| it & cut_off == 0)
        && (cut_off == 0 || !bare.is_empty())
}

/// `[+-] digits [. digits] [e [+-] digits]`, where one of the two runs of digits may be missing, and underscores may stand
/// between digits.
fn is_decimal(text: &str) -> bool {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (text, None),
    };
    let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut digits = whole.bytes().chain(fraction.bytes());
    digits.next().is_some_and(|it| it.is_ascii_digit())
        && digits.all(|it| it.is_ascii_digit() || it == b'_')
        && exponent.is_none_or(|it| it.parse::<i64>().is_ok())
}

/// `2024-02-29T12:00:00.5+01:00`: also with a blank for the `T`, a leap second, and the minus sign of typography.
fn is_rfc3339(text: &str) -> bool {
    parse_time(text).is_some()
}

fn parse_time(text: &str) -> Option<()> {
    let mut rest = text;
    let year = number(&mut rest, 4)?;
    expect(&mut rest, &['-'])?;
    let month = number(&mut rest, 2)?;
    expect(&mut rest, &['-'])?;
    let day = number(&mut rest, 2)?;
    expect(&mut rest, &['T', 't', ' '])?;
    let hour = number(&mut rest, 2)?;
    expect(&mut rest, &[':'])?;
    let minute = number(&mut rest, 2)?;
    expect(&mut rest, &[':'])?;
    let second = number(&mut rest, 2)?;
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|it: char| it.is_ascii_digit());
        (rest.len() < fraction.len()).then_some(())?;
    }
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        1..=12 => 31,
        _ => return None,
    };
    let in_range = (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    in_range.then_some(())?;
    if !matches!(rest, "Z" | "z") {
        expect(&mut rest, &['+', '-', '\u{2212}'])?;
        let hours = number(&mut rest, 2)?;
        expect(&mut rest, &[':'])?;
        let minutes = number(&mut rest, 2)?;
        (hours < 24 && minutes < 60 && rest.is_empty()).then_some(())?;
    }
    Some(())
}

/// Takes a number of so many digits.
fn number(rest: &mut &str, digits: usize) -> Option<u32> {
    let (number, behind) = rest.split_at_checked(digits)?;
    number.bytes().all(|it| it.is_ascii_digit()).then_some(())?;
    *rest = behind;
    number.parse().ok()
}

fn expect(rest: &mut &str, chars: &[char]) -> Option<()> {
    *rest = rest.strip_prefix(chars)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded_and_leaves_no_bit_over() {
        for right in ["", "aGk=", "YQ==", "aGVsbG8h"] {
            assert!(is_base64(right), "{right}");
        }
        for wrong in [
            "aGk",
            "YQ=",
            "YR==",
            "====",
            "YQ==YQ==",
            "-_-_",
            "aGVs bG8=",
        ] {
            assert!(!is_base64(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_decimal_may_lack_one_side_of_its_point() {
        for right in [
            "1.5", ".5", "5.", "-.5", "+1", "1e-5", "1E+5", "1_0", "1._5",
        ] {
            assert!(is_decimal(right), "{right}");
        }
        for wrong in [
            "", ".", "-", "e1", "1e", "--1", "_1", " 1", "NaN", "1.-5", "1e1.5",
        ] {
            assert!(!is_decimal(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_time_has_a_date_seconds_and_an_offset() {
        for right in [
            "2024-02-29T12:00:00Z",
            "2024-01-01 00:00:00.123456789012+02:00",
            "2024-01-01t23:59:60z",
            "0000-01-01T00:00:00\u{2212}23:59",
        ] {
            assert!(is_rfc3339(right), "{right}");
        }
        for wrong in [
            "2024-01-01",
            "2023-02-29T00:00:00Z",
            "2024-01-01T00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00+0200",
            "2024-01-01T00:00:00+24:00",
            "2024-01-01T00:00:00Z ",
            "+2024-01-01T00:00:00Z",
        ] {
            assert!(!is_rfc3339(wrong), "{wrong}");
        }
    }
}
