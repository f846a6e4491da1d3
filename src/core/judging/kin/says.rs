//! What a mail says of what its party sent before, sentence by sentence.
//!
//! Promises that quoted older text, a subject that is only answered, a signature and a footer are not what the mail says; that
//! what is denied is not said; and that only a mail of nothing but thanks is one. This is long because a sentence is read for
//! all of that at once.

use std::{collections::BTreeSet, ops::Range};

use jiff::civil::Date;

use super::words::{
    Cue::{
        self, Absent, Annex, Ask, Attached, Closing, Compliments, Copy, Courtesy, CoverLetter, Decline, Errata, Footer,
        Later, Months, Not, NotReplacing, Part, Recall, RecallSubject, Replaces, Same, Text, Thanks, Translation, Turn,
        Withdraw,
    },
    Meaning, WORDS,
};
use crate::core::{
    mail::quoting,
    purpose::{Kind, Place, day, passage},
    question::Reason,
    text::{fold::Folded, words},
};

/// From so many words on a mail without a document may hold the text itself.
const TEXT_WORDS: u64 = 200;
/// How many sentences stand before the text that a mail holds, where no heading tells.
const COVER: usize = 4;
/// How many sentences of a mail are its opening.
const OPENING: usize = 7;
/// Within how many characters behind a word of denial a phrase is denied.
const NEAR: usize = 22;
/// The same in Chinese, where a character is a word.
const NEAR_HAN: usize = 4;
/// Up to how many words a line may be the name or the office of who signs.
const NAME_WORDS: u64 = 9;
/// How much of the head of a document is its title.
const TITLE_CHARS: usize = 160;
/// Up to how many words a document may be a note.
const NOTE_WORDS: u64 = 320;
/// How long a quotation may be, in characters.
const LONGEST_QUOTE: usize = 180;

/// A mail, as far as it can say something of an earlier input.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'a> {
    /// Its subject.
    pub subject: &'a str,
    /// Its text, with what it quotes.
    pub body: &'a str,
    /// Its documents: name, and text as far as it could be read.
    pub documents: &'a [(&'a str, &'a str)],
    /// Whether it came as an answer to a letter of ours, so that what stands below is that letter.
    pub answers: bool,
    /// The day it came: days that it names are meant from there.
    pub on: Date,
}

/// What a mail says.
#[derive(Debug, Default)]
pub(super) struct Says {
    sentences: Vec<Sentence>,
    /// The mail itself seems to hold a text.
    pub(super) holds_text: bool,
    /// Its only document is a note.
    pub(super) is_note: bool,
    on: Date,
}

/// A text is announced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Announced {
    /// The day by which it will come, where one is named.
    pub(super) day: Option<Date>,
}

/// A sentence, a subject, a name or a title.
#[derive(Debug)]
struct Sentence {
    text: String,
    place: Place,
    said: Vec<Said>,
    asks: bool,
    words: u64,
    days: Vec<(Range<usize>, (i8, i8))>,
}

/// A cue that stands in it.
#[derive(Clone, Debug)]
struct Said {
    cue: Cue,
    range: Range<usize>,
    denied: bool,
}

/// The subject is of an earlier mail, which is answered.
const ANSWERED: [&str; 14] =
    ["re", "aw", "sv", "vs", "antw", "odp", "ynt", "rif", "отв", "ответ", "رد", "回复", "答复", "回覆"];
/// The subject is of an earlier mail, which is passed on.
const PASSED_ON: [&str; 10] = ["fw", "fwd", "tr", "rv", "wg", "enc", "пересл", "إعادة توجيه", "转发", "转寄"];

