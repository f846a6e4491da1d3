//! PDF: pdf-extract's parser with an output of our own, page by page; then unpdf.
//!
//! Promises an answer for each page that either engine reads, and says which pages are missing. Scans are told from
//! failures: a page that was read and holds nothing is a page without text. Nothing is recognised in pictures.

mod chain;
mod cmap;
mod document;
mod first;
mod font;
mod form;
mod glyphs;
mod heads;
mod lexer;
mod lines;
mod objects;
mod page;
mod pages;
mod second;
mod supplied;
mod truetype;
mod unreadable;

pub(super) use self::supplied::read_supplied;
use self::{chain::pages, document::finish, form::Form, pages::Pages};
use super::{found::Found, limits::Limits, refusal::Refusal};
use crate::core::file::Tried;

/// Reads a PDF. What the first engine found, if it is text, is handed over before the second is asked.
pub(super) fn read(
    bytes: &[u8],
    limits: &Limits,
    tried: &mut Vec<Tried>,
    in_hand: &mut dyn FnMut(Found, Tried),
) -> Result<Found, Refusal> {
    let before_second = |pages: &Pages, form: &Form| {
        let remark = format!("Please check this count: {} was asked, too, and came to no end.", second::NAME);
        if pages.is_text()
            && let Ok(found) = finish(pages, form, vec![remark])
        {
            in_hand(found, Tried::new(second::NAME, "it came to no end"));
        }
    };
    let (pages, form, remarks) = pages(bytes, limits, tried, before_second)?;
    finish(&pages, &form, remarks)
}
