//! What a call file asks of the inputs, and what it says of its template and its meeting.
//!
//! Promises that none of it refuses anything: it is advice, and says what is looked for.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::{
    config::{
        address::address,
        civil::day,
        reader::{At, Report, Section},
    },
    core::{
        calls::call::{Heading, Meeting},
        file::Format,
        text::language::Language,
    },
};

/// The headings with names: each with its wordings by language, or with its name alone.
pub(super) fn headings(report: &Report<'_>, file: &mut Section<'_, '_>) -> Vec<Heading> {
    let (mut names, mut headings) = (BTreeSet::new(), Vec::new());
    for mut section in file.sections("heading") {
        let name = section.text("name");
        let name = section.required("name", name);
        let wordings = section.lists_by_name("wordings");
        let wordings = section.required("wordings", wordings);
        section.finish();
        let (Some(name), Some(wordings)) = (name, wordings) else { continue };
        if !names.insert(name.value.clone()) {
            let what = format!("two headings have the name “{}”", name.value);
            report.note_with_hint(name.line, what, "put their wordings together");
        }
        let mut by_language: BTreeMap<Language, Vec<String>> = BTreeMap::new();
        for (language, texts) in wordings.value {
            match language.value.parse::<Language>() {
                Ok(known) => by_language.entry(known).or_default().extend(texts),
                Err(error) => report.note(language.line, format!("“wordings” of [[heading]]: {error}")),
            }
        }
        if by_language.values().all(Vec::is_empty) {
            let what = format!("the heading “{}” has no wording", name.value);
            report.note_with_hint(wordings.line, what, "add one, like wordings = { en = [\"progress*\"] }");
        }
        headings.push(Heading { name: name.value, wordings: by_language });
    }
    headings
}

/// Addresses to which mail about the call goes.
pub(super) fn addresses(report: &Report<'_>, file: &mut Section<'_, '_>) -> Vec<String> {
    let written = file.texts("addresses").map_or_else(Vec::new, |list| list.value);
    let read = written.into_iter().filter_map(|written| match address(&written.value) {
        Ok(address) => Some(address.to_lowercase()),
        Err(error) => {
            report.note(written.line, format!("“addresses”: {error}"));
            None
        }
    });
    read.collect()
}

/// Words of a list, each read by itself.
fn each<T>(
    report: &Report<'_>,
    file: &mut Section<'_, '_>,
    key: &'static str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Vec<T> {
    let mut all = Vec::new();
    for At { value, line } in file.texts(key).map_or_else(Vec::new, |list| list.value) {
        match read(&value) {
            Ok(value) => all.push(value),
            Err(what) => report.note(line, format!("“{key}”: {what}")),
        }
    }
    all
}

/// The formats that are asked for.
pub(super) fn formats(report: &Report<'_>, file: &mut Section<'_, '_>) -> Vec<Format> {
    each(report, file, "formats", |word| {
        let format: Option<Format> = serde_json::from_value(word.to_lowercase().into()).ok();
        format.filter(|format| format.is_document()).ok_or_else(|| {
            format!("“{word}” is no format of documents that is known, such as \"docx\", \"pdf\" or \"odt\"")
        })
    })
}

/// The languages that are asked for.
pub(super) fn languages(report: &Report<'_>, file: &mut Section<'_, '_>) -> Vec<Language> {
    each(report, file, "languages", |code| code.parse::<Language>().map_err(|error| error.to_string()))
}

/// The meeting for which the inputs are collected; it follows the deadline.
pub(super) fn meeting(report: &Report<'_>, file: &mut Section<'_, '_>, deadline: Option<Date>) -> Option<Meeting> {
    let mut section = file.section("meeting")?;
    let name = section.text("name");
    let name = section.required("name", name);
    let begins = section.time("begins", day);
    let begins = section.required("begins", begins);
    let ends = section.time("ends", day);
    let place = section.text("place").map(|place| place.value);
    section.finish();
    if let Some((begins, deadline)) = begins.as_ref().zip(deadline)
        && begins.value < deadline
    {
        let what = format!("the meeting begins on {}, before the deadline {deadline}", begins.value);
        report.note(begins.line, what);
    }
    if let Some((begins, ends)) = begins.as_ref().zip(ends.as_ref())
        && ends.value < begins.value
    {
        report.note(ends.line, format!("the meeting ends on {}, before it begins", ends.value));
    }
    Some(Meeting { name: name?.value, begins: begins?.value, ends: ends.map(|ends| ends.value), place })
}