impl Says {
    /// What a mail says.
    pub(super) fn of(mail: &Mail<'_>) -> Self {
        let (mark, subject) = marked(mail.subject);
        let own = own_words(mail, mark);
        let mut says = Self { on: mail.on, ..Self::default() };
        if mark != Mark::Answered {
            says.read(subject, Place::Subject);
        }
        let own: Vec<&str> = passage::sentences(&own).into_iter().map(|text| &own[text]).collect();
        let count: u64 = own.iter().map(|text| counted(text)).sum();
        says.holds_text = mail.documents.is_empty() && count >= TEXT_WORDS;
        let headed = own.iter().position(|text| is_heading(text));
        let ends = if says.holds_text { headed.unwrap_or(COVER) } else { own.len() };
        for (n, text) in own.iter().take(ends).enumerate() {
            let read = sentence(text, if n < OPENING { Place::Opening } else { Place::Body });
            if n > 0 && read.closes() || text.trim_start().starts_with("--") || text.trim_start().starts_with("__") {
                break;
            }
            if !read.has(Footer) {
                says.sentences.push(read);
            }
        }
        for (name, text) in mail.documents {
            says.read(&spaced(name), Place::FileName);
            let head: String = text.trim_start().chars().take(TITLE_CHARS).collect();
            says.read(&head.lines().take(2).collect::<Vec<_>>().join(" "), Place::Document);
        }
        if let [(_, text)] = mail.documents {
            says.is_note = counted(text) <= NOTE_WORDS && sentence(text, Place::Document).has(Compliments);
            if says.is_note {
                for at in passage::sentences(text) {
                    says.read(&text[at], Place::Document);
                }
            }
        }
        says
    }

    fn read(&mut self, text: &str, place: Place) {
        self.sentences.push(sentence(text, place));
    }

    /// Whether it says so anywhere, and does not deny it.
    pub(super) fn affirms(&self, cue: Cue) -> bool {
        self.sentences.iter().any(|sentence| sentence.affirms(cue))
    }

    /// Whether it says so in words of its own, or in its subject.
    pub(super) fn states(&self, cue: Cue) -> bool {
        let own = |sentence: &&Sentence| !matches!(sentence.place, Place::FileName | Place::Document);
        self.sentences.iter().filter(own).any(|sentence| sentence.affirms(cue))
    }

    /// Whether the name or the title of a document says so.
    pub(super) fn titles(&self, cue: Cue) -> bool {
        let title = |sentence: &&Sentence| matches!(sentence.place, Place::FileName | Place::Document);
        self.sentences.iter().filter(title).any(|sentence| sentence.affirms(cue))
    }

    /// Whether it denies it.
    pub(super) fn denies(&self, cue: Cue) -> bool {
        self.sentences.iter().any(|sentence| sentence.said.iter().any(|said| said.cue == cue && said.denied))
    }

    /// It asks something.
    pub(super) fn asks(&self) -> bool {
        self.sentences
            .iter()
            .any(|sentence| sentence.asks || sentence.place != Place::Document && sentence.affirms(Ask))
    }

    /// It is the notice by which a program asks for a message to be forgotten.
    pub(super) fn recalls(&self) -> bool {
        let notice = |sentence: &Sentence| sentence.place != Place::Subject && sentence.has(Recall);
        let words: u64 = self.own().map(|sentence| sentence.words).sum();
        let headed = self.sentences.iter().any(|s| s.place == Place::Subject && s.has(RecallSubject));
        headed && words <= 60 && self.sentences.iter().any(notice)
    }

    /// It says that a text will come.
    pub(super) fn announces(&self) -> Option<Announced> {
        let says = |sentence: &&Sentence| {
            !sentence.asks
                && sentence.affirms(Later)
                && !sentence.affirms(Attached)
                && (sentence.has(Text) || sentence.words < 12)
        };
        let mut saying = self.sentences.iter().filter(says).peekable();
        saying.peek()?;
        Some(Announced { day: saying.find_map(|sentence| sentence.promised(self.on)) })
    }

    /// It is nothing but thanks.
    pub(super) fn only_thanks(&self) -> bool {
        let courteous = |sentence: &Sentence| {
            let more =
                [Replaces, Withdraw, Decline, Later, Ask, Attached, Errata, Annex, Translation, Copy, Same, Turn];
            let signs = || sentence.words <= NAME_WORDS && !sentence.text.ends_with(['.', '。', '!', '！', ';', '…']);
            let kind = sentence.has(Thanks) || sentence.has(Courtesy) || signs();
            kind && !sentence.asks && sentence.days.is_empty() && !more.iter().any(|cue| sentence.has(*cue))
        };
        let mut thanked = self.own().filter(|sentence| sentence.has(Thanks));
        thanked.next().is_some() && self.own().all(courteous)
    }

