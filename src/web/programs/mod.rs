//! What programs are told: the register, the log, single entries, what waits and the letters as JSON under `/api/v1`, how
//! much of each there is under `/metrics`, and the deadlines under `/calendar.ics`.
//!
//! Promises that nothing is changed from here; that every failure is a problem with a sentence (RFC 9457), whoever found it;
//! that a parameter which nobody reads is no more let pass than one that makes no sense; and that an answer carries a tag of
//! its content, so that whoever asks again is told that it is the same.

pub(super) mod calendar;
pub(super) mod counted;
pub(super) mod counting;
pub(super) mod metrics;
pub(super) mod openapi;
pub(super) mod problem;
pub(super) mod read;

mod content_line;
mod fresh;
mod operations;
mod parameter;
mod shape;
mod shapes;
mod told;

/// What a link to a feed begins with; behind it stands its secret.
pub(super) const FEED: &str = "/feed/";

/// Whether what stands at that path is asked for by programs, which are told why not otherwise than people are.
pub(super) fn is_for(path: &str) -> bool {
    path == "/api"
        || path.starts_with("/api/")
        || path == "/metrics"
        || path == "/calendar.ics"
        || path.starts_with(FEED)
}
