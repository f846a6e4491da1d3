//! How single values are written on the pages: times, numbers and the words for closed choices.
//!
//! Promises that every choice of the core has its words here, checked by the compiler. Times are written in the zone they
//! are given, with UTC in the element.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use minijinja::{
    Environment, Error, ErrorKind,
    value::{Serde, Value},
};

use super::{escape, hits};
use crate::{
    core::{
        calls::standing::Standing,
        file::{Format, Outcome, Role, pages_in_words},
        judging::matching::{Decision, Kind, Source},
        recorded::Way,
        submission::Becomes,
        text::{digits::grouped, percent},
    },
    desk::{becomes_in_words, view::place_in_words},
};

/// Adds all filters to the templates.
pub(super) fn add_filters(templates: &mut Environment<'static>) {
    templates.add_filter("shown", |text: &str| Value::from_safe_string(escape::as_html(text)));
    templates.add_filter("hits", |text: &str, words: &str| Value::from_safe_string(hits::marked(text, words)));
    templates.add_filter("percent", |text: &str| percent::encoded(text));
    templates.add_filter("entry_at", entry_at);
    templates.add_filter("grouped", |number: u64| grouped(number, ','));
    templates.add_filter("bytes", bytes);
    templates.add_filter("page_numbers", |pages: Vec<u32>| pages_in_words(&pages));
    templates.add_filter("tenths", |number: f64| format!("{number:.1}"));
    templates.add_filter("capital", capital);
    templates.add_filter("brief", brief);
    templates.add_filter("moment", moment);
    templates.add_filter("clock", clock);
    templates.add_filter("before", before);
    templates.add_filter("day", |day: Serde<Date>| day.0.strftime("%a %-d %b %Y").to_string());
    templates.add_filter("hour", |hour: Serde<Time>| hour.0.strftime("%H:%M").to_string());
    templates.add_filter("long_day", |day: Serde<Date>| day.0.strftime("%-d %B %Y").to_string());
    templates.add_filter("since", since);
    templates.add_filter("age", |then: Serde<Timestamp>, now: Serde<Timestamp>| span(now.0.duration_since(then.0)));
    templates.add_filter("becomes_words", becomes_words);
    templates.add_filter("standing_words", |standing: Serde<Standing>| standing_words(standing.0));
    templates.add_filter("kind_words", |kind: Serde<Kind>| kind_words(kind.0));
    templates.add_filter("decision_words", |decision: Serde<Decision>| decision_words(decision.0));
    templates.add_filter("role_words", |role: Serde<Role>| role_words(role.0));
    templates.add_filter("outcome_words", |outcome: Serde<Outcome>| outcome_words(outcome.0));
    templates.add_filter("format_words", |format: Serde<Format>| format_words(format.0));
    templates.add_filter("source_words", |source: Serde<Source>| source.0.in_words());
    templates.add_filter("clock_words", clock_words);
    templates.add_filter("way_words", way_words);
    templates.add_filter("letter_words", letter_words);
    templates.add_filter("place_words", |place: &str| place_in_words(place).unwrap_or_default());
    templates.add_filter("language_words", language_words);
}

/// The address of an entry or item: an item is a place on the page of its message.
fn entry_at(number: &str, at: &str) -> Value {
    let message = number.split('/').next().unwrap_or(number);
    let item = if number.contains('/') { format!("#{}", place(number)) } else { String::new() };
    Value::from_safe_string(escape::as_html(&format!("/entry/{}{at}{item}", percent::encoded(message))))
}

/// The id of an item's place on the page.
pub(super) fn place(number: &str) -> String {
    format!("i{}", percent::encoded(number.rsplit('/').next().unwrap_or(number)))
}

/// A number of bytes as “214 KB”.
fn bytes(number: u64) -> String {
    match number {
        0..=999 => format!("{number} bytes"),
        1_000..=999_999 => format!("{} KB", (number + 500) / 1_000),
        _ => format!("{}.{} MB", (number + 50_000) / 1_000_000, (number + 50_000) % 1_000_000 / 100_000),
    }
}

