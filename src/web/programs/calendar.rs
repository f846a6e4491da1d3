//! The deadlines as a calendar that others subscribe to (iCalendar, RFC 5545).
//!
//! Promises that an event keeps its id whatever is moved, and gets a higher sequence whenever the deadline was set anew; and
//! that it stands on the last day and not on the one after it: it is the last minute that counts.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    content_line::Lines,
    parameter::{Parameter, Values, checked},
};
use crate::{
    core::text::percent,
    desk::{CallOnRecord, DeadlineOnRecord, view::end_in_words},
    web::{
        app::App,
        asked::{Asked, InPath, in_path},
        no_page::NoPage,
        visitor::Visitor,
    },
};

const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// GET `/calendar.ics`
pub(in crate::web) async fn calendar(
    State(app): State<Arc<App>>,
    (Extension(visitor), uri, headers): (Extension<Visitor>, Uri, HeaderMap),
    Query(asked): Query<Asked>,
) -> Response {
    app.told_as(MEDIA_TYPE, (uri.path(), &headers, &visitor), app.calendar_of(&asked).await)
}

/// GET `/feed/{secret}/calendar.ics`, for calendars, which send no token.
pub(in crate::web) async fn feed(
    State(app): State<Arc<App>>,
    secret: InPath,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let found = app.feed_of(secret, &asked).await;
    app.told_as(MEDIA_TYPE, ("/feed/…", &headers, &Visitor::default()), found)
}

impl App {
    async fn feed_of(&self, secret: InPath, asked: &Asked) -> Result<String, NoPage> {
        let over = || {
            NoPage::Missing(
                "This link does not hold, or not any more. “docket user calendar NAME” makes one.".to_owned(),
            )
        };
        self.desk.by_feed(&in_path(secret)?).await?.ok_or_else(over)?;
        self.calendar_of(asked).await
    }

    async fn calendar_of(&self, asked: &Asked) -> Result<String, NoPage> {
        checked(asked, &[Parameter::new("call", Values::Text, "Only this call, by its code.")])?;
        let call = asked.get("call");
        let calls = self.desk.calls_on_record(call).await?;
        Ok(written(&calls.ok_or_else(|| NoPage::Wrong(NoPage::no_call(call).to_string()))?))
    }
}

fn written(calls: &[CallOnRecord]) -> String {
    let mut lines = Lines::default();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//docket//docket//EN", "CALSCALE:GREGORIAN"] {
        lines.line(line);
    }
    lines.text("NAME", "Deadlines");
    lines.text("X-WR-CALNAME", "Deadlines");
    lines.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    for call in calls {
        // Without any deadline on record there is nothing to show.
        let Some(holds) = call.deadlines.last() else { continue };
        deadline(&mut lines, call, holds);
        for reminder in &call.reminders {
            let what = format!("reminder.{}", reminder.step);
            let summary = format!("Reminder “{}” falls due: {}", reminder.step, call.title);
            event(&mut lines, (call, holds), &what, (reminder.due, reminder.due), &summary);
            lines.line("END:VEVENT");
        }
    }
    lines.line("END:VCALENDAR");
    lines.written()
}

fn deadline(lines: &mut Lines, call: &CallOnRecord, holds: &DeadlineOnRecord) {
    let late = holds.deadline;
    let last = late.checked_sub(SignedDuration::from_mins(1)).unwrap_or(late);
    event(lines, (call, holds), "deadline", (last, late), &format!("Deadline: {}", call.title));
    let grace = match holds.grace_minutes {
        0 => String::new(),
        minutes => format!(" What comes within {minutes} minutes after it counts by grace."),
    };
    let moved = holds.reason.as_ref().map(|reason| format!(" Set by {}: {reason}", holds.by));
    let moved = moved.filter(|_| holds.n > 1).unwrap_or_default();
    let (end, zone) = (end_in_words(late, &holds.zone), &holds.zone);
    lines.text("DESCRIPTION", &format!("Inputs are in time until {end} ({zone}).{grace}{moved}"));
    for (before, words) in [("-P1D", "one day"), ("-PT1H", "one hour")] {
        lines.line("BEGIN:VALARM");
        lines.line("ACTION:DISPLAY");
        // The event begins a minute before what it is about.
        lines.line(&format!("TRIGGER;RELATED=END:{before}"));
        lines.text("DESCRIPTION", &format!("The deadline ends in {words}: {}", call.title));
        lines.line("END:VALARM");
    }
    lines.line("END:VEVENT");
}

/// The beginning of an event, up to what is its own.
fn event(
    lines: &mut Lines,
    (call, holds): (&CallOnRecord, &DeadlineOnRecord),
    what: &str,
    (from, to): (Timestamp, Timestamp),
    summary: &str,
) {
    let domain = call.contact.rsplit('@').next().unwrap_or("docket");
    lines.line("BEGIN:VEVENT");
    lines.text("UID", &format!("{}.{}@{domain}", percent::encoded(what), percent::encoded(&call.code)));
    // Of what is published without a method these two are the same.
    lines.line(&format!("DTSTAMP:{}", utc(holds.at)));
    lines.line(&format!("LAST-MODIFIED:{}", utc(holds.at)));
    lines.line(&format!("SEQUENCE:{}", holds.n.saturating_sub(1)));
    lines.line(&format!("DTSTART:{}", utc(from)));
    if from != to {
        lines.line(&format!("DTEND:{}", utc(to)));
    }
    lines.line("TRANSP:TRANSPARENT");
    lines.text("SUMMARY", summary);
}

fn utc(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}
