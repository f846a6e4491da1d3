//! From a document's bytes to its text; fed by strangers, so it runs only in the child process.
//!
//! Promises an outcome for every input within the limits, and never an empty text that passes for a read one. A panic of
//! an engine is caught here and becomes the next engine's turn; a death of the process (memory, stack, time) is the
//! parent's to turn into an outcome.

mod archive;
mod doc;
mod docx;
mod docx_rust;
mod external;
mod msg;
mod odt;
mod ole;
mod pdf;
mod plain;
mod rtf;
mod sniff;
mod tnef;
mod xml;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use external::{Engine, Supplied, read_supplied};
pub use sniff::sniff;

use crate::core::{
    file::{Format, Outcome, Reading, WordsByPart},
    text::{language, words},
};

/// What one file may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of one zip file.
    pub entries: usize,
    /// Uncompressed bytes of one part, counted while reading.
    pub part_bytes: u64,
    /// Uncompressed bytes of all parts together.
    pub all_bytes: u64,
    /// Uncompressed for compressed bytes, past the first MiB.
    pub ratio: u64,
    /// Nesting of XML elements.
    pub nesting: usize,
    /// Pages read.
    pub pages: u32,
    /// Bytes of text kept.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 20_000,
            part_bytes: 96 << 20,
            all_bytes: 256 << 20,
            ratio: 200,
            nesting: 4_000,
            pages: 2_000,
            text_bytes: 5_000_000,
        }
    }
}

/// A file found inside a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inner {
    /// Its name without a path, as the sender gave it.
    pub name: Option<String>,
    /// The media type that the container states, else `application/octet-stream`.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why an engine gave no text: an outcome and a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    outcome: Outcome,
    detail: String,
}

impl Refusal {
    fn new(outcome: Outcome, detail: impl Into<String>) -> Self {
        Self { outcome, detail: detail.into() }
    }
}

/// What an engine found; [`finish`] makes a [`Reading`] of it.
#[derive(Debug, Default)]
struct Found {
    engine: &'static str,
    body: String,
    notes: String,
    running_heads: String,
    /// Lines of the body that are running heads: they stay in the text and are counted as what they are.
    repeated: String,
    /// Words of the body that count nowhere: numbers that a word processor puts before paragraphs by itself.
    uncounted: u64,
    pages: Option<u32>,
    pages_without_text: Vec<u32>,
    pages_failed: Vec<u32>,
    /// Some of the text is missing, as the remarks say.
    partial: bool,
    /// What the person should know, a sentence each.
    remarks: Vec<String>,
}

/// Reads the text of a document.
#[must_use]
pub fn read(format: Format, bytes: &[u8], limits: &Limits) -> Reading {
    read_with(format, bytes, limits, |_| ())
}

/// Reads the text of a document. Before a second engine is asked about it, the answer that is there is put `in_hand`: it
/// holds if the process ends on the second.
#[must_use]
pub fn read_with(format: Format, bytes: &[u8], limits: &Limits, mut in_hand: impl FnMut(Reading)) -> Reading {
    if bytes.is_empty() {
        return Reading::without_text(Outcome::NoText, "This file is empty (0 bytes): please send it again.");
    }
    let refuse = |outcome, detail: &str| Err(Refusal::new(outcome, detail));
    let mut tried = Vec::new();
    let found = match format {
        Format::Docx | Format::Docm => docx::read(bytes, limits, &mut tried),
        Format::Pdf => {
            let mut in_hand = |found, tried| in_hand(Reading { tried: vec![tried], ..finish(found, limits) });
            pdf::read(bytes, limits, &mut tried, &mut in_hand)
        }
        Format::Odt => attempt(|| odt::read(bytes, limits)),
        Format::Rtf => attempt(|| rtf::read(bytes, limits)),
        Format::Html => attempt(|| plain::read_html(bytes)),
        Format::Text => attempt(|| plain::read_text(bytes)),
        Format::Doc => attempt(|| doc::read(bytes, limits)),
        Format::Xlsx => refuse(
            Outcome::Unsupported,
            "This is a spreadsheet, which is not read here: please send the text as DOCX or PDF.",
        ),
        Format::Pptx => refuse(
            Outcome::Unsupported,
            "This is a presentation, which is not read here: please send the text as DOCX or PDF.",
        ),
        Format::Image => refuse(
            Outcome::NoText,
            "This is a picture; its text, if any, cannot be read: please send the text as DOCX or PDF.",
        ),
        Format::Executable => refuse(Outcome::Unsupported, "This is a program, not a document; it was not opened."),
        Format::Zip | Format::Tnef | Format::Msg | Format::Message => {
            refuse(Outcome::NotRead, "This file holds other files, which are listed and read on their own.")
        }
        Format::Smime => refuse(
            Outcome::Unsupported,
            "This is a signed or encrypted S/MIME part, which is not opened here: please send the document without it.",
        ),
        Format::Calendar => refuse(Outcome::Unsupported, "This is a calendar entry, not a document."),
        Format::Unknown => {
            refuse(Outcome::Unsupported, "The format of this file is not known: please send the text as DOCX or PDF.")
        }
    };
    let reading = match found {
        Ok(found) => finish(found, limits),
        Err(refusal) => Reading::without_text(refusal.outcome, refusal.detail),
    };
    Reading { tried, ..reading }
}

/// Opens a container. `Err` is one sentence for a person.
///
/// # Errors
/// The file is no container, is encrypted or damaged, or goes over a limit.
pub fn open(format: Format, bytes: &[u8], limits: &Limits) -> Result<Vec<Inner>, String> {
    let opened = match format {
        Format::Zip => attempt(|| archive::open(bytes, limits)),
        Format::Tnef => attempt(|| tnef::open(bytes)),
        Format::Msg => attempt(|| msg::open(bytes, limits)),
        _ => return Err("This file holds no other files that can be opened here.".to_owned()),
    };
    opened.map_err(|refusal| refusal.detail)
}

/// Runs one engine; its panic is a file it could not read.
fn attempt<T>(engine: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(engine)).unwrap_or_else(|_| {
        Err(Refusal::new(
            Outcome::Damaged,
            "This file could not be read; it may be damaged: a person must open it, or please send it again.",
        ))
    })
}

/// Cleans, counts, and judges what an engine found.
fn finish(found: Found, limits: &Limits) -> Reading {
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
