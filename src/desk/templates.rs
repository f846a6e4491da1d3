//! The templates of letters as they look at their worst: the longest sample, with the longest name of a state.
//!
//! Promises what the renderer of real letters makes of it, and nothing that could leave.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Desk, DeskError};
use crate::{
    core::{iso3::Iso3, judging::matching::Form, letter_kind::LetterKind, text::language::Language},
    filing::call_facts,
    letters::{LetterProblem, sample},
};

/// A template with the facts that make its letter the longest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TemplatePreview {
    /// The kind of letter.
    pub kind: LetterKind,
    /// The language it is in: English where the one that was asked for has no such letter.
    pub language: Language,
    /// The name that stands for every state in it.
    pub name: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Of how many samples it is the longest.
    pub of: usize,
    /// The version of the template.
    pub version: String,
}

impl Desk {
    /// The longest sample of a letter in a language, under a call and with the longest name of its roster.
    ///
    /// # Errors
    /// There is no such call, or the template fails.
    pub fn template(
        &self,
        call: Option<&str>,
        kind: LetterKind,
        language: Language,
    ) -> Result<TemplatePreview, DeskError> {
        let no_call = || DeskError::NotFound("There is no such call in the configuration.".to_owned());
        let open = self.instance.call(call).ok_or_else(no_call)?;
        let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
        let today = self.instance.clock.now().to_zoned_datetime(zone).date();
        let longest = |language: Language| {
            let names =
                open.roster.iter().map(|state| self.instance.register.name(*state, language, today, Form::Formal));
            names.max_by_key(|name| name.chars().count()).unwrap_or_default()
        };
        let names = |_: Iso3, language: Language| longest(language);
        let all = sample::facts(kind);
        let (of, mut worst) = (all.len(), None);
        for mut facts in all {
            *facts.call_mut() = call_facts(&open.call, &open.deadline);
            let failed = |problem: LetterProblem| DeskError::Refused(format!("The template fails: {problem}."));
            let rendered = self.instance.letters.render(&facts, language, &names).map_err(failed)?;
            let length = rendered.body.chars().count();
            if worst.as_ref().is_none_or(|(longest, _)| length > *longest) {
                worst = Some((length, rendered));
            }
        }
        let none = || DeskError::NotFound(format!("There is no sample of the letter “{}”.", kind.name()));
        let (_, worst) = worst.ok_or_else(none)?;
        let (language, name) = (worst.language, longest(worst.language));
        let (subject, body, version) = (worst.subject, worst.body, worst.template);
        Ok(TemplatePreview { kind, language, name, subject, body, of, version })
    }
}
