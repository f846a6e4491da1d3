//! What each part of a message speaks for, and how much: subject, own words, documents, names of files.
//!
//! Promises that what is said once a document was sent weighs little: people thank, ask and announce beside an input, too.

use super::{
    Evidence, Kind, Place,
    cue::Cue,
    paper::Paper,
    passage::{Layout, Passage, Sentence, shortened},
    speech::{Act, acts},
    topic::Topic,
};

/// How many sentences of a mail are its opening.
const OPENING: usize = 7;
/// What weighs so much is told, and stands against nothing.
const BESIDE: i32 = 2;

/// Everything that was found, by what it speaks for.
#[derive(Default)]
pub(super) struct Scales {
    pub(super) evidence: Vec<Evidence>,
}

impl Scales {
    pub(super) fn put(&mut self, speaks_for: Kind, place: Place, weight: i32, text: impl Into<String>) {
        self.evidence.push(Evidence { speaks_for, place, weight, text: text.into(), observed: false });
    }

    /// What no words say, and was observed.
    pub(super) fn observe(&mut self, speaks_for: Kind, place: Place, weight: i32, what: impl Into<String>) {
        self.evidence.push(Evidence { speaks_for, place, weight, text: what.into(), observed: true });
    }

    pub(super) fn most(&self, kind: Kind) -> i32 {
        self.evidence.iter().filter(|e| e.speaks_for == kind).map(|e| e.weight).max().unwrap_or(0)
    }

    pub(super) fn sum(&self, kind: Kind) -> i32 {
        self.evidence.iter().filter(|e| e.speaks_for == kind).map(|e| e.weight).sum()
    }
}

/// What a letter's sentences say.
#[expect(clippy::struct_excessive_bools, reason = "each is said or not by itself")]
#[derive(Default)]
pub(super) struct Said {
    pub(super) sends: Option<String>,
    pub(super) encloses: Option<String>,
    pub(super) call: bool,
    pub(super) asked: bool,
    pub(super) announced: bool,
    /// It sends a text that it does not name more closely, and nothing else.
    pub(super) reports: bool,
    pub(super) ordered: bool,
    pub(super) replaced: bool,
    pub(super) previous: bool,
}

/// What a subject says. `reply`: it is that of an earlier letter; `brings`: an input came with it, or is said to.
pub(super) fn weigh_subject(subject: &Passage, reply: bool, brings: bool, scales: &mut Scales) {
    for (n, line) in subject.sentences.iter().enumerate() {
        let last = n + 1 == subject.sentences.len();
        let has = |cue| line.has(cue);
        let mut put = |kind, weight| scales.put(kind, Place::Subject, weight, line.quote());
        let denied =
            has(Cue::Decline) || has(Cue::MoreTime) || has(Cue::Nomination) || has(Cue::Question) || line.asks();
        if has(Cue::Ours) {
            continue;
        }
        if has(Cue::Input) && !denied {
            put(Kind::Input, 2);
        } else if has(Cue::Report) && has(Cue::Call) && !denied {
            put(Kind::Input, 1);
        }
        if has(Cue::Call) {
            put(Kind::Input, 1);
        }
        for (cue, kind, weight) in [
            (Cue::Decline, Kind::Declination, 5),
            (Cue::MoreTime, Kind::Extension, 4),
            (Cue::Nomination, Kind::Nomination, 4),
            (Cue::Withdraw, Kind::Withdrawal, 5),
            (Cue::Correction, Kind::Correction, 3),
            (Cue::Addition, Kind::Addition, 3),
            (Cue::Translation, Kind::Addition, 3),
            (Cue::Draft, Kind::Announcement, 4),
            (Cue::Absence, Kind::Automatic, 3),
            (Cue::Robot, Kind::Automatic, 3),
        ] {
            // What was asked for in an earlier letter, or stands beside the input, is not what this one is for.
            let past = brings && (reply || has(Cue::Input)) && !kind.is_input();
            let stands = matches!(cue, Cue::Withdraw | Cue::Draft) || !past;
            if has(cue) {
                put(kind, if stands { weight } else { BESIDE });
            }
        }
        let input = has(Cue::Input) && has(Cue::Call);
        let beside = brings && (reply || has(Cue::Input));
        if has(Cue::Other) && !input {
            put(Kind::OtherNote, if beside { BESIDE } else { 3 });
        }
        if (has(Cue::Question) || last && line.asks()) && !has(Cue::Call) {
            put(Kind::Question, if beside { 1 } else { 3 });
        }
    }
}

