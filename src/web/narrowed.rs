//! By what the page of the log is narrowed, as the form above it asks.
//!
//! Promises that what cannot be understood is left out and said in a sentence, with the name of its field and the form it
//! has; everything else holds.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::{as_of, asked::Asked, filters::standing_words};
use crate::{
    core::{
        calls::standing::Standing,
        iso3::Iso3,
        narrowing::{EntryKind, Letter, Status},
        search::Search,
        text::{language::Language, percent},
    },
    desk::view::{Frame, LogFilter},
};

/// Lines of one page.
const LINES: u32 = 50;
/// Characters of what is wrong that are shown.
const SHOWN: usize = 40;

/// All standings.
pub(super) const STANDINGS: [Standing; 5] =
    [Standing::OnTime, Standing::ByGrace, Standing::ByExtension, Standing::Late, Standing::Undetermined];

/// The fields of the form: the name in the address, and what stands above it.
const FIELDS: [(&str, &str); 10] = [
    ("q", "Words"),
    ("standing", "Standing"),
    ("state", "State"),
    ("kind", "Kind"),
    ("status", "Status"),
    ("language", "Language"),
    ("since", "From"),
    ("until", "To"),
    ("waiting", "Waits"),
    ("letter", "Letter"),
];

/// What is wrong with a field, and what to write instead where there is a form for that.
type Wrong = (String, Option<String>);

/// What the log is narrowed by, and where it begins.
#[derive(Clone, Debug)]
pub struct Narrowed {
    filter: LogFilter,
    /// The filters that hold, in words, by the names of their fields.
    set: Vec<(&'static str, String)>,
    /// What is wrong with fields.
    wrong: BTreeMap<&'static str, String>,
    /// The first of that, for whom nothing is left out.
    refused: Option<String>,
    /// What was typed into each field.
    typed: BTreeMap<&'static str, String>,
}

impl Narrowed {
    /// Narrowed as it was asked for, with times in that zone.
    #[must_use]
    pub fn by(asked: &Asked, zone: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let mut narrowed = Self {
            filter: LogFilter {
                after: asked.get("after").map(str::to_owned),
                before: asked.get("before").map(str::to_owned),
                limit: LINES,
                ..LogFilter::default()
            },
            set: Vec::new(),
            wrong: BTreeMap::new(),
            refused: None,
            typed: FIELDS.iter().map(|(field, _)| (*field, String::new())).collect(),
        };
        for (field, label) in FIELDS {
            let Some(text) = asked.get(field) else { continue };
            narrowed.typed.insert(field, text.to_owned());
            match narrowed.narrow(field, text, &zone) {
                Ok(words) => narrowed.set.push((field, words)),
                Err((what, instead)) => {
                    let instead = instead.map(|instead| format!(" {instead}")).unwrap_or_default();
                    narrowed.refused.get_or_insert_with(|| format!("{field}: {what}.{instead}"));
                    narrowed.wrong.insert(field, format!("{label}: {what}, so it was left out.{instead}"));
                }
            }
        }
        narrowed
    }

    /// Takes in one field: what it narrows to in words, or what is wrong.
    fn narrow(&mut self, field: &'static str, text: &str, zone: &TimeZone) -> Result<String, Wrong> {
        let filter = &mut self.filter;
        let shown: String = text.chars().take(SHOWN).collect();
        Ok(match field {
            "q" => {
                if let Err(why) = Search::of(text) {
                    let said = why.to_string();
                    let said = said.strip_prefix("it ").unwrap_or(&said);
                    return Err((format!("“{shown}” {said}"), None));
                }
                filter.words = Some(text.to_owned());
                format!("“{text}”")
            }
            "state" => {
                let iso3: Iso3 = text.parse().map_err(|error| (format!("{error}"), None))?;
                filter.state = Some(iso3);
                self.typed.insert(field, iso3.to_string());
                iso3.to_string()
            }
            "standing" => {
                let standing = STANDINGS.into_iter().find(|standing| standing.word() == text);
                let words = || STANDINGS.map(Standing::word).join(", ");
                let standing = standing.ok_or_else(|| not_one_of(&shown, "standing", &words()))?;
                filter.standing = Some(standing);
                standing_words(standing).to_owned()
            }
            "kind" => {
                let words = || joined(EntryKind::ALL.iter().map(|kind| kind.word()));
                let kind = EntryKind::named(text).ok_or_else(|| not_one_of(&shown, "kind", &words()))?;
                filter.kind = Some(kind);
                kind.in_words().to_owned()
            }
            "status" => {
                let words = || joined(Status::ALL.iter().map(|status| status.word()));
                let status = Status::named(text).ok_or_else(|| not_one_of(&shown, "status", &words()))?;
                filter.status = Some(status);
                status.in_words().to_owned()
            }
            "language" => {
                let words = || joined(Language::ALL.iter().map(|language| language.code()));
                let language = text.parse::<Language>().map_err(|_| not_one_of(&shown, "language", &words()))?;
                filter.written_in = Some(language);
                self.typed.insert(field, language.code().to_owned());
                super::filters::language_words(language.code())
            }
            "since" => {
                filter.since = Some(as_of::since(text, zone).ok_or_else(|| no_date(&shown))?);
                format!("from {text}")
            }
            "until" => {
                filter.until = Some(as_of::time(text, zone).ok_or_else(|| no_date(&shown))?);
                format!("to {text}")
            }
            "waiting" => {
                if text != "yes" {
                    return Err((format!("“{shown}” is no choice"), Some("Write yes.".to_owned())));
                }
                filter.waiting = true;
                "to be decided".to_owned()
            }
            _ => {
                let words = || joined(Letter::ALL.iter().map(|letter| letter.word()));
                let letter = Letter::named(text).ok_or_else(|| not_one_of(&shown, "such choice", &words()))?;
                filter.letter = Some(letter);
                letter.in_words().to_owned()
            }
        })
    }

