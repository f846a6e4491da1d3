//! What becomes of an item beside what stands filed already, and what a person is asked then.
//!
//! Promises that only what takes the place of a text by its words and by the text goes on as it was judged; that additions,
//! copies, recalls and withdrawals are proposed, with the entry, the version and the reasons, and replace nothing by
//! themselves; that a reply to a letter of ours lands on its entry; and that only a mail of nothing but thanks closes itself.

use super::{
    answer::Fate,
    item::MainText,
    judged::JudgedItem,
    kin::{Found, Relation},
};
use crate::core::{
    iso3::Iso3,
    purpose::Kind,
    question::{Proposal, Question, Questions, Several},
    submission::ItemId,
};

/// An entry beside which something is judged: that of its party, or the one that it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The docket reference.
    pub reference: String,
    /// The states; none of a sender who is no state.
    pub states: Vec<Iso3>,
    /// What stands of it, in the order of receipt.
    pub versions: Vec<There>,
    /// The mail answers a letter about it, or names it in its subject.
    pub answered: bool,
}

/// A version that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    /// Its item.
    pub item: ItemId,
    /// Its number.
    pub version: Option<u32>,
    /// The intake number of its message, by which its text is at hand.
    pub number: String,
    /// It is the current one.
    pub current: bool,
}

/// What becomes of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// What becomes of it.
    pub fate: Fate,
    /// What a person is asked.
    pub waiting: Questions,
    /// Where it belongs without being a part of it.
    pub lands: Lands,
}

/// Whether a letter belongs to the entry that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lands {
    /// It does not.
    No,
    /// It does.
    Yes,
    /// It does, and nothing is to be done about it: it only thanks.
    Closed,
}

impl Placed {
    /// As it was judged by itself.
    #[must_use]
    pub fn as_judged(judged: &JudgedItem) -> Self {
        Self { fate: judged.fate, waiting: judged.waiting.clone(), lands: Lands::No }
    }
}

/// What becomes of an item beside an entry. `bare`: no file came with it that may be more than a picture in a signature.
#[must_use]
pub fn beside(judged: &JudgedItem, found: &Found, entry: &Entry, bare: bool) -> Placed {
    let as_judged = Placed::as_judged(judged);
    if !is_open(judged, &found.relation) {
        return as_judged;
    }
    if judged.item.main == MainText::Missing {
        return speech(as_judged, judged, found, entry, bare);
    }
    let others = entry.answered && apart(&judged.matched.named(), &entry.states);
    if others && judged.fate == Fate::Registered {
        // Whoever answers a letter about one state is not taken for another.
        let mut candidates = judged.matched.named();
        candidates.extend(&entry.states);
        let why =
            format!("It answers a letter about {}, which is another’s. {}", entry.reference, judged.matched.reason);
        return asked(judged, Question::WhichState { candidates, why });
    }
    let files = matches!(judged.fate, Fate::Registered | Fate::Filed);
    let proposed = judged.waiting.iter().find_map(|question| match question {
        Question::WhatFor { proposed, .. } => Some(*proposed),
        _ => None,
    });
    let is_input = files || proposed.is_some_and(Kind::is_input);
    let place = |proposal| asked(judged, place_of(entry, None, proposal, found));
    match &found.relation {
        _ if judged.purpose.kind.is_spoken() => as_judged,
        Relation::NewVersion if proposed.is_some_and(Kind::is_input) => place(Proposal::Version),
        Relation::Alone { adds: Some(addition) } if is_input => {
            asked(judged, Question::AdditionAlone { addition: *addition })
        }
        Relation::Same { exactly: true, .. } if files => as_judged,
        Relation::Same { of, .. } => asked(judged, place_of(entry, Some(*of), Proposal::Duplicate, found)),
        Relation::Addition { kind } => place(Proposal::Addition(*kind)),
        Relation::Rendition { of } => {
            let (reference, reasons) = (entry.reference.clone(), found.reasons.clone());
            let (version, beside) = at_hand(entry, Some(*of));
            asked(judged, Question::ReadableCopy { reference, version, beside, reasons })
        }
        Relation::Withdrawal => place(Proposal::Withdrawal),
        Relation::Unclear if is_input => place(Proposal::Unclear),
        Relation::NewVersion
        | Relation::Alone { .. }
        | Relation::Unclear
        | Relation::Recall
        | Relation::Thanks
        | Relation::Correspondence
        | Relation::Announced { .. }
        | Relation::Declined => as_judged,
    }
}

