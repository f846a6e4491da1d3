//! Facts as the templates see them: under the names of [`facts`](super::facts), texts chosen by language.
//!
//! Promises that what a sender wrote is on one line, of bounded length and without marks that hide or turn it.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use minijinja::{Value, context, value::Serde};

use super::{
    facts::{Answered, CallFacts, Corrected, EntryFacts, Facts, FileFacts, Granted, Moved, Receipt, TakenBack},
    text,
};
use crate::core::{
    calls::deadline,
    iso3::Iso3,
    submission::{AdditionKind, Becomes},
    text::language::Language,
};

/// The values of one letter.
pub(super) fn values(facts: &Facts, language: Language, names: &dyn Fn(Iso3, Language) -> String) -> Value {
    match facts {
        Facts::Acknowledgement(receipt) | Facts::Received(receipt) => receipt_values(receipt, language, names),
        Facts::Query(query) => context! {
            call => call(&query.call, language),
            number => query.number.as_str(),
            received => query.received.to_string(),
            subject => query.subject.as_deref().and_then(shown),
            reference => query.unreadable.as_deref(),
            cloud_link => query.cloud_link,
            files => files(&query.files),
        },
        Facts::Reminder(reminder) => context! {
            call => call(&reminder.call, language),
            state => text::one_line(&names(reminder.state, language)),
            addressee => reminder.addressee.as_deref().and_then(shown),
            send_to => reminder.send_to.as_str(),
            days_left => reminder.days_left,
        },
        Facts::ExtensionGranted(granted) => granted_values(granted, language, names),
        Facts::DeadlineMoved(Moved { call: of, state, addressee, before, now }) => context! {
            call => call(of, language),
            state => text::one_line(&names(*state, language)),
            addressee => addressee.as_deref().and_then(shown),
            before => end(*before, &of.zone),
            now => end(*now, &of.zone),
        },
        Facts::Withdrawn(TakenBack { call: of, answered, reference, states, until }) => context! {
            call => call(of, language),
            answered => message(answered),
            reference => reference.as_str(),
            states => named(states, language, names),
            until => until.to_string(),
        },
        Facts::Correction(Corrected { told, before, receipt }) => {
            let before = before.iter().map(|before| {
                context! {
                    reference => before.reference.as_deref(),
                    states => named(&before.states, language, names),
                    version => before.version,
                }
            });
            let holds = receipt_values(receipt, language, names);
            context! { told => told.to_string(), before => before.collect::<Vec<_>>(), ..holds }
        }
    }
}

fn granted_values(granted: &Granted, language: Language, names: &dyn Fn(Iso3, Language) -> String) -> Value {
    let Granted { call: of, answered, addressee, states, until, reference } = granted;
    context! {
        call => call(of, language),
        answered => answered.as_ref().map(message),
        addressee => addressee.as_deref().and_then(shown),
        states => named(states, language, names),
        until => end(*until, &of.zone),
        reference => reference.as_deref(),
    }
}

/// The message that a letter answers.
fn message(answered: &Answered) -> Value {
    context! {
        number => answered.number.as_str(),
        received => answered.received.to_string(),
        subject => answered.subject.as_deref().and_then(shown),
    }
}

/// The end of a time, from the first instant that is late: the last day, and whether the whole of it counts.
fn end(late: Timestamp, zone: &str) -> Value {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let day = deadline::last_day(late, &zone);
    context! {
        day => day.to_string(),
        whole => deadline::end_of(day, &zone).is_ok_and(|end| end == late),
        instant => late.to_string(),
    }
}

fn named(states: &[Iso3], language: Language, names: &dyn Fn(Iso3, Language) -> String) -> Vec<String> {
    states.iter().map(|state| text::one_line(&names(*state, language))).collect()
}

fn receipt_values(receipt: &Receipt, language: Language, names: &dyn Fn(Iso3, Language) -> String) -> Value {
    let entry = |entry: &EntryFacts| {
        context! {
            reference => entry.reference.as_deref(),
            states => named(&entry.states, language, names),
            version => entry.version,
            becomes => becomes(entry.becomes.as_ref(), entry.other_unknown),
            withdrawn => entry.withdrawn,
            no_input => entry.no_input,
            duplicate => entry.duplicate,
            in_body => entry.in_body,
            asked => entry.asked,
            standing => Serde(entry.standing),
            words => entry.words,
            files => files(&entry.files),
        }
    };
    context! {
        call => call(&receipt.call, language),
        number => receipt.number.as_str(),
        received => receipt.received.to_string(),
        subject => receipt.subject.as_deref().and_then(shown),
        unread => Serde(receipt.unread),
        entries => receipt.entries.iter().map(entry).collect::<Vec<_>>(),
    }
}

/// What an input comes to: the word for it, and the other version that it is about, of which nothing is said where its reader
/// cannot know it.
fn becomes(becomes: Option<&Becomes>, other_unknown: bool) -> Value {
    let (how, other) = match becomes {
        None => ("", None),
        Some(Becomes::First) => ("first", None),
        Some(Becomes::Replaces { former }) => ("replaces", Some(former)),
        Some(Becomes::Earlier { current }) => ("earlier", Some(current)),
        Some(Becomes::UnderQuery { current }) => ("under_query", current.as_ref()),
        Some(Becomes::Repeats { version }) => ("repeats", Some(version)),
        Some(Becomes::Copy { of }) => ("copy", Some(of)),
        Some(Becomes::Beside { to, .. }) => ("beside", to.as_ref()),
        Some(Becomes::Kept) => ("kept", None),
    };
    let addition = match becomes {
        Some(Becomes::Beside { kind: AdditionKind::Annex, .. }) => "annex",
        Some(Becomes::Beside { kind: AdditionKind::Translation, .. }) => "translation",
        Some(Becomes::Beside { kind: AdditionKind::CoverLetter, .. }) => "cover_letter",
        _ => "",
    };
    let unknown = other_unknown && other.is_some();
    let other = other.filter(|_| !other_unknown);
    context! {
        how => how,
        addition => addition,
        unknown => unknown,
        version => other.and_then(|other| other.n),
        received => other.map(|other| other.received.to_string()),
    }
}

fn call(call: &CallFacts, language: Language) -> Value {
    let in_language = |texts: &BTreeMap<Language, String>| {
        texts.get(&language).or_else(|| texts.get(&Language::En)).map_or_else(String::new, Clone::clone)
    };
    context! {
        title => in_language(&call.title),
        secretariat => in_language(&call.secretariat),
        reference => call.reference.as_str(),
        contact => call.contact.as_str(),
        last_day => call.last_day.to_string(),
        ends => call.ends().map(|instant| instant.to_string()),
        zone => call.zone.as_str(),
        word_limit => call.word_limit,
    }
}

fn files(files: &[FileFacts]) -> Vec<Value> {
    let file = |file: &FileFacts| {
        context! {
            name => file.name.as_deref().and_then(shown),
            size => file.size,
            sha256 => file.sha256.as_str(),
            format => Serde(file.format),
            role => Serde(file.role),
            outcome => Serde(file.outcome),
            pages => file.pages,
            lacking => file.pages_lacking(),
        }
    };
    files.iter().map(file).collect()
}

/// A text of the sender's as it may be shown; nothing where nothing is left of it.
fn shown(text: &str) -> Option<String> {
    Some(text::one_line(text)).filter(|text| !text.is_empty())
}
