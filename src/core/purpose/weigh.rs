//! Weighs what speaks for each purpose of a message.
//!
//! Promises that plain orders win, that one word in passing decides nothing, and that only an input or its correction goes
//! without a person.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    Kind, Letter, Place, Purpose,
    cue::Cue,
    day,
    paper::Paper,
    passage::{Layout, Passage, Sentence},
    sources::{Beside, Brought, Said, Scales, weigh_body, weigh_name, weigh_paper, weigh_subject},
    speech::{Act, acts, own},
    topic::Topic,
};

/// What weighs so much stands by itself.
const STANDS: i32 = 3;
/// How much must speak for an input that goes without a person.
const ENOUGH: i32 = 6;
/// How much where the mail says so plainly, and nothing speaks for anything else.
const PLAINLY: i32 = 4;
/// What speaks for something else with less than this was only said beside it.
const BESIDES: i32 = 2;
/// Up to how many own words a mail only accompanies its document.
const FEW_WORDS: usize = 40;
/// From how many own words on a mail can hold an input.
const BODY_WORDS: usize = 110;
/// From how many on where it says that the input stands below, and objectives are named there.
const BODY_WORDS_BELOW: usize = 35;

/// From how many words on a document may be the input that the mail calls it, though it does not say so itself.
const DOCUMENT_WORDS: u64 = 120;

/// Judges what a message is.
#[must_use]
pub fn purpose(letter: &Letter<'_>, topic: &Topic) -> Purpose {
    let subject = Passage::read(letter.subject, Layout::Lines, topic);
    let body = Passage::read(letter.own, Layout::Prose, topic);
    let quoted = Passage::read(head(letter.quoted, 3_000), Layout::Prose, topic);
    let sentences = own(&body);
    let papers: Vec<Paper> =
        letter.documents.iter().map(|d| Paper::read(d.letterhead, d.text, d.words, topic)).collect();
    let input_paper = papers.iter().any(Paper::is_input);
    let mut scales = Scales::default();
    let words: usize = sentences.iter().map(|s| s.words).sum();
    let alone = letter.documents.is_empty() && !letter.other_files;
    let held = if alone { holds_input(&sentences, words, &subject) } else { None };
    // What stands below the words that introduce an input is the input, not the letter.
    let letter_ends = held.map_or(sentences.len(), |at| at + 1);
    // What our own letter says below the sender's words is not the sender's.
    let ours = quotes_us(sentences.iter().copied());
    let their = |s: &&&Sentence| !ours || !s.has(Cue::Ours) || s.has(Cue::Attached);
    let letter_says: Vec<&Sentence> = sentences[..letter_ends].iter().filter(their).copied().collect();
    let sent = !alone && letter_says.iter().any(|s| acts(s).contains(&Act::Sends));
    let brought = Brought { documents: !alone, input: input_paper || sent };
    let said = weigh_body(&letter_says, brought, &mut scales);
    let brings = input_paper || !alone && said.sends.is_some();
    weigh_subject(&subject, is_reply(letter), brings, &mut scales);
    let answers = letter.answers || quotes_us(&quoted.sentences);
    let text = papers.iter().zip(letter.documents).any(|(p, d)| p.may_be_one() && d.words >= DOCUMENT_WORDS);
    let beside = match (input_paper, text) {
        (true, _) => Beside::Input,
        (false, true) => Beside::Text,
        (false, false) => Beside::Nothing,
    };
    for (paper, document) in papers.iter().zip(letter.documents) {
        weigh_paper(paper, beside, &mut scales);
        weigh_name(document.name, topic, (paper.is_input(), input_paper), &mut scales);
    }
    if said.sends.is_some() && papers.iter().any(|paper| paper.unread) {
        scales.observe(Kind::Input, Place::Document, 2, "it could not be read, and the mail says what it is");
    }
    if answers && (!letter.documents.is_empty() || said.sends.is_some()) {
        scales.observe(Kind::Input, Place::Header, 1, "it answers a letter of ours");
    }
    if letter.in_copy && sentences.iter().any(|s| s.has(Cue::Information)) {
        scales.observe(Kind::OtherNote, Place::Header, STANDS, "it is addressed to others, and to us in copy");
    }
    let call = said.call
        || answers
        || subject.has(Cue::Call)
        || papers.iter().any(|paper| paper.call)
        || quoted.has(Cue::Call) && !letter.quoted.is_empty();
    let claims =
        said.sends.is_some() || held.is_some() || papers.iter().any(|p| p.claims) || scales.most(Kind::Input) >= 2;
    // A text that fits the call, and comes as the answer to our letter or under the name of the call, is what was asked for.
    let named = said.reports && (said.call || subject.has(Cue::Call));
    let fits = papers.iter().any(Paper::fits) && (answers && said.encloses.is_some() || named);
    let claims = claims || fits;
    let goals: BTreeSet<u8> = sentences.iter().flat_map(|s| s.goals.iter().copied()).collect();
    let call = call || held.is_some() && (goals.len() >= 3 || sentences.iter().any(|s| s.has(Cue::Call)));
    let in_body = held.is_some() && call;
    let read = || sentences.iter().copied().chain(&subject.sentences).chain(&quoted.sentences);
    let named = in_body || answers || read().any(|s| s.has(Cue::Call)) || papers.iter().any(|p| p.named || p.unread);
    if in_body {
        let text = held.and_then(|at| sentences.get(at)).map(|s| s.quote()).unwrap_or_default();
        scales.put(Kind::Input, Place::Body, 4, text);
        if goals.len() >= 2 {
            scales.observe(Kind::Input, Place::Body, 2, format!("it names {} objectives", goals.len()));
        }
    }
    let facts = Facts {
        letter,
        subject: &subject,
        quoted: &quoted,
        said: &said,
        papers: &papers,
        answers,
        fits,
        call,
        claims,
        in_body,
        named,
        words,
        input_paper,
    };
    let (kind, proposed) = decide(&facts, &mut scales);
    let mut evidence = scales.evidence;
    evidence.sort_by_key(|e| (e.speaks_for != kind, -e.weight));
    let day = day_of(kind, &sentences, &subject, letter.on);
    let announces_document = said.sends.or(said.encloses).filter(|_| kind != Kind::Automatic);
    Purpose { kind, proposed, evidence, in_body, day, announces_document }
}

