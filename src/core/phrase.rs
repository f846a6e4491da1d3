//! The program's own sentences: made when they are shown, in the reader's language, from words in one file a language.
//!
//! What happened is kept as facts; a [`Phrase`] says which sentence tells it, and with what. Promises that what is filled
//! in is never read as a sentence itself, and that a language without words of its own is spoken to in English.

use std::{collections::BTreeMap, sync::LazyLock};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    iso3::Iso3,
    text::{comparable, language::Language},
};

/// The languages that the program speaks, each with its words.
const FILES: [(Language, &str); 2] =
    [(Language::En, include_str!("phrase/en.toml")), (Language::Fr, include_str!("phrase/fr.toml"))];

/// Templates by key, such as `event.filed`.
type Templates = BTreeMap<String, String>;

static TEMPLATES: LazyLock<BTreeMap<Language, Templates>> = LazyLock::new(|| {
    FILES
        .into_iter()
        .map(|(language, text)| {
            let table: toml::Table = text.parse().expect("the words come with the program, and a test reads them");
            let mut templates = Templates::new();
            flatten("", &table, &mut templates);
            (language, templates)
        })
        .collect()
});

/// A table's texts under the dotted names of their places.
fn flatten(place: &str, table: &toml::Table, into: &mut Templates) {
    for (name, value) in table {
        let key = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, into),
            value => _ = into.insert(key, value.as_str().unwrap_or_default().to_owned()),
        }
    }
}

/// The languages that the program speaks.
#[must_use]
pub fn languages() -> Vec<Language> {
    TEMPLATES.keys().copied().collect()
}

/// The words of a language by their keys.
#[must_use]
pub fn of(language: Language) -> Option<&'static BTreeMap<String, String>> {
    TEMPLATES.get(&language)
}

/// Who reads a sentence.
#[derive(Clone)]
pub struct Audience<'a> {
    /// The language.
    pub language: Language,
    /// The zone in which times are told.
    pub zone: TimeZone,
    /// The names of states.
    pub name: &'a (dyn Fn(Iso3) -> String + Sync),
}

/// A sentence, or a part of one, that is not made yet: which it is, and what it is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    key: String,
    with: Vec<(&'static str, Fill)>,
}

/// What is filled into a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// A text as it is.
    Text(String),
    /// States, by their names.
    States(Vec<Iso3>),
    /// States that stand for one thing together: by their names, and in the order of these.
    Together(Vec<Iso3>),
    /// States, by their names and in the order of these, with the words of that key between each two.
    Between(&'static str, Vec<Iso3>),
    /// A time, in the reader's zone.
    Moment(Timestamp),
    /// A time to the second, in UTC.
    Instant(Timestamp),
    /// A day, as people write it.
    Day(Date),
    /// Another part of the sentence.
    Phrase(Phrase),
}

impl Phrase {
    /// The sentence of that key.
    pub fn of(key: impl Into<String>) -> Self {
        Self { key: key.into(), with: Vec::new() }
    }

    /// Fills something in.
    #[must_use]
    pub fn with(mut self, name: &'static str, fill: impl Into<Fill>) -> Self {
        self.with.push((name, fill.into()));
        self
    }

    /// So many of something: `key.none`, `key.one`, or `key.many` with `n`.
    #[must_use]
    pub fn counted(key: &str, n: u64) -> Self {
        match n {
            0 => Self::of(format!("{key}.none")),
            1 => Self::of(format!("{key}.one")),
            n => Self::of(format!("{key}.many")).with("n", n),
        }
    }

    /// The key of its words.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What it is filled with.
    #[must_use]
    pub fn filled(&self) -> &[(&'static str, Fill)] {
        &self.with
    }

    /// The sentence as the program writes it down or logs it: in English, with states by their codes, and times in UTC.
    #[must_use]
    pub fn plain(&self) -> String {
        self.in_words(&Audience { language: Language::En, zone: TimeZone::UTC, name: &|iso3| iso3.to_string() })
    }

    /// The sentence for an audience.
    #[must_use]
    pub fn in_words(&self, audience: &Audience<'_>) -> String {
        let in_language = |language| TEMPLATES.get(&language).and_then(|templates| templates.get(&self.key));
        let Some(template) = in_language(audience.language).or_else(|| in_language(Language::En)) else {
            return self.key.clone();
        };
        let (mut said, mut rest) = (String::new(), template.as_str());
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            said.push_str(before);
            if let Some((_, fill)) = self.with.iter().find(|(known, _)| *known == name) {
                said.push_str(&fill.in_words(audience));
            }
            rest = after;
        }
        said + rest
    }
}

impl Fill {
    fn in_words(&self, audience: &Audience<'_>) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::States(states) => states.iter().map(|&iso3| (audience.name)(iso3)).collect::<Vec<_>>().join(", "),
            Self::Together(states) => names_in_order(states, audience).join(", "),
            Self::Between(key, states) => {
                let two = |before: String, next: String| {
                    Phrase::of(*key).with("before", before).with("next", next).in_words(audience)
                };
                names_in_order(states, audience).into_iter().reduce(two).unwrap_or_default()
            }
            Self::Moment(at) => at.to_zoned_datetime(audience.zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string(),
            Self::Instant(at) => at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            Self::Day(day) => day_in_words(*day, audience.language),
            Self::Phrase(phrase) => phrase.in_words(audience),
        }
    }
}

/// The names of states, in their order; what differs in accents alone stands side by side.
fn names_in_order(states: &[Iso3], audience: &Audience<'_>) -> Vec<String> {
    let mut names: Vec<String> = states.iter().map(|&iso3| (audience.name)(iso3)).collect();
    names.sort_by_cached_key(|name| (comparable(name), name.clone()));
    names
}

/// A day as people write it, in the languages that sentences are told in.
fn day_in_words(day: Date, language: Language) -> String {
    let (months, first) = match language {
        Language::Fr => (FRENCH_MONTHS, "1er"),
        _ => (ENGLISH_MONTHS, "1"),
    };
    let month = usize::try_from(day.month()).ok().and_then(|month| months.get(month - 1)).copied().unwrap_or_default();
    let number = if day.day() == 1 { first.to_owned() } else { day.day().to_string() };
    format!("{number} {month} {}", day.year())
}

const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

impl From<&str> for Fill {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Fill {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Fill {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Fill {
    fn from(number: u64) -> Self {
        Self::Text(number.to_string())
    }
}

impl From<u32> for Fill {
    fn from(number: u32) -> Self {
        Self::Text(number.to_string())
    }
}

impl From<i64> for Fill {
    fn from(number: i64) -> Self {
        Self::Text(number.to_string())
    }
}

impl From<Date> for Fill {
    fn from(day: Date) -> Self {
        Self::Text(day.to_string())
    }
}

impl From<Iso3> for Fill {
    fn from(iso3: Iso3) -> Self {
        Self::States(vec![iso3])
    }
}

impl From<&[Iso3]> for Fill {
    fn from(states: &[Iso3]) -> Self {
        Self::States(states.to_vec())
    }
}

impl From<Phrase> for Fill {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(phrase)
    }
}
