//! What happened, as a person reads it: each event in a sentence, by one function for the pages, the terminal and whoever
//! has just decided.

use jiff::{Timestamp, tz::TimeZone};

use super::{Desk, case::Case, view::Happening};
use crate::{
    core::{
        event::Event,
        iso3::Iso3,
        judging::matching::Form,
        phrase::{Audience, Phrase},
        question::Questions,
        text::language::Language,
    },
    store::{Id, Recorded, StoreError},
};

impl Desk {
    /// A phrase for a reader, with the names that states had at a time.
    pub(super) fn in_words(&self, phrase: &Phrase, at: Timestamp, zone: TimeZone, language: Language) -> String {
        let on = at.to_zoned_datetime(zone.clone()).date();
        let name = |iso3: Iso3| self.instance.register.name(iso3, language, on, Form::Short);
        phrase.in_words(&Audience { language, zone, name: &name })
    }

    /// What a person is asked about something that was received at a time; none where nothing is asked. What cannot be read
    /// is told as that.
    pub(super) fn asked(
        &self,
        asked: Result<Questions, StoreError>,
        received: Timestamp,
        language: Language,
    ) -> Option<String> {
        match asked {
            Ok(questions) => questions.phrase().map(|phrase| self.in_words(&phrase, received, TimeZone::UTC, language)),
            Err(unreadable) => Some(format!("Nothing is decided on it until it is put right: {unreadable}.")),
        }
    }

    /// An event of a decision, in a sentence for whoever decides.
    pub(super) fn told(&self, case: &Case<'_>, event: &Event) -> String {
        let zone = self.zone_of(case.item.call_id);
        self.in_words(&event.phrase(), case.now, zone, Language::En)
    }

    /// The zone of a call, or where none is known, of the first one.
    pub(super) fn zone_of(&self, call: Option<Id>) -> TimeZone {
        let open = call.and_then(|id| self.instance.call_by_id(id)).or_else(|| self.instance.call(None));
        open.and_then(|open| TimeZone::get(&open.deadline.zone).ok()).unwrap_or(TimeZone::UTC)
    }

    /// What the history tells, in a language.
    pub(super) fn happenings(&self, recorded: Vec<Recorded>, zone: &TimeZone, language: Language) -> Vec<Happening> {
        recorded
            .into_iter()
            .map(|Recorded { id, at, kind, actor, what }| Happening {
                at,
                kind,
                what: self.in_words(&what.phrase(id), at, zone.clone(), language),
                actor,
                event: what,
            })
            .collect()
    }
}
