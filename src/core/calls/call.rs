//! A call for inputs, as the secretariat issued it: the deadline, the word limit, whom it was addressed to.
//!
//! The values of `config/calls/<code>.toml`; nothing here is computed.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::core::{file::Format, iso3::Iso3, text::language::Language};

/// One call for inputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The name in configuration and commands, such as `unece-gcm-2020`.
    pub code: String,
    /// What docket references begin with, such as `GCM-ECE-2020`.
    pub reference: String,
    /// The title of the call by language; English is required.
    pub title: BTreeMap<Language, String>,
    /// Who signs the letters, by language; English is required.
    pub secretariat: BTreeMap<Language, String>,
    /// The address that answers questions of people.
    pub contact: String,
    /// The day the call was issued.
    pub issued: Date,
    /// Until when inputs are on time.
    pub deadline: DeadlineRule,
    /// How many words an input should have at most, if the call says so.
    pub word_limit: Option<u64>,
    /// Which states are expected to answer: a column of the state table, such as `unece`.
    pub roster: String,
    /// States of the roster that are not reminded, with the reason.
    #[serde(default)]
    pub no_reminder: BTreeMap<Iso3, String>,
    /// Words and phrases by which a message is recognised as concerning this call, in any language; `*` lets a
    /// word go on.
    pub words: Vec<String>,
    /// Headings of the template that the call proposed; what answers several of them is an input.
    #[serde(default)]
    pub headings: Vec<String>,
    /// What the call asks for, each with a name and wordings in several languages; it says which headings an input answers,
    /// and nothing is taken for an input by it.
    #[serde(default, rename = "heading")]
    pub named_headings: Vec<Heading>,
    /// The document of the template, as people find it: a name or an address of the web.
    #[serde(default)]
    pub template: Option<String>,
    /// Addresses to which mail about this call goes, where a mailbox receives for several calls.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// The formats that the call asks for; what comes in another is received all the same.
    #[serde(default)]
    pub formats: Vec<Format>,
    /// The call asks for the input of one state in each message; what comes otherwise is received all the same.
    #[serde(default)]
    pub one_state_a_message: bool,
    /// The languages in which the call asks for inputs; what comes in another is received all the same.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// The meeting for which the inputs are collected.
    #[serde(default)]
    pub meeting: Option<Meeting>,
    /// Days on which nobody works, whom it concerns to know of a reminder or a deadline.
    #[serde(default)]
    pub holidays: Vec<Date>,
    /// When states that have sent nothing are reminded.
    #[serde(default, rename = "reminder")]
    pub reminders: Vec<ReminderStep>,
}

/// A heading of the template with its wordings; `*` lets a word go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// What the secretariat calls it, such as `progress`.
    pub name: String,
    /// How it is worded in a language.
    pub wordings: BTreeMap<Language, Vec<String>>,
}

/// The meeting for which the inputs are collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// What it is called.
    pub name: String,
    /// Its first day.
    pub begins: Date,
    /// Its last day, where it has several.
    #[serde(default)]
    pub ends: Option<Date>,
    /// Where it takes place.
    #[serde(default)]
    pub place: Option<String>,
}

/// The deadline as announced: a civil day in a zone, the whole day included, or up to an hour of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// The last day on which an input is on time.
    pub day: Date,
    /// The hour of that day from which on an input is late; without one the whole day counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// The IANA zone of that day, such as `Europe/Zurich`.
    pub zone: String,
    /// Minutes after the deadline that still count, as `by_grace`; 0 for none.
    #[serde(default)]
    pub grace_minutes: u32,
}

/// One reminder before the deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReminderStep {
    /// The name of the step; a state is reminded once by it.
    pub step: String,
    /// How many days before the last day of the call it falls due.
    pub days_before: u32,
    /// The hour of that day, in the zone of the deadline.
    pub hour: u8,
}

impl Call {
    /// The headings of the template, each with its name and all its wordings: those that have names, else those by which a
    /// document is taken for an input.
    #[must_use]
    pub fn template_headings(&self) -> Vec<(String, Vec<String>)> {
        if self.named_headings.is_empty() {
            return self.headings.iter().map(|heading| (heading.clone(), vec![heading.clone()])).collect();
        }
        let named = self.named_headings.iter().map(|heading| {
            let wordings = heading.wordings.values().flatten().cloned().collect();
            (heading.name.clone(), wordings)
        });
        named.collect()
    }

    /// The title in a language, else in English.
    #[must_use]
    pub fn title_in(&self, language: Language) -> &str {
        in_language(&self.title, language)
    }

    /// The secretariat's name in a language, else in English.
    #[must_use]
    pub fn secretariat_in(&self, language: Language) -> &str {
        in_language(&self.secretariat, language)
    }
}

fn in_language(texts: &BTreeMap<Language, String>, language: Language) -> &str {
    texts.get(&language).or_else(|| texts.get(&Language::En)).map_or("", String::as_str)
}