/// The first letter large.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// “11 Sep 13:27”, with the year where it is another one; phones show the day alone.
fn brief(at: Serde<Timestamp>, zone: &str, year: i16) -> Result<Value, Error> {
    let local = at.0.to_zoned_datetime(known(zone)?);
    let day = local.strftime(if local.year() == year { "%-d %b" } else { "%-d %b %Y" });
    Ok(time(at.0, &format!(r#"{day}<span class="hide"> {}</span>"#, local.strftime("%H:%M"))))
}

/// “Fri 25 Sep 2020, 16:12:03”.
fn moment(at: Serde<Timestamp>, zone: &str) -> Result<Value, Error> {
    let local = at.0.to_zoned_datetime(known(zone)?);
    Ok(time(at.0, &local.strftime("%a %-d %b %Y, %H:%M:%S").to_string()))
}

/// “received earlier than version 1, not current”; nothing of what alone stands.
fn becomes_words(Serde(becomes): Serde<Becomes>, zone: &str) -> Result<String, Error> {
    let zone = known(zone)?;
    let at = |at: Timestamp| at.to_zoned_datetime(zone.clone()).strftime("%a %-d %b %Y, %H:%M:%S").to_string();
    Ok(becomes_in_words(&becomes, &at).unwrap_or_default())
}

/// The last second before a time that ends something: “Wed 30 Sep 2020, 23:59:59”.
fn before(Serde(at): Serde<Timestamp>, zone: &str) -> Result<Value, Error> {
    moment(Serde(at.checked_sub(SignedDuration::from_secs(1)).unwrap_or(at)), zone)
}

/// “Fri 25 Sep, 16:12”.
fn since(at: Serde<Timestamp>, zone: &str) -> Result<Value, Error> {
    let local = at.0.to_zoned_datetime(known(zone)?);
    Ok(time(at.0, &local.strftime("%a %-d %b, %H:%M").to_string()))
}

/// “09:40”, with the day where it is another one than that of `now`.
fn clock(at: Serde<Timestamp>, zone: &str, now: Serde<Timestamp>) -> Result<Value, Error> {
    let zone = known(zone)?;
    let local = at.0.to_zoned_datetime(zone.clone());
    let same_day = local.date() == now.0.to_zoned_datetime(zone).date();
    Ok(time(at.0, &local.strftime(if same_day { "%H:%M" } else { "%a %-d %b %Y, %H:%M" }).to_string()))
}

/// A zone by its name.
fn known(zone: &str) -> Result<TimeZone, Error> {
    TimeZone::get(zone).map_err(|e| Error::new(ErrorKind::InvalidOperation, format!("no zone “{zone}”: {e}")))
}

fn time(at: Timestamp, html: &str) -> Value {
    let (machine, utc) = (at.strftime("%FT%TZ"), at.strftime("%-d %b %Y, %H:%M:%S UTC"));
    Value::from_safe_string(format!(r#"<time datetime="{machine}" title="{utc}">{html}</time>"#))
}

/// A span in its two greatest units: “2 d 14 h”, “5 h 12 min”, “12 min”, “40 s”. A negative one counts as none.
pub(super) fn span(span: SignedDuration) -> String {
    let seconds = span.as_secs().max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, 0) => format!("{hours} h"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        (1..=13, 1.., _) => format!("{days} d {hours} h"),
        _ => format!("{days} d"),
    }
}

/// A standing in words.
pub(super) fn standing_words(standing: Standing) -> &'static str {
    match standing {
        Standing::OnTime => "on time",
        Standing::ByGrace => "on time by grace",
        Standing::ByExtension => "on time by extension",
        Standing::Late => "late",
        Standing::Undetermined => "undetermined",
    }
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::MemberState => "state of the roster",
        Kind::Joint => "joint input",
        Kind::Observer => "observer",
        Kind::NotAState => "not a state",
        Kind::OutsideRegion => "outside the region",
        Kind::Ambiguous => "more than one reading",
    }
}

fn decision_words(decision: Decision) -> &'static str {
    match decision {
        Decision::Matched => "named by the evidence",
        Decision::Review => "left to a person",
        Decision::None => "no state’s input",
    }
}

fn role_words(role: Role) -> &'static str {
    match role {
        Role::Main => "main text",
        Role::CoverNote => "cover note",
        Role::Annex => "annex",
        Role::Rendition => "same text in another format",
        Role::Signature => "signature",
        Role::InlineImage => "picture in the text",
        Role::Container => "holds other files",
        Role::Ignored => "not part of the input",
    }
}

fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Read => "read in full",
        Outcome::Partial => "read in part",
        Outcome::NoText => "no text: a scan?",
        Outcome::Encrypted => "needs a password",
        Outcome::Damaged => "damaged",
        Outcome::Unsupported => "a format that is not read",
        Outcome::TooLarge => "too large",
        Outcome::TimedOut => "took too long",
        Outcome::Infected => "called malicious",
        Outcome::NotRead => "not read",
    }
}

fn format_words(format: Format) -> &'static str {
    match format {
        Format::Docx => "Word",
        Format::Docm => "Word with macros",
        Format::Pdf => "PDF",
        Format::Doc => "old Word",
        Format::Odt => "OpenDocument",
        Format::Rtf => "RTF",
        Format::Xlsx => "Excel",
        Format::Pptx => "PowerPoint",
        Format::Msg => "Outlook message",
        Format::Tnef => "winmail.dat",
        Format::Zip => "ZIP",
        Format::Smime => "signed mail",
        Format::Html => "web page",
        Format::Text => "plain text",
        Format::Image => "picture",
        Format::Calendar => "calendar entry",
        Format::Message => "message",
        Format::Executable => "program",
        Format::Unknown => "unknown format",
    }
}

/// Which rule chose the time of receipt, in words.
fn clock_words(rule: &str) -> String {
    match rule {
        "received_header" => "by our own relay".to_owned(),
        "internal_date" => "by the mailbox".to_owned(),
        "first_seen" => "when first seen".to_owned(),
        "recorded" => "as a person recorded".to_owned(),
        other => other.replace('_', " "),
    }
}

/// By which way something came that no mail brought.
fn way_words(way: Serde<Way>) -> &'static str {
    way.0.in_words()
}

/// A kind of letter in words; one that is not known here keeps its name.
fn letter_words(kind: &str) -> String {
    match kind {
        "received" => "receipt that names no state".to_owned(),
        "query" => "question to the sender".to_owned(),
        other => other.replace('_', " "),
    }
}

/// A language by its code; one that is not official keeps the code.
pub(super) fn language_words(code: &str) -> String {
    let name = match code {
        "ar" => "Arabic",
        "en" => "English",
        "es" => "Spanish",
        "fr" => "French",
        "ru" => "Russian",
        "zh" => "Chinese",
        other => other,
    };
    name.to_owned()
}

/// A time to the second, as a clock on the wall of that zone shows it.
pub(super) fn to_the_second(at: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    at.to_zoned_datetime(zone).strftime("%H:%M:%S").to_string()
}
