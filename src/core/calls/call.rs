//! A call for inputs, as the secretariat issued it: the deadline, the word limit, whom it was addressed to.
//!
//! The values of `config/calls/<code>.toml`; nothing here is computed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::core::{iso3::Iso3, text::language::Language};

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
    /// When states that have sent nothing are reminded.
    #[serde(default, rename = "reminder")]
    pub reminders: Vec<ReminderStep>,
}

/// The deadline as announced: a civil day in a zone, the whole day included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// The last day on which an input is on time.
    pub day: Date,
    /// The IANA zone whose midnight ends that day, such as `Europe/Zurich`.
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
