//! Digits.

/// A decimal number without an exponent, with all the digits that it was written with.
pub(super) fn plain(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (digits, exponent) = match rest.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    // No type has more digits than this.
    let is_small = exponent.unsigned_abs() <= 200_000;
    (is_number(whole)
        && is_number(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && is_small)
        .then_some(())?;
    let all = format!("{whole}{fraction}");
    let point = whole.len() as i64 + i64::from(exponent);
    let moved = match usize::try_from(point) {
        Ok(point) if point >= all.len() => format!("{all:0<point$}"),
        Ok(point) if point > 0 => format!("{}.{}", &all[..point], &all[point..]),
        _ => format!("0.{}{all}", "0".repeat(point.unsigned_abs() as usize)),
    };
    let trimmed = moved.trim_start_matches('0');
    let number = match trimmed.starts_with(|it: char| it.is_ascii_digit()) {
        true => trimmed.to_owned(),
        false => format!("0{trimmed}"),
    };
    Some(format!("{sign}{number}"))
}

/// The bytes of hexadecimal digits.
pub(super) fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |it: u8| char::from(it).to_digit(16);
    text.as_bytes()
        .chunks(2)
        .map(|it| match it {
            [high, low] => Some((digit(*high)? << 4 | digit(*low)?) as u8),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponent_is_written_out() {
        for (text, expected) in [
            ("-1.50", "-1.50"),
            ("1e+3", "1000"),
            ("1.25e1", "12.5"),
            ("1.5e-07", "0.00000015"),
            ("0", "0"),
            ("0.000001", "0.000001"),
            ("007", "7"),
        ] {
            assert_eq!(plain(text).as_deref(), Some(expected));
        }
        for text in ["NaN", "Infinity", "", "-", "1e", "1 2"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
