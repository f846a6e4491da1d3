//! The first engine for PDF: pdf-extract's parser with an output of our own, page by page.
//!
//! Promises that a page which cannot be read costs no other page, and that a document which unpacks to more than is safe is
//! refused as a whole.

use pdf_extract::{Document, ObjectId, output_doc_page};

use super::{
    form::Form,
    glyphs::Glyphs,
    lines,
    objects::Objects,
    page::{self, Fonts, Page},
    pages::Pages,
    unreadable::{damaged, encrypted},
};
use crate::{
    core::file::Outcome,
    extract::{
        limits::Limits,
        refusal::{Refusal, attempt},
    },
};

/// The name of this engine.
pub(super) const NAME: &str = "pdf-extract";

/// The pages, and what the document's form holds beside them.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<(Pages, Form), Refusal> {
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
    let mut pictures = Vec::new();
    let mut length = 0;
    for (number, id) in (1..).zip(ids.iter().take(most)) {
        let read = attempt(|| read_page(&objects, *id)).ok();
        pictures.extend(read.as_ref().filter(|(_, shows_a_picture)| *shows_a_picture).map(|_| number));
        let text = read.map(|(text, _)| text);
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
    Ok((Pages { engine: NAME, texts, pictures, beyond }, Form::read(&objects)))
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

/// The text of a page, and whether it shows a picture.
fn read_page(objects: &Objects<'_>, id: ObjectId) -> Result<(String, bool), Refusal> {
    let mut fonts = Fonts::new();
    page::read_fonts(objects, id, &mut fonts);
    let page = Page::rewrite(objects, id, &fonts).ok_or_else(damaged)?;
    if page.is_empty() {
        return Ok((String::new(), page.shows_a_picture));
    }
    let draw = |with_programs| {
        let mut glyphs = Glyphs::new(page.edges);
        output_doc_page(&page.document(with_programs), &mut glyphs, 1).map_err(|_| damaged())?;
        Ok(glyphs.drawn)
    };
    // The parser panics on some font programs; without them it knows a little less.
    let glyphs = attempt(|| draw(true)).or_else(|_| attempt(|| draw(false)))?;
    Ok((lines::text(glyphs), page.shows_a_picture))
}