/// What becomes of a mail that brings no text: what it says.
fn speech(as_judged: Placed, judged: &JudgedItem, found: &Found, entry: &Entry, bare: bool) -> Placed {
    let whoever = matches!(found.relation, Relation::Recall | Relation::Thanks);
    let automatic = judged.purpose.kind == Kind::Automatic && !whoever;
    if judged.fate != Fate::Correspondence || automatic {
        return as_judged;
    }
    let lands = if entry.answered { Lands::Yes } else { Lands::No };
    let stays = Placed { lands, ..as_judged };
    let place = |proposal| Placed { waiting: instead(judged, place_of(entry, None, proposal, found)), ..stays.clone() };
    let said = |proposed, day| {
        let (states, several) = (entry.states.clone(), Several::Together);
        let question = Question::WhatFor { proposed, states, several, day, reasons: found.reasons.clone() };
        Placed { waiting: instead(judged, question), ..stays.clone() }
    };
    let there = !entry.versions.is_empty();
    match found.relation {
        Relation::Recall if there => place(Proposal::Recall),
        Relation::Withdrawal if there => place(Proposal::Withdrawal),
        // What the mail is for was found, and with it the day.
        _ if judged.purpose.kind.is_spoken() => stays,
        Relation::Withdrawal => said(Kind::Withdrawal, None),
        Relation::Announced { day } => said(Kind::Announcement, day),
        Relation::Declined => said(Kind::Declination, None),
        Relation::Unclear if there => place(Proposal::Unclear),
        Relation::Thanks if entry.answered && bare && judged.purpose.day.is_none() => {
            Placed { waiting: others(judged), lands: Lands::Closed, ..stays }
        }
        _ => stays,
    }
}

/// Whether nothing is asked about an item that comes before its place: harm, doubt, whose it is, what was not looked into. A
/// recall notice is one that a program writes for a person; and of nothing but thanks it matters not who wrote it.
fn is_open(judged: &JudgedItem, relation: &Relation) -> bool {
    let whoever = matches!(relation, Relation::Recall | Relation::Thanks);
    let later = |question: &Question| {
        matches!(
            question,
            Question::WhatFor { .. }
                | Question::Correspondence
                | Question::UnreadMain { .. }
                | Question::UnreadBeside { .. }
                | Question::NotToBeAnswered { .. }
        ) || whoever && matches!(question, Question::Automatic { .. })
    };
    !matches!(judged.fate, Fate::Unrelated | Fate::Stray | Fate::WithoutDocument { .. })
        && judged.waiting.iter().all(later)
}

/// A person is asked before anything is filed.
fn asked(judged: &JudgedItem, question: Question) -> Placed {
    let fate = match judged.fate {
        Fate::Registered | Fate::Filed => Fate::Undecided,
        fate => fate,
    };
    Placed { fate, waiting: instead(judged, question), lands: Lands::No }
}

/// A question that says more than what the item is for, and what else is asked.
fn instead(judged: &JudgedItem, question: Question) -> Questions {
    others(judged).iter().cloned().fold(question.into(), Questions::and)
}

/// What is asked beside what the item is for.
fn others(judged: &JudgedItem) -> Questions {
    let general = |question: &&Question| {
        !matches!(question, Question::WhatFor { .. } | Question::Correspondence | Question::Automatic { .. })
    };
    judged.waiting.iter().filter(general).cloned().fold(Questions::default(), Questions::and)
}

fn place_of(entry: &Entry, of: Option<ItemId>, proposed: Proposal, found: &Found) -> Question {
    let (version, beside) = at_hand(entry, of);
    Question::PlaceOf { reference: entry.reference.clone(), version, beside, proposed, reasons: found.reasons.clone() }
}

/// The version that is spoken of, with the message that holds it: that of an item, else the current one, else the latest.
fn at_hand(entry: &Entry, of: Option<ItemId>) -> (Option<u32>, Option<String>) {
    let named = of.and_then(|of| entry.versions.iter().find(|there| there.item == of));
    let current = || entry.versions.iter().find(|there| there.current);
    let there = named.or_else(current).or(entry.versions.last());
    (there.and_then(|there| there.version), there.map(|there| there.number.clone()))
}

/// Whether an item is of other states than an entry.
fn apart(named: &[Iso3], states: &[Iso3]) -> bool {
    !named.is_empty() && !states.is_empty() && !named.iter().any(|state| states.contains(state))
}
