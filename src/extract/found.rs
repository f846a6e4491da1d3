//! What an engine found in a file, and the reading that is made of it: cleaned, counted, and judged.
//!
//! Promises that an empty text never passes for a read one, and that whatever is missing is said.

use super::limits::Limits;
use crate::core::{
    file::{Outcome, Reading, WordsByPart},
    text::{language, words},
};

/// What an engine found; [`finish`] makes a [`Reading`] of it.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) engine: &'static str,
    pub(super) body: String,
    pub(super) notes: String,
    pub(super) running_heads: String,
    /// Lines of the body that are running heads: they stay in the text and are counted as what they are.
    pub(super) repeated: String,
    /// Words of the body that count nowhere: numbers that a word processor puts before paragraphs by itself.
    pub(super) uncounted: u64,
    pub(super) pages: Option<u32>,
    pub(super) pages_without_text: Vec<u32>,
    pub(super) pages_failed: Vec<u32>,
    /// Some of the text is missing, as the remarks say.
    pub(super) partial: bool,
    /// What the person should know, a sentence each.
    pub(super) remarks: Vec<String>,
}

/// Cleans, counts, and judges what an engine found.
pub(super) fn finish(found: Found, limits: &Limits) -> Reading {
    let Found { engine, body, notes, running_heads, repeated, uncounted, pages, .. } = found;
    let (pages_without_text, pages_failed) = (found.pages_without_text, found.pages_failed);
    let (mut partial, mut remarks) = (found.partial, found.remarks);
    let (mut body, notes, running_heads) = (clean(&body), clean(&notes), clean(&running_heads));
    let letterhead = letterhead(&running_heads, &body);
    let all = words::count(&body);
    if all + words::count(&notes) == 0 {
        remarks.push(match (pages, running_heads.is_empty()) {
            (Some(_), _) => {
                "This PDF holds pictures of pages only (a scan): please send the DOCX or a PDF with text.".to_owned()
            }
            (None, true) => {
                "This document holds no text (it may be a picture of pages): please send the DOCX or a PDF with text."
                    .to_owned()
            }
            (None, false) => {
                "Only the headers and footers of this document hold text; the pages may be pictures: please send the \
                 text."
                    .to_owned()
            }
        });
        let mut reading = Reading::without_text(Outcome::NoText, remarks.join(" "));
        reading.engine = Some(engine.to_owned());
        reading.pages = pages;
        reading.pages_without_text = pages_without_text;
        reading.pages_failed = pages_failed;
        reading.letterhead = letterhead;
        return reading;
    }
    if all == 0 {
        remarks.push("Only its notes hold text, so they are what is counted.".to_owned());
    }
    // A text is never of no words, whatever it consists of.
    let counted = Some(all.saturating_sub(words::count(&repeated) + uncounted)).filter(|counted| *counted > 0);
    let words_by_part = WordsByPart {
        body: counted.unwrap_or(all),
        notes: words::count(&notes),
        running_heads: words::count(&running_heads) + words::count(&repeated),
    };
    if !notes.is_empty() {
        if !body.is_empty() {
            body.push_str("\n\n");
        }
        body.push_str(&notes);
    }
    if body.len() > limits.text_bytes {
        let end = body.floor_char_boundary(limits.text_bytes);
        body.truncate(end);
        partial = true;
        remarks.push(format!("Only the first {} MB of the text are kept.", limits.text_bytes / 1_000_000));
    }
    Reading {
        outcome: if partial { Outcome::Partial } else { Outcome::Read },
        engine: Some(engine.to_owned()),
        pages,
        pages_without_text,
        pages_failed,
        words: Some(if all > 0 { words_by_part.body } else { words_by_part.notes }),
        words_by_part,
        language: language::detect(&body),
        text: body,
        letterhead,
        detail: (!remarks.is_empty()).then(|| remarks.join(" ")),
        tried: Vec::new(),
    }
}

/// Text without control characters, trailing blanks and runs of empty lines.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.replace("\r\n", "\n").split(['\n', '\r', '\x0b', '\x0c', '\u{2028}', '\u{2029}']) {
        let line: String = line
            .chars()
            .filter(|c| !c.is_control() && !matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}') || *c == '\t')
            .collect();
        // Empty cells say nothing; one tab parts what there is.
        let line = line.split('\t').map(str::trim_end).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("\t");
        if line.trim_start().is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        out.push_str(&line);
    }
    out
}

/// The first lines in reading order, header parts first.
fn letterhead(running_heads: &str, body: &str) -> String {
    const LINES: usize = 15;
    const CHARACTERS: usize = 1_500;
    let lines = running_heads.lines().take(LINES).chain(body.lines().filter(|l| !l.trim().is_empty()).take(LINES));
    let mut head = String::new();
    for line in lines.map(str::trim).filter(|l| !l.is_empty()) {
        if !head.is_empty() {
            head.push('\n');
        }
        head.push_str(line);
    }
    head.chars().take(CHARACTERS).collect()
}
