//! PDF: pdf-extract's parser with an output of our own, page by page; then unpdf.
//!
//! Promises an answer for each page that either engine reads, and says which pages are missing. Scans are told from
//! failures: a page that was read and holds nothing is a page without text. Nothing is recognised in pictures.

mod cmap;
mod font;
mod glyphs;
mod heads;
mod lexer;
mod lines;
mod objects;
mod page;
mod second;
mod supplied;
mod truetype;

use pdf_extract::{Document, ObjectId, output_doc_page};

pub(super) use self::supplied::read_supplied;
use self::{
    glyphs::Glyphs,
    objects::Objects,
    page::{Fonts, Page},
};
use super::{Found, Limits, Refusal, attempt};
use crate::core::file::Outcome;

/// From this share of characters without a meaning, the second engine is asked.
const BAD_SHARE: f64 = 0.05;
/// From this share on, the text is of no use to anyone.
const USELESS_SHARE: f64 = 0.5;

/// The pages of a document as one engine read them.
struct Pages {
    engine: &'static str,
    /// `None` for a page that could not be read.
    texts: Vec<Option<String>>,
    /// Pages beyond the limit, which were not tried.
    beyond: usize,
}

impl Pages {
    fn lost(&self) -> usize {
        self.texts.iter().filter(|t| t.is_none()).count()
    }

    fn length(&self) -> usize {
        self.texts.iter().flatten().map(|t| t.trim().len()).sum()
    }

    /// The share of visible characters that mean nothing.
    fn bad_share(&self) -> f64 {
        let mut all = 0u32;
        let mut bad = 0u32;
        for c in self.texts.iter().flatten().flat_map(|t| t.chars()).filter(|c| !c.is_whitespace()) {
            all += 1;
            bad += u32::from(is_meaningless(c));
        }
        f64::from(bad) / f64::from(all.max(1))
    }
}

/// The replacement character, and the private area where fonts without Unicode put their glyphs.
fn is_meaningless(c: char) -> bool {
    c == char::REPLACEMENT_CHARACTER || matches!(u32::from(c), 0xE000..=0xF8FF)
}

/// Reads a PDF.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found, Refusal> {
    finish(&pages(bytes, limits)?)
}

fn pages(bytes: &[u8], limits: &Limits) -> Result<Pages, Refusal> {
    // Some programs write a line of their own before the header; places in the file count from one or the other.
    let header = bytes.windows(5).take(1024).position(|w| w == b"%PDF-").unwrap_or(0);
    let whole = attempt(|| first(bytes, limits));
    let damaged = whole.as_ref().is_err_and(|refusal| refusal.outcome == Outcome::Damaged);
    let (bytes, first) = if damaged && header > 0 {
        (&bytes[header..], attempt(|| first(&bytes[header..], limits)))
    } else {
        (bytes, whole)
    };
    if let Err(refusal) = &first
        && matches!(refusal.outcome, Outcome::Encrypted | Outcome::TooLarge)
    {
        return Err(refusal.clone());
    }
    let content = first.as_ref().is_ok_and(|p| p.lost() == 0 && p.length() > 0 && p.bad_share() < BAD_SHARE);
    if content { first } else { better(first, attempt(|| second::read(bytes, limits))) }
}

/// The better of two readings, the first where they are as good; lost pages are taken from the second.
fn better(first: Result<Pages, Refusal>, second: Result<Pages, Refusal>) -> Result<Pages, Refusal> {
    let (mut first, mut second) = match (first, second) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(_), Ok(second)) => return Ok(second),
        (first, Err(_)) => return first,
    };
    if first.length() == 0 || first.bad_share() >= BAD_SHARE {
        let improves = second.length() > 0 && (first.length() == 0 || second.bad_share() < first.bad_share());
        return Ok(if improves { second } else { first });
    }
    if first.texts.len() == second.texts.len() {
        for (mine, other) in first.texts.iter_mut().zip(&mut second.texts) {
            if mine.is_none() {
                *mine = other.take();
            }
        }
    }
    Ok(first)
}

