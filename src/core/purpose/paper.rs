//! What a document is, by its title, its letterhead, its first page and its shape.
//!
//! Promises that a state that writes about many things is not taken at one word: what stands in the title counts, below it
//! only what a letter of a page says in a sentence.

use super::{
    cue::Cue,
    passage::{Layout, Passage, Sentence},
    shape::Shape,
    speech::{Act, acts},
    topic::Topic,
};

/// How much of a document is searched, in bytes.
const SEARCHED: usize = 24_000;
/// How far a title reaches: lines, and bytes.
const TITLE: (usize, usize) = (14, 1_100);
/// Up to how many words a document is a letter, every sentence of which counts.
const LETTER_WORDS: u64 = 230;
/// From how many words on a letter that goes back to ours is an answer.
const ANSWER_WORDS: u64 = 90;
/// How many sentences of a document may say what it is for.
const LETTER_SENTENCES: usize = 14;
/// From how many words on a line is prose, and where it ends in a stop.
const PROSE: (usize, usize) = (26, 13);

/// From how many words on a line that ends in a stop is a sentence of the text.
const SENTENCE: usize = 8;
/// Up to how many words a line is a mark above or below a title, and up to how many wherever the mark stands in it.
const MARK: (usize, usize) = (16, 6);
/// How many lines a mark may stand below the title, and on which lines where no title says what the document is.
const MARK_LINES: (usize, usize) = (2, 4);
/// How many lines below the title of a short document a sum of money says what it is about.
const SUM: usize = 3;
/// How money is called.
const CURRENCIES: &[&str] = &[
    "eur",
    "euro",
    "euros",
    "usd",
    "us",
    "chf",
    "gbp",
    "dollars",
    "francs",
    "franken",
    "евро",
    "євро",
    "долларов",
    "euroa",
    "eura",
    "avro",
    "evro",
    "ευρώ",
    "יורו",
    "يورو",
    "欧元",
    "美元",
];
/// Up to how many words a title has that runs on over several lines.
const LONG_TITLE: usize = 45;
/// How many lines of prose a title may stand behind: a letterhead that runs on, a line of reference.
const PROSE_IN_TITLE: usize = 1;

/// What was found in a document.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each was found or not by itself")]
pub(super) struct Paper {
    /// What it is, where that is no input.
    pub(super) against: Vec<(Act, i32, String)>,
    /// It is a template that nobody filled in.
    pub(super) template: Option<String>,
    /// It is a letter of ours.
    pub(super) ours: Option<String>,
    /// What speaks for an input of the call, with its weight.
    pub(super) reasons: Vec<(i32, String)>,
    /// What was observed of it that speaks for one, with its weight.
    pub(super) observed: Vec<(i32, String)>,
    /// It calls itself an input, or answers the template.
    pub(super) claims: bool,
    /// It speaks of the call.
    pub(super) call: bool,
    /// It says of itself that it corrects or adds.
    pub(super) acts: Vec<(Act, String)>,
    /// It names the call where it says what it is, or answers its template or its objectives.
    pub(super) named: bool,
    /// It goes through the objectives, or the headings of the template.
    pub(super) by_shape: bool,
    /// Nothing of it could be read.
    pub(super) unread: bool,
}

impl Paper {
    /// How much speaks for an input of the call.
    pub(super) fn points(&self) -> i32 {
        self.reasons.iter().chain(&self.observed).map(|(points, _)| points).sum()
    }

    /// Whether it is an input by itself.
    pub(super) fn is_input(&self) -> bool {
        self.claims
            && self.call
            && self.points() >= 5
            && self.template.is_none()
            && self.ours.is_none()
            && !self.against.iter().any(|(_, weight, _)| *weight >= 4)
    }

    /// Whether it may be one for all that it says.
    pub(super) fn may_be_one(&self) -> bool {
        self.is_open() && self.points() >= 1
    }