    /// What speaks for which purpose, in its own words.
    pub(super) fn reasons(&self, cues: &[Cue], most: usize) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = Vec::new();
        for cue in cues {
            let saying = self.sentences.iter().filter(|s| s.said.iter().any(|said| said.cue == *cue && !said.denied));
            for sentence in saying.take(most) {
                let text = shortened(&sentence.text);
                let reason = Reason { speaks_for: cue.speaks_for(), place: sentence.place, text };
                if !reasons.iter().any(|told| told.text == reason.text) {
                    reasons.push(reason);
                }
            }
        }
        reasons
    }

    fn own(&self) -> impl Iterator<Item = &Sentence> {
        self.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Opening | Place::Body))
    }
}

impl Cue {
    /// The purpose that it speaks for.
    fn speaks_for(self) -> Kind {
        match self {
            Replaces | Errata => Kind::Correction,
            NotReplacing | Annex | Translation | CoverLetter | Part => Kind::Addition,
            Withdraw | Recall | RecallSubject => Kind::Withdrawal,
            Decline => Kind::Declination,
            Later => Kind::Announcement,
            Ask => Kind::Question,
            Absent => Kind::Automatic,
            Same | Copy | Text | Attached | Thanks | Courtesy | Turn | Not | Closing | Footer | Compliments
            | Months => Kind::Input,
        }
    }

    /// It speaks of what came, so that a longer phrase of another such meaning says what the shorter one within it means.
    fn is_weighty(self) -> bool {
        !matches!(self, Not | Closing | Footer | Text | Compliments | Months | Thanks | Courtesy | Turn | Part)
    }
}

impl Sentence {
    fn has(&self, cue: Cue) -> bool {
        self.said.iter().any(|said| said.cue == cue)
    }

    fn affirms(&self, cue: Cue) -> bool {
        self.said.iter().any(|said| said.cue == cue && !said.denied)
    }

    /// It is where a letter ends.
    fn closes(&self) -> bool {
        self.words <= 14 && self.said.iter().any(|said| said.cue == Closing && said.range.start == 0)
    }

    /// The day by which it promises something: in the part that promises, else in one that denies nothing, else in any.
    fn promised(&self, on: Date) -> Option<Date> {
        let parts = parts(&self.text);
        let of = |at: usize| parts.partition_point(|&part| part <= at);
        let within = |cue: Cue, at: usize| {
            self.said.iter().any(|said| said.cue == cue && !said.denied && of(said.range.start) == of(at))
        };
        let ahead = |here: &dyn Fn(usize) -> bool| {
            let days = self.days.iter().filter(|(range, _)| here(range.start));
            days.filter_map(|(_, day)| day::meant(&[*day], on)).find(|day| *day >= on)
        };
        ahead(&|at| within(Later, at)).or_else(|| ahead(&|at| !within(Not, at))).or_else(|| ahead(&|_| true))
    }
}

/// What a subject says of itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Answered,
    PassedOn,
    None,
}

/// The subject without the marks of mail programs, and the first mark.
fn marked(subject: &str) -> (Mark, &str) {
    let (mut mark, mut rest) = (Mark::None, subject.trim());
    while let Some((before, after)) = rest.split_once([':', '：']) {
        let before = before.trim().to_lowercase();
        let found = if ANSWERED.contains(&before.as_str()) {
            Mark::Answered
        } else if PASSED_ON.contains(&before.as_str()) {
            Mark::PassedOn
        } else {
            break;
        };
        mark = if mark == Mark::None { found } else { mark };
        rest = after.trim_start();
    }
    (mark, rest)
}

/// The sender's own words; of what is passed on without any, those of the first who wrote it.
fn own_words(mail: &Mail<'_>, mark: Mark) -> String {
    let own = quoting::own_words(mail.body);
    let original = || quoting::forwarded(mail.body).map(|original| quoting::own_words(&original.body));
    if counted(&own) < 6 && mark != Mark::Answered && !mail.answers { original().unwrap_or(own) } else { own }
}

/// “1. Progress”: where a text begins.
fn is_heading(text: &str) -> bool {
    let text = text.trim_start();
    let number: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
    let counted = !number.is_empty() && number.len() <= 2 && number.chars().all(|c| c.is_ascii_digit());
    let roman = !number.is_empty() && number.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    let han = number.chars().count() == 1 && "一二三四五六七八九十".contains(&number);
    (counted || roman || han) && text[number.len()..].starts_with(['.', ')', '、', '．'])
}

