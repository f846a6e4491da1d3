//! Which headings of the call's template an input answers, with the line that shows it.
//!
//! Promises that a heading with nothing below it answers nothing, nor do the questions of the template themselves, a table of
//! contents, or what stands on every page; and that every finding quotes a line and names it by its number. It informs: the
//! template is voluntary, and what is not found is no fault of a state.

mod asked;
mod number;
mod paragraphs;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use self::{
    asked::{Asked, Says, sentences},
    paragraphs::{Known, Paragraph, paragraphs},
};
use crate::core::{
    purpose::phrases::Phrases,
    text::{
        fold::{Folded, fold},
        words,
    },
};

/// Up to so many words a line without a stop is a heading; with a number before it, up to the second.
const HEADING_WORDS: (u64, u64) = (16, 30);
/// From so many words on there is something below a heading, or behind it.
const BELOW: u64 = 6;
/// A line without a stop says something from so many words on, one with a stop from the second.
const SAYS: (u64, u64) = (4, 3);
/// From so many words on a sentence says something of what it names.
const PROSE: u64 = 8;
/// Words of so many letters join headings: and, et, y, и.
const JOINING: usize = 3;
/// So many words may stand before a heading that a colon ends.
const LEADING: u64 = 4;
/// So many headings one below the other, with nothing between them, are a list of what follows.
const LISTED: usize = 3;
/// How many characters of a line are quoted, and how many of them before what was found.
const QUOTED: (usize, usize) = (200, 60);

/// The headings of a template with their wordings, in the form in which they are searched for.
pub struct Headings {
    names: Vec<String>,
    phrases: Phrases<usize>,
    asked: Asked,
}

/// What an input says under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The name of the heading.
    pub heading: String,
    /// Where it is answered; none where nothing was found.
    pub found: Option<Found>,
}

/// Where a heading is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How.
    pub how: How,
    /// The line that shows it.
    pub line: String,
    /// The number of that line among those that are not empty; of a paragraph of several lines, that of its first.
    pub paragraph: usize,
}

/// How a heading is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// In the middle of a text that stands under another heading, or none.
    InPassing,
    /// Under that heading.
    Headed,
}

/// A heading, a question, or a sentence of a paper.
struct Part {
    is: Is,
    /// Its words; none of what says nothing.
    words: u64,
    /// The headings that it names.
    named: Vec<usize>,
    /// The number before it.
    number: Option<String>,
    written: String,
    line: usize,
    quoted: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    /// A heading of the template, or one of its questions: the answer stands below.
    Heading,
    /// A short line that names no heading of the template.
    Other,
    /// A sentence, or a line of a list.
    Prose,
}

impl Headings {
    /// From the names of the headings and the wordings of each, in any language; `*` lets a word go on.
    #[must_use]
    pub fn new<'a>(headings: impl IntoIterator<Item = (&'a str, &'a [String])>) -> Self {
        let headings: Vec<_> = headings.into_iter().collect();
        let wordings = headings.iter().enumerate();
        let phrases =
            Phrases::new(wordings.flat_map(|(n, (_, wordings))| wordings.iter().map(move |text| (n, text.as_str()))));
        Self { names: headings.iter().map(|(name, _)| (*name).to_owned()).collect(), phrases, asked: Asked::new() }
    }

    /// What a text answers, in the order of the headings.
    #[must_use]
    pub fn answered(&self, text: &str) -> Vec<Answer> {
        let mut parts = Vec::new();
        for paragraph in paragraphs(text, &self.asked, self) {
            self.read(&paragraph, &mut parts);
        }
        let mut found: Vec<Option<Found>> = vec![None; self.names.len()];
        for (at, part) in parts.iter().enumerate() {
            for &heading in &part.named {
                let how = match part.is {
                    Is::Heading if is_listed(&parts, at) || below(&parts, at, heading) < BELOW => continue,
                    Is::Heading => How::Headed,
                    Is::Prose if part.words >= PROSE => How::InPassing,
                    Is::Prose | Is::Other => continue,
                };
                if found[heading].as_ref().is_none_or(|found| found.how < how) {
                    found[heading] = Some(Found { how, line: part.quoted.clone(), paragraph: part.line });
                }
            }
        }
        let names = self.names.iter().cloned();
        names.zip(found).map(|(heading, found)| Answer { heading, found }).collect()
    }

    /// Takes a paragraph apart: its heading, and its sentences.
    fn read(&self, paragraph: &Paragraph, parts: &mut Vec<Part>) {
        let (number, text) = number::split(&paragraph.text);
        let part = |is, written: &str, named: Vec<usize>, quoted: String| Part {
            is,
            words: if is == Is::Prose { words::count(written) } else { 0 },
            named,
            number: number.map(str::to_owned),
            written: fold(written),
            line: paragraph.line,
            quoted,
        };
        if self.asked.is_subject(text) {
            return parts.push(part(Is::Other, text, Vec::new(), String::new()));
        }
        let begins = || excerpt(&paragraph.text, 0);
        let (head, behind) = self.head(text).unwrap_or(("", text));
        if !head.is_empty() {
            parts.push(part(Is::Heading, head, self.named(head), begins()));
        } else if self.asked.says(text) == Says::Tells && is_short(text, number.is_some()) {
            let named = self.named(text);
            let first = parts.iter().all(|part| part.is != Is::Prose);
            let titled = first && number.is_none() && !self.begins(text) && self.asked.is_title(text);
            let small = text.starts_with(char::is_lowercase) && number.is_none();
            let listed = text.starts_with(|c: char| !c.is_alphanumeric() && !matches!(c, '¿' | '“' | '«'));
            if named.is_empty() || titled || (small || listed) && !self.is_bare(text) {
                let says = words::count(text) >= SAYS.0 && !titled || listed;
                let named = if titled { Vec::new() } else { named };
                let is = if says { Is::Prose } else { Is::Other };
                return parts.push(part(is, text, named, begins()));
            }
            return parts.push(part(Is::Heading, text, named, begins()));
        }
        for sentence in sentences(behind) {
            let named = self.named(sentence);
            match self.asked.says(sentence) {
                Says::Asks if !named.is_empty() => parts.push(part(Is::Heading, sentence, named, begins())),
                Says::Asks | Says::Hints => {}
                Says::Tells => {
                    let at = paragraph.text.find(sentence).unwrap_or(0);
                    let hit = self.hits(sentence).first().map_or(0, |(_, place)| place.start);
                    let is = if words::count(sentence) >= SAYS.1 { Is::Prose } else { Is::Other };
                    parts.push(part(is, sentence, named, excerpt(&paragraph.text, at + hit)));
                }
            }
        }
    }

    /// The heading with which a paragraph begins and what is behind it, where something separates them.
    fn head<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let stops =
            text.char_indices().filter(|(_, c)| matches!(c, ':' | '：' | '\t' | '|' | '–' | '—' | '-' | '.' | '。'));
        for (at, stop) in stops {
            let (before, behind) = (text[..at].trim_end(), &text[at + stop.len_utf8()..]);
            let words = words::count(before);
            if words > HEADING_WORDS.0 {
                return None;
            }
            let heads = match stop {
                ':' | '：' => {
                    self.is_bare(before)
                        || self.asked.says(before) == Says::Tells
                            && !self.named(before).is_empty()
                            && (self.begins(before) || words <= LEADING)
                }
                '-' | '–' | '—' => text[..at].ends_with(' ') && behind.starts_with(' ') && self.is_bare(before),
                _ => self.is_bare(before),
            };
            if heads {
                return Some((before, behind.trim()));
            }
        }
        None
    }

    /// The headings that are named, each once.
    fn named(&self, text: &str) -> Vec<usize> {
        let mut named: Vec<usize> = self.hits(text).into_iter().map(|(heading, _)| heading).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// Where headings are named, in the text as it is written.
    fn hits(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let folded = Folded::new(text);
        let hits = self.phrases.find(folded.text(), |_, _| true).into_iter();
        hits.map(|hit| {
            let end = text.len() - folded.written_after(hit.range.end).len();
            (hit.meaning, folded.origin(hit.range.start)..end)
        })
        .collect()
    }
}

