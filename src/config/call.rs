//! A call file, `calls/<code>.toml`, read into a [`Call`] with every problem of it.
//!
//! The shape is that of [`Call`]'s own serde, but that `[policy]` says of a state in one place what `[no_reminder]` does; it
//! is read by hand so that all problems are found in one pass, whatever is wrong beside them, and dates may stand bare.
//! Promises that a call that loads has an English title, a deadline that is an instant, and a roster that the
//! state table knows.

mod advice;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    address::address,
    civil::{day, hour},
    problem::Problem,
    reader::{At, Report, Section, nearest},
    rosters::Rosters,
    shipped::Shipped,
};
use crate::core::{
    calls::{
        call::{Call, DeadlineRule, ReminderStep},
        deadline::Deadline,
        reminder,
    },
    iso3::Iso3,
    text::language::Language,
};

/// A day of grace is a different deadline, which should be announced as one.
const GRACE_AT_MOST: u32 = 24 * 60;
/// What to do about a zone that is none.
const ZONE_LIKE: &str = "name an IANA zone, such as \"Europe/Zurich\"";

/// The path of a call's file among the shipped files.
pub(super) fn path_of(code: &str) -> String {
    format!("calls/{code}.toml")
}

/// The codes of all call files, embedded and own.
pub(super) fn codes(shipped: &Shipped) -> Vec<String> {
    shipped.names("calls").iter().filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect()
}

/// Reads the call of that code; `Ok(None)` where no file has it.
pub(super) fn load(shipped: &Shipped, code: &str, rosters: &Rosters) -> Result<Option<Call>, Vec<Problem>> {
    let path = path_of(code);
    let text = match shipped.text(&path) {
        Ok(Some(text)) => text,
        Ok(None) => return Ok(None),
        Err(error) => return Err(vec![Problem::of_file(Path::new(&path), error.to_string(), None)]),
    };
    let (report, table) = Report::parse(&shipped.place(&path), &text);
    let call = read(&report, Section::root(&report, &table), code, rosters);
    match (call, report.is_clean()) {
        (Some(call), true) => Ok(Some(call)),
        _ => Err(report.into_problems()),
    }
}

fn read(report: &Report<'_>, mut file: Section<'_, '_>, code: &str, rosters: &Rosters) -> Option<Call> {
    let own_code = file.text("code");
    let own_code = file.required("code", own_code);
    if let Some(own) = own_code.as_ref().filter(|own| own.value != code) {
        let what = format!("“code” is “{}”, and the file is named {code}.toml", own.value);
        report.note_with_hint(own.line, what, "they must agree");
    }
    let reference = file.parsed("reference", reference);
    let reference = file.required("reference", reference);
    let title = by_language(report, &mut file, "title");
    let secretariat = by_language(report, &mut file, "secretariat");
    let contact = file.parsed("contact", address);
    let contact = file.required("contact", contact);
    let issued = file.time("issued", day);
    let issued = file.required("issued", issued);
    let section = file.section("deadline");
    let deadline = file.required("deadline", section).and_then(|section| deadline(report, section, issued.as_ref()));
    let word_limit = file.whole("word_limit", 1..=1_000_000).map(|limit| limit.value);
    let roster = file.text("roster");
    let roster = file.required("roster", roster).map(|roster| known_roster(report, roster, rosters));
    let no_reminder = no_reminder(report, &mut file, roster.as_ref().map(|r| r.value.as_str()), rosters);
    let words = file.texts("words");
    let words = file.required("words", words);
    if let Some(none) = words.as_ref().filter(|words| words.value.is_empty()) {
        report.note(none.line, "“words” is empty: no message could be recognised as concerning the call");
    }
    let headings = file.texts("headings");
    let named_headings = advice::headings(report, &mut file);
    let template = file.text("template").map(|template| template.value);
    let addresses = advice::addresses(report, &mut file);
    let formats = advice::formats(report, &mut file);
    let one_state_a_message = file.yes("one_state_a_message").is_some_and(|yes| yes.value);
    let languages = advice::languages(report, &mut file);
    let meeting = advice::meeting(report, &mut file, deadline.as_ref().map(|deadline| deadline.value.day));
    let holidays = file.times("holidays", day).into_iter().map(|day| day.value).collect();
    let reminders = reminders(report, &mut file, issued.as_ref(), deadline.as_ref());
    file.finish();
    Some(Call {
        code: own_code?.value,
        reference: reference?.value,
        title: title?,
        secretariat: secretariat?,
        contact: contact?.value,
        issued: issued?.value,
        deadline: deadline?.value,
        word_limit,
        roster: roster?.value,
        no_reminder,
        words: words?.value.into_iter().map(|word| word.value).collect(),
        headings: headings
            .map(|headings| headings.value.into_iter().map(|text| text.value).collect())
            .unwrap_or_default(),
        named_headings,
        template,
        addresses,
        formats,
        one_state_a_message,
        languages,
        meeting,
        holidays,
        reminders,
    })
}