/// Reads a sentence.
fn sentence(text: &str, place: Place) -> Sentence {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().map(western).collect();
    let folded = Folded::new(&text);
    let found = WORDS.find(folded.text(), |_, _| true);
    let covered = |range: &Range<usize>, cue: Cue| {
        found.iter().any(|other| {
            let wider =
                other.range.start <= range.start && range.end <= other.range.end && other.range.len() > range.len();
            wider && other.meaning.cue != cue && other.meaning.cue.is_weighty()
        })
    };
    let denials: Vec<&Range<usize>> =
        found.iter().filter(|f| f.meaning.cue == Not && !covered(&f.range, Not)).map(|f| &f.range).collect();
    let denied = |range: &Range<usize>| {
        denials.iter().any(|not| {
            let between = folded.text().get(not.end..range.start).unwrap_or_default();
            let near = if between.contains(words::is_han) { NEAR_HAN } else { NEAR };
            let apart = || {
                folded
                    .between(not.end, range.start)
                    .contains([',', ';', ':', '.', '،', '؛', '，', '；', '、', '–', '('])
            };
            not.end <= range.start && between.chars().count() <= near && !apart()
        })
    };
    let kept =
        found.iter().filter(|found| !(found.meaning.cue.is_weighty() && covered(&found.range, found.meaning.cue)));
    let said: Vec<Said> = kept
        .map(|found| Said {
            cue: found.meaning.cue,
            range: folded.origin(found.range.start)..folded.origin(found.range.end.saturating_sub(1)),
            denied: found.meaning.cue != Not && denied(&found.range),
        })
        .collect();
    let months = found.iter().filter(|found| found.meaning.cue == Months);
    let named = months.filter_map(|found| {
        let Meaning { nth, .. } = found.meaning;
        let day = day::beside_month(folded.text(), &found.range, nth)?;
        Some((folded.origin(found.range.start)..folded.origin(found.range.end.saturating_sub(1)), day))
    });
    let mut days: Vec<(Range<usize>, (i8, i8))> = named.collect();
    for part in parts(&text).windows(2) {
        days.extend(day::in_figures(&text[part[0]..part[1]]).into_iter().map(|day| (part[0]..part[1], day)));
    }
    days.sort_by_key(|(range, _)| range.start);
    let asks = text.trim_end_matches(['"', '”', '»', ')', ' ']).ends_with(['?', '？', '؟']);
    let words = counted(&text);
    Sentence { text, place, said, asks, words, days }
}

/// Where the parts of a sentence begin that a comma or a “but” divides, and where it ends.
fn parts(text: &str) -> Vec<usize> {
    let mut bounds = BTreeSet::from([0, text.len()]);
    // “By Friday, 30 October, at the latest” is one part.
    let goes_on = |end: usize| text[end..].trim_start().starts_with(|c: char| c.is_ascii_digit());
    let signs = text.match_indices([',', ';', '،', '؛', '，', '；']).map(|(at, sign)| at + sign.len());
    bounds.extend(signs.filter(|end| !goes_on(*end)));
    for but in [" but ", " mais ", " sino ", " pero ", " но ", " а ", " بل ", " ولكن ", " لكن ", "而是", "但"]
    {
        bounds.extend(text.match_indices(but).map(|(at, _)| at));
    }
    bounds.into_iter().collect()
}

/// The words of a file's name.
fn spaced(name: &str) -> String {
    name.chars().map(|c| if matches!(c, '_' | '-' | '.') { ' ' } else { c }).collect()
}

/// Digits as they are written in the west.
fn western(c: char) -> char {
    match c {
        '٠'..='٩' => char::from(b'0' + u8::try_from(u32::from(c) - u32::from('٠')).unwrap_or_default()),
        '۰'..='۹' => char::from(b'0' + u8::try_from(u32::from(c) - u32::from('۰')).unwrap_or_default()),
        c => c,
    }
}

/// Words; a character of Chinese is less than one.
fn counted(text: &str) -> u64 {
    let han = text.chars().filter(|c| words::is_han(*c)).count() as u64;
    let others: String = text.chars().filter(|c| !words::is_han(*c)).collect();
    words::count(&others) + han * 10 / 16
}

fn shortened(text: &str) -> String {
    let mut quote: String = text.chars().take(LONGEST_QUOTE).collect();
    if quote.len() < text.len() {
        quote.push('…');
    }
    quote
}
