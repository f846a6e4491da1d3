//! The second engine for PDF: unpdf, which repairs damaged files and knows more fonts.
//!
//! Promises its pages as they are; it has no limits of its own beyond those of the process.

use unpdf::{ErrorKind, ErrorMode, PageSelection, ParseOptions};

use super::{
    pages::Pages,
    unreadable::{damaged, encrypted},
};
use crate::extract::{limits::Limits, refusal::Refusal};

/// The name of this engine.
pub(super) const NAME: &str = "unpdf";

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Pages, Refusal> {
    let options = ParseOptions::new()
        .with_error_mode(ErrorMode::Lenient)
        .with_resources(false)
        .with_pages(PageSelection::Range(1..=limits.pages))
        .sequential();
    let document = unpdf::parse_bytes_with_options(bytes, options).map_err(|error| match error.kind() {
        ErrorKind::Encrypted => encrypted(),
        _ => damaged(),
    })?;
    let texts: Vec<Option<String>> = document.pages.iter().map(|page| Some(page.plain_text())).collect();
    let beyond = usize::try_from(document.metadata.page_count).unwrap_or(0).saturating_sub(texts.len());
    Ok(Pages::of_texts(NAME, texts, beyond))
}