/// What docket references begin with. `M` alone would make them look like intake numbers.
fn reference(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    let begins = text.starts_with(|c: char| c.is_ascii_uppercase()) && !text.ends_with('-');
    if text == "M" || !begins || !text.chars().all(plain) {
        return Err(format!("“{text}” should be capital letters, digits and hyphens, such as \"GCM-ECE-2020\""));
    }
    Ok(text.to_owned())
}

fn by_language(
    report: &Report<'_>,
    file: &mut Section<'_, '_>,
    key: &'static str,
) -> Option<BTreeMap<Language, String>> {
    let texts = file.texts_by_name(key);
    let texts = file.required(key, texts)?;
    let mut known = BTreeMap::new();
    for (name, text) in texts.value {
        match name.value.parse::<Language>() {
            Ok(language) => _ = known.insert(language, text),
            Err(error) => report.note(name.line, format!("[{key}]: {error}")),
        }
    }
    if !known.contains_key(&Language::En) {
        report.note_with_hint(
            texts.line,
            format!("[{key}] has no English"),
            "letters fall back to it: add “en = \"…\"”",
        );
    }
    Some(known)
}

fn deadline(report: &Report<'_>, mut section: Section<'_, '_>, issued: Option<&At<Date>>) -> Option<At<DeadlineRule>> {
    let line = section.line;
    let last = section.time("day", day);
    let last = section.required("day", last);
    let has_time = section.has("time");
    let time = section.time("time", hour).map(|time| time.value);
    let zone = section.text("zone");
    let zone = section.required("zone", zone);
    let grace = section.whole::<u32>("grace_minutes", 0..=u64::from(u32::MAX));
    section.finish();
    if let Some(long) = grace.as_ref().filter(|grace| grace.value > GRACE_AT_MOST) {
        let what = format!("“grace_minutes” is {}, more than a day", long.value);
        report.note_with_hint(long.line, what, "announce a later day instead");
    }
    let (day, zone) = match (last, zone) {
        (Some(day), Some(zone)) => (day, zone),
        (_, zone) => {
            // Else it is said with the day.
            if let Some(zone) = zone.filter(|zone| TimeZone::get(&zone.value).is_err()) {
                let what = format!("“zone” of [deadline]: “{}” is no time zone", zone.value);
                report.note_with_hint(zone.line, what, ZONE_LIKE);
            }
            return None;
        }
    };
    if let Some(issued) = issued.filter(|issued| issued.value > day.value) {
        report.note(day.line, format!("the deadline {} is before the call was issued, {}", day.value, issued.value));
    }
    let grace_minutes = grace.map_or(0, |grace| grace.value);
    let rule = DeadlineRule { day: day.value, time, zone: zone.value, grace_minutes };
    match Deadline::fix(&rule) {
        // An hour that is none is no deadline.
        Ok(_) if has_time && time.is_none() => None,
        Ok(_) => Some(At { value: rule, line }),
        Err(error) => {
            report.note_with_hint(zone.line, error.to_string(), ZONE_LIKE);
            None
        }
    }
}

