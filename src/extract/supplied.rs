//! Pages of a document that a program outside read, as they are handed to our own readers.

use serde::{Deserialize, Serialize};

/// Who read the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Engine {
    /// The text that a PDF holds.
    Pdftotext,
    /// What was recognised in pictures of pages.
    Tesseract,
}

/// The pages of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplied {
    /// Who read them.
    pub engine: Engine,
    /// The text of each page, in their order; empty where there is none.
    pub pages: Vec<String>,
    /// Our own readers do not read this document: they ended on it, or it is none of theirs.
    pub alone: bool,
    /// There are more pages, which were not tried.
    pub cut: bool,
    /// How sure the words are on average, in hundredths, where they were recognised.
    pub confidence: Option<u32>,
}

impl Engine {
    /// Its name, as it stands in a reading.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdftotext => "pdftotext",
            Self::Tesseract => "tesseract",
        }
    }
}

impl Supplied {
    /// Pages by an engine.
    #[must_use]
    pub fn new(engine: Engine, pages: Vec<String>) -> Self {
        Self { engine, pages, alone: false, cut: false, confidence: None }
    }

    /// Whether there is nothing in them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.iter().all(|page| page.trim().is_empty())
    }
}
