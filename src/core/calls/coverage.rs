//! Which headings of the call's template an input answers, with the line that shows it.
//!
//! Promises that a heading with nothing below it answers nothing, and that every finding quotes a line and names its
//! paragraph. It informs: the template is voluntary, and what is not found is no fault of a state.

use serde::{Deserialize, Serialize};

use crate::core::{
    purpose::phrases::Phrases,
    text::{fold::Folded, words},
};

/// Up to so many words a line without a stop is a heading.
const HEADING_WORDS: u64 = 16;
/// From so many words on there is something below a heading, or behind it.
const BELOW: u64 = 12;
/// From so many words on a line of prose says something of what it names.
const PROSE: u64 = 8;
/// How many bytes of numbers and signs may stand before a heading that its text follows on the same line.
const BEFORE: usize = 8;
/// How many characters of a line are quoted.
const QUOTED: usize = 200;

/// The headings of a template with their wordings, in the form in which they are searched for.
pub struct Headings {
    names: Vec<String>,
    phrases: Phrases<usize>,
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
    /// The number of that line among those that are not empty.
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

/// A line that is not empty.
struct Line<'t> {
    written: &'t str,
    words: u64,
    /// The headings that it names, and whether it is that heading.
    named: Vec<(usize, Form)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// It is the heading, and the text stands below.
    Heading,
    /// It begins with the heading, and the text stands behind.
    HeadingAndText,
    /// It is prose.
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
        Self { names: headings.iter().map(|(name, _)| (*name).to_owned()).collect(), phrases }
    }

    /// What a text answers, in the order of the headings.
    #[must_use]
    pub fn answered(&self, text: &str) -> Vec<Answer> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines: Vec<Line<'_>> = lines.map(|line| self.read(line)).collect();
        let mut found: Vec<Option<Found>> = vec![None; self.names.len()];
        for (at, line) in lines.iter().enumerate() {
            for &(heading, form) in &line.named {
                let how = match form {
                    Form::Heading if below(&lines[at + 1..], heading) < BELOW => continue,
                    Form::Heading | Form::HeadingAndText => How::Headed,
                    Form::Prose => How::InPassing,
                };
                if found[heading].as_ref().is_none_or(|found| found.how < how) {
                    let quoted = line.written.chars().take(QUOTED).collect();
                    found[heading] = Some(Found { how, line: quoted, paragraph: at + 1 });
                }
            }
        }
        let names = self.names.iter().cloned();
        names.zip(found).map(|(heading, found)| Answer { heading, found }).collect()
    }

    fn read<'t>(&self, written: &'t str) -> Line<'t> {
        let folded = Folded::new(written);
        let words = words::count(written);
        let mut named: Vec<(usize, Form)> = Vec::new();
        for hit in self.phrases.find(folded.text(), |_, _| true) {
            let stop = written.ends_with(['.', ';', ',', '。', '；', '،', '؛']);
            let behind = folded.written_after(hit.range.end);
            let form = if words <= HEADING_WORDS && !stop {
                Form::Heading
            } else if hit.range.start <= BEFORE
                && behind.trim_start().starts_with([':', '：', '.', '–', '—', '-'])
                && words::count(behind) > BELOW
            {
                Form::HeadingAndText
            } else if words >= PROSE {
                Form::Prose
            } else {
                continue;
            };
            if !named.contains(&(hit.meaning, form)) {
                named.push((hit.meaning, form));
            }
        }
        Line { written, words, named }
    }
}

/// How many words stand below a heading, up to the next one that is another.
fn below(lines: &[Line<'_>], heading: usize) -> u64 {
    let another = |line: &&Line<'_>| {
        let headings = || line.named.iter().filter(|(_, form)| *form != Form::Prose);
        headings().next().is_none() || headings().any(|(named, _)| *named == heading)
    };
    lines.iter().take_while(another).map(|line| line.words).sum()
}

impl std::fmt::Debug for Headings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Headings").field(&self.names).finish()
    }
}
