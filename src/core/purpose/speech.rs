//! What a sentence does: sends, announces, declines, asks, orders.
//!
//! Promises that a sentence of thanks asks for nothing and that what is denied is not sent.

use super::{
    cue::Cue,
    passage::{Passage, Sentence},
};

/// What a sentence does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// Sends what the call asks for.
    Sends,
    /// Sends something.
    Encloses,
    /// Announces it.
    Announces,
    /// Says that none will come.
    Declines,
    /// Asks for more time.
    AsksTime,
    /// Orders not to take something, or takes it back.
    Withdraws,
    /// Replaces what was sent.
    Corrects,
    /// Adds to what was sent.
    Adds,
    /// Names who takes part.
    Nominates,
    /// Asks.
    Asks,
    /// Is about other business.
    Other,
    /// Says that it is not approved.
    Drafts,
    /// Says that it is for information only.
    Informs,
}

/// What a sentence of a letter does.
pub(super) fn acts(sentence: &Sentence) -> Vec<Act> {
    use Cue::{
        Addition, Answer, Attached, Call, Correction, Decline, Draft, Information, Input, Later, MoreTime, Nomination,
        Other, Previous, Question, Report, Template, Thanks, Translation, Withdraw,
    };
    let has = |cue| sentence.has(cue);
    let thanked = |cue| match (sentence.at(Thanks), sentence.at(cue)) {
        (Some(thanks), Some(at)) => thanks < at,
        _ => false,
    };
    let topic = has(Input) || has(Report) || has(Call) || has(Template);
    let mut acts = Vec::new();
    if has(Withdraw) {
        acts.push(Act::Withdraws);
    }
    let asks_time = sentence.affirms(MoreTime) && !thanked(MoreTime);
    let declines = has(Decline) && topic && !asks_time;
    let asks = (has(Question) && has(Thanks) || sentence.asks()) && !(has(MoreTime) && topic);
    let orders = has(Withdraw) || declines || asks_time;
    let apart = sentence.stands_apart(Attached, Later) && sentence.stands_apart(Attached, Decline);
    let encloses = apart && !thanked(Attached);
    let later = has(Later) && !declines;
    let drafts = has(Draft) && (encloses || topic && !asks && has(Input));
    // The words by which it answers us do not name what it sends.
    let input = sentence.stands_apart(Input, Answer);
    let named = input || sentence.stands_apart(Report, Answer) && (has(Call) || has(Template)) && !later;
    // What answers the call is named by that.
    let answers = has(Answer) && !(later || has(Nomination) || has(Other) || has(Information) || has(Translation));
    let names_it = named || answers && (has(Call) || has(Report) || has(Input));
    if encloses && names_it && !orders && !drafts && !asks {
        acts.push(Act::Sends);
    } else if encloses {
        acts.push(Act::Encloses);
    }
    if declines {
        acts.push(Act::Declines);
    }
    if asks_time {
        acts.push(Act::AsksTime);
    }
    if later && !encloses && (topic || has(Translation) || sentence.words < 14) {
        acts.push(Act::Announces);
    }
    if sentence.affirms(Correction) && (topic || encloses || has(Previous)) {
        acts.push(Act::Corrects);
    }
    if has(Addition) && (topic || encloses || has(Previous)) || encloses && has(Translation) {
        acts.push(Act::Adds);
    }
    if has(Nomination) {
        acts.push(Act::Nominates);
    }
    if asks {
        acts.push(Act::Asks);
    }
    if has(Other) {
        acts.push(Act::Other);
    }
    if drafts {
        acts.push(Act::Drafts);
    }
    if has(Information) {
        acts.push(Act::Informs);
    }
    acts
}

/// A letter's own sentences: without what stands below its closing, and without footers about secrecy.
pub(super) fn own(passage: &Passage) -> Vec<&Sentence> {
    let mut own = Vec::new();
    for sentence in &passage.sentences {
        if sentence.text.starts_with("--") || sentence.text.starts_with("__") {
            break;
        }
        let closes = sentence.begins(Cue::Closing) && sentence.words <= 24 && !own.is_empty();
        let short = sentence.hits.iter().all(|hit| !matches!(hit.meaning.cue, Cue::Attached | Cue::Input));
        if closes && (short || sentence.words <= 8) {
            break;
        }
        if !sentence.has(Cue::Confidential) {
            own.push(sentence);
        }
    }
    own
}
