//! The second engine for PDF: unpdf.

use unpdf::{ErrorMode, ParseOptions};

use super::super::{Found, Limits, Refusal};
use crate::core::file::Outcome;

pub(super) fn read(bytes: &[u8], _limits: &Limits) -> Result<Found, Refusal> {
    let options = ParseOptions::new().with_error_mode(ErrorMode::Lenient).with_resources(false).sequential();
    let document =
        unpdf::parse_bytes_with_options(bytes, options).map_err(|_| Refusal::new(Outcome::Damaged, "damaged"))?;
    let mut body = String::new();
    for page in &document.pages {
        body.push_str(&page.plain_text());
        body.push('\n');
    }
    Ok(Found { engine: "unpdf", body, pages: Some(document.page_count()), ..Found::default() })
}
