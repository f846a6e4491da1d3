//! The register of states: their names, rosters and domains, as the reference tables say.
//!
//! Promises that a register exists only where every line of the tables was understood; all problems are reported at
//! once. Names are those in use at a date: a letter of 2020 says Turkey.

use std::collections::HashMap;

use jiff::civil::Date;

pub use super::tables::{TableProblem, Tables};
use super::{
    domains::Domains,
    names::{Names, Reading},
    vocabulary::Phrases,
};
use crate::core::text::fold::fold;
use crate::core::{iso3::Iso3, text::language::Language};

/// Which of a state's names is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// France.
    Short,
    /// French Republic.
    Formal,
}

/// A state of the register.
#[derive(Clone, Debug)]
pub struct State {
    /// Its three-letter code.
    pub iso3: Iso3,
    /// Its two-letter code.
    pub iso2: String,
    /// An observer State, not a member of the United Nations.
    pub observer: bool,
    /// The rosters it stands on, such as `unece`.
    pub rosters: Vec<String>,
    pub(super) names: HashMap<Language, [String; 2]>,
    pub(super) dated: Vec<DatedName>,
}

/// A name that was right until a date, which is the first day of the next.
#[derive(Clone, Debug)]
pub(super) struct DatedName {
    pub(super) language: Language,
    pub(super) short: String,
    pub(super) formal: String,
    pub(super) until: Date,
}

/// The rosters that the tables must hold; any other column of true and false is a roster, too.
pub(super) const ROSTERS: [&str; 5] = ["unece", "eca", "eclac", "escap", "escwa"];

/// The states, and everything by which an input is matched to one.
#[derive(Debug)]
pub struct Register {
    /// By their codes.
    pub(super) states: Vec<State>,
    pub(super) by_code: HashMap<Iso3, usize>,
    pub(super) rosters: Vec<String>,
    /// Names, found in running text.
    pub(super) names: Names,
    /// Mail domains.
    pub(super) domains: Domains,
    /// Short names without spaces, as they stand in local parts: `northmacedonia`.
    pub(super) squashed: HashMap<String, Iso3>,
    /// Codes that a file name may carry, in capitals.
    pub(super) file_codes: HashMap<String, Iso3>,
    /// Authorities below the state, folded.
    pub(super) substates: Phrases,
}

impl Register {
    /// The state with a code.
    #[must_use]
    pub fn state(&self, iso3: Iso3) -> Option<&State> {
        self.by_code.get(&iso3).map(|i| &self.states[*i])
    }

    /// All states, by their codes.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.states.iter()
    }

    /// The states of a roster, such as `unece`, by their codes; nothing where there is no such roster.
    #[must_use]
    pub fn roster(&self, name: &str) -> Option<Vec<Iso3>> {
        let name = self.rosters.iter().find(|r| r.eq_ignore_ascii_case(name.trim()))?;
        Some(self.states.iter().filter(|s| s.rosters.contains(name)).map(|s| s.iso3).collect())
    }

    /// Whether a state is an observer, not a member.
    #[must_use]
    pub fn is_observer(&self, iso3: Iso3) -> bool {
        self.state(iso3).is_some_and(|s| s.observer)
    }

    /// A state's name in a language, as it was at a date; the code where the register does not know the state.
    #[must_use]
    pub fn name(&self, iso3: Iso3, language: Language, at: Date, form: Form) -> String {
        let Some(state) = self.state(iso3) else { return iso3.to_string() };
        let dated = state.dated.iter().filter(|d| d.language == language && at < d.until).min_by_key(|d| d.until);
        let [short, formal] = match (dated, state.names.get(&language)) {
            (Some(dated), _) => [&dated.short, &dated.formal],
            (None, Some([short, formal])) => [short, formal],
            (None, None) => return iso3.to_string(),
        };
        match form {
            Form::Short => short.clone(),
            Form::Formal => formal.clone(),
        }
    }

    /// The state with a code of two or three capitals.
    pub(super) fn code(&self, code: &str) -> Option<Iso3> {
        self.states.iter().find(|state| state.iso2 == code || state.iso3.as_str() == code).map(|state| state.iso3)
    }

    /// The state that a person means by a code or a name; nothing where more than one could be meant.
    #[must_use]
    pub fn lookup(&self, text: &str) -> Option<Iso3> {
        if let Ok(code) = text.parse::<Iso3>()
            && self.by_code.contains_key(&code)
        {
            return Some(code);
        }
        match self.names.exact(&fold(text)) {
            Some(name) if name.reading != Reading::Demonym => match name.states[..] {
                [one] => Some(one),
                _ => None,
            },
            _ => None,
        }
    }

    /// The states that a person may mean by a code of two or three letters, or by a name in any language that the tables
    /// have: one, or several of which the person must say which.
    #[must_use]
    pub fn meant(&self, text: &str) -> Vec<Iso3> {
        if let Some(state) = self.code(text.trim().to_ascii_uppercase().as_str()).or_else(|| self.lookup(text)) {
            return vec![state];
        }
        match self.names.exact(&fold(text)) {
            Some(name) if name.reading != Reading::Demonym => name.states.clone(),
            _ => Vec::new(),
        }
    }

    /// Every spelling the register reads as the name of exactly one state, folded; for the tests of the tables.
    pub fn spellings(&self) -> impl Iterator<Item = (&str, Iso3)> {
        self.names.iter().filter_map(|(spelling, name)| match name.states[..] {
            [one] => Some((spelling, one)),
            _ => None,
        })
    }
}
