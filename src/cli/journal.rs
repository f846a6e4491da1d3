//! What the program says while it works, on standard error: a line for each thing, for people who read the journal.
//!
//! Promises that no line holds a mail address, whatever it was made of, and that each is one line. Under systemd a line
//! begins with its priority, and the journal knows the time; elsewhere with the time and the level.

use std::{
    fmt::{self, Write as _},
    io,
};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{
    EnvFilter,
    filter::LevelFilter,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

use super::terminal::{complain, is_journal};
use crate::{clock::Clock, config::LogLevel, core::text};

/// The setting of the environment, which wins.
const VARIABLE: &str = "RUST_LOG";
/// The longest line; what is longer is cut.
const LONGEST: usize = 4_000;
/// What stands in the place of an address.
const ADDRESS: &str = "(address)";

/// Begins to say what is of that level or graver. Of other crates only failures are said, unless the environment asks for
/// more.
pub(super) fn begin(level: LogLevel) {
    let usual = || EnvFilter::new(format!("error,docket={}", level.word()));
    let filter = match told().as_deref().map(str::parse::<EnvFilter>) {
        None => usual(),
        Some(Ok(filter)) => filter,
        Some(Err(error)) => {
            complain(&format!("docket: {VARIABLE} is not understood, and has no effect: {error}"));
            usual()
        }
    };
    // Who looks closer wants to know which part of the program speaks.
    let with_target = filter.max_level_hint().is_some_and(|most| most > LevelFilter::INFO);
    let format = Line { under_systemd: is_journal(), with_target };
    tracing_subscriber::fmt().with_writer(io::stderr).with_env_filter(filter).event_format(format).init();
}

/// What the environment asks for.
pub(super) fn told() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "how much is said may be set where the program is started")]
    std::env::var(VARIABLE).ok().filter(|told| !told.trim().is_empty())
}

/// How a line looks.
struct Line {
    under_systemd: bool,
    with_target: bool,
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut said = String::new();
        if self.with_target {
            write!(said, "{}: ", event.metadata().target())?;
        }
        ctx.format_fields(Writer::new(&mut said), event)?;
        let level = *event.metadata().level();
        if self.under_systemd {
            write!(writer, "<{}>", priority(level))?;
        } else {
            write!(writer, "{:.0} {level:<5} ", Clock::System.now())?;
        }
        writeln!(writer, "{}", without_addresses(&text::line(&said, LONGEST)))
    }
}

fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        _ => 7,
    }
}

/// A text in which nothing is left of what looks like an address: a word with an @ in it.
pub(super) fn without_addresses(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_between) {
        let end = piece.find(is_between).unwrap_or(piece.len());
        let (word, behind) = piece.split_at(end);
        if word.contains('@') {
            let full_stop = word.ends_with('.') || word.ends_with(':');
            clean += ADDRESS;
            clean += if full_stop { &word[word.len() - 1..] } else { "" };
        } else {
            clean += word;
        }
        clean += behind;
    }
    clean
}

/// What cannot stand in an address, or not without quotes.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "<>()[]{},;\"'“”‘’«»`|\\".contains(c)
}
