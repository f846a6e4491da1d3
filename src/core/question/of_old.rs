//! Questions from before there were kinds: the sentences that the program wrote then, and the kinds they are certainly of.
//!
//! Promises that no word is lost: a sentence becomes a kind only where that kind says it word for word, else it stays what
//! it is.

use super::{Missing, Next, Question};
use crate::core::{event::NotRead, mail::mail_loop::Over};

/// The question that a sentence of old asked.
pub(super) fn of_old(text: &str) -> Question {
    let other = || Question::Other { text: text.to_owned() };
    let known = whole(text).or_else(|| with_facts(text));
    known.filter(|question| question.phrase().plain() == text).unwrap_or_else(other)
}

/// One that is always said in the same words.
fn whole(text: &str) -> Option<Question> {
    let mut known = vec![
        Question::WhichCall,
        Question::Correspondence,
        Question::LoopSuspected(Over::NothingNew),
        Question::CameBack,
        Question::NoSender,
        Question::WhenReceived,
        Question::Junk,
        Question::NotFoundAgain,
        Question::DecideAgain,
    ];
    for missing in [Missing::Elsewhere, Missing::Announced] {
        for next in [Next::Document, Next::DocumentAndCall] {
            known.push(Question::NoDocument { missing, next });
        }
    }
    known.into_iter().find(|question| question.phrase().plain() == text)
}

/// One whose facts stand at its end or between words that never change. Several in a row are not taken apart.
fn with_facts(text: &str) -> Option<Question> {
    let several = ["Look at it again: its sender was known for ", "Tell the sender that "];
    if several.iter().any(|next| text.contains(next)) {
        return None;
    }
    let behind = |words: &str| text.strip_prefix(words).map(str::to_owned);
    if let Some(what) = behind("It could not be read: ") {
        return Some(Question::NotRead { why: NotRead::Said { what } });
    }
    if let Some(why) = behind("It brought a document and must not be answered automatically: ") {
        return Some(Question::NotToBeAnswered { states: Vec::new(), why });
    }
    if let Some(why) = behind("The main document could not be read in full: ") {
        return Some(Question::UnreadMain { why: Some(why) });
    }
    if let Some(rest) = behind("It is only the beginning of ") {
        let (number, _) = rest.split_once(',')?;
        return Some(Question::OnlyTheBeginning { number: number.to_owned() });
    }
    if let Some(rest) = behind("It has grown since a person decided about it, from ") {
        let (before, bytes) = sizes(&rest)?;
        return Some(Question::GrownSinceDecision { before, bytes });
    }
    let (before, bytes) = sizes(&behind("It has grown since a letter about it was made, from ")?)?;
    Some(Question::GrownSinceLetter { before, bytes })
}

/// “90 to 99 bytes. …”
fn sizes(rest: &str) -> Option<(u64, u64)> {
    let (before, rest) = rest.split_once(" to ")?;
    let (bytes, _) = rest.split_once(' ')?;
    Some((before.parse().ok()?, bytes.parse().ok()?))
}
