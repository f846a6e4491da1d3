//! Which sentence asks a question, and with what: the logic once, for all languages.
//!
//! The words stand under `question`, and those of its facts beside it, in the words of each language.

use jiff::civil::Date;

use super::{Missing, Next, Question, Reason, Several, Unseen};
use crate::core::{
    event::{Event, Wrote},
    iso3::Iso3,
    letter_kind::LetterKind,
    phrase::{Fill, Phrase},
    purpose::Kind,
};

impl Question {
    /// The sentence that asks it.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let form = |form: &str| Phrase::of(format!("question.{form}"));
        match self {
            Self::WhichState { candidates, why } => match candidates.as_slice() {
                [] => form("which_state.open"),
                [one] => form("which_state.one").with("state", *one),
                [most @ .., last] => form("which_state.several").with("most", most).with("last", *last),
            }
            .with("why", why),
            Self::WhichCall => form("which_call"),
            Self::NoDocument { missing, next } => {
                let next = form(match next {
                    Next::Document => "next.document",
                    Next::DocumentAndCall => "next.document_and_call",
                });
                let missing = match missing {
                    Missing::Elsewhere => "no_document.elsewhere",
                    Missing::Announced => "no_document.announced",
                };
                form(missing).with("next", next)
            }
            Self::Hidden { file } => form("hidden").with("file", file.phrase()),
            Self::Correspondence => form("correspondence"),
            Self::AnsweredBeside { on, seen, wrote } => {
                let form = form(match wrote {
                    Wrote::Colleague => "answered_beside.vouched",
                    Wrote::InTheirName => "answered_beside.unvouched",
                });
                form.with("on", Fill::Moment(*on)).with("seen", seen.phrase())
            }
            Self::WhatFor { proposed, states, several, day, reasons } => {
                let and = *several == Several::Together;
                let of = joined(if and { "joined.by_and" } else { "joined.by_or" }, states);
                what_for(*proposed, of, *day, reasons)
            }
            Self::PlaceOf { reference, version, beside, proposed, reasons } => {
                let what = form(&format!("place_of.{}", proposed.word()));
                let what = what.with("entry", entry(reference, *version, beside.as_ref()));
                Phrase::of("joined.by_space").with("before", what).with("next", told(reasons))
            }
            Self::ReadableCopy { reference, version, beside, reasons } => form("readable_copy")
                .with("entry", entry(reference, *version, beside.as_ref()))
                .with("told", told(reasons)),
            Self::AdditionAlone { addition } => form(&format!("addition_alone.{}", addition.word())),
            Self::Stray => form("stray"),
            Self::Automatic { why } => form("automatic").with("why", why),
            Self::LoopSuspected(over) => over.phrase(),
            Self::Harmful { found, candidates } => perhaps("harmful", candidates).with("found", found),
            Self::NotGenuine { said, candidates } => perhaps("not_genuine", candidates).with("said", said),
            Self::UnreadMain { why } => form("unread_main").with("why", because(why.as_ref())),
            Self::UnreadBeside { file, more } => {
                let beside = form(match more {
                    0 => "unread_beside.alone",
                    1 => "unread_beside.one_more",
                    _ => "unread_beside.more",
                });
                beside.with("file", file.phrase()).with("more", *more)
            }
            Self::CameBack => form("came_back"),
            Self::NotToBeAnswered { states, why } => perhaps("not_to_be_answered", states).with("why", why),
            Self::NotRead { why } => form("not_read").with("why", why.phrase()),
            Self::NoSender => form("no_sender"),
            Self::WhenReceived => form("when_received"),
            Self::Junk => form("junk"),
            Self::Recorded { way, states } => {
                form("recorded").with("way", way.phrase()).with("states", states.as_slice())
            }
            Self::GrownSinceDecision { before, bytes } => {
                form("grown_since_decision").with("before", *before).with("bytes", *bytes)
            }
            Self::GrownSinceLetter { before, bytes } => {
                form("grown_since_letter").with("before", *before).with("bytes", *bytes)
            }
            Self::RewrittenSinceDecision { before, bytes } => {
                form("rewritten_since_decision").with("before", *before).with("bytes", *bytes)
            }
            Self::RewrittenSinceLetter { before, bytes } => {
                form("rewritten_since_letter").with("before", *before).with("bytes", *bytes)
            }
            Self::NotFoundAgain => form("not_found_again"),
            Self::OnlyTheBeginning { number } => form("only_the_beginning").with("number", number),
            Self::SenderForgotten { state, number } => {
                Event::Flagged { state: *state, number: number.clone() }.phrase()
            }
            Self::TellSender { files } => Event::CorrectionProposed { files: files.clone() }.phrase(),
            Self::StateNotTold { states } => form("state_not_told").with("states", states.as_slice()),
            Self::LetterOvertaken { letter, reference } => {
                Event::LetterOvertaken { letter: *letter, reference: reference.clone() }.phrase()
            }
            Self::LetterUndone { letter } => form("letter_undone").with("letter", *letter),
            Self::DecideAgain => form("decide_again"),
            Self::DecidedLater => form("decided_later"),
            Self::HeldLetter { letter, why } => form("held_letter").with("letter", *letter).with("why", why),
            Self::LetterFailed { letter, what, states, why } => {
                form("letter_failed").with("letter", *letter).with("what", did_not_leave(*what, states, why))
            }
            Self::Other { text } => form("other").with("text", text),
        }
    }
}