/// The roster as the state table names it; one that is not there is a problem.
fn known_roster(report: &Report<'_>, roster: At<String>, rosters: &Rosters) -> At<String> {
    if rosters.is_empty() {
        return roster;
    }
    if let Some(name) = rosters.named(&roster.value) {
        return At { value: name.to_owned(), ..roster };
    }
    let what = format!("“{}” is no roster of the state table", roster.value);
    let hint = match nearest(&roster.value, rosters.names()) {
        Some(near) => format!("did you mean “{near}”?"),
        None => format!("it has: {}", rosters.names().collect::<Vec<_>>().join(", ")),
    };
    report.note_with_hint(roster.line, what, hint);
    roster
}

/// Who is not reminded, by both tables that say so.
fn no_reminder(
    report: &Report<'_>,
    file: &mut Section<'_, '_>,
    roster: Option<&str>,
    rosters: &Rosters,
) -> BTreeMap<Iso3, String> {
    let mut said: BTreeMap<Iso3, Option<String>> = BTreeMap::new();
    for table in ["no_reminder", "policy"] {
        for (name, text) in file.texts_by_name(table).map_or_else(Vec::new, |texts| texts.value) {
            let state = name.value.parse::<Iso3>().map_err(|error| error.to_string());
            let (state, policy) = match state.and_then(|state| {
                let reason = if table == "policy" { policy(&text)? } else { Some(text) };
                Ok((state, reason))
            }) {
                Ok(read) => read,
                Err(error) => {
                    report.note(name.line, format!("[{table}]: {error}"));
                    continue;
                }
            };
            if let Some(roster) = roster.filter(|r| rosters.named(r).is_some() && !rosters.holds(r, state)) {
                report.note(name.line, format!("[{table}]: {state} is not on the roster “{roster}”"));
            }
            if said.insert(state, policy).is_some() {
                let what = format!("[{table}]: {state} stands in [no_reminder], too");
                report.note_with_hint(name.line, what, "say it in one place");
            }
        }
    }
    said.into_iter().filter_map(|(state, reason)| Some((state, reason?))).collect()
}

/// Why a state is not reminded; nothing where it is.
fn policy(text: &str) -> Result<Option<String>, String> {
    match text.split_once(':') {
        None if text.trim() == "remind" => Ok(None),
        Some((word, reason)) if word.trim() == "none" && !reason.trim().is_empty() => {
            Ok(Some(reason.trim().to_owned()))
        }
        _ => Err(format!("“{text}” is neither \"remind\" nor \"none: \" with the reason")),
    }
}

fn reminders(
    report: &Report<'_>,
    file: &mut Section<'_, '_>,
    issued: Option<&At<Date>>,
    deadline: Option<&At<DeadlineRule>>,
) -> Vec<ReminderStep> {
    let open = issued.zip(deadline).map(|(issued, deadline)| (deadline.value.day - issued.value).get_days());
    let open = open.and_then(|days| u32::try_from(days).ok());
    let mut names = BTreeSet::new();
    let mut steps = Vec::new();
    for mut section in file.sections("reminder") {
        let step = section.text("step");
        let step = section.required("step", step);
        let days_before = section.whole::<u32>("days_before", 0..=365);
        let days_before = section.required("days_before", days_before);
        let hour = section.whole::<u8>("hour", 0..=23);
        let hour = section.required("hour", hour);
        section.finish();
        if let Some(step) = step.as_ref().filter(|step| !names.insert(step.value.clone())) {
            let what = format!("two reminders have the step “{}”", step.value);
            report.note_with_hint(step.line, what, "a state is reminded once by each step: give it another name");
        }
        if let (Some(days_before), Some(open)) = (&days_before, open)
            && days_before.value >= open
        {
            let what = format!("“days_before” is {}, which is not after the call was issued", days_before.value);
            report.note(days_before.line, what);
        }
        let (Some(step), Some(days_before), Some(hour)) = (step, days_before, hour) else { continue };
        let line = hour.line;
        let step = ReminderStep { step: step.value, days_before: days_before.value, hour: hour.value };
        if let Some(deadline) = deadline.and_then(|deadline| Deadline::fix(&deadline.value).ok())
            && reminder::due(&step, &deadline).is_some_and(|due: Timestamp| due >= deadline.instant)
        {
            report.note(line, format!("the reminder “{}” falls due when the deadline is over", step.step));
        }
        steps.push(step);
    }
    steps
}
