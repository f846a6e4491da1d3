//! Facts as the templates see them: under the names of [`facts`](super::facts), texts chosen by language.
//!
//! Promises that what a sender wrote is on one line, of bounded length and without marks that hide or turn it.

use std::collections::BTreeMap;

use minijinja::{Value, context, value::Serde};

use super::{
    facts::{CallFacts, EntryFacts, Facts, FileFacts, Receipt},
    text,
};
use crate::core::{iso3::Iso3, submission::Becomes, text::language::Language};

/// The values of one letter.
pub(super) fn values(facts: &Facts, language: Language, names: &dyn Fn(Iso3, Language) -> String) -> Value {
    match facts {
        Facts::Acknowledgement(receipt) | Facts::Received(receipt) => receipt_values(receipt, language, names),
        Facts::Query(query) => context! {
            call => call(&query.call, language),
            number => query.number.as_str(),
            received => query.received.to_string(),
            subject => query.subject.as_deref().and_then(shown),
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
    }
}

fn receipt_values(receipt: &Receipt, language: Language, names: &dyn Fn(Iso3, Language) -> String) -> Value {
    let entry = |entry: &EntryFacts| {
        context! {
            reference => entry.reference.as_deref(),
            states => entry.states.iter().map(|state| text::one_line(&names(*state, language))).collect::<Vec<_>>(),
            version => entry.version,
            becomes => becomes(entry.becomes.as_ref()),
            duplicate => entry.duplicate,
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

/// What an input comes to: the word for it, and the other version that it is about.
fn becomes(becomes: Option<&Becomes>) -> Value {
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
    context! {
        how => how,
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
        last_hour => call.last_hour.map(|hour| hour.strftime("%H:%M").to_string()),
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
        }
    };
    files.iter().map(file).collect()
}

/// A text of the sender's as it may be shown; nothing where nothing is left of it.
fn shown(text: &str) -> Option<String> {
    Some(text::one_line(text)).filter(|text| !text.is_empty())
}