    /// The same for the desk.
    #[must_use]
    pub fn filter(&self, frame: &Frame) -> LogFilter {
        self.in_call(&frame.call)
    }

    /// The same in the call of that code.
    pub(super) fn in_call(&self, call: &str) -> LogFilter {
        LogFilter { call: Some(call.to_owned()), ..self.filter.clone() }
    }

    /// What is wrong with the first field that cannot be understood, for whoever gets no answer then.
    pub(super) fn refused(&self) -> Option<String> {
        self.refused.clone()
    }

    /// Without each of the filters in turn, where there are several: its field, and the rest for the desk.
    #[must_use]
    pub fn loosened(&self, frame: &Frame) -> Vec<(&'static str, LogFilter)> {
        if self.set.len() < 2 {
            return Vec::new();
        }
        let without = |field: &'static str| {
            let mut filter = LogFilter { after: None, before: None, ..self.filter(frame) };
            match field {
                "q" => filter.words = None,
                "state" => filter.state = None,
                "standing" => filter.standing = None,
                "kind" => filter.kind = None,
                "status" => filter.status = None,
                "language" => filter.written_in = None,
                "since" => filter.since = None,
                "until" => filter.until = None,
                "waiting" => filter.waiting = false,
                _ => filter.letter = None,
            }
            (field, filter)
        };
        self.set.iter().map(|(field, _)| without(field)).collect()
    }

    /// The filters that hold: field and words.
    pub(super) fn set(&self) -> &[(&'static str, String)] {
        &self.set
    }

    /// What is wrong with fields.
    pub(super) fn wrong(&self) -> &BTreeMap<&'static str, String> {
        &self.wrong
    }

    /// What was typed into each field.
    pub(super) fn typed(&self) -> &BTreeMap<&'static str, String> {
        &self.typed
    }

    /// It is the first page.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.filter.after.is_none() && self.filter.before.is_none()
    }

    /// The state that it is narrowed to.
    pub(super) fn state(&self) -> Option<Iso3> {
        self.filter.state
    }

    /// The words that are looked for.
    pub(super) fn words(&self) -> String {
        self.filter.words.clone().unwrap_or_default()
    }

    /// What was asked for is one number, and nothing else.
    pub(super) fn alone(&self) -> Option<&str> {
        self.filter.words.as_deref().filter(|_| self.set.len() == 1 && self.is_first())
    }

    /// The filters again, for the address of another page, each with an ampersand behind; all but one field.
    pub(super) fn kept(&self, frame: &Frame, but: Option<&str>) -> String {
        let call = (frame.calls.len() > 1).then(|| format!("call={}&", percent::encoded(&frame.call)));
        let fields = self.set.iter().filter(|(field, _)| Some(*field) != but).filter_map(|(field, _)| {
            let value = self.typed.get(field)?;
            Some(format!("{field}={}&", percent::encoded(value)))
        });
        call.into_iter().chain(fields).collect()
    }
}

fn joined(words: impl Iterator<Item = &'static str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

fn not_one_of(shown: &str, what: &str, words: &str) -> Wrong {
    (format!("“{shown}” is no {what}"), Some(format!("Write one of: {words}.")))
}

fn no_date(shown: &str) -> Wrong {
    (format!("“{shown}” is not a date"), Some("Write 2020-09-30 or 2020-09-30 18:00.".to_owned()))
}