fn finish(pages: &Pages) -> Result<Found, Refusal> {
    let count = pages.texts.len() + pages.beyond;
    let (lost, length, bad) = (pages.lost(), pages.length(), pages.bad_share());
    if lost == pages.texts.len() && lost > 0 {
        return Err(damaged());
    }
    if bad >= USELESS_SHARE && length > 0 {
        return Err(Refusal::new(
            Outcome::NoText,
            "The text of this PDF has no Unicode mapping, so it can be seen but not read: please send the DOCX.",
        ));
    }
    let mut found = Found { engine: pages.engine, ..Found::default() };
    found.pages = u32::try_from(count).ok();
    for (number, text) in (1u32..).zip(&pages.texts) {
        let text = text.as_deref().unwrap_or_default();
        if text.trim().is_empty() {
            found.pages_without_text.push(number);
        }
        found.body.push_str(text);
        found.body.push('\n');
    }
    let texts: Vec<&str> = pages.texts.iter().flatten().map(String::as_str).collect();
    found.repeated = heads::repeated(&texts);
    if lost + pages.beyond > 0 {
        found.partial = true;
        let read = count - lost - pages.beyond;
        found.remarks.push(format!("{read} of {count} pages could be read: a person must look at the others."));
    }
    let empty = found.pages_without_text.len() - lost.min(found.pages_without_text.len());
    if empty > 0 && length > 0 {
        found.remarks.push(format!("{empty} of {count} pages hold no text (they may be pictures)."));
    }
    if bad >= BAD_SHARE {
        found.partial = true;
        found
            .remarks
            .push("A part of the text has no Unicode mapping and is missing: please send the DOCX.".to_owned());
    }
    Ok(found)
}

fn damaged() -> Refusal {
    Refusal::new(Outcome::Damaged, "This PDF is damaged and could not be read: please send it again, or the DOCX.")
}

fn encrypted() -> Refusal {
    Refusal::new(Outcome::Encrypted, "This PDF needs a password: please send it without one.")
}

/// The first engine.
fn first(bytes: &[u8], limits: &Limits) -> Result<Pages, Refusal> {
    // The parser tries the empty password by itself.
    let document = Document::load_mem(bytes).map_err(|error| match error {
        pdf_extract::Error::InvalidPassword | pdf_extract::Error::Decryption(_) => encrypted(),
        _ => damaged(),
    })?;
    if document.is_encrypted() {
        return Err(encrypted());
    }
    let ids = page_ids(&document);
    if ids.is_empty() {
        return Err(damaged());
    }
    let objects = Objects::new(&document, limits);
    let most = usize::try_from(limits.pages).unwrap_or(usize::MAX);
    let mut texts = Vec::new();
    let mut length = 0;
    for id in ids.iter().take(most) {
        let text = attempt(|| read_page(&objects, *id)).ok();
        if objects.exceeded.get() {
            return Err(Refusal::new(
                Outcome::TooLarge,
                "This PDF unpacks to more than is safe to read: a person must look at it.",
            ));
        }
        length += text.as_ref().map_or(0, String::len);
        texts.push(text);
        if length > limits.text_bytes {
            break;
        }
    }
    let beyond = ids.len() - texts.len();
    Ok(Pages { engine: "pdf-extract", texts, beyond })
}

/// The pages in their order; where the tree is broken, in the order of their numbers.
fn page_ids(document: &Document) -> Vec<ObjectId> {
    let ids: Vec<ObjectId> = document.page_iter().collect();
    if !ids.is_empty() {
        return ids;
    }
    let pages = document.objects.iter().filter(|(_, object)| object.as_dict().is_ok_and(|d| d.has_type(b"Page")));
    pages.map(|(id, _)| *id).collect()
}

fn read_page(objects: &Objects<'_>, id: ObjectId) -> Result<String, Refusal> {
    let mut fonts = Fonts::new();
    page::read_fonts(objects, id, &mut fonts);
    let page = Page::rewrite(objects, id, &fonts).ok_or_else(damaged)?;
    if page.is_empty() {
        return Ok(String::new());
    }
    let draw = |with_programs| {
        let mut glyphs = Glyphs::new(page.edges);
        output_doc_page(&page.document(with_programs), &mut glyphs, 1).map_err(|_| damaged())?;
        Ok(glyphs.drawn)
    };
    // The parser panics on some font programs; without them it knows a little less.
    let glyphs = attempt(|| draw(true)).or_else(|_| attempt(|| draw(false)))?;
    Ok(lines::text(glyphs))
}
