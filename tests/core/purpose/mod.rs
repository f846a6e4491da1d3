//! What a message is: every purpose in every language, and the words that must not mislead.

mod cases;
mod languages;
mod topic;

use docket::core::purpose::{Document, Letter, Purpose, Topic, purpose};
use jiff::civil::date;

/// The words of the shipped call.
pub(super) fn topic() -> Topic {
    let call: toml::Table =
        include_str!("../../../config/calls/unece-gcm-2020.toml").parse().expect("the shipped call");
    let list = |key: &str| -> Vec<String> {
        call[key].as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
    };
    let (words, headings) = (list("words"), list("headings"));
    Topic::new([(words.as_slice(), headings.as_slice())], ["gcm-input@example.org"])
}

/// A letter of a ministry.
fn letter<'a>(subject: &'a str, own: &'a str, documents: &'a [Document<'a>]) -> Letter<'a> {
    Letter {
        subject,
        own,
        quoted: "",
        documents,
        other_files: false,
        links: false,
        answers: false,
        automatic: false,
        in_copy: false,
        from_state: true,
        on: date(2020, 9, 25),
    }
}

/// A document with a text of its own words.
fn document<'a>(name: &'a str, text: &'a str) -> Document<'a> {
    Document { name, letterhead: "", text, words: docket::core::text::words::count(text) }
}

/// What the shipped call makes of a letter.
fn judged(letter: &Letter<'_>) -> Purpose {
    static TOPIC: std::sync::LazyLock<Topic> = std::sync::LazyLock::new(topic);
    purpose(letter, &TOPIC)
}