impl Unseen {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Named { name, why } => {
                Phrase::of("unseen.named").with("name", name).with("why", because(why.as_ref()))
            }
            Self::Nameless { why } => Phrase::of("unseen.nameless").with("why", because(why.as_ref())),
            Self::Unlisted { why } => because(why.as_ref()),
        }
    }
}

/// Why a file was not read in full, where that is known.
fn because(why: Option<&String>) -> Phrase {
    match why {
        Some(why) => Phrase::of("unseen.because").with("why", why),
        None => Phrase::of("unseen.unknown"),
    }
}

/// What it is for: what is proposed, whose it may be, the day that it names, and what speaks for and against.
fn what_for(proposed: Kind, states: Option<Phrase>, day: Option<Date>, reasons: &[Reason]) -> Phrase {
    let of = match states {
        None => Phrase::of("question.what_for.of.nobody"),
        Some(states) => Phrase::of("question.what_for.of.states").with("states", states),
    };
    let by = match day {
        None => Phrase::of("question.what_for.by.no_day"),
        Some(day) => Phrase::of(proposed.day_key()).with("day", Fill::Day(day)),
    };
    let sentence = Phrase::of(format!("question.what_for.{}", proposed.word()));
    sentence.with("of", of).with("by", by).with("told", told(reasons))
}

/// What speaks for and against it.
fn told(reasons: &[Reason]) -> Phrase {
    let join = |before, next| Phrase::of("joined.by_semicolon").with("before", before).with("next", next);
    match reasons.iter().map(Reason::phrase).reduce(join) {
        None => Phrase::of("question.what_for.told.nothing"),
        Some(reasons) => Phrase::of("question.what_for.told.reasons").with("reasons", reasons),
    }
}

/// An entry: its reference, the version, and the message that holds its text.
fn entry(reference: &str, version: Option<u32>, beside: Option<&String>) -> Phrase {
    let entry = |form: &str| Phrase::of(format!("question.entry.{form}")).with("reference", reference);
    match (version, beside) {
        (Some(version), Some(beside)) => entry("version_in").with("version", version).with("number", beside),
        (Some(version), None) => entry("version").with("version", version),
        (None, Some(beside)) => entry("in").with("number", beside),
        (None, None) => entry("plain"),
    }
}

impl Reason {
    fn phrase(&self) -> Phrase {
        let kind = Phrase::of(format!("purpose.{}", self.speaks_for.word()));
        let place = Phrase::of(format!("place.{}", self.place.word()));
        Phrase::of("question.what_for.told.reason").with("purpose", kind).with("text", &self.text).with("place", place)
    }
}

/// With the states it may be of, where anything speaks for one.
fn perhaps(kind: &str, candidates: &[Iso3]) -> Phrase {
    match joined("joined.by_or", candidates) {
        Some(states) => Phrase::of(format!("question.{kind}.perhaps")).with("states", states),
        None => Phrase::of(format!("question.{kind}.plain")),
    }
}

/// The names of states in their order, with a word between each two; none where there is no state.
fn joined(word: &'static str, states: &[Iso3]) -> Option<Phrase> {
    let between = || Phrase::of("joined.state").with("state", Fill::Between(word, states.to_vec()));
    (!states.is_empty()).then(between)
}

/// That a letter failed for good, and how; its kind where that is known.
#[must_use]
pub fn did_not_leave(what: Option<LetterKind>, states: &[Iso3], why: &str) -> Phrase {
    let letter = match what {
        Some(LetterKind::Query) => "query",
        Some(kind) if kind.is_receipt() => "receipt",
        Some(_) | None => "letter",
    };
    let form = if states.is_empty() { "plain" } else { "about" };
    let phrase = Phrase::of(format!("did_not_leave.{letter}.{form}")).with("why", why.trim_end_matches('.'));
    if states.is_empty() { phrase } else { phrase.with("states", states) }
}