/// The day that an announcement or a wish for more time names.
fn day_of(kind: Kind, sentences: &[&Sentence], subject: &Passage, on: Date) -> Option<Date> {
    let act = match kind {
        Kind::Announcement => Act::Announces,
        Kind::Extension => Act::AsksTime,
        _ => return None,
    };
    let all = || sentences.iter().copied().chain(&subject.sentences);
    let saying = all().filter(|s| acts(s).contains(&act)).find_map(|s| day::meant(&s.days, on));
    saying.or_else(|| all().find_map(|s| day::meant(&s.days, on)))
}

/// What the decision rests on.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact by itself")]
struct Facts<'a> {
    letter: &'a Letter<'a>,
    subject: &'a Passage,
    quoted: &'a Passage,
    said: &'a Said,
    papers: &'a [Paper],
    answers: bool,
    fits: bool,
    call: bool,
    claims: bool,
    in_body: bool,
    /// The call is named where something says what it is, and not only in passing.
    named: bool,
    words: usize,
    input_paper: bool,
}

fn decide(facts: &Facts<'_>, scales: &mut Scales) -> (Kind, bool) {
    let Facts { letter, said, papers, .. } = *facts;
    let documents = !papers.is_empty();
    let carries = documents || letter.other_files || facts.in_body;
    let spoken = [Kind::Announcement, Kind::Declination, Kind::Extension, Kind::Withdrawal]
        .into_iter()
        .any(|kind| scales.most(kind) >= STANDS);
    if letter.automatic && !carries {
        return (Kind::Automatic, false);
    }
    // Who asks is no program.
    if !documents && !spoken && !said.asked && said.sends.is_none() && scales.most(Kind::Automatic) >= STANDS {
        return (Kind::Automatic, false);
    }
    let quoted_ours = facts.quoted.has(Cue::Ours) || facts.subject.has(Cue::Ours);
    if !documents && facts.words <= 4 && quoted_ours && !letter.quoted.is_empty() && !spoken {
        scales.put(Kind::OwnLetter, Place::Body, 5, head(letter.quoted, 160));
        return (Kind::OwnLetter, true);
    }
    let replaces = scales.most(Kind::Correction) >= STANDS;
    let adds = scales.most(Kind::Addition) >= STANDS;
    if scales.most(Kind::Withdrawal) >= 5 {
        let declines = scales.most(Kind::Declination) >= 5 && !said.previous;
        let kind = if declines {
            Kind::Declination
        } else if replaces && documents && said.previous {
            Kind::Correction
        } else if said.announced && documents {
            Kind::Announcement
        } else {
            Kind::Withdrawal
        };
        if kind != Kind::Correction {
            return (kind, true);
        }
    }
    let (other, against) = strongest_other(scales, spoken);
    let points = scales.sum(Kind::Input);
    let document_allows = facts.input_paper
        || facts.in_body
        || facts.fits
        || papers.iter().any(|p| p.unread || p.call && p.claims)
        || papers.iter().any(|p| p.points() >= 3)
        || said.sends.is_some() && said.call && letter.documents.iter().any(|d| d.words >= DOCUMENT_WORDS);
    // A mail that speaks of the call, and plainly calls what it brings an input, needs no document that says so once more.
    let mail_calls = said.call || facts.answers || facts.subject.has(Cue::Call);
    let titled = !is_reply(letter)
        && facts.subject.sentences.iter().any(|s| s.has(Cue::Input) && s.has(Cue::Call))
        && papers.iter().any(Paper::may_be_one);
    let sent = said.sends.is_some() || titled || facts.fits;
    let so_called = scales.evidence.iter().any(|e| e.speaks_for == Kind::Input && e.place == Place::FileName);
    let papers_allow = papers.iter().any(|p| p.unread || p.may_be_one() || so_called && p.is_open());
    let plainly = sent && mail_calls && papers_allow && against < BESIDES && points >= PLAINLY;
    // A document that says what it is needs no words beside it.
    let silent = facts.input_paper && against < BESIDES && facts.words <= FEW_WORDS;
    let is_input = facts.claims && facts.call && (points >= ENOUGH && document_allows || plainly || silent);
    if against >= STANDS && !(facts.input_paper && against <= STANDS && points >= ENOUGH + 2) {
        if other == Kind::Announcement && said.announced {
            return (other, true);
        }
        if other == Kind::OtherNote && against > STANDS {
            return (unless_unrelated(facts, other), true);
        }
        let said_input = said.sends.is_some()
            || scales
                .evidence
                .iter()
                .any(|e| e.speaks_for == Kind::Input && e.weight >= 2 && e.place == Place::Subject);
        if said_input && (facts.input_paper && against < 5 || is_input && against <= STANDS) {
            return (if adds { Kind::Addition } else { Kind::Input }, true);
        }
        let amends = scales.most(Kind::Correction).max(scales.most(Kind::Addition));
        if other == Kind::Question && amends > STANDS && scales.most(Kind::Question) <= amends {
            let corrects = scales.most(Kind::Correction) >= scales.most(Kind::Addition);
            return (if corrects { Kind::Correction } else { Kind::Addition }, true);
        }
        return (unless_unrelated(facts, other), true);
    }
    if adds && !(replaces && scales.sum(Kind::Correction) > scales.sum(Kind::Addition)) {
        return (Kind::Addition, true);
    }
    if replaces && (documents || said.sends.is_some() || facts.call || letter.from_state) {
        let whole = (document_allows || plainly) && facts.call && facts.named;
        return (Kind::Correction, !whole || letter.automatic);
    }
    if is_input {
        return (Kind::Input, letter.automatic || against >= STANDS || !facts.named);
    }
    // A document about the call that was forgotten.
    if said.encloses.is_some() && !carries && facts.call && against == 0 && !is_reply(letter) {
        return (Kind::Input, true);
    }
    let somewhere = carries || letter.links || said.sends.is_some() || said.encloses.is_some();
    if facts.claims && (somewhere && points >= 2 || against == 0 && !said.asked && !is_reply(letter)) {
        return (Kind::Input, true);
    }
    (unless_unrelated(facts, if against > 0 { other } else { Kind::OtherNote }), true)
}

