//! The day that a sentence names, in words or in figures.
//!
//! Promises a day that exists; the year is that in which the day lies nearest ahead, since people leave it out.

use std::ops::Range;

use jiff::{ToSpan as _, civil::Date};

/// How long before the day of the message a day may lie to count as past, in days.
const PAST: i32 = 180;

/// A day beside the name of a month: “5 October”, “October 5th”, “октября 5”.
pub(in crate::core) fn beside_month(text: &str, month: &Range<usize>, nth: u16) -> Option<(i8, i8)> {
    let before = text[..month.start].trim_end().rsplit(' ').take(2).find_map(number);
    let after = || text[month.end..].split(' ').filter(|word| !word.is_empty()).take(1).find_map(number);
    let month = i8::try_from((nth.checked_sub(1)?) % 12 + 1).ok()?;
    before.or_else(after).map(|day| (day, month))
}

/// Days in figures: “05.10.2020”, “5/10”, “2020-10-05”, “10月5日”.
pub(in crate::core) fn in_figures(text: &str) -> Vec<(i8, i8)> {
    let mut days = Vec::new();
    for word in text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '/' | '-' | '月' | '日' | '年'))) {
        let word = word.trim_end_matches(['.', '/', '-']);
        if let Some((month, day)) = word.rsplit(['年', ' ']).next().and_then(|word| word.split_once('月')) {
            days.extend(pair(day.trim_end_matches('日'), month));
            continue;
        }
        let parts: Vec<&str> = word.split(['.', '/', '-']).collect();
        days.extend(match parts.as_slice() {
            [year, month, day] if year.len() == 4 => pair(day, month),
            [day, month, year] if matches!(year.len(), 2 | 4) => pair(day, month),
            [day, month] if month.len() == 2 && word.contains(['.', '/']) => pair(day, month),
            _ => None,
        });
    }
    days
}

/// The first day that is named, in the year that is meant.
pub(in crate::core) fn meant(days: &[(i8, i8)], on: Date) -> Option<Date> {
    days.iter().find_map(|&(day, month)| {
        let this = Date::new(on.year(), month, day).ok()?;
        let past = on.checked_sub(PAST.days()).is_ok_and(|past| this < past);
        if past { Date::new(on.year().checked_add(1)?, month, day).ok() } else { Some(this) }
    })
}

fn pair(day: &str, month: &str) -> Option<(i8, i8)> {
    let (day, month) = (number(day)?, month.parse::<i8>().ok().filter(|m| (1..=12).contains(m))?);
    Some((day, month))
}

/// A day's number, which an ending may follow: “5th”, “1er”, “15-nji”.
fn number(word: &str) -> Option<i8> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    word[..digits].parse::<i8>().ok().filter(|day| (1..=31).contains(day))
}
