//! The shape of a document: headings, what stands below them, and places that wait to be filled in.
//!
//! Promises to tell a template that nobody filled in from an answer to it, in any language, by its shape.

use super::{cue::Cue, passage::Passage};

/// What a document is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Numbered headings with words below them.
    pub(super) answered: usize,
    /// Numbered headings with nothing below them.
    pub(super) empty: usize,
    /// Places that wait to be filled in.
    pub(super) blanks: usize,
    /// Words that are neither heading nor such a place.
    pub(super) words: usize,
}

/// How many lines are looked at.
const MOST_LINES: usize = 3_000;
/// How many words a heading may have.
const HEADING_WORDS: usize = 16;
/// How many words an answer has at least.
const ANSWER_WORDS: usize = 6;

impl Shape {
    /// The shape of a text; `passage` is its beginning.
    pub(super) fn of(text: &str, passage: &Passage) -> Self {
        let mut shape = Self::default();
        let mut heading = false;
        let mut below = 0;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST_LINES) {
            let words = line.split_whitespace().count();
            if is_heading(line, words) {
                shape.close(heading, below);
                (heading, below) = (true, 0);
            } else if is_blank(line) {
                shape.blanks += 1;
            } else {
                below += words;
                shape.words += words;
            }
        }
        shape.close(heading, below);
        shape.blanks += passage.sentences.iter().filter(|s| s.has(Cue::Blank) && !is_blank(&s.text)).count();
        shape
    }

    fn close(&mut self, heading: bool, below: usize) {
        match heading {
            true if below >= ANSWER_WORDS => self.answered += 1,
            true => self.empty += 1,
            false => {}
        }
    }

    /// Whether it is a form that nobody filled in, or not to its end.
    pub(super) fn is_unfilled(self) -> bool {
        let thin = self.words < 40 * self.blanks;
        self.blanks >= 3 && thin
            || self.blanks >= 2 && self.words < 60
            || self.empty >= 3 && self.answered == 0 && self.words < 80
            || self.blanks >= 1 && self.empty >= 2 && self.empty > self.answered && self.words < 150
    }
}

/// “3. Progress on the objectives”, “IV. Next steps”.
fn is_heading(line: &str, words: usize) -> bool {
    let number: String = line.chars().take_while(|c| c.is_alphanumeric()).collect();
    let after = line.get(number.len()..).unwrap_or_default();
    let roman = !number.is_empty() && number.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    let counted = number.chars().all(|c| c.is_ascii_digit()) && !number.is_empty() && number.len() <= 2;
    (roman || counted) && after.starts_with(['.', ')']) && words <= HEADING_WORDS && !line.ends_with(['.', '。', ';'])
}

/// A place that waits to be filled in: dots, a rule, a bracket with an instruction.
fn is_blank(line: &str) -> bool {
    let rule = ["....", "____", "……", "‥‥", "-----"].iter().any(|rule| line.contains(rule));
    let bracket = line.find('[').is_some_and(|open| {
        let inside: String = line[open + 1..].chars().take_while(|c| *c != ']').collect();
        let rest = line.len().saturating_sub(inside.len() + 2);
        inside.chars().count() >= 8 && inside.contains([' ', '/']) && rest < 60
    });
    rule || bracket
}