/// What speaks most for anything but an input, and how much. `spoken`: the mail itself announces, declines or asks for time.
fn strongest_other(scales: &Scales, spoken: bool) -> (Kind, i32) {
    let others = [
        Kind::Question,
        Kind::Template,
        Kind::OwnLetter,
        Kind::OtherNote,
        Kind::Nomination,
        Kind::Announcement,
        Kind::Extension,
        Kind::Declination,
    ];
    // Who asks for more time asks, and may send our own letter along.
    let rank = |kind| match kind {
        Kind::Question | Kind::Template | Kind::OwnLetter if spoken => 0,
        kind => scales.sum(kind),
    };
    let most = |kind| match kind {
        Kind::Template | Kind::OwnLetter if spoken => STANDS.min(scales.most(kind)),
        kind => scales.most(kind),
    };
    others
        .into_iter()
        .map(|kind| (kind, most(kind)))
        .max_by_key(|&(kind, most)| (most, rank(kind)))
        .unwrap_or((Kind::OtherNote, 0))
}

/// Whether a letter goes on with another, whose subject and words it bears.
fn is_reply(letter: &Letter<'_>) -> bool {
    let marked = letter.subject.split_once([':', '：']).is_some_and(|(before, _)| before.chars().count() <= 5);
    letter.answers || !letter.quoted.is_empty() || marked
}