/// What comes with the sender's own sentences.
#[derive(Clone, Copy)]
pub(super) struct Brought {
    /// Documents, or files that may hold one.
    pub(super) documents: bool,
    /// A document that is an input by itself.
    pub(super) input: bool,
}

/// What the sender's own sentences say.
pub(super) fn weigh_body(sentences: &[&Sentence], brought: Brought, scales: &mut Scales) -> Said {
    let Brought { documents, input } = brought;
    let mut said = Said::default();
    let opening = sentences.iter().filter(|s| s.words > 3).count().min(OPENING);
    for (n, sentence) in sentences.iter().enumerate() {
        let early = n < opening + 2;
        let place = if early { Place::Opening } else { Place::Body };
        let done = said.sends.is_some();
        said.call |= sentence.has(Cue::Call);
        said.previous |= sentence.has(Cue::Previous);
        let acts = acts(sentence);
        let encloses = acts.contains(&Act::Encloses);
        let sends = acts.contains(&Act::Sends);
        for act in &acts {
            let (kind, weight) = match act {
                Act::Sends => {
                    said.sends.get_or_insert_with(|| sentence.quote());
                    (Kind::Input, if done { 0 } else { 3 })
                }
                Act::Encloses => {
                    said.reports |= sentence.has(Cue::Report) && acts.len() == 1;
                    let first = said.encloses.is_none();
                    said.encloses.get_or_insert_with(|| sentence.quote());
                    (Kind::Input, i32::from(!done && documents && first))
                }
                Act::Declines => (Kind::Declination, if done { 2 } else { 6 }),
                Act::AsksTime => (Kind::Extension, if done && documents { 2 } else { 5 }),
                Act::Withdraws => {
                    said.ordered = true;
                    (Kind::Withdrawal, if early { 6 } else { 4 })
                }
                Act::Corrects => {
                    said.replaced = true;
                    (Kind::Correction, 4)
                }
                Act::Adds if done && !sends => (Kind::Addition, 2),
                Act::Adds => (Kind::Addition, 4),
                Act::Announces => {
                    said.announced = true;
                    let aside = sentence.has(Cue::Aside) && documents;
                    let beside = (done || aside) && documents || input && !sentence.has(Cue::Input);
                    (Kind::Announcement, if beside { 1 } else { 4 })
                }
                Act::Nominates if done || sends => (Kind::Nomination, 1),
                Act::Nominates if input => (Kind::Nomination, BESIDE),
                Act::Nominates if encloses => (Kind::Nomination, 5),
                Act::Nominates => (Kind::Nomination, if early { 3 } else { 2 }),
                Act::Asks => {
                    said.asked = true;
                    let weight = match () {
                        () if done || sends || documents && (encloses || sentence.has(Cue::Receipt)) => 1,
                        () if input => BESIDE,
                        () => 4,
                    };
                    (Kind::Question, weight)
                }
                Act::Other if sends && sends_of_another_kind(sentence) => (Kind::OtherNote, 4),
                Act::Other if sends && sentence.has(Cue::Call) => (Kind::OtherNote, 1),
                Act::Other if done => (Kind::OtherNote, 1),
                Act::Other if input && !encloses => (Kind::OtherNote, 1),
                Act::Other => (
                    Kind::OtherNote,
                    if encloses || sends {
                        4
                    } else if early {
                        2
                    } else {
                        1
                    },
                ),
                Act::Drafts => (Kind::Announcement, if early { 4 } else { 2 }),
                Act::Informs if sends && !sentence.has(Cue::Input) => (Kind::OtherNote, 3),
                Act::Informs => (Kind::OtherNote, if done { 1 } else { 2 }),
            };
            if weight > 0 {
                scales.put(kind, place, weight, sentence.quote());
            }
        }
        if sentence.has(Cue::Absence) && early {
            scales.put(Kind::Automatic, place, 3, sentence.quote());
        }
        if sentence.has(Cue::Robot) {
            scales.put(Kind::Automatic, place, 3, sentence.quote());
        }
    }
    if said.call {
        let text = sentences.iter().find(|s| s.has(Cue::Call)).map(|s| s.quote()).unwrap_or_default();
        scales.put(Kind::Input, Place::Opening, 1, text);
    }
    said
}