    /// Whether nothing in it speaks for another purpose.
    pub(super) fn is_open(&self) -> bool {
        !self.unread && self.template.is_none() && self.ours.is_none() && self.against.is_empty()
    }

    /// Whether it is a text of the kind that the call asks for, though it does not say what it is.
    pub(super) fn fits(&self) -> bool {
        self.may_be_one() && self.acts.is_empty() && self.points() >= 3
    }

    /// Reads a document.
    pub(super) fn read(letterhead: &str, text: &str, words: u64, topic: &Topic) -> Self {
        if text.trim().is_empty() {
            return Self { unread: true, ..Self::default() };
        }
        let whole = whole(letterhead, text);
        let passage = Passage::read(&whole, Layout::Lines, topic);
        let shape = Shape::of(&whole, &passage);
        let mut paper = Self { call: passage.has(Cue::Call) || passage.has(Cue::Heading), ..Self::default() };
        let title: Vec<&Sentence> = title(&passage);
        paper.read_marks(&passage.sentences);
        paper.read_title(&title);
        paper.read_body(&passage, shape, words);
        paper.read_naming(&passage, &title);
        if words <= LETTER_WORDS {
            paper.read_sums(&passage.sentences);
        }
        if !paper.claims {
            paper.read_letter(&passage.sentences, words);
        }
        let ours: Vec<u16> = {
            let head = passage.sentences.iter().take_while(|s| s.range.start < 3_500);
            let mut nth: Vec<u16> = head
                .flat_map(|s| s.hits.iter().filter(|hit| hit.meaning.cue == Cue::Ours).map(|hit| hit.meaning.nth))
                .collect();
            nth.sort_unstable();
            nth.dedup();
            nth
        };
        if ours.len() >= 3 || ours.len() == 2 && !paper.claims {
            paper.ours = passage.first(Cue::Ours).map(Sentence::quote);
        }
        if shape.is_unfilled() {
            let named = passage.first(Cue::Blank).or(passage.first(Cue::Template)).or(passage.sentences.first());
            paper.template = Some(named.map(Sentence::quote).unwrap_or_default());
        }
        paper
    }

    /// What a line above or below the title says of the whole: a draft, not to be registered.
    fn read_marks(&mut self, sentences: &[Sentence]) {
        let top: Vec<&Sentence> =
            sentences.iter().take(TITLE.0).take_while(|line| line.range.start < TITLE.1).collect();
        let claim = top.iter().position(|line| claims(line));
        let lines = claim.map_or(MARK_LINES.1, |claim| claim + 1 + MARK_LINES.0);
        for (n, line) in top.into_iter().take(lines).enumerate() {
            let titles = claim == Some(n);
            let stands = line.words <= MARK.0 && !line.has(Cue::Call);
            let short = line.words <= MARK.1 && !titles && !line.has(Cue::Call) && !line.has(Cue::Other);
            let draft = line.is_marked_draft();
            if line.has(Cue::Withdraw)
                && (draft || (stands || titles) && (line.begins(Cue::Withdraw) || claim.is_some_and(|claim| n < claim)))
            {
                self.against.push((Act::Withdraws, 6, line.quote()));
            } else if draft && (stands || titles) || short && line.has(Cue::Draft) {
                self.against.push((Act::Drafts, 6, line.quote()));
            }
        }
    }

    /// Whether it names the call where it says what it is, and not in passing.
    fn read_naming(&mut self, passage: &Passage, title: &[&Sentence]) {
        let says = |s: &&Sentence| s.has(Cue::Input) || s.has(Cue::Report);
        let letter = passage.sentences.iter().take(LETTER_SENTENCES).filter(says);
        self.named = self.by_shape || title.iter().copied().chain(letter).any(|line| line.has(Cue::Call));
    }