/// What nothing ties to the call or to a state is none of our business.
fn unless_unrelated(facts: &Facts<'_>, kind: Kind) -> Kind {
    let loose = matches!(kind, Kind::OtherNote | Kind::Question | Kind::Nomination);
    let ties = facts.call || facts.letter.from_state || facts.letter.answers;
    if loose && !ties { Kind::Unrelated } else { kind }
}

/// Where the mail introduces an input that it holds itself: it says so, and what follows is long enough to be one.
fn holds_input(sentences: &[&Sentence], words: usize, subject: &Passage) -> Option<usize> {
    if words < BODY_WORDS_BELOW || quotes_us(sentences.iter().copied()) {
        return None;
    }
    let heads = |s: &Sentence| s.words <= 16 && !s.text.ends_with(['.', '?', ',', '!']) || s.words <= 5;
    let claim = sentences.iter().take(6).position(|s| {
        let denied = s.has(Cue::Later) || s.has(Cue::Decline) || s.asks() || s.has(Cue::Addition);
        s.has(Cue::Input) && (s.has(Cue::Attached) || s.has(Cue::Below) || heads(s)) && !denied
    });
    let titled = || subject.sentences.iter().any(|s| s.has(Cue::Input) && s.has(Cue::Call)).then_some(0);
    let claim = claim.or_else(titled)?;
    let below = &sentences[claim..];
    let goals = below.iter().map(|s| s.goals.len()).sum::<usize>();
    let after: usize = below.iter().skip(1).map(|s| s.words).sum();
    let asks = below.iter().filter(|s| s.asks()).count();
    let said = sentences.iter().take(6).any(|s| s.has(Cue::Below));
    let headed = below.iter().take(3).any(|s| heads(s) && s.has(Cue::Input) && s.words > 2);
    let long = after + below[0].words >= BODY_WORDS && (goals >= 2 || after + below[0].words >= 140 || said && headed);
    let short = after >= BODY_WORDS_BELOW && goals >= 2 && (said || headed);
    ((long || short) && asks * 4 < below.len()).then_some(claim)
}

/// Whether a letter of ours is quoted.
fn quotes_us<'a>(sentences: impl IntoIterator<Item = &'a Sentence>) -> bool {
    let hits = sentences.into_iter().flat_map(|s| &s.hits).filter(|hit| hit.meaning.cue == Cue::Ours);
    let said: BTreeSet<(u8, u16)> = hits.map(|hit| (hit.meaning.language, hit.meaning.nth)).collect();
    said.len() >= 2
}

/// The beginning of a text.
fn head(text: &str, longest: usize) -> &str {
    let mut end = text.len().min(longest);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
