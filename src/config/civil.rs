//! Days and hours as people write them in a file.

use jiff::civil::{Date, Time};

/// A day of the calendar.
pub(super) fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("“{text}” is no day; write it like 2020-09-30"))
}

/// An hour of the day, to the minute.
pub(super) fn hour(text: &str) -> Result<Time, String> {
    let time = text.parse::<Time>().ok().filter(|time| time.second() == 0 && time.subsec_nanosecond() == 0);
    time.ok_or_else(|| {
        format!("“{text}” is no hour of a day; write it like \"12:00\", or leave it out, and the whole day counts")
    })
}