    /// A page about a sum of money pays or pledges it.
    fn read_sums(&mut self, sentences: &[Sentence]) {
        if self.by_shape {
            return;
        }
        let title = sentences.iter().take(TITLE.0).position(claims).unwrap_or(0);
        let head: Vec<&Sentence> = sentences.iter().take(title + 1 + SUM).collect();
        let words: Vec<(usize, &str)> =
            head.iter().enumerate().flat_map(|(n, s)| s.text.split_whitespace().map(move |word| (n, word))).collect();
        let number = |word: &str| word.contains(|c: char| c.is_ascii_digit());
        let money = |word: &str| {
            let name = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
            word.contains(['€', '$', '£']) || CURRENCIES.contains(&name.as_str())
        };
        let sum = words.windows(3).find(|near| {
            let (first, last) = (near[0].1, near[1..].iter());
            number(first) && near.iter().any(|(_, word)| money(word))
                || money(first) && last.clone().any(|(_, word)| number(word)) && !number(first)
        });
        if let Some(near) = sum {
            self.against.push((Act::Other, 4, head[near[0].0].quote()));
        }
    }

    fn read_title(&mut self, title: &[&Sentence]) {
        let claim = title.iter().position(|line| claims(line));
        let call = title.iter().any(|line| line.has(Cue::Call));
        for (n, line) in title.iter().enumerate() {
            let acts = acts(line);
            let sure = claim.is_some() && (call || self.call);
            for act in acts {
                let topic = line.has(Cue::Input) || line.has(Cue::Call) || line.words <= 8 && claim.is_none();
                let weight = match act {
                    Act::Declines | Act::AsksTime | Act::Withdraws if topic => 6,
                    Act::Nominates if sure && claim != Some(n) && !line.begins(Cue::Nomination) => continue,
                    Act::Nominates => 5,
                    // Beside a title that says what it is, other words belong to a letterhead or a chapter.
                    Act::Other
                        if sure
                            && claim != Some(n)
                            && is_aside(line, claim.is_some_and(|claim| n > claim))
                            && !(claim.is_some_and(|claim| n == claim + 1 && !title[claim].has(Cue::Call))
                                && line.begins(Cue::Other)) =>
                    {
                        continue;
                    }
                    Act::Drafts | Act::Other => 4,
                    Act::Corrects | Act::Adds => {
                        self.acts.push((act, line.quote()));
                        continue;
                    }
                    _ => continue,
                };
                self.against.push((act, weight, line.quote()));
            }
        }
        if let Some(claim) = claim {
            self.claims = true;
            self.reasons.push((3, title[claim].quote()));
        } else if call && let Some(line) = title.iter().find(|line| line.has(Cue::Report)) {
            self.claims = true;
            self.reasons.push((2, line.quote()));
        }
        if call && let Some(line) = title.iter().find(|line| line.has(Cue::Call)) {
            self.reasons.push((2, line.quote()));
        }
    }

    /// A letter of a page says what it is for in a sentence.
    fn read_letter(&mut self, sentences: &[Sentence], words: u64) {
        for sentence in sentences.iter().take(LETTER_SENTENCES) {
            let topic = sentence.has(Cue::Input) || sentence.has(Cue::Call);
            let acts = acts(sentence);
            let answers = sentence.has(Cue::Answer) && acts.iter().all(|act| *act == Act::Encloses);
            if answers && self.call && words >= ANSWER_WORDS && !self.claims {
                self.claims = true;
                self.reasons.push((3, sentence.quote()));
            }
            for act in acts {
                let weight = match act {
                    Act::Sends => {
                        self.claims = true;
                        self.reasons.push((3, sentence.quote()));
                        continue;
                    }
                    Act::Declines | Act::AsksTime | Act::Withdraws if topic && words <= LETTER_WORDS => 6,
                    Act::Nominates if topic && words <= LETTER_WORDS => 5,
                    Act::Other | Act::Announces if words <= LETTER_WORDS => 3,
                    _ => continue,
                };
                if self.claims && weight < 6 {
                    continue;
                }
                self.against.push((act, weight, sentence.quote()));
            }
        }
    }

