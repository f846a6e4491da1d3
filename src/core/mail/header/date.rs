//! Dates of header fields (RFC 5322, section 3.3, and what mailers write instead).
//!
//! Promises an instant wherever day, month, year and time can be told; a missing zone is read as UTC and said so.

use jiff::{Timestamp, civil, tz::Offset};

/// A date read from a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderDate {
    /// The instant.
    pub at: Timestamp,
    /// Whether the zone was stated; without one it is read as UTC.
    pub zone_stated: bool,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The zones of RFC 5322 and those mailers still write, in minutes east of Greenwich.
const ZONES: [(&str, i32); 34] = [
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("z", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("msd", 240),
    ("ist", 330),
    ("hkt", 480),
    ("sgt", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
];

/// What has been read so far.
#[derive(Default)]
struct Found {
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    time: Option<(i8, i8, i8)>,
    offset: Option<i32>,
    afternoon: Option<bool>,
}

/// Reads the date of an unfolded field value.
#[must_use]
pub fn parse(value: &str) -> Option<HeaderDate> {
    let value: String = without_comments(value).chars().take(200).collect();
    if let Ok(at) = value.trim().parse::<Timestamp>() {
        return Some(HeaderDate { at, zone_stated: true });
    }
    let mut found = Found::default();
    for word in value.split([' ', '\t', ',', '\u{a0}']).filter(|w| !w.is_empty()) {
        found.take(word);
    }
    let (mut hour, minute, second) = found.time?;
    if let Some(afternoon) = found.afternoon
        && (1..=12).contains(&hour)
    {
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    // A leap second, and the midnight that ends a day.
    let day_over = hour == 24 && minute == 0;
    let date = civil::Date::new(found.year?, found.month?, found.day?).ok()?;
    let time = civil::Time::new(if day_over { 0 } else { hour }, minute, second.min(59), 0).ok()?;
    let date = if day_over { date.tomorrow().ok()? } else { date };
    let offset = Offset::from_seconds(found.offset.unwrap_or(0) * 60).ok()?;
    let at = offset.to_timestamp(date.to_datetime(time)).ok()?;
    Some(HeaderDate { at, zone_stated: found.offset.is_some() })
}

impl Found {
    fn take(&mut self, word: &str) {
        let lower = word.to_ascii_lowercase();
        if word.contains(':') && self.time.is_none() {
            self.take_time(&lower);
        } else if let Some(offset) = self.time.and_then(|_| numeric_offset(&lower)) {
            self.offset.get_or_insert(offset);
        } else if let Some(afternoon) = [("am", false), ("pm", true)].iter().find(|(w, _)| *w == lower) {
            self.afternoon = Some(afternoon.1);
        } else if let Some((_, minutes)) = self.time.and_then(|_| ZONES.iter().find(|(name, _)| *name == lower)) {
            self.offset.get_or_insert(*minutes);
        } else if word.bytes().filter(|b| matches!(b, b'-' | b'/' | b'.')).count() >= 2 {
            lower.split(['-', '/', '.']).for_each(|piece| self.take_day_month_year(piece));
        } else {
            self.take_day_month_year(&lower);
        }
    }

    fn take_day_month_year(&mut self, word: &str) {
        let word = word.trim_end_matches('.');
        if let Ok(number) = word.parse::<i16>() {
            match number {
                1..=31 if self.day.is_none() && (word.len() <= 2 || word.starts_with('0')) => {
                    self.day = i8::try_from(number).ok();
                }
                1..=12 if self.month.is_none() && self.day.is_some() && word.len() <= 2 => {
                    self.month = i8::try_from(number).ok();
                }
                0.. if self.year.is_none() => {
                    // RFC 5322, section 4.3: two and three digits.
                    self.year = Some(match (word.len(), number) {
                        (1 | 2, 0..=49) => number + 2000,
                        (2 | 3, _) => number + 1900,
                        _ => number,
                    });
                }
                _ => {}
            }
        } else if self.month.is_none()
            && let Some(month) = word.get(..3).and_then(|m| MONTHS.iter().position(|name| *name == m))
        {
            self.month = i8::try_from(month + 1).ok();
        }
    }

    fn take_time(&mut self, word: &str) {
        let digits = word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(word.len());
        let mut pieces = word[..digits].split(':').map(|p| p.split('.').next().unwrap_or_default().parse::<i8>().ok());
        let (Some(Some(hour)), Some(Some(minute))) = (pieces.next(), pieces.next()) else { return };
        self.time = Some((hour, minute, pieces.next().flatten().unwrap_or(0)));
        let rest = &word[digits..];
        match rest {
            "am" | "pm" => self.afternoon = Some(rest == "pm"),
            _ => self.offset = self.offset.or_else(|| numeric_offset(rest)),
        }
    }
}

/// `+0200`, `-600`, `+02:00`, `GMT+2`, in minutes.
fn numeric_offset(word: &str) -> Option<i32> {
    let word = word.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '"');
    let sign = match word.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String = word[1..].chars().filter(|c| *c != ':').take_while(char::is_ascii_digit).collect();
    let number: i32 = digits.get(..digits.len().min(4))?.parse().ok()?;
    let minutes = if digits.len() <= 2 { number * 60 } else { number / 100 * 60 + number % 100 };
    (minutes <= 24 * 60).then_some(sign * minutes)
}

fn without_comments(value: &str) -> String {
    let mut depth = 0_u32;
    value
        .chars()
        .take(1_000)
        .filter(|c| {
            match c {
                '(' => depth = depth.saturating_add(1),
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}
