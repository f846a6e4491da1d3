//! How long to wait before the next attempt: longer each time, and never quite the same.

use std::time::Duration;

const FIRST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(1);

/// The wait after that many failed attempts. `chance` (any number) spreads it between three quarters and the whole, so
/// that letters which failed together do not come back together.
#[must_use]
pub fn wait(failed: u32, chance: u32) -> Duration {
    spread(FIRST, LONGEST, failed, chance)
}

/// The same for a connection, which costs the other side little and whose return is worth noticing soon.
#[must_use]
pub fn reconnect(failed: u32, chance: u32) -> Duration {
    spread(Duration::from_secs(5), Duration::from_mins(5), failed, chance)
}

fn spread(first: Duration, longest: Duration, failed: u32, chance: u32) -> Duration {
    let whole = first.saturating_mul(1 << failed.saturating_sub(1).min(10)).min(longest);
    whole.saturating_sub(whole / 4 * (chance % 1000) / 1000)
}

/// How long a server asks to be left alone, if it says so, at most an hour: “Suggested Backoff Time: 299961 milliseconds”
/// (Exchange), “Retry-After: 30”, “try again in 5 minutes”.
#[must_use]
pub fn asked_for(words: &str) -> Option<Duration> {
    let words = words.to_ascii_lowercase();
    let behind = |phrase: &str| words.find(phrase).map(|at| &words[at + phrase.len()..]);
    ASKS.iter().find_map(|phrase| length(behind(phrase)?)).map(|wait| wait.min(LONGEST))
}

/// The wait that a server asked for: never shorter, and up to a quarter longer.
#[must_use]
pub fn after_asked(asked: Duration, chance: u32) -> Duration {
    asked.saturating_add(asked / 4 * (chance % 1000) / 1000)
}

/// What stands before a length of time.
const ASKS: [&str; 6] = ["backoff time", "retry-after", "retry after", "retry in", "try again in", "try again after"];

/// A number and its unit; seconds where it has none.
fn length(text: &str) -> Option<Duration> {
    let text = text.trim_start_matches([' ', ':', '=']);
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = (text[..digits].parse::<u64>().ok()?, text[digits..].trim_start());
    let word: String = unit.chars().take_while(char::is_ascii_alphabetic).collect();
    let millis = match word.as_str() {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
        "h" | "hour" | "hours" => 3_600_000,
        _ => 1_000,
    };
    Some(Duration::from_millis(number.saturating_mul(millis)))
}