    fn read_body(&mut self, passage: &Passage, shape: Shape, words: u64) {
        let mut goals: Vec<u8> = passage.sentences.iter().flat_map(|s| s.goals.iter().copied()).collect();
        goals.sort_unstable();
        goals.dedup();
        if goals.len() >= 2 {
            let points = if goals.len() >= 5 { 3 } else { 2 };
            self.observed.push((points, format!("it names {} objectives", goals.len())));
            // Nobody else goes through the Compact objective by objective.
            self.claims |= goals.len() >= 5 && self.call;
        }
        self.by_shape |= goals.len() >= 2;
        let mut headings: Vec<&Sentence> =
            passage.sentences.iter().filter(|s| s.has(Cue::Heading) && s.words <= 14).collect();
        headings.dedup_by_key(|s| s.text.clone());
        if headings.len() >= 3 && shape.answered + 1 >= headings.len() {
            self.claims = true;
            self.by_shape = true;
            self.reasons.push((2, headings.iter().take(3).map(|s| s.quote()).collect::<Vec<_>>().join(" · ")));
        }
        if self.call && !self.reasons.iter().chain(&self.observed).any(|(points, _)| *points >= 2) {
            self.reasons.extend(passage.first(Cue::Call).map(|s| (1, s.quote())));
        }
        if words >= 800 {
            self.observed.push((2, format!("it has {words} words")));
        } else if words >= 120 {
            self.observed.push((1, format!("it has {words} words")));
        }
    }
}

/// Whether a line beside a title that says what the document is belongs to a letterhead, a chapter or the text.
fn is_aside(line: &Sentence, below: bool) -> bool {
    let prose = line.words >= SENTENCE && line.text.ends_with(['.', '。', '։']);
    match (below, line.begins(Cue::Other)) {
        (true, true) => !line.has(Cue::Call),
        (true, false) => prose || !line.has(Cue::Call),
        (false, begins) => !begins && !line.has(Cue::Call),
    }
}

/// Whether a line calls what stands below it an input.
fn claims(line: &Sentence) -> bool {
    let denied = [Cue::Decline, Cue::MoreTime, Cue::Nomination, Cue::Withdraw, Cue::Question];
    let input = line.has(Cue::Input) || line.has(Cue::Report) && line.has(Cue::Call);
    input && !denied.iter().any(|cue| line.has(*cue)) && !line.asks()
}

/// The lines of a title and a letterhead.
fn title(passage: &Passage) -> Vec<&Sentence> {
    // A title below which the text begins in small letters was read as one with it.
    let runs_on = |line: &Sentence| {
        let first = line.hits.iter().map(|hit| hit.at).min();
        let titles = claims(line) && acts(line).is_empty() && !line.has(Cue::Answer) && line.at(Cue::Input) == first;
        titles && line.words <= LONG_TITLE && !line.text.ends_with(['.', '。', ';', ','])
    };
    let title = |line: &Sentence| line.has(Cue::Call) && (line.begins(Cue::Input) || runs_on(line));
    let prose = |line: &Sentence| {
        !title(line) && line.words >= PROSE.0
            || line.words >= PROSE.1 && line.text.ends_with(['.', '。', ';', '։', '؛'])
    };
    let mut passed = 0;
    let mut lines = Vec::new();
    for line in passage.sentences.iter().take(TITLE.0).take_while(|line| line.range.start < TITLE.1) {
        if !prose(line) {
            lines.push(line);
        } else if passed == PROSE_IN_TITLE {
            break;
        } else {
            passed += 1;
        }
    }
    lines
}

/// The letterhead, where the text does not begin with it, and the beginning of the text.
fn whole(letterhead: &str, text: &str) -> String {
    let begins: String = letterhead.trim().chars().take(40).collect();
    let mut whole = String::new();
    if !text.trim_start().starts_with(&begins) {
        whole.push_str(letterhead);
        whole.push('\n');
    }
    let mut end = text.len().min(SEARCHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    whole.push_str(&text[..end]);
    whole
}
