//! How much of each there is, for who watches over many programs: the text format of Prometheus, 0.0.4.
//!
//! Promises that each name has one help and one type before its values, and that what there is nothing of is no value.

mod written;

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use jiff::Timestamp;

use self::written::Written;
use super::{counted::Counts, parameter::checked};
use crate::{
    desk::Gauges,
    web::{app::App, asked::Asked, no_page::NoPage, visitor::Visitor},
};

const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// GET `/metrics`
pub(in crate::web) async fn metrics(
    State(app): State<Arc<App>>,
    (Extension(visitor), uri, headers): (Extension<Visitor>, Uri, HeaderMap),
    Query(asked): Query<Asked>,
) -> Response {
    app.told_as(MEDIA_TYPE, (uri.path(), &headers, &visitor), app.measured(&asked).await)
}

impl App {
    async fn measured(&self, asked: &Asked) -> Result<String, NoPage> {
        checked(asked, &[])?;
        let gauges = self.desk.gauges().await?;
        Ok(text(&gauges, &self.counted.now()))
    }
}

fn text(gauges: &Gauges, counts: &Counts) -> String {
    let mut written = Written::default();
    program(&mut written, gauges);
    mailboxes(&mut written, gauges);
    work(&mut written, gauges);
    requests(&mut written, counts);
    written.text()
}

fn program(written: &mut Written, Gauges { health, .. }: &Gauges) {
    written.gauge("docket_build_info", "The program; its version is the label.");
    written.value("docket_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    written.gauge("docket_start_time_seconds", "Since when it runs, in seconds since 1970.");
    written.value("docket_start_time_seconds", &[], seconds(health.started));
    written.gauge("docket_time_seconds", "Its clock, in seconds since 1970.");
    written.value("docket_time_seconds", &[], seconds(health.at));
    written.gauge("docket_ready", "1 where mailboxes are read, letters can leave and the database takes commits.");
    written.value("docket_ready", &[], u8::from(health.ready));
    written.gauge("docket_receiving", "1 where this process reads the mailboxes; another does else.");
    written.value("docket_receiving", &[], u8::from(health.receives));
    written.gauge("docket_failing", "1 where an end of the program fails.");
    for end in [&health.letters, &health.database] {
        written.value("docket_failing", &[("end", &end.name)], u8::from(end.failing_since.is_some()));
    }
    written.gauge("docket_troubles", "How much is not as it should be; /readyz says what.");
    written.value("docket_troubles", &[], health.troubles.len());
    written.gauge("docket_oldest_claim_seconds", "How long a message or a letter has been in hand, at most.");
    written.value("docket_oldest_claim_seconds", &[], health.oldest_claim_seconds.unwrap_or_default());
}

fn mailboxes(written: &mut Written, Gauges { mailboxes, .. }: &Gauges) {
    let all = || mailboxes.iter().map(|mailbox| (mailbox, [("mailbox", mailbox.name.as_str())]));
    let name = "docket_mailbox_last_read_timestamp_seconds";
    written.gauge(name, "When the mailbox was last read to its end, in seconds since 1970; no value if it never was.");
    for (mailbox, label) in all() {
        if let Some(read) = mailbox.read {
            written.value(name, &label, seconds(read));
        }
    }
    let name = "docket_mailbox_overdue";
    written.gauge(name, "1 where the mailbox should have been read since.");
    for (mailbox, label) in all() {
        written.value(name, &label, u8::from(mailbox.overdue));
    }
    let name = "docket_mailbox_last_reconciled_timestamp_seconds";
    written.gauge(name, "When every message in it was last held against the log; no value if that was never.");
    for (mailbox, label) in all() {
        if let Some(at) = mailbox.reconciled {
            written.value(name, &label, seconds(at));
        }
    }
    let name = "docket_mailbox_missing_messages";
    written.gauge(name, "How many of them were missing in the log then; no value if that was never.");
    for (mailbox, label) in all() {
        if mailbox.reconciled.is_some() {
            written.value(name, &label, mailbox.missing);
        }
    }
}

fn work(written: &mut Written, gauges: &Gauges) {
    written.gauge("docket_messages_unread", "Messages that were received and wait to be read.");
    written.value("docket_messages_unread", &[], gauges.unread);
    let name = "docket_messages_unread_since_timestamp_seconds";
    written.gauge(name, "Since when the oldest of them waits, in seconds since 1970; no value while there is none.");
    if let Some(since) = gauges.unread_since {
        written.value(name, &[], seconds(since));
    }
    written.gauge("docket_decisions_waiting", "Cases that wait for a person.");
    for call in &gauges.calls {
        written.value("docket_decisions_waiting", &[("call", &call.call)], call.waiting);
    }
    let name = "docket_call_deadline_timestamp_seconds";
    written.gauge(name, "The first instant that is late, in seconds since 1970.");
    for call in &gauges.calls {
        written.value(name, &[("call", &call.call)], seconds(call.deadline));
    }
    written.gauge("docket_letters", "Letters by where they stand; waiting are those that are being sent, too.");
    for (state, letters) in &gauges.letters {
        written.value("docket_letters", &[("state", state)], *letters);
    }
    written.gauge("docket_sending_stopped", "1 where a person has stopped all letters to outsiders.");
    written.value("docket_sending_stopped", &[], u8::from(gauges.stopped.is_some()));
    let name = "docket_sending_stopped_since_timestamp_seconds";
    written.gauge(name, "Since when, in seconds since 1970; no value while letters leave.");
    if let Some(stopped) = &gauges.stopped {
        written.value(name, &[], seconds(stopped.since));
    }
}

fn requests(written: &mut Written, counts: &Counts) {
    written.counter("docket_http_requests_total", "Requests that were answered.");
    for ((method, route, status), requests) in &counts.requests {
        let status = status.to_string();
        let labels = [("method", *method), ("route", route.as_str()), ("status", status.as_str())];
        written.value("docket_http_requests_total", &labels, *requests);
    }
    let name = "docket_http_request_duration_seconds";
    written.histogram(name, "How long an answer took to be made.");
    let (bucket, sum, count) = (format!("{name}_bucket"), format!("{name}_sum"), format!("{name}_count"));
    for (route, took) in &counts.took {
        for (edge, requests) in took.up_to() {
            written.value(&bucket, &[("route", route), ("le", &edge.to_string())], requests);
        }
        written.value(&bucket, &[("route", route), ("le", "+Inf")], took.count);
        written.value(&sum, &[("route", route)], took.sum.as_secs_f64());
        written.value(&count, &[("route", route)], took.count);
    }
}

/// Seconds since 1970, to the microsecond.
fn seconds(at: Timestamp) -> String {
    let micros = at.as_microsecond();
    format!("{}.{:06}", micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000))
}
