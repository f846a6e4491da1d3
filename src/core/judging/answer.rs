//! Which letter a message gets, if any.
//!
//! Promises at most one letter a message, none to robots and colleagues, none to unrelated mail, and a reason in a
//! sentence for every silence. What a cap stops is held for a person to see, never dropped.

use serde::{Deserialize, Serialize};

use crate::core::{
    event::{Cap, Hold},
    iso3::Iso3,
    judging::{allowance::Allowance, relevance::Relevance, silence::Silence},
    mail::automatic::Answerable,
    question::Question,
    text::language::Language,
};

/// What became of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Registered for one or more states.
    Registered,
    /// Filed for a sender who is no state.
    Filed,
    /// Left to a person to say whose it is.
    Undecided,
    /// Its document is missing; `link` where it stands elsewhere.
    WithoutDocument {
        /// The message holds a link to it.
        link: bool,
    },
    /// A letter that a person answers.
    Correspondence,
    /// It brings a document, and nothing ties it to a call, to a state or to a letter of ours.
    Stray,
    /// None of our business.
    Unrelated,
}

/// What a message gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A letter.
    Letter(Letter),
    /// None, and why.
    Silence(Silence),
}

/// The letter a message gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// A receipt that names the states.
    Acknowledgement,
    /// A receipt that names none.
    Received,
    /// A request for the document.
    Query {
        /// The message holds a link to it.
        link: bool,
    },
    /// A request for a copy that can be read of what is registered, and cannot be.
    ReadableCopy {
        /// The item.
        item: i64,
    },
}

/// What the program found about answering a message; kept, so that a person's later decision can use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answering {
    /// Whether the message may be answered, and to whom.
    pub answerable: Answerable,
    /// A colleague sent it.
    pub by_colleague: bool,
    /// It passes on what is another's, and nobody who may says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passed_on: bool,
    /// The language to answer in.
    pub language: Option<Language>,
}

impl Answering {
    /// Why it gets no letter, whatever is filed of it.
    #[must_use]
    pub fn silent(&self) -> Option<Silence> {
        self.passed_on.then_some(Silence::PassedOn)
    }
}

/// Chooses the letter.
#[must_use]
pub fn answer(fates: &[Fate], answerable: &Answerable, silent: Option<&Silence>, by_colleague: bool) -> Answer {
    // No mail brought it: there is nobody whom an answer could reach.
    if silent == Some(&Silence::Recorded) {
        return Answer::Silence(Silence::Recorded);
    }
    if fates.iter().all(|fate| *fate == Fate::Unrelated) {
        return Answer::Silence(Silence::Unrelated);
    }
    if by_colleague {
        return Answer::Silence(Silence::Colleague);
    }
    if !answerable.send {
        return Answer::Silence(Silence::NotAnswerable { why: answerable.reason.clone() });
    }
    if let Some(reason) = silent {
        return Answer::Silence(reason.clone());
    }
    if fates.contains(&Fate::Registered) {
        return Answer::Letter(Letter::Acknowledgement);
    }
    if fates.iter().any(|fate| matches!(fate, Fate::Filed | Fate::Undecided)) {
        return Answer::Letter(Letter::Received);
    }
    match fates.iter().find_map(|fate| match fate {
        Fate::WithoutDocument { link } => Some(*link),
        _ => None,
    }) {
        Some(link) => Answer::Letter(Letter::Query { link }),
        None if fates.contains(&Fate::Correspondence) => Answer::Silence(Silence::Correspondence),
        None => Answer::Silence(Silence::Stray),
    }
}

/// Letters that one address got lately, or may get at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paces {
    /// Within an hour.
    pub hour: u64,
    /// Within a day.
    pub day: u64,
}

/// Letters that the program decided by itself within an hour out of one allowance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Whose allowance it is.
    pub whose: Allowance,
    /// How many it has had.
    pub letters: u64,
    /// How many it may have at most.
    pub cap: u64,
}

/// Whether a cap is reached by the letters that went, and by which.
#[must_use]
pub fn capped(went: Paces, caps: Paces, used: &[Used]) -> Option<Hold> {
    let reached = |of, letters, cap| (letters >= cap).then_some(Hold::Cap { of, letters });
    reached(Cap::Hour, went.hour, caps.hour)
        .or_else(|| reached(Cap::Day, went.day, caps.day))
        .or_else(|| used.iter().find_map(|used| reached(Cap::Allowance(used.whose.clone()), used.letters, used.cap)))
}

/// Why what a message that must not be answered brings, a document or an input in itself, is shown to a person, and for which
/// states it would be registered.
#[must_use]
pub fn held_back(relevance: Relevance, brings: bool, answerable: &Answerable, states: Vec<Iso3>) -> Option<Question> {
    (brings && relevance != Relevance::Unrelated && !answerable.send)
        .then(|| Question::NotToBeAnswered { states, why: answerable.reason.clone() })
}
