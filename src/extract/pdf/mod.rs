//! PDF: pdf-extract's parser with an output of our own, page by page; then unpdf.
//!
//! Promises an answer for each page that either engine reads, and says which pages are missing. Scans are told from
//! failures: a page that was read and holds nothing is a page without text. Nothing is recognised in pictures.

mod chain;
mod cmap;
mod font;
mod form;
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
    chain::Pages,
    form::Form,
    glyphs::Glyphs,
    objects::Objects,
    page::{Fonts, Page},
};
use super::{Found, Limits, Refusal, attempt};
use crate::core::file::{Outcome, Tried, pages_in_words};

/// The name of the first engine.
const FIRST: &str = "pdf-extract";
/// From this share of characters without a meaning on, the text is of no use to anyone.
const USELESS_SHARE: f64 = 0.5;

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

/// The pages as the engines read them, the form of the document, and remarks for a person.
fn pages(
    bytes: &[u8],
    limits: &Limits,
    tried: &mut Vec<Tried>,
    before_second: impl FnOnce(&Pages, &Form),
) -> Result<(Pages, Form, Vec<String>), Refusal> {
    // Some programs write a line of their own before the header; places in the file count from one or the other.
    let header = bytes.windows(5).take(1024).position(|w| w == b"%PDF-").unwrap_or(0);
    let whole = attempt(|| first(bytes, limits));
    let damaged = whole.as_ref().is_err_and(|refusal| refusal.outcome == Outcome::Damaged);
    let (bytes, first) = if damaged && header > 0 {
        (&bytes[header..], attempt(|| first(&bytes[header..], limits)))
    } else {
        (bytes, whole)
    };
    let first = match first {
        Err(refusal) if matches!(refusal.outcome, Outcome::Encrypted | Outcome::TooLarge) => return Err(refusal),
        first => first,
    };
    let (form, first) = match first {
        Ok((pages, form)) => (form, Ok(pages)),
        Err(refusal) => (Form::default(), Err(refusal)),
    };
    let second = |first: Option<&Pages>| {
        if let Some(first) = first {
            before_second(first, &form);
        }
        attempt(|| second::read(bytes, limits))
    };
    let (pages, remarks) = chain::answer(first, second, tried)?;
    Ok((pages, form, remarks))
}

fn finish(pages: &Pages, form: &Form, remarks: Vec<String>) -> Result<Found, Refusal> {
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
    let mut found = Found { engine: pages.engine, remarks, ..Found::default() };
    found.pages = u32::try_from(count).ok();
    for (number, text) in (1u32..).zip(&pages.texts) {
        match text {
            None => found.pages_failed.push(number),
            Some(text) if text.trim().is_empty() => found.pages_without_text.push(number),
            Some(text) => found.body.push_str(text),
        }
        found.body.push('\n');
    }
    let texts: Vec<&str> = pages.texts.iter().flatten().map(String::as_str).collect();
    found.repeated = heads::repeated(&texts);
    if lost + pages.beyond > 0 {
        found.partial = true;
        let read = count - lost - pages.beyond;
        let which = match found.pages_failed.as_slice() {
            [] => String::new(),
            failed => format!(" (not {})", pages_in_words(failed)),
        };
        found.remarks.push(format!("{read} of {count} pages could be read{which}: a person must look at the others."));
    }
    if !found.pages_without_text.is_empty() && length > 0 {
        let empty = found.pages_without_text.len();
        let which = pages_in_words(&found.pages_without_text);
        found.remarks.push(format!("{empty} of {count} pages hold no text (they may be pictures): {which}."));
    }
    if bad >= chain::BAD_SHARE {
        found.partial = true;
        found
            .remarks
            .push("A part of the text has no Unicode mapping and is missing: please send the DOCX.".to_owned());
    }
    form.add_to(&mut found);
    Ok(found)
}

fn damaged() -> Refusal {
    Refusal::new(Outcome::Damaged, "This PDF is damaged and could not be read: please send it again, or the DOCX.")
}

fn encrypted() -> Refusal {
    Refusal::new(Outcome::Encrypted, "This PDF needs a password: please send it without one.")
}

/// The first engine: the pages, and what the document's form holds beside them.
fn first(bytes: &[u8], limits: &Limits) -> Result<(Pages, Form), Refusal> {
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
    Ok((Pages { engine: FIRST, texts, beyond }, Form::read(&objects)))
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
