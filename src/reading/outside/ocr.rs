//! Recognising text on pages that are pictures: pdftoppm makes the picture of a page, tesseract reads it.
//!
//! What was recognised is never passed off as read: it goes with its confidence, and a page of which tesseract was not sure
//! stays a page without text, so that no state is named by a misread letterhead.

use std::time::Duration;

use tokio::time::Instant;

use super::tsv::{self, Recognised};
use crate::{
    config::ReadingConfig,
    extract::{Engine, Supplied},
    sandbox::{Failed, Program},
};

/// Pages of a PDF that are asked for; our own readers read no more.
pub(super) const MOST_PAGES: u32 = 2000;
/// The longer side of the picture of a page, which is A4 at 300 dots an inch.
const SIDE: &str = "3508";
/// The largest picture of a page, in one byte a dot, with its header.
const MOST_PICTURE: usize = 3508 * 3508 + 4096;
const MOST_TABLE: usize = 16 << 20;
/// Below this average confidence, in hundredths, nothing that was recognised counts. Measured: the right language gives 90
/// and more, a wrong script 52 and less.
const SURE: f64 = 70.0;

/// The two programs.
#[derive(Clone, Debug)]
pub(super) struct Ocr {
    pub(super) pictures: Option<Program>,
    pub(super) words: Program,
    languages: String,
    pages: usize,
    time_per_page: Duration,
}

impl Ocr {
    pub(super) fn new(pictures: Option<Program>, words: Program, limits: &ReadingConfig) -> Self {
        let pages = usize::try_from(limits.ocr_pages).unwrap_or(usize::MAX);
        let (languages, time_per_page) = (limits.ocr_languages.join("+"), limits.time_per_file);
        Self { pictures, words, languages, pages, time_per_page }
    }

    /// Recognises pages of a PDF, as many as the limits allow: those that are named, or all where nobody knows how many
    /// there are.
    pub(super) async fn pdf(&self, pdf: &[u8], pages: Option<(u32, &[u32])>, until: Instant) -> Option<Supplied> {
        let pictures = self.pictures.as_ref()?;
        let (count, named) = pages.unwrap_or((0, &[]));
        // A reader that was taken over may say any number.
        let mut texts = vec![String::new(); usize::try_from(count.min(MOST_PAGES)).ok()?];
        let mut sum = Recognised::default();
        let mut cut = false;
        let last = if pages.is_some() { 0 } else { MOST_PAGES };
        let named = named.iter().copied().filter(|number| (1..=MOST_PAGES).contains(number));
        for (tried, number) in named.chain(1..=last).enumerate() {
            if tried == self.pages {
                cut = pages.is_none();
                break;
            }
            let one = number.to_string();
            // One page that never ends must not take the time of all.
            let until = until.min(Instant::now() + self.time_per_page);
            let arguments = ["-gray", "-scale-to", SIDE, "-f", &one, "-l", &one, "-"];
            let page = match pictures.run(&arguments, pdf, MOST_PICTURE, until).await {
                Ok(picture) => self.page(&picture, until).await,
                Err(error) => Err(error),
            };
            let page = match page {
                Ok(page) => page,
                // A page that cannot be drawn; where nobody knows how many there are, the one after the last.
                Err(Failed::Ended(_) | Failed::TooMuch) if pages.is_some() => continue,
                Err(Failed::Ended(_) | Failed::TooMuch) => break,
                Err(error) => {
                    tracing::warn!("not all pages could be tried for text: {error}");
                    cut = pages.is_none();
                    break;
                }
            };
            let place = usize::try_from(number).ok()?.checked_sub(1)?;
            if texts.len() <= place {
                texts.resize(place + 1, String::new());
            }
            if page.confidence() >= SURE {
                sum.add(&page);
                texts[place] = page.text;
            }
        }
        supplied(texts, &sum, cut)
    }

    /// Recognises a picture that came as a file.
    pub(super) async fn picture(&self, picture: &[u8], until: Instant) -> Option<Supplied> {
        let until = until.min(Instant::now() + self.time_per_page);
        let page = self.page(picture, until).await.ok().filter(|page| page.confidence() >= SURE)?;
        supplied(vec![page.text.clone()], &page, false)
    }

    async fn page(&self, picture: &[u8], until: Instant) -> Result<Recognised, Failed> {
        let arguments = ["stdin", "stdout", "-l", &self.languages, "tsv"];
        let table = self.words.run(&arguments, picture, MOST_TABLE, until).await?;
        Ok(tsv::read(&String::from_utf8_lossy(&table)))
    }
}

fn supplied(texts: Vec<String>, sum: &Recognised, cut: bool) -> Option<Supplied> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hundredths, from 0 to 100")]
    let confidence = sum.confidence().round() as u32;
    let supplied = Supplied { cut, confidence: Some(confidence), ..Supplied::new(Engine::Tesseract, texts) };
    (!supplied.is_empty()).then_some(supplied)
}
