//! One file of a message: what it is, what it is for, and what reading it gave.
//!
//! Promises that an empty text is never passed off as read: every reading has an outcome, and whatever is not `read` has
//! a sentence for a person.

use serde::{Deserialize, Serialize};

use super::text::language::Language;

/// What the bytes are, by their content rather than by their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the formats")]
pub enum Format {
    Docx,
    Docm,
    Pdf,
    Doc,
    Odt,
    Rtf,
    Xlsx,
    Pptx,
    Msg,
    Tnef,
    Zip,
    Smime,
    Html,
    Text,
    Image,
    Calendar,
    Message,
    Executable,
    Unknown,
}

impl Format {
    /// A document that a government may send as its text.
    #[must_use]
    pub fn is_document(self) -> bool {
        matches!(self, Self::Docx | Self::Docm | Self::Pdf | Self::Doc | Self::Odt | Self::Rtf)
    }

    /// Holds other files, which are listed as files of their own.
    #[must_use]
    pub fn is_container(self) -> bool {
        matches!(self, Self::Zip | Self::Tnef | Self::Msg | Self::Message)
    }
}

/// What a file is for within its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The text of the input; its words count.
    Main,
    /// A note verbale or covering letter.
    CoverNote,
    /// Goes with the main text.
    Annex,
    /// The same text in another format (DOCX and PDF of one input).
    Rendition,
    /// A cryptographic signature.
    Signature,
    /// A picture within the text, such as a logo.
    InlineImage,
    /// Holds other files.
    Container,
    /// None of these.
    Ignored,
}

/// How far a file could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All of it.
    Read,
    /// Some pages or parts only.
    Partial,
    /// Opened, and there is no text in it: a scan.
    NoText,
    /// Needs a password.
    Encrypted,
    /// Could not be opened.
    Damaged,
    /// A format that is not read.
    Unsupported,
    /// Over a limit.
    TooLarge,
    /// Took longer than the limit.
    TimedOut,
    /// A scanner called it malicious.
    Infected,
    /// Not tried.
    NotRead,
}

impl Outcome {
    /// Letters promise that a person looks at such a file.
    #[must_use]
    pub fn is_left_to_a_person(self) -> bool {
        matches!(self, Self::Partial | Self::TooLarge | Self::TimedOut | Self::NotRead)
    }
}

/// Words by where they stand: `body` counts against a limit (body, tables, text boxes), the others stand beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsByPart {
    /// Body, tables and text boxes.
    pub body: u64,
    /// Footnotes and endnotes.
    pub notes: u64,
    /// Headers and footers.
    pub running_heads: u64,
}

/// What reading one file gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// How far it could be read.
    pub outcome: Outcome,
    /// Which engine answered, such as `docx` or `pdf-extract`.
    pub engine: Option<String>,
    /// The number of pages, where the format has pages.
    pub pages: Option<u32>,
    /// The pages, counted from 1, that were read and held no text.
    pub pages_without_text: Vec<u32>,
    /// The pages, counted from 1, that could not be read.
    #[serde(default)]
    pub pages_failed: Vec<u32>,
    /// What counts against a limit; `None` where nothing was read (never 0 for "could not read").
    pub words: Option<u64>,
    /// The words by part.
    pub words_by_part: WordsByPart,
    /// The language of the text, where it is one of the six and clear.
    pub language: Option<Language>,
    /// The text in reading order.
    pub text: String,
    /// The first lines in reading order, header parts included: where a letterhead stands.
    pub letterhead: String,
    /// One sentence for a person: what is wrong, or worth knowing.
    pub detail: Option<String>,
    /// The engines that were asked too, in their order, and why their answers were not taken.
    #[serde(default)]
    pub tried: Vec<Tried>,
}

/// An engine whose answer was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Its name.
    pub engine: String,
    /// The reason, in a few words.
    pub reason: String,
}

impl Tried {
    /// That the answer was not its, and why, for a person.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("not by {}: {}", self.engine, self.reason)
    }

    /// An engine and the reason.
    #[must_use]
    pub fn new(engine: &str, reason: impl Into<String>) -> Self {
        Self { engine: engine.to_owned(), reason: reason.into() }
    }
}

impl Reading {
    /// The pages that gave no text, read or not, in their order.
    #[must_use]
    pub fn pages_lacking(&self) -> Vec<u32> {
        let mut pages = [self.pages_without_text.as_slice(), &self.pages_failed].concat();
        pages.sort_unstable();
        pages
    }

    /// A reading without text, and the reason for it.
    #[must_use]
    pub fn without_text(outcome: Outcome, detail: impl Into<String>) -> Self {
        Self {
            outcome,
            engine: None,
            pages: None,
            pages_without_text: Vec::new(),
            pages_failed: Vec::new(),
            words: None,
            words_by_part: WordsByPart::default(),
            language: None,
            text: String::new(),
            letterhead: String::new(),
            detail: Some(detail.into()),
            tried: Vec::new(),
        }
    }

    /// Whether there is text to work with.
    #[must_use]
    pub fn has_text(&self) -> bool {
        matches!(self.outcome, Outcome::Read | Outcome::Partial) && !self.text.trim().is_empty()
    }
}

/// “page 3”, “pages 2, 5 and 7–9”.
#[must_use]
pub fn pages_in_words(pages: &[u32]) -> String {
    const MOST: usize = 12;
    let mut said = runs_of_pages(pages);
    if said.len() > MOST {
        said.truncate(MOST);
        said.push("others".to_owned());
    }
    let last = said.pop().unwrap_or_default();
    let word = if pages.len() == 1 { "page" } else { "pages" };
    if said.is_empty() { format!("{word} {last}") } else { format!("{word} {} and {last}", said.join(", ")) }
}

/// Pages, those that follow each other as one: `2`, `7–9`.
#[must_use]
pub fn runs_of_pages(pages: &[u32]) -> Vec<String> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &page in pages {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(page) => *last = page,
            _ => runs.push((page, page)),
        }
    }
    let said = |(first, last)| if first == last { format!("{first}") } else { format!("{first}–{last}") };
    runs.into_iter().map(said).collect()
}

/// A file of a message with all that was found out about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// The path in the MIME tree; a longer one for files inside containers.
    pub path: String,
    /// The name as the sender gave it, cleaned.
    pub name: Option<String>,
    /// The declared media type.
    pub media_type: String,
    /// The number of decoded bytes.
    pub size: u64,
    /// SHA-256 of the decoded bytes, in hexadecimal.
    pub sha256: String,
    /// What the bytes are.
    pub format: Format,
    /// Whether it is a picture or text shown within the body.
    pub inline: bool,
    /// What reading it gave.
    pub reading: Reading,
}

impl File {
    /// Stands for files that nobody could list, for the reason that their reading gives.
    #[must_use]
    pub fn unlisted(reading: Reading) -> Self {
        Self {
            path: "?".to_owned(),
            name: None,
            media_type: "application/octet-stream".to_owned(),
            size: 0,
            sha256: String::new(),
            format: Format::Unknown,
            inline: false,
            reading,
        }
    }

    /// Stands for files that nobody could list.
    #[must_use]
    pub fn is_unlisted(&self) -> bool {
        self.sha256.is_empty()
    }

    /// Documents may lie in it that nobody has seen.
    #[must_use]
    pub fn may_hide_documents(&self) -> bool {
        let unopened = matches!(self.reading.outcome, Outcome::TimedOut | Outcome::NotRead);
        self.is_unlisted() || self.format.is_container() && unopened
    }
}
