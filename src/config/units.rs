//! Lengths of time and sizes as people write them: `10m`, `3 days`, `35 MiB`.
//!
//! Promises to take nothing for granted: a number without a unit is refused. Days are 24 hours, for these are waits, not
//! dates.

use std::time::Duration;

/// The text is no length of time.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("“{0}” is no length of time; write it like \"120s\", \"10m\", \"2 hours\" or \"3 days\"")]
pub struct NotADuration(String);

/// The text is no size.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("“{0}” is no size; write it like \"512 KiB\", \"35 MiB\" or \"1 GiB\"")]
pub struct NotASize(String);

/// Reads a length of time such as `10m`, `3 days` or `1h 30m`.
///
/// # Errors
/// The text is no sequence of whole numbers, each with a unit, or longer than can be counted.
pub fn duration(text: &str) -> Result<Duration, NotADuration> {
    let seconds = |unit: &str| match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3_600),
        "d" | "day" | "days" => Some(86_400),
        "w" | "week" | "weeks" => Some(604_800),
        _ => None,
    };
    measured(text, seconds).map(Duration::from_secs).ok_or_else(|| NotADuration(text.to_owned()))
}

/// Reads a size in bytes such as `35 MiB`.
///
/// # Errors
/// The text is no whole number with a unit, or larger than can be counted.
pub fn size(text: &str) -> Result<u64, NotASize> {
    let bytes = |unit: &str| match unit {
        "b" | "byte" | "bytes" => Some(1),
        "kib" => Some(1 << 10),
        "mib" => Some(1 << 20),
        "gib" => Some(1 << 30),
        "kb" => Some(1_000),
        "mb" => Some(1_000_000),
        "gb" => Some(1_000_000_000),
        _ => None,
    };
    measured(text, bytes).ok_or_else(|| NotASize(text.to_owned()))
}

/// The sum of `number unit` pairs.
fn measured(text: &str, factor: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let mut rest = text.as_str();
    let mut sum: u64 = 0;
    loop {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let after = after.trim_start();
        let (unit, next) = after.split_at(after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len()));
        sum = number.parse::<u64>().ok()?.checked_mul(factor(unit)?)?.checked_add(sum)?;
        rest = next.trim_start();
        if rest.is_empty() {
            return Some(sum);
        }
    }
}