/// “We attach the article on our input”: what is sent is named before the input, which only stands behind it.
fn sends_of_another_kind(sentence: &Sentence) -> bool {
    let [attached, other, input] = [Cue::Attached, Cue::Other, Cue::Input].map(|cue| sentence.at(cue));
    other.is_some() && attached < other && input.is_some_and(|input| other < Some(input)) && attached.is_some()
}

/// What came with a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// A document that is an input by itself.
    Input,
    /// A text that may be one, and is no template.
    Text,
    /// Nothing of the kind.
    Nothing,
}

/// What a document is.
pub(super) fn weigh_paper(paper: &Paper, beside: Beside, scales: &mut Scales) {
    let own = paper.is_input();
    let input_beside = beside == Beside::Input;
    if paper.template.is_none() && paper.ours.is_none() {
        for (points, text) in &paper.reasons {
            scales.put(Kind::Input, Place::Document, *points, text.clone());
        }
        for (points, what) in &paper.observed {
            scales.observe(Kind::Input, Place::Document, *points, what.clone());
        }
    }
    if let Some(text) = &paper.ours {
        scales.put(Kind::OwnLetter, Place::Document, if input_beside { 1 } else { 5 }, text.clone());
        return;
    }
    if let Some(text) = &paper.template {
        let weight = match beside {
            Beside::Input => 1,
            Beside::Text => BESIDE,
            Beside::Nothing => 6,
        };
        scales.put(Kind::Template, Place::Document, weight, text.clone());
        return;
    }
    for (act, weight, text) in &paper.against {
        let kind = match act {
            Act::Declines => Kind::Declination,
            Act::AsksTime => Kind::Extension,
            Act::Withdraws => Kind::Withdrawal,
            Act::Nominates => Kind::Nomination,
            Act::Drafts | Act::Announces => Kind::Announcement,
            _ => Kind::OtherNote,
        };
        let marked = matches!(act, Act::Drafts | Act::Withdraws);
        let weight = if input_beside && !own && !marked { BESIDE } else { *weight };
        scales.put(kind, Place::Document, weight, text.clone());
    }
    for (act, text) in &paper.acts {
        let kind = if *act == Act::Corrects { Kind::Correction } else { Kind::Addition };
        scales.put(kind, Place::Document, 2, text.clone());
    }
}

/// What the name of a file says. `own`: what it names is an input by itself; `input_beside`: that, or something beside it.
pub(super) fn weigh_name(name: &str, topic: &Topic, (own, input_beside): (bool, bool), scales: &mut Scales) {
    let read = Passage::read(&words_of(name), Layout::Lines, topic);
    let told = shortened(name);
    let mut put = |kind, weight| scales.put(kind, Place::FileName, weight, told.clone());
    for line in &read.sentences {
        if line.has(Cue::Input) || line.has(Cue::Call) {
            put(Kind::Input, 1);
        }
        let weight = if input_beside { 1 } else { 3 };
        for (cue, kind) in [(Cue::Nomination, Kind::Nomination), (Cue::Other, Kind::OtherNote)] {
            if line.has(cue) && !line.has(Cue::Input) {
                put(kind, weight);
            }
        }
        // The name of the input itself, or of what nobody could read, speaks for that.
        let weight = if own || !input_beside { 4 } else { 1 };
        let marked = line.begins(Cue::Mark) || line.has(Cue::Mark) && line.has(Cue::Input);
        if line.has(Cue::Withdraw) && !line.has(Cue::Correction) {
            put(Kind::Withdrawal, weight + 1);
        } else if line.has(Cue::Draft) || marked {
            put(Kind::Announcement, weight);
        }
    }
    if is_before_the_first(name) {
        put(Kind::Announcement, if own || !input_beside { 4 } else { 1 });
    }
}

/// The words of a file's name; a number is a word of its own.
fn words_of(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let mut last = ' ';
    for c in name.chars() {
        if c.is_ascii_digit() && last.is_alphabetic() {
            words.push(' ');
        }
        words.push(if matches!(c, '_' | '-' | '.') { ' ' } else { c });
        last = c;
    }
    words
}

/// “v0.3”: a version before the first.
fn is_before_the_first(name: &str) -> bool {
    let joins = |c: char| matches!(c, '.' | '-' | '_');
    name.match_indices(['v', 'V']).any(|(at, _)| {
        let begins = name[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let number = name[at + 1..].trim_start_matches(joins).strip_prefix('0').and_then(|n| n.strip_prefix(joins));
        begins && number.is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
    })
}
