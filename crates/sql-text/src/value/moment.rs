//! Dates and times as constants.

/// A date and time in ISO 8601 or as PostgreSQL prints it.
pub(super) struct Moment {
    /// Days since 1970-01-01, if there is a date.
    pub(super) date: Option<i64>,
    /// Microseconds since midnight.
    pub(super) micros: i64,
    /// East of UTC, if there is a zone.
    pub(super) offset_seconds: Option<i64>,
}

impl Moment {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, rest) = match text.get(..10).and_then(parse_date) {
            Some(date) => (Some(date), text[10..].trim_start_matches(['T', 't', ' '])),
            None => (None, text),
        };
        if rest.is_empty() {
            date?;
            return Some(Self {
                date,
                micros: 0,
                offset_seconds: None,
            });
        }
        let zone_at = rest.find(['+', '-', 'Z', 'z', ' ']).unwrap_or(rest.len());
        Some(Self {
            date,
            micros: parse_clock(&rest[..zone_at])?,
            offset_seconds: parse_zone(rest[zone_at..].trim())?,
        })
    }

    /// Microseconds since the epoch; a constant without a zone is in the session's, which is not known.
    pub(super) fn instant(&self) -> Option<i64> {
        Some(self.date? * 86_400_000_000 + self.micros - self.offset_seconds? * 1_000_000)
    }
}

fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-').map(|it| it.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days from the civil calendar, years counted from March.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

fn parse_clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hour: i64 = parts.next()?.parse().ok()?;
    let minute: i64 = parts.next()?.parse().ok()?;
    let (second, fraction) = match parts.next() {
        Some(it) => it.split_once('.').unwrap_or((it, "")),
        None => ("0", ""),
    };
    if parts.next().is_some()
        || fraction.len() > 6
        || !fraction.bytes().all(|it| it.is_ascii_digit())
    {
        return None;
    }
    let second: i64 = second.parse().ok()?;
    let micros: i64 = format!("{fraction:0<6}").parse().ok()?;
    if !(0..=24).contains(&hour) || !(0..60).contains(&minute) || !(0..=60).contains(&second) {
        return None;
    }
    Some(((hour * 60 + minute) * 60 + second) * 1_000_000 + micros)
}

/// `Some(None)` if there is no zone, `None` if it cannot be read.
fn parse_zone(text: &str) -> Option<Option<i64>> {
    let (sign, digits) = match text {
        "" => return Some(None),
        "Z" | "z" | "UTC" => return Some(Some(0)),
        _ => match text.split_at_checked(1)? {
            ("+", digits) => (1, digits),
            ("-", digits) => (-1, digits),
            _ => return None,
        },
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None => digits.split_at_checked(2)?,
    };
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
    Some(Some(sign * seconds))
}
