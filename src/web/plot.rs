//! The plot of receipts over time: one step line, the deadline as a line.
//!
//! Promises numbers only; the template draws them with attributes. Its table is the register's own.

use std::fmt::Write as _;

use jiff::{Timestamp, Unit, tz::TimeZone};
use serde::Serialize;

use crate::desk::view::CallRegister;

const LEFT: f64 = 40.0;
const RIGHT: f64 = 680.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 176.0;

/// What the template draws; every coordinate is written to a tenth.
#[derive(Serialize)]
pub(super) struct Plot {
    rows: Vec<Label>,
    months: Vec<Label>,
    issued: String,
    area: String,
    line: String,
    deadline: Label,
    /// Where each reminder began to leave.
    rounds: Vec<Label>,
    now: LineEnd,
    in_words: String,
}

/// A place on one axis, and the text at it.
#[derive(Serialize)]
struct Label {
    at: String,
    text: String,
}

/// The end of the line.
#[derive(Serialize)]
struct LineEnd {
    x: String,
    y: String,
    text_x: String,
    text_y: String,
    anchor: &'static str,
    text: String,
}

/// The plot of a register; none where the call has no span of time or no states, or has not begun.
pub(super) fn of(register: &CallRegister) -> Option<Plot> {
    let zone = TimeZone::get(&register.zone).ok()?;
    let start = register.issued.to_zoned_datetime(zone.clone()).ok()?.timestamp();
    let mut received: Vec<Timestamp> =
        register.states.iter().filter(|line| line.counts).filter_map(|line| line.received).collect();
    received.sort_unstable();
    let last = received.last().copied().unwrap_or(register.deadline).max(register.deadline);
    let seconds = |t: Timestamp| t.duration_since(start).as_secs_f64();
    let width = seconds(last) * 1.04;
    let total = register.states.len();
    if width <= 0.0 || total == 0 || register.now < start {
        return None;
    }
    let x = |t: Timestamp| LEFT + (RIGHT - LEFT) * (seconds(t) / width).clamp(0.0, 1.0);
    let y = |n: usize| BOTTOM - (BOTTOM - TOP) * as_float(n) / as_float(total);

    let mut line = format!("M{LEFT:.1} {BOTTOM:.1}");
    for (before, at) in received.iter().enumerate() {
        let _ = write!(line, "H{:.1}V{:.1}", x(*at), y(before + 1));
    }
    let (end_x, end_y) = (x(register.now), y(received.len()));
    let _ = write!(line, "H{end_x:.1}");

    let step = total.div_ceil(4);
    let mut months = Vec::new();
    let end = register.issued.checked_add(last.duration_since(start)).ok()?;
    let every = i32::from(end.month()) - i32::from(register.issued.month())
        + 12 * (i32::from(end.year()) - i32::from(register.issued.year()));
    let every = usize::try_from(every / 8).ok()? + 1;
    for month in register.issued.series(jiff::Span::new().months(1)).take(120) {
        let Ok(first) = month.first_of_month().to_zoned_datetime(zone.clone()) else { break };
        let at = x(first.timestamp());
        if at > RIGHT - 20.0 {
            break;
        }
        if at > LEFT + 60.0 {
            months.push(Label { at: format!("{at:.1}"), text: first.strftime("%b").to_string() });
        }
    }
    let round = |(step, at): &(String, Timestamp)| Label {
        at: format!("{:.1}", x(*at)),
        text: format!("{step} reminder, {}", at.to_zoned_datetime(zone.clone()).strftime("%-d %b")),
    };
    let rounds: Vec<Label> = register.rounds.iter().map(round).collect();
    let said = rounds.iter().fold(String::new(), |said, round| said + " " + &round.text + ".");
    let day = register.now.to_zoned_datetime(zone.clone()).round(Unit::Minute).ok()?.strftime("%-d %b %Y").to_string();
    let clear_of_deadline = if end_x > x(register.deadline) { x(register.deadline) } else { end_x };
    let of_end = if end_x < LEFT + 90.0 { (end_x + 8.0, "start") } else { (clear_of_deadline - 8.0, "end") };
    let hour = register.last_hour.map(|hour| hour.strftime(", %H:%M").to_string()).unwrap_or_default();
    Some(Plot {
        rows: (0..=4)
            .map(|n| n * step)
            .filter(|n| *n <= total)
            .map(|n| Label { at: format!("{:.1}", y(n)), text: n.to_string() })
            .collect(),
        months: months.into_iter().step_by(every).collect(),
        issued: register.issued.strftime("%-d %b").to_string(),
        area: format!("{line}V{BOTTOM:.1}Z"),
        line,
        deadline: Label {
            at: format!("{:.1}", x(register.deadline)),
            text: format!("deadline {}{hour}", register.last_day.strftime("%-d %b")),
        },
        rounds,
        now: LineEnd {
            x: format!("{end_x:.1}"),
            y: format!("{end_y:.1}"),
            text_x: format!("{:.1}", of_end.0),
            text_y: format!("{:.1}", if end_y < TOP + 20.0 { end_y + 18.0 } else { end_y - 9.0 }),
            anchor: of_end.1,
            text: format!("{} received", received.len()),
        },
        in_words: format!(
            "{} of {total} states by {day}. The deadline is {}{hour}.{said}",
            received.len(),
            register.last_day.strftime("%-d %b %Y")
        ),
    })
}

fn as_float(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}