impl Known for Headings {
    fn is_bare(&self, line: &str) -> bool {
        let text = number::split(line).1;
        let hits = self.hits(text);
        let outside = |at: usize| !hits.iter().any(|(_, place)| place.contains(&at));
        let mut left = 0;
        for (at, letter) in text.char_indices() {
            if !letter.is_alphanumeric() {
                left = 0;
            } else if outside(at) {
                left += 1;
                if left > JOINING {
                    return false;
                }
            }
        }
        !hits.is_empty()
    }

    fn begins(&self, line: &str) -> bool {
        let text = number::split(line).1;
        let before = |at: usize| !text[..at].chars().any(char::is_alphanumeric);
        self.hits(text).iter().any(|(_, place)| before(place.start))
    }
}

/// Whether a paragraph may be a heading: short, and without a stop.
fn is_short(text: &str, numbered: bool) -> bool {
    let most = if numbered { HEADING_WORDS.1 } else { HEADING_WORDS.0 };
    words::count(text) <= most && !text.ends_with(['.', ';', ',', '。', '；', '،', '؛', '，'])
}

/// Whether a heading is one of a list, and stands again where its text is.
fn is_listed(parts: &[Part], at: usize) -> bool {
    let heads = parts[..at].iter().rev().take_while(|part| part.is == Is::Heading).count();
    heads + 1 >= LISTED
        && parts[at + 1..].iter().any(|part| part.is == Is::Heading && part.written == parts[at].written)
}

/// How many words stand below a heading, up to the next one that is another.
fn below(parts: &[Part], at: usize, heading: usize) -> u64 {
    let own = &parts[at];
    let ends = |part: &&Part| {
        let numbers = part.number.as_deref().zip(own.number.as_deref());
        match part.is {
            Is::Heading if part.line == own.line => false,
            Is::Heading => {
                !part.named.contains(&heading) && !numbers.is_some_and(|(its, own)| number::is_below(its, own))
            }
            Is::Other | Is::Prose => numbers.is_some_and(|(its, own)| number::follows(its, own)),
        }
    };
    parts[at + 1..].iter().take_while(|part| !ends(part)).map(|part| part.words).sum()
}

/// The words around a place.
fn excerpt(text: &str, at: usize) -> String {
    let length = text.chars().count();
    if length <= QUOTED.0 {
        return text.to_owned();
    }
    let before = text.get(..at).map_or(0, |before| before.chars().count());
    let from = before.saturating_sub(QUOTED.1).min(length - QUOTED.0);
    let cut: String = text.chars().skip(from).take(QUOTED.0).collect();
    let opens = if from > 0 { "…" } else { "" };
    let ends = if from + QUOTED.0 < length { "…" } else { "" };
    format!("{opens}{}{ends}", cut.trim())
}

impl std::fmt::Debug for Headings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Headings").field(&self.names).finish()
    }
}
