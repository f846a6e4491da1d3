//! Pages as a program outside read them, put where our own readers found nothing.
//!
//! Promises that a person is told which pages were recognised in pictures, how surely, and that their words are to be
//! checked: such a count is never passed off as certain.

use super::{
    found::{Found, finish},
    limits::Limits,
    pdf,
    refusal::Refusal,
    supplied::{Engine, Supplied},
};
use crate::core::file::{Format, Reading};

/// Reads a document with the help of pages that are there already.
#[must_use]
pub fn read_supplied(format: Format, bytes: &[u8], limits: &Limits, supplied: Supplied) -> Reading {
    let (engine, confidence) = (supplied.engine, supplied.confidence);
    let read = match format {
        Format::Pdf => pdf::read_supplied(bytes, limits, supplied),
        _ => Ok(picture(&supplied)),
    };
    match read {
        Ok((mut found, recognised)) => {
            if engine == Engine::Tesseract && !recognised.is_empty() {
                found.partial |= !found.pages_without_text.is_empty();
                found.remarks.push(remark(&recognised, found.pages, confidence));
            }
            finish(found, limits)
        }
        Err(Refusal { outcome, detail }) => Reading::without_text(outcome, detail),
    }
}

/// What was recognised in a picture that came as a file, as its only page.
fn picture(supplied: &Supplied) -> (Found, Vec<u32>) {
    let found =
        Found { engine: supplied.engine.name(), body: supplied.pages.concat(), pages: Some(1), ..Found::default() };
    (found, vec![1])
}

/// Numbers that a sentence can hold.
const NAMED: usize = 12;

fn remark(recognised: &[u32], pages: Option<u32>, confidence: Option<u32>) -> String {
    let all = pages.and_then(|pages| usize::try_from(pages).ok()) == Some(recognised.len());
    let numbers = recognised.iter().take(NAMED).map(u32::to_string).collect::<Vec<_>>().join(", ");
    let more = if recognised.len() > NAMED { " and others" } else { "" };
    let which = match recognised {
        _ if all => "This text was".to_owned(),
        [_] => format!("Page {numbers} was"),
        _ => format!("Pages {numbers}{more} were"),
    };
    let confidence = confidence.map(|sure| format!(", confidence {sure} %")).unwrap_or_default();
    format!("{which} read by OCR{confidence}: please check the text, and this count of words.")
}
